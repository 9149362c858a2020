"""A small world with stock in it, made through the actions: two districts, the province, their people, a task force."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from distribution.actions.drafts import GoodsLine
from distribution.actions.handovers import draft_handover
from distribution.models import Handover, Recipient
from ikm_program.integrity import differences
from production.actions.output import record_and_submit_output
from production.actions.verification import default_store, verify_output
from production.models import OutputEntry, Product, Store
from tests import factories
from trainings.models import Batch, Office, Official, Programme, Region, User


@dataclass
class World:
    """Everything a handover needs, in Tala."""

    programme: Programme
    product: Product
    batch: Batch
    tala: Region
    province: Region
    store: Store
    province_store: Store
    office: Office
    province_office: Office
    signer: Official
    province_signer: Official
    recipient: Recipient
    officer: User
    official: User
    staff: User
    today: dt.date = field(default_factory=timezone.localdate)

    def report(self, quantity: int, **facts: Any) -> OutputEntry:
        entry: OutputEntry = record_and_submit_output(
            self.batch, by=self.officer, product=self.product, made_on=facts.pop("made_on", self.today), good=quantity, **facts
        )
        return entry

    def stock(self, quantity: int, **facts: Any) -> OutputEntry:
        """So many verified pieces in Tala's store."""
        entry = self.report(quantity, **facts)
        verified: OutputEntry = verify_output(entry, by=self.staff, version=entry.version, verified_on=entry.made_on)
        return verified

    def draft(self, quantity: int, **facts: Any) -> Handover:
        values = {
            "programme": self.programme,
            "recipient": self.recipient,
            "handed_over_on": self.today,
            "place": "Pelaihari",
            "giver_office": self.office,
            "giver": self.signer,
            "receiver_name": "Penerima CONTOH",
            "receiver_position": "Sekretaris",
            **facts,
        }
        draft: Handover = draft_handover(self.store, by=self.officer, lines=[GoodsLine(self.product, quantity)], **values)
        return draft

    def further(self, name: str = "RSUD CONTOH") -> Recipient:
        """Somebody in Tala to whom a receiver passes goods on."""
        return Recipient.objects.create(region=self.tala, kind=Recipient.Kind.HOSPITAL, name=name)


def wrong() -> list[tuple[str, str]]:
    """What verify_integrity would say; the PDFs of these tests are never made."""
    return [(what, sentence) for what, sentence in differences() if not sentence.endswith("the PDF is missing")]


def build() -> World:
    province, tala = factories.region("63"), factories.region("63.01")
    programme = factories.ProgrammeFactory(region=province, name="APD CONTOH")
    activity = factories.ActivityFactory(programme=programme)
    factories.ActivityDistrictFactory(activity=activity, region=tala, quota=7)
    product = factories.ProductFactory(region=province, code="hazmat", name="Pakaian hazmat", short_name="Hazmat", unit="set")
    factories.ActivityProductFactory(activity=activity, product=product)
    office, province_office = factories.OfficeFactory(region=tala), factories.OfficeFactory(region=province)
    return World(
        programme=programme,
        product=product,
        batch=factories.BatchFactory(activity=activity, region=tala),
        tala=tala,
        province=province,
        store=default_store(tala),
        province_store=default_store(province),
        office=office,
        province_office=province_office,
        signer=factories.OfficialFactory(office=office),
        province_signer=factories.OfficialFactory(office=province_office),
        recipient=Recipient.objects.create(region=tala, kind=Recipient.Kind.DISTRICT_TASK_FORCE, name="Gugus Tugas CONTOH"),
        officer=factories.user("petugas_kabupaten", "63.01", username="petugas.tala"),
        official=factories.user("pejabat_kabupaten", "63.01", username="pejabat.tala"),
        staff=factories.user("staf_provinsi", username="staf.kalsel"),
    )
