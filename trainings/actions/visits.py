"""Visits of instructors to the makers: planned one by one or for a whole batch, and what came of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ikm_program import records
from ikm_program.actions import Refusal, action
from ikm_program.states import advance
from trainings import clashes
from trainings.actions.rules import (
    require_hours_in_order,
    require_open,
    require_standing,
    require_teaching,
    require_within_reach,
    require_within_time,
)
from trainings.models import Batch, Enrolment, Instructor, Visit
from trainings.training_days import run_of_days


@action("trainings.add_visit")
def plan_visit(enrolment: Enrolment, *, by: Any, instructor: Instructor, visit_on: dt.date, purpose: str, **values: Any) -> Visit:
    _require_place(enrolment, by=by)
    _require_assigned(instructor, enrolment.batch)
    require_within_time(enrolment.batch.activity.programme, visit_on, field="visit_on")
    require_hours_in_order(values.get("starts_at"), values.get("ends_at"))
    visit = records.create(Visit, by=by, enrolment=enrolment, instructor=instructor, visit_on=visit_on, purpose=purpose, **values)
    clashes.refuse_clashes(enrolment.batch, by=by)
    return visit


@action("trainings.add_visit")
def plan_visits(
    batch: Batch,
    *,
    by: Any,
    instructor: Instructor,
    first_on: dt.date,
    per_day: int,
    purpose: str,
    skips_sundays: bool = True,
    holidays: Collection[dt.date] = (),
) -> Batch:
    """Every participant of the batch whom no visit is planned for, so many a day, in the order of their names."""
    require_teaching(batch, by=by)
    require_standing(batch)
    _require_assigned(instructor, batch)
    if per_day < 1:
        raise Refusal(_("At least one visit a day."), "per_day")
    people = batch.enrolments.active().owned_by(by).exclude(visits__status=Visit.Status.PLANNED)
    makers = list(people.select_related("participant__region", "batch__region").order_by("participant__sort_name", "pk"))
    if not makers:
        raise Refusal(_("For every participant a visit is planned already."))
    days = run_of_days(first_on, -(-len(makers) // per_day), skips_sundays=skips_sundays, holidays=holidays)
    for number, enrolment in enumerate(makers):
        day = days[number // per_day]
        require_within_time(batch.activity.programme, day, field="first_on")
        records.create(Visit, by=by, enrolment=enrolment, instructor=instructor, visit_on=day, purpose=purpose)
    clashes.refuse_clashes(batch, by=by)
    return batch


@action("trainings.change_visit")
def update_visit(visit: Visit, *, by: Any, version: int, **values: Any) -> Visit:
    """Day, times, instructor and purpose of a visit that is still planned."""
    _require_place(visit.enrolment, by=by)
    if visit.status != Visit.Status.PLANNED:
        raise Refusal(_("Only a planned visit can be moved."))
    _require_assigned(values.get("instructor", visit.instructor), visit.enrolment.batch)
    if (day := values.get("visit_on", visit.visit_on)) != visit.visit_on:
        require_within_time(visit.enrolment.batch.activity.programme, day, field="visit_on")
    require_hours_in_order(values.get("starts_at", visit.starts_at), values.get("ends_at", visit.ends_at))
    records.update(visit, by=by, version=version, **values)
    clashes.refuse_clashes(visit.enrolment.batch, by=by)
    return visit


@action("trainings.change_visit")
def complete_visit(visit: Visit, *, by: Any, version: int, note: str = "") -> Visit:
    """It took place, on a day that has come."""
    _require_known(visit, by=by, version=version)
    return advance(visit, Visit.Status.DONE, by=by, note=note.strip())


@action("trainings.change_visit")
def miss_visit(visit: Visit, *, by: Any, version: int, note: str) -> Visit:
    _require_known(visit, by=by, version=version)
    if not note.strip():
        raise Refusal(_("Say why the visit did not take place."), "note")
    return advance(visit, Visit.Status.MISSED, by=by, note=note.strip())


@action("trainings.change_visit")
def call_off_visit(visit: Visit, *, by: Any, version: int, reason: str = "") -> Visit:
    """It is not to take place after all."""
    _require_reach(visit.enrolment, by=by)
    records.lock(visit, version=version)
    return advance(visit, Visit.Status.CANCELLED, by=by, reason=reason)


def _require_assigned(instructor: Instructor, batch: Batch) -> None:
    """A visit to a batch is a visit of somebody who teaches it: only they see it among theirs."""
    if not batch.assignments.filter(instructor=instructor).exists():
        raise Refusal(_("%(name)s is not assigned to this batch.") % {"name": instructor}, "instructor")


def _require_known(visit: Visit, *, by: Any, version: int) -> None:
    _require_reach(visit.enrolment, by=by)
    records.lock(visit, version=version)
    if visit.visit_on > timezone.localdate():
        raise Refusal(_("The day of the visit has not come yet."))


def _require_place(enrolment: Enrolment, *, by: Any) -> None:
    _require_reach(enrolment, by=by)
    require_standing(enrolment.batch)
    if enrolment.status != Enrolment.Status.ACTIVE:
        raise Refusal(_("%(name)s has no place in this batch.") % {"name": enrolment.participant}, "enrolment")


def _require_reach(enrolment: Enrolment, *, by: Any) -> None:
    require_within_reach(enrolment.participant.region, by=by, field="enrolment")
    require_teaching(enrolment.batch, by=by)
    require_open(enrolment.batch.activity.programme)
