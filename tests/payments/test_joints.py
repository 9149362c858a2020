"""Where payments meet the rest of a training: closed days, the decree, what a batch lacks, two trainings on one day, the final report."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import translation

from ikm_program import gaps
from ikm_program.actions import Refusal
from ikm_program.chapters import ATTENDANCE, DECREES, PAYMENTS, PRESENCE, SPENDING, TAXES, Asked, blocks_of
from ikm_program.scoping import Reach
from tests import factories
from tests.payments.conftest import ABSENT, JUNE_1, attend, mark_as, mark_of, teach
from trainings import payment_papers
from trainings.actions.payment_steps import approve_list, lock_list, record_receipts
from trainings.actions.payments import choose_day, compute_again, make_recovery
from trainings.entitlements import compute
from trainings.models import Attendance, Batch, Decree, Enrolment, Session, User
from trainings.models.allowance import MODES
from trainings.reports.doubles import double_days

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
JUNE_30 = dt.date(2020, 6, 30)


def unpaid(batch: Batch, user: User) -> int:
    known = [gap for gap in gaps.known("trainings.batch", user) if gap.code == "belum-dibayar"]
    return sum(lack.count for lack in gaps.of(gaps.annotated(Batch.objects.filter(pk=batch.pk), known).get(), known))


def reopen(*sessions: Session) -> None:
    Session.objects.filter(pk__in=[one.pk for one in sessions]).update(closed_at=None, closed_by=None)


# --- closed days


def test_a_day_that_is_not_closed_is_not_paid(kotabaru, drafted, staff) -> None:
    one = drafted(kotabaru)
    reopen(kotabaru.sessions.first())
    found = compute(kotabaru, "uang_harian")
    assert (found.person_days, {out.why for out in found.left_out}) == (27, {"the attendance of the day is not closed yet"})
    with pytest.raises(Refusal, match="not closed yet"):
        lock_list(one, by=staff, version=one.version)
    compute_again(one, by=staff, version=one.version)
    assert lock_list(one, by=staff, version=one.version).net == 2_700_000


def test_without_a_closed_day_nobody_has_a_quota(kotabaru, drafted) -> None:
    reopen(*kotabaru.sessions.all())
    with pytest.raises(Refusal, match="nothing to pay"):
        drafted(kotabaru, "kuota")


# --- the decree


@pytest.fixture
def decree(kotabaru: Batch, office) -> Decree:
    made: Decree = Decree.objects.create(office=office, number="530/12/KPTS", issued_on=dt.date(2020, 5, 29), about="Peserta")
    Batch.objects.filter(pk=kotabaru.pk).update(decree=made)
    kotabaru.refresh_from_db()
    return made


CITED = "Nomor 530/12/KPTS tanggal 29 Mei 2020"


def test_the_list_cites_the_decree_of_the_batch_and_nobody_types_it(kotabaru, decree, drafted, staff, client_of) -> None:
    one = drafted(kotabaru, decree="SK yang diketik")
    assert payment_papers.content_of(one)["decree"] == CITED
    browser = client_of(staff)
    assert CITED in browser.get(f"/pembayaran/{one.pk}/").content.decode()
    pages = [browser.get(way).content.decode() for way in (f"/pembayaran/{one.pk}/ubah/", f"/pembayaran/angkatan/{kotabaru.pk}/kuota/")]
    assert [('name="decree"' in page, 'name="dipa_number"' in page) for page in pages] == [(False, True), (False, True)]


def test_a_locked_list_keeps_the_decree_it_was_locked_with(kotabaru, decree, drafted, staff) -> None:
    one = drafted(kotabaru)
    lock_list(one, by=staff, version=one.version)
    Decree.objects.filter(pk=decree.pk).update(number="lain")
    one = type(one).objects.get(pk=one.pk)
    assert (one.decree, one.cited_decree, one.snapshot["decree"]) == (CITED, CITED, CITED)


def test_without_a_decree_in_the_register_it_is_typed(kotabaru, drafted, staff, client_of) -> None:
    one = drafted(kotabaru, decree="SK yang diketik")
    assert payment_papers.content_of(one)["decree"] == "SK yang diketik"
    assert 'name="decree"' in client_of(staff).get(f"/pembayaran/{one.pk}/ubah/").content.decode()


# --- what a batch lacks


def test_a_batch_lacks_the_person_days_that_no_locked_list_pays(kotabaru, brought_to, drafted, staff, client_of) -> None:
    assert unpaid(kotabaru, staff) == 34
    drafted(kotabaru, "kuota")
    way = f"/pembayaran/?batch={kotabaru.pk}"
    assert way in client_of(staff).get(kotabaru.get_absolute_url()).content.decode()
    brought_to("terkunci", kotabaru)
    assert unpaid(kotabaru, staff) == 0
    assert way not in client_of(staff).get(kotabaru.get_absolute_url()).content.decode()


def test_where_no_rule_is_in_force_or_no_day_is_closed_nothing_is_unpaid(kotabaru, training, programme, staff) -> None:
    reopen(kotabaru.sessions.first())
    assert unpaid(kotabaru, staff) == 27
    training.schemes.filter(kind="konsumsi").update(valid_until=dt.date(2020, 6, 2))
    training.schemes.filter(kind="uang_harian").update(valid_until=dt.date(2020, 6, 2))
    assert unpaid(kotabaru, staff) == 7
    training.schemes.update(**{flag: mode != kotabaru.mode for mode, flag in MODES.items()})
    assert unpaid(kotabaru, staff) == 0
    masks = factories.ActivityFactory(programme=programme, name="Bimtek Masker")
    factories.AllowanceSchemeFactory(activity=masks, kind="kuota")
    assert unpaid(teach(masks, "63.01"), staff) == 0


def test_a_day_that_another_batch_pays_for_is_not_unpaid(training, programme, staff) -> None:
    here = teach(training, "63.01", people=1, days=1)
    masks = factories.ActivityFactory(programme=programme, name="Bimtek Masker")
    factories.AllowanceSchemeFactory(activity=masks)
    elsewhere = factories.BatchFactory(activity=masks, region=here.region)
    [there] = attend(elsewhere, here.enrolments.get().participant, JUNE_1)
    choose_day(there, by=staff, reason="Masker lebih dulu")
    assert (unpaid(here, staff), unpaid(elsewhere, staff)) == (0, 1)


# --- two trainings on one day: one function decides


@pytest.fixture
def twice(training, programme) -> tuple[Batch, Batch]:
    here = teach(training, "63.01", people=1, days=2)
    elsewhere = factories.BatchFactory(activity=factories.ActivityFactory(programme=programme), region=here.region)
    attend(elsewhere, here.enrolments.get().participant, JUNE_1)
    return here, elsewhere


def flagged(batch: Batch, user: User) -> bool:
    known = [gap for gap in gaps.known("trainings.batch", user) if gap.code == "rangkap"]
    return bool(gaps.of(gaps.annotated(Batch.objects.filter(pk=batch.pk), known).get(), known))


def test_what_stops_a_payment_is_what_the_page_flags(twice, staff) -> None:
    here, elsewhere = twice
    clashes = [(clash.attendance, clash.other) for clash in compute(here, "uang_harian").clashes]
    assert clashes == [(one.mark, one.other_mark) for one in double_days(here) if one.is_present_in_both]
    assert (len(clashes), flagged(here, staff), flagged(elsewhere, staff)) == (1, True, True)


def test_who_left_was_still_in_two_places_on_the_days_before(twice, staff) -> None:
    here, elsewhere = twice
    Enrolment.objects.filter(batch=elsewhere).update(status="mundur")
    assert ([one.day for one in double_days(here)], flagged(here, staff)) == ([JUNE_1], True)
    assert len(compute(here, "uang_harian").clashes) == 1


def test_absent_in_one_of_them_is_seen_and_stops_nothing(twice, staff) -> None:
    here, elsewhere = twice
    mark_as(Attendance.objects.get(session__batch=elsewhere), ABSENT)
    assert ([one.is_present_in_both for one in double_days(here)], flagged(here, staff)) == ([False], True)
    assert compute(here, "uang_harian").clashes == []
    Enrolment.objects.filter(batch=elsewhere).update(status="mundur")
    assert (double_days(here), flagged(here, staff)) == ([], False)


def test_who_never_got_a_place_is_in_one_place(twice, staff) -> None:
    here, elsewhere = twice
    Enrolment.objects.filter(batch=elsewhere).update(status="cadangan")
    assert (double_days(here), flagged(here, staff), compute(here, "uang_harian").clashes) == ([], False, [])


# --- the final report


def said(section: str, batch: Batch, day: dt.date = JUNE_30) -> str:
    programme = batch.activity.programme
    with translation.override("id"):  # as the report itself does
        return str(blocks_of(section, Asked(programme, Reach(programme.region), day)))


def test_the_final_report_tells_attendance_payments_and_the_decree(kotabaru, decree, brought_to) -> None:
    brought_to("dibayar", kotabaru)
    assert "34 orang-hari hadir dari 35 orang-hari yang dicatat (97,14%)" in said(ATTENDANCE, kotabaru)
    assert "530/12/KPTS" in said(DECREES, kotabaru)
    assert [day in said(PRESENCE, kotabaru) for day in ("1 Juni 2020", "5 Juni 2020")] == [True, True]
    money = said(SPENDING, kotabaru)
    assert "telah dibayarkan Rp3.400.000,00 (tiga juta empat ratus ribu rupiah)" in money
    assert ("'34'" in money, "Uang harian" in money) == (True, True)
    assert "Kotabaru" in said(PAYMENTS, kotabaru)
    assert said(TAXES, kotabaru) == "[]"  # nothing was kept, and nothing is claimed


def test_a_report_of_an_earlier_day_knows_nothing_of_it(kotabaru, brought_to) -> None:
    brought_to("dibayar", kotabaru)
    assert said(SPENDING, kotabaru, dt.date(2020, 6, 8)) == "[]"
    assert "14 orang-hari hadir" in said(ATTENDANCE, kotabaru, dt.date(2020, 6, 2))


def test_a_recovery_is_taken_off(kotabaru, brought_to, staff, ppk, treasurer, office, signers) -> None:

    brought_to("dibayar", kotabaru)
    mark_as(mark_of(kotabaru, 1, 1), ABSENT)
    back = make_recovery(kotabaru, by=staff, kind="uang_harian", office=office, **signers)
    lock_list(back, by=staff, version=back.version)
    approve_list(back, by=ppk, version=back.version)
    today = back.approved_on
    record_receipts(back, by=treasurer, version=back.version, lines=list(back.lines.all()), received_on=today, how="setoran")
    money = said(SPENDING, kotabaru, today)
    assert ("Rp3.300.000,00" in money, "'33'" in money) == (True, True)


def test_another_districts_report_tells_nothing_of_it(kotabaru, brought_to) -> None:
    brought_to("dibayar", kotabaru)
    asked = Asked(kotabaru.activity.programme, Reach(factories.region("63.01")), JUNE_30)
    assert [blocks_of(section, asked) for section in (ATTENDANCE, PRESENCE, SPENDING, PAYMENTS)] == [[], [], [], []]
