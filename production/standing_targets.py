"""The targets of a programme, as they hold today or as they were recorded by the end of an earlier day.

They are no ledger: what they were, the audit trail remembers.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ikm_program.earlier import Then, end_of, first_told_after, is_past, recorded_then
from production.models import DistrictTarget, ProductTarget
from trainings.models import Region

Cell = tuple[int, int]  # product id, region id
FIELDS = frozenset({"total", "is_approximate", "standing", "basis", "weights", "ties"})


@dataclass(frozen=True)
class StandingTarget:
    """A target and its division by region; None is a part that nobody set. Of an earlier day the record is not one to be saved."""

    record: ProductTarget
    quantities: Mapping[int, int | None]

    @property
    def allocated(self) -> int | None:
        """What the parts add up to; None where none is set."""
        known = [quantity for quantity in self.quantities.values() if quantity is not None]
        return sum(known) if known else None


def standing_targets(targets: Any, known_on: dt.date | None = None) -> list[StandingTarget]:
    """Of a queryset of targets, in its order. Those that nobody had recorded by then are left out."""
    records = list(targets)
    parts: dict[int, dict[int, int | None]] = {target.pk: {} for target in records}
    shares = DistrictTarget.objects.filter(target__in=targets.order_by().values("pk"))
    for target, region, quantity in shares.values_list("target", "region", "quantity"):
        parts[target][region] = quantity
    if known_on is None or not is_past(known_on):
        return [StandingTarget(target, parts[target.pk]) for target in records]
    return _recorded_by(known_on, records, parts)


def _recorded_by(day: dt.date, records: Iterable[ProductTarget], parts: dict[int, dict[int, int | None]]) -> list[StandingTarget]:
    fields, divided = recorded_then(ProductTarget, day, FIELDS), first_told_after(ProductTarget, day, "allocated")
    regions = dict(Region.objects.values_list("kemendagri_code", "pk")) if divided else {}
    return [
        StandingTarget(_as_it_was(target, fields), _parts_of(divided[target.pk], regions) if target.pk in divided else parts[target.pk])
        for target in records
        if target.created_at < end_of(day)
    ]


def _as_it_was(target: ProductTarget, fields: Then) -> ProductTarget:
    for name, value in fields.get(target.pk, {}).items():
        setattr(target, name, value)
    return target


def _parts_of(before: Mapping[str, Any], regions: Mapping[str, int]) -> dict[int, int | None]:
    """The event of a division names the districts by their codes, beside the rule."""
    return {regions[code]: quantity for code, quantity in before.items() if code in regions}


def by_cell(standing: Iterable[StandingTarget]) -> dict[Cell, int | None]:
    """The districts' targets by (product, region); None: a row stands there, but nobody set its quantity."""
    return {(one.record.product_id, region): quantity for one in standing for region, quantity in one.quantities.items()}
