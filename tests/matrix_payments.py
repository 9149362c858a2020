"""Payments of one place of the matrix: a list in each of its states, made by the people whose steps they are."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.utils import timezone

from tests import factories
from trainings.actions.payment_steps import approve_list, attach_scan, lock_list, pay_list, record_receipts, withdraw_receipt
from trainings.actions.payments import choose_day, make_list
from trainings.models import Batch, Official, PaymentList, User

STATES = ("paid", "approved", "locked", "draft")  # one a day, from 1 June 2020


def payments_of(batch: Batch, *, by: User, official: Official, mark: str, scan: Callable[[], Any]) -> dict[str, dict[str, Any]]:
    """Somebody who left later was there on the first day; the next three are the maker's alone."""
    hands = {role: factories.user(role, by.region.kemendagri_code, username=f"{role}.{mark.lower()}") for role in ("ppk", "bendahara")}
    signers = {"ppk": official, "treasurer": factories.OfficialFactory(office=official.office)}
    if not batch.activity.schemes.exists():
        factories.AllowanceSchemeFactory(activity=batch.activity)
    lists: dict[str, PaymentList] = {}
    for day, state in enumerate(STATES, 1):
        session = factories.closed_day(batch, dt.date(2020, 6, day))
        for taken in batch.enrolments.order_by("-participant__name")[: 2 if day == 1 else 1]:
            there = factories.AttendanceFactory(session=session, enrolment=taken)
        one = make_list(batch, by=by, kind="uang_harian", office=official.office, note=f"Catatan {mark}", **signers)
        if state != "draft":
            lock_list(one, by=by, version=one.version)
        if state in ("paid", "approved"):
            approve_list(one, by=hands["ppk"], version=one.version)
        lists[f"{state}_payment"] = one
    _pay_out(lists["paid_payment"], hands["bendahara"], scan)
    line = lists["paid_payment"].lines.first()
    choice = choose_day(there, by=by, reason=f"Dua angkatan {mark}")
    found = {**lists, "payment_line": line, "payment_receipt": line.receipt, "attendance": there, "day_choice": choice}
    found["withdrawn_receipt"] = line.withdrawn_receipts.get()
    return {noun: {"pk": record.pk} for noun, record in found.items()}


def _pay_out(one: PaymentList, treasurer: User, scan: Callable[[], Any]) -> None:
    """Paid and signed for; the first of two has received."""
    today = timezone.localdate()
    pay_list(one, by=treasurer, version=one.version, paid_on=today)
    attach_scan(one, by=treasurer, version=one.version, scan=scan())
    facts = {"received_on": today, "how": "transfer", "evidence": scan()}
    line = one.lines.first()
    record_receipts(one, by=treasurer, version=one.version, lines=[line], **facts)
    withdraw_receipt(line.receipt, by=treasurer, version=line.receipt.version, reason="Keliru")
    facts["evidence"].seek(0)
    again = PaymentList.objects.get(pk=one.pk)
    record_receipts(again, by=treasurer, version=again.version, lines=[line], **facts)
