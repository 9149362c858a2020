"""Figures over a ledger of a million movements: sums by day, and what came after they were made.

The ledgers only grow, so that a sum once made stays right. `add_up`, run with what is due, takes the movements that are not in the
sums yet and remembers the last one; whoever asks gets the sums of the days plus the few movements behind that mark, exact at any
moment. Recording something costs nothing for it and waits for nobody. `verify_integrity` makes the sums anew and compares.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from functools import partial
from typing import Any

from django.db import models
from django.db.models import Case, Count, F, IntegerField, Max, Q, QuerySet, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from ikm_program.transactions import write_transaction
from production.models import Account, ReportDay, ReportMovement, StockDay, StockMovement, SummedUpTo

Key = tuple[Any, ...]
Sums = dict[Key, dict[str, int]]
SETTLES_AFTER = dt.timedelta(hours=1)  # no transaction is open that long: the longest load takes minutes
WORTH_IT = 500  # movements; fewer are read as quickly where they are

_LIVE = Q(entry__corrects__isnull=True)
_RETURNED = Q(kind=StockMovement.Kind.RETURN, account=Account.STOCK)
REPORTS: Mapping[str, Any] = {
    "reports": Count("pk", filter=_LIVE & Q(reported__gt=0)) - Count("pk", filter=_LIVE & Q(reported__lt=0)),
    **{part: Sum(part) for part in ("reported", "pending", "verified", "rejected")},
}
STOCK: Mapping[str, Any] = {
    "quantity": Sum("quantity"),
    "returned": Sum(Case(When(_RETURNED, then=F("quantity")), default=Value(0), output_field=IntegerField())),
}
LEDGERS: Mapping[type[models.Model], tuple[type[models.Model], Mapping[str, Any], dict[str, str]]] = {
    # ledger: its sums, what is summed, and where a movement says what a sum is about
    ReportMovement: (ReportDay, REPORTS, {name: name for name in ("programme", "product", "region", "effective_on")}),
    StockMovement: (
        StockDay,
        STOCK,
        {
            "programme": "lot__programme",
            "product": "lot__product",
            "region": "lot__region",
            "account": "account",
            "effective_on": "effective_on",
        },
    ),
}


def sums(days: QuerySet[Any] | None, movements: QuerySet[Any], *by: str) -> Sums:
    """What was moved, by any of programme, product, region, account, effective_on. Both sets are narrowed alike by the caller.

    One statement reads the sums, their mark and what came after it. Without `days` (there are no sums of what was known on a day)
    everything is read from the ledger.
    """
    found: Sums = {}
    _day, parts, names = LEDGERS[movements.model]
    mark = SummedUpTo.objects.filter(ledger=movements.model._meta.label_lower).values("movement")[:1]
    later = movements if days is None else movements.filter(pk__gt=Coalesce(Subquery(mark), 0))
    rows = _summed(later, [names[name] for name in by], parts)
    if days is not None:
        rows = _summed(days, list(by), {part: Sum(part) for part in parts}).union(rows, all=True)
    for row in rows:
        into = found.setdefault(row[: len(by)], dict.fromkeys(parts, 0))
        for part, value in zip(parts, row[len(by) :], strict=True):
            into[part] += value
    return found


def _summed(rows: QuerySet[Any], by: list[str], parts: Mapping[str, Any]) -> QuerySet[Any]:
    summed = {f"sum_{name}": expression for name, expression in parts.items()}
    return rows.order_by().values(*by).annotate(**summed).values_list(*by, *summed)


def add_up() -> int:
    """Put into the sums what is not in them yet; returns how many movements that were."""
    return sum(write_transaction(partial(_add_up, ledger)) for ledger in LEDGERS)


def _add_up(ledger: type[Any]) -> int:
    day, parts, names = LEDGERS[ledger]
    state, _created = SummedUpTo.objects.select_for_update().get_or_create(ledger=ledger._meta.label_lower)
    new = ledger.objects.filter(pk__gt=state.movement, pk__lte=_settled(ledger, state.movement))
    found = new.aggregate(last=Max("pk"), count=Count("pk"))
    if found["count"] < WORTH_IT:
        return 0
    _write(day, names, parts, sums(None, new, *names))
    state.movement = found["last"]
    state.save(update_fields=["movement"])
    return int(found["count"])


def _settled(ledger: type[Any], mark: int) -> int:
    """The last number below which nothing can still be written: a transaction that took a lower one has long ended."""
    later = ledger.objects.filter(pk__gt=mark)
    young = later.filter(recorded_at__gte=timezone.now() - SETTLES_AFTER).order_by("pk").values_list("pk", flat=True).first()
    return young - 1 if young is not None else later.aggregate(last=Max("pk"))["last"] or mark


def _write(day: type[Any], names: Mapping[str, str], parts: Mapping[str, Any], new: Sums) -> None:
    dates = {key[list(names).index("effective_on")] for key in new}
    there = {tuple(row[: len(names)]): row[len(names) :] for row in day.objects.filter(effective_on__in=dates).values_list(*names, *parts)}
    rows = [
        day(
            **{f"{name}_id" if day._meta.get_field(name).is_relation else name: value for name, value in zip(names, key, strict=True)},
            **{part: values[part] + (there[key][place] if key in there else 0) for place, part in enumerate(parts)},
        )
        for key, values in new.items()
    ]
    day.objects.bulk_create(rows, batch_size=1_000, update_conflicts=True, unique_fields=list(names), update_fields=list(parts))
