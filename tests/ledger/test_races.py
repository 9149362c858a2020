"""Two people at the same moment. SQLite queues its writers, so PostgreSQL is where these tests can fail."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import pytest
from django.db import connection, connections, models
from django.db.models import Sum

from distribution import snapshots
from distribution.actions.handovers import issue_handover
from distribution.models import Handover, HandoverLine
from ikm_program.actions import Refusal
from production import ledger
from production.models import Account, StockBalance, StockMovement
from tests import factories
from tests.ledger.world import World
from trainings.models import IssuedDocument

only_postgresql = pytest.mark.skipif(
    "connection.vendor != 'postgresql'", reason="SQLite has one writer at a time: the wrong code cannot oversell there"
)


def at_once(*works: Callable[[], Any]) -> list[Any]:
    """Run the works at the same moment, each with its own connection; a refusal is a result, too."""
    gate = threading.Barrier(len(works))

    def run(work: Callable[[], Any]) -> Any:
        try:
            gate.wait()
            return work()
        except Refusal as refusal:
            return refusal
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))


def issue(handover: Handover, by: Any) -> Callable[[], Handover]:
    def work() -> Handover:
        fresh = Handover.objects.get(pk=handover.pk)
        issued: Handover = issue_handover(fresh, by=by, version=fresh.version)
        return issued

    return work


def stock_of_50(world: World) -> None:
    """Its balance rows stand already, so that nobody waits for the other before the race itself."""
    world.stock(50)
    there = StockBalance.objects.get()
    StockBalance.objects.create(lot=there.lot, store=there.store, account=Account.AWAITING)


def in_stock() -> int:
    return StockMovement.objects.filter(account=Account.STOCK).aggregate(sum=Sum("quantity"))["sum"] or 0


def test_of_two_officials_who_issue_30_and_25_from_50_exactly_one_wins(committed_world: World) -> None:
    stock_of_50(committed_world)
    drafts = [committed_world.draft(30), committed_world.draft(25)]

    results = at_once(*(issue(draft, committed_world.official) for draft in drafts))

    refused = [result for result in results if isinstance(result, Refusal)]
    issued = [result for result in results if isinstance(result, Handover)]
    assert (len(issued), len(refused)) == (1, 1)
    left = 50 - issued[0].lines.get().quantity
    wanted = 55 - issued[0].lines.get().quantity
    assert str(refused[0]) == f"Persediaan tidak mencukupi. Tersedia {left} set, diminta {wanted} set."
    assert in_stock() == left == StockBalance.objects.filter(account=Account.STOCK).aggregate(sum=Sum("quantity"))["sum"]


def test_of_two_officials_who_issue_the_same_draft_the_second_is_told(committed_world: World) -> None:
    stock_of_50(committed_world)
    draft = committed_world.draft(10)
    second = factories.user("pejabat_kabupaten", "63.01", username="pejabat2.tala")

    officials = (committed_world.official, second)

    results = at_once(*(partial(issue_handover, Handover.objects.get(pk=draft.pk), by=person, version=1) for person in officials))

    assert sorted(type(result).__name__ for result in results) == ["Handover", "StaleVersion"]
    assert in_stock() == 40


@only_postgresql
def test_the_twin_with_read_then_write_oversells(committed_world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The positive control: were the conditional UPDATE, its CHECK and the look at every day not there, the test above would see it."""
    stock_of_50(committed_world)
    drafts = [committed_world.draft(30), committed_world.draft(25)]
    both_have_read = threading.Barrier(2)

    def read_then_write(pk: int, delta: int) -> None:
        balance = StockBalance.objects.get(pk=pk)
        if delta < 0:
            both_have_read.wait(timeout=20)
        balance.quantity += delta
        balance.save(update_fields=["quantity"])

    monkeypatch.setattr(ledger, "change_balance", read_then_write)
    monkeypatch.setattr(ledger, "_refuse_negative_days", lambda places, on: None)  # the second net, which would catch the loser
    check = next(c for c in StockBalance._meta.constraints if isinstance(c, models.CheckConstraint))
    with connection.schema_editor() as editor:
        editor.remove_constraint(StockBalance, check)
    try:
        results = at_once(*(issue(draft, committed_world.official) for draft in drafts))
    finally:
        with connection.schema_editor() as editor:
            editor.add_constraint(StockBalance, check)

    assert [type(result) for result in results] == [Handover, Handover]
    assert in_stock() == -5


def test_four_line_handovers_in_opposite_order_never_deadlock(committed_world: World) -> None:
    for _round in range(4):
        committed_world.stock(40)
    drafts = [committed_world.draft(70) for _number in range(4)]

    results = at_once(*(issue(draft, committed_world.official) for draft in drafts))

    assert sorted(type(result).__name__ for result in results) == ["Handover", "Handover", "InsufficientStock", "InsufficientStock"]
    assert in_stock() == 20


@pytest.mark.load
def test_a_thousand_issues_by_16_threads_with_failures_leave_no_gap(committed_world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world = committed_world
    world.stock(1000)
    one = world.draft(1)
    facts = {field.attname: getattr(one, field.attname) for field in Handover._meta.concrete_fields if field.name != "id"}
    drafts = Handover.objects.bulk_create(Handover(**facts) for _number in range(999))
    HandoverLine.objects.bulk_create(HandoverLine(handover=draft, product=world.product, quantity=1) for draft in drafts)
    freeze = snapshots.of_handover
    dice = random.Random(7)

    def freeze_or_fail(*args: Any) -> Any:
        if dice.random() < 0.2:
            raise ConnectionResetError("injected after the number was drawn")
        return freeze(*args)

    monkeypatch.setattr(snapshots, "of_handover", freeze_or_fail)

    def persist(pk: int) -> int:
        failures = 0
        try:
            while True:
                try:
                    issue_handover(Handover.objects.get(pk=pk), by=world.official, version=1)
                except ConnectionResetError:
                    failures += 1
                else:
                    return failures
        finally:
            connections.close_all()

    with ThreadPoolExecutor(16) as pool:
        failures = sum(pool.map(persist, [one.pk, *(draft.pk for draft in drafts)]))

    assert failures > 100
    numbers = IssuedDocument.objects.order_by("sequence").values_list("sequence", flat=True)
    assert list(numbers) == list(range(1, 1001))
    assert in_stock() == 0
