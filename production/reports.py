"""What production can say: pure functions of querysets that know no file and no address."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ikm_program.charts import Chart, Line, progress
from ikm_program.earlier import end_of, is_past, note_of, recorded_then
from ikm_program.reporting import Column, Report, Row
from production import day_sums
from production.models import ActivityProduct, DistrictProgress, Product, ProductTarget, ReportDay, ReportMovement
from production.standing_targets import Cell, StandingTarget, by_cell, standing_targets
from trainings.models import Programme, Region

# What a programme report says where no programme exists yet.
NO_PROGRAMME = Report(title=_("No programme yet"), columns=[Column(key="district", label=_("Kabupaten/kota"))], rows=[])


def cells_taking_part(programme: Programme) -> set[Cell]:
    """Where a product is made at all: (product, region) of the programme's activities."""
    makes = ActivityProduct.objects.filter(activity__programme=programme)
    return set(makes.filter(activity__districts__isnull=False).values_list("product", "activity__districts__region"))


def division_rule(target: ProductTarget) -> str | Promise:
    """How the total was divided, in one sentence for the page and the paper."""
    if target.weights == ProductTarget.Weights.TYPED:
        return _("Division: quantities typed by hand; they add up to the total.")
    return format_lazy(
        _("Division: {weights}, by largest remainder; equal remainders: {ties}."),
        weights=target.get_weights_display(),
        ties=target.get_ties_display(),
    )


def allocation_report(target: ProductTarget, known_on: dt.date | None = None) -> Report:
    """One product's target: the districts' parts, their sum, and the programme's total beside it."""
    standing = standing_targets(ProductTarget.objects.filter(pk=target.pk).select_related("programme", "product"), known_on)
    target, quantities = (standing[0].record, standing[0].quantities) if standing else (_unset(target), {})
    rows = [
        {"code": region.kemendagri_code, "district": region.name, "quantity": quantities[region.pk], "total": target.total}
        for region in Region.objects.filter(pk__in=quantities).order_by("kemendagri_code")
    ]
    allocated = standing[0].allocated if standing else None
    return Report(
        title=format_lazy(_("Target allocation: {product}"), product=target.product.name),
        subtitle=str(target.programme),
        columns=[
            Column(key="district", label=_("Kabupaten/kota"), width=4),  # first: on a phone it heads the card
            Column(key="code", label=_("Code")),
            Column(key="quantity", label=_("Target"), kind="integer", unit=target.product.unit, width=2),
            Column(key="share", label=_("Share"), kind="percent", share_of=("quantity", "total"), width=2),
        ],
        rows=rows,
        totals=[
            {"district": str(_("Sum of the districts")), "quantity": allocated, "total": target.total},
            {"district": str(_("Total of the programme")), "quantity": target.total, "total": target.total},
        ],
        notes=[*_notes(target, is_divided=allocated is not None), *(note_of(known_on) if known_on else ())],
        as_of=known_on,
    )


def _unset(target: ProductTarget) -> ProductTarget:
    """Before anybody recorded it."""
    return ProductTarget(pk=target.pk, programme=target.programme, product=target.product)


def _totals(standing: Sequence[StandingTarget]) -> list[Row]:
    return [
        {"district": str(_("Sum of the districts"))} | {_key(one.record): one.allocated for one in standing},
        {"district": str(_("Total of the programme"))} | {_key(one.record): one.record.total for one in standing},
    ]


def targets_report(programme: Programme, user: Any, known_on: dt.date | None = None) -> Report:
    """Every product's target over the districts: one row a district, one column a product, and the totals below."""
    found = ProductTarget.objects.for_user(user).filter(programme=programme).select_related("product").order_by("product")
    standing = standing_targets(found, known_on)
    targets = [one.record for one in standing]
    quantities, taking_part = by_cell(standing), cells_taking_part(programme)
    regions = _regions_of(taking_part) if targets else []  # on a day before the first target there is nothing to say of any district
    return Report(
        title=_("Targets per district"),
        subtitle=str(programme),
        columns=[
            Column(key="district", label=_("Kabupaten/kota"), width=4),  # first: on a phone it heads the card
            Column(key="code", label=_("Code")),
            *(Column(key=_key(target), label=target.product.name, kind="integer", unit=target.product.unit, width=2) for target in targets),
        ],
        rows=[_targets_of(region, targets, quantities, taking_part) for region in regions],
        totals=_totals(standing) if targets else [],
        notes=[*(_one_note(target) for target in targets), *(note_of(known_on) if known_on else ())],
        as_of=known_on,
    )


def _targets_of(
    region: Region, targets: Sequence[ProductTarget], quantities: Mapping[Cell, int | None], taking_part: set[Cell]
) -> dict[str, Any]:
    """A district that does not make a product has no key for it, which prints nothing: it has no target to wait for."""
    row: dict[str, Any] = {"code": region.kemendagri_code, "district": region.name}
    cells = {_key(target): (target.product_id, region.pk) for target in targets}
    return row | {key: quantities.get(cell) for key, cell in cells.items() if cell in taking_part}


