"""What a list pays is what attendance has earned, once; and every wrong turn is refused in words."""

from __future__ import annotations

import datetime as dt

import pytest

from ikm_program.actions import Refusal, StaleVersion
from ikm_program.formatting import terbilang
from ikm_program.models import AuditEvent
from tests import factories
from tests.payments.conftest import ABSENT, JUNE_1, PRESENT, attend, mark_as, mark_of, teach
from trainings.actions.payment_steps import approve_list, cancel_list, lock_list, pay_list, record_receipts
from trainings.actions.payments import choose_day, compute_again, discard_list, make_list, make_recovery, update_list
from trainings.models import Participant, PaymentDay, PaymentLine, PaymentList

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
JUNE_8, JUNE_9, JUNE_10 = (dt.date(2020, 6, day) for day in (8, 9, 10))


# --- arithmetic


def test_kotabaru_seven_people_five_days_one_absence(kotabaru, drafted) -> None:
    daily, quota = drafted(kotabaru), drafted(kotabaru, "kuota")
    assert (PaymentDay.objects.filter(line__list=daily).count(), daily.net, quota.net) == (34, 3_400_000, 350_000)
    assert daily.net + quota.net == 3_750_000
    assert [line.day_count for line in daily.lines.all()] == [5, 5, 5, 5, 5, 5, 4]


CODES = [*(f"63.{number:02d}" for number in range(1, 12)), "63.71", "63.72"]


@pytest.mark.parametrize(
    ("people", "days", "person_days", "daily", "quota", "words"),
    [
        (7, 5, 455, 45_500_000, 4_550_000, "lima puluh juta lima puluh ribu"),
        (5, 3, 195, 19_500_000, 3_250_000, "dua puluh dua juta tujuh ratus lima puluh ribu"),
    ],
)
def test_thirteen_districts(training, drafted, people, days, person_days, daily, quota, words) -> None:
    """Hazmat: 13 x 7 x 5; masks: 13 x 5 x 3."""
    lists = [(drafted(batch), drafted(batch, "kuota")) for batch in (teach(training, code, people=people, days=days) for code in CODES)]
    found = (
        PaymentDay.objects.count(),
        sum(one.net for one, _other in lists),
        sum(other.net for _one, other in lists),
    )
    assert found == (person_days, daily, quota)
    assert terbilang(daily + quota) == words


def test_tax_is_kept_in_whole_rupiah(programme, drafted) -> None:
    activity = factories.ActivityFactory(programme=programme)
    factories.AllowanceSchemeFactory(activity=activity, rate=33_333, tax_rate=250)
    one = drafted(teach(activity, people=1, days=1))
    assert (one.gross, one.tax, one.net) == (33_333, 833, 32_500)


def test_a_rate_that_changes_between_two_days_makes_two_lines(programme, drafted) -> None:
    activity = factories.ActivityFactory(programme=programme)
    factories.AllowanceSchemeFactory(activity=activity, valid_until=dt.date(2020, 6, 2))
    factories.AllowanceSchemeFactory(activity=activity, rate=110_000, valid_from=dt.date(2020, 6, 3))
    one = drafted(teach(activity, people=1, days=5))
    assert [(line.day_count, line.rate) for line in one.lines.all()] == [(2, 100_000), (3, 110_000)]


def test_a_mode_without_a_rule_has_nothing_to_pay(programme, drafted) -> None:
    """The quota is for online training unless the activity says otherwise."""
    activity = factories.ActivityFactory(programme=programme)
    factories.AllowanceSchemeFactory(activity=activity, kind="kuota", for_class=False, for_visit=False)
    with pytest.raises(Refusal, match="no rule for this kind of payment in the mode"):
        drafted(teach(activity), "kuota")


def test_who_was_never_there_has_no_quota(training, drafted) -> None:
    batch = teach(training, people=2, days=2, absent=2)
    assert [line.payee for line in drafted(batch, "kuota").lines.all()] == ["Peserta 1 63.02"]


# --- the steps


def test_from_draft_to_money_in_hand(kotabaru, brought_to, treasurer, staff, ppk) -> None:
    one = brought_to("dibayar", kotabaru)
    lines = list(one.lines.all())
    record_receipts(one, by=treasurer, version=one.version, lines=lines[:6], received_on=JUNE_9, how="tanda_tangan")
    assert one.status == "dibayar"
    record_receipts(one, by=treasurer, version=one.version, lines=lines[6:], received_on=JUNE_10, how="transfer", reference="TRF-7")
    assert (one.status, one.locked_by, one.approved_by, one.paid_by, one.finished_by) == ("selesai", staff, ppk, treasurer, treasurer)
    verbs = AuditEvent.objects.filter(model="trainings.paymentlist").order_by("sequence").values_list("verb", flat=True)
    assert list(verbs) == ["created", "computed", "status:terkunci", "status:disetujui", "status:dibayar", "status:selesai"]


