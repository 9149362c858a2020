"""Counters of people against the people."""

from __future__ import annotations

from collections.abc import Iterator

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
    for (activity, region), counted in sorted(active.items()):
        yield f"activity {activity}: {counted} enrolled from region {region}, which does not take part"
