"""Two people who take cloth at the same moment. SQLite queues its writers, so PostgreSQL is where these tests can fail."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, models
from django.db.models import Sum

from ikm_program.actions import Refusal
from production import material_ledger as ledger
from production.actions.material_handovers import MaterialLine, draft_handover, issue_handover, receive_handover
from production.actions.materials import BoughtLine, record_receipt
from production.models import MaterialBalance, MaterialHandover, MaterialHandoverLine, MaterialMovement, Store
from tests import factories
from tests.ledger.test_races import at_once, only_postgresql
from tests.production.materials import Cloth
from trainings.models import Batch


@pytest.fixture
def cloth(transactional_db: None, in_english: None) -> Cloth:
    """Fifty metres in the store of Tala."""
    province, tala = factories.region("63"), factories.region("63.01")
    programme = factories.ProgrammeFactory(region=province)
    batch: Batch = factories.BatchFactory(activity=factories.ActivityFactory(programme=programme), region=tala)
    people = [
        factories.user(*who)
        for who in (("petugas_kabupaten", "63.01"), ("pejabat_kabupaten", "63.01"), ("staf_provinsi",), ("pejabat_provinsi",))
    ]
    norm = factories.MaterialNormFactory()
    made = Cloth(programme, norm.material, norm, norm.product, Store.objects.create(region=province, name="Gudang"), batch, tala, *people)
    made.buy(50)
    made.to_district(50)
    return made


def issue(handover: MaterialHandover, by: Any) -> Callable[[], MaterialHandover]:
    def work() -> MaterialHandover:
        fresh = MaterialHandover.objects.get(pk=handover.pk)
        issued: MaterialHandover = issue_handover(fresh, by=by, version=fresh.version)
        return issued

    return work


def left(cloth: Cloth) -> int:
    """By the movements, not by the balance."""
    rows = MaterialMovement.objects.filter(holder__store=cloth.store, account="ada")
    return rows.aggregate(sum=Sum("quantity"))["sum"] or 0


def two_drafts(cloth: Cloth) -> list[MaterialHandover]:
    cloth.give(1)  # its balance rows stand already, so that nobody waits for the other before the race itself
    return [cloth.draft(cloth.store, quantity * 100, by=cloth.officer, batch=cloth.batch) for quantity in (30, 25)]


def test_of_two_who_issue_30_and_25_of_49_metres_exactly_one_wins(cloth: Cloth) -> None:
    results = at_once(*(issue(draft, cloth.issuer) for draft in two_drafts(cloth)))
    issued = [result for result in results if isinstance(result, MaterialHandover)]
    refused = [result for result in results if isinstance(result, Refusal)]
    assert (len(issued), len(refused)) == (1, 1)
    assert left(cloth) == 4_900 - MaterialHandoverLine.objects.get(handover=issued[0]).quantity >= 0
    assert left(cloth) == MaterialBalance.objects.get(holder__store=cloth.store, account="ada").quantity


@only_postgresql
def test_the_twin_with_read_then_write_gives_out_more_than_there_is(cloth: Cloth, monkeypatch: pytest.MonkeyPatch) -> None:
    """The positive control: were the conditional UPDATE, its CHECK and the look at every day not there, the test above would see it."""
    drafts, both_have_read = two_drafts(cloth), threading.Barrier(2)

    def read_then_write(pk: int, delta: int) -> None:
        balance = MaterialBalance.objects.get(pk=pk)
        if delta < 0:
            both_have_read.wait(timeout=20)
        balance.quantity += delta
        balance.save(update_fields=["quantity"])

    monkeypatch.setattr(ledger, "change_balance", read_then_write)
    monkeypatch.setattr(ledger, "_refuse_negative_days", lambda places, programme, on: None)
    check = next(c for c in MaterialBalance._meta.constraints if isinstance(c, models.CheckConstraint))
    with connection.schema_editor() as editor:
        editor.remove_constraint(MaterialBalance, check)
    try:
        results = at_once(*(issue(draft, cloth.issuer) for draft in drafts))
    finally:
        with connection.schema_editor() as editor:
            editor.add_constraint(MaterialBalance, check)
    assert ([type(result) for result in results], left(cloth)) == ([MaterialHandover] * 2, -600)


def test_lines_in_opposite_order_never_deadlock(cloth: Cloth) -> None:
    """Every posting changes its balances in the order of their keys."""
    other = factories.MaterialFactory()
    lines = [BoughtLine(other, 10_000)]
    facts = {"programme": cloth.programme, "received_on": cloth.buy(1).received_on, "supplier": "CV", "document_number": "1"}
    record_receipt(cloth.store, by=cloth.staff, lines=lines, **facts)
    drafts = [_both(cloth, other, is_turned=turned) for turned in (False, True, False, True)]
    results = at_once(*(issue(draft, cloth.issuer) for draft in drafts))
    assert [type(result) for result in results] == [MaterialHandover] * 4
    received = [
        receive_handover(MaterialHandover.objects.get(pk=one.pk), by=cloth.issuer, version=2, received_on=one.handed_over_on)
        for one in drafts
    ]
    assert {one.status for one in received} == {"diterima"}


def _both(cloth: Cloth, other: Any, *, is_turned: bool) -> MaterialHandover:
    lines = [MaterialLine(cloth.material, 1_000), MaterialLine(other, 1_000)]
    signer = cloth.official(cloth.district)
    made: MaterialHandover = draft_handover(
        cloth.store, by=cloth.officer, kind="penyerahan", lines=lines[::-1] if is_turned else lines, programme=cloth.programme,
        batch=cloth.batch, place="Pelaihari", signer=signer, giver_office=signer.office, partner_name="Ketua",
    )  # fmt: skip
    return made