def test_what_is_locked_is_frozen(kotabaru, brought_to, staff) -> None:
    one = brought_to("terkunci", kotabaru)
    for act in (compute_again, discard_list, update_list):
        with pytest.raises(Refusal, match="locked list cannot be changed"):
            act(one, by=staff, version=one.version)
    assert (len(one.snapshot["lines"]), one.snapshot["net"], len(one.content_sha256)) == (7, 3_400_000, 64)


def test_a_draft_that_is_older_than_the_last_mark_is_not_locked(kotabaru, drafted, staff) -> None:
    one = drafted(kotabaru)
    mark_as(mark_of(kotabaru, 7, 5), PRESENT)
    with pytest.raises(Refusal, match="changed since the list was computed"):
        lock_list(one, by=staff, version=one.version)
    compute_again(one, by=staff, version=one.version)
    assert lock_list(one, by=staff, version=one.version).net == 3_500_000


def test_an_absent_day_is_refused_at_every_step(kotabaru, drafted, staff, ppk, treasurer) -> None:
    one = drafted(kotabaru)
    mark = mark_of(kotabaru, 1, 1)
    mark_as(mark, ABSENT)
    with pytest.raises(Refusal, match=r"An absent day is not paid: Peserta 1 63\.02 \(1 June 2020\)"):
        lock_list(one, by=staff, version=one.version)
    mark_as(mark, PRESENT)
    lock_list(one, by=staff, version=one.version)
    mark_as(mark, ABSENT)
    with pytest.raises(Refusal, match="An absent day is not paid"):
        approve_list(one, by=ppk, version=one.version)
    mark_as(mark, PRESENT)
    approve_list(one, by=ppk, version=one.version, approved_on=JUNE_8, backdating_reason="Dicatat kemudian")
    mark_as(mark, ABSENT)
    with pytest.raises(Refusal, match="An absent day is not paid"):
        pay_list(one, by=treasurer, version=one.version, paid_on=JUNE_9)


def test_nobody_takes_two_of_the_steps(kotabaru, drafted, office, signers) -> None:
    """Somebody with all three roles is still one person."""
    every = factories.user("staf_provinsi", username="serba.bisa")
    every.groups.set([*factories.Group.objects.filter(name__in=("staf_provinsi", "ppk", "bendahara"))])
    other = factories.user("ppk", username="ppk.lain")
    other.groups.add(factories.Group.objects.get(name="bendahara"))
    one = make_list(kotabaru, by=every, kind="uang_harian", office=office, **signers)
    lock_list(one, by=every, version=one.version)
    with pytest.raises(Refusal, match="Nobody approves a list that they made or locked"):
        approve_list(one, by=every, version=one.version)
    approve_list(one, by=other, version=one.version, approved_on=JUNE_8, backdating_reason="Dicatat kemudian")
    for person in (every, other):
        with pytest.raises(Refusal, match="Nobody pays a list that they made, locked or approved"):
            pay_list(one, by=person, version=one.version, paid_on=JUNE_9)


def test_steps_are_taken_in_their_order(kotabaru, drafted, ppk, treasurer) -> None:
    one = drafted(kotabaru)
    with pytest.raises(Refusal, match="is Draft and cannot become Approved"):
        approve_list(one, by=ppk, version=one.version)
    with pytest.raises(Refusal, match="is Draft and cannot become Paid"):
        pay_list(one, by=treasurer, version=one.version, paid_on=JUNE_9)
    with pytest.raises(Refusal, match="once the list is paid"):
        record_receipts(one, by=treasurer, version=one.version, lines=one.lines.all(), received_on=JUNE_9, how="transfer")
    with pytest.raises(StaleVersion):
        approve_list(one, by=ppk, version=one.version - 1)


def test_days_of_payment_and_receipt_lie_in_their_order(kotabaru, brought_to, treasurer) -> None:
    one = brought_to("disetujui", kotabaru)
    with pytest.raises(Refusal, match="between the approval and today"):
        pay_list(one, by=treasurer, version=one.version, paid_on=dt.date(2020, 6, 7))
    pay_list(one, by=treasurer, version=one.version, paid_on=JUNE_9)
    with pytest.raises(Refusal, match="between the payment and today"):
        record_receipts(one, by=treasurer, version=one.version, lines=one.lines.all(), received_on=JUNE_8, how="transfer")


