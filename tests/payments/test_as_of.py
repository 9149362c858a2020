"""What was held and paid on a day: told by the dates of the lists, and today exactly what the database holds as live."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from production.payment_reports import purchases_to_pay
from tests.payments.conftest import ABSENT, JUNE_1, mark_as, mark_of
from trainings.actions.payment_steps import approve_list, cancel_list, lock_list, record_receipts
from trainings.actions.payments import make_recovery
from trainings.models import PaymentDay, PaymentList
from trainings.reports.paid import held_on
from trainings.reports.payments import to_pay

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
KEYS = ("present", "listed", "paid", "open", "open_quotas", "money_listed", "money_paid", "money_open")


def held() -> int:
    """The report reads dates, the database refuses by `is_live`: both must say the same."""
    live = set(PaymentDay.objects.filter(is_live=True, recovers=None).values_list("pk", flat=True))
    assert set(held_on(timezone.localdate()).values_list("pk", flat=True)) == live
    return len(live)


def test_through_every_step_lists_hold_today_what_is_live(kotabaru, drafted, brought_to, staff, ppk, treasurer, office, signers) -> None:
    for status in ("terkunci", "disetujui"):
        one = brought_to(status, kotabaru)
        assert held() == 34
        cancel_list(one, by=staff, version=one.version, reason="Salah akun")
        assert held() == 0
    brought_to("dibayar", kotabaru)
    mark_as(mark_of(kotabaru, 1, 2), ABSENT)
    back = make_recovery(kotabaru, by=staff, kind="uang_harian", office=office, **signers)
    assert held() == 34
    lock_list(back, by=staff, version=back.version)
    approve_list(back, by=ppk, version=back.version, approved_on=dt.date(2020, 6, 10), backdating_reason="Dicatat kemudian")
    assert held() == 34
    record_receipts(back, by=treasurer, version=back.version, lines=back.lines.all(), received_on=dt.date(2020, 6, 10), how="setoran")
    assert held() == 33


def test_what_was_to_be_paid_before_the_list_while_it_waited_and_after(kotabaru, brought_to, staff) -> None:
    """Days from 1 to 5 June; the list is dated and approved on the 8th, paid on the 9th, and today nobody needs to know more."""
    brought_to("dibayar", kotabaru)

    def on(day: int) -> tuple[int, ...]:
        rows = to_pay(staff, as_of=JUNE_1.replace(day=day)).rows
        return tuple(rows[0][key] for key in KEYS) if rows else ()

    assert on(2) == (14, 0, 0, 14, 7, 0, 0, 1_400_000 + 350_000)
    assert on(7) == (34, 0, 0, 34, 7, 0, 0, 3_400_000 + 350_000)
    assert on(8) == (34, 34, 0, 0, 7, 3_400_000, 0, 350_000)
    assert on(9) == (34, 0, 34, 0, 7, 0, 3_400_000, 350_000)
    assert to_pay(staff, as_of=JUNE_1 - dt.timedelta(days=1)).rows == []


def test_a_list_that_was_cancelled_later_was_still_standing(kotabaru, brought_to, staff) -> None:
    one = brought_to("disetujui", kotabaru)
    cancel_list(one, by=staff, version=one.version, reason="Salah akun")
    later = dt.datetime(2020, 6, 12, 3, tzinfo=dt.UTC)
    PaymentList.objects.filter(pk=one.pk).update(cancelled_at=later)
    listed = [to_pay(staff, as_of=JUNE_1.replace(day=day)).rows[0]["listed"] for day in (7, 8, 11, 12)]
    assert listed == [0, 34, 34, 0]


def test_headings_begin_with_a_capital(staff) -> None:
    headings = [
        str(column.label) for report in (to_pay(staff, as_of=JUNE_1), purchases_to_pay(staff, as_of=JUNE_1)) for column in report.columns
    ]
    assert [heading for heading in headings if not heading[0].isupper()] == []
