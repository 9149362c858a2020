"""Certificates for those who were there often enough: numbered, verifiable, never with a NIK; a wrong one is cancelled and issued anew."""

from __future__ import annotations

import datetime as dt
from io import BytesIO

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from pypdf import PdfReader

from ikm_program import gaps
from ikm_program.actions import Refusal
from tests import factories
from tests.paper_text import pages_of
from trainings import actions
from trainings.models import Attendance, Batch, Certificate, Enrolment, Official, Session, User
from trainings.tasks import render_document
from trainings.training_days import is_earned

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


@pytest.fixture
def course(tala_batch: Batch, days: list[Session], people: list[Enrolment], officer: User) -> Batch:
    """Five closed days; the first person was there on four of them, the second on three."""
    absent = {(0, 0), (0, 1), (1, 1)}
    for number, day in enumerate(days):
        for place, enrolment in enumerate(people):
            mark = "alpa" if (number, place) in absent else "hadir"
            factories.AttendanceFactory(session=day, enrolment=enrolment, mark=mark)
    Session.objects.update(closed_at=timezone.now(), closed_by=officer)
    factories.SessionFactory._meta.model.objects.first().topics.create(topic="Pola", hours=6)
    return tala_batch


@pytest.fixture
def signer(tala_batch: Batch) -> Official:
    office = factories.OfficeFactory(region=tala_batch.region, city="Pelaihari")
    return factories.OfficialFactory(office=office, name="Kepala CONTOH")


def issue(batch: Batch, by: User, signer: Official, enrolments: list[Enrolment], **values) -> list[Certificate]:
    facts = {"signer": signer, "issued_on": timezone.localdate(), "place": "Pelaihari", "enrolments": enrolments} | values
    issued: list[Certificate] = actions.issue_certificates(batch, by=by, **facts)
    return issued


def lacking(batch: Batch, user: User) -> dict[str, int]:
    known = gaps.known("trainings.batch", user)
    return {lack.gap.code: lack.count for lack in gaps.of(gaps.annotated(Batch.objects.filter(pk=batch.pk), known).get(), known)}


@pytest.mark.parametrize(("present", "days", "share", "is_so"), [(4, 5, 80, True), (3, 5, 80, False), (0, 0, 80, False), (2, 3, 67, False)])
def test_the_share_is_exact(present: int, days: int, share: int, is_so: bool) -> None:
    assert is_earned(present, days, share) is is_so


def test_who_was_there_on_four_of_five_days_earns_one_who_on_three_does_not(
    course: Batch, official: User, signer: Official, people: list[Enrolment]
) -> None:
    assert lacking(course, official)["sertifikat"] == 6
    with pytest.raises(Refusal, match="has not attended often enough"):
        issue(course, official, signer, people[:2])
    assert not Certificate.objects.exists()  # all of them, or none
    first = issue(course, official, signer, people[:1])[0]
    assert (first.status, first.document.snapshot["days_present"], first.document.snapshot["hours"]) == ("diterbitkan", 4, 6)
    assert lacking(course, official)["sertifikat"] == 5


def test_the_share_is_that_of_the_activity(course: Batch, official: User, signer: Official, people: list[Enrolment]) -> None:
    course.activity.attendance_share = 60
    course.activity.save(update_fields=["attendance_share"])
    assert len(issue(course, official, signer, people)) == 7


def test_nothing_is_earned_while_a_day_is_open(course: Batch, official: User, signer: Official, people: list[Enrolment], days) -> None:
    Session.objects.filter(pk=days[4].pk).update(closed_at=None, closed_by=None)
    with pytest.raises(Refusal, match="a day is not closed yet"):
        issue(course, official, signer, people[2:])
    assert "sertifikat" not in lacking(course, official)


def test_a_corrected_absence_takes_the_right_to_one(course: Batch, official: User, signer: Official, people: list[Enrolment]) -> None:
    Attendance.objects.filter(enrolment=people[2]).update(mark="alpa")
    with pytest.raises(Refusal):
        issue(course, official, signer, [people[2]])


def test_everybody_gets_one_and_the_numbers_follow(course: Batch, official: User, signer: Official, people: list[Enrolment]) -> None:
    issued = issue(course, official, signer, people[2:])
    assert [one.document.sequence for one in issued] == [1, 2, 3, 4, 5]
    with pytest.raises(Refusal, match="has a certificate already"):
        issue(course, official, signer, people[2:])


