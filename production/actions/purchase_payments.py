"""What was bought is paid on the lists of the programme: one line a purchase, the steps those of every list."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.utils.translation import gettext as _

from ikm_program import records
from ikm_program.actions import Refusal, action
from ikm_program.formatting import jumlah, rupiah
from production.models import Purchase
from trainings.actions.purchases import PurchaseItem, open_purchase_list
from trainings.models import Office, PaymentList, Programme, Region


@action("trainings.add_paymentlist")
def list_purchases(
    programme: Programme, *, by: Any, region: Region, office: Office, purchases: Collection[Purchase] | None = None, **facts: Any
) -> PaymentList:
    """A draft that pays for these purchases (None: for all that are open) of the programme, from stores of the region or below it.

    A purchase on a list that was cancelled is open again; its line leads to the list that pays for it now.
    """
    found = _to_pay(programme, region)
    if purchases is not None:
        chosen = {purchase.pk for purchase in purchases}
        found = [purchase for purchase in found if purchase.pk in chosen]
        if len(found) < len(chosen):
            raise Refusal(_("Some of these purchases are not approved, or are on a payment list already."), field="purchases")
    items = [PurchaseItem(purchase.seller, description_of(purchase), purchase.amount, purchase.pk) for purchase in found]
    payment_list: PaymentList = open_purchase_list(programme, by=by, region=region, items=items, office=office, **facts)
    for purchase, line in zip(found, payment_list.lines.order_by("number"), strict=True):
        records.update(purchase, by=by, payment_line=line)
    return payment_list


def description_of(purchase: Purchase) -> str:
    """What stands on the list, which is an official paper: "100 lembar Masker @ Rp2.500,00 (kwitansi 001/...)"."""
    product = purchase.product
    return f"{jumlah(purchase.quantity)} {product.unit} {product.short_name} @ {rupiah(purchase.unit_price)} (kwitansi {purchase.number})"


def _to_pay(programme: Programme, region: Region) -> list[Purchase]:
    """Held until the list is made: of two who list at once, the second finds them taken."""
    here = Purchase.objects.filter(programme=programme, store__region__path__startswith=region.path).order_by("pk")
    list(here.to_pay().select_for_update(of=("self",)).values_list("pk"))
    return list(here.to_pay().select_related("seller__region", "seller__enterprise", "product", "document").defer("document__snapshot"))
