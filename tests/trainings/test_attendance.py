"""Attendance: recorded on a grid or day by day, closed when it is complete, afterwards corrected with a reason and on record."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from ikm_program.actions import Refusal, StaleVersion
from ikm_program.integrity import trail
from ikm_program.models import AuditEvent
from tests import factories
from tests.paper_text import pages_of
from trainings import actions
from trainings.models import Attendance, Batch, Enrolment, Session, User

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
KEY = "11111111-1111-4111-8111-{:012d}"


def fresh(session: Session) -> Session:
    return Session.objects.select_related("batch__activity__programme", "batch__region").get(pk=session.pk)


def everybody(people: list[Enrolment], mark: str = "hadir") -> dict[int, str]:
    return {place.pk: mark for place in people}


def closed(session: Session, people: list[Enrolment], by: User, **others: str) -> Session:
    marks = everybody(people) | {people[int(place[1:])].pk: mark for place, mark in others.items()}
    done: Session = actions.record_day(fresh(session), by=by, version=session.version, marks=marks, closes=True)
    return done


# --- recording


def test_a_grid_of_several_days_is_saved_at_once(officer: User, tala_batch: Batch, days: list[Session], people: list[Enrolment]) -> None:
    marks = {day.pk: everybody(people) for day in days[:2]}
    actions.record_attendance(tala_batch, by=officer, marks=marks, versions={day.pk: 1 for day in days})
    assert Attendance.objects.present().count() == 14
    assert (fresh(days[0]).version, fresh(days[2]).version) == (2, 1)
    assert (tala_batch.status, AuditEvent.objects.filter(verb="created", model="trainings.attendance").count()) == ("berjalan", 14)
    assert list(trail.records()) == []


def test_seven_people_five_days_one_absence_are_34_person_days(officer: User, days: list[Session], people: list[Enrolment]) -> None:
    for number, day in enumerate(days):
        closed(day, people, officer, **({"p4": "izin"} if number == 2 else {}))
    assert Attendance.objects.present().count() == 34


def test_two_grids_of_different_days_do_not_undo_each_other(
    officer: User, tala_batch: Batch, days: list[Session], people: list[Enrolment]
) -> None:
    """Only what was changed is sent: the second knows nothing of the first one's day."""
    versions = {day.pk: 1 for day in days}
    actions.record_attendance(tala_batch, by=officer, marks={days[0].pk: everybody(people)}, versions=versions)
    actions.record_attendance(tala_batch, by=officer, marks={days[1].pk: {people[0].pk: "alpa"}}, versions=versions)
    assert Attendance.objects.count() == 8


def test_of_two_who_record_the_same_day_the_second_is_told(officer: User, tala_batch: Batch, days: list[Session], people) -> None:
    sent = {"marks": {days[0].pk: {people[0].pk: "hadir"}}, "versions": {days[0].pk: 1}}
    actions.record_attendance(tala_batch, by=officer, **sent)
    with pytest.raises(StaleVersion):
        actions.record_attendance(tala_batch, by=officer, **sent | {"marks": {days[0].pk: {people[1].pk: "alpa"}}})
    assert Attendance.objects.count() == 1


def test_a_mark_can_be_taken_back_as_long_as_the_day_is_open(officer: User, days: list[Session], people: list[Enrolment]) -> None:
    actions.record_day(fresh(days[0]), by=officer, version=1, marks={people[0].pk: "hadir"})
    actions.record_day(fresh(days[0]), by=officer, version=2, marks={people[0].pk: ""})
    assert not Attendance.objects.exists()
    assert list(trail.records()) == []


def test_a_day_that_has_not_come_has_no_attendance(officer: User, tala_batch: Batch, people: list[Enrolment]) -> None:
    tomorrow = factories.SessionFactory(batch=tala_batch, held_on=timezone.localdate() + dt.timedelta(days=1))
    with pytest.raises(Refusal, match="has not come yet"):
        actions.record_day(tomorrow, by=officer, version=1, marks=everybody(people))


def test_who_has_no_place_has_no_mark(officer: User, days: list[Session], people: list[Enrolment], banjar_batch: Batch) -> None:
    waiting = factories.EnrolmentFactory(batch=days[0].batch, status="diusulkan")
    with pytest.raises(Refusal, match="has no place in this batch"):
        actions.record_day(fresh(days[0]), by=officer, version=1, marks={waiting.pk: "hadir"})
    stranger = factories.EnrolmentFactory(batch=banjar_batch)
    with pytest.raises(Refusal, match="does not take part in the batch"):
        actions.record_day(fresh(days[0]), by=officer, version=1, marks={stranger.pk: "hadir"})


