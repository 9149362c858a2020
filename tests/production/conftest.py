"""The products of 2020 on top of the programme of the shared fixtures: their targets, and reports of them."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from production.actions.output import record_and_submit_output, record_output
from production.actions.verification import verify_output
from production.models import OutputEntry, Product, ProductTarget, Store
from tests import factories
from tests.production.materials import Cloth
from trainings.models import Activity, Batch, Participant, Programme, Region, User
from trainings.regions import read_regions

KALSEL = [row.kemendagri_code for row in read_regions() if row.kemendagri_code.startswith("63.")]
DAY = dt.date(2020, 6, 10)


def jpeg(colour: str = "red", name: str = "foto.jpg") -> SimpleUploadedFile:
    content = io.BytesIO()
    Image.new("RGB", (40, 30), colour).save(content, "JPEG")
    return SimpleUploadedFile(name, content.getvalue(), "image/jpeg")


@pytest.fixture
def hazmat(province: Region, tala_batch: Batch) -> Product:
    """The one product of the hazmat training; four a person and day at most."""
    product = factories.ProductFactory(
        region=province, code="hazmat", name="Pakaian hazmat", short_name="Hazmat", unit="set", pieces_per_person_day=4
    )
    factories.ActivityProductFactory(activity=tala_batch.activity, product=product)
    return product


@pytest.fixture
def all_districts(hazmat_training: Activity) -> None:
    """All thirteen take part in the hazmat training."""
    for code in KALSEL:
        if code not in ("63.01", "63.03"):
            factories.ActivityDistrictFactory(activity=hazmat_training, region=factories.region(code), quota=7)


@pytest.fixture
def target(programme: Programme, hazmat: Product) -> ProductTarget:
    """950 sets, not divided yet."""
    return factories.ProductTargetFactory(programme=programme, product=hazmat, total=950)


@pytest.fixture
def makers(tala_batch: Batch) -> list[Participant]:
    people = [factories.ParticipantFactory(region=tala_batch.region, name=f"Penjahit {n}") for n in range(1, 4)]
    for person in people:
        factories.EnrolmentFactory(batch=tala_batch, participant=person)
    return people


@pytest.fixture
def report(officer: User, tala_batch: Batch, hazmat: Product) -> Callable[..., OutputEntry]:
    """`report(10)`: ten suits of Tala, submitted; `is_draft=True` leaves it at that."""

    def made(good: int = 10, *, is_draft: bool = False, by: User = officer, batch: Batch = tala_batch, **facts: Any) -> OutputEntry:
        record = record_output if is_draft else record_and_submit_output
        entry: OutputEntry = record(batch, by=by, key=uuid4(), **{"product": hazmat, "made_on": DAY, "good": good, **facts})
        return entry

    return made


@pytest.fixture
def verified(report: Callable[..., OutputEntry], staff: User) -> Callable[..., OutputEntry]:
    def made(good: int = 10, **facts: Any) -> OutputEntry:
        entry = report(good, **facts)
        accepted: OutputEntry = verify_output(entry, by=staff, version=entry.version, verified_on=entry.made_on)
        return accepted

    return made


@pytest.fixture
def cloth(
    province: Region, programme: Programme, hazmat: Product, tala: Region, tala_batch: Batch, officer: User, official: User, staff: User,
    provincial_official: User,
) -> Cloth:  # fmt: skip
    """Cloth, its norm and its people; none is bought yet."""
    material = factories.MaterialFactory(region=province, code="spunbond", name="Kain spunbond")
    norm = factories.MaterialNormFactory(material=material, product=hazmat)
    store = Store.objects.create(region=province, name="Gudang Disperin")
    return Cloth(programme, material, norm, hazmat, store, tala_batch, tala, officer, official, staff, provincial_official)
