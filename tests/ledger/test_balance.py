"""The one conditional UPDATE that everything rests on."""

from __future__ import annotations

import pytest

from production import ledger
from production.models import StockBalance
from tests.ledger.world import World


def test_more_than_there_is_cannot_be_taken_and_nothing_changes(world: World) -> None:
    world.stock(10)
    there = StockBalance.objects.get()

    with pytest.raises(ledger.NotEnough):
        ledger.change_balance(there.pk, -11)

    there.refresh_from_db()
    assert there.quantity == 10


def test_all_of_it_can_be_taken(world: World) -> None:
    world.stock(10)
    there = StockBalance.objects.get()

    ledger.change_balance(there.pk, -10)

    there.refresh_from_db()
    assert there.quantity == 0
