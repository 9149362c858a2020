"""The register of issued papers (buku register), as rows for the screen and as a report for paper and spreadsheet."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from distribution.models import IssuedDocument
from distribution.reports.papers import goods_of
from ikm_program.formatting import jumlah
from ikm_program.reporting import Column, Report

REGISTER_COLUMNS = (
    Column(key="number", label=gettext_lazy("Number"), width=4),
    Column(key="on", label=gettext_lazy("Date"), kind="date", width=3),
    Column(key="giver", label=gettext_lazy("First party"), width=4),
    Column(key="receiver", label=gettext_lazy("Second party"), width=4),
    Column(key="goods", label=gettext_lazy("Goods"), width=4),
    Column(key="status", label=gettext_lazy("Status"), width=3),
    Column(key="remark", label=gettext_lazy("Remarks"), width=4),
)


def register_report(documents: Iterable[IssuedDocument], *, period: str) -> Report:
    """The register as it is printed and downloaded."""
    rows = [register_row(document) for document in documents]
    return Report(
        title=gettext_lazy("Register of handover papers"),
        subtitle=period,
        columns=REGISTER_COLUMNS,
        rows=rows,
        notes=[_("%(count)s documents. A cancelled number stays in the register and is never used again.") % {"count": jumlah(len(rows))}],
    )


def register_row(document: IssuedDocument) -> dict[str, Any]:
    snapshot = document.snapshot
    second = snapshot["second_party"]
    return {
        "number": document.number,
        "on": document.document_on,
        "giver": snapshot["first_party"]["organisation"],
        "receiver": second["organisation"] if second else "",
        "goods": goods_of(snapshot),
        "status": status_word(document),
        "remark": remark_on(document),
    }


def status_word(document: IssuedDocument) -> str:
    if document.cancellation is not None:
        return _("Issued")
    return str(document.subject.get_status_display())


def remark_on(document: IssuedDocument) -> str:
    """Which paper made it void, which stands in its place, which one it makes void."""
    if document.cancellation is not None:
        return _("Makes %(number)s void.") % {"number": document.snapshot["cancels"]["number"]}
    parts = []
    if document.cancelled_by is not None:
        parts.append(_("Cancelled by %(number)s.") % {"number": document.cancelled_by.number})
    if document.replaced_by is not None:
        parts.append(_("Replaced by %(number)s.") % {"number": document.replaced_by.number})
    return " ".join(parts)
