"""A batch that is under way: people, days, an instructor; the clock stands in June 2020 where a test needs it."""

from __future__ import annotations

import datetime as dt

import pytest

from tests import factories
from trainings.models import Activity, Batch, Enrolment, Session, User

DAY = dt.date(2020, 6, 8)  # a Monday


@pytest.fixture
def people(tala_batch: Batch) -> list[Enrolment]:
    """Seven people with a place."""
    rows = [factories.ParticipantFactory(region=tala_batch.region, name=f"Penjahit {number} CONTOH") for number in range(1, 8)]
    return [factories.EnrolmentFactory(batch=tala_batch, participant=person) for person in rows]


@pytest.fixture
def days(tala_batch: Batch) -> list[Session]:
    """Five days of June 2020."""
    return [factories.SessionFactory(batch=tala_batch, held_on=DAY + dt.timedelta(days=number)) for number in range(5)]


@pytest.fixture
def nominating(hazmat_training: Activity) -> Activity:
    """The districts nominate, the province decides."""
    hazmat_training.is_by_nomination = True
    hazmat_training.save(update_fields=["is_by_nomination"])
    return hazmat_training


@pytest.fixture
def teacher(instructor_user: User, tala_batch: Batch) -> User:
    """The instructor of the batch, with an account."""
    instructor = factories.InstructorFactory(region=tala_batch.region, name="Guru CONTOH", user=instructor_user)
    factories.InstructorAssignmentFactory(batch=tala_batch, instructor=instructor)
    return User.objects.select_related("region").get(pk=instructor_user.pk)
