"""Two trainings on one day: the same person, or the same NIK, in two batches with days on one date. To be seen before anything is paid.

The one place that says what a double day is: the batch's page shows them, and a payment waits where somebody was present in both.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from trainings.models import Attendance, Batch, Enrolment, Session

Presences = dict[tuple[int, int], Attendance]  # by enrolment and day


@dataclass(frozen=True)
class DoubleDay:
    """A day on which somebody of the batch belongs to another batch too. The marks are there where he or she was present."""

    enrolment: Enrolment
    session: Session
    other_enrolment: Enrolment
    other_session: Session
    mark: Attendance | None
    other_mark: Attendance | None

    @property
    def day(self) -> dt.date:
        return self.session.held_on

    @property
    def other_batch(self) -> Batch:
        return self.other_enrolment.batch

    @property
    def is_present_in_both(self) -> bool:
        return self.mark is not None and self.other_mark is not None

    @property
    def is_double(self) -> bool:
        """Who has left one of them is still there on the days before: on those that the attendance says."""
        have_places = Enrolment.Status.ACTIVE == self.enrolment.status == self.other_enrolment.status
        return have_places or self.is_present_in_both


def double_days(batch: Batch) -> list[DoubleDay]:
    """All of them, by date and name, whoever may see the other batch; empty when nobody is in two places."""
    days = {session.held_on: session for session in batch.sessions.all()}
    own = list(_with_names(Enrolment.objects.placed().filter(batch=batch)))
    if not days or not own:
        return []
    others = list(_elsewhere(batch, own, days))
    if not others:
        return []
    sessions = list(Session.objects.filter(batch__in={row.batch_id for row in others}, held_on__in=days).order_by("held_on"))
    present = _presences([*own, *others], [*days.values(), *sessions])
    found = (
        _double(mine, days[there.held_on], other, there, present)
        for mine in own
        for other in others
        if _same_person(mine, other)
        for there in sessions
        if there.batch_id == other.batch_id
    )
    return sorted((one for one in found if one.is_double), key=lambda double: (double.day, double.enrolment.participant.name))


def _double(mine: Enrolment, here: Session, other: Enrolment, there: Session, present: Presences) -> DoubleDay:
    return DoubleDay(mine, here, other, there, present.get((mine.pk, here.pk)), present.get((other.pk, there.pk)))


def _elsewhere(batch: Batch, own: list[Enrolment], days: dict[dt.date, Session]) -> Any:
    same = Q(participant__in=[row.participant_id for row in own]) | Q(nik__in=[row.nik for row in own if row.nik])
    rows = Enrolment.objects.placed().filter(same, batch__sessions__held_on__in=days).exclude(batch=batch)
    return _with_names(rows.exclude(batch__status=Batch.Status.CANCELLED).distinct())


def _with_names(rows: Any) -> Any:
    return rows.select_related("participant", "batch__activity", "batch__region").order_by("pk")


def _presences(enrolments: Iterable[Enrolment], sessions: Iterable[Session]) -> Presences:
    rows = Attendance.objects.present().filter(enrolment__in=[row.pk for row in enrolments], session__in=[row.pk for row in sessions])
    named = rows.select_related("session__batch__activity", "session__batch__region", "enrolment__participant")
    return {(row.enrolment_id, row.session_id): row for row in named}


def _same_person(one: Enrolment, other: Enrolment) -> bool:
    return one.participant_id == other.participant_id or (one.nik is not None and one.nik == other.nik)
