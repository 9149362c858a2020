"""Which payment lists stood on a day, and which of them were paid: told by the dates of the lists, whatever became of them later."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef, Q

from trainings.models import PaymentDay, PaymentList

Status = PaymentList.Status


def paid_by(day: dt.date) -> Q:
    """Paid on the day or before; a recovery, for which nobody pays anything out, when it was completed."""
    return Q(status__in=PaymentList.PAID) & (Q(paid_on__lte=day) | Q(paid_on=None, finished_at__date__lte=day))


def paid_lists(day: dt.date) -> Any:
    return PaymentList.objects.filter(paid_by(day))


def begun_by(day: dt.date) -> Q:
    """A paper has its date; without one the lock has."""
    return Q(document__document_on__lte=day) | Q(document=None, locked_at__date__lte=day) | paid_by(day)


def cancelled_by(day: dt.date) -> Q:
    return Q(status=Status.CANCELLED, cancelled_at__date__lte=day)


def standing_on(day: dt.date) -> Any:
    """Locked by then and not cancelled by then."""
    return PaymentList.objects.filter(begun_by(day)).exclude(cancelled_by(day)).exclude(status=Status.DRAFT)


def held_on(day: dt.date) -> Any:
    """The person-days that lists paid for, or were about to, at the end of the day."""
    return not_recovered(PaymentDay, day, "line__list")


def not_recovered(model: type[models.Model], day: dt.date, path: str) -> Any:
    """Lines or days (`path` leads to their list) of lists that stood on the day, and that no recovery had taken back by then."""
    taken_back = model._default_manager.filter(recovers=OuterRef("pk"), **{f"{path}__in": paid_lists(day)})
    rows = model._default_manager.filter(recovers=None, **{f"{path}__in": standing_on(day)})
    return rows.exclude(Exists(taken_back))