def test_a_wrong_one_is_cancelled_and_the_next_number_follows(course: Batch, official: User, signer: Official, people) -> None:
    wrong = issue(course, official, signer, [people[2]])[0]
    with pytest.raises(Refusal, match="Say why"):
        actions.cancel_certificate(wrong, by=official, version=wrong.version, reason="")
    actions.cancel_certificate(wrong, by=official, version=wrong.version, reason="Nama salah")
    again = issue(course, official, signer, [people[2]])[0]
    assert (wrong.status, again.document.sequence) == ("dibatalkan", 2)
    standing = type(wrong.document).objects.with_standing().get(pk=wrong.document_id).standing
    assert (standing.is_void, standing.replaced_by) == (True, again.document)


def test_the_date_lies_after_the_course_and_an_earlier_one_says_why(course: Batch, official: User, signer: Official, people) -> None:
    for day in (dt.date(2020, 6, 11), timezone.localdate() + dt.timedelta(days=1)):
        with pytest.raises(Refusal, match="between the last training day"):
            issue(course, official, signer, people[2:], issued_on=day)
    with pytest.raises(Refusal, match="reason for a date before today"):
        issue(course, official, signer, people[2:], issued_on=dt.date(2020, 6, 15))
    issued = issue(course, official, signer, people[2:], issued_on=dt.date(2020, 6, 15), backdating_reason="Dicatat kemudian")
    assert issued[0].document.year == 2020


def test_who_is_not_in_office_does_not_sign(course: Batch, official: User, signer: Official, people: list[Enrolment]) -> None:
    signer.valid_until = timezone.localdate() - dt.timedelta(days=1)
    signer.save(update_fields=["valid_until"])
    with pytest.raises(Refusal, match="not in office"):
        issue(course, official, signer, people[2:])


def test_nobody_signs_for_an_office_that_has_ended(course: Batch, official: User, signer: Official, people: list[Enrolment]) -> None:
    signer.office.valid_until = timezone.localdate() - dt.timedelta(days=365)
    signer.office.save(update_fields=["valid_until"])
    with pytest.raises(Refusal, match="was not valid on the date of the document") as refused:
        issue(course, official, signer, people[2:])
    assert (refused.value.field, Certificate.objects.count()) == ("signer", 0)


def test_officers_do_not_issue(course: Batch, officer: User, staff: User, signer: Official, people: list[Enrolment]) -> None:
    for person in (officer, staff):
        with pytest.raises(PermissionDenied):
            issue(course, person, signer, people[2:])


def test_the_paper_has_a_front_and_a_back_and_no_nik(course: Batch, official: User, signer: Official, people: list[Enrolment]) -> None:
    person = people[2].participant
    person.nik = factories.nik()
    person.save(update_fields=["nik"])
    document = issue(course, official, signer, [people[2]])[0].document
    render_document.call(document.pk)
    pages = pages_of(bytes(document.file.content))
    assert len(pages) == 2
    assert all(words in pages[0] for words in (person.name, document.number, "8 Juni 2020 s.d. 12 Juni 2020", "6 (enam) jam pelajaran"))
    assert "Pola" in pages[1]
    assert not any(nik in "".join(pages) + str(document.snapshot) for nik in (person.nik, person.nik[-4:] + "0000"))


def test_anybody_with_the_paper_reads_whose_it_is_and_nothing_private(
    course: Batch, official: User, signer: Official, people: list[Enrolment], client
) -> None:
    certificate = issue(course, official, signer, [people[2]])[0]
    page = client.get(certificate.document.verification_url, headers={"accept-language": "en"}).content.decode()
    assert (people[2].participant.name in page, "In force" in page) == (True, True)
    actions.cancel_certificate(certificate, by=official, version=certificate.version, reason="Nama salah")
    page = client.get(certificate.document.verification_url, headers={"accept-language": "en"}).content.decode()
    assert ("no longer valid" in page, "Nama salah" in page, "None" in page) == (True, False, False)


def test_all_of_a_batch_are_one_file(course: Batch, official: User, signer: Official, people: list[Enrolment], client_of) -> None:
    issue(course, official, signer, people[2:4])
    content = client_of(official).get(f"/angkatan/{course.pk}/sertifikat/semua.pdf").content
    assert len(PdfReader(BytesIO(content)).pages) == 4


def test_issued_from_the_page(course: Batch, official: User, signer: Official, people: list[Enrolment], client_of) -> None:
    browser, url = client_of(official), f"/angkatan/{course.pk}/sertifikat/terbitkan/"
    form = browser.get(url).context["form"]
    chosen = [row.pk for row in form.fields["enrolments"].queryset]
    sent = {
        "key": "11111111-1111-4111-8111-111111111111", "enrolments": chosen, "signer": signer.pk,
        "issued_on": timezone.localdate().isoformat(), "place": "Pelaihari",
    }  # fmt: skip
    assert (len(chosen), browser.post(url, sent).status_code, Certificate.objects.standing().count()) == (6, 302, 6)
    assert browser.post(url, sent).status_code in (302, 422)  # the same form again makes no more of them
    assert Certificate.objects.count() == 6
