"""Anything the people may do, in any order: the books always balance, nothing is ever below zero, no number is missing."""

from __future__ import annotations

import contextlib
import datetime as dt
from typing import ClassVar

import pytest
from django.db import transaction
from django.db.models import Sum
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, multiple, rule, run_state_machine_as_test

from distribution.actions.cancellations import approve_cancellation, request_cancellation
from distribution.actions.drafts import GoodsLine
from distribution.actions.handovers import issue_handover
from distribution.actions.onwards import cancel_onward, record_onward
from distribution.actions.receipts import Outcome, acknowledge_handover
from distribution.actions.transfers import draft_transfer, issue_transfer, receive_transfer
from distribution.models import Handover, HandoverLine, OnwardHandover, Transfer
from distribution.reports.reconciliation import reconcile
from ikm_program.actions import Refusal
from production.actions.output import edit_output, record_correction, submit_output, withdraw_output
from production.actions.verification import return_output, verify_output
from production.models import OutputEntry, StockBalance, StockMovement
from tests.ledger.world import World
from trainings.models import IssuedDocument

FEW = st.integers(1, 60)
DAYS_AGO = st.integers(0, 6)


class Books(RuleBasedStateMachine):
    """Rules are what people do (a refusal is an answer, too); invariants are what an auditor asks."""

    world: ClassVar[World]
    entries: Bundle[int] = Bundle("entries")
    handovers: Bundle[int] = Bundle("handovers")
    transfers: Bundle[int] = Bundle("transfers")
    onwards: Bundle[int] = Bundle("onwards")

    def __init__(self) -> None:
        super().__init__()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.hospital = self.world.further()

    def teardown(self) -> None:
        for ago in range(7):
            self.books_balance_on(self.day(ago))
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)

    def day(self, ago: int) -> dt.date:
        return self.world.today - dt.timedelta(days=ago)

    # --- production ---

    @rule(target=entries, good=FEW, rejected=st.integers(0, 5), ago=DAYS_AGO)
    def report(self, good: int, rejected: int, ago: int) -> int:
        return self.world.report(good, rejected=rejected, made_on=self.day(ago)).pk

    @rule(pk=entries, accepted=st.integers(0, 60), ago=DAYS_AGO)
    def verify(self, pk: int, accepted: int, ago: int) -> None:
        entry = OutputEntry.objects.get(pk=pk)
        with contextlib.suppress(Refusal):
            verify_output(
                entry, by=self.world.staff, version=entry.version, quantity=accepted, reason="dihitung ulang", verified_on=self.day(ago)
            )

    @rule(pk=entries)
    def return_it(self, pk: int) -> None:
        entry = OutputEntry.objects.get(pk=pk)
        with contextlib.suppress(Refusal):
            return_output(entry, by=self.world.staff, version=entry.version, reason="foto kurang jelas")

    @rule(pk=entries, good=FEW, ago=DAYS_AGO)
    def withdraw_edit_submit(self, pk: int, good: int, ago: int) -> None:
        with contextlib.suppress(Refusal):
            entry = withdraw_output(OutputEntry.objects.get(pk=pk), by=self.world.officer, version=OutputEntry.objects.get(pk=pk).version)
            entry = edit_output(entry, by=self.world.officer, version=entry.version, made_on=self.day(ago), good=good)
            submit_output(entry, by=self.world.officer, version=entry.version)

    @rule(target=entries, pk=entries, difference=st.integers(-40, 20))
    def correct(self, pk: int, difference: int) -> object:
        line = OutputEntry.objects.get(pk=pk).lines.first()
        try:
            correction = record_correction(line, by=self.world.officer, difference=difference, reason="salah hitung")
        except Refusal:
            return multiple()
        return correction.pk

    # --- distribution ---

    @rule(target=handovers, quantity=FEW, ago=DAYS_AGO)
    def issue(self, quantity: int, ago: int) -> object:
        draft = self.world.draft(quantity, handed_over_on=self.day(ago), backdating_reason="terlambat dicatat")
        try:
            with transaction.atomic():  # what a request would be: refused, nothing of it stays
                return issue_handover(draft, by=self.world.official, version=draft.version).pk
        except Refusal:
            return multiple()

    @rule(pk=handovers, lost=st.integers(0, 3), back=st.integers(0, 5))
    def acknowledge(self, pk: int, lost: int, back: int) -> None:
        handover = Handover.objects.get(pk=pk)
        line = handover.lines.get()
        lost = min(lost, line.quantity)
        back = min(back, line.quantity - lost)
        outcome = Outcome(line.quantity - lost - back, returned=back, written_off=lost)
        with contextlib.suppress(Refusal), transaction.atomic():
            acknowledge_handover(
                handover, by=self.world.official, version=handover.version, received_on=self.world.today,
                receiver_name="Penerima", outcomes={line.pk: outcome}, shortfall_reason="basah",
                no_evidence_reason="bukti menyusul",
            )  # fmt: skip

    @rule(pk=handovers)
    def cancel(self, pk: int) -> None:
        handover = Handover.objects.get(pk=pk)
        with contextlib.suppress(Refusal), transaction.atomic():
            request = request_cancellation(handover, by=self.world.officer, version=handover.version, reason="salah tulis")
            approve_cancellation(request, by=self.world.official, version=request.version)

    @rule(target=onwards, pk=handovers, quantity=FEW)
    def pass_on(self, pk: int, quantity: int) -> object:
        handover = Handover.objects.get(pk=pk)
        try:
            with transaction.atomic():
                return record_onward(
                    handover, by=self.world.officer, recipient=self.hospital, handed_over_on=self.world.today,
                    quantities={handover.lines.get().pk: quantity},
                ).pk  # fmt: skip
        except Refusal:
            return multiple()

    @rule(pk=onwards)
    def take_back(self, pk: int) -> None:
        onward = OnwardHandover.objects.get(pk=pk)
        with contextlib.suppress(Refusal), transaction.atomic():
            cancel_onward(onward, by=self.world.officer, version=onward.version, reason="salah catat")

    @rule(target=transfers, quantity=FEW, ago=DAYS_AGO)
    def send(self, quantity: int, ago: int) -> object:
        world = self.world
        draft = draft_transfer(
            world.store, by=world.officer, lines=[GoodsLine(world.product, quantity)], programme=world.programme,
            to_store=world.province_store, purpose=Transfer.Purpose.EVALUATION, sent_on=self.day(ago), place="Pelaihari",
            backdating_reason="terlambat dicatat", giver_office=world.office, giver=world.signer,
            receiver_office=world.province_office, receiver=world.province_signer,
        )  # fmt: skip
        try:
            with transaction.atomic():
                return issue_transfer(draft, by=world.official, version=draft.version).pk
        except Refusal:
            return multiple()

    @rule(pk=transfers)
    def arrive(self, pk: int) -> None:
        transfer = Transfer.objects.get(pk=pk)
        with contextlib.suppress(Refusal):
            receive_transfer(transfer, by=self.world.staff, version=transfer.version, received_on=self.world.today)

    # --- what an auditor asks ---

    def books_balance_on(self, day: dt.date) -> None:
        result = reconcile(as_of=day)
        assert result.problems == []
        assert all((figure or 0) >= 0 for row in result.rows for figure in row.figures.values())

    @invariant()
    def books_balance(self) -> None:
        self.books_balance_on(self.world.today)

    @invariant()
    def balances_are_the_sums_of_their_movements(self) -> None:
        moved = StockMovement.objects.values_list("lot", "store", "account").annotate(sum=Sum("quantity")).order_by()
        kept = StockBalance.objects.values_list("lot", "store", "account", "quantity")
        assert {row[:3]: row[3] for row in kept if row[3]} == {row[:3]: row[3] for row in moved if row[3]}

    @invariant()
    def numbers_have_no_gap(self) -> None:
        registers: dict[str, list[int]] = {}
        for register, sequence in IssuedDocument.objects.order_by("sequence").values_list("kind", "sequence"):
            registers.setdefault(register, []).append(sequence)
        assert all(numbers == list(range(1, len(numbers) + 1)) for numbers in registers.values())

    @invariant()
    def nothing_goes_further_than_it_came(self) -> None:
        for line in HandoverLine.objects.exclude(onward=0):
            live = line.onward_lines.filter(onward_handover__status=OnwardHandover.Status.RECORDED)
            assert line.onward == live.aggregate(sum=Sum("quantity"))["sum"] <= (line.acknowledged or 0)


@pytest.mark.django_db
def test_the_books_balance_whatever_people_do(world: World) -> None:
    Books.world = world
    checks = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large]
    run_state_machine_as_test(
        Books,
        settings=settings(
            max_examples=15, stateful_step_count=20, deadline=None, derandomize=True, database=None, suppress_health_check=checks
        ),
    )
