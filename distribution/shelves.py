"""What a store can give for a programme with effect on a day, and who may sign for it then."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from distribution.models import Handover, Transfer
from ikm_program.formatting import jumlah
from production import ledger
from production.models import Lot, Product, Store
from trainings.models import Office, Official, Programme

MOST_LOTS = 200  # to choose from by hand; oldest first needs no choice


def signatories_of(store: Store, on: dt.date, user: Any) -> Any:
    """Officials of the store's own region who may sign and are in office, at an office that exists, on the day."""
    return (
        Official.objects.for_user(user)
        .valid_on(on)
        .filter(can_sign=True, office__in=store.region.offices.valid_on(on))
        .select_related("office__region")
    )


def signatories_of_office(office: Office, on: dt.date) -> Any:
    """Who may sign for that very office on the day."""
    return Official.objects.valid_on(on).filter(can_sign=True, office=office)


def signatories_since(office: Office, day: dt.date) -> Any:
    """Who may sign for that very office on some day from then on: the date is chosen together with the person."""
    return Official.objects.filter(Q(valid_until__isnull=True) | Q(valid_until__gte=day), can_sign=True, office=office)


@dataclass(frozen=True)
class OfferedLot:
    """A lot and how much of it can be taken."""

    lot: Lot
    quantity: int


@dataclass
class Shelf:
    """The products a person may name, and how much of each lot lies in the store."""

    store: Store
    programme: Programme
    on: dt.date
    user: Any

    @cached_property
    def products(self) -> dict[int, Product]:
        """Every active product within reach, in the order of the catalogue."""
        return {product.pk: product for product in Product.objects.for_user(self.user).active().order_by("name")}

    @cached_property
    def lots(self) -> dict[int, dict[int, int]]:
        """Per product: lot id -> quantity, oldest first."""
        there = ledger.available_by_product(store=self.store, programme=self.programme, on=self.on)
        return {pk: there.get(pk, {}) for pk in self.products}

    def available(self, product: Product) -> int:
        return sum(self.lots.get(product.pk, {}).values())

    def choices(self) -> list[tuple[int, str]]:
        """For a select: each product with what there is of it."""
        return [(pk, self.label(product)) for pk, product in self.products.items()]

    def label(self, product: Product) -> str:
        return _("%(product)s · available %(quantity)s %(unit)s") % {
            "product": product.name,
            "quantity": jumlah(self.available(product)),
            "unit": product.unit,
        }

    @cached_property
    def offered(self) -> dict[int, list[OfferedLot]]:
        """Per product: its lots with maker and origin, where there is more than one to choose from."""
        quantities = {lot_id: quantity for lots in self.lots.values() if len(lots) > 1 for lot_id, quantity in lots.items()}
        wanted = dict(list(quantities.items())[:MOST_LOTS])
        lots = Lot.objects.select_related("product", "region", "line__participant__enterprise").in_bulk(wanted)
        found: dict[int, list[OfferedLot]] = {}
        for lot_id, quantity in wanted.items():
            found.setdefault(lots[lot_id].product_id, []).append(OfferedLot(lots[lot_id], quantity))
        return found


def shortages(draft: Handover | Transfer, store: Store, on: dt.date) -> list[str]:
    """What would refuse issuing a draft now, a sentence a product."""
    available = ledger.available_by_product(store=store, programme=draft.programme, on=on)
    found = []
    for line in draft.lines.all():
        there = sum(available.get(line.product_id, {}).values())
        if there < line.quantity:
            found.append(f"{line.product}: {ledger.InsufficientStock(there, line.quantity, line.product.unit)}")
    return found
