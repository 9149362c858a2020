"""Numbers without gaps: a row that is counted up inside the transaction that uses the number."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection
from django.db.models import F

from ikm_program.models import Counter


def next_value(name: str) -> int:
    """The next number of the counter `name`, from 1. It is given back when the transaction rolls back.

    The row stays locked until then: whoever wants the next number waits, and no number is skipped or given twice.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("a number is drawn inside the transaction that uses it")
    Counter.objects.bulk_create([Counter(name=name, value=0)], ignore_conflicts=True)
    Counter.objects.filter(name=name).update(value=F("value") + 1)
    return Counter.objects.get(name=name).value


def peek(name: str) -> int:
    """The number that would be next: for a preview only."""
    return (Counter.objects.filter(name=name).values_list("value", flat=True).first() or 0) + 1


def peek_many(names: Iterable[str]) -> dict[str, int]:
    """The same for several counters at once."""
    wanted = list(names)
    counted = dict(Counter.objects.filter(name__in=wanted).values_list("name", "value"))
    return {name: counted.get(name, 0) + 1 for name in wanted}
