"""Somebody changes an inspection or a purchase behind everybody's back: verify_integrity says what."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.db.models import F

from ikm_program import guards
from production.actions.criteria import create_criterion
from production.actions.inspections import Finding, issue_inspection
from production.actions.purchases import approve_purchase
from production.models import Criterion, Inspection, InspectionLine, InspectionMember, Lot, Purchase, PurchaseLine, StockMovement
from tests import factories
from tests.ledger.gates import draft, enter, examined, made_by, makers
from tests.ledger.world import World, wrong
from trainings.models import Programme

ACCOUNTED = "every movement is accounted for"
TIMES = "stock movements were recorded with their act"
TRAIL = "records are what the audit trail last said"
EXAMINES = "inspections examine what they name"
PURCHASES = "purchases are the sum of their makers' lots"
PAPERS = "inspections and receipts say what their records say"
JUNE = dt.date(2020, 6, 1)


@pytest.fixture
def passed(buying: World, agreement: Any, ppk: Any) -> Iterator[World]:
    """Ten of one maker: eight found fit and bought, two rejected."""
    Programme.objects.update(requires_inspection=True)
    buying.programme.refresh_from_db()
    buying.batch.activity.programme = buying.programme
    (person,) = makers(buying, 1)
    made_by(buying, [person], 10)
    lot = Lot.objects.select_related("product").get()
    criterion = create_criterion(buying.product, by=buying.staff, name="Bahan", requirement="Spunbond")
    inspection = draft(buying, examined(lot, 8, rejected=2), findings=[Finding(criterion, "memenuhi")])
    issue_inspection(inspection, by=buying.official, version=1)
    (purchase,) = enter(buying, agreement, {person.pk: 8})
    approve_purchase(purchase, by=ppk, version=1)
    assert wrong() == []
    guards.lift(connection)
    yield buying
    guards.install(connection)


@pytest.mark.parametrize(
    ("model", "values", "checks"),
    [
        (InspectionLine, {"accepted": 9, "rejected": 1}, {ACCOUNTED, PAPERS}),
        (InspectionMember, {"name": "Orang lain"}, {PAPERS}),
        (Inspection, {"method": "Tidak dilihat"}, {TRAIL, PAPERS}),
        (Inspection, {"inspected_on": JUNE}, {TRAIL, PAPERS, ACCOUNTED}),
        (Inspection, {"issued_by": F("signer_id")}, {PAPERS}),
        (Criterion, {"valid_from": dt.date(2999, 1, 1)}, {EXAMINES}),
        (PurchaseLine, {"quantity": 7}, {PURCHASES, ACCOUNTED}),
        (Purchase, {"unit_price": 5_000, "amount": 40_000}, {TRAIL, PAPERS}),
        (Purchase, {"purchased_on": JUNE}, {TRAIL, PAPERS, ACCOUNTED}),
    ],
)
def test_a_changed_record_is_found(passed: World, model: Any, values: dict[str, Any], checks: set[str]) -> None:
    if "issued_by" in values:
        values = {"issued_by": factories.user("pejabat_provinsi").pk}
    assert model.objects.update(**values)
    assert checks <= {what for what, _sentence in wrong()}


@pytest.mark.parametrize(("kind", "values", "check"), [
    ("pemeriksaan", {"effective_on": JUNE}, ACCOUNTED),
    ("pembelian", {"recorded_at": dt.datetime(2020, 6, 1, tzinfo=dt.UTC)}, TIMES),
])  # fmt: skip
def test_a_changed_movement_is_found(passed: World, kind: str, values: dict[str, Any], check: str) -> None:
    assert StockMovement.objects.filter(kind=kind).update(**values)
    assert check in {what for what, _sentence in wrong()}


def test_a_purchase_from_somebody_else_is_found(passed: World) -> None:
    Purchase.objects.update(seller=factories.ParticipantFactory())
    assert PURCHASES in {what for what, _sentence in wrong()}
