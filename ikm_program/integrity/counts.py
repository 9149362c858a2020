"""Counters against what they count."""

from __future__ import annotations

from collections.abc import Iterator

from ikm_program import tallies as kept
from ikm_program.models import Tally
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


def tallies() -> Iterator[str]:
    """The numbers that lists show for big tables."""
    for model in kept.tallied_models():
        label, counted = model._meta.label_lower, kept.counted(model)
        said = dict(Tally.objects.filter(model=label).values_list("region_path", "count"))
        for path in sorted({*counted, *said}):
            if counted.get(path, 0) != said.get(path, 0):
                yield f"{label} in {path or 'no region'}: the tally says {said.get(path, 0)}, there are {counted.get(path, 0)}"
