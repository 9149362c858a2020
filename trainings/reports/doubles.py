"""Two trainings on one day: the same person, or the same NIK, in two batches with days on one date. To be seen before anything is paid."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from trainings.models import Attendance, Batch, Enrolment, Session


@dataclass(frozen=True)
class DoubleDay:
    """A day on which somebody of the batch belongs to another batch too. `is_present_in_both`: marked so in both lists."""

    enrolment: Enrolment
    session: Session
    other_enrolment: Enrolment
    other_session: Session
    is_present_in_both: bool

    @property
    def day(self) -> dt.date:
        return self.session.held_on

    @property
    def other_batch(self) -> Batch:
        return self.other_enrolment.batch


def double_days(batch: Batch) -> list[DoubleDay]:
    """All of them, by date and name, whoever may see the other batch; empty when nobody is in two places."""
    days = {session.held_on: session for session in batch.sessions.all()}
    own = list(_with_names(Enrolment.objects.active().filter(batch=batch)))
    if not days or not own:
        return []
    others = list(_elsewhere(batch, own, days))
    sessions = Session.objects.filter(batch__in={row.batch_id for row in others}, held_on__in=days)
    by_batch: dict[int, list[Session]] = {}
    for session in sessions.order_by("held_on"):
        by_batch.setdefault(session.batch_id, []).append(session)
    present = _present({*own, *others}, [*days.values(), *sessions])
    found = [
        DoubleDay(mine, days[there.held_on], other, there, {(mine.pk, days[there.held_on].pk), (other.pk, there.pk)} <= present)
        for mine in own
        for other in others
        if _same_person(mine, other)
        for there in by_batch.get(other.batch_id, ())
    ]
    return sorted(found, key=lambda double: (double.day, double.enrolment.participant.name))


def _elsewhere(batch: Batch, own: list[Enrolment], days: dict[dt.date, Session]) -> Any:
    same = Q(participant__in=[row.participant_id for row in own]) | Q(nik__in=[row.nik for row in own if row.nik])
    rows = Enrolment.objects.active().filter(same, batch__sessions__held_on__in=days).exclude(batch=batch)
    return _with_names(rows.exclude(batch__status=Batch.Status.CANCELLED).distinct())


def _with_names(rows: Any) -> Any:
    return rows.select_related("participant", "batch__activity", "batch__region").order_by("pk")


def _present(enrolments: set[Enrolment], sessions: list[Session]) -> set[tuple[int, int]]:
    rows = Attendance.objects.present().filter(enrolment__in=[row.pk for row in enrolments], session__in=[row.pk for row in sessions])
    return set(rows.values_list("enrolment", "session"))


def _same_person(one: Enrolment, other: Enrolment) -> bool:
    return one.participant_id == other.participant_id or (one.nik is not None and one.nik == other.nik)
