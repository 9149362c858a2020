"""The programme of 2020: activities, quotas, participants, targets, and figures that others published."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from ikm_program.demo import facts
from ikm_program.demo.facts import CODES, EXAMPLE, FACE_SHIELD_DISTRICTS, HERBAL_DISTRICTS
from ikm_program.demo.people import short
from production.actions.figures import create_figure
from production.actions.products import create_product, link_product
from production.actions.progress import record_progress
from production.actions.targets import allocate, create_target
from production.models import DistrictProgress, Product, ProductTarget, PublishedFigure
from trainings.actions.batches import create_batch, create_instructor
from trainings.actions.enterprises import create_enterprise
from trainings.actions.instructor_accounts import choose_account
from trainings.actions.participants import enrol_new
from trainings.actions.programmes import DistrictPart, create_activity, create_programme
from trainings.actions.selection import accept
from trainings.models import Activity, Batch, Enterprise, Instructor, Programme, Region, User


@dataclass(frozen=True)
class Made:
    """A product with the activity that teaches it."""

    code: str
    activity: str
    codes: tuple[str, ...]
    quota: int | None
    reason: str
    total: int | None


MADE = (
    Made("hazmat", "Bimbingan Teknis Pembuatan Pakaian Hazmat", CODES, 7, "", 950),
    Made("masker", "Bimbingan Teknis Pembuatan Masker Sasirangan", CODES, 5, "", 6034),
    Made("herbal", "Bimbingan Teknis Pembuatan Minuman Herbal", HERBAL_DISTRICTS, None, "Potensi industri daerah", 3600),
    Made("face_shield", "Bimbingan Teknis Pembuatan Face Shield", FACE_SHIELD_DISTRICTS, None, "", None),
)


def make_products(province: Region, *, by: User) -> dict[str, Product]:
    kinds: dict[str, dict[str, Any]] = {
        "hazmat": {"name": "Pakaian hazmat", "short_name": "Hazmat", "unit": "set"},
        "masker": {"name": "Masker kain sasirangan", "short_name": "Masker", "unit": "lembar", "attribute": "motif sasirangan"},
        "herbal": {
            "name": "Minuman herbal", "short_name": "Herbal", "unit": "botol",
            "pack_size": 250, "pack_unit": "ml", "bulk_unit": "liter", "bulk_factor": 1000,
        },
        "face_shield": {"name": "Face shield", "short_name": "Face shield", "unit": "buah", "attribute": "tepi sasirangan"},
    }  # fmt: skip
    return {code: create_product(Product, by=by, region=province, code=code, **values) for code, values in kinds.items()}


def make_programme(province: Region, *, by: User) -> Programme:
    return create_programme(
        Programme,
        by=by,
        region=province,
        code="apd-pangan-2020",
        name="Program IKM APD dan Pangan",
        year=2020,
        fund=Programme.Fund.DEKONSENTRASI,
        fund_quote="dana Dekon (Deklarasi Ekonomi)",
        origin_office="Direktorat Jenderal Industri Kecil, Menengah, dan Aneka Kementerian Perindustrian",
        starts_on=dt.date(2020, 5, 1),
        ends_on=dt.date(2020, 12, 31),
    )


def make_activities(programme: Programme, products: dict[str, Product], regions: dict[str, Region], *, by: User) -> dict[str, Activity]:
    activities = {}
    for made in MADE:
        parts = [DistrictPart(region=regions[code], quota=made.quota, reason=made.reason) for code in made.codes]
        activities[made.code] = create_activity(Activity, by=by, programme=programme, name=made.activity, districts=parts)
        link_product(activities[made.code], by=by, product=products[made.code])
    return activities


def make_targets(programme: Programme, products: dict[str, Product], *, by: User) -> None:
    """Equal shares, marked "usulan": the sources give totals only. Nobody set one for face shields."""
    for made in MADE:
        target = create_target(
            ProductTarget,
            by=by,
            programme=programme,
            product=products[made.code],
            total=made.total,
            is_approximate=made.code == "herbal",
            basis="Media Center Kalsel, 22 Juni 2020" if made.total else "",
        )
        if made.total:
            allocate(target, by=by, version=target.version)


def make_figures(programme: Programme, products: dict[str, Product], regions: dict[str, Region], *, by: User) -> None:
    for figure in facts.PUBLISHED:
        create_figure(
            PublishedFigure,
            by=by,
            programme=programme,
            region=regions[figure.code],
            product=products[figure.product] if figure.product else None,
            kind=figure.kind,
            topic=figure.topic,
            definition=figure.definition,
            quantity=figure.quantity,
            unit=figure.unit,
            among=figure.among,
            among_unit=figure.among_unit,
            quote=figure.quote,
            source=figure.source,
            event_on=figure.event_on,
            published_on=figure.published_on,
        )


def make_progress(programme: Programme, products: dict[str, Product], regions: dict[str, Region], people: dict[str, User]) -> None:
    """What the source says of Tanah Laut: three products done, face shields still to come."""
    officer = people[f"petugas.{short(regions['63.01'])}"]
    for code, status in (("masker", "selesai"), ("herbal", "selesai"), ("hazmat", "selesai")):
        record_progress(DistrictProgress, by=officer, programme=programme, product=products[code], region=regions["63.01"], status=status)


def make_batches(
    activities: dict[str, Activity], regions: dict[str, Region], *, by: User, people: dict[str, User]
) -> dict[tuple[str, str], Batch]:
    """One batch per district for hazmat (7 people) and masks (5), with example people; the dates are known for few."""
    instructors = {
        code: create_instructor(
            Instructor, by=by, region=regions[code], name=f"Instruktur {regions[code].short_name} ({EXAMPLE})", is_example=True
        )
        for code in CODES
    }
    choose_account(instructors["63.01"], by=people["admin.kalsel"], user=people["instruktur.tala"])
    batches = {}
    for product, count in (("hazmat", 7), ("masker", 5)):
        for code in CODES:
            days = {"starts_on": dt.date(2020, 5, 18), "ends_on": dt.date(2020, 5, 20)} if (product, code) == ("masker", "63.08") else {}
            batch = create_batch(
                Batch, by=by, activity=activities[product], region=regions[code], number=1, instructors=[instructors[code]], **days
            )
            _enrol_examples(batch, product, count, by=by, officer=people[f"petugas.{short(regions[code])}"])
            batches[product, code] = batch
    return batches


def _enrol_examples(batch: Batch, product: str, count: int, *, by: User, officer: User) -> None:
    """The district records its businesses and nominates; the province gives the places."""
    district = batch.region
    for number in range(1, count + 1):
        craft, year = ("Penjahit", 1980) if product == "hazmat" else ("Perajin masker", 1985)
        born = dt.date(year + number, number, 10 + number)
        business = create_enterprise(
            Enterprise, by=officer, region=district, name=f"{craft} {number} {district.short_name} ({EXAMPLE})", is_example=True
        )
        place = enrol_new(
            batch,
            by=officer,
            name=f"Peserta {craft.lower()} {number} {district.short_name} ({EXAMPLE})",
            region=district,
            nik=example_nik(district, born, is_woman=number % 3 != 0),
            sex="P" if number % 3 else "L",
            birth_date=born,
            enterprise=business,
            is_example=True,
        )
        accept(place, by=by, version=place.version)


def example_nik(district: Region, born: dt.date, *, is_woman: bool) -> str:
    """A number that nobody has: real sequences start at 0001."""
    day = born.day + (40 if is_woman else 0)
    return f"{district.kemendagri_code.replace('.', '')}01{day:02d}{born:%m%y}0000"
