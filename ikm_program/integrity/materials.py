"""The ledger of materials against its balances, written anew from what moved it, and against the audit trail."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

from django.db.models import F, Max, Min, Sum
from django.db.models.functions import TruncDate

from ikm_program.integrity.times import TOLERANCE
from ikm_program.models import AuditEvent
from production.models import (
    MaterialAccount,
    MaterialBalance,
    MaterialHandover,
    MaterialMovement,
    MaterialReceipt,
    MaterialWriteOff,
)

Kind = MaterialMovement.Kind
OWNERS = ("store", "batch", "enterprise", "participant")
SOURCES = {"receipt": MaterialReceipt, "handover": MaterialHandover, "write_off": MaterialWriteOff}
CANCELLED = "dibatalkan"
PLACE = ("material", "programme", "holder", "account")
Owner = tuple[str, int]


class Line(NamedTuple):
    """What a record moved on a day, in one direction."""

    source: str
    pk: int
    kind: str
    on: dt.date | None
    programme: int
    material: int
    owner: Owner
    account: str
    is_gain: bool

    def __str__(self) -> str:
        to = f"{'to' if self.is_gain else 'from'} {self.owner[0]} {self.owner[1]}, {self.account}"
        return f"{self.source} {self.pk}, {self.kind} on {self.on}: material {self.material} {to}"


Lines = dict[Line, int]


def balances() -> Iterator[str]:
    moved: dict[tuple[Any, ...], int] = {}
    for *place, total in MaterialMovement.objects.order_by().values_list(*PLACE).annotate(moved=Sum("quantity")):
        moved[tuple(place)] = total
    kept = {tuple(place): held for *place, held in MaterialBalance.objects.values_list(*PLACE, "quantity")}
    for place in sorted({*moved, *kept}):
        if moved.get(place, 0) != kept.get(place, 0):
            yield f"{_name(place)}: the balance says {kept.get(place, 0)}, its movements add up to {moved.get(place, 0)}"


def days_below_zero() -> Iterator[str]:
    standing: dict[tuple[Any, ...], int] = defaultdict(int)
    impossible: dict[tuple[Any, ...], dt.date] = {}
    days = MaterialMovement.objects.order_by("effective_on").values_list(*PLACE, "effective_on").annotate(moved=Sum("quantity"))
    for *place, day, moved in days:
        standing[tuple(place)] += moved
        if standing[tuple(place)] < 0:
            impossible.setdefault(tuple(place), day)
    for place, day in sorted(impossible.items()):
        yield f"{_name(place)}: stood below zero on {day}"


def _name(place: tuple[Any, ...]) -> str:
    material, programme, holder, account = place
    return f"material {material} of programme {programme} with holder {holder}, {account}"


# --- the ledger written anew


def movements() -> Iterator[str]:
    """Every movement is accounted for by a receipt, a paper or a write-off, on its day, at its end; and no other is there."""
    found, wanted = _found(), _wanted()
    for line in sorted({*found, *wanted}, key=str):
        if found.get(line, 0) != wanted.get(line, 0):
            yield f"{line}: the ledger has {found.get(line, 0)}, its record accounts for {wanted.get(line, 0)}"


def _found() -> Lines:
    found: Lines = defaultdict(int)
    columns = (*SOURCES, "kind", "effective_on", "programme", "material", *(f"holder__{name}" for name in OWNERS), "account", "quantity")
    for row in MaterialMovement.objects.order_by().values_list(*columns).iterator(chunk_size=2000):
        source, pk = next((name, pk) for name, pk in zip(SOURCES, row[:3], strict=True) if pk)
        owner = next((name, pk) for name, pk in zip(OWNERS, row[7:11], strict=True) if pk)
        kind, on, programme, material = row[3:7]
        found[Line(source, pk, kind, on, programme, material, owner, row[11], row[12] > 0)] += abs(row[12])
    return found


def _wanted() -> Lines:
    wanted: Lines = defaultdict(int)
    kinds: tuple[tuple[str, Any, Callable[[Any], Iterator[Step]]], ...] = (
        ("receipt", MaterialReceipt.objects.prefetch_related("lines"), _of_receipt),
        ("handover", MaterialHandover.objects.prefetch_related("lines"), _of_handover),
        ("write_off", MaterialWriteOff.objects.select_related("holder"), _of_write_off),
    )
    for source, rows, accounts_for in kinds:
        for record in rows.order_by("pk").iterator(chunk_size=500):
            steps = list(accounts_for(record))
            if record.status == CANCELLED:
                steps += _undone(steps, record.cancelled_on)
            for kind, on, material, owner, account, quantity in steps:
                line = Line(source, record.pk, str(kind), on, record.programme_id, material, owner, str(account), quantity > 0)
                wanted[line] += abs(quantity)
    return wanted


Step = tuple[str, dt.date | None, int, Owner, str, int]


def _of_receipt(receipt: MaterialReceipt) -> Iterator[Step]:
    for line in receipt.lines.all():
        yield Kind.RECEIPT, receipt.received_on, line.material_id, ("store", receipt.store_id), MaterialAccount.ON_HAND, line.quantity


def _of_handover(handover: MaterialHandover) -> Iterator[Step]:
    if handover.status == MaterialHandover.Status.DRAFT:
        return
    store, partner = ("store", handover.store_id), _partner_of(handover)
    giver, taker = (partner, store) if handover.is_incoming else (store, partner)
    on = handover.handed_over_on
    for line in handover.lines.all():
        for kind, account, quantity in (
            (Kind.DISPATCH, MaterialAccount.TRANSIT, line.quantity),
            (Kind.SETTLEMENT, MaterialAccount.SCRAP, line.scrap or 0),
            (Kind.SETTLEMENT, MaterialAccount.USED, line.used or 0),
        ):
            if quantity:
                yield kind, on, line.material_id, giver, MaterialAccount.ON_HAND, -quantity
                yield kind, on, line.material_id, giver, account, quantity
        if handover.received_on and line.quantity:
            yield Kind.ARRIVAL, handover.received_on, line.material_id, giver, MaterialAccount.TRANSIT, -line.quantity
            for owner, quantity in ((taker, line.arrived), (giver, line.quantity - line.arrived)):
                if quantity:
                    yield Kind.ARRIVAL, handover.received_on, line.material_id, owner, MaterialAccount.ON_HAND, quantity


def _partner_of(handover: MaterialHandover) -> Owner:
    if handover.other_store_id:
        return "store", handover.other_store_id
    return next((name, pk) for name in OWNERS[1:] if (pk := getattr(handover, f"{name}_id")))


def _of_write_off(write_off: MaterialWriteOff) -> Iterator[Step]:
    if write_off.status in (MaterialWriteOff.Status.PROPOSED, MaterialWriteOff.Status.REFUSED):
        return
    owner = next((name, pk) for name in OWNERS if (pk := getattr(write_off.holder, f"{name}_id")))
    for account, sign in ((MaterialAccount.ON_HAND, -1), (MaterialAccount.WRITTEN_OFF, 1)):
        yield Kind.WRITE_OFF, write_off.happened_on, write_off.material_id, owner, account, sign * write_off.quantity


def _undone(steps: Iterable[Step], on: dt.date | None) -> list[Step]:
    """The opposite of all it moved, place by place."""
    net: dict[tuple[int, Owner, str], int] = defaultdict(int)
    for _kind, _on, material, owner, account, quantity in steps:
        net[material, owner, account] += quantity
    return [(Kind.CANCELLATION, on, *place, -quantity) for place, quantity in net.items() if quantity]


# --- against the audit trail

VERBS: dict[str, tuple[str, ...]] = {
    Kind.RECEIPT: ("created",),
    Kind.DISPATCH: ("status:diterbitkan",),
    Kind.SETTLEMENT: ("status:diterbitkan",),
    Kind.ARRIVAL: ("status:diterima",),
    Kind.WRITE_OFF: ("status:disetujui",),
    Kind.CANCELLATION: ("status:dibatalkan",),
}


def times() -> Iterator[str]:
    """What was known in June stays what was known in June."""
    labels = {model._meta.label_lower: name for name, model in SOURCES.items()}
    acts: dict[tuple[str, int, str], list[dt.datetime]] = defaultdict(list)
    verbs = {verb for known in VERBS.values() for verb in known}
    events = AuditEvent.objects.filter(model__in=labels, verb__in=verbs)
    for model, pk, verb, at in events.values_list("model", "object_id", "verb", "at").iterator(chunk_size=2000):
        acts[labels[model], int(pk), verb].append(at)
    rows = MaterialMovement.objects.order_by().values_list(*SOURCES, "kind").annotate(first=Min("recorded_at"), last=Max("recorded_at"))
    for *keys, kind, first, last in rows:
        name, pk = next((name, pk) for name, pk in zip(SOURCES, keys, strict=True) if pk)
        known = [at for verb in VERBS[kind] for at in acts[name, pk, verb]]
        for moment in sorted({first, last}):
            if not any(abs(moment - at) <= TOLERANCE for at in known):
                said = ", ".join(at.isoformat(timespec="seconds") for at in known) or "no such act"
                yield f"{name} {pk}, {kind}: recorded at {moment.isoformat(timespec='seconds')}, the audit trail has {said}"
    early = MaterialMovement.objects.annotate(day=TruncDate("recorded_at")).filter(day__lt=F("effective_on"))
    for movement, day, on in early.order_by("pk").values_list("pk", "day", "effective_on"):
        yield f"movement of material {movement}: recorded on {day}, before {on}, when it happened"
