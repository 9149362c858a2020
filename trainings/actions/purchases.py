"""Lists that pay for what was bought back. The lines come from whoever records the purchase; the steps are those of every list.

    items = [PurchaseItem(participant, "100 lembar masker @ Rp2.500", 250_000), ...]
    payment_list = open_purchase_list(programme, by=by, region=batch.region, batch=batch, items=items, office=office)
    lines = payment_list.lines.all()   # in the order of the items

A list that is cancelled leaves its lines with `is_live` False: what they paid for can be put on another list.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from ikm_program import records
from ikm_program.actions import Refusal, action
from trainings import payment_rows
from trainings.actions.payments import refuse_wrong_officials
from trainings.actions.rules import require_open, require_within_reach
from trainings.models import Batch, Enterprise, Office, Participant, PaymentLine, PaymentList, Programme, Region


@dataclass(frozen=True)
class PurchaseItem:
    """What one payee gets for what was bought: whole rupiah, the words that stand on the list, and the key of the purchase."""

    payee: Participant | Enterprise
    description: str
    amount: int
    purchase: int | None = None


@action("trainings.add_paymentlist")
def open_purchase_list(
    programme: Programme,
    *,
    by: Any,
    region: Region,
    items: Sequence[PurchaseItem],
    office: Office,
    batch: Batch | None = None,
    **facts: Any,
) -> PaymentList:
    """A draft list of the kind "pembelian"; `facts` are further fields of its head."""
    require_within_reach(region, by=by)
    require_open(programme)
    if not items:
        raise Refusal(_("There is nothing to pay: nothing was bought."))
    for item in items:
        if item.amount <= 0:
            raise Refusal(_("%(name)s: a payment is more than nothing.") % {"name": item.payee})
        if not region.covers(item.payee.region):
            raise Refusal(_("%(name)s does not come from the region of the list.") % {"name": item.payee})
    payment_list = records.create(
        PaymentList, by=by, programme=programme, region=region, batch=batch, kind=PaymentList.Kind.PURCHASE, office=office, **facts
    )
    lines = PaymentLine.objects.bulk_create(_line(payment_list, number, item) for number, item in enumerate(items, 1))
    payment_rows.add_up(payment_list, lines, by=by)
    refuse_wrong_officials(payment_list)
    return payment_list


def _line(payment_list: PaymentList, number: int, item: PurchaseItem) -> PaymentLine:
    payee = item.payee
    return PaymentLine(
        list=payment_list,
        number=number,
        kind=payment_list.kind,
        description=item.description,
        pays_for=item.purchase,
        gross=item.amount,
        net=item.amount,
        **(_person(payee) if isinstance(payee, Participant) else _business(payee)),
    )


def _person(person: Participant) -> dict[str, Any]:
    business = person.enterprise
    return {
        "participant": person,
        "payee": person.name,
        "nik": person.nik,
        "npwp": business.npwp if business else "",
        "origin": business.name if business else person.region.name,
        "contact": person.phone,
    }


def _business(business: Enterprise) -> dict[str, Any]:
    return {
        "enterprise": business,
        "payee": business.name,
        "nik": business.owner_nik or None,
        "npwp": business.npwp,
        "origin": business.owner_name or business.region.name,
        "contact": business.phone,
    }
