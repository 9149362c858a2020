"""Sheets of the districts' targets: the rows of one programme and product are a division, and must add up to its total."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ikm_program.actions import Refusal
from ikm_program.forms import MOST_TOGETHER
from ikm_program.screens import Text
from ikm_program.searching import normalised
from ikm_program.sheets.cells import text, whole_number
from ikm_program.sheets.entering import refuse_when_built_on
from ikm_program.sheets.kinds import Found, Intake, Line, SheetField, Values, Verdict
from ikm_program.sheets.models import ConfirmedRow, SheetRow
from production.actions.targets import allocate
from production.allocation import sum_refusal
from production.models import DistrictTarget, ProductTarget
from trainings.imports.readers import Districts, district_words

REGION = "region"


class TargetIntake(Intake):
    name = "target"
    label: ClassVar[Text] = _("Targets of the districts")
    model = DistrictTarget
    permissions = ("production.allocate_producttarget",)
    title_in_book = "Target"
    help: ClassVar[Text] = _("One row for each programme, product and kabupaten/kota. Together they must add up to the programme's total.")
    fields = (
        SheetField(
            key="programme",
            label=_("Programme"),
            read=text(160),
            is_required=True,
            width=32,
            aliases=("program", "kode program", "nama program"),
        ),
        SheetField(key="product", label=_("Product"), read=text(120), is_required=True, width=28, aliases=("produk", "barang")),
        SheetField(
            key=REGION,
            label=_("Kabupaten/kota"),
            read=district_words(),
            is_required=True,
            width=28,
            aliases=("kabupaten", "kota", "kab kota", "kabupaten kota", "wilayah"),
        ),
        SheetField(
            key="quantity",
            label=_("Target"),
            read=whole_number(at_most=MOST_TOGETHER),
            is_required=True,
            kind="number",
            example="74",
            aliases=("jumlah", "target", "alokasi", "jumlah target"),
        ),
    )

    def __init__(self, by: Any) -> None:
        super().__init__(by)
        self.districts = Districts(by)
        self.targets: dict[tuple[str, str], ProductTarget] = {}
        for target in ProductTarget.objects.owned_by(by).select_related("programme__region", "product"):
            for programme in (target.programme.code, target.programme.name, str(target.programme)):
                for product in (target.product.code, target.product.name, target.product.short_name):
                    self.targets[normalised(programme), normalised(product)] = target

    def written(self, key: str, value: Any) -> str:
        return self.districts.name_of(value) if key == REGION else super().written(key, value)

    def complete(self, line: Line) -> None:
        if line.faults:
            return
        try:
            line.values[REGION] = self.districts.read(str(line.values[REGION])).pk
        except ValidationError as error:
            line.refuse(REGION, error.messages[0])
        if self.target_of(line.values) is None:
            line.refuse("product", gettext("This programme has no target for this product yet. Record its total first."))

    def target_of(self, values: Values) -> ProductTarget | None:
        return self.targets.get((normalised(values.get("programme", "")), normalised(values.get("product", ""))))

    def identities(self, values: Values) -> Iterable[tuple[Any, ...]]:
        target = self.target_of(values)
        if target is not None:
            yield REGION, target.pk, values.get(REGION)

    def find(self, lines: Sequence[Line]) -> list[Found | None]:
        rows = DistrictTarget.objects.filter(target__in={self._target(line.values).pk for line in lines})
        known = {(row.target_id, row.region_id): row for row in rows}
        found = [known.get((self._target(line.values).pk, line.values[REGION])) for line in lines]
        return [Found(row.pk, row.version, {"quantity": row.quantity}) if row is not None else None for row in found]

    def _target(self, values: Values) -> ProductTarget:
        target = self.target_of(values)
        assert target is not None  # a row without one was refused
        return target

    def judge(self, lines: Sequence[Line]) -> list[Verdict]:
        """What does not add up is refused at every row of the division."""
        verdicts = super().judge(lines)
        groups: dict[int, list[int]] = {}
        for index, line in enumerate(lines):
            if not line.faults:
                groups.setdefault(self._target(line.values).pk, []).append(index)
        for members in groups.values():
            sentence = self._refusal_of([lines[index].values for index in members])
            for index in members if sentence else ():
                lines[index].refuse("quantity", sentence)
                verdicts[index] = Verdict(SheetRow.Outcome.FAULTY)
        return verdicts

    def _refusal_of(self, rows: Sequence[Values]) -> Any:
        target = self._target(rows[0])
        if target.total is None:
            return gettext("The total has not been set yet, so there is nothing to divide.")
        return sum_refusal(target.total, (quantity or 0 for quantity in self._merged(target, rows).values()))

    def _merged(self, target: ProductTarget, rows: Sequence[Values]) -> dict[int, int | None]:
        """The whole division as it would be: what is on record, under what the sheet says."""
        return dict(target.districts.values_list("region_id", "quantity")) | {row[REGION]: row["quantity"] for row in rows}

    def enter(self, rows: Iterable[ConfirmedRow]) -> Iterator[tuple[ConfirmedRow, int, int]]:
        groups: dict[int, list[ConfirmedRow]] = {}
        for row in rows:
            groups.setdefault(self._target(row.cells).pk, []).append(row)
        for members in groups.values():
            target = self._target(members[0].cells)
            quantities = self._merged(target, [row.cells for row in members])
            allocate(target, by=self.by, version=target.version, weights=ProductTarget.Weights.TYPED, quantities=quantities)
            written = {part.region_id: part for part in target.districts.all()}
            yield from ((row, written[row.cells[REGION]].pk, written[row.cells[REGION]].version) for row in members)

    def undo(self, rows: Iterable[ConfirmedRow]) -> None:
        """The division before is set back; where there was none, that is said: a target is unset on its own page."""
        kept = list(rows)
        refuse_when_built_on(self.model, kept)
        if any(row.outcome == SheetRow.Outcome.NEW or row.changes[0][1] is None for row in kept):
            raise Refusal(gettext("There was no division before this import. Divide the target anew on its own page."))
        groups: dict[int, list[ConfirmedRow]] = {}
        for row in kept:
            groups.setdefault(self._target(row.cells).pk, []).append(row)
        for members in groups.values():
            target = self._target(members[0].cells)
            before = [{REGION: row.cells[REGION], "quantity": row.changes[0][1]} for row in members]
            allocate(
                target, by=self.by, version=target.version, weights=ProductTarget.Weights.TYPED, quantities=self._merged(target, before)
            )

    def own_rows(self) -> Iterator[Mapping[str, Any]]:
        for target in ProductTarget.objects.owned_by(self.by).select_related("programme", "product"):
            for region in target.participating_districts():
                part = target.districts.filter(region=region).first()
                quantity = part.quantity if part else None
                yield {"programme": target.programme.code, "product": target.product.name, REGION: region.pk, "quantity": quantity}
