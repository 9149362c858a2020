"""The reconciliation: for every product and district of origin, where every reported piece is, and that nothing is missing.

reported = pending + verified + rejected; verified = stock + in evaluation + in transit + handed over + written off;
handed over = acknowledged + awaiting acknowledgement. All of it summed from the two ledgers, as of a day by when it happened
and, if asked, by what was known on a day.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ikm_program.formatting import jumlah, tanggal_layar
from ikm_program.reporting import Column, Report
from production import day_sums
from production.models import (
    IN_STORE,
    Account,
    ActivityProduct,
    Product,
    ProductTarget,
    ReportDay,
    ReportMovement,
    StockDay,
    StockMovement,
)
from production.standing_targets import StandingTarget, standing_targets
from trainings.models import Programme, Region

CellKey = tuple[int, int, int]  # programme, product, region
CELL = ("programme", "product", "region")
FIGURES = (
    "target",
    "reported",
    "pending",
    "rejected",
    "verified",
    "stock",
    "in_evaluation",
    "in_transit",
    "handed_over",
    "acknowledged",
    "awaiting",
    "written_off",
    "returned",
)
COMPUTED = FIGURES[1:]
WHERE = ("handed_over", "in_evaluation", "in_transit", "written_off", "stock")  # verified is their sum
ACCOUNTS = {
    **dict.fromkeys(IN_STORE, "stock"),  # what a gate still holds lies in the store as well
    Account.EVALUATION: "in_evaluation",
    Account.TRANSIT: "in_transit",
    Account.AWAITING: "awaiting",
    Account.ACKNOWLEDGED: "acknowledged",
    Account.WRITTEN_OFF: "written_off",
}


@dataclass
class Row:
    """One product of one district in one programme. None is "not known": nobody set a target, nobody reported."""

    programme: Programme
    product: Product
    region: Region
    has_reported: bool = False
    figures: dict[str, int | None] = field(default_factory=lambda: dict.fromkeys(FIGURES))

    def __getitem__(self, name: str) -> int | None:
        return self.figures[name]

    def differences(self) -> list[str]:
        """The equations that do not hold, in words; empty when everything balances."""
        if not self.has_reported and not any(self.figures[name] for name in COMPUTED):
            return []
        figure = {name: self.figures[name] or 0 for name in COMPUTED}
        found = []
        for total, parts in (("reported", ("pending", "verified", "rejected")), ("verified", WHERE)):
            rest = figure[total] - sum(figure[part] for part in parts)
            if rest:
                found.append(
                    _("%(product)s %(region)s: %(total)s differs from its parts by %(rest)s.")
                    % {"product": self.product, "region": self.region, "total": LABELS[total], "rest": jumlah(rest)}
                )
        return found


@dataclass
class Reconciliation:
    """All rows a person may see, their totals per product, and whether the whole balances."""

    as_of: dt.date
    known_on: dt.date | None
    rows: list[Row]
    totals: dict[str, dict[str, int | None]]  # product code -> figures
    problems: list[str]
    targets: dict[tuple[int, int], int] = field(default_factory=dict)  # (programme, product) -> the target's own record

    @property
    def is_balanced(self) -> bool:
        return not self.problems

    def of_product(self, product: Product) -> list[Row]:
        return [row for row in self.rows if row.product == product]


LABELS = {
    "target": gettext_lazy("Target"),
    "reported": gettext_lazy("Reported"),
    "pending": gettext_lazy("Pending"),
    "rejected": gettext_lazy("Rejected"),
    "verified": gettext_lazy("Verified"),
    "stock": gettext_lazy("Stock"),
    "in_evaluation": gettext_lazy("In evaluation"),
    "in_transit": gettext_lazy("In transit"),
    "handed_over": gettext_lazy("Handed over"),
    "acknowledged": gettext_lazy("Acknowledged"),
    "awaiting": gettext_lazy("Awaiting acknowledgement"),
    "written_off": gettext_lazy("Written off"),
    "returned": gettext_lazy("Returned (memo)"),
}


def reconcile(
    user: Any = None, *, as_of: dt.date | None = None, known_on: dt.date | None = None, programmes: Iterable[Programme] | None = None
) -> Reconciliation:
    """Sum both ledgers. `user` None means the whole house (commands for auditors); pages always give the person who asks."""
    day = as_of or timezone.localdate()
    chosen = programmes if programmes is not None else seen(Programme.objects.filter(is_example=False), user)
    by_pk = {programme.pk: programme for programme in chosen}
    reported, placed = _reported(user, by_pk, day, known_on), _placed(user, by_pk, day, known_on)
    standing = standing_targets(ProductTarget.objects.filter(programme__in=by_pk), known_on)
    rows = _cells(user, by_pk, day, {*reported, *placed}, standing)
    for key, sums in reported.items():
        rows[key].has_reported = bool(sums.pop("live_reports"))
        rows[key].figures.update(sums)
    for key, sums in placed.items():
        rows[key].figures.update(sums)
    ordered = list(rows.values())
    for row in ordered:
        _complete(row)
    problems = [problem for row in ordered for problem in row.differences()]
    for row in ordered:
        if not row.has_reported and not any(row.figures[name] for name in COMPUTED):
            row.figures.update(dict.fromkeys(COMPUTED))
    targets = {(one.record.programme_id, one.record.product_id): one.record.pk for one in standing}
    return Reconciliation(day, known_on, ordered, _totals(ordered, user, standing), problems, targets)


def as_report(result: Reconciliation) -> Report:
    """The sheet: one row a product and district, the totals per product below; the JSON form is what scripts rely on."""
    rows = [_report_row(row) for row in result.rows]
    notes = [_("Everything balances.")] if result.is_balanced else [_("Differences were found:"), *result.problems]
    if result.known_on:
        notes.append(_("As it was known on %(day)s.") % {"day": tanggal_layar(result.known_on)})
    return Report(
        title=gettext_lazy("Reconciliation"),
        as_of=result.as_of,
        columns=_columns(),
        rows=rows,
        totals=_closing_rows(result),
        notes=[*notes, _("Quantities in stock units. An empty target was never set; “not reported” is not zero.")],
        facts={"as_of": result.as_of, "balanced": result.is_balanced, "rows": rows_as_json(result), "totals": result.totals},
    )


def rows_as_json(result: Reconciliation) -> list[dict[str, Any]]:
    """The rows as an agreed form: codes for programme, product and district, null where unknown."""
    return [
        {
            "programme": row.programme.code,
            "product": row.product.code,
            "district": row.region.kemendagri_code,
            **row.figures,
            "has_reported": row.has_reported,
        }
        for row in result.rows
    ]


def _columns() -> list[Column]:
    unknown = {"target": gettext_lazy("not set")}
    below_zero = {"pending": gettext_lazy("correction of %(n)s waits for verification")}  # only corrections take away
    figures = [
        Column(
            key=name,
            label=LABELS[name],
            kind="integer",
            unknown=unknown.get(name, gettext_lazy("not reported")),
            below_zero=below_zero.get(name, ""),
            width=2,
        )
        for name in FIGURES
    ]
    share = Column(
        key="share",
        label=gettext_lazy("Percent of target"),
        kind="percent",
        unknown=gettext_lazy("no target"),
        nothing_to_divide=gettext_lazy("not reported"),
        share_of=("verified", "target"),
        width=2,
    )
    return [
        Column(key="product_name", label=gettext_lazy("Product"), width=4),
        Column(key="district_name", label=gettext_lazy("District of origin"), width=4),
        *figures,
        share,
    ]


def _report_row(row: Row) -> dict[str, Any]:
    return {
        "product_name": row.product.short_name,
        "district_name": row.region.short_name,
        "programme": row.programme.code,
        "product": row.product.code,
        "district": row.region.kemendagri_code,
        **row.figures,
    }


def _closing_rows(result: Reconciliation) -> list[dict[str, Any]]:
    names = {row.product.code: f"{row.product.short_name} ({row.product.unit})" for row in result.rows}
    return [
        {"product_name": names.get(code, code), "district_name": _("Total"), "product": code, **figures}
        for code, figures in result.totals.items()
    ]


def _cells(
    user: Any, programmes: Mapping[int, Programme], day: dt.date, summed: set[CellKey], standing: Iterable[StandingTarget]
) -> dict[CellKey, Row]:
    """Every product and district that take part, and any that had moved by then without taking part, in reading order.

    A programme that begins after the day is not on the sheet; one for practice only when it is asked for. What the ledgers
    have is on it in any case (`summed`): no figure is ever left out because nobody expected it there.
    """
    begun = {pk for pk, programme in programmes.items() if not programme.starts_on or programme.starts_on <= day}
    districts = seen(Region.objects.districts(), user, own=True)
    regions = {region.pk: region for region in districts}
    makes = (
        ActivityProduct.objects.filter(activity__programme__in=begun, activity__districts__region__in=regions)
        .values_list("activity__programme", "product", "activity__districts__region")
        .distinct()
    )
    keys: set[CellKey] = {*makes, *summed}
    if strays := {region for _programme, _product, region in summed} - set(regions):
        regions |= Region.objects.in_bulk(strays)
    products = Product.objects.in_bulk({product for _programme, product, _region in keys})
    targets = {
        (one.record.programme_id, one.record.product_id, region): quantity
        for one in standing
        for region, quantity in one.quantities.items()
    }
    ordered = sorted(keys, key=lambda key: (*programmes[key[0]].reading_order, key[1], regions[key[2]].kemendagri_code))
    rows = {key: Row(programmes[key[0]], products[key[1]], regions[key[2]]) for key in ordered}
    for key, row in rows.items():
        row.figures["target"] = targets.get(key)
    return rows


def _reported(user: Any, programmes: Iterable[int], day: dt.date, known_on: dt.date | None) -> dict[CellKey, dict[str, int]]:
    movements = as_of(seen(ReportMovement.objects.filter(programme__in=programmes), user), day, known_on)
    days = seen(ReportDay.objects.filter(programme__in=programmes, effective_on__lte=day), user) if known_on is None else None
    return {
        (programme, product, region): {"live_reports": figures.pop("reports"), **figures}
        for (programme, product, region), figures in day_sums.sums(days, movements, *CELL).items()
    }


def _placed(user: Any, programmes: Iterable[int], day: dt.date, known_on: dt.date | None) -> dict[CellKey, dict[str, int]]:
    movements = as_of(of_origin(StockMovement.objects.filter(lot__programme__in=programmes), user), day, known_on)
    days = seen(StockDay.objects.filter(programme__in=programmes, effective_on__lte=day), user) if known_on is None else None
    placed: dict[CellKey, dict[str, int]] = {}
    for (programme, product, region, account), moved in day_sums.sums(days, movements, *CELL, "account").items():
        cell = placed.setdefault((programme, product, region), {"returned": 0})
        name = ACCOUNTS[Account(account)]
        cell[name] = cell.get(name, 0) + moved["quantity"]
        cell["returned"] += moved["returned"]
    return placed


def _complete(row: Row) -> None:
    """What no movement has touched is none, and handed over is what was acknowledged and what still waits to be."""
    for name in COMPUTED:
        row.figures[name] = row.figures[name] or 0
    row.figures["handed_over"] = (row.figures["acknowledged"] or 0) + (row.figures["awaiting"] or 0)


def _totals(rows: Iterable[Row], user: Any, standing: Iterable[StandingTarget]) -> dict[str, dict[str, int | None]]:
    """Totals add what is known; the target beside them is the programme's own, not the sum of the districts.

    A district's people see their own pieces only, and so their own target.
    """
    is_own_district = user is not None and user.region.is_district
    totals: dict[str, dict[str, int | None]] = {}
    programmes: dict[str, set[tuple[int, int]]] = {}
    for row in rows:
        total = totals.setdefault(row.product.code, dict.fromkeys(FIGURES))
        programmes.setdefault(row.product.code, set()).add((row.programme.pk, row.product.pk))
        for name in FIGURES if is_own_district else COMPUTED:
            total[name] = add_known(total[name], row.figures[name])
    if is_own_district:
        return totals
    own = {(one.record.programme_id, one.record.product_id): one.record.total for one in standing}
    for code, pairs in programmes.items():
        for pair in sorted(pairs):
            totals[code]["target"] = add_known(totals[code]["target"], own.get(pair))
    return totals


def add_known(one: int | None, other: int | None) -> int | None:
    """The sum of what is known; unknown when nothing is."""
    if one is None or other is None:
        return other if one is None else one
    return one + other


def as_of(movements: QuerySet[Any], day: dt.date, known_on: dt.date | None) -> QuerySet[Any]:
    movements = movements.filter(effective_on__lte=day)
    if known_on is not None:
        end = timezone.make_aware(dt.datetime.combine(known_on, dt.time.max))
        movements = movements.filter(recorded_at__lte=end)
    return movements


def seen(queryset: Any, user: Any, *, own: bool = False) -> Any:
    if user is None:
        return queryset
    return queryset.owned_by(user) if own else queryset.for_user(user)


def of_origin(movements: Any, user: Any) -> Any:
    """A district's pieces wherever they went: by the lot's origin, not by the store they lie in."""
    return movements if user is None else movements.filter(lot__region__path__startswith=user.region.path)
