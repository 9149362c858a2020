"""The way of a metre of cloth, by the actions that move it: bought, given, received, brought back."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from production.actions.material_handovers import MaterialLine, draft_handover, issue_handover, receive_handover
from production.actions.materials import BoughtLine, record_receipt
from production.actions.verification import default_store
from production.material_account import Account, accounts_of
from production.models import Material, MaterialHandover, MaterialNorm, MaterialReceipt, Product, Store
from tests import factories
from trainings.models import Batch, Official, Programme, Region, User

BOUGHT_ON = dt.date(2020, 5, 20)
GIVEN_ON = dt.date(2020, 6, 1)
BACK_ON = dt.date(2020, 6, 20)
LATE = "Dicatat kemudian"


@dataclass
class Cloth:
    """Spunbond of the province in the hazmat programme, four metres a suit, and the people who move it."""

    programme: Programme
    material: Material
    norm: MaterialNorm
    suit: Product
    province_store: Store
    batch: Batch
    district: Region
    officer: User  # drafts for the district
    issuer: User  # issues and receives for the district
    staff: User  # drafts for the province
    provincial: User  # issues for the province

    @property
    def store(self) -> Store:
        return default_store(self.district)

    def official(self, region: Region) -> Official:
        found = Official.objects.filter(office__region=region).first()
        return found or factories.OfficialFactory(office=factories.OfficeFactory(region=region))

    def buy(self, metres: int, on: dt.date = BOUGHT_ON, **facts: Any) -> MaterialReceipt:
        lines = [BoughtLine(self.material, metres * 100)]
        number = f"KTR-{MaterialReceipt.objects.count() + 1}"
        told = {"programme": self.programme, "received_on": on, "supplier": "CV CONTOH", "document_number": number, **facts}
        made: MaterialReceipt = record_receipt(self.province_store, by=self.staff, lines=lines, **told)
        return made

    def draft(
        self, store: Store, centimetres: int, *, by: User, kind: str = "penyerahan", on: dt.date = GIVEN_ON, **facts: Any
    ) -> MaterialHandover:
        parts = {name: facts.pop(name) for name in ("scrap", "used") if name in facts}
        signer = self.official(store.region)
        told = {"programme": self.programme, "handed_over_on": on, "place": "Martapura", "backdating_reason": LATE}
        told |= {"signer": signer, "giver_office": signer.office}
        if other := facts.get("other_store"):
            told["partner_official"] = self.official(other.region)
        else:
            told["partner_name"] = "Ketua kelompok"
        made: MaterialHandover = draft_handover(
            store, by=by, kind=kind, lines=[MaterialLine(self.material, centimetres, **parts)], **{**told, **facts}
        )
        return made

    def to_district(self, metres: int, on: dt.date = GIVEN_ON) -> MaterialHandover:
        handover = self.draft(self.province_store, metres * 100, by=self.staff, on=on, other_store=self.store)
        issue_handover(handover, by=self.provincial, version=handover.version)
        receive_handover(handover, by=self.officer, version=handover.version, received_on=on)
        return handover

    def give(self, metres: int, on: dt.date = GIVEN_ON, **whom: Any) -> MaterialHandover:
        """From the district's store to the batch, or to `enterprise=` or `participant=`."""
        whom = whom or {"batch": self.batch}
        return self._through(self.draft(self.store, metres * 100, by=self.officer, on=on, **whom), on)

    def bring_back(self, metres: int, on: dt.date = BACK_ON, **facts: Any) -> MaterialHandover:
        if not {"batch", "enterprise", "participant"} & set(facts):
            facts["batch"] = self.batch
        return self._through(self.draft(self.store, metres * 100, by=self.officer, kind="pengembalian", on=on, **facts), on)

    def _through(self, handover: MaterialHandover, on: dt.date) -> MaterialHandover:
        issue_handover(handover, by=self.issuer, version=handover.version)
        receive_handover(handover, by=self.issuer, version=handover.version, received_on=on)
        return handover

    def account(self) -> Account:
        [account] = accounts_of(self.staff)
        return account
