"""The last day of what a payment list pays: it is neither approved nor paid before that day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.db.models import F, Max, Min, Q

from trainings.models import Attendance, PaymentDay, PaymentList

LastDay = Callable[[PaymentList], dt.date | None]
_purchases: list[LastDay] = []


def add(last_purchase: LastDay) -> None:
    """Of the app that knows what was bought: on which day the last purchase of a list was made."""
    _purchases.append(last_purchase)


def last_day(payment_list: PaymentList) -> dt.date | None:
    """The last day that is paid; of a quota the latest first day present; of a recovery the day it was paid. None: no day is known."""
    if payment_list.is_purchase:
        return max(filter(None, (find(payment_list) for find in _purchases)), default=None)
    if payment_list.is_recovery:
        return _max(payment_list.lines.values(day=F("recovers__list__paid_on")))
    if payment_list.kind == PaymentList.Kind.QUOTA:
        there = Attendance.objects.present().filter(enrolment__in=payment_list.lines.values("enrolment"))
        return _max(there.order_by().values("enrolment").annotate(day=Min("session__held_on", filter=Q(session__batch=payment_list.batch))))
    return _max(PaymentDay.objects.filter(line__list=payment_list).values(day=F("on")))


def _max(rows: Any) -> dt.date | None:
    found: dt.date | None = rows.aggregate(last=Max("day"))["last"]
    return found
