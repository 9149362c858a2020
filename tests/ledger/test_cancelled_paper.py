"""A cancellation claims only what comes back to stock, and accounts for the rest."""

from __future__ import annotations

from distribution.actions.cancellations import approve_cancellation, request_cancellation
from distribution.actions.handovers import issue_handover
from distribution.actions.receipts import Outcome, acknowledge_handover
from distribution.models import Handover, HandoverLine
from production.models import Account, StockBalance
from tests.ledger.world import World, wrong


def test_what_was_written_off_or_came_back_before_is_not_on_the_paper(world: World) -> None:
    world.stock(20)
    draft = world.draft(20)
    handover = issue_handover(draft, by=world.official, version=draft.version)
    outcome = Outcome(12, returned=5, written_off=3)
    acknowledge_handover(
        handover,
        by=world.official,
        version=handover.version,
        received_on=world.today,
        receiver_name="Penerima CONTOH",
        outcomes={handover.lines.get().pk: outcome},
        shortfall_reason="basah",
        no_evidence_reason="bukti menyusul",
    )
    handover = Handover.objects.get()

    request = request_cancellation(handover, by=world.officer, version=handover.version, reason="salah tulis")
    cancelled = approve_cancellation(request, by=world.official, version=request.version)

    assert [line["quantity"] for line in cancelled.document.snapshot["lines"]] == [12]
    settled = {"handed_over": 20, "back": 12, "returned": 5, "written_off": 3}
    assert cancelled.document.snapshot["receipt"] == {
        "received_on": world.today.isoformat(),
        "lines": [{"product": "Pakaian hazmat", "condition": "Baik", "unit": "set", **settled}],
    }
    assert wrong() == []
    HandoverLine.objects.update(returned=4, written_off=4)
    assert ["what the receipt settled" in sentence for _what, sentence in wrong() if "BA-BATAL" in sentence] == [True]
    assert {balance.account: balance.quantity for balance in StockBalance.objects.exclude(quantity=0)} == {
        Account.STOCK: 17,
        Account.WRITTEN_OFF: 3,
    }
