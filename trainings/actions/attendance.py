"""Who was there: recorded day by day, closed when it is complete, and afterwards only corrected with a reason."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from ikm_program import audit, records
from ikm_program.actions import Refusal, StaleVersion, action
from ikm_program.states import advance
from trainings.actions.rules import require_open, require_standing, require_teaching, require_within_reach
from trainings.models import Attendance, Batch, Enrolment, Session

Marks = Mapping[int, str]  # enrolment -> mark; "": nothing is said any more


@action("trainings.add_attendance")
def record_attendance(batch: Batch, *, by: Any, marks: Mapping[int, Marks], versions: Mapping[int, int]) -> Batch:
    """Marks of several days at once, by session. Only what was changed is sent, with the version of its day."""
    require_teaching(batch, by=by)
    require_standing(batch)
    sessions = {session.pk: session for session in batch.sessions.filter(pk__in=marks).select_related("batch__region")}
    for pk in sorted(marks):
        if pk not in sessions:
            raise Refusal(_("This day is no longer part of the batch. Reload the page."))
        _record(sessions[pk], marks[pk], version=versions.get(pk, 0), by=by)
    _begin(batch, by=by)
    return batch


@action("trainings.add_attendance")
def record_day(session: Session, *, by: Any, version: int, marks: Marks, closes: bool = False) -> Session:
    """Marks of one day, and the end of it where nothing more is to be said."""
    require_teaching(session.batch, by=by)
    require_standing(session.batch)
    _refuse_closed(session)
    if marks:
        _record(session, marks, version=version, by=by)
    elif session.version != version:
        raise StaleVersion
    _begin(session.batch, by=by)
    if closes:
        _close(session, by=by)
    return session


@action("trainings.change_attendance")
def close_day(session: Session, *, by: Any, version: int) -> Session:
    """The list of the day is complete: from now on a mark is only corrected."""
    require_teaching(session.batch, by=by)
    require_standing(session.batch)
    if session.version != version:
        raise StaleVersion
    _close(session, by=by)
    return session


@action("trainings.correct_attendance")
def correct_attendance(session: Session, *, by: Any, version: int, marks: Marks, reason: str) -> Session:
    """A mark of a closed day was wrong. The reason and both marks stay on record; payments are compared with what stands now."""
    require_within_reach(session.batch.region, by=by)
    require_open(session.batch.activity.programme)
    if not session.is_closed:
        raise Refusal(_("This day is not closed yet: its attendance is simply recorded."))
    if not reason.strip():
        raise Refusal(_("Say why the attendance is corrected."), "reason")
    if not marks:
        raise Refusal(_("Nothing was changed."))
    if not all(marks.values()):
        raise Refusal(_("A closed day says something of everybody."))
    before, after = _put(session, marks, version=version, by=by, reason=reason)
    audit.record("attendance_corrected", session, by=by, before={"marks": before}, after={"marks": after}, reason=reason)
    return session


def _refuse_closed(session: Session) -> None:
    if session.is_closed:
        raise Refusal(_("%(day)s is closed. A mark of it is corrected on its own page, with a reason.") % {"day": session})


def _record(session: Session, marks: Marks, *, version: int, by: Any) -> None:
    _refuse_closed(session)
    if session.held_on > timezone.localdate():
        raise Refusal(_("%(day)s has not come yet.") % {"day": session})
    _put(session, marks, version=version, by=by)


def _put(session: Session, marks: Marks, *, version: int, by: Any, reason: str = "") -> tuple[dict[str, str], dict[str, str]]:
    """Write the marks that differ, as one set of rows; answers what was said of whom before and now."""
    records.claim(session, version=version)
    people = _people(session, marks, by=by)
    present = {row.enrolment_id: row for row in session.attendances.filter(enrolment__in=people).select_related("session__batch__region")}
    before: dict[str, str] = {}
    after: dict[str, str] = {}
    new: list[Attendance] = []
    for pk, mark in marks.items():
        row = present.get(pk)
        if mark == (row.mark if row else ""):
            continue
        name = people[pk].participant.name
        before[name], after[name] = row.get_mark_display() if row else "", str(Attendance.Mark(mark).label) if mark else ""
        if row is None:
            new.append(Attendance(session=session, enrolment=people[pk], mark=mark, created_by=by))
            continue
        row.enrolment = people[pk]
        if mark:
            records.update(row, by=by, audit_reason=reason, mark=mark)
        else:
            audit.record("deleted", row, by=by, before={"mark": row.mark})
            row.delete()
    with records.refusing_in_words(Attendance):
        Attendance.objects.bulk_create(new)
    for row in new:
        audit.record("created", row, by=by, after={"mark": row.mark}, reason=reason)
    return before, after


def _people(session: Session, marks: Marks, *, by: Any) -> dict[int, Enrolment]:
    """Those the marks speak of: of this batch, within reach, with a place in it (or a mark of the day from when they had one)."""
    rows = Enrolment.objects.filter(pk__in=marks, batch=session.batch_id).select_related("participant__region", "batch__region")
    found = {row.pk: row for row in rows}
    marked = set(session.attendances.filter(enrolment__in=found).values_list("enrolment", flat=True))
    for pk, mark in marks.items():
        if pk not in found or mark not in ("", *Attendance.Mark.values):
            raise Refusal(_("Somebody on this list does not take part in the batch any more. Reload the page."))
        require_within_reach(found[pk].participant.region, by=by, field=None)
        if found[pk].status != Enrolment.Status.ACTIVE and pk not in marked:
            raise Refusal(_("%(name)s has no place in this batch.") % {"name": found[pk].participant})
    return found


def _close(session: Session, *, by: Any) -> None:
    if session.is_closed:
        raise Refusal(_("This day is closed already."))
    if session.held_on > timezone.localdate():
        raise Refusal(_("%(day)s has not come yet.") % {"day": session})
    silent = session.batch.enrolments.active().exclude(attendances__session=session).count()
    if silent:
        raise Refusal(
            ngettext(
                "Of %(count)s participant nothing is said yet on this day.",
                "Of %(count)s participants nothing is said yet on this day.",
                silent,
            )
            % {"count": silent}
        )
    if not session.attendances.exists():
        raise Refusal(_("Nobody has a place in this batch yet: there is nothing to close."))
    if not by.is_only_instructor:  # who teaches the batch closes its days wherever it lies
        require_within_reach(session.batch.region, by=by)
    now = timezone.now()
    rows = Session.objects.filter(pk=session.pk, version=session.version, closed_at__isnull=True)
    if not rows.update(closed_at=now, closed_by=by, version=F("version") + 1):
        raise StaleVersion
    session.closed_at, session.closed_by, session.version = now, by, session.version + 1
    audit.record("day_closed", session, by=by, after={"closed_at": now})


def _begin(batch: Batch, *, by: Any) -> None:
    """With the first mark the batch is running."""
    planned = Batch.objects.select_for_update().filter(pk=batch.pk, status=Batch.Status.PLANNED).first()
    if planned is not None and Attendance.objects.filter(session__batch=batch).exists():
        advance(planned, Batch.Status.RUNNING, by=by)
        batch.status, batch.version = planned.status, planned.version
