"""A district's batch with people and days, and the three who handle money."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from tests import factories
from trainings.actions.payment_steps import approve_list, lock_list, pay_list
from trainings.actions.payments import make_list
from trainings.models import Activity, Attendance, Batch, Enrolment, Office, Official, PaymentList, Region, User

JUNE_1 = dt.date(2020, 6, 1)
PRESENT, ABSENT = Attendance.Mark.PRESENT, Attendance.Mark.ABSENT


@pytest.fixture
def ppk(province: Region) -> User:
    return factories.user("ppk", username="ppk.kalsel", full_name="PPK Kalsel")


@pytest.fixture
def treasurer(province: Region) -> User:
    return factories.user("bendahara", username="bendahara.kalsel", full_name="Bendahara Kalsel")


@pytest.fixture
def office(province: Region) -> Office:
    return factories.OfficeFactory(region=province, name="Dinas Perindustrian", city="Banjarbaru")


@pytest.fixture
def signers(office: Office) -> dict[str, Official]:
    return {
        "ppk": factories.OfficialFactory(office=office, name="PPK CONTOH", position="Pejabat Pembuat Komitmen"),
        "treasurer": factories.OfficialFactory(office=office, name="Bendahara CONTOH", position="Bendahara Pengeluaran"),
    }


def teach(
    activity: Activity, code: str = "63.02", *, people: int = 7, days: int = 5, absent: int = 0, start: dt.date = JUNE_1, number: int = 1
) -> Batch:
    """A batch in which everybody was present on every day, but for the last `absent` marks."""
    batch = factories.BatchFactory(activity=activity, region=factories.region(code), number=number)
    sessions = [factories.closed_day(batch, start + dt.timedelta(days=day)) for day in range(days)]
    places = [
        factories.EnrolmentFactory(
            batch=batch,
            participant=factories.ParticipantFactory(region=batch.region, name=f"Peserta {one} {code}", nik=factories.nik(code, one)),
        )
        for one in range(1, people + 1)
    ]
    marks = [factories.AttendanceFactory(session=session, enrolment=place) for place in places for session in sessions]
    for mark in marks[len(marks) - absent :]:
        mark_as(mark, ABSENT)
    return batch


def attend(batch: Batch, participant: Any, *days: dt.date) -> list[Attendance]:
    """Somebody of the register takes part in the batch, too, on these days."""
    place = factories.EnrolmentFactory(batch=batch, participant=participant)
    sessions = [batch.sessions.filter(held_on=day).first() or factories.closed_day(batch, day) for day in days]
    return [factories.AttendanceFactory(session=session, enrolment=place) for session in sessions]


def mark_as(mark: Attendance, to: str) -> None:
    """A correction of the attendance, as the grid makes it."""
    Attendance.objects.filter(pk=mark.pk).update(mark=to)


def mark_of(batch: Batch, person: int, day: int) -> Attendance:
    """Of the nth person on the nth day, from 1."""
    place: Enrolment = batch.enrolments.order_by("participant__name")[person - 1]
    return Attendance.objects.get(enrolment=place, session=batch.sessions.order_by("held_on")[day - 1])


@pytest.fixture
def training(programme) -> Activity:
    """Rp100,000 a day present or Rp40,000 for meals, and Rp50,000 of internet quota, allowed for visits too."""
    activity = factories.ActivityFactory(programme=programme, name="Bimtek Hazmat")
    factories.AllowanceSchemeFactory(activity=activity)
    factories.AllowanceSchemeFactory(activity=activity, kind="konsumsi", rate=40_000)
    factories.AllowanceSchemeFactory(activity=activity, kind="kuota", rate=50_000)
    return activity


@pytest.fixture
def kotabaru(training: Activity) -> Batch:
    """Seven people, five days, one absence: 34 person-days."""
    return teach(training, absent=1)


@pytest.fixture
def drafted(staff: User, office: Office, signers: dict[str, Official]) -> Callable[..., PaymentList]:
    def draft(batch: Batch, kind: str = "uang_harian", **facts: Any) -> PaymentList:
        return make_list(batch, by=staff, kind=kind, office=office, **{**signers, **facts})

    return draft


@pytest.fixture
def brought_to(drafted, staff: User, ppk: User, treasurer: User) -> Callable[..., PaymentList]:
    """A list of the batch at one of its states, by the people whose steps they are."""

    def bring(status: str, batch: Batch, kind: str = "uang_harian") -> PaymentList:
        one = drafted(batch, kind)
        steps: list[tuple[str, Callable[[], Any]]] = [
            ("terkunci", lambda: lock_list(one, by=staff, version=one.version)),
            (
                "disetujui",
                lambda: approve_list(
                    one, by=ppk, version=one.version, approved_on=dt.date(2020, 6, 8), backdating_reason="Dicatat kemudian"
                ),
            ),
            ("dibayar", lambda: pay_list(one, by=treasurer, version=one.version, paid_on=dt.date(2020, 6, 9))),
        ]
        for name, step in steps:
            if one.status == status:
                break
            step()
            assert one.status == name
        return one

    return bring
