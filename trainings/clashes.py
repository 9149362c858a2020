"""One person, one place, one time: where an instructor is on a day, and what cannot be true at once.

Whoever stands beside a topic teaches the day; where no topic names anybody, all instructors of the batch do. Two batches on one day
clash unless both times are known and do not touch; within a batch only known times can clash: a day of visits has no hours.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from ikm_program.actions import Refusal
from ikm_program.formatting import tanggal_layar
from trainings.models import Batch, Instructor, Session, Visit


@dataclass(frozen=True)
class Slot:
    """An instructor somewhere on a day."""

    instructor_id: int
    batch: Batch
    day: dt.date
    starts_at: dt.time | None
    ends_at: dt.time | None

    @property
    def is_timed(self) -> bool:
        return self.starts_at is not None and self.ends_at is not None

    @property
    def times(self) -> str:
        return f" ({self.starts_at:%H.%M}–{self.ends_at:%H.%M})" if self.is_timed else ""


def clash(one: Slot, other: Slot) -> bool:
    if (one.instructor_id, one.day) != (other.instructor_id, other.day):
        return False
    if one.is_timed and other.is_timed:
        return bool(one.starts_at < other.ends_at and other.starts_at < one.ends_at)  # type: ignore[operator]
    return one.batch.pk != other.batch.pk


def slots_of(batch: Batch) -> list[Slot]:
    """Where the instructors of a batch are because of it."""
    return [
        *_of_sessions(Session.objects.filter(batch=batch)),
        *_of_visits(Visit.objects.standing().filter(enrolment__batch=batch)),
    ]


def slots_elsewhere(batch: Batch, instructors: Collection[int], days: Collection[dt.date]) -> list[Slot]:
    """Where these people are on these days because of other batches."""
    taught = Q(topics__instructor__in=instructors) | Q(batch__assignments__instructor__in=instructors)
    sessions = Session.objects.filter(taught, held_on__in=days).exclude(batch=batch).exclude(batch__status=Batch.Status.CANCELLED)
    visits = Visit.objects.standing().filter(instructor__in=instructors, visit_on__in=days)
    visits = visits.exclude(enrolment__batch=batch).exclude(enrolment__batch__status=Batch.Status.CANCELLED)
    return [slot for slot in (*_of_sessions(sessions.distinct()), *_of_visits(visits)) if slot.instructor_id in instructors]


def refuse_clashes(batch: Batch, *, by: Any) -> None:
    """Asked after every change of a timetable, in its transaction; the instructors are held: two who plan at once see each other."""
    own = slots_of(batch)
    people = sorted({slot.instructor_id for slot in own})
    names = {person.pk: person for person in Instructor.objects.select_for_update().filter(pk__in=people).order_by("pk")}
    elsewhere = slots_elsewhere(batch, people, {slot.day for slot in own}) if own else []
    for index, slot in enumerate(own):
        for other in (*elsewhere, *own[index + 1 :]):
            if clash(slot, other):
                raise Refusal(_in_words(names[slot.instructor_id], other, by), "instructor")


def _in_words(instructor: Instructor, other: Slot, by: Any) -> str:
    is_seen = by.region.covers(other.batch.region) or other.batch.region.covers(by.region)
    what = str(other.batch) if is_seen else _("another batch")
    return _("%(instructor)s is with “%(what)s” on %(day)s already%(times)s.") % {
        "instructor": instructor,
        "what": what,
        "day": tanggal_layar(other.day),
        "times": other.times,
    }


def _of_sessions(sessions: Any) -> Iterator[Slot]:
    for session in sessions.select_related("batch__activity", "batch__region").prefetch_related("topics", "batch__assignments"):
        named = {topic.instructor_id for topic in session.topics.all() if topic.instructor_id}
        teaching = named or {assignment.instructor_id for assignment in session.batch.assignments.all()}
        for instructor_id in sorted(teaching):
            yield Slot(instructor_id, session.batch, session.held_on, session.starts_at, session.ends_at)


def _of_visits(visits: Any) -> Iterator[Slot]:
    for visit in visits.select_related("enrolment__batch__activity", "enrolment__batch__region"):
        yield Slot(visit.instructor_id, visit.enrolment.batch, visit.visit_on, visit.starts_at, visit.ends_at)
