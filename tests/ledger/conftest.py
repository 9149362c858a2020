from __future__ import annotations

import datetime as dt

import pytest

from distribution.actions.drafts import GoodsLine
from distribution.actions.transfers import draft_transfer, issue_transfer, receive_transfer
from distribution.models import Transfer
from production.actions.purchases import create_agreement, create_price
from production.models import PurchaseAgreement, PurchasePrice
from tests import factories
from tests.ledger.world import World, build
from trainings import tasks
from trainings.models import Programme, User

DAY = dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def no_rendering(monkeypatch: pytest.MonkeyPatch) -> None:
    """The papers of these tests are never looked at; their numbers and movements are."""
    monkeypatch.setattr(tasks, "enqueue_rendering", lambda document_id: None)


@pytest.fixture
def world(db: None, in_english: None) -> World:
    return build()


@pytest.fixture
def committed_world(transactional_db: None, in_english: None) -> World:
    """For threads: what is in it is committed, so that every connection sees it."""
    return build()


# --- gates ---


@pytest.fixture
def gated(world: World) -> World:
    Programme.objects.filter(pk=world.programme.pk).update(requires_inspection=True)
    world.programme.refresh_from_db()
    world.batch.activity.programme = world.programme
    return world


@pytest.fixture
def buying(world: World) -> World:
    """The programme buys masks at Rp2,500."""
    Programme.objects.filter(pk=world.programme.pk).update(requires_purchase=True)
    world.programme.refresh_from_db()
    world.batch.activity.programme = world.programme
    create_price(PurchasePrice, by=world.staff, programme=world.programme, product=world.product, price=2_500)
    return world


@pytest.fixture
def agreement(buying: World) -> PurchaseAgreement:
    made: PurchaseAgreement = create_agreement(
        PurchaseAgreement,
        by=buying.staff,
        region=buying.province,
        programme=buying.programme,
        number="SPK/1/CONTOH",
        agreed_on=buying.today - 30 * DAY,
    )
    return made


@pytest.fixture
def ppk(db: None) -> User:
    return factories.user("ppk", username="ppk.kalsel")


@pytest.fixture
def sent(world: World) -> Transfer:
    """Fifty of a hundred, from two lots, arrived at the province three days ago."""
    day = world.today - 5 * DAY
    world.stock(30, made_on=day - DAY)
    world.stock(70, made_on=day)
    late = {"backdating_reason": "Dicatat kemudian"}
    transfer = draft_transfer(
        world.store, by=world.officer, lines=[GoodsLine(world.product, 50)], programme=world.programme, to_store=world.province_store,
        sent_on=day, place="Pelaihari", giver_office=world.office, giver=world.signer, receiver_office=world.province_office,
        receiver=world.province_signer, **late,
    )  # fmt: skip
    transfer = issue_transfer(transfer, by=world.official, version=1)
    received: Transfer = receive_transfer(transfer, by=world.staff, version=transfer.version, received_on=world.today - 3 * DAY)
    return received
