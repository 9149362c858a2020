"""Goods sent for evaluation: kept, sent back or written off, in parts if need be, until nothing is left."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from distribution.actions.evaluations import Decision, cancel_evaluation, decide_evaluation, left_by_line
from distribution.actions.handovers import issue_handover
from distribution.models import Evaluation, EvaluationPart, Transfer
from distribution.reports.breakdown import Question, parts_of
from distribution.reports.reconciliation import reconcile
from ikm_program import guards
from ikm_program.actions import Refusal, StaleVersion
from ikm_program.dashboard.work import work_of
from production.models import StockBalance, StockMovement
from production.store_flows import store_flows
from tests import factories
from tests.ledger.gates import DAY
from tests.ledger.world import World, wrong


def decide(world: World, transfer: Transfer, accepted: int = 0, returned: int = 0, written_off: int = 0, **facts: Any) -> Evaluation:
    line = transfer.lines.get()
    values = {"by": world.staff, "version": transfer.version, "decided_on": world.today, **facts}
    decided: Evaluation = decide_evaluation(transfer, decisions={line.pk: Decision(accepted, returned, written_off)}, **values)
    return decided


def standing() -> dict[tuple[str, str], int]:
    found: dict[tuple[str, str], int] = {}
    for code, account, quantity in StockBalance.objects.filter(quantity__gt=0).values_list(
        "store__region__kemendagri_code", "account", "quantity"
    ):
        found[code, account] = found.get((code, account), 0) + quantity
    return found


def figures(world: World) -> tuple[int | None, ...]:
    row = reconcile(programmes=[world.programme]).rows[0]
    return tuple(row[name] for name in ("verified", "stock", "in_evaluation", "written_off", "returned"))


def test_kept_sent_back_and_written_off_until_nothing_is_left(world: World, sent: Transfer) -> None:
    assert figures(world) == (100, 50, 50, 0, 0)

    decide(world, sent, accepted=20, returned=15, findings="Jahitan baik")
    assert (figures(world), left_by_line(sent)) == ((100, 85, 15, 0, 0), {sent.lines.get().pk: 15})
    decide(world, sent, written_off=15, written_off_reason="Robek saat diuji")

    assert standing() == {("63.01", "persediaan"): 65, ("63", "persediaan"): 20, ("63", "afkir"): 15}
    assert (figures(world), Transfer.objects.in_evaluation().count(), wrong()) == ((100, 85, 0, 15, 0), 0, [])
    handover = world.draft(65)
    issue_handover(handover, by=world.official, version=1)  # what came back is the district's to give


def test_what_came_into_the_stores_is_what_was_made_and_what_came_from_elsewhere(world: World, sent: Transfer) -> None:
    """Fifty of a hundred left the district; twenty are kept by the province and fifteen came back. What is taken back never was."""

    def flows() -> dict[str, tuple[int, int, int, int]]:
        found = store_flows(world.staff, world.programme, world.today)
        return {flow.store.region.kemendagri_code: (flow.made, flow.arrived, flow.gone, flow.left) for flow in found}

    assert flows() == {"63.01": (100, 0, 50, 50)}
    decided = decide(world, sent, accepted=20, returned=15)
    assert flows() == {"63": (0, 20, 0, 20), "63.01": (100, 15, 50, 65)}
    cancel_evaluation(decided, by=world.staff, version=decided.version, reason="Keliru")
    assert flows() == {"63": (0, 0, 0, 0), "63.01": (100, 0, 50, 50)}


def test_more_than_is_left_is_refused(world: World, sent: Transfer) -> None:
    decide(world, sent, accepted=40)
    with pytest.raises(Refusal, match="in evaluation are 10, decided on were 11") as no:
        decide(world, sent, accepted=5, returned=6)
    assert no.value.field == f"accepted-{sent.lines.get().pk}"
    with pytest.raises(Refusal, match="at least one piece"):
        decide(world, sent)
    with pytest.raises(Refusal, match="decided on were 1"):
        decide(world, sent, accepted=2, returned=-1)


def test_writing_off_says_why(world: World, sent: Transfer) -> None:
    with pytest.raises(Refusal, match="Say why"):
        decide(world, sent, written_off=1, written_off_reason=" ")


def test_of_two_who_decide_at_once_the_second_is_told(world: World, sent: Transfer) -> None:
    seen = sent.version
    decide(world, sent, accepted=50)
    with pytest.raises(StaleVersion):
        decide(world, Transfer.objects.get(pk=sent.pk), returned=50, version=seen)


def test_the_receiving_side_decides_and_never_who_sent(world: World, sent: Transfer) -> None:
    with pytest.raises(Refusal, match="The receiving side decides"):
        decide(world, sent, accepted=1, by=world.official)
    sender = factories.user("staf_provinsi", username="staf2.kalsel")
    Transfer.objects.filter(pk=sent.pk).update(edited_by=sender)
    sent.refresh_from_db()
    with pytest.raises(Refusal, match="Whoever sent the goods"):
        decide(world, sent, accepted=1, by=sender)


@pytest.mark.parametrize("days", [-4, 1])
def test_the_day_lies_between_arrival_and_today(world: World, sent: Transfer, days: int) -> None:
    with pytest.raises(Refusal, match="between the arrival and today"):
        decide(world, sent, accepted=1, decided_on=world.today + days * DAY)


def test_goods_that_were_only_moved_are_not_evaluated(world: World, sent: Transfer) -> None:
    Transfer.objects.filter(pk=sent.pk).update(purpose="mutasi")
    sent.refresh_from_db()
    with pytest.raises(Refusal, match="arrived for evaluation"):
        decide(world, sent, accepted=1)


def test_the_province_is_reminded_until_it_is_decided(world: World, sent: Transfer) -> None:
    def reminders() -> list[tuple[str, int | None]]:
        return [(str(work.text), work.count) for work in work_of(world.staff) if "Evaluation" in str(work.text)]

    assert reminders() == [("Evaluations that are not decided on yet", 1)]
    decide(world, sent, accepted=50)
    assert reminders() == []


def test_the_figure_opens_what_made_it(world: World, sent: Transfer) -> None:
    decide(world, sent, accepted=20)
    question = Question("in_evaluation", world.programme, world.product, world.tala, world.today)
    parts = parts_of(question, world.staff)
    assert [(part.quantity, part.url) for part in parts] == [(50, sent.get_absolute_url()), (-20, sent.get_absolute_url())]
    before = Question("in_evaluation", world.programme, world.product, world.tala, world.today - DAY)
    assert sum(part.quantity for part in parts_of(before, world.staff)) == 50


ACCOUNTED = "every movement is accounted for"
DECIDED = "evaluations decide on what was sent"


@pytest.mark.parametrize(
    ("model", "values", "checks"),
    [
        (EvaluationPart, {"accepted": 21}, {ACCOUNTED}),
        (EvaluationPart, {"accepted": 31}, {ACCOUNTED, DECIDED}),
        (Evaluation, {"decided_on": dt.date(2020, 1, 1)}, {ACCOUNTED, "records are what the audit trail last said"}),
        (Evaluation, {"findings": "Lain"}, {"records are what the audit trail last said"}),
        (StockMovement, {"quantity": 21}, {ACCOUNTED}),
    ],
)
def test_tampering_is_found(world: World, sent: Transfer, model: Any, values: dict[str, Any], checks: set[str]) -> None:
    from django.db import connection

    decide(world, sent, accepted=20, findings="Baik")
    guards.lift(connection)
    try:
        of_it = {"kind": "hasil_evaluasi", "account": "persediaan"} if model is StockMovement else {}
        assert model.objects.filter(**of_it).update(**values)
        assert checks <= {what for what, _sentence in wrong()}
    finally:
        guards.install(connection)


def take_back(world: World, evaluation: Evaluation, **facts: Any) -> Evaluation:
    values = {"by": world.staff, "version": evaluation.version, "reason": "salah hitung", **facts}
    taken: Evaluation = cancel_evaluation(evaluation, **values)
    return taken


def test_an_outcome_decided_by_mistake_is_taken_back_and_decided_anew(world: World, sent: Transfer) -> None:
    before, first = figures(world), decide(world, sent, accepted=20, returned=15, written_off=5, written_off_reason="Robek")
    assert figures(world) == (100, 85, 10, 5, 0)
    take_back(world, first)
    assert (figures(world), left_by_line(sent), wrong()) == (before, {sent.lines.get().pk: 50}, [])
    assert Transfer.objects.in_evaluation().count() == 1
    sent.refresh_from_db()
    decide(world, sent, accepted=50)
    assert (figures(world)[2], Transfer.objects.in_evaluation().count(), wrong()) == (0, 0, [])


def test_what_has_gone_further_is_not_taken_back(world: World, sent: Transfer) -> None:
    decided = decide(world, sent, returned=50)
    handover = world.draft(100)
    issue_handover(handover, by=world.official, version=1)
    with pytest.raises(Refusal, match="gone further"):
        take_back(world, decided)
    assert (Evaluation.objects.get().status, figures(world)[2], wrong()) == ("berlaku", 0, [])


def test_taking_back_says_why_and_is_the_receiving_sides(world: World, sent: Transfer) -> None:
    decided = decide(world, sent, accepted=1)
    with pytest.raises(Refusal, match="Say why"):
        take_back(world, decided, reason=" ")
    with pytest.raises(Refusal, match="The receiving side decides"):
        take_back(world, decided, by=world.official)
    with pytest.raises(Refusal, match="between the decision and today"):
        take_back(world, decided, cancelled_on=world.today - dt.timedelta(days=30))
    taken = take_back(world, decided)
    with pytest.raises(Refusal, match="cannot become"):
        take_back(world, taken)
