"""The stock ledger: postings of signed movements, and the balances that follow them in the same transaction.

A piece is always in exactly one account. Two things are refused in every posting: a balance below zero now, and a balance
below zero on any day from the posting's own date on (a back-dated handover cannot spend what came later).
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import models, transaction
from django.db.models import F, Sum
from django.utils.translation import gettext as _

from ikm_program.actions import Refusal
from ikm_program.formatting import jumlah, tanggal
from production.models import Account, Lot, Product, StockBalance, StockMovement, Store
from trainings.models import Programme

Place = tuple[int, int, str]  # lot, store, account
UNBALANCED = frozenset({StockMovement.Kind.VERIFIED, StockMovement.Kind.CORRECTION})
PLANS = 5  # how often a plan is made anew when another transaction took from the same lots meanwhile


@dataclass(frozen=True)
class Move:
    """So many pieces of a lot arrive at (or, negative, leave) an account at a store."""

    lot_id: int
    store_id: int
    account: Account
    quantity: int

    @property
    def place(self) -> Place:
        return self.lot_id, self.store_id, str(self.account)


@dataclass(frozen=True)
class Draw:
    """So many pieces taken from one lot."""

    lot_id: int
    quantity: int


class NotEnough(Exception):
    """A conditional UPDATE found less than was to be taken: somebody else was quicker."""


class InsufficientStock(Refusal):
    """Less in stock than asked for; says how much there is."""

    def __init__(self, available: int, requested: int, unit: str) -> None:
        self.available, self.requested = available, requested
        super().__init__(
            _("There is not enough in stock. Available %(available)s %(unit)s, requested %(requested)s %(unit)s.")
            % {"available": jumlah(available), "requested": jumlah(requested), "unit": unit},
            field="quantity",
        )


def post(
    moves: Iterable[Move], *, kind: StockMovement.Kind, effective_on: dt.date, source: models.Model, description: str = ""
) -> uuid.UUID:
    """Write one posting and change its balances, in primary-key order.

    Raises NotEnough and writes nothing when one would fall below zero.
    """
    moves = [move for move in moves if move.quantity]
    if kind not in UNBALANCED and sum(move.quantity for move in moves) != 0:
        raise ValueError("a posting moves pieces, it neither makes nor loses them")
    posting = uuid.uuid4()
    with transaction.atomic():
        _change_balances(moves)
        StockMovement.objects.bulk_create(
            StockMovement(
                posting=posting,
                lot_id=move.lot_id,
                store_id=move.store_id,
                account=move.account,
                kind=kind,
                quantity=move.quantity,
                effective_on=effective_on,
                source_model=source._meta.label_lower,
                source_id=source.pk,
                description=description[:250],
            )
            for move in moves
        )
        _refuse_negative_days([move.place for move in moves if move.quantity < 0], effective_on)
    return posting


def draw_oldest_first(
    *,
    store: Store,
    programme: Programme,
    product: Product,
    quantity: int,
    to: Account,
    kind: StockMovement.Kind,
    effective_on: dt.date,
    source: models.Model,
    description: str = "",
) -> list[Draw]:
    """Take `quantity` from the oldest available lots into the account `to` at the same store, and say which lots gave how many.

    Raises InsufficientStock. When another transaction empties a planned lot meanwhile, the plan is made anew.
    """
    for _attempt in range(PLANS):
        available = available_lots(store=store, programme=programme, product=product, on=effective_on)
        if sum(available.values()) < quantity:
            raise InsufficientStock(sum(available.values()), quantity, product.unit)
        draws = plan(available, quantity)
        try:
            take(draws, store=store, to=to, kind=kind, effective_on=effective_on, source=source, description=description)
        except NotEnough:
            continue
        return draws
    raise InsufficientStock(sum(available.values()), quantity, product.unit)


def take(
    draws: Sequence[Draw],
    *,
    store: Store,
    to: Account,
    kind: StockMovement.Kind,
    effective_on: dt.date,
    source: models.Model,
    description: str = "",
) -> None:
    """Move the drawn pieces out of the store's stock into the account `to`. Raises NotEnough."""
    moves = [
        move
        for draw in draws
        for move in (Move(draw.lot_id, store.pk, Account.STOCK, -draw.quantity), Move(draw.lot_id, store.pk, to, draw.quantity))
    ]
    post(moves, kind=kind, effective_on=effective_on, source=source, description=description)


def available_lots(*, store: Store, programme: Programme, product: Product, on: dt.date) -> dict[int, int]:
    """How much of each lot of a product is free to be taken with effect on that day, oldest lot first."""
    return _available(_standing(store, programme).filter(lot__product=product), store, on).get(product.pk, {})