def test_who_left_keeps_the_marks_of_before(officer: User, days: list[Session], people: list[Enrolment]) -> None:
    closed(days[0], people, officer)
    actions.withdraw(Enrolment.objects.get(pk=people[0].pk), by=officer)
    closed(days[1], people[1:], officer)
    assert Attendance.objects.filter(enrolment=people[0]).count() == 1


def test_an_instructor_records_the_own_batches_only(teacher: User, days: list[Session], people: list[Enrolment]) -> None:
    closed(days[0], people, teacher)
    activity = factories.ActivityFactory(programme=days[0].batch.activity.programme)
    other = factories.BatchFactory(activity=activity, region=days[0].batch.region)
    day = factories.SessionFactory(batch=other, held_on=days[0].held_on)
    place = factories.EnrolmentFactory(batch=other)
    with pytest.raises(Refusal, match="You are not an instructor of this batch"):
        actions.record_day(day, by=teacher, version=1, marks={place.pk: "hadir"})


def test_each_district_records_its_own_people_of_a_batch_of_the_province(officer: User, staff: User, province, hazmat_training) -> None:
    batch = factories.BatchFactory(activity=hazmat_training, region=province)
    day = factories.SessionFactory(batch=batch, held_on=dt.date(2020, 6, 8))
    own, others = (
        factories.EnrolmentFactory(batch=batch, participant=factories.ParticipantFactory(region=factories.region(code)))
        for code in ("63.01", "63.03")
    )
    actions.record_day(fresh(day), by=officer, version=1, marks={own.pk: "hadir"})
    with pytest.raises(Refusal, match="lies outside your region"):
        actions.record_day(fresh(day), by=officer, version=2, marks={others.pk: "hadir"})
    actions.record_day(fresh(day), by=staff, version=2, marks={others.pk: "hadir"})
    with pytest.raises(Refusal, match="lies outside your region"):
        actions.close_day(fresh(day), by=officer, version=3)
    actions.close_day(fresh(day), by=staff, version=3)


def test_who_only_reads_records_nothing(official: User, days: list[Session], people: list[Enrolment]) -> None:
    with pytest.raises(PermissionDenied):
        actions.record_day(days[0], by=official, version=1, marks=everybody(people))


# --- closing and correcting


def test_a_day_is_closed_when_something_is_said_of_everybody(officer: User, days: list[Session], people: list[Enrolment]) -> None:
    actions.record_day(fresh(days[0]), by=officer, version=1, marks=everybody(people[:5]))
    with pytest.raises(Refusal, match="Of 2 participants nothing is said yet"):
        actions.close_day(fresh(days[0]), by=officer, version=2)
    actions.record_day(fresh(days[0]), by=officer, version=2, marks=everybody(people[5:], "sakit"), closes=True)
    day = fresh(days[0])
    assert (day.is_closed, day.closed_by) == (True, officer)
    with pytest.raises(Refusal, match="is closed"):
        actions.record_day(day, by=officer, version=day.version, marks={people[0].pk: "alpa"})


def test_an_empty_day_is_not_closed(officer: User, days: list[Session]) -> None:
    with pytest.raises(Refusal, match="Nobody has a place"):
        actions.close_day(fresh(days[0]), by=officer, version=1)


def test_a_correction_says_why_and_keeps_both_marks(officer: User, days: list[Session], people: list[Enrolment]) -> None:
    day = closed(days[0], people, officer)
    wrong = {people[0].pk: "alpa"}
    with pytest.raises(Refusal, match="Say why"):
        actions.correct_attendance(fresh(day), by=officer, version=day.version, marks=wrong, reason=" ")
    actions.correct_attendance(fresh(day), by=officer, version=day.version, marks=wrong, reason="Salah baca tanda tangan")
    assert Attendance.objects.get(enrolment=people[0]).mark == "alpa"
    event = AuditEvent.objects.get(verb="attendance_corrected")
    name = people[0].participant.name
    assert (event.before["marks"], event.after["marks"], event.reason) == ({name: "Present"}, {name: "Absent"}, "Salah baca tanda tangan")
    assert list(trail.records()) == []


def test_only_a_closed_day_is_corrected_and_no_mark_disappears(officer: User, days: list[Session], people: list[Enrolment]) -> None:
    with pytest.raises(Refusal, match="not closed yet"):
        actions.correct_attendance(fresh(days[0]), by=officer, version=1, marks={people[0].pk: "alpa"}, reason="Salah")
    day = closed(days[0], people, officer)
    with pytest.raises(Refusal, match="says something of everybody"):
        actions.correct_attendance(fresh(day), by=officer, version=day.version, marks={people[0].pk: ""}, reason="Salah")


def test_an_instructor_corrects_nothing(teacher: User, days: list[Session], people: list[Enrolment]) -> None:
    day = closed(days[0], people, teacher)
    with pytest.raises(PermissionDenied):
        actions.correct_attendance(fresh(day), by=teacher, version=day.version, marks={people[0].pk: "alpa"}, reason="Salah")


