"""How the lines of a payment list are written and taken away again: whole, while it is a draft."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ikm_program import audit, records
from trainings.entitlements import Calculation, Earned, Unearned
from trainings.models import PaymentDay, PaymentLine, PaymentList
from trainings.models.allowance import tax_of


def write_earned(payment_list: PaymentList, found: Calculation, *, by: Any) -> None:
    """Lines and days as attendance says now, in place of those of before."""
    clear(payment_list)
    lines = [_line(payment_list, number, earned) for number, earned in enumerate(found.lines, 1)]
    PaymentLine.objects.bulk_create(lines)
    PaymentDay.objects.bulk_create(
        PaymentDay(line=line, participant=line.participant, nik=line.nik, on=mark.session.held_on, attendance=mark)
        for line, earned in zip(lines, found.lines, strict=True)
        for mark in (earned.days if earned.day_count is not None else ())
    )
    add_up(payment_list, lines, by=by)


def write_recovery(payment_list: PaymentList, found: Sequence[Unearned], *, by: Any) -> None:
    """The opposite of what was paid, line by line and day by day."""
    clear(payment_list)
    lines = [_opposite(payment_list, number, unearned) for number, unearned in enumerate(found, 1)]
    PaymentLine.objects.bulk_create(lines)
    PaymentDay.objects.bulk_create(
        PaymentDay(line=line, participant=line.participant, nik=day.nik, on=day.on, attendance=day.attendance, recovers=day)
        for line, unearned in zip(lines, found, strict=True)
        for day in unearned.days
    )
    add_up(payment_list, lines, by=by)


def clear(payment_list: PaymentList) -> None:
    """Of a draft only: what is locked is never rewritten."""
    assert payment_list.is_draft
    PaymentDay.objects.filter(line__list=payment_list).delete()
    PaymentLine.objects.filter(list=payment_list).delete()


def add_up(payment_list: PaymentList, lines: Sequence[PaymentLine], *, by: Any) -> None:
    """The totals on the list, and on the trail how it came to them."""
    totals = {name: sum(getattr(line, name) for line in lines) for name in ("gross", "tax", "net")}
    records.claim(payment_list, **totals)
    for name, value in totals.items():
        setattr(payment_list, name, value)
    days = sum(line.day_count or 0 for line in lines)
    audit.record("computed", payment_list, by=by, after={"lines": len(lines), "person_days": days, **totals})


def _line(payment_list: PaymentList, number: int, earned: Earned) -> PaymentLine:
    person = earned.participant
    business = person.enterprise
    return PaymentLine(
        list=payment_list,
        number=number,
        kind=payment_list.kind,
        activity_id=earned.enrolment.activity_id,
        enrolment=earned.enrolment,
        participant=person,
        payee=person.name,
        nik=person.nik,
        npwp=business.npwp if business else "",
        origin=business.name if business else person.region.name,
        contact=person.phone,
        day_count=earned.day_count,
        rate=earned.rate,
        tax_rate=earned.scheme.tax_rate,
        gross=earned.gross,
        tax=earned.tax,
        net=earned.net,
    )


def _opposite(payment_list: PaymentList, number: int, unearned: Unearned) -> PaymentLine:
    paid = unearned.line
    assert paid.rate is not None  # held by a constraint for what attendance pays
    day_count = None if paid.day_count is None else len(unearned.days)
    gross = -paid.rate * (1 if day_count is None else day_count)
    tax = tax_of(gross, paid.tax_rate)
    copied = ("kind", "activity_id", "enrolment_id", "payee", "nik", "npwp", "origin", "contact", "rate", "tax_rate")
    return PaymentLine(
        list=payment_list,
        number=number,
        participant=paid.participant,
        day_count=day_count,
        gross=gross,
        tax=tax,
        net=gross - tax,
        recovers=paid,
        **{name: getattr(paid, name) for name in copied},
    )
