"""From a count to the ledger: what the books say of a store on a day, and which pieces of which lots a difference moves.

missing      counted < books: written off, the oldest lot first, what is free before what a gate holds
found again  counted > books: back from what earlier stocktakes wrote off here, the last one written off first, to where it came from
unrecorded   what is left of a surplus: no movement, because no verified report has made those pieces
damaged      counted and not fit: held as "to be repaired", the oldest lot first; an inspection decides on them
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from django.db.models import QuerySet, Sum
from django.utils.translation import gettext as _

from ikm_program.actions import Refusal
from ikm_program.formatting import jumlah, tanggal
from production import ledger
from production.ledger import Move
from production.models import IN_STORE, Account, StockBalance, StockMovement, Stocktake, StocktakeDraw, StocktakeLine, Store

Goods = tuple[int, int]  # programme id, product id
TAKEN_FROM = (Account.STOCK, Account.NOT_BOUGHT, Account.INSPECTION, Account.REPAIR)


@dataclass(frozen=True)
class Held:
    """What the books have of a product in a store: in all, and of that what is held to be repaired."""

    quantity: int
    in_repair: int


@dataclass(frozen=True)
class Way:
    """So many pieces of a lot, from one account of the store to another."""

    lot_id: int
    origin: str
    goal: str
    quantity: int


def books_of(store: Store, on: dt.date) -> dict[Goods, Held]:
    """What the ledger has in the store at the end of the day, of everything that ever lay in it."""
    sums: dict[Goods, dict[str, int]] = defaultdict(dict)
    moved = StockMovement.objects.filter(store=store, account__in=IN_STORE, effective_on__lte=on).order_by()
    for programme, product, account, quantity in moved.values_list("lot__programme", "lot__product", "account").annotate(n=Sum("quantity")):
        sums[programme, product][account] = quantity
    return {goods: Held(sum(held.values()), held.get(Account.REPAIR, 0)) for goods, held in sums.items()}


def ways_of(line: StocktakeLine) -> list[Way]:
    """What the line moves on the day of its count. Raises Refusal where pieces that are missing have left the books since."""
    store, goods = line.stocktake.store, (line.programme_id, line.product_id)
    back = _found_again(line) if line.difference > 0 else []
    gone = _taken(line, -min(line.difference, 0), TAKEN_FROM, Account.WRITTEN_OFF, {})
    changes = _changes([*back, *gone])
    in_repair = books_of(store, line.stocktake.counted_on).get(goods, Held(0, 0)).in_repair
    held = in_repair + sum(change for (_lot, account), change in changes.items() if account == Account.REPAIR)
    recorded = line.book + sum(way.quantity for way in back) - sum(way.quantity for way in gone)
    damaged = _taken(line, max(min(line.damaged, recorded) - held, 0), TAKEN_FROM[:-1], Account.REPAIR, changes)
    return [*back, *gone, *damaged]


def moves_of(stocktake: Stocktake, draws: Iterable[StocktakeDraw]) -> Iterator[Move]:
    """What an issued stocktake moved."""
    for draw in draws:
        yield Move(draw.lot_id, stocktake.store_id, Account(draw.origin), -draw.quantity)
        yield Move(draw.lot_id, stocktake.store_id, Account(draw.goal), draw.quantity)


def _changes(ways: Iterable[Way]) -> dict[tuple[int, str], int]:
    """(lot, account) -> how many more or fewer lie there after these."""
    changes: dict[tuple[int, str], int] = defaultdict(int)
    for way in ways:
        changes[way.lot_id, way.origin] -= way.quantity
        changes[way.lot_id, way.goal] += way.quantity
    return changes


def _taken(
    line: StocktakeLine, quantity: int, accounts: Iterable[Account], goal: Account, changes: Mapping[tuple[int, str], int]
) -> list[Way]:
    ways: list[Way] = []
    left = quantity
    for account in accounts if left else ():
        draws = ledger.plan(_available(line, account, changes), left)
        ways += [Way(draw.lot_id, account, goal, draw.quantity) for draw in draws]
        left -= sum(draw.quantity for draw in draws)
    if left:
        raise Refusal(
            _("%(product)s: %(left)s %(unit)s of the difference left the store after %(date)s. Choose a later date, or count again.")
            % {
                "product": line.product,
                "left": jumlah(left),
                "unit": line.product.unit,
                "date": tanggal(line.stocktake.counted_on),
            }
        )
    return ways


def _available(line: StocktakeLine, account: Account, changes: Mapping[tuple[int, str], int]) -> dict[int, int]:
    """Lot -> what can be taken of it with effect on the day and after the changes, the oldest first."""
    store, on = line.stocktake.store, line.stocktake.counted_on
    there = StockBalance.objects.filter(store=store, account=account, lot__programme=line.programme_id, lot__product=line.product_id)
    rows = list(there.order_by("lot__made_on", "lot_id").values_list("lot", "quantity"))
    least = ledger.least_from([(lot, store.pk, str(account)) for lot, _quantity in rows], on)
    available = {lot: min(quantity, least[lot, store.pk, str(account)]) + changes.get((lot, account), 0) for lot, quantity in rows}
    return {lot: quantity for lot, quantity in available.items() if quantity > 0}


def _found_again(line: StocktakeLine) -> list[Way]:
    ways: list[Way] = []
    left = line.difference
    for (lot, account), quantity in _missing_before(line).items():
        taken = min(left, quantity)
        if taken > 0:
            ways.append(Way(lot, Account.WRITTEN_OFF, account, taken))
            left -= taken
    return ways


def _missing_before(line: StocktakeLine) -> dict[tuple[int, str], int]:
    earlier = Stocktake.objects.issued().filter(store=line.stocktake.store, counted_on__lte=line.stocktake.counted_on)
    draws = StocktakeDraw.objects.filter(line__stocktake__in=earlier, line__programme=line.programme_id, line__product=line.product_id)
    return _not_found_again(draws.exclude(line__stocktake=line.stocktake_id))


def is_found_again(stocktake: Stocktake) -> bool:
    """Whether a later count found some of what this one wrote off: without this one it would have found what nobody had missed.

    An inspection's rejects lie in the same account: only the draws tell them apart. What was missed after it was found is no stand-in.
    """
    missed = set(stocktake.lines.filter(draws__goal=Account.WRITTEN_OFF).values_list("draws__lot", "draws__origin"))
    issued = Stocktake.objects.issued().filter(store=stocktake.store).exclude(pk=stocktake.pk)
    others = StocktakeDraw.objects.filter(line__stocktake__in=issued, lot__in={lot for lot, _account in missed})
    left: dict[tuple[int, str], int] = defaultdict(int)
    for draw in others.order_by("line__stocktake__counted_on", "pk"):
        place, change = _written_off(draw)
        left[place] += change
        if left[place] < 0 and place in missed:
            return True
    return False


def _not_found_again(draws: QuerySet[StocktakeDraw]) -> dict[tuple[int, str], int]:
    """(lot, account it was taken from) -> what these stocktakes wrote off and none of them found again; the last first."""
    missing: dict[tuple[int, str], int] = defaultdict(int)
    for draw in draws.order_by("-line__stocktake__counted_on", "-pk"):
        place, change = _written_off(draw)
        if change:  # what is held has no place in the order
            missing[place] += change
    return {place: quantity for place, quantity in missing.items() if quantity > 0}


def _written_off(draw: StocktakeDraw) -> tuple[tuple[int, str], int]:
    """Where it was taken from, and how many more are written off of it: fewer where they came back, none where they are held."""
    if draw.origin == Account.WRITTEN_OFF:
        return (draw.lot_id, draw.goal), -draw.quantity
    return (draw.lot_id, draw.origin), draw.quantity if draw.goal == Account.WRITTEN_OFF else 0
