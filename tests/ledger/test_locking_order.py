"""Who comes first is decided by locks, taken in one order by everybody: nobody waits in a circle, nothing slips between."""

from __future__ import annotations

from typing import Any

from distribution.actions.drafts import GoodsLine
from distribution.actions.handovers import edit_handover, issue_handover
from distribution.actions.onwards import cancel_onward, record_onward
from distribution.actions.receipts import acknowledge_handover
from distribution.models import Handover, OnwardHandover
from ikm_program.actions import Refusal
from production.models import Product, StockMovement
from tests import factories
from tests.ledger.test_races import at_once
from tests.ledger.world import World


def second_product(world: World) -> Product:
    masks: Product = factories.ProductFactory(region=world.province, code="masker", name="Masker", short_name="Masker", unit="lembar")
    factories.ActivityProductFactory(activity=world.batch.activity, product=masks)
    return masks


def test_goods_are_taken_in_one_order_whatever_the_order_of_the_lines(committed_world: World) -> None:
    world, suits = committed_world, committed_world.product
    masks = second_product(world)
    for product in (suits, masks):
        world.product = product
        world.stock(10)
    draft = world.draft(1)
    edit_handover(draft, by=world.officer, version=draft.version, lines=[GoodsLine(masks, 4), GoodsLine(suits, 3)])

    issue_handover(draft, by=world.official, version=draft.version)

    taken = StockMovement.objects.filter(kind="serah_terima", account="persediaan").order_by("pk")
    assert list(taken.values_list("lot__product", "quantity")) == [(suits.pk, -3), (masks.pk, -4)]


def test_a_step_is_never_cancelled_under_one_that_goes_further(committed_world: World) -> None:
    world = committed_world
    world.stock(20)
    draft = world.draft(20)
    handover = issue_handover(draft, by=world.official, version=draft.version)
    received = {"received_on": world.today, "receiver_name": "Penerima CONTOH", "no_evidence_reason": "bukti menyusul"}
    acknowledge_handover(handover, by=world.official, version=handover.version, **received)
    facts, further = {"recipient": world.further(), "handed_over_on": world.today}, world.further("Puskesmas CONTOH")
    first = record_onward(handover, by=world.officer, quantities={handover.lines.get().pk: 20}, **facts)

    def cancel() -> Any:
        return cancel_onward(OnwardHandover.objects.get(pk=first.pk), by=world.officer, version=first.version, reason="salah")

    def go_further() -> Any:
        seen = OnwardHandover.objects.get(pk=first.pk)
        quantities = {seen.lines.get().pk: 5}
        on = facts | {"recipient": further, "parent": seen}
        return record_onward(Handover.objects.get(pk=handover.pk), by=world.officer, quantities=quantities, **on)

    results = at_once(cancel, go_further)

    assert sorted(isinstance(result, Refusal) for result in results) == [False, True]
    assert OnwardHandover.objects.filter(status="tercatat").count() in (0, 2)
