"""Handovers in Tala on 25 June 2020: goods in the store, people who draft and issue, papers that are really printed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import time_machine

from distribution.actions.cancellations import approve_cancellation, request_cancellation
from distribution.actions.drafts import GoodsLine
from distribution.actions.handovers import issue_handover
from distribution.actions.receipts import acknowledge_handover
from distribution.actions.transfers import draft_transfer, issue_transfer
from distribution.models import Handover, Transfer
from tests import factories
from tests.ledger.world import World, build
from trainings.models import IssuedDocument, User
from trainings.tasks import render_document

TODAY = dt.date(2020, 6, 25)
NIP, ADDRESS, PHONE = "197001011995031001", "Jalan Rahasia Nomor 77", "0512-777777"
Draft = Callable[..., Handover]


@pytest.fixture
def in_june() -> Iterator[None]:
    with time_machine.travel(dt.datetime(2020, 6, 25, 2, tzinfo=dt.UTC)):
        yield


@pytest.fixture
def world(db: None, in_june: None) -> World:
    """The office has an address and a phone, its official a NIP: none of them may ever be public."""
    made = build()
    made.office.address, made.office.phone = ADDRESS, PHONE
    made.office.save()
    made.signer.identity_kind, made.signer.identity_number = "nip", NIP
    made.signer.save()
    return made


@pytest.fixture
def other_official(world: World) -> User:
    """A second official of Tala, for acts that two people do."""
    return factories.user("pejabat_kabupaten", "63.01", username="pejabat2.tala", full_name="Pejabat Kedua")


@pytest.fixture
def issue(world: World) -> Draft:
    """`issue(30)`: a handover of thirty, drafted by the officer and issued by the official."""

    def made(quantity: int, **facts: Any) -> Handover:
        draft = world.draft(quantity, **facts)
        issued: Handover = issue_handover(draft, by=world.official, version=draft.version)
        return issued

    return made


@pytest.fixture
def acknowledge(world: World) -> Callable[..., Handover]:
    def made(handover: Handover, **facts: Any) -> Handover:
        values = {"received_on": TODAY, "receiver_name": "Penerima CONTOH", "no_evidence_reason": "bukti CONTOH menyusul", **facts}
        acknowledge_handover(handover, by=world.official, version=handover.version, **values)
        return Handover.objects.get(pk=handover.pk)

    return made


@pytest.fixture
def cancel(world: World, other_official: User) -> Draft:
    def made(handover: Handover, reason: str = "jumlah salah") -> Handover:
        asked = request_cancellation(handover, by=world.officer, version=handover.version, reason=reason)
        approve_cancellation(asked, by=other_official, version=asked.version)
        return Handover.objects.get(pk=handover.pk)

    return made


@pytest.fixture
def sent(world: World) -> Callable[..., Transfer]:
    """A transfer to the province for evaluation, on its way."""

    def made(quantity: int, **facts: Any) -> Transfer:
        values = {
            "programme": world.programme,
            "to_store": world.province_store,
            "sent_on": TODAY,
            "place": "Pelaihari",
            "giver_office": world.office,
            "giver": world.signer,
            "receiver_office": world.province_office,
            "receiver": world.province_signer,
            **facts,
        }
        draft = draft_transfer(world.store, by=world.officer, lines=[GoodsLine(world.product, quantity)], **values)
        issued: Transfer = issue_transfer(draft, by=world.official, version=draft.version)
        return issued

    return made


@pytest.fixture
def printed() -> Callable[[Handover | Transfer], IssuedDocument]:
    """The paper of a handover, with its PDF made as the worker makes it."""

    def made(thing: Handover | Transfer) -> IssuedDocument:
        render_document.call(thing.document.pk)
        return IssuedDocument.objects.select_related("file").get(pk=thing.document.pk)

    return made


@pytest.fixture
def stranger(world: World) -> User:
    """An officer of another district."""
    return factories.user("petugas_kabupaten", "63.03", username="petugas.banjar", full_name="Petugas Banjar")
