"""Production's two ledgers against their balances, lots and reports."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from django.db.models import F, Q, Sum

from production import day_sums
from production.ledger import UNBALANCED
from production.models import Lot, OutputEntry, OutputLine, ReportMovement, StockBalance, StockMovement, SummedUpTo

Place = tuple[int, int, str]  # lot, store, account
Days = dict[dt.date, tuple[int, ...]]  # what the ledger has of a report, by day
PARTS = ("reported", "pending", "verified", "rejected")
Kind = StockMovement.Kind
Status = OutputEntry.Status


def balances() -> Iterator[str]:
    moved = {
        (row["lot"], row["store"], row["account"]): row["moved"]
        for row in StockMovement.objects.values("lot", "store", "account").annotate(moved=Sum("quantity")).order_by()
    }
    kept = {
        (lot, store, account): held for lot, store, account, held in StockBalance.objects.values_list("lot", "store", "account", "quantity")
    }
    for place in sorted({*moved, *kept}):
        if moved.get(place, 0) != kept.get(place, 0):
            yield f"{_name(place)}: the balance says {kept.get(place, 0)}, its movements add up to {moved.get(place, 0)}"


def days_below_zero() -> Iterator[str]:
    """A balance may be right today and still have been impossible on some day."""
    standing: dict[Place, int] = defaultdict(int)
    impossible: dict[Place, dt.date] = {}
    days = StockMovement.objects.values("lot", "store", "account", "effective_on").annotate(moved=Sum("quantity")).order_by("effective_on")
    for row in days:
        place = (row["lot"], row["store"], row["account"])
        standing[place] += row["moved"]
        if standing[place] < 0:
            impossible.setdefault(place, row["effective_on"])
    for place, day in sorted(impossible.items()):
        yield f"{_name(place)}: stood below zero on {day}"


def postings() -> Iterator[str]:
    sums = StockMovement.objects.exclude(kind__in=UNBALANCED).values("posting").annotate(rest=Sum("quantity")).order_by("posting")
    for row in sums.exclude(rest=0):
        yield f"posting {row['posting']}: its movements add up to {row['rest']}, not to 0"


def lots() -> Iterator[str]:
    """What came into a lot is what was verified on its line, and every correction of that line; it is what its report says it is."""
    first, corrected = Q(movements__kind=Kind.VERIFIED), Q(movements__kind=Kind.CORRECTION)
    found: Any = Lot.objects.select_related("line__entry").annotate(
        arrived=Sum("movements__quantity", filter=first, default=0), changed=Sum("movements__quantity", filter=corrected, default=0)
    )
    corrections = dict(
        OutputLine.objects.filter(corrects__isnull=False, entry__status=Status.VERIFIED)
        .values_list("corrects")
        .annotate(sum=Sum("verified_quantity"))
        .order_by()
    )
    for lot in found.order_by("pk"):
        if lot.arrived != (lot.line.verified_quantity or 0):
            yield f"lot {lot.pk}: {lot.arrived} came in, {lot.line.verified_quantity} were verified"
        if lot.changed != corrections.get(lot.line_id, 0):
            yield f"lot {lot.pk}: corrected by {lot.changed}, the corrections say {corrections.get(lot.line_id, 0)}"
    others = ~Q(made_on=F("line__entry__made_on")) | ~Q(product=F("line__entry__product")) | ~Q(region=F("line__entry__region"))
    others |= ~Q(programme=F("line__entry__batch__activity__programme"))
    for lot in Lot.objects.filter(others).order_by("pk"):
        yield f"lot {lot.pk}: its date, product, origin or programme is not that of its report"
    strayed = StockMovement.objects.filter(kind=Kind.VERIFIED).exclude(store__region=F("lot__region"))
    for lot_id in strayed.order_by("lot").values_list("lot", flat=True):
        yield f"lot {lot_id}: came into the store of another region"
    without = OutputLine.objects.filter(corrects=None, lot=None, entry__status=Status.VERIFIED, verified_quantity__gt=0)
    for line in without.order_by("pk"):
        yield f"report {line.entry_id}: a verified line of {line.verified_quantity} has no lot"


def reports() -> Iterator[str]:
    """The movements of an entry agree with its status, quantities and dates, day by day; its lines add up to it."""
    sums = {f"{part}_sum": Sum(part) for part in PARTS}
    moved: dict[int, Days] = defaultdict(dict)
    rows = ReportMovement.objects.order_by().values("entry", "effective_on").annotate(**sums)
    for entry_id, day, *parts in rows.values_list("entry", "effective_on", *sums):
        if any(parts):
            moved[entry_id][day] = tuple(parts)
    entries: Any = OutputEntry.objects.annotate(
        of_lines=Sum("lines__good", default=0), verified_of_lines=Sum("lines__verified_quantity", default=0)
    )
    for entry in entries.order_by("pk"):
        expected = _expected(entry)
        found = moved.get(entry.pk, {})
        if found != expected:
            yield f"report {entry.pk} ({entry.status}): the ledger has {_said(found)}, the report means {_said(expected)}"
        if entry.of_lines != entry.good:
            yield f"report {entry.pk}: its lines add up to {entry.of_lines}, it says {entry.good}"
        if entry.verified_of_lines != (entry.verified_quantity or 0):
            yield f"report {entry.pk}: {entry.verified_of_lines} verified by line, {entry.verified_quantity} in all"
    foreign = ReportMovement.objects.exclude(
        programme=F("entry__batch__activity__programme"), product=F("entry__product"), region=F("entry__region")
    )
    for movement in foreign.order_by("pk"):
        yield f"report {movement.entry_id}: a movement is booked to another programme, product or district"


def sums_by_day() -> Iterator[str]:
    """What was added up is what the movements up to its mark add up to, made anew."""
    marks = dict(SummedUpTo.objects.values_list("ledger", "movement"))
    for ledger, (day, parts, names) in day_sums.LEDGERS.items():
        label = ledger._meta.label_lower
        anew = day_sums.sums(None, ledger._default_manager.filter(pk__lte=marks.get(label, 0)), *names)
        kept = {row[: len(names)]: row[len(names) :] for row in day._default_manager.values_list(*names, *parts)}
        for key in sorted({*anew, *kept}, key=str):
            said, summed = kept.get(key, (0,) * len(parts)), tuple(anew.get(key, dict.fromkeys(parts, 0)).values())
            if said != summed:
                yield f"sums of {label}, {' '.join(map(str, key))}: they say {said}, the movements {summed}"


def _expected(entry: Any) -> Days:
    """Reported on the day of production, decided on the day of verification."""
    made = (entry.reported, entry.reported, 0, 0)
    if entry.status == Status.SUBMITTED:
        return {entry.made_on: made}
    if entry.status != Status.VERIFIED:
        return {}
    accepted = entry.verified_quantity or 0
    decided = (0, -entry.reported, accepted, entry.reported - accepted)
    if entry.made_on == entry.verified_on:
        return {entry.made_on: tuple(one + other for one, other in zip(made, decided, strict=True))}
    return {entry.made_on: made, entry.verified_on: decided}


def _said(days: Days) -> str:
    return (
        "; ".join(
            f"{day}: " + ", ".join(f"{part} {value}" for part, value in zip(PARTS, sums, strict=True) if value)
            for day, sums in sorted(days.items(), key=str)
        )
        or "nothing"
    )


def _name(place: Place) -> str:
    lot, store, account = place
    return f"lot {lot} in store {store}, {account}"
