"""What became of a programme's goods in each store: made, come from elsewhere, gone, left. What was cancelled is netted."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.db.models import Sum

from production.models import IN_STORE, Product, StockMovement, Store
from trainings.models import Programme

Kind = StockMovement.Kind
MADE = frozenset(StockMovement.MADE)
FROM_ELSEWHERE = frozenset({Kind.ARRIVAL, Kind.EVALUATED})


@dataclass
class Flow:
    """One product in one store. `gone` is net: what a receiver gave back, or a stocktake found again, is not gone."""

    store: Store
    product: Product
    made: int = 0
    arrived: int = 0
    gone: int = 0

    @property
    def left(self) -> int:
        return self.made + self.arrived - self.gone


def store_flows(viewer: Any, programme: Programme, day: dt.date) -> list[Flow]:
    """In the order of the regions. A cancellation counts where the document counted that it takes back."""
    kinds: dict[tuple[int, int, str, int], set[str]] = defaultdict(set)
    moved: dict[tuple[int, int, str, int], int] = defaultdict(int)
    seen = StockMovement.objects.for_user(viewer).filter(lot__programme=programme, account__in=IN_STORE, effective_on__lte=day)
    rows = seen.order_by("store__region__kemendagri_code", "store", "lot__product", "source_model", "source_id")
    posted = rows.values_list("store", "lot__product", "source_model", "source_id", "kind").annotate(moved=Sum("quantity"))
    for store, product, model, pk, kind, quantity in posted:
        kinds[store, product, model, pk].add(kind)
        moved[store, product, model, pk] += quantity
    stores = Store.objects.in_bulk({key[0] for key in moved})
    products = Product.objects.in_bulk({key[1] for key in moved})
    found: dict[tuple[int, int], Flow] = {}
    for key, quantity in moved.items():
        flow = found.setdefault(key[:2], Flow(stores[key[0]], products[key[1]]))
        if kinds[key] & MADE:
            flow.made += quantity
        elif kinds[key] & FROM_ELSEWHERE:
            flow.arrived += quantity
        else:
            flow.gone -= quantity
    return list(found.values())
