"""The records behind one figure: a line for each with what it contributes, and their sum, which is the figure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from ikm_program.formatting import jumlah
from ikm_program.reporting import Column, Kind, Report, Text

TITLE = gettext_lazy("Records behind a figure")
RECORD = gettext_lazy("Report or document")
NOT_SHOWN = gettext_lazy("record of another office")


@dataclass(frozen=True, kw_only=True)
class Contribution:
    """`record` is None where the person who asks may not open it."""

    record: str | None
    quantity: int | Decimal
    detail: str = ""
    on: dt.date | None = None
    url: str = ""


def records_report(
    title: Text,
    lines: Sequence[Contribution],
    *,
    subtitle: Text = "",
    as_of: dt.date | None = None,
    what: Text = RECORD,
    unit: Text = "",
    kind: Kind = "integer",
    is_count: bool = False,
    notes: Sequence[Text] = (),
) -> Report:
    """`what` the lines are, as a heading; `is_count`: the figure says how many they are, each counts one."""
    columns = [
        Column(key="on", label=gettext_lazy("Date"), kind="date", width=2),
        Column(key="record", label=what, unknown=NOT_SHOWN, width=4),
        Column(key="detail", label=gettext_lazy("Description"), width=4),
        Column(key="quantity", label=gettext_lazy("Quantity"), kind=kind, unit=unit or None, width=2),
    ]
    without = {name for name in ("on", "detail") if not any(getattr(line, name) for line in lines)} | ({"quantity"} if is_count else set())
    rows: list[dict[str, Any]] = [
        {"on": line.on, "record": line.record, "detail": line.detail, "quantity": line.quantity, "url": line.url} for line in lines
    ]
    count = ngettext("%(n)s record", "%(n)s records", len(lines)) % {"n": jumlah(len(lines))}
    in_all = _("Total")
    total = {"record": f"{in_all} · {count}", "quantity": sum(line.quantity for line in lines)}
    return Report(
        title=title,
        subtitle=subtitle,
        as_of=as_of,
        columns=[column for column in columns if column.key not in without],
        rows=rows,
        totals=[total] if lines else [],
        notes=notes,
        link=lambda row, column: str(row.get("url", "")) if column.key == "record" else "",
    )


NOTHING_ASKED = Report(
    title=TITLE,
    columns=[Column(key="record", label=RECORD)],
    rows=[],
    notes=[gettext_lazy("Open this page from a figure of a report.")],
)
