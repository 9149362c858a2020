"""What the tests of inspection and buy-back do over and over."""

from __future__ import annotations

import datetime as dt
from typing import Any

from production.actions.inspections import Examined, Member, Parts, draft_inspection, issue_inspection
from production.actions.output import MakerPart
from production.actions.purchases import enter_purchases
from production.models import Account, Inspection, Lot, Purchase, PurchaseAgreement
from tests import factories
from tests.ledger.world import World
from trainings.models import Participant

TEAM = [Member(f"Pemeriksa {n} (CONTOH)", "Anggota") for n in (1, 2, 3)]
DAY = dt.timedelta(days=1)


def lot_of(entry: Any) -> Lot:
    return Lot.objects.select_related("product").get(line__entry=entry)


def draft(world: World, *lines: Examined, by: Any = None, findings: Any = (), **facts: Any) -> Inspection:
    values = {"inspected_on": world.today, "place": "Pelaihari", "method": "Setiap potong diperiksa", "signer": world.signer, **facts}
    made: Inspection = draft_inspection(
        world.store,
        by=by or world.officer,
        programme=world.programme,
        product=world.product,
        parts=Parts(lines, values.pop("members", TEAM), findings),
        **values,
    )
    return made


def examined(lot: Lot, accepted: int, to_repair: int = 0, rejected: int = 0, account: str = Account.INSPECTION) -> Examined:
    return Examined(lot, account, accepted + to_repair + rejected, accepted, to_repair, rejected)


def inspect(world: World, *lines: Examined, **facts: Any) -> Inspection:
    made = draft(world, *lines, **facts)
    issued: Inspection = issue_inspection(made, by=world.official, version=made.version)
    return issued


def makers(world: World, count: int) -> list[Participant]:
    world.batch.activity.districts.update(quota=None)
    people = [factories.ParticipantFactory(region=world.tala, name=f"Perajin {n:02} (CONTOH)") for n in range(1, count + 1)]
    for person in people:
        factories.EnrolmentFactory(batch=world.batch, participant=person)
    return people


def made_by(world: World, people: list[Participant], each: int, **facts: Any) -> None:
    world.stock(len(people) * each, parts=[MakerPart(person, each) for person in people], **facts)


def enter(world: World, agreement: PurchaseAgreement, quantities: dict[int, int], by: Any = None, **facts: Any) -> list[Purchase]:
    values = {"purchased_on": world.today, "agreement": agreement, "signer": world.signer, **facts}
    entered: list[Purchase] = enter_purchases(
        world.store, by=by or world.officer, programme=world.programme, product=world.product, quantities=quantities, **values
    )
    return entered