def test_a_finished_batch_is_still_corrected(officer: User, tala_batch: Batch, days: list[Session], people: list[Enrolment]) -> None:
    done = [closed(day, people, officer) for day in days]
    tala_batch.refresh_from_db()
    actions.finish_batch(tala_batch, by=officer, version=tala_batch.version)
    actions.correct_attendance(fresh(done[0]), by=officer, version=done[0].version, marks={people[0].pk: "alpa"}, reason="Salah")
    assert Attendance.objects.present().count() == 34


# --- the grid and the day on screen


def filled(page: Any) -> dict[str, Any]:
    form = page.context["form"]
    return {bound.html_name: bound.value() or "" for bound in form}


def test_the_grid_sends_what_was_changed(officer: User, tala_batch: Batch, days: list[Session], people: list[Enrolment], client_of) -> None:
    browser, url = client_of(officer), f"/angkatan/{tala_batch.pk}/kehadiran/"
    first, second = filled(browser.get(url)), filled(browser.get(url))
    one, other = (f"m-{day.pk}-{people[0].pk}" for day in days[:2])
    assert browser.post(url, first | {one: "hadir", "key": KEY.format(1)}).status_code == 302
    assert browser.post(url, second | {other: "alpa", "key": KEY.format(2)}).status_code == 302  # opened before the first was saved
    assert sorted(Attendance.objects.values_list("mark", flat=True)) == ["alpa", "hadir"]
    stale = browser.post(url, second | {one: "alpa", "key": KEY.format(3)})
    assert (stale.status_code, '<option value="alpa" selected>' in stale.content.decode()) == (409, True)


def test_a_retry_of_the_same_form_is_one_record(officer: User, tala_batch: Batch, days: list[Session], people, client_of) -> None:
    browser, url = client_of(officer), f"/angkatan/{tala_batch.pk}/kehadiran/"
    sent = filled(browser.get(url)) | {f"m-{days[0].pk}-{people[0].pk}": "hadir"}
    assert [browser.post(url, sent, headers={"accept": "application/json"}).status_code for _try in range(2)] == [201, 201]
    assert (Attendance.objects.count(), fresh(days[0]).version) == (1, 2)


def test_everybody_present_is_a_page_that_comes_filled_in(officer: User, days: list[Session], people: list[Enrolment], client_of) -> None:
    """Without JavaScript: then the exceptions, then one button that saves and closes."""
    browser, url = client_of(officer), f"/hari-pelatihan/{days[0].pk}/kehadiran/"
    sent = filled(browser.get(f"{url}?isi=semua")) | {f"m-{days[0].pk}-{people[2].pk}": "sakit", "langkah": "tutup"}
    assert not Attendance.objects.exists()
    assert browser.post(url, sent).status_code == 302
    assert (Attendance.objects.present().count(), fresh(days[0]).is_closed) == (6, True)


def test_a_closed_day_is_read_only_in_the_grid(officer: User, tala_batch: Batch, days: list[Session], people, client_of) -> None:
    closed(days[0], people, officer)
    form = client_of(officer).get(f"/angkatan/{tala_batch.pk}/kehadiran/").context["form"]
    assert [f"m-{day.pk}-{people[0].pk}" in form.fields for day in days[:2]] == [False, True]


def test_the_screens_of_an_instructor_are_those_of_the_own_batches(
    teacher: User, tala_batch: Batch, days: list[Session], people: list[Enrolment], client_of
) -> None:
    other = factories.BatchFactory(activity=tala_batch.activity, region=tala_batch.region, number=2)
    day = factories.SessionFactory(batch=other)
    browser = client_of(teacher)
    pages = (f"/angkatan/{tala_batch.pk}/kehadiran/", f"/hari-pelatihan/{days[0].pk}/kehadiran/")
    strange = (f"/angkatan/{other.pk}/kehadiran/", f"/hari-pelatihan/{day.pk}/kehadiran/")
    assert [browser.get(url).status_code for url in (*pages, *strange)] == [200, 200, 404, 404]


def test_the_list_to_sign_has_a_sheet_a_day_and_no_whole_nik(
    officer: User, tala_batch: Batch, days: list[Session], people: list[Enrolment], client_of
) -> None:

    person = people[0].participant
    person.nik = factories.nik()
    person.save(update_fields=["nik"])
    pages = pages_of(client_of(officer).get(f"/angkatan/{tala_batch.pk}/daftar-hadir.pdf").content)
    text = pages[0]
    assert len(pages) == 5
    assert all(word in text for word in ("DAFTAR HADIR", "Senin, 8 Juni 2020", person.name, "Tanda tangan", f"{person.nik[:6]}******"))
    assert person.nik not in text