def test_without_ppk_and_treasurer_no_list_is_locked(kotabaru, drafted, staff) -> None:
    one = drafted(kotabaru, ppk=None)
    with pytest.raises(Refusal, match="which PPK approves"):
        lock_list(one, by=staff, version=one.version)


def test_a_receipt_is_recorded_once_and_of_this_list(kotabaru, training, brought_to, treasurer) -> None:
    one, other = brought_to("dibayar", kotabaru), brought_to("dibayar", teach(training, "63.01"))
    line = one.lines.first()
    facts = {"by": treasurer, "received_on": JUNE_9, "how": "kwitansi"}
    record_receipts(one, version=one.version, lines=[line], **facts)
    with pytest.raises(Refusal, match="recorded already"):
        record_receipts(one, version=one.version, lines=[line], **facts)
    with pytest.raises(Refusal, match="belongs to another list"):
        record_receipts(one, version=one.version, lines=[other.lines.first()], **facts)


# --- once only


def test_both_kinds_on_one_day_are_refused(kotabaru, brought_to, drafted, staff) -> None:
    """A list of meals drafted before the daily allowance was locked."""
    meals = drafted(kotabaru, "konsumsi")
    brought_to("terkunci", kotabaru)
    with pytest.raises(Refusal, match="already on the list “Daily allowance"):
        lock_list(meals, by=staff, version=meals.version)
    with pytest.raises(Refusal, match="nothing to pay"):
        compute_again(meals, by=staff, version=meals.version)


