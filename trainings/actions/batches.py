"""Batches (angkatan) and the instructors who teach them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any, TypedDict

from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from ikm_program import audit, records
from ikm_program.actions import Refusal, action
from ikm_program.formatting import tanggal_layar
from ikm_program.states import advance
from trainings import clashes
from trainings.actions.participants import withdraw
from trainings.actions.rules import read_phone, require_open, require_within_reach
from trainings.models import Activity, ActivityDistrict, Attendance, Batch, Instructor, InstructorAssignment, Region, Visit


class Assigned(TypedDict, total=False):
    """An instructor of a batch with the number and date of the assignment letter (surat tugas)."""

    instructor: Instructor
    letter: str
    letter_on: dt.date | None


@action("trainings.add_batch")
def create_batch(
    model: type[Batch],
    *,
    by: Any,
    activity: Activity,
    region: Region,
    number: int | None = None,
    instructors: Iterable[Instructor | Assigned] = (),
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
    batch: Batch, *, by: Any, version: int | None = None, instructors: Iterable[Instructor | Assigned] | None = None, **values: Any
) -> Batch:
    """Number, dates, venue, mode, instructors (None: leave them). Its activity and region stay: people are enrolled there."""
    require_within_reach(batch.region, by=by)
    require_open(batch.activity.programme)
    _refuse_fewer_seats(batch, values)
    _refuse_other_dates(batch, values)
    before = batch.version
    records.update(batch, by=by, version=version, **values)
    if instructors is not None:
        if batch.version == before:
            records.claim(batch, version=version)
        _assign(batch, instructors, by=by)
    return batch


@action("trainings.change_batch")
def start_batch(batch: Batch, *, by: Any, version: int) -> Batch:
    """It runs; the first mark of attendance does the same."""
    require_within_reach(batch.region, by=by)
    require_open(batch.activity.programme)
    records.lock(batch, version=version)
    return advance(batch, Batch.Status.RUNNING, by=by)


@action("trainings.change_batch")
def finish_batch(batch: Batch, *, by: Any, version: int) -> Batch:
    """Every day is closed: nothing more is entered, and certificates can be given."""
    require_within_reach(batch.region, by=by)
    require_open(batch.activity.programme)
    records.lock(batch, version=version)
    if not batch.sessions.exists():
        raise Refusal(_("The batch has no training day yet."))
    unclosed = batch.sessions.filter(closed_at__isnull=True).order_by("held_on").first()
    if unclosed is not None:
        raise Refusal(_("The attendance of %(day)s is not closed yet.") % {"day": tanggal_layar(unclosed.held_on)})
    return advance(batch, Batch.Status.FINISHED, by=by)


@action("trainings.change_batch")
def reopen_batch(batch: Batch, *, by: Any, version: int, reason: str) -> Batch:
    require_within_reach(batch.region, by=by)
    require_open(batch.activity.programme)
    records.lock(batch, version=version)
    if not reason.strip():
        raise Refusal(_("Say why the batch is opened again."), "reason")
    return advance(batch, Batch.Status.RUNNING, by=by, reason=reason)


@action("trainings.cancel_batch")
def cancel_batch(batch: Batch, *, by: Any, version: int, reason: str) -> Batch:
    """It does not take place: everybody's place is free again. What has been attended cannot be undone by it."""
    require_within_reach(batch.region, by=by)
    require_open(batch.activity.programme)
    records.lock(batch, version=version)
    if not reason.strip():
        raise Refusal(_("Say why the batch is cancelled."), "reason")
    if Attendance.objects.filter(session__batch=batch).exists():
        raise Refusal(_("Attendance is recorded in this batch: finish it instead."))
    places = batch.enrolments.live().select_related("participant__region", "activity__programme", "batch__region")
    for enrolment in places.order_by("pk"):
        withdraw(enrolment, by=by, reason=reason)
    for visit in Visit.objects.filter(enrolment__batch=batch, status=Visit.Status.PLANNED).select_related("enrolment__participant__region"):
        advance(visit, Visit.Status.CANCELLED, by=by, reason=reason)
    return advance(batch, Batch.Status.CANCELLED, by=by, reason=reason, cancelled_reason=reason.strip())