def _regions_of(cells: set[Cell]) -> Sequence[Region]:
    regions: Any = Region.objects.filter(pk__in={region for _product, region in cells}).order_by("kemendagri_code")
    return list(regions)


def _key(target: ProductTarget) -> str:
    return f"product_{target.product_id}"


def _one_note(target: ProductTarget) -> str | Promise:
    """Everything about one target in one line, still lazy: paper is Indonesian whatever the screen speaks."""
    notes = _notes(target, is_divided=True)
    return format_lazy("{}: " + " ".join(["{}"] * len(notes)), target.product.name, *notes)


def _notes(target: ProductTarget, *, is_divided: bool) -> list[str | Promise]:
    if target.total is None:
        return [_("The target has not been determined.")]
    notes: list[str | Promise] = [division_rule(target)] if is_divided else []
    notes.append(format_lazy(_("Standing: {standing}."), standing=target.get_standing_display()))
    if target.is_approximate:
        notes.append(_("The total is approximate."))
    if target.basis:
        notes.append(format_lazy(_("Basis: {basis}."), basis=target.basis.rstrip(".")))
    return notes


@dataclass(frozen=True)
class ProgressCell:
    """How far a district is with a product, if it makes it at all."""

    progress: DistrictProgress  # unsaved where nobody has said anything yet
    is_making: bool


@dataclass(frozen=True)
class ProgressMatrix:
    """The products of a programme, and for each district that a person sees its cells in the same order."""

    programme: Programme
    products: list[Product]
    rows: list[tuple[Region, list[ProgressCell]]]
    known_on: dt.date

    @property
    def is_current(self) -> bool:
        return not is_past(self.known_on)

    @property
    def notes_of_day(self) -> list[str]:
        return note_of(self.known_on)

    def report(self) -> Report:
        columns = [Column(key="district", label=_("Kabupaten/kota"), width=2)]
        columns += [Column(key=f"product_{product.pk}", label=product.short_name) for product in self.products]
        return Report(
            title=_("Progress per district"),
            subtitle=str(self.programme),
            columns=columns,
            rows=[{"district": region.name} | {_progress_key(cell): _progress_word(cell) for cell in cells} for region, cells in self.rows],
            notes=[_("An empty cell: the district does not make this product."), *self.notes_of_day],
            as_of=self.known_on,
        )


def progress_matrix(programme: Programme, user: Any, known_on: dt.date) -> ProgressMatrix:
    """What the office had said by the end of the day."""
    taking_part = cells_taking_part(programme)
    products = list(Product.objects.for_user(user).filter(pk__in={product for product, _region in taking_part}))
    regions = [region for region in _regions_of(taking_part) if user.region.covers(region)]
    words = _said_by(known_on, DistrictProgress.objects.for_user(user).filter(programme=programme))
    said = {(row.product_id, row.region_id): row for row in words}

    def cell(product: Product, region: Region) -> ProgressCell:
        here = (product.pk, region.pk)
        progress = said.get(here) or DistrictProgress(programme=programme, product=product, region=region)
        return ProgressCell(progress, is_making=here in taking_part)

    rows = [(region, [cell(product, region) for product in products]) for region in regions]
    return ProgressMatrix(programme, products, rows, known_on)


def _said_by(day: dt.date, rows: Any) -> Iterator[DistrictProgress]:
    if not is_past(day):
        yield from rows
        return
    then = recorded_then(DistrictProgress, day, {"status"})
    for row in rows.filter(created_at__lt=end_of(day)):
        row.status = then.get(row.pk, {}).get("status", row.status)
        yield row


def _progress_key(cell: ProgressCell) -> str:
    return f"product_{cell.progress.product_id}"


def _progress_word(cell: ProgressCell) -> str:
    return str(cell.progress.get_status_display()) if cell.is_making else ""


def output_over_time(viewer: Any, programme: Programme, product: Product, until: dt.date) -> Chart:
    """How a product's verified output grew, day by day."""
    days, movements = (
        model.objects.for_user(viewer).filter(programme=programme, product=product, effective_on__lte=until)
        for model in (ReportDay, ReportMovement)
    )
    points: list[tuple[dt.date, int]] = []
    for (day,), moved in sorted(day_sums.sums(days, movements, "effective_on").items()):
        if moved["verified"]:
            points.append((day, (points[-1][1] if points else 0) + moved["verified"]))
    target = ProductTarget.objects.filter(programme=programme, product=product).values_list("total", flat=True).first()
    shown = None if viewer.region.is_district else target
    title = format_lazy(_("{product}: verified output over time"), product=product.name)
    return progress(title, [Line(gettext("Verified"), points)], until=until, unit=product.unit, target=shown)
