"""A training from the first nomination to the money in hand and the certificate, as its people do it; and every wrong turn refused."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, expect

from tests import factories
from tests.browser.conftest import Watch
from tests.browser.steps import follow, press, word
from tests.browser.world import PASSWORD, BrowserWorld
from tests.paper_text import text_of
from trainings.models import Activity, Attendance, Batch, Certificate, Decree, Enrolment, Office, Official, PaymentList, Session
from trainings.tasks import render_missing

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
JUNE_1 = dt.date(2020, 6, 1)
PEOPLE = [f"Pembuat Masker CONTOH {number}" for number in range(1, 9)]  # one more than there are places
SUM = "Rp3.400.000,00"


@dataclass
class Course:
    """A batch of Tala into which nobody is enrolled yet, and the province's office that pays."""

    batch: Batch
    decree: Decree
    office: Office
    ppk: Official
    treasurer: Official

    @property
    def path(self) -> str:
        return f"/angkatan/{self.batch.pk}/"


@pytest.fixture
def course(world: BrowserWorld) -> Course:
    """Seven places in Tala, decided on by the province; Rp100.000 a day, or Rp40.000 for meals."""
    activity: Activity = factories.ActivityFactory(programme=world.programme, name="Bimtek Masker Kain", is_by_nomination=True)
    factories.ActivityDistrictFactory(activity=activity, region=world.batch.region, quota=7)
    factories.AllowanceSchemeFactory(activity=activity)
    factories.AllowanceSchemeFactory(activity=activity, kind="konsumsi", rate=40_000)
    for name in PEOPLE:
        factories.ParticipantFactory(region=world.batch.region, name=name)
    office = factories.OfficeFactory(region=world.programme.region, name="Dinas Perindustrian", city="Banjarbaru")
    decree = Decree.objects.create(office=office, number="530/7/KPTS CONTOH", issued_on=dt.date(2020, 5, 29), about="Peserta")
    batch = factories.BatchFactory(activity=activity, region=world.batch.region, decree=decree)
    ppk = factories.OfficialFactory(office=office, name="PPK CONTOH", position="Pejabat Pembuat Komitmen")
    treasurer = factories.OfficialFactory(office=office, name="Bendahara CONTOH", position="Bendahara Pengeluaran")
    for name, roles in (("ppk.kalsel", ["ppk", "bendahara"]), ("bendahara.kalsel", ["bendahara"])):
        person = factories.UserFactory(region=world.programme.region, username=name, full_name=name, roles=roles)
        person.set_password(PASSWORD)
        person.save(update_fields=["password"])
    return Course(batch, decree, office, ppk, treasurer)


def test_from_the_nomination_to_the_money_and_the_certificate(
    world: BrowserWorld, course: Course, sign_in: Callable[..., Page], watch: Watch
) -> None:
    watch.expected = re.compile("422|ERR_ABORTED")  # what is refused comes back with the form
    officer, staff = sign_in("petugas.tala", phone=True), sign_in("staf.kalsel")
    nominate(officer, course)
    accept(staff, course)
    attend(sign_in("petugas.tala"), course)  # the grid is for a wide screen

    one = draft(staff, course)
    in_two_places(staff, course, one, world)
    lock(staff, course, one)
    meals_of_the_same_days(staff, course)

    ppk, treasurer = sign_in("ppk.kalsel"), sign_in("bendahara.kalsel")
    approve(ppk, one)
    pays_what_he_approved(ppk, one)
    pay(treasurer, one)
    read_list(treasurer, one, course)
    certificates(sign_in("pejabat.tala"), course)


def nominate(page: Page, course: Course) -> None:
    """A district officer on a phone: eight people out of the register."""
    for name in PEOPLE:
        page.goto(f"{course.path}peserta/")
        page.get_by_role("button", name=f"{word('Nominate')} {name}", exact=True).click()
        page.wait_for_url(f"**{course.path}")
    waiting = Enrolment.objects.filter(batch=course.batch)
    assert set(waiting.values_list("status", flat=True)) == {Enrolment.Status.NOMINATED}
    assert waiting.count() == 8


