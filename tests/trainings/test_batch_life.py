"""A batch: planned, running, finished or cancelled; its decree; what it still lacks; people with two trainings on one day; visits."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from ikm_program import gaps
from ikm_program.actions import Refusal
from tests import factories
from tests.matrix_world import jpeg
from trainings import actions
from trainings.models import ActivityDistrict, Batch, Decree, Enrolment, Instructor, Session, User, Visit
from trainings.reports.doubles import double_days

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
DAY = dt.date(2020, 6, 8)


def lacking(batch: Batch, user: User) -> dict[str, int]:
    known = gaps.known("trainings.batch", user)
    return {lack.gap.code: lack.count for lack in gaps.of(gaps.annotated(Batch.objects.filter(pk=batch.pk), known).get(), known)}


# --- its life


def test_a_batch_is_finished_when_every_day_is_closed(officer: User, tala_batch: Batch, days: list[Session], people) -> None:
    actions.start_batch(tala_batch, by=officer, version=1)
    with pytest.raises(Refusal, match="The attendance of 8 June 2020 is not closed yet"):
        actions.finish_batch(tala_batch, by=officer, version=2)
    Session.objects.update(closed_at=timezone.now(), closed_by=officer)
    actions.finish_batch(tala_batch, by=officer, version=2)
    with pytest.raises(Refusal, match="nothing can be entered"):
        actions.plan_days(tala_batch, by=officer, first_on=dt.date(2020, 7, 1))
    with pytest.raises(Refusal, match="Say why"):
        actions.reopen_batch(tala_batch, by=officer, version=3, reason="")
    actions.reopen_batch(tala_batch, by=officer, version=3, reason="Satu hari belum dicatat")
    assert tala_batch.status == "berjalan"


def test_a_cancelled_batch_frees_its_places_and_calls_off_its_visits(staff: User, tala_batch: Batch, people: list[Enrolment]) -> None:
    visit = Visit.objects.create(enrolment=people[0], instructor=factories.InstructorFactory(), visit_on=DAY, purpose="Melihat")
    with pytest.raises(Refusal, match="Say why"):
        actions.cancel_batch(tala_batch, by=staff, version=1, reason=" ")
    actions.cancel_batch(tala_batch, by=staff, version=1, reason="Tidak ada bahan")
    visit.refresh_from_db()
    assert (tala_batch.status, tala_batch.cancelled_reason, visit.status) == ("dibatalkan", "Tidak ada bahan", "dibatalkan")
    assert (tala_batch.enrolments.live().count(), ActivityDistrict.objects.get(region=tala_batch.region).enrolled) == (0, 0)
    assert lacking(tala_batch, staff) == {}


def test_what_was_attended_is_not_cancelled(staff: User, officer: User, tala_batch: Batch, days: list[Session], people) -> None:
    actions.record_day(days[0], by=officer, version=1, marks={people[0].pk: "hadir"})
    tala_batch.refresh_from_db()
    with pytest.raises(Refusal, match="finish it instead"):
        actions.cancel_batch(tala_batch, by=staff, version=tala_batch.version, reason="Tidak ada bahan")
    with pytest.raises(PermissionDenied):
        actions.cancel_batch(tala_batch, by=officer, version=tala_batch.version, reason="Tidak ada bahan")


def test_an_assignment_letter_stands_beside_its_instructor(officer: User, tala_batch: Batch, client_of) -> None:
    guru = factories.InstructorFactory(region=tala_batch.region)
    actions.update_batch(tala_batch, by=officer, instructors=[guru])
    assert lacking(tala_batch, officer)["surat-tugas"] == 1
    sent = {
        "key": "11111111-1111-4111-8111-111111111111", "version": tala_batch.version, "number": 1, "mode": "kunjungan",
        "instructors-TOTAL_FORMS": "1", "instructors-INITIAL_FORMS": "0", "instructors-0-instructor": guru.pk,
        "instructors-0-letter": "800/1/ST", "instructors-0-letter_on": "2020-06-01",
    }  # fmt: skip
    assert client_of(officer).post(f"/angkatan/{tala_batch.pk}/ubah/", sent).status_code == 302
    assignment = tala_batch.assignments.get()
    assert (assignment.letter, assignment.letter_on) == ("800/1/ST", dt.date(2020, 6, 1))
    assert "surat-tugas" not in lacking(tala_batch, officer)


# --- decrees


def decree(by: User, *batches: Batch, code: str = "63", **values) -> Decree:
    office = factories.OfficeFactory(region=factories.region(code))
    facts = {"number": f"SK-{office.pk}", "issued_on": DAY, "about": "Peserta"} | values
    made: Decree = actions.create_decree(Decree, by=by, office=office, batches=batches, **facts)
    return made


def test_one_decree_covers_several_batches(staff: User, tala_batch: Batch, banjar_batch: Batch) -> None:
    made = decree(staff, tala_batch, banjar_batch, file=jpeg())
    assert (made.batches.count(), made.has_file) == (2, True)
    with pytest.raises(Refusal, match="has a decree already"):
        decree(staff, tala_batch)
    actions.update_decree(made, by=staff, version=made.version, batches=[Batch.objects.get(pk=banjar_batch.pk)])
    assert list(made.batches.all()) == [banjar_batch]


def test_an_office_decides_on_its_own_batches(officer: User, staff: User, tala_batch: Batch, banjar_batch: Batch) -> None:
    with pytest.raises(Refusal, match="does not decide on"):
        decree(staff, banjar_batch, code="63.01")
    with pytest.raises(Refusal, match="outside your region"):
        decree(officer, tala_batch, code="63")
    assert decree(officer, tala_batch, code="63.01").batches.get() == tala_batch


def test_another_file_in_its_place_needs_a_reason(staff: User, tala_batch: Batch) -> None:
    made = decree(staff, tala_batch, file=jpeg())
    with pytest.raises(Refusal, match="Say why another file"):
        actions.update_decree(made, by=staff, version=made.version, file=jpeg())


def test_the_file_goes_to_those_who_may_see_it(staff: User, officer: User, other_officer: User, tala_batch: Batch, client_of) -> None:
    made = decree(officer, tala_batch, code="63.01", file=jpeg())
    answers = [client_of(person).get(f"/sk/{made.pk}/berkas/") for person in (staff, officer, other_officer)]
    assert [answer.status_code for answer in answers] == [200, 200, 404]
    assert "sandbox" in answers[0].headers["Content-Security-Policy"]


# --- what is missing


def test_a_new_batch_lacks_everything(officer: User, tala_batch: Batch) -> None:
    assert set(lacking(tala_batch, officer)) == {"tanpa-sk", "tanpa-peserta", "tanpa-instruktur", "tanpa-hari"}


def test_days_are_closed_then_signed(officer: User, tala_batch: Batch, days: list[Session], people: list[Enrolment]) -> None:
    factories.SessionFactory(batch=tala_batch, held_on=timezone.localdate() + dt.timedelta(days=3))  # not due
    assert lacking(tala_batch, officer)["kehadiran"] == 5
    Session.objects.filter(pk__in=[day.pk for day in days[:3]]).update(closed_at=timezone.now(), closed_by=officer)
    found = lacking(tala_batch, officer)
    assert (found["kehadiran"], found["daftar-hadir"]) == (2, 3)


def test_the_list_is_narrowed_to_what_is_missing(staff: User, tala_batch: Batch, banjar_batch: Batch, client_of) -> None:
    decree(staff, tala_batch, file=jpeg())
    browser = client_of(staff)
    rows = [browser.get(f"/angkatan/?kurang={code}").context["object_list"] for code in ("tanpa-sk", "apa-saja", "rangkap")]
    assert [len(found) for found in rows] == [1, 2, 0]
    assert str(rows[0][0].lacks[0]) == "no decree of participants"


def test_production_adds_what_it_knows(officer: User, tala_batch: Batch, days: list[Session], people: list[Enrolment]) -> None:
    product = factories.ProductFactory()
    factories.ActivityProductFactory(activity=tala_batch.activity, product=product)
    Batch.objects.filter(pk=tala_batch.pk).update(starts_on=DAY)
    assert lacking(tala_batch, officer)["belum-lapor"] == 1


# --- two trainings on one day


@pytest.fixture
def twice(tala_batch: Batch, banjar_batch: Batch, days: list[Session]) -> Enrolment:
    """One NIK, recorded in two districts, in two activities; the second has one of the days of the first."""
    other = factories.BatchFactory(activity=factories.ActivityFactory(programme=tala_batch.activity.programme), region=banjar_batch.region)
    factories.SessionFactory(batch=other, held_on=days[1].held_on)
    factories.SessionFactory(batch=other, held_on=dt.date(2020, 7, 1))
    factories.EnrolmentFactory(batch=other, participant=factories.ParticipantFactory(region=other.region, nik=factories.nik()))
    person = factories.ParticipantFactory(region=tala_batch.region, nik=factories.nik())
    return factories.EnrolmentFactory(batch=tala_batch, participant=person)


def test_the_same_nik_in_two_batches_on_one_day_is_found_from_both_sides(staff: User, twice: Enrolment) -> None:
    found = double_days(twice.batch)
    assert [(double.day, double.enrolment, double.is_present_in_both) for double in found] == [(dt.date(2020, 6, 9), twice, False)]
    other = found[0].other_batch
    assert [double.other_batch for double in double_days(other)] == [twice.batch]
    assert (lacking(twice.batch, staff)["rangkap"], lacking(other, staff)["rangkap"]) == (1, 1)


def test_present_in_both_lists_is_said_apart(twice: Enrolment) -> None:
    double = double_days(twice.batch)[0]
    factories.AttendanceFactory(session=double.session, enrolment=double.enrolment)
    factories.AttendanceFactory(session=double.other_session, enrolment=double.other_enrolment)
    assert double_days(twice.batch)[0].is_present_in_both


def test_who_has_left_or_been_cancelled_is_in_one_place(staff: User, twice: Enrolment) -> None:
    double = double_days(twice.batch)[0]
    Enrolment.objects.filter(pk=double.other_enrolment.pk).update(status="mundur")
    assert double_days(twice.batch) == []


def test_the_page_flags_it_and_names_no_batch_of_another_office(staff: User, officer: User, twice: Enrolment, client_of) -> None:
    other = str(double_days(twice.batch)[0].other_batch)
    pages = [client_of(person).get(twice.batch.get_absolute_url()).content.decode() for person in (staff, officer)]
    assert [(other in page, "Two trainings on one day" in page) for page in pages] == [(True, True), (False, True)]


# --- visits


@pytest.fixture
def guru(tala_batch: Batch) -> Instructor:
    instructor = factories.InstructorFactory(region=tala_batch.region, name="Guru CONTOH")
    factories.InstructorAssignmentFactory(batch=tala_batch, instructor=instructor)
    return instructor


def test_everybody_of_a_batch_is_visited_so_many_a_day(officer: User, tala_batch: Batch, people, guru: Instructor) -> None:
    actions.plan_visits(tala_batch, by=officer, instructor=guru, first_on=dt.date(2020, 6, 13), per_day=3, purpose="Mutu")
    days = list(Visit.objects.order_by("visit_on").values_list("visit_on", flat=True))
    assert [day.day for day in days] == [13, 13, 13, 15, 15, 15, 16]  # the 14th is a Sunday
    with pytest.raises(Refusal, match="For every participant a visit is planned already"):
        actions.plan_visits(tala_batch, by=officer, instructor=guru, first_on=DAY, per_day=3, purpose="Mutu")


def test_a_visit_clashes_with_another_batch_and_within_one_only_by_the_clock(
    officer: User, tala_batch: Batch, people: list[Enrolment], guru: Instructor
) -> None:
    other = factories.BatchFactory(activity=factories.ActivityFactory(programme=tala_batch.activity.programme), region=tala_batch.region)
    factories.InstructorAssignmentFactory(batch=other, instructor=guru)
    factories.SessionFactory(batch=other, held_on=DAY)
    with pytest.raises(Refusal, match="Guru CONTOH is with"):
        actions.plan_visit(people[0], by=officer, instructor=guru, visit_on=DAY, purpose="Mutu")
    later = {"visit_on": DAY + dt.timedelta(days=1), "instructor": guru, "purpose": "Mutu"}
    nine, ten = dt.time(9), dt.time(10)
    actions.plan_visit(people[0], by=officer, starts_at=nine, ends_at=ten, **later)
    actions.plan_visit(people[1], by=officer, **later)
    with pytest.raises(Refusal, match=r"already \(09.00–10.00\)"):
        actions.plan_visit(people[2], by=officer, starts_at=nine, ends_at=ten, **later)


def test_what_came_of_a_visit(officer: User, people: list[Enrolment], guru: Instructor) -> None:
    visit = actions.plan_visit(people[0], by=officer, instructor=guru, visit_on=DAY, purpose="Mutu")
    with pytest.raises(Refusal, match="Say why"):
        actions.miss_visit(visit, by=officer, version=visit.version, note="")
    actions.miss_visit(visit, by=officer, version=visit.version, note="Peserta sakit")
    actions.complete_visit(visit, by=officer, version=visit.version, note="Ternyata ada")
    assert (visit.status, visit.note) == ("terlaksana", "Ternyata ada")
    coming = actions.plan_visit(
        people[1], by=officer, instructor=guru, visit_on=timezone.localdate() + dt.timedelta(days=1), purpose="Mutu"
    )
    with pytest.raises(Refusal, match="has not come yet"):
        actions.complete_visit(coming, by=officer, version=coming.version)


def test_the_calendar_and_the_list_are_narrowed_by_instructor_and_district(
    staff: User, officer: User, other_officer: User, people: list[Enrolment], guru: Instructor, client_of
) -> None:
    visit = actions.plan_visit(people[0], by=officer, instructor=guru, visit_on=DAY, purpose="Mutu")
    name, browser = visit.enrolment.participant.name, client_of(staff)
    query = f"bulan=2020-06&instruktur={guru.pk}&wilayah={visit.enrolment.participant.region_id}"
    assert name in browser.get(f"/kunjungan/?{query}").content.decode()
    assert name not in browser.get(f"/kunjungan/?bulan=2020-06&wilayah={factories.region('63.03').pk}").content.decode()
    empty = browser.get("/kunjungan/?bulan=2020-08")
    assert (name in empty.content.decode(), "?bulan=2020-06" in empty.content.decode()) == (False, True)  # the way to the nearest visit
    assert name not in client_of(other_officer).get("/kunjungan/?bulan=2020-06").content.decode()
    rows = browser.get("/kunjungan/jadwal/?dari=2020-06-01&sampai=2020-06-30").context["report"].rows
    assert [(row["participant"], row["instructor"]) for row in rows] == [(name, "Guru CONTOH")]
    assert browser.get("/kunjungan/jadwal/?dari=2020-06-01&sampai=2020-06-30&format=pdf").content.startswith(b"%PDF")


def test_lacks_lead_only_to_pages_that_open(client_of, officer, official, staff, tala_batch, days) -> None:
    """Not who may not mend them, and not a district on a batch of the province."""
    Batch.objects.filter(pk=tala_batch.pk).update(starts_on=DAY)
    of_province = factories.BatchFactory(region=staff.region, activity=tala_batch.activity)
    led = {}
    for user in (officer, official, staff):
        browser = client_of(user)
        for batch in (tala_batch, of_province):
            lacks = browser.get(batch.get_absolute_url()).context["lacks"]
            assert lacks
            ways = [lack.href for lack in lacks if lack.href]
            assert [browser.get(way).status_code for way in ways] == [200] * len(ways)
            led[user.username, batch.pk] = {lack.gap.code for lack in lacks if lack.href}
    assert "kehadiran" in led[officer.username, tala_batch.pk]
    assert not led[official.username, tala_batch.pk] & {"kehadiran", "tanpa-peserta", "tanpa-instruktur"}
    assert not led[officer.username, of_province.pk] & {"tanpa-peserta", "tanpa-instruktur", "tanpa-hari"}
    assert {"tanpa-peserta", "tanpa-instruktur", "tanpa-hari"} <= led[staff.username, of_province.pk]


def test_who_cannot_mend_a_lack_is_told_of_it_and_led_nowhere(officer: User, official: User, tala_batch: Batch) -> None:
    def ways(user: User) -> dict[str, bool]:
        known = gaps.known("trainings.batch", user)
        row = gaps.annotated(Batch.objects.filter(pk=tala_batch.pk), known).get()
        return {lack.gap.code: bool(lack.href) for lack in gaps.of(row, known) if lack.gap.code in ("tanpa-peserta", "tanpa-hari")}

    assert ways(officer) == {"tanpa-peserta": True, "tanpa-hari": True}
    assert ways(official) == {"tanpa-peserta": False, "tanpa-hari": False}
