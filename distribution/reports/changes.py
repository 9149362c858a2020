"""What changed between two days: the reconciliation of one beside that of the other, only where they differ."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from distribution.reports.reconciliation import FIGURES, LABELS, Reconciliation, Row, reconcile
from ikm_program.comparing import BLANK_DIFFERENCE
from ikm_program.formatting import tanggal_layar
from ikm_program.reporting import Column, Report
from trainings.models import Programme

Names = dict[str, Any]  # and keys, where the records themselves were read
Figures = Mapping[str, Any]
NOTHING: Figures = dict.fromkeys(FIGURES)
CODES = {"product": "product", "district": "district", "product_code": "product", "district_code": "district"}
COUNTED = tuple(name for name in FIGURES if name != "handed_over")  # acknowledged and awaiting say it


def changes(viewer: Any, programme: Programme, first: dt.date, second: dt.date, *, printed_on: dt.date | None = None) -> Report:
    """`printed_on`: the first sheet is the one that was printed then, with what was known on that day."""
    before = reconcile(viewer, as_of=first, known_on=printed_on, programmes=[programme])
    after = reconcile(viewer, as_of=second, programmes=[programme])
    targets = before.targets | after.targets
    rows = [row | {"target_id": targets.get((programme.pk, row["product_id"]))} for row in differing(before, after)]
    notes = [_("Only figures that differ are listed. Handed over = acknowledged + awaiting acknowledgement.")]
    if printed_on:
        notes.append(_("The first figures are those known on %(day)s.") % {"day": tanggal_layar(printed_on)})
    notes.insert(*(1, BLANK_DIFFERENCE) if rows else (0, _("Nothing has changed.")))
    return Report(
        title=gettext_lazy("Figures that changed"),
        subtitle=str(programme),
        as_of=second,
        columns=[
            Column(key="product", label=gettext_lazy("Product"), width=3),
            Column(key="district", label=gettext_lazy("District of origin"), width=4),
            Column(key="figure", label=gettext_lazy("Figure"), width=4),
            Column(key="before", label=tanggal_layar(first), kind="integer", unknown=gettext_lazy("not known"), width=2),
            Column(key="after", label=tanggal_layar(second), kind="integer", unknown=gettext_lazy("not known"), width=2),
            Column(key="difference", label=gettext_lazy("Difference"), kind="integer", unknown="", width=2, is_signed=True),
        ],
        rows=rows,
        totals=_totals(before, after) if rows else [],
        notes=notes,
        facts={"from": first, "to": second, "printed_on": printed_on},
    )


def differing(before: Reconciliation, after: Reconciliation) -> list[dict[str, Any]]:
    """One row a figure of a cell that is not what it was."""
    return _differing([(_named(row), row.figures) for row in before.rows], after)


def moved_since(frozen_rows: Iterable[Mapping[str, Any]], now: Reconciliation) -> list[dict[str, Any]]:
    """The same against rows that a report froze (see `rows_as_json`); what is no longer on the sheet is named by its codes."""
    named = [({key: str(row[name]) for key, name in CODES.items()}, row) for row in frozen_rows]
    return _differing(named, now)


def _differing(before: Iterable[tuple[Names, Figures]], after: Reconciliation) -> list[dict[str, Any]]:
    was = {(names["product_code"], names["district_code"]): (names, figures) for names, figures in before}
    found = []
    for row in after.rows:
        names = _named(row)
        _old, earlier = was.pop((names["product_code"], names["district_code"]), (names, NOTHING))
        found += _of_cell(names, earlier, row.figures)
    for names, figures in was.values():  # stood on the first sheet and stands on the second no more
        found += _of_cell(names, figures, NOTHING)
    return found


def _named(row: Row) -> Names:
    return {
        "product": row.product.short_name, "district": row.region.short_name,
        "product_code": row.product.code, "district_code": row.region.kemendagri_code,
        "product_id": row.product.pk, "region_id": row.region.pk,
    }  # fmt: skip


def _of_cell(names: Names, before: Figures, after: Figures) -> list[dict[str, Any]]:
    return [
        {
            **names,
            "name": name,
            "figure": str(LABELS[name]),
            "before": before[name],
            "after": after[name],
            "difference": _difference(before[name], after[name]),
        }
        for name in COUNTED
        if (before[name] or 0) != (after[name] or 0) or (name == "reported" and (before[name] is None) != (after[name] is None))
    ]


def _totals(before: Reconciliation, after: Reconciliation) -> list[dict[str, Any]]:
    names = {row.product.code: row.product for row in after.rows}
    rows = []
    for code, sums in after.totals.items():
        earlier = before.totals.get(code, dict.fromkeys(FIGURES))
        for name in ("verified", "handed_over"):
            if (earlier[name] or 0) != (sums[name] or 0):
                rows.append(
                    {
                        "product": f"{names[code].short_name} ({names[code].unit})",
                        "district": str(_("Total")),
                        "product_id": names[code].pk,
                        "name": name,
                        "figure": str(LABELS[name]),
                        "before": earlier[name],
                        "after": sums[name],
                        "difference": _difference(earlier[name], sums[name]),
                    }
                )
    return rows


def _difference(before: int | None, after: int | None) -> int | None:
    """Unknown on one of the days has no difference."""
    return None if before is None or after is None else after - before