def accept(page: Page, course: Course) -> None:
    """The province fills the places in the order of nomination; the eighth of seven goes on waiting, and asking again does not help."""
    page.goto(course.path)
    follow(page, "Accept all who fit")
    press(page, "Accept all who fit")
    page.wait_for_url(f"**{course.path}")
    eighth = Enrolment.objects.nominated().get(batch=course.batch)
    assert eighth.participant.name == PEOPLE[-1]
    page.goto(f"/kepesertaan/{eighth.pk}/terima/")
    press(page, "Accept")
    expect(page.locator("main")).to_contain_text("7 dari 7")
    eighth.refresh_from_db()
    assert eighth.status == Enrolment.Status.NOMINATED


def attend(page: Page, course: Course) -> None:
    """Five days are made; everybody is there but for one absence on the last; each day is closed."""
    page.goto(f"{course.path}hari/")
    page.fill("[name=first_on]", JUNE_1.isoformat())
    page.fill("[name=count]", "5")
    press(page, "Plan the days")
    page.wait_for_url(f"**{course.path}")
    days = list(Session.objects.filter(batch=course.batch).order_by("held_on"))
    assert [day.held_on.day for day in days] == [1, 2, 3, 4, 5]
    page.goto(f"{course.path}kehadiran/?isi=semua")
    absent = Enrolment.objects.active().get(batch=course.batch, participant__name=PEOPLE[6])
    page.locator(f"[name=m-{days[-1].pk}-{absent.pk}]").select_option(Attendance.Mark.ABSENT)
    press(page, "Save")
    expect(page.locator("main")).to_contain_text(word("The attendance is recorded."))
    for day in days:
        page.goto(f"/hari-pelatihan/{day.pk}/tutup/")
        press(page, "Close the day")
        page.wait_for_url(f"**/hari-pelatihan/{day.pk}/")
    assert Attendance.objects.earning().filter(session__batch=course.batch).count() == 34


def draft(page: Page, course: Course) -> PaymentList:
    """What the batch lacks leads to its payments; the list is computed, and cites the decree that nobody types."""
    page.goto(course.path)
    page.locator(".lacking").get_by_role("link", name=re.compile(r"\(34\)")).click()
    page.wait_for_url(f"**/pembayaran/?batch={course.batch.pk}")
    page.goto(f"/pembayaran/angkatan/{course.batch.pk}/uang_harian/")
    expect(page.locator(".sums")).to_contain_text(SUM)
    expect(page.locator(".sums")).to_contain_text("34")
    assert page.locator("[name=decree]").count() == 0
    for name, chosen in (("office", course.office), ("ppk", course.ppk), ("treasurer", course.treasurer)):
        page.select_option(f"[name={name}]", str(chosen.pk))
    press(page, "Make the draft")
    page.wait_for_url(re.compile(r"/pembayaran/\d+/$"))
    expect(page.locator("main")).to_contain_text(course.decree.number)
    return PaymentList.objects.get()


def in_two_places(page: Page, course: Course, one: PaymentList, world: BrowserWorld) -> None:
    """Somebody is marked present in another batch on the first day: nothing is locked before it is decided which of the two pays."""
    person = Enrolment.objects.active().filter(batch=course.batch).order_by("pk").first()
    assert person is not None
    other = factories.BatchFactory(activity=factories.ActivityFactory(programme=world.programme), region=world.batch.region)
    elsewhere = factories.EnrolmentFactory(batch=other, participant=person.participant)
    factories.AttendanceFactory(session=factories.closed_day(other, JUNE_1), enrolment=elsewhere)
    page.goto(f"/pembayaran/{one.pk}/kunci/")
    press(page, "Lock")
    expect(page.locator("main")).to_contain_text(f"{person.participant.name} hadir di dua angkatan")
    one.refresh_from_db()
    assert one.status == PaymentList.Status.DRAFT
    mark = Attendance.objects.get(enrolment=person, session__held_on=JUNE_1)
    page.goto(f"/pembayaran/hari/{mark.pk}/pilih/?daftar={one.pk}")
    page.fill("[name=reason]", "Masker lebih dulu")
    press(page, "This batch pays for the day")
    page.wait_for_url(f"**/pembayaran/{one.pk}/")