def available_by_product(*, store: Store, programme: Programme, on: dt.date) -> dict[int, dict[int, int]]:
    """The same of everything in the store: product -> lot -> quantity, with as many queries as for one product."""
    return _available(_standing(store, programme), store, on)


def _standing(store: Store, programme: Programme) -> models.QuerySet[StockBalance]:
    """What a gate still holds lies in an account of its own, and is not in it."""
    return StockBalance.objects.filter(store=store, account=Account.STOCK, quantity__gt=0, lot__programme=programme)


def _available(balances: models.QuerySet[StockBalance], store: Store, on: dt.date) -> dict[int, dict[int, int]]:
    """The least the stock stands at on any day from then on: later arrivals do not count for an earlier date."""
    rows = list(balances.order_by("lot__made_on", "lot_id").values_list("lot", "lot__product", "quantity"))
    least = least_from([(lot_id, store.pk, str(Account.STOCK)) for lot_id, _product, _quantity in rows], on)
    found: dict[int, dict[int, int]] = defaultdict(dict)
    for lot_id, product_id, quantity in rows:
        if (there := min(quantity, least[lot_id, store.pk, str(Account.STOCK)])) > 0:
            found[product_id][lot_id] = there
    return found


def standing_on(places: Sequence[Place], on: dt.date) -> dict[Place, int]:
    """What each place held at the end of that day, whatever came later."""
    days = _days(places)
    return {place: sum(moved for day, moved in days[place] if day <= on) for place in places}


def plan(available: dict[int, int], quantity: int) -> list[Draw]:
    draws: list[Draw] = []
    for lot_id, there in available.items():
        if quantity <= 0:
            break
        draws.append(Draw(lot_id, min(there, quantity)))
        quantity -= draws[-1].quantity
    return draws


def _change_balances(moves: Sequence[Move]) -> None:
    deltas: dict[Place, int] = defaultdict(int)
    for move in moves:
        deltas[move.place] += move.quantity
    StockBalance.objects.bulk_create(
        [StockBalance(lot_id=lot, store_id=store, account=account) for lot, store, account in sorted(deltas)], ignore_conflicts=True
    )
    rows = StockBalance.objects.filter(lot_id__in={place[0] for place in deltas}).values_list("pk", "lot_id", "store_id", "account")
    keys = {(lot, store, account): pk for pk, lot, store, account in rows}
    for pk, delta in sorted((keys[place], delta) for place, delta in deltas.items() if delta):
        change_balance(pk, delta)


def change_balance(pk: int, delta: int) -> None:
    """One conditional UPDATE: exact under any number of writers, because the database reads and writes in one step."""
    if not StockBalance.objects.filter(pk=pk, quantity__gte=-delta).update(quantity=F("quantity") + delta):
        raise NotEnough(pk)


def _refuse_negative_days(places: Sequence[Place], on: dt.date) -> None:
    least = least_from(places, on)
    for (lot_id, _store, _account), quantity in least.items():
        if quantity < 0:
            lot = Lot.objects.select_related("product", "line__participant").get(pk=lot_id)
            raise Refusal(
                _("On %(date)s there was not enough of “%(lot)s”: %(missing)s %(unit)s came later. Choose a later date.")
                % {"date": tanggal(on), "lot": lot, "missing": jumlah(-quantity), "unit": lot.product.unit}
            )


def least_from(places: Sequence[Place], on: dt.date) -> dict[Place, int]:
    """The lowest end-of-day balance of each place on the day `on` or any later one."""
    days = _days(places)
    return {place: _lowest(days[place], on) for place in set(places)}


def _days(places: Sequence[Place]) -> dict[Place, list[tuple[dt.date, int]]]:
    """What came to each place and left it, day by day."""
    wanted = set(places)
    days: dict[Place, list[tuple[dt.date, int]]] = defaultdict(list)
    rows = (
        StockMovement.objects.filter(lot_id__in={place[0] for place in wanted})
        .values("lot_id", "store_id", "account", "effective_on")
        .annotate(moved=Sum("quantity"))
        .order_by("effective_on")
    )
    for row in rows:
        place = (row["lot_id"], row["store_id"], row["account"])
        if place in wanted:
            days[place].append((row["effective_on"], row["moved"]))
    return days


def _lowest(days: Sequence[tuple[dt.date, int]], on: dt.date) -> int:
    standing = sum(moved for day, moved in days if day <= on)
    lowest = standing
    for day, moved in days:
        if day > on:
            standing += moved
            lowest = min(lowest, standing)
    return lowest
