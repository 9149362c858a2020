"""Money for what was bought goes the same way as every other; its lines are given, not computed."""

from __future__ import annotations

import datetime as dt

import pytest

from ikm_program.actions import Refusal
from tests import factories
from tests.payments.conftest import teach
from trainings.actions.payment_steps import approve_list, cancel_list, lock_list, pay_list, record_receipts
from trainings.actions.payments import compute_again, discard_list
from trainings.actions.purchases import PurchaseItem, open_purchase_list
from trainings.models import PaymentLine

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
JUNE_8, JUNE_9 = dt.date(2020, 6, 8), dt.date(2020, 6, 9)


@pytest.fixture
def bought(programme, training, staff, office, signers):
    """100 masks of each of two people at Rp2,500, and a business's soap."""
    batch = teach(training, people=2, days=1)
    business = factories.EnterpriseFactory(region=batch.region, name="Sabun Kelor", owner_name="Pemilik CONTOH")
    items = [PurchaseItem(place.participant, "100 lembar masker @ Rp2.500", 250_000) for place in batch.enrolments.all()]
    items.append(PurchaseItem(business, "40 botol sabun", 600_000))
    return open_purchase_list(programme, by=staff, region=batch.region, batch=batch, items=items, office=office, **signers)


def test_lines_stand_in_the_order_of_the_items(bought) -> None:
    lines = [(line.payee, line.net, line.day_count) for line in bought.lines.all()]
    assert lines == [("Peserta 1 63.02", 250_000, None), ("Peserta 2 63.02", 250_000, None), ("Sabun Kelor", 600_000, None)]
    assert (bought.kind, bought.net) == ("pembelian", 1_100_000)


def test_the_steps_are_those_of_every_list(bought, staff, ppk, treasurer) -> None:
    lock_list(bought, by=staff, version=bought.version)
    approve_list(bought, by=ppk, version=bought.version, approved_on=JUNE_8, backdating_reason="Dicatat kemudian")
    pay_list(bought, by=treasurer, version=bought.version, paid_on=JUNE_9)
    record_receipts(bought, by=treasurer, version=bought.version, lines=bought.lines.all(), received_on=JUNE_9, how="kwitansi")
    assert (bought.status, PaymentLine.objects.filter(is_live=True).count()) == ("selesai", 3)


def test_a_cancelled_purchase_list_frees_its_lines(bought, staff) -> None:
    with pytest.raises(Refusal, match="belong to a purchase"):
        discard_list(bought, by=staff, version=bought.version)
    with pytest.raises(Refusal, match="not computed from attendance"):
        compute_again(bought, by=staff, version=bought.version)
    lock_list(bought, by=staff, version=bought.version)
    cancel_list(bought, by=staff, version=bought.version, reason="Harga salah")
    assert PaymentLine.objects.filter(list=bought, is_live=True).count() == 0


def test_a_draft_of_a_purchase_is_cancelled_too(bought, staff) -> None:
    cancel_list(bought, by=staff, version=bought.version, reason="Batal beli")
    assert (bought.status, bought.locked_by) == ("dibatalkan", None)


def test_nothing_for_nothing_and_nothing_for_strangers(programme, staff, office) -> None:
    here, stranger = factories.region("63.02"), factories.ParticipantFactory(region=factories.region("63.03"))
    own = factories.ParticipantFactory(region=here)
    for items, sentence in (
        ([], "nothing was bought"),
        ([PurchaseItem(own, "", 0)], "more than nothing"),
        ([PurchaseItem(stranger, "", 1)], "does not come from the region"),
    ):
        with pytest.raises(Refusal, match=sentence):
            open_purchase_list(programme, by=staff, region=here, items=items, office=office)
