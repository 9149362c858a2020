"""A receiver passes goods on while two people cancel the handover: never both."""

from __future__ import annotations

from typing import Any

from distribution.actions.cancellations import approve_cancellation, request_cancellation
from distribution.actions.handovers import issue_handover
from distribution.actions.onwards import record_onward
from distribution.actions.receipts import acknowledge_handover
from distribution.models import Cancellation, Handover, OnwardHandover
from ikm_program.actions import Refusal
from tests.ledger.test_races import at_once
from tests.ledger.world import World


def test_a_handover_is_never_cancelled_under_a_live_onward_distribution(committed_world: World) -> None:
    world = committed_world
    world.stock(20)
    draft = world.draft(20)
    handover = issue_handover(draft, by=world.official, version=draft.version)
    hospital = world.further()
    received = {"received_on": world.today, "receiver_name": "Penerima CONTOH", "no_evidence_reason": "bukti menyusul"}
    acknowledge_handover(handover, by=world.official, version=handover.version, **received)
    asked = request_cancellation(handover, by=world.officer, version=handover.version, reason="salah tulis")

    def cancel() -> Any:
        return approve_cancellation(Cancellation.objects.get(pk=asked.pk), by=world.official, version=asked.version)

    def pass_on() -> Any:
        fresh = Handover.objects.get(pk=handover.pk)
        quantities = {fresh.lines.get().pk: 20}
        return record_onward(fresh, by=world.officer, recipient=hospital, handed_over_on=world.today, quantities=quantities)

    results = at_once(cancel, pass_on)

    assert sorted(isinstance(result, Refusal) for result in results) == [False, True]
    is_cancelled = Handover.objects.get(pk=handover.pk).status == Handover.Status.CANCELLED
    assert is_cancelled != OnwardHandover.objects.filter(status=OnwardHandover.Status.RECORDED).exists()