def test_the_database_refuses_a_second_daily_payment(kotabaru, brought_to, drafted) -> None:
    """Past every action: as participant, and as NIK under another record."""
    from django.db import IntegrityError, transaction

    meals = drafted(kotabaru, "konsumsi")
    brought_to("terkunci", kotabaru)
    twin = factories.ParticipantFactory(region=factories.region("63.01"), nik=None)
    days = PaymentDay.objects.filter(line__list=meals)
    with pytest.raises(IntegrityError), transaction.atomic():
        days.update(is_live=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        days.filter(line__number=1).update(participant=twin, is_live=True)
    with transaction.atomic():
        days.filter(line__number=1).update(participant=twin, nik=None, is_live=True)


def test_a_second_quota_is_refused(kotabaru, training, brought_to, drafted) -> None:
    """Also in a later batch of the same activity."""
    brought_to("terkunci", kotabaru, "kuota")
    with pytest.raises(Refusal, match="nothing to pay"):
        drafted(kotabaru, "kuota")
    second = factories.BatchFactory(activity=training, region=kotabaru.region, number=2)
    person = kotabaru.enrolments.first()
    type(person).objects.filter(pk=person.pk).update(status="mundur")
    attend(second, person.participant, dt.date(2020, 7, 1))
    with pytest.raises(Refusal, match="nothing to pay"):
        drafted(second, "kuota")


def test_one_draft_of_a_kind_at_a_time(kotabaru, drafted) -> None:
    drafted(kotabaru)
    with pytest.raises(Refusal, match="There is a draft of this kind"):
        drafted(kotabaru)


@pytest.mark.parametrize("is_same_record", [True, False])
def test_two_batches_on_one_date_are_decided_first(training, programme, drafted, staff, is_same_record) -> None:
    """The same person, or the same NIK under a record of another district."""
    here = teach(training, "63.01", people=1, days=2)
    person = here.enrolments.get().participant
    masks = factories.ActivityFactory(programme=programme, name="Bimtek Masker")
    factories.AllowanceSchemeFactory(activity=masks)
    elsewhere = factories.BatchFactory(activity=masks, region=factories.region("63.01" if is_same_record else "63.03"))
    other = person if is_same_record else factories.ParticipantFactory(region=factories.region("63.03"), nik=person.nik)
    [there] = attend(elsewhere, other, JUNE_1)
    one, two = drafted(here), drafted(elsewhere)
    for draft in (one, two):
        with pytest.raises(Refusal, match="present in two batches on 1 June 2020"):
            lock_list(draft, by=staff, version=draft.version)
    choose_day(there, by=staff, reason="Masker lebih dulu")
    compute_again(one, by=staff, version=one.version)
    lock_list(one, by=staff, version=one.version)
    lock_list(two, by=staff, version=two.version)
    assert sorted(PaymentDay.objects.filter(is_live=True).values_list("on", "line__list")) == [
        (JUNE_1, two.pk),
        (dt.date(2020, 6, 2), one.pk),
    ]


# --- cancelled, supplemented, recovered


@pytest.mark.parametrize("status", ["terkunci", "disetujui"])
def test_a_cancelled_list_frees_its_days(kotabaru, brought_to, staff, status) -> None:
    one = brought_to(status, kotabaru)
    with pytest.raises(Refusal, match="Say why"):
        cancel_list(one, by=staff, version=one.version, reason=" ")
    cancel_list(one, by=staff, version=one.version, reason="Salah akun")
    assert PaymentDay.objects.filter(is_live=True).count() == PaymentLine.objects.filter(is_live=True).count() == 0
    assert brought_to("dibayar", kotabaru).net == 3_400_000


def test_a_paid_list_is_not_cancelled(kotabaru, brought_to, staff) -> None:
    one = brought_to("dibayar", kotabaru)
    with pytest.raises(Refusal, match="cannot become Cancelled"):
        cancel_list(one, by=staff, version=one.version, reason="Salah")
    assert PaymentDay.objects.filter(is_live=True).count() == 34


def test_a_day_that_was_forgotten_makes_a_supplement(kotabaru, brought_to, drafted) -> None:
    brought_to("dibayar", kotabaru)
    mark_as(mark_of(kotabaru, 7, 5), PRESENT)
    more = drafted(kotabaru)
    assert (more.nature, more.net, [line.payee for line in more.lines.all()]) == ("susulan", 100_000, ["Peserta 7 63.02"])


def test_a_day_that_was_not_earned_is_paid_back(kotabaru, brought_to, staff, ppk, treasurer, office, signers) -> None:
    brought_to("dibayar", kotabaru)
    mark = mark_of(kotabaru, 1, 2)
    with pytest.raises(Refusal, match="nothing to recover"):
        make_recovery(kotabaru, by=staff, kind="uang_harian", office=office, **signers)
    mark_as(mark, ABSENT)
    back = make_recovery(kotabaru, by=staff, kind="uang_harian", office=office, **signers)
    assert (back.nature, back.net, back.lines.get().recovers.payee) == ("pengembalian", -100_000, "Peserta 1 63.02")
    lock_list(back, by=staff, version=back.version)
    approve_list(back, by=ppk, version=back.version, approved_on=JUNE_10, backdating_reason="Dicatat kemudian")
    with pytest.raises(Refusal, match="Nothing is paid out on a recovery"):
        pay_list(back, by=treasurer, version=back.version, paid_on=JUNE_10)
    with pytest.raises(Refusal, match="nothing to recover"):
        make_recovery(kotabaru, by=staff, kind="uang_harian", office=office, **signers)
    record_receipts(back, by=treasurer, version=back.version, lines=back.lines.all(), received_on=JUNE_10, how="setoran")
    assert (back.status, PaymentDay.objects.filter(is_live=True, recovers=None).count()) == ("selesai", 33)
    mark_as(mark, PRESENT)  # and she was there after all
    assert make_list(kotabaru, by=staff, kind="uang_harian", office=office, **signers).net == 100_000


def test_a_quota_of_somebody_who_was_never_there_is_paid_back(training, brought_to, staff, ppk, treasurer, office, signers) -> None:
    batch = teach(training, people=2, days=1)
    brought_to("dibayar", batch, "kuota")
    mark_as(mark_of(batch, 2, 1), ABSENT)
    back = make_recovery(batch, by=staff, kind="kuota", office=office, **signers)
    lock_list(back, by=staff, version=back.version)
    approve_list(back, by=ppk, version=back.version, approved_on=JUNE_10, backdating_reason="Dicatat kemudian")
    record_receipts(back, by=treasurer, version=back.version, lines=back.lines.all(), received_on=JUNE_10, how="setoran")
    assert (back.net, PaymentLine.objects.filter(is_live=True, recovers=None).count()) == (-50_000, 1)


def test_a_draft_is_thrown_away_without_a_trace_of_its_days(kotabaru, drafted, staff) -> None:
    one = drafted(kotabaru)
    discard_list(one, by=staff, version=one.version)
    assert (PaymentList.objects.count(), PaymentLine.objects.count(), PaymentDay.objects.count()) == (0, 0, 0)


def test_merged_records_of_one_person_cannot_have_been_paid_twice(training, programme, brought_to, staff) -> None:
    from trainings.actions.merges import merge_participants

    here = teach(training, "63.01", people=1, days=1)
    masks = factories.ActivityFactory(programme=programme)
    factories.AllowanceSchemeFactory(activity=masks)
    there = factories.BatchFactory(activity=masks, region=here.region)
    attend(there, factories.ParticipantFactory(region=here.region, name="Peserta Satu"), JUNE_1)
    for batch in (here, there):
        brought_to("dibayar", batch)
    with pytest.raises(Refusal, match="is paid for one of these days already"):
        merge_participants(factories.pair(*Participant.objects.order_by("pk")[:2]), by=staff, keep={})
