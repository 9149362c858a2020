"""The world of the browser tests: thirteen districts take part, one of them reports, nobody has set a target yet."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from pathlib import Path

from PIL import Image

from distribution.models import Recipient
from production.actions.verification import default_store
from production.models import Product, Store
from tests import factories
from trainings.models import Batch, Office, Official, Participant, Programme, User
from trainings.regions import read_regions

PASSWORD = "contoh-2020-kalsel"


@dataclass
class BrowserWorld:
    programme: Programme
    product: Product
    batch: Batch
    store: Store
    office: Office
    signer: Official
    recipient: Recipient
    makers: list[Participant] = field(default_factory=list)


def build() -> BrowserWorld:
    """Tala's batch of seven tailors, its office with somebody who signs, its task force, and the people with their passwords."""
    province, tala = factories.region("63"), factories.region("63.01")
    programme = factories.ProgrammeFactory(region=province, code="kalsel", name="APD & Pangan CONTOH")
    activity = factories.ActivityFactory(programme=programme, name="Bimtek Pakaian Hazmat")
    for row in read_regions():
        if row.parent_code == "63":
            factories.ActivityDistrictFactory(activity=activity, region=factories.region(row.kemendagri_code), quota=7)
    product = factories.ProductFactory(region=province, code="hazmat", name="Pakaian hazmat", short_name="Hazmat", unit="set")
    factories.ActivityProductFactory(activity=activity, product=product)
    batch = factories.BatchFactory(activity=activity, region=tala)
    makers = [factories.ParticipantFactory(region=tala, name=f"Penjahit CONTOH {n}") for n in range(1, 8)]
    for maker in makers:
        factories.EnrolmentFactory(batch=batch, participant=maker)
    office = factories.OfficeFactory(region=tala, name="Dinas Tenaga Kerja dan Perindustrian", abbreviation="Disnakerind")
    signer = factories.OfficialFactory(office=office, name="Kepala Dinas CONTOH", can_sign=True)
    task_force = Recipient.objects.create(region=tala, kind=Recipient.Kind.DISTRICT_TASK_FORCE, name="Gugus Tugas CONTOH Tanah Laut")
    _people()
    return BrowserWorld(programme, product, batch, default_store(tala), office, signer, task_force, makers)


def _people() -> None:
    factories.user("petugas_kabupaten", "63.01", username="petugas.tala", full_name="Petugas Tala")
    factories.user("pejabat_kabupaten", "63.01", username="pejabat.tala", full_name="Pejabat Tala")
    factories.user("staf_provinsi", username="staf.kalsel", full_name="Staf Kalsel")
    for person in User.objects.all():
        person.set_password(PASSWORD)
        person.save(update_fields=["password"])


def photo(folder: Path, name: str = "jahitan.jpg", colour: str = "teal") -> Path:
    """A photo larger than what is worth sending: the browser makes it smaller first."""
    content = io.BytesIO()
    Image.new("RGB", (2400, 1800), colour).save(content, "JPEG", quality=95)
    path = folder / name
    path.write_bytes(content.getvalue())
    return path
