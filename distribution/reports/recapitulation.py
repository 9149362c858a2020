"""Rekapitulasi realisasi: by product and district, people, output, where it went and what is left, as of a day."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Q, Sum
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from distribution.models import Recipient
from distribution.reports.placed import Placed, handed_over
from distribution.reports.reconciliation import Reconciliation, Row, add_known, reconcile
from ikm_program import charts
from ikm_program.charts import Bar, Chart, Stack
from ikm_program.reporting import Column, Report
from production.models import ActivityProduct, Product
from trainings.models import Enrolment, Programme, Region

Cell = tuple[int, int]  # product, region
Kind = Recipient.Kind
RECEIVERS: dict[str, tuple[str | Promise, tuple[str, ...]]] = {  # column -> its heading and the kinds of receivers in it
    "to_district_force": (gettext_lazy("GTPP kab./kota"), (Kind.DISTRICT_TASK_FORCE,)),
    "to_province_force": (gettext_lazy("GTPP province"), (Kind.PROVINCE_TASK_FORCE,)),
    "to_health": (gettext_lazy("Health services"), (Kind.HEALTH_OFFICE, Kind.HOSPITAL, Kind.PUSKESMAS, Kind.MEDICS)),
    "to_religious": (gettext_lazy("Religious bodies"), (Kind.RELIGIOUS,)),
    "to_public": (gettext_lazy("The public"), (Kind.PUBLIC,)),
    "to_market": (gettext_lazy("Market"), (Kind.MARKET,)),
    "to_government": (gettext_lazy("Government and BPBD"), (Kind.GOVERNMENT, Kind.PROVINCE, Kind.BPBD)),
    "to_others": (gettext_lazy("Others"), (Kind.COOPERATIVE, Kind.SCHOOL, Kind.OTHER)),
}
COLUMN_OF = {kind: column for column, (_label, kinds) in RECEIVERS.items() for kind in kinds}
PLACES: dict[str, str | Promise] = {
    "acknowledged": gettext_lazy("Handed over, acknowledged"),
    "awaiting": gettext_lazy("Handed over, awaiting acknowledgement"),
    "stock": gettext_lazy("In stock"),
    "in_evaluation": gettext_lazy("In evaluation"),
    "in_transit": gettext_lazy("In transit"),
    "written_off": gettext_lazy("Written off"),
}
RARE = ("to_others", "in_transit", "written_off")  # columns that a sheet has only when something stands in them


@dataclass(frozen=True)
class Recapitulation:
    """The sheet before it is dressed: the reconciliation it stands on, and what it adds."""

    programme: Programme
    result: Reconciliation
    quotas: Mapping[Cell, int | None]
    enrolled: Mapping[Cell, int | None]
    placed: Sequence[Placed]
    of_cell: dict[Cell, Counter[str]] = field(default_factory=dict)  # receivers' columns, and "papers"

    @property
    def products(self) -> list[Product]:
        return list(dict.fromkeys(row.product for row in self.result.rows))

    def rows(self) -> list[dict[str, Any]]:
        return [self._row(row) for row in self.result.rows]

    def _row(self, row: Row) -> dict[str, Any]:
        cell = (row.product.pk, row.region.pk)
        went = self.of_cell.get(cell, Counter())
        known = row.has_reported or bool(row["verified"])
        return {
            "product": row.product.short_name,
            "district": row.region.short_name,
            "product_code": row.product.code,
            "district_code": row.region.kemendagri_code,
            "quota": self.quotas.get(cell),
            "enrolled": self.enrolled.get(cell),
            "target": row["target"],
            "verified": row["verified"],
            **{column: went[column] if known else None for column in RECEIVERS},
            "handed_over": row["handed_over"],
            **{name: row[name] for name in ("in_evaluation", "in_transit", "written_off", "stock")},
            "papers": went["papers"] if known else None,
            "reported": str(_("yes") if row.has_reported else _("not yet")),
        }

    def totals(self) -> list[dict[str, Any]]:
        return [self._total(product) for product in self.products]

    def _total(self, product: Product) -> dict[str, Any]:
        rows = self.result.of_product(product)
        cells = [(product.pk, row.region.pk) for row in rows]
        went = sum((self.of_cell.get(cell, Counter()) for cell in cells), Counter[str]())
        sums, is_known = self.result.totals[product.code], any(row.has_reported for row in rows)
        reporting = sum(row.has_reported for row in rows)
        return {
            "product": f"{product.short_name} ({product.unit})",
            "district": str(_("Total")),
            "product_code": product.code,
            "quota": known_sum(self.quotas.get(cell) for cell in cells),
            "enrolled": known_sum(self.enrolled.get(cell) for cell in cells),
            "target": sums["target"],
            "verified": sums["verified"],
            **{column: went[column] if is_known else None for column in RECEIVERS},
            **{name: sums[name] for name in ("handed_over", "in_evaluation", "in_transit", "written_off", "stock")},
            "papers": len({part.handover.pk for part in self.placed if part.product == product.pk}) if is_known else None,
            "reported": str(_("%(reported)s of %(all)s")) % {"reported": reporting, "all": len(rows)},
        }


def recapitulate(viewer: Any, programme: Programme, day: dt.date) -> Recapitulation:
    """Sum it. A district's people, or the reach of a district, get their own part."""
    result = reconcile(viewer, as_of=day, programmes=[programme])
    placed = handed_over(viewer, programme, day)
    of_cell: dict[Cell, Counter[str]] = {}
    for part in placed:
        cell = of_cell.setdefault((part.product, part.region), Counter())
        cell[COLUMN_OF[part.handover.recipient.kind]] += part.quantity
        cell["papers"] += 1
    quotas, enrolled = people(programme, {row.region for row in result.rows})
    return Recapitulation(programme, result, quotas, enrolled, placed, of_cell)


