"""Training days: a whole run at once, without Sundays and holidays; nobody teaches in two places; nothing recorded is taken out."""

from __future__ import annotations

import datetime as dt

import pytest

from ikm_program.actions import Refusal
from ikm_program.models import AuditEvent
from tests import factories
from tests.matrix_world import jpeg
from trainings import actions
from trainings.models import Batch, Enrolment, Instructor, Programme, Session, User
from trainings.training_days import run_of_days

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
FRIDAY = dt.date(2020, 5, 29)


@pytest.fixture
def guru(tala_batch: Batch) -> Instructor:
    instructor = factories.InstructorFactory(region=factories.region("63"), name="Guru CONTOH")
    factories.InstructorAssignmentFactory(batch=tala_batch, instructor=instructor)
    return instructor


def dates(batch: Batch) -> list[dt.date]:
    return list(batch.sessions.order_by("held_on").values_list("held_on", flat=True))


def test_a_run_leaves_out_sundays_and_holidays() -> None:
    days = run_of_days(FRIDAY, 4, skips_sundays=True, holidays=[dt.date(2020, 6, 1)])
    assert [day.day for day in days] == [29, 30, 2, 3]


def test_a_run_of_days_with_topics_sets_the_dates_of_the_batch(officer: User, tala_batch: Batch, guru: Instructor) -> None:
    topics = [
        {"topic": "Pola", "hours": 6, "instructor": guru, "day": 1},
        {"topic": "Doa pembuka", "hours": 1, "instructor": None, "day": None},
    ]
    actions.plan_days(
        tala_batch, by=officer, first_on=FRIDAY, count=3, holidays=[dt.date(2020, 6, 1)], topics=topics, starts_at=dt.time(8),
        ends_at=dt.time(15), place="Balai",
    )  # fmt: skip
    tala_batch.refresh_from_db()
    assert dates(tala_batch) == [dt.date(2020, 5, 29), dt.date(2020, 5, 30), dt.date(2020, 6, 2)]
    assert (tala_batch.starts_on, tala_batch.ends_on) == (dt.date(2020, 5, 29), dt.date(2020, 6, 2))
    assert [list(day.topics.values_list("topic", flat=True)) for day in tala_batch.sessions.order_by("held_on")] == [
        ["Pola", "Doa pembuka"], ["Doa pembuka"], ["Doa pembuka"],
    ]  # fmt: skip


def test_a_day_is_planned_once(officer: User, tala_batch: Batch) -> None:
    actions.plan_days(tala_batch, by=officer, first_on=FRIDAY, count=1)
    with pytest.raises(Refusal, match="already has a training day on that date"):
        actions.plan_days(tala_batch, by=officer, first_on=FRIDAY, count=2)
    assert dates(tala_batch) == [FRIDAY]  # all of the run, or none


def test_days_lie_within_the_programme(officer: User, tala_batch: Batch) -> None:
    tala_batch.activity.programme.starts_on = dt.date(2020, 6, 1)
    tala_batch.activity.programme.save()
    with pytest.raises(Refusal, match="The programme begins on 1 June 2020"):
        actions.plan_days(Batch.objects.get(), by=officer, first_on=FRIDAY)


def test_one_instructor_is_not_in_two_places(staff: User, tala_batch: Batch, banjar_batch: Batch, guru: Instructor) -> None:
    """Without times a shared day is a clash; with times only where they touch."""
    factories.InstructorAssignmentFactory(batch=banjar_batch, instructor=guru)
    morning, noon = {"starts_at": dt.time(8), "ends_at": dt.time(12)}, {"starts_at": dt.time(12), "ends_at": dt.time(15)}
    actions.plan_days(tala_batch, by=staff, first_on=FRIDAY, **morning)
    with pytest.raises(Refusal) as refused:
        actions.plan_days(banjar_batch, by=staff, first_on=FRIDAY)
    assert str(refused.value) == "Guru CONTOH is with “Bimtek Hazmat · batch 1 · Tala” on 29 May 2020 already (08.00–12.00)."
    with pytest.raises(Refusal):
        actions.plan_days(banjar_batch, by=staff, first_on=FRIDAY, starts_at=dt.time(11), ends_at=dt.time(13))
    assert dates(banjar_batch) == []
    actions.plan_days(banjar_batch, by=staff, first_on=FRIDAY, **noon)
    assert dates(banjar_batch) == [FRIDAY]


def test_another_offices_batch_is_not_named(officer: User, staff: User, tala_batch: Batch, banjar_batch: Batch, guru: Instructor) -> None:
    factories.InstructorAssignmentFactory(batch=banjar_batch, instructor=guru)
    actions.plan_days(banjar_batch, by=staff, first_on=FRIDAY)
    with pytest.raises(Refusal, match="is with “another batch”"):
        actions.plan_days(tala_batch, by=officer, first_on=FRIDAY)


