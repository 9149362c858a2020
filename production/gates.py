"""The gates between a verified piece and its handover: inspection, then purchase, as the programme says. None by default.

A gate is an account of the stock ledger. What it holds lies in the store, is counted as stock, and cannot be taken; what passes
moves on, piece by piece, on the day it passed. So a lot may be free in part, and nothing is given away before its inspection.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from production.ledger import Move
from production.models import Account, Inspection, InspectionLine, Purchase, PurchaseLine
from trainings.models import Programme


def first_account(programme: Programme) -> Account:
    """Where verified pieces begin."""
    return Account.INSPECTION if programme.requires_inspection else after_inspection(programme)


def after_inspection(programme: Programme) -> Account:
    """Where a piece goes that was found fit."""
    return Account.NOT_BOUGHT if programme.requires_purchase else Account.STOCK


def examinable(programme: Programme) -> tuple[Account, ...]:
    """What can be examined: what waits for it (or, without that gate, what lies in stock), and what was repaired."""
    return (Account.INSPECTION if programme.requires_inspection else Account.STOCK, Account.REPAIR)


def accepted_into(programme: Programme, examined_in: str) -> Account:
    """Without the gate nothing but what was free is examined, and it stays free."""
    if not programme.requires_inspection or examined_in == Account.STOCK:
        return Account.STOCK
    return after_inspection(programme)


def moves_of_inspection(inspection: Inspection, lines: Iterable[InspectionLine]) -> Iterator[Move]:
    """What a result moves; a piece that stays where it was examined does not move."""
    for line in lines:
        goals = (
            (accepted_into(inspection.programme, line.account), line.accepted),
            (Account.REPAIR, line.to_repair),
            (Account.WRITTEN_OFF, line.rejected),
        )
        for goal, quantity in goals:
            if quantity and goal != line.account:
                yield Move(line.lot_id, inspection.store_id, Account(line.account), -quantity)
                yield Move(line.lot_id, inspection.store_id, goal, quantity)


def moves_of_purchase(purchase: Purchase, lines: Iterable[PurchaseLine]) -> Iterator[Move]:
    for line in lines:
        yield Move(line.lot_id, purchase.store_id, Account.NOT_BOUGHT, -line.quantity)
        yield Move(line.lot_id, purchase.store_id, Account.STOCK, line.quantity)


def reversed_moves(moves: Iterable[Move]) -> list[Move]:
    return [Move(move.lot_id, move.store_id, move.account, -move.quantity) for move in moves]
