"""The materials of the demo: the figures that must come out, and every change behind everybody's back is found."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.db import connection
from django.db.models import F

from ikm_program import guards
from production.material_account import Standing, accounts_of
from production.models import (
    MaterialBalance,
    MaterialHandover,
    MaterialHandoverLine,
    MaterialMovement,
    MaterialReceipt,
    MaterialReceiptLine,
)
from tests.figures.test_tampering import DAY, PAPERS, RULES, STANDING, TRAIL, YEAR, Tamper, change, found, shift
from tests.figures.test_tampering import checks_are_asked_again as checks_are_asked_again
from tests.figures.test_tampering import unconstrained as unconstrained

pytestmark = pytest.mark.django_db

BALANCES = "balances of materials are the sums of their movements"
ACCOUNTED = "every movement of material is accounted for"
BELOW = "no holder of material ever stood below zero"
TIMES = "movements of material were recorded with their act"


def test_the_accounts_of_the_demo(person: Any) -> None:
    """Banjar balances, Tanah Laut has 6 metres to explain, Kotabaru's left-overs are not back, of masks nobody knows the norm."""
    accounts = {
        (account.holder.region.kemendagri_code, account.material.code): account for account in accounts_of(person("pengawas.kalsel"))
    }
    banjar, tala = accounts["63.03", "spunbond"], accounts["63.01", "spunbond"]
    assert [banjar.says(part) for part in (banjar.given, banjar.norm_use, banjar.returned)] == ["273 meter", "252 meter", "21 meter"]
    assert (banjar.standing, tala.says(tala.unexplained), tala.standing) == (Standing.BALANCED, "6 meter", Standing.TO_EXPLAIN)
    assert accounts["63.02", "spunbond"].standing == Standing.DUE
    assert accounts["63.08", "sasirangan"].standing == Standing.NORM_UNKNOWN


def forged() -> None:
    """Ten metres more for Banjar, with a balance that agrees."""
    real = MaterialMovement.objects.filter(kind="kedatangan", account="ada", holder__batch__isnull=False).first()
    assert real is not None
    MaterialBalance.objects.filter(holder=real.holder_id, material=real.material_id, account="ada").update(quantity=real.quantity + 1_000)
    real.pk, real.posting, real.quantity = None, uuid.uuid4(), 1_000
    real.save(force_insert=True)


RECEIVED = {"status": "diterima", "batch__isnull": False}
TAMPERINGS: dict[str, tuple[Tamper, str, str]] = {
    "a balance": (change(MaterialBalance, {"account": "ada"}, quantity=1), BALANCES, "the balance says 1, its movements add up to"),
    "a movement's quantity": (change(MaterialMovement, {"kind": "kedatangan"}, quantity=-1), BALANCES, "its movements add up to"),
    "a forged movement with its balance": (forged, ACCOUNTED, "kedatangan on 2020-05-15"),
    "a movement re-dated": (shift(MaterialMovement, DAY, "effective_on", kind="penyerahan"), ACCOUNTED, "penyerahan on 2020-05-16"),
    "a purchase re-dated": (shift(MaterialMovement, 60 * DAY, "effective_on", kind="penerimaan"), BELOW, "stood below zero on"),
    "learnt earlier than it was": (shift(MaterialMovement, -YEAR, "recorded_at", kind="penyerahan"), TIMES, "the audit trail has"),
    "the day of a receipt": (change(MaterialHandover, RECEIVED, received_on="2020-06-02"), ACCOUNTED, "kedatangan on 2020-06-02"),
    "a line of a paper": (change(MaterialHandoverLine, {"handover__kind": "penyerahan"}, quantity=1), PAPERS, "the amounts is"),
    "scrap put on a return": (change(MaterialHandoverLine, {"handover__kind": "pengembalian"}, scrap=100), ACCOUNTED, "sisa_potong"),
    "the day of a paper": (change(MaterialHandover, RECEIVED, handed_over_on="2020-05-14"), PAPERS, "the date is '2020-05-14'"),
    "who signed for the makers": (change(MaterialHandover, RECEIVED, partner_name="Orang Lain"), PAPERS, "who signs for the other side"),
    "the day for left-overs": (change(MaterialHandover, RECEIVED, return_due_on=None), PAPERS, "the day for left-overs is ''"),
    "a paper taken off": (change(MaterialHandover, RECEIVED, document=None), STANDING, "issued, without a paper"),
    "a purchase's quantity": (change(MaterialReceiptLine, {}, quantity=5), ACCOUNTED, "its record accounts for 5"),
    "a purchase's supplier": (change(MaterialReceipt, {}, supplier="CV Lain"), TRAIL, "supplier is 'CV Lain'"),
    "issued by its own drafter": (
        change(MaterialHandover, RECEIVED, issued_by=F("created_by")),
        RULES,
        "production_materialhandover_four_eyes",
    ),
}


@pytest.mark.parametrize("what", TAMPERINGS)
def test_it_is_found(what: str, unconstrained: None) -> None:
    tamper, check, sentence = TAMPERINGS[what]
    tamper()
    guards.install(connection)  # as if nothing had been
    sentences = found(check)
    assert any(sentence in one for one in sentences), sentences
