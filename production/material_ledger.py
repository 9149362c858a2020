"""Posting to the ledger of materials: signed movements, and the balances that follow them in the same transaction.

Every centimetre is in one account of one holder. Two things are refused in every posting: a balance below zero now, and a balance
below zero on any day from the posting's own date on (what is handed over on an earlier day cannot be what came later).
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models, transaction
from django.db.models import F, Sum
from django.utils.translation import gettext as _

from ikm_program.actions import Refusal
from ikm_program.formatting import tanggal
from production.models import (
    Material,
    MaterialAccount,
    MaterialBalance,
    MaterialHandover,
    MaterialHolder,
    MaterialMovement,
    MaterialReceipt,
    MaterialWriteOff,
    Store,
)
from trainings.models import Programme

Place = tuple[int, int, str]  # material, holder, account
Source = MaterialReceipt | MaterialHandover | MaterialWriteOff
Kind = MaterialMovement.Kind
PLANS = 5  # how often a plan is made anew when another transaction took from the same holder meanwhile
FIELDS: dict[type[models.Model], str] = {MaterialReceipt: "receipt", MaterialHandover: "handover", MaterialWriteOff: "write_off"}


@dataclass(frozen=True)
class Move:
    """So much of a material arrives at (or, negative, leaves) an account of a holder."""

    material_id: int
    holder_id: int
    account: MaterialAccount
    quantity: int

    @property
    def place(self) -> Place:
        return self.material_id, self.holder_id, str(self.account)


@dataclass(frozen=True)
class Draw:
    """So much of a material taken from one holder."""

    material_id: int
    holder_id: int
    quantity: int

    def to(self, account: MaterialAccount, quantity: int | None = None) -> list[Move]:
        """Out of the hand of the holder into another account of the same."""
        moved = self.quantity if quantity is None else quantity
        return [
            Move(self.material_id, self.holder_id, MaterialAccount.ON_HAND, -moved),
            Move(self.material_id, self.holder_id, account, moved),
        ]


class NotEnough(Exception):
    """A conditional UPDATE found less than was to be taken: somebody else was quicker."""


class InsufficientMaterial(Refusal):
    """Less there than asked for; says how much there is."""

    def __init__(self, material: Material, available: int, requested: int) -> None:
        self.available, self.requested = available, requested
        super().__init__(
            _("There is not enough %(material)s. Available %(available)s, requested %(requested)s.")
            % {"material": material, "available": material.said(available), "requested": material.said(requested)},
            field="lines",
        )


def holder_of(owner: Any) -> MaterialHolder:
    """The holder that stands for a store, batch, business or person; made on first need."""
    found = MaterialHolder.objects.of(owner).first()
    if found is not None:
        return found
    name = owner._meta.model_name
    if isinstance(owner, Store) or name == "batch":
        return MaterialHolder.objects.get_or_create(**{name: owner}, defaults={"region": owner.region})[0]
    return MaterialHolder.objects.create(**{name: owner}, region=owner.region)


def post(moves: Iterable[Move], *, kind: MaterialMovement.Kind, programme: Programme, effective_on: dt.date, source: Source) -> uuid.UUID:
    """Write one posting and change its balances, in primary-key order.

    Raises NotEnough and writes nothing when one would fall below zero.
    """
    moves = [move for move in moves if move.quantity]
    if not isinstance(source, MaterialReceipt) and sum(move.quantity for move in moves) != 0:
        raise ValueError("a posting moves material, it neither makes nor loses it")
    posting = uuid.uuid4()
    with transaction.atomic():
        _change_balances(moves, programme)
        MaterialMovement.objects.bulk_create(
            MaterialMovement(
                posting=posting,
                material_id=move.material_id,
                programme=programme,
                holder_id=move.holder_id,
                account=move.account,
                kind=kind,
                quantity=move.quantity,
                effective_on=effective_on,
                **{FIELDS[type(source)]: source},
            )
            for move in moves
        )
        _refuse_negative_days([move.place for move in moves if move.quantity < 0], programme, effective_on)
    return posting


def take(
    wanted: dict[int, int],
    *,
    owner: Any,
    programme: Programme,
    effective_on: dt.date,
    then: Callable[[list[Draw]], object],
) -> None:
    """Plan from which holder how much of each material (its id -> quantity) is taken, and hand the plan to `then`, which posts it.

    Raises InsufficientMaterial. When another transaction was quicker, the plan is made anew.
    """
    for _attempt in range(PLANS):
        there = available(owner, programme=programme, on=effective_on)
        _refuse_shortage(wanted, there)
        try:
            with transaction.atomic():
                then(_plan(wanted, there))
        except NotEnough:
            continue
        return
    _refuse_shortage(wanted, available(owner, programme=programme, on=effective_on))
    raise Refusal(_("Others are taking from the same store at this moment. Try again."))


def available(owner: Any, *, programme: Programme, on: dt.date) -> dict[int, dict[int, int]]:
    """What an owner can give with effect on that day: material -> holder -> quantity. Later arrivals do not count for an earlier date."""
    on_hand = MaterialBalance.objects.filter(
        holder__in=MaterialHolder.objects.of(owner), programme=programme, account=MaterialAccount.ON_HAND, quantity__gt=0
    )
    rows = list(on_hand.order_by("holder_id").values_list("material_id", "holder_id", "quantity"))
    least = _least_from([(material, holder, str(MaterialAccount.ON_HAND)) for material, holder, _quantity in rows], programme, on)
    found: dict[int, dict[int, int]] = defaultdict(dict)
    for material, holder, quantity in rows:
        if (there := min(quantity, least[material, holder, str(MaterialAccount.ON_HAND)])) > 0:
            found[material][holder] = there
    return found


def undo(source: Source, *, programme: Programme, effective_on: dt.date) -> None:
    """The opposite of everything a record has moved. Raises Refusal where it has been handed on meanwhile."""
    field = FIELDS[type(source)]
    rows = (
        MaterialMovement.objects.filter(**{field: source})
        .order_by()
        .values_list("material_id", "holder_id", "account")
        .annotate(moved=Sum("quantity"))
    )
    moves = [Move(material, holder, MaterialAccount(account), -moved) for material, holder, account, moved in rows]
    try:
        post(moves, kind=Kind.CANCELLATION, programme=programme, effective_on=effective_on, source=source)
    except NotEnough:
        raise Refusal(_("Some of this material has been handed on or used meanwhile. Cancel what came after it first.")) from None


def _refuse_shortage(wanted: dict[int, int], there: dict[int, dict[int, int]]) -> None:
    for material_id, quantity in sorted(wanted.items()):
        if (has := sum(there.get(material_id, {}).values())) < quantity:
            raise InsufficientMaterial(Material.objects.get(pk=material_id), has, quantity)


def _plan(wanted: dict[int, int], there: dict[int, dict[int, int]]) -> list[Draw]:
    draws: list[Draw] = []
    for material_id, quantity in sorted(wanted.items()):
        for holder_id, has in there.get(material_id, {}).items():
            if quantity <= 0:
                break
            draws.append(Draw(material_id, holder_id, min(has, quantity)))
            quantity -= draws[-1].quantity
    return draws


def _change_balances(moves: Sequence[Move], programme: Programme) -> None:
    deltas: dict[Place, int] = defaultdict(int)
    for move in moves:
        deltas[move.place] += move.quantity
    MaterialBalance.objects.bulk_create(
        [
            MaterialBalance(material_id=material, holder_id=holder, account=account, programme=programme)
            for material, holder, account in sorted(deltas)
        ],
        ignore_conflicts=True,
    )
    rows = MaterialBalance.objects.filter(programme=programme, holder_id__in={place[1] for place in deltas})
    keys = {(material, holder, account): pk for pk, material, holder, account in rows.values_list("pk", "material", "holder", "account")}
    for pk, delta in sorted((keys[place], delta) for place, delta in deltas.items() if delta):
        change_balance(pk, delta)


def change_balance(pk: int, delta: int) -> None:
    """One conditional UPDATE: exact under any number of writers, because the database reads and writes in one step."""
    if not MaterialBalance.objects.filter(pk=pk, quantity__gte=-delta).update(quantity=F("quantity") + delta):
        raise NotEnough(pk)


def _refuse_negative_days(places: Sequence[Place], programme: Programme, on: dt.date) -> None:
    for (material_id, _holder, _account), quantity in _least_from(places, programme, on).items():
        if quantity < 0:
            material = Material.objects.get(pk=material_id)
            raise Refusal(
                _("On %(date)s there was not enough %(material)s: %(missing)s came later. Choose a later date.")
                % {"date": tanggal(on), "material": material, "missing": material.said(-quantity)}
            )


def _least_from(places: Sequence[Place], programme: Programme, on: dt.date) -> dict[Place, int]:
    """The lowest end-of-day balance of each place on the day `on` or any later one."""
    wanted = set(places)
    days: dict[Place, list[tuple[dt.date, int]]] = defaultdict(list)
    rows = (
        MaterialMovement.objects.filter(programme=programme, holder_id__in={place[1] for place in wanted})
        .order_by("effective_on")
        .values_list("material_id", "holder_id", "account", "effective_on")
        .annotate(moved=Sum("quantity"))
    )
    for material, holder, account, day, moved in rows:
        if (material, holder, account) in wanted:
            days[material, holder, account].append((day, moved))
    return {place: _lowest(days[place], on) for place in wanted}


def _lowest(days: Sequence[tuple[dt.date, int]], on: dt.date) -> int:
    standing = sum(moved for day, moved in days if day <= on)
    lowest = standing
    for day, moved in days:
        if day > on:
            standing += moved
            lowest = min(lowest, standing)
    return lowest