def lock(page: Page, course: Course, one: PaymentList) -> None:
    """What the list says and attendance does not is refused: here a mark that was corrected after it was computed."""
    mark = Attendance.objects.earning().filter(session__batch=course.batch).order_by("-pk").first()
    assert mark is not None
    Attendance.objects.filter(pk=mark.pk).update(mark=Attendance.Mark.ABSENT)
    page.goto(f"/pembayaran/{one.pk}/")
    follow(page, "Check and lock")
    press(page, "Lock")
    expect(page.locator("main")).to_contain_text("tidak dibayar")
    Attendance.objects.filter(pk=mark.pk).update(mark=Attendance.Mark.PRESENT)
    page.goto(f"/pembayaran/{one.pk}/")
    follow(page, "Check and lock")
    press(page, "Lock")
    page.wait_for_url(f"**/pembayaran/{one.pk}/")
    one.refresh_from_db()
    assert (one.status, one.net, one.lines.count()) == (PaymentList.Status.LOCKED, 3_400_000, 7)


def meals_of_the_same_days(page: Page, course: Course) -> None:
    page.goto(f"/pembayaran/angkatan/{course.batch.pk}/konsumsi/")
    expect(page.locator("main")).to_contain_text(word("There is nothing to pay: no present day is open."))
    assert page.get_by_role("button", name=word("Make the draft"), exact=True).count() == 0


def approve(page: Page, one: PaymentList) -> None:
    page.goto(f"/pembayaran/{one.pk}/")
    follow(page, "Approve")
    press(page, "Approve")
    page.wait_for_url(f"**/pembayaran/{one.pk}/")
    one.refresh_from_db()
    assert one.status == PaymentList.Status.APPROVED


def pays_what_he_approved(page: Page, one: PaymentList) -> None:
    """The PPK may pay other lists, not the one that he approved."""
    assert page.locator("main").get_by_role("link", name=word("Record the payment"), exact=True).count() == 0
    page.goto(f"/pembayaran/{one.pk}/bayar/")
    press(page, "Record the payment")
    expect(page.locator("main")).to_contain_text(word("Nobody pays a list that they made, locked or approved themselves."))
    one.refresh_from_db()
    assert one.status == PaymentList.Status.APPROVED


def pay(page: Page, one: PaymentList) -> None:
    for step in ("Record the payment", "Record receipts"):
        page.goto(f"/pembayaran/{one.pk}/")
        follow(page, step)
        press(page, step)
        page.wait_for_url(f"**/pembayaran/{one.pk}/")
    expect(page.locator(".page-head").first).to_contain_text(word("Completed"))
    one.refresh_from_db()
    assert (one.status, one.lines.unreceived().count()) == (PaymentList.Status.DONE, 0)  # type: ignore[attr-defined]  # a queryset of its own


def paper_at(page: Page, address: str) -> str:
    answer = page.request.get(address)
    assert (answer.status, answer.headers["content-type"]) == (200, "application/pdf")
    return text_of(answer.body())


def read_list(page: Page, one: PaymentList, course: Course) -> None:
    render_missing()  # what the worker does within seconds
    said = paper_at(page, f"/pembayaran/{one.pk}/daftar.pdf")
    assert one.document is not None
    wanted = (one.document.number, "3.400.000", "Tiga juta empat ratus ribu rupiah", f"{course.decree.number} tanggal 29 Mei 2020")
    assert [words for words in wanted if words not in said] == []


def certificates(page: Page, course: Course) -> None:
    """Everybody was there on four days of five or more: the district's official issues seven."""
    page.goto(f"{course.path}sertifikat/")
    follow(page, "Issue certificates")
    signer = Official.objects.get(name="Kepala Dinas CONTOH")
    page.select_option("[name=signer]", str(signer.pk))
    page.fill("[name=place]", "Pelaihari")
    press(page, "Issue")
    page.wait_for_url(f"**{course.path}sertifikat/")
    issued = list(Certificate.objects.standing().filter(enrolment__batch=course.batch).select_related("document", "enrolment__participant"))
    assert len(issued) == 7
    render_missing()
    first = issued[0]
    assert first.document is not None
    said = paper_at(page, f"/dokumen/{first.document.pk}/pdf/")
    assert [words for words in (first.document.number, first.enrolment.participant.name) if words not in said] == []
