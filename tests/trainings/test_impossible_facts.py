"""Days, names and places that nobody can mean are refused at their field, in forms and in sheets alike."""

from __future__ import annotations

import datetime as dt
from contextlib import nullcontext
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from ikm_program.actions import Refusal
from tests import factories
from trainings import actions, identity
from trainings.actions.licences import put_licence
from trainings.imports.people import PERSON
from trainings.models import Batch, Enterprise, Participant, User

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
TODAY = dt.date(2026, 6, 15)


def refusal(act: Any, *subject: Any, **facts: Any) -> tuple[str | None, str]:
    with pytest.raises(Refusal) as refused:
        act(*subject, **facts)
    return refused.value.field, str(refused.value)


@pytest.mark.parametrize(
    ("born_on", "words"),
    [
        (dt.date(2026, 6, 16), "cannot lie in the future"),
        (dt.date(2011, 6, 16), "younger than 15"),
        (dt.date(2011, 6, 15), None),
        (dt.date(1925, 6, 16), None),
        (dt.date(1925, 6, 15), "older than 100"),
        (dt.date(1800, 1, 1), "older than 100"),
    ],
)
def test_a_participant_is_between_fifteen_and_a_hundred(born_on: dt.date, words: str | None) -> None:
    with pytest.raises(ValidationError, match=words) if words else nullcontext():
        identity.check_birth_date(born_on, today=TODAY)


@pytest.mark.parametrize(
    ("values", "field"),
    [({"birth_date": dt.date(2999, 1, 1)}, "birth_date"), ({"birth_date": dt.date(1800, 1, 1)}, "birth_date"), ({"name": "12345"}, "name")],
)
def test_nobody_is_recorded_or_changed_like_that(officer: User, tala, values: dict[str, Any], field: str) -> None:
    known = factories.ParticipantFactory(region=tala, name="Aminah")

    assert refusal(actions.create_participant, Participant, by=officer, region=tala, **{"name": "Siti"} | values)[0] == field
    assert refusal(actions.update_participant, known, by=officer, **values)[0] == field


def test_who_is_on_record_with_an_odd_date_can_still_be_edited(officer: User, tala) -> None:
    known = factories.ParticipantFactory(region=tala, birth_date=dt.date(1800, 1, 1))
    actions.update_participant(known, by=officer, birth_date=known.birth_date, address="Jl. Baru")
    assert Participant.objects.get(pk=known.pk).address == "Jl. Baru"


@pytest.mark.parametrize(("column", "cell"), [("birth_date", "15/06/2035"), ("birth_date", "15/06/1800"), ("name", "12345")])
def test_a_sheet_has_the_same_rule(column: str, cell: str) -> None:
    read = next(field.read for field in PERSON if field.key == column)
    with pytest.raises(ValidationError):
        read(cell)


def test_a_licence_is_not_issued_in_the_future(officer: User, client_of, tala) -> None:
    tomorrow = timezone.localdate() + dt.timedelta(days=1)
    enterprise = factories.EnterpriseFactory(region=tala)
    words = "A licence cannot be issued in the future."
    assert refusal(put_licence, enterprise, by=officer, kind="halal", number="1", issued_on=tomorrow) == ("issued_on", words)

    rows = {
        "licences-TOTAL_FORMS": "1",
        "licences-INITIAL_FORMS": "0",
        "licences-0-kind": "halal",
        "licences-0-issued_on": tomorrow.isoformat(),
    }
    answer = client_of(officer).post("/ikm/baru/", {"key": str(uuid4()), "region": tala.pk, "name": "Usaha Baru", **rows})

    assert (answer.status_code, words in answer.content.decode()) == (422, True)
    assert not Enterprise.objects.filter(name="Usaha Baru").exists()


# --- hours and days of visits and training ---------------------------------------------------------------------------------


@pytest.fixture
def visit(tala_batch: Batch, officer: User) -> dict[str, Any]:
    programme = tala_batch.activity.programme
    programme.starts_on, programme.ends_on = dt.date(2020, 5, 1), dt.date(2020, 12, 31)
    programme.save()
    place = factories.EnrolmentFactory(batch=tala_batch, participant__region=tala_batch.region)
    instructor = factories.InstructorFactory(region=tala_batch.region)
    factories.InstructorAssignmentFactory(batch=tala_batch, instructor=instructor)
    return {"enrolment": place, "by": officer, "instructor": instructor, "visit_on": dt.date(2020, 6, 1), "purpose": "Mutu"}


HOURS = {"starts_at": dt.time(10), "ends_at": dt.time(9)}
LATER = ("ends_at", "The end time must be later than the start time.")


def test_the_end_time_of_a_visit_is_later_than_its_start(visit: dict[str, Any], officer: User) -> None:
    place = visit.pop("enrolment")
    assert refusal(actions.plan_visit, place, **visit, **HOURS) == LATER
    planned = actions.plan_visit(place, **visit, starts_at=dt.time(10))
    assert refusal(actions.update_visit, planned, by=officer, version=planned.version, ends_at=dt.time(9)) == LATER


def test_the_end_time_of_a_training_day_too(officer: User, tala_batch: Batch) -> None:
    assert refusal(actions.plan_days, tala_batch, by=officer, first_on=dt.date(2020, 6, 1), **HOURS) == LATER
    actions.plan_days(tala_batch, by=officer, first_on=dt.date(2020, 6, 1), count=1)
    day = tala_batch.sessions.get()
    assert refusal(actions.update_session, day, by=officer, version=day.version, held_on=day.held_on, **HOURS) == LATER


def test_a_visit_lies_within_the_programme(visit: dict[str, Any], officer: User, tala_batch: Batch) -> None:
    place, early = visit.pop("enrolment"), dt.date(2019, 11, 28)
    begins = "The programme begins on 1 May 2020."
    assert refusal(actions.plan_visit, place, **visit | {"visit_on": early}) == ("visit_on", begins)
    run = {"instructor": visit["instructor"], "purpose": "Mutu", "per_day": 1, "first_on": early}
    assert refusal(actions.plan_visits, tala_batch, by=officer, **run) == ("first_on", begins)
    planned = actions.plan_visit(place, **visit)
    assert refusal(actions.update_visit, planned, by=officer, version=planned.version, visit_on=dt.date(2021, 1, 1))[0] == "visit_on"