def test_who_is_assigned_later_clashes_too(staff: User, tala_batch: Batch, banjar_batch: Batch, guru: Instructor) -> None:
    for batch in (tala_batch, banjar_batch):
        actions.plan_days(batch, by=staff, first_on=FRIDAY)
    banjar_batch.refresh_from_db()
    with pytest.raises(Refusal, match="Guru CONTOH is with"):
        actions.update_batch(banjar_batch, by=staff, instructors=[guru])
    assert not banjar_batch.assignments.exists()


def test_topics_say_who_teaches_a_day(staff: User, tala_batch: Batch, banjar_batch: Batch, guru: Instructor) -> None:
    """Of two instructors only the one beside the topic is there."""
    other = factories.InstructorFactory(region=factories.region("63"))
    factories.InstructorAssignmentFactory(batch=tala_batch, instructor=other)
    actions.plan_days(tala_batch, by=staff, first_on=FRIDAY, topics=[{"topic": "Pola", "hours": 6, "instructor": other, "day": None}])
    factories.InstructorAssignmentFactory(batch=banjar_batch, instructor=guru)
    actions.plan_days(banjar_batch, by=staff, first_on=FRIDAY)
    assert dates(banjar_batch) == [FRIDAY]


def test_a_cancelled_batch_holds_nobody(staff: User, tala_batch: Batch, banjar_batch: Batch, guru: Instructor) -> None:
    factories.InstructorAssignmentFactory(batch=banjar_batch, instructor=guru)
    actions.plan_days(tala_batch, by=staff, first_on=FRIDAY)
    tala_batch.refresh_from_db()
    actions.cancel_batch(tala_batch, by=staff, version=tala_batch.version, reason="Tidak ada bahan")
    actions.plan_days(banjar_batch, by=staff, first_on=FRIDAY)
    assert dates(banjar_batch) == [FRIDAY]


def test_a_day_with_attendance_keeps_its_date_and_stays(officer: User, days: list[Session], people: list[Enrolment]) -> None:
    actions.record_day(days[0], by=officer, version=1, marks={people[0].pk: "hadir"})
    day = Session.objects.select_related("batch__activity__programme").get(pk=days[0].pk)
    with pytest.raises(Refusal, match="its date stays"):
        actions.update_session(day, by=officer, version=day.version, held_on=FRIDAY)
    with pytest.raises(Refusal, match="it stays"):
        actions.remove_session(day, by=officer, version=day.version)
    actions.update_session(day, by=officer, version=day.version, held_on=day.held_on, topics=[{"topic": "Pola", "hours": 6}])
    assert [topic.topic for topic in day.topics.all()] == ["Pola"]


def test_a_day_without_anything_on_it_is_taken_out(officer: User, days: list[Session], tala_batch: Batch) -> None:
    actions.remove_session(days[0], by=officer, version=1)
    tala_batch.refresh_from_db()
    assert (len(dates(tala_batch)), tala_batch.starts_on) == (4, days[1].held_on)
    assert AuditEvent.objects.filter(verb="deleted", model="trainings.session").count() == 1


def test_the_signed_list_is_replaced_only_with_a_reason(officer: User, days: list[Session]) -> None:
    day = actions.attach_scan(days[0], by=officer, version=1, scan=jpeg())
    first = day.scan_sha256
    with pytest.raises(Refusal, match="Say why another one takes its place"):
        actions.attach_scan(day, by=officer, version=day.version, scan=jpeg())
    actions.attach_scan(day, by=officer, version=day.version, scan=jpeg(), reason="Halaman kedua belum ada")
    event = AuditEvent.objects.filter(verb="evidence_added").order_by("-sequence")[0]
    assert (event.before["scan_sha256"], event.reason) == (first, "Halaman kedua belum ada")


def test_a_run_from_the_form(officer: User, tala_batch: Batch, client_of) -> None:
    sent = {
        "key": "11111111-1111-4111-8111-111111111111", "first_on": "2020-05-29", "count": "3", "skips_sundays": "on",
        "holidays": "01/06/2020; 2020-06-02", "starts_at": "08:00", "ends_at": "15:00", "place": "Balai",
        "topics-TOTAL_FORMS": "1", "topics-INITIAL_FORMS": "0", "topics-0-day": "2", "topics-0-topic": "Pola", "topics-0-hours": "6",
    }  # fmt: skip
    browser, url = client_of(officer), f"/angkatan/{tala_batch.pk}/hari/"
    assert "holidays" in browser.post(url, sent | {"holidays": "kemarin"}).context["form"].errors
    Programme.objects.update(starts_on=dt.date(2020, 5, 1), ends_on=dt.date(2020, 5, 30))
    assert list(browser.post(url, sent | {"first_on": "2020-04-30"}).context["form"].errors) == ["first_on"]
    assert list(browser.post(url, sent).context["form"].errors) == ["count"]  # the third day lies behind the end
    Programme.objects.update(starts_on=None, ends_on=None)
    assert browser.post(url, sent).status_code == 302
    assert [day.day for day in dates(tala_batch)] == [29, 30, 3]
    assert [day.topics.count() for day in tala_batch.sessions.order_by("held_on")] == [0, 1, 0]