def people(programme: Programme, regions: Iterable[Region]) -> tuple[dict[Cell, int | None], dict[Cell, int | None]]:
    """Places and people by product and district. Null: nobody set a quota, or nobody has enrolled anybody yet."""
    links = ActivityProduct.objects.filter(activity__programme=programme)
    within = {region.pk for region in regions}
    quotas: dict[Cell, int | None] = {}
    taking_part = links.filter(activity__districts__region__in=within).values_list("product", "activity__districts__region")
    for product, region, quota in taking_part.annotate(places=Sum("activity__districts__quota")):
        quotas[product, region] = quota
    active = Q(status=Enrolment.Status.ACTIVE)
    rows = Enrolment.objects.filter(batch__activity__programme=programme, participant__region__in=within).order_by()
    counted = rows.values_list("batch__activity", "participant__region").annotate(people=Count("pk", filter=active))
    products: dict[int, list[int]] = {}
    for activity, product in links.values_list("activity", "product"):
        products.setdefault(activity, []).append(product)
    enrolled: dict[Cell, int | None] = {}
    for activity, region, count in counted:
        for product in products.get(activity, []):
            enrolled[product, region] = (enrolled.get((product, region)) or 0) + count
    return quotas, enrolled


def recapitulation_report(found: Recapitulation) -> Report:
    rows, totals = found.rows(), found.totals()
    rare = {name for name in RARE if any(row[name] for row in rows)}
    notes = [
        _("Output: verified quantities. Participants: as they are enrolled when the report is made."),
        _("A quantity stands under the receiver who took it over by BAST; what was passed on moves no figure."),
    ]
    return Report(
        title=gettext_lazy("Recapitulation of realisation"),
        subtitle=str(found.programme),
        as_of=found.result.as_of,
        columns=[column for column in columns() if column.key not in RARE or column.key in rare],
        rows=rows,
        totals=totals,
        notes=notes,
        charts=charts_of(found.result),
    )


def columns() -> list[Column]:
    people_of, output, to = gettext_lazy("Participants"), gettext_lazy("Output"), gettext_lazy("Handed over to")
    silent: dict[str, Any] = {"kind": "integer", "unknown": "", "width": 10}
    return [
        Column(key="product", label=gettext_lazy("Product"), width=12),
        Column(key="district", label=gettext_lazy("Kabupaten/kota"), width=17),
        Column(key="quota", label=gettext_lazy("Target"), kind="integer", group=people_of, width=10, unknown=gettext_lazy("not set")),
        Column(key="enrolled", label=gettext_lazy("Enrolled"), kind="integer", group=people_of, width=10, unknown=gettext_lazy("none yet")),
        Column(key="target", label=gettext_lazy("Target"), kind="integer", group=output, width=10, unknown=gettext_lazy("not set")),
        Column(
            key="verified", label=gettext_lazy("Realised"), kind="integer", group=output, width=10, unknown=gettext_lazy("not reported")
        ),
        Column(key="share", label="%", kind="percent", group=output, share_of=("verified", "target"), width=11, unknown=""),
        *(Column(key=key, label=label, group=to, **silent | {"width": 11}) for key, (label, _kinds) in RECEIVERS.items()),
        Column(key="handed_over", label=gettext_lazy("Handed over in all"), **silent | {"width": 13}),
        Column(key="in_evaluation", label=gettext_lazy("In evaluation"), **silent),
        Column(key="in_transit", label=gettext_lazy("In transit"), **silent),
        Column(key="written_off", label=gettext_lazy("Written off"), **silent),
        Column(key="stock", label=gettext_lazy("Stock left"), **silent),
        Column(key="papers", label=gettext_lazy("BAST"), **silent | {"width": 8}),
        Column(key="reported", label=gettext_lazy("Has reported"), width=10),
    ]


def charts_of(result: Reconciliation) -> list[Chart]:
    """Target and output of every district, for each product that somebody has reported; and where all of it is."""
    products = list(dict.fromkeys(row.product for row in result.rows if row.has_reported))
    found = [chart_of_product(result, product) for product in products]
    return [*found, chart_of_places(result, products)] if products else []


def chart_of_product(result: Reconciliation, product: Product) -> Chart:
    rows = [Bar(row.region.short_name, row["verified"] if row.has_reported else None, row["target"]) for row in result.of_product(product)]
    title = _("%(product)s: verified output and target") % {"product": product.name}
    return charts.bars(title, rows, unit=product.unit, unknown=gettext_lazy("not reported"))


def chart_of_places(result: Reconciliation, products: Sequence[Product]) -> Chart:
    stacks = [
        Stack(f"{product.short_name} ({product.unit})", {name: result.totals[product.code][name] or 0 for name in PLACES})
        for product in products
    ]
    return charts.stacked(_("Where the verified pieces are"), stacks, places=PLACES)


def known_sum(values: Iterable[int | None]) -> int | None:
    """The sum of what is known; None when nothing is."""
    total: int | None = None
    for value in values:
        total = add_known(total, value)
    return total