@action("trainings.add_instructor")
def create_instructor(model: type[Instructor], *, by: Any, region: Region, name: str, phone: str = "", **values: Any) -> Instructor:
    require_within_reach(region, by=by)
    return records.create(model, by=by, region=region, name=name, phone=read_phone(phone), **values)


@action("trainings.change_instructor")
def update_instructor(instructor: Instructor, *, by: Any, version: int | None = None, **values: Any) -> Instructor:
    require_within_reach(instructor.region, by=by)
    if "region" in values:
        require_within_reach(values["region"], by=by)
        _refuse_leaving_the_account(instructor, values["region"])
    if "phone" in values:
        values["phone"] = read_phone(values["phone"])
    return records.update(instructor, by=by, version=version, **values)


def _refuse_leaving_the_account(instructor: Instructor, region: Region) -> None:
    account = instructor.user
    if account is not None and region != instructor.region:
        raise Refusal(
            _("The account %(user)s belongs to %(region)s. Take it away first.") % {"user": account, "region": instructor.region}, "region"
        )


def _require_taking_part(activity: Activity, region: Region) -> None:
    """A district must take part; a province may run a batch with people of several districts."""
    if not region.is_district and activity.programme.region.covers(region):
        return
    if not ActivityDistrict.objects.filter(activity=activity, region=region).exists():
        raise Refusal(_("This kabupaten/kota does not take part in this activity."), "region")


def _refuse_fewer_seats(batch: Batch, values: dict[str, Any]) -> None:
    capacity = values.get("capacity")
    seated = batch.enrolments.active().count()
    if capacity is not None and capacity < seated:
        raise Refusal(_("%(count)s people have a place in this batch.") % {"count": seated}, "capacity")


def _refuse_other_dates(batch: Batch, values: dict[str, Any]) -> None:
    """A batch with training days begins and ends with them."""
    is_other = any(name in values and values[name] != getattr(batch, name) for name in ("starts_on", "ends_on"))
    if is_other and batch.sessions.exists():
        raise Refusal(_("The batch has training days: its dates are those of the first and the last one."), "starts_on")


def _assign(batch: Batch, instructors: Iterable[Instructor | Assigned], *, by: Any) -> None:
    """Who teaches, as one list: who is not in it teaches no longer."""
    parts = [Assigned(instructor=part) if isinstance(part, Instructor) else part for part in instructors]
    wanted = {part["instructor"].pk: part for part in parts}
    if len(wanted) != len(parts):
        raise Refusal(_("An instructor is listed twice."), "instructors")
    present = {row.instructor_id: row for row in batch.assignments.select_related("instructor")}
    before = sorted(_assigned_in_words(row) for row in present.values())
    rows = [_assignment(batch, part, present.get(pk)) for pk, part in sorted(wanted.items())]
    after = sorted(_assigned_in_words(row) for row in rows)
    if before == after:
        return
    for pk in present.keys() - wanted.keys():
        present[pk].delete()
    for row in rows:
        records.validate(row)
        row.save()
    audit.record("changed", batch, by=by, before={"instructors": before}, after={"instructors": after})
    clashes.refuse_clashes(batch, by=by)


def _assignment(batch: Batch, part: Assigned, known: InstructorAssignment | None) -> InstructorAssignment:
    """The row as it is to be. Where nothing is said of the letter, what is on record stays."""
    row = known or InstructorAssignment(batch=batch)
    row.instructor = part["instructor"]
    row.letter = part.get("letter", row.letter).strip()
    row.letter_on = part.get("letter_on", row.letter_on)
    return row


def _assigned_in_words(row: InstructorAssignment) -> str:
    day = f", {tanggal_layar(row.letter_on)}" if row.letter_on else ""
    return f"{row.instructor} ({row.letter}{day})" if row.letter else str(row.instructor)
