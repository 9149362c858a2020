"""Counters and tallies against what they count, and shares of a target against its total."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Count, F, Q, Sum

from ikm_program import tallies as kept
from ikm_program.models import AuditEvent, Tally
from production.models import DistrictTarget, ProductTarget
from trainings.models import ActivityDistrict, Enrolment


def enrolments() -> Iterator[str]:
    """A participant counts in the district he or she comes from, in every activity once a batch."""
    active: dict[tuple[int, int], int] = {}
    enrolled = Enrolment.objects.active().values_list("batch__activity", "participant__region")
    for key in enrolled:
        active[key] = active.get(key, 0) + 1
    for part in ActivityDistrict.objects.select_related("activity", "region").order_by("pk"):
        counted = active.pop((part.activity_id, part.region_id), 0)
        if counted != part.enrolled:
            yield f"{part.activity}, {part.region}: the counter says {part.enrolled} enrolled, there are {counted}"
    for part in ActivityDistrict.objects.filter(quota__lt=F("enrolled")).select_related("activity", "region").order_by("pk"):
        yield f"{part.activity}, {part.region}: {part.enrolled} enrolled, the quota is {part.quota}"
    for (activity, region), counted in sorted(active.items()):
        yield f"activity {activity}: {counted} enrolled from region {region}, which does not take part"


def targets() -> Iterator[str]:
    """The districts' shares add up to the total as soon as there are any."""
    shares: Any = ProductTarget.objects.select_related("programme", "product").annotate(
        known=Count("districts", filter=Q(districts__quantity__isnull=False)), rows=Count("districts"), shared=Sum("districts__quantity")
    )
    for target in shares.filter(known__gt=0).order_by("pk"):
        if target.shared != target.total or target.known != target.rows:
            shares_said = f"{target.known} of {target.rows} shares add up to {target.shared}"
            yield f"target {target.pk} ({target}): {shares_said}, the total is {target.total}"


def allocations() -> Iterator[str]:
    """The shares are those of the last division that the trail knows."""
    events = AuditEvent.objects.filter(model="production.producttarget", verb="allocated").order_by("sequence")
    divided: dict[str, dict[str, Any]] = dict(events.values_list("object_id", "after"))
    found: dict[str, dict[str, Any]] = {}
    for target, code, quantity in DistrictTarget.objects.values_list("target", "region__kemendagri_code", "quantity"):
        found.setdefault(str(target), {})[code] = quantity
    for pk in sorted({*divided, *found}, key=int):
        said = {name: value for name, value in divided.get(pk, {}).items() if name not in ("weights", "ties")}
        if said != found.get(pk, {}):
            yield f"target {pk}: its shares are not those of its last division on the audit trail"


def tallies() -> Iterator[str]:
    """The numbers that lists show for big tables."""
    for model in kept.tallied_models():
        label, counted = model._meta.label_lower, kept.counted(model)
        said = dict(Tally.objects.filter(model=label).values_list("region_path", "count"))
        for path in sorted({*counted, *said}):
            if counted.get(path, 0) != said.get(path, 0):
                yield f"{label} in {path or 'no region'}: the tally says {said.get(path, 0)}, there are {counted.get(path, 0)}"
