"""When what a payment list pays was bought (see `trainings.payment_days`)."""

from __future__ import annotations

import datetime as dt

from django.db.models import Max

from production.models import Purchase
from trainings.models import PaymentList


def last_purchase(payment_list: PaymentList) -> dt.date | None:
    paid = Purchase.objects.filter(pk__in=payment_list.lines.values("pays_for"))
    found: dt.date | None = paid.aggregate(last=Max("purchased_on"))["last"]
    return found
