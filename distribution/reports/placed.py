"""What was handed over by which paper: the stock ledger summed by handover and cell, as of a day.

The same movements as the reconciliation's "handed over", so that both always agree.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Sum

from distribution.models import Handover
from distribution.reports.reconciliation import as_of, of_origin
from ikm_program.scoping import Reach
from production.models import Account, StockMovement
from trainings.models import Programme, User

Viewer = User | Reach
HANDED_OVER = (Account.AWAITING, Account.ACKNOWLEDGED)


@dataclass(frozen=True)
class Placed:
    """So many pieces of a district's product that a handover put into the receiver's hands."""

    handover: Handover
    product: int
    region: int
    quantity: int
    acknowledged: int


def handed_over(viewer: Any, programme: Programme, day: dt.date, *, since: dt.date | None = None) -> list[Placed]:
    """By handover, product and district of origin; with `since` only what was moved from that day on."""
    movements = as_of(of_origin(StockMovement.objects.filter(lot__programme=programme), viewer), day, None)
    movements = movements.filter(account__in=HANDED_OVER, source_model=Handover._meta.label_lower)
    if since is not None:
        movements = movements.filter(effective_on__gte=since)
    rows = movements.order_by().values("source_id", "lot__product", "lot__region", "account").annotate(sum=Sum("quantity"))
    sums: dict[tuple[int, int, int], dict[str, int]] = {}
    for row in rows:
        cell = sums.setdefault((row["source_id"], row["lot__product"], row["lot__region"]), {})
        cell[row["account"]] = row["sum"]
    papers = handovers_by_pk(pk for pk, _product, _region in sums)
    return [
        Placed(papers[pk], product, region, sum(cell.values()), cell.get(Account.ACKNOWLEDGED, 0))
        for (pk, product, region), cell in sums.items()
        if sum(cell.values())
    ]


def handovers_by_pk(pks: Iterable[int]) -> dict[int, Handover]:
    """The papers with what a report says of them."""
    found: Any = Handover.objects.with_names()
    return {handover.pk: handover for handover in found.filter(pk__in=set(pks))}
