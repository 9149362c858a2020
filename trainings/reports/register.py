"""The register of issued papers (buku register), as rows for the screen and as a report for paper and spreadsheet."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ikm_program.formatting import jumlah
from ikm_program.papers import Standing
from ikm_program.reporting import Column, Report
from trainings.models import IssuedDocument

REGISTER_COLUMNS = (
    Column(key="number", label=gettext_lazy("Number"), width=4),
    Column(key="on", label=gettext_lazy("Date"), kind="date", width=3),
    Column(key="kind", label=gettext_lazy("Kind"), width=3),
    Column(key="giver", label=gettext_lazy("First party"), width=4),
    Column(key="receiver", label=gettext_lazy("Second party"), width=4),
    Column(key="matter", label=gettext_lazy("Matter"), width=4),
    Column(key="status", label=gettext_lazy("Status"), width=3),
    Column(key="remark", label=gettext_lazy("Remarks"), width=4),
)


def register_report(documents: Iterable[IssuedDocument], *, period: str, heads: Iterable[IssuedDocument] = ()) -> Report:
    """The register as it is printed and downloaded; `heads` are the last papers of the registers in it."""
    rows = [register_row(document) for document in documents]
    return Report(
        title=gettext_lazy("Register of papers"),
        subtitle=period,
        columns=REGISTER_COLUMNS,
        rows=rows,
        notes=[
            _("%(count)s documents. A cancelled number stays in the register and is never used again.") % {"count": jumlah(len(rows))},
            *(head_of(document) for document in heads),
        ],
    )


def head_of(document: IssuedDocument) -> str:
    """On paper it is out of reach of whoever changes the register: the hash vouches for every paper before it."""
    words = _("Head of the register %(kind)s · %(office)s · %(year)s: place %(place)s, number %(number)s, fingerprint %(hash)s")
    facts = {"kind": document.get_kind_display(), "office": document.office, "year": document.year, "place": document.sequence}
    return words % {**facts, "number": document.number, "hash": document.sha256}


def register_row(document: IssuedDocument) -> dict[str, Any]:
    standing = document.standing
    return {
        "number": document.number,
        "on": document.document_on,
        "kind": document.get_kind_display(),
        "giver": document.first_party,
        "receiver": document.second_party,
        "matter": document.matter,
        "status": str(standing.word),
        "remark": remark_on(standing),
    }


def remark_on(standing: Standing) -> str:
    """Which paper made it void, which stands in its place, which one it makes void or amends."""
    said = (
        (_("Makes %(number)s void."), standing.makes_void),
        (_("Cancelled by %(number)s."), standing.voided_by),
        (_("Replaced by %(number)s."), standing.replaced_by),
        (_("Amends %(number)s."), standing.amends),
        *((_("Amended by %(number)s."), addendum) for addendum in standing.amended_by),
    )
    return " ".join(words % {"number": other.number} for words, other in said if other is not None)
