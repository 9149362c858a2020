"""Batches (angkatan) and the instructors who teach them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from ikm_program import audit, records
from ikm_program.actions import Refusal, action
from trainings.actions.rules import read_phone, require_open, require_within_reach
from trainings.models import Activity, ActivityDistrict, Batch, Instructor, InstructorAssignment, Region


@action("trainings.add_batch")
def create_batch(
    model: type[Batch],
    *,
    by: Any,
    activity: Activity,
    region: Region,
    number: int | None = None,
    instructors: Iterable[Instructor] = (),
    **values: Any,
) -> Batch:
    """Without a number it gets the next one of its activity and region."""
    require_within_reach(region, by=by)
    require_open(activity.programme)
    _require_taking_part(activity, region)
    if number is None:
        number = (Batch.objects.filter(activity=activity, region=region).aggregate(last=Max("number"))["last"] or 0) + 1
    batch = records.create(model, by=by, activity=activity, region=region, number=number, **values)
    _assign(batch, instructors, by=by)
    return batch


@action("trainings.change_batch")
def update_batch(
    batch: Batch, *, by: Any, version: int | None = None, instructors: Iterable[Instructor] | None = None, **values: Any
) -> Batch:
    """Number, dates, venue, mode, instructors (None: leave them). Its activity and region stay: people are enrolled there."""
    require_within_reach(batch.region, by=by)
    require_open(batch.activity.programme)
    before = batch.version
    records.update(batch, by=by, version=version, **values)
    if instructors is not None:
        if batch.version == before:
            records.claim(batch, version=version)
        _assign(batch, instructors, by=by)
    return batch


@action("trainings.add_instructor")
def create_instructor(model: type[Instructor], *, by: Any, region: Region, name: str, phone: str = "", **values: Any) -> Instructor:
    require_within_reach(region, by=by)
    return records.create(model, by=by, region=region, name=name, phone=read_phone(phone), **values)


@action("trainings.change_instructor")
def update_instructor(instructor: Instructor, *, by: Any, version: int | None = None, **values: Any) -> Instructor:
    require_within_reach(instructor.region, by=by)
    if "region" in values:
        require_within_reach(values["region"], by=by)
    if "phone" in values:
        values["phone"] = read_phone(values["phone"])
    return records.update(instructor, by=by, version=version, **values)


def _require_taking_part(activity: Activity, region: Region) -> None:
    """A district must take part; a province may run a batch with people of several districts."""
    if not region.is_district and activity.programme.region.covers(region):
        return
    if not ActivityDistrict.objects.filter(activity=activity, region=region).exists():
        raise Refusal(_("This kabupaten/kota does not take part in this activity."), "region")


def _assign(batch: Batch, instructors: Iterable[Instructor], *, by: Any) -> None:
    wanted = {instructor.pk: instructor for instructor in instructors}
    present = {assignment.instructor_id: assignment for assignment in batch.assignments.select_related("instructor")}
    if set(wanted) == set(present):
        return
    before = sorted(str(assignment.instructor) for assignment in present.values())
    for pk in present.keys() - wanted.keys():
        present[pk].delete()
    InstructorAssignment.objects.bulk_create(
        [InstructorAssignment(batch=batch, instructor_id=pk) for pk in sorted(wanted.keys() - present.keys())]
    )
    audit.record("changed", batch, by=by, before={"instructors": before}, after={"instructors": sorted(map(str, wanted.values()))})
