"""The stock ledger written anew from reports and papers: every movement is accounted for, on its day, in its lot, and no other is there."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import astuple, dataclass
from typing import Any

from django.db.models import Max, Min

from distribution.actions import evaluations
from distribution.actions.receipts import Outcome, settle
from distribution.models import Cancellation, Evaluation, Handover, HandoverDraw, Transfer, TransferDraw
from production import gates, stocktaking
from production.ledger import Move
from production.models import Account, Inspection, OutputEntry, OutputLine, Purchase, StockMovement, Stocktake, StocktakeDraw

Kind = StockMovement.Kind
REPORT, HANDOVER, TRANSFER, INSPECTION, PURCHASE, EVALUATION, STOCKTAKE = (
    model._meta.label_lower for model in (OutputEntry, Handover, Transfer, Inspection, Purchase, Evaluation, Stocktake)
)
HELD = (Account.AWAITING, Account.ACKNOWLEDGED)


@dataclass(frozen=True)
class Line:
    """A movement as its source accounts for it."""

    source_model: str
    source_id: int
    kind: str
    effective_on: dt.date | None
    lot: int
    store: int
    account: str
    quantity: int

    def __str__(self) -> str:
        act = f"{self.source_model.rpartition('.')[2]} {self.source_id}, {self.kind} on {self.effective_on}"
        return f"{act}: {self.quantity:+d} of lot {self.lot} in store {self.store}, {self.account}"


FIELDS = ("source_model", "source_id", "kind", "effective_on", "lot", "store", "account", "quantity")


def movements() -> Iterator[str]:
    found = Counter(Line(*row) for row in StockMovement.objects.order_by().values_list(*FIELDS).iterator(chunk_size=2000))
    sources = (_of_reports, _of_handovers, _of_transfers, _of_inspections, _of_purchases, _of_evaluations, _of_stocktakes)
    wanted = Counter(line for source in sources for line in source())
    for line in sorted((found - wanted).elements(), key=_order):
        yield f"{line}: nothing accounts for this movement"
    for line in sorted((wanted - found).elements(), key=_order):
        yield f"{line}: this movement is not in the ledger"


def postings() -> Iterator[str]:
    """The movements of one posting belong to one act."""
    shared = ("source_model", "source_id", "kind", "effective_on")
    ends: dict[str, Any] = {f"{end.__name__.lower()}_{name}": end(name) for name in shared for end in (Min, Max)}
    rows: Any = StockMovement.objects.values("posting").annotate(**ends).order_by("posting")
    for row in rows.iterator(chunk_size=2000):
        if any(row[f"min_{name}"] != row[f"max_{name}"] for name in shared):
            yield f"posting {row['posting']}: its movements belong to different acts"


def _order(line: Line) -> tuple[str, ...]:
    return tuple(str(part) for part in astuple(line))


def _of_reports() -> Iterator[Line]:
    """What was verified came into the lot of its line, where the lot began; a correction goes there too."""
    first = StockMovement.objects.filter(kind=Kind.VERIFIED).values_list("lot", "store", "account")
    began = {lot: (store, account) for lot, store, account in first}
    lines = OutputLine.objects.filter(entry__status=OutputEntry.Status.VERIFIED).exclude(verified_quantity=0)
    for entry, on, lot, corrected, quantity in lines.order_by("pk").values_list(
        "entry", "entry__verified_on", "lot", "corrects__lot", "verified_quantity"
    ):
        kind = Kind.VERIFIED if corrected is None else Kind.CORRECTION
        place = lot if corrected is None else corrected
        if place is not None:  # a verified line without a lot is said elsewhere
            store, account = began.get(place, (0, str(Account.STOCK)))
            yield Line(REPORT, entry, str(kind), on, place, store, account, quantity or 0)


def _of_handovers() -> Iterator[Line]:
    draws: dict[int, list[HandoverDraw]] = defaultdict(list)
    taken = HandoverDraw.objects.exclude(line__handover__status=Handover.Status.DRAFT).select_related("line__handover__receipt", "lot")
    for draw in taken.order_by("line_id", "lot__made_on", "lot_id"):
        draws[draw.line.handover_id].append(draw)
    cancelled = Cancellation.objects.filter(status=Cancellation.Status.APPROVED).values_list("handover", "cancelled_on")
    cancelled_on = dict(cancelled)
    for pk, of_handover in draws.items():
        yield from _of_handover(of_handover[0].line.handover, of_handover, cancelled_on.get(pk))


def _of_handover(handover: Handover, draws: list[HandoverDraw], cancelled_on: dt.date | None) -> Iterator[Line]:
    lines = list(_issued(handover, draws))
    if receipt := getattr(handover, "receipt", None):
        lines += _settled(handover, draws, receipt.received_on)
    if handover.status == Handover.Status.CANCELLED:
        lines += _given_back(handover, lines, cancelled_on)
    yield from lines


def _issued(handover: Handover, draws: Iterable[HandoverDraw]) -> Iterator[Line]:
    for draw in draws:
        yield _line(handover, Kind.HANDOVER, handover.handed_over_on, draw.lot_id, Account.STOCK, -draw.quantity)
        yield _line(handover, Kind.HANDOVER, handover.handed_over_on, draw.lot_id, Account.AWAITING, draw.quantity)


def _settled(handover: Handover, draws: list[HandoverDraw], on: dt.date) -> Iterator[Line]:
    rows = {draw.line_id: draw.line for draw in draws}
    outcomes = {pk: Outcome(row.acknowledged or 0, row.returned, row.written_off) for pk, row in rows.items()}
    for kind, moves in settle(handover, draws, outcomes):
        yield from (_line(handover, kind, on, move.lot_id, move.account, move.quantity) for move in moves)


def _given_back(handover: Handover, lines: Iterable[Line], on: dt.date | None) -> Iterator[Line]:
    held: dict[tuple[int, str], int] = defaultdict(int)
    for line in lines:
        if line.account in HELD:
            held[line.lot, line.account] += line.quantity
    for (lot, account), quantity in held.items():
        if quantity:
            yield _line(handover, Kind.CANCELLATION, on, lot, account, -quantity)
            yield _line(handover, Kind.CANCELLATION, on, lot, Account.STOCK, quantity)


def _line(handover: Handover, kind: Kind, on: dt.date | None, lot: int, account: str, quantity: int) -> Line:
    return Line(HANDOVER, handover.pk, str(kind), on, lot, handover.store_id, str(account), quantity)


def _of_transfers() -> Iterator[Line]:
    taken = TransferDraw.objects.exclude(line__transfer__status=Transfer.Status.DRAFT).select_related("line__transfer")
    for draw in taken.order_by("pk"):
        sent: Any = draw.line.transfer
        begun = (TRANSFER, sent.pk, str(Kind.DISPATCH), sent.sent_on, draw.lot_id, sent.from_store_id)
        yield Line(*begun, str(Account.STOCK), -draw.quantity)
        yield Line(*begun, str(Account.TRANSIT), draw.quantity)
        if sent.status == Transfer.Status.RECEIVED:
            goal = Account.EVALUATION if sent.purpose == Transfer.Purpose.EVALUATION else Account.STOCK
            arrived = (TRANSFER, sent.pk, str(Kind.ARRIVAL), sent.received_on, draw.lot_id)
            yield Line(*arrived, sent.from_store_id, str(Account.TRANSIT), -draw.quantity)
            yield Line(*arrived, sent.to_store_id, str(goal), draw.quantity)


def _of_inspections() -> Iterator[Line]:
    """Each moved what its result says, and a cancelled one moved it back."""
    issued: Any = Inspection.objects.exclude(status=Inspection.Status.DRAFT).select_related("programme").prefetch_related("lines")
    for inspection in issued.order_by("pk"):
        moves = list(gates.moves_of_inspection(inspection, inspection.lines.all()))
        yield from _moved(INSPECTION, inspection.pk, Kind.INSPECTION, inspection.inspected_on, moves)
        if inspection.status == Inspection.Status.CANCELLED:
            yield from _moved(INSPECTION, inspection.pk, Kind.CANCELLATION, inspection.cancelled_on, gates.reversed_moves(moves))


def _of_purchases() -> Iterator[Line]:
    bought: Any = Purchase.objects.exclude(status=Purchase.Status.DRAFT).prefetch_related("lines")
    for purchase in bought.order_by("pk"):
        moves = list(gates.moves_of_purchase(purchase, purchase.lines.all()))
        yield from _moved(PURCHASE, purchase.pk, Kind.PURCHASE, purchase.purchased_on, moves)
        if purchase.status == Purchase.Status.CANCELLED:
            yield from _moved(PURCHASE, purchase.pk, Kind.CANCELLATION, purchase.cancelled_on, gates.reversed_moves(moves))


def _of_evaluations() -> Iterator[Line]:
    decided: Any = Evaluation.objects.select_related("transfer").prefetch_related("parts__draw")
    for evaluation in decided.order_by("pk"):
        moves = list(evaluations.moves_of(evaluation.transfer, evaluation.parts.all()))
        yield from _moved(EVALUATION, evaluation.pk, Kind.EVALUATED, evaluation.decided_on, moves)
        if evaluation.status == Evaluation.Status.CANCELLED:
            yield from _moved(EVALUATION, evaluation.pk, Kind.CANCELLATION, evaluation.cancelled_on, gates.reversed_moves(moves))


def _of_stocktakes() -> Iterator[Line]:
    draws: dict[int, list[StocktakeDraw]] = defaultdict(list)
    for draw in StocktakeDraw.objects.select_related("line").order_by("pk"):
        draws[draw.line.stocktake_id].append(draw)
    for stocktake in Stocktake.objects.filter(pk__in=draws).order_by("pk"):
        moves = list(stocktaking.moves_of(stocktake, draws[stocktake.pk]))
        yield from _moved(STOCKTAKE, stocktake.pk, Kind.STOCKTAKE, stocktake.counted_on, moves)
        if stocktake.status == Stocktake.Status.CANCELLED:
            yield from _moved(STOCKTAKE, stocktake.pk, Kind.CANCELLATION, stocktake.cancelled_on, gates.reversed_moves(moves))


def _moved(model: str, pk: int, kind: Kind, on: dt.date | None, moves: Iterable[Move]) -> Iterator[Line]:
    for move in moves:
        yield Line(model, pk, str(kind), on, move.lot_id, move.store_id, str(move.account), move.quantity)
