"""A second province on the same code: Nusa Tenggara Timur, 2020.

Its source names four batches of twenty people, what they made, that materials were given and the products bought back, and who received
them; it names no quantity. So every quantity, day, price and name of a person here is an example (CONTOH).
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from distribution.actions.addenda import draft_addendum, issue_addendum
from distribution.actions.drafts import GoodsLine
from distribution.actions.handovers import draft_handover, issue_handover
from distribution.actions.receipts import acknowledge_handover
from distribution.models import Handover, Recipient
from ikm_program import records
from ikm_program.demo import facts, ntt_goods
from ikm_program.demo.facts import EXAMPLE
from ikm_program.demo.people import account, example_official, make_office, short
from ikm_program.demo.programme import example_nik
from production.actions.output import MakerPart, record_and_submit_output
from production.actions.products import create_product, link_product
from production.actions.targets import create_target
from production.actions.verification import default_store, verify_output
from production.models import Product, ProductTarget
from trainings.actions.batches import create_batch, create_instructor
from trainings.actions.participants import enrol_new
from trainings.actions.programmes import DistrictPart, create_activity, create_programme
from trainings.actions.selection import accept_all
from trainings.models import Activity, Batch, Instructor, Office, Official, Programme, Region, User

PROVINCE = "53"
PER_BATCH = 20
NUMBER_PATTERN = "{urut:3}/{jenis}/{instansi}/{bulan_romawi}/{tahun}"  # another office, another habit
OFFICES = {  # the source names the province's only, in two orders of its words
    "53": ("Dinas Perindustrian dan Perdagangan", "Disperindag-NTT"),
    "53.71": (None, "Disperin-KK"),
    "53.01": (None, "Disperin-KPG"),
    "53.02": (None, "Disperin-TTS"),
    "53.04": (None, "Disperin-BLU"),
}
PROVINCE_ACCOUNTS = (
    ("admin.ntt", "admin_provinsi", "Admin Provinsi"),
    ("staf.ntt", "staf_provinsi", "Staf Provinsi"),
    ("pejabat.ntt", "pejabat_provinsi", "Pejabat Provinsi"),
    ("ppk.ntt", "ppk", "PPK"),
    ("bendahara.ntt", "bendahara", "Bendahara"),
    ("pengawas.ntt", "pengawas", "Pengawas"),
)

TASK_FORCE = "Gugus Tugas Percepatan Penanganan COVID-19 Kota Kupang"


@dataclass(frozen=True)
class Course:
    """A batch of twenty in a district, what they made, how much of it each, at which price, and who received all of it.

    `makers` sold it: everybody his or her own masks, elsewhere the heads of groups.
    """

    code: str
    product: str
    each: int
    price: int
    makers: int
    taught_on: dt.date
    recipient: tuple[str, str]


COURSES = (
    Course("53.71", "masker", 100, 2_500, PER_BATCH, dt.date(2020, 6, 8), ("gtpp_kabupaten", TASK_FORCE)),
    Course("53.01", "sabun", 30, 15_000, 2, dt.date(2020, 6, 22), ("keagamaan", "Lembaga keagamaan Kabupaten Kupang")),
    Course("53.02", "teh_kelor", 25, 20_000, 2, dt.date(2020, 7, 6), ("tenaga_medis", "Tenaga medis Timor Tengah Selatan")),
    Course("53.04", "garam_spa", 20, 12_500, 2, dt.date(2020, 7, 13), ("masyarakat", "Masyarakat Kabupaten Belu")),
)
PRODUCTS: dict[str, dict[str, Any]] = {
    "masker": {"name": "Masker kain", "short_name": "Masker", "unit": "lembar"},
    "sabun": {"name": "Sabun cuci tangan kelor", "short_name": "Sabun", "unit": "botol", "pack_size": 250, "pack_unit": "ml"},
    "teh_kelor": {"name": "Teh kelor", "short_name": "Teh kelor", "unit": "kotak"},
    "garam_spa": {"name": "Garam spa", "short_name": "Garam spa", "unit": "bungkus"},
}
AMENDED = "53.02"  # the district whose BAST has an addendum
TOLD_ON = dt.date(2020, 8, 24)  # the day of the report, five weeks after the task forces were dissolved


@dataclass
class Province:
    """The cast and the stage of the second province."""

    regions: dict[str, Region]
    people: dict[str, User]
    offices: dict[str, Office]
    officials: dict[str, Official]

    def officer(self, code: str) -> User:
        return self.people[f"petugas.{short(self.regions[code])}"]

    def official(self, code: str) -> User:
        return self.people["pejabat.ntt"] if code == PROVINCE else self.people[f"pejabat.{short(self.regions[code])}"]


def make(regions: dict[str, Region]) -> None:
    """People, offices, the programme, and its goods from the maker to the receiver."""
    people = _accounts(regions)
    admin, staff = people["admin.ntt"], people["staf.ntt"]
    offices = {
        code: make_office(regions[code], name, abbreviation, by=admin, number_pattern=NUMBER_PATTERN, paper=Office.Paper.A4)
        for code, (name, abbreviation) in OFFICES.items()
    }
    for user in people.values():
        assert user.region is not None
        user.office = offices[user.region.kemendagri_code]
        user.save(update_fields=["office"])
    officials = {code: example_official(office, by=admin) for code, office in offices.items()}
    stage = Province(regions, people, offices, officials)
    programme = _programme(regions[PROVINCE], by=admin)
    products = {
        code: create_product(Product, by=admin, region=regions[PROVINCE], code=f"ntt_{code}", **values) for code, values in PRODUCTS.items()
    }
    activity = _activity(programme, products, regions, by=staff)
    _targets(programme, products, by=staff)
    materials = ntt_goods.buy_materials(stage, programme)
    for number, course in enumerate(COURSES, start=1):
        batch = _batch(stage, activity, course, number)
        ntt_goods.give_materials(stage, batch, materials, course.product)
        _make_and_verify(stage, batch, products[course.product], course)
    ntt_goods.buy_back(stage, programme, [(course.code, products[course.product], course.price) for course in COURSES])
    ntt_goods.count_stores(stage, programme)
    _hand_over(stage, programme, products)


def _accounts(regions: dict[str, Region]) -> dict[str, User]:
    people = {name: account(name, role, f"{label} NTT ({EXAMPLE})", regions[PROVINCE]) for name, role, label in PROVINCE_ACCOUNTS}
    for code in (code for code in OFFICES if code != PROVINCE):
        region = regions[code]
        for prefix, role, label in (("petugas", "petugas_kabupaten", "Petugas"), ("pejabat", "pejabat_kabupaten", "Pejabat")):
            name = f"{prefix}.{short(region)}"
            people[name] = account(name, role, f"{label} {region.short_name} ({EXAMPLE})", region)
    return people


def _programme(province: Region, *, by: User) -> Programme:
    return create_programme(
        Programme, by=by, region=province, code="ntt-2020", name=f"Program IKM NTT, jumlah {EXAMPLE}", year=2020,
        fund=Programme.Fund.APBN, fund_quote="APBN", starts_on=dt.date(2020, 5, 1), ends_on=dt.date(2020, 12, 31),
        requires_purchase=True, is_example=True,
    )  # fmt: skip


def _activity(programme: Programme, products: dict[str, Product], regions: dict[str, Region], *, by: User) -> Activity:
    parts = [DistrictPart(region=regions[course.code], quota=PER_BATCH, reason=EXAMPLE) for course in COURSES]
    activity = create_activity(
        Activity, by=by, programme=programme, name="Bimbingan Teknis IKM Produk Penanganan COVID-19", districts=parts
    )
    for product in products.values():
        link_product(activity, by=by, product=product)
    return activity


def _targets(programme: Programme, products: dict[str, Product], *, by: User) -> None:
    """The source names none: not determined, never nought."""
    for product in products.values():
        create_target(ProductTarget, by=by, programme=programme, product=product, total=None)


def _batch(stage: Province, activity: Activity, course: Course, number: int) -> Batch:
    region, officer = stage.regions[course.code], stage.officer(course.code)
    instructor = create_instructor(
        Instructor, by=stage.people["staf.ntt"], region=region, name=f"Instruktur {region.short_name} ({EXAMPLE})", is_example=True
    )
    batch: Batch = create_batch(
        Batch, by=stage.people["staf.ntt"], activity=activity, region=region, number=number, mode=Batch.Mode.CLASS,
        instructors=[instructor], starts_on=course.taught_on, ends_on=course.taught_on + dt.timedelta(days=4),
    )  # fmt: skip
    for place in range(1, PER_BATCH + 1):
        born = dt.date(1970 + place, 1 + place % 12, 1 + place)
        enrol_new(
            batch, by=officer, name=f"Peserta {place} {region.short_name} ({EXAMPLE})", region=region,
            nik=example_nik(region, born, is_woman=bool(place % 3)), sex="P" if place % 3 else "L", birth_date=born, is_example=True,
        )  # fmt: skip
    accept_all(batch, by=stage.people["staf.ntt"])
    return batch


def _make_and_verify(stage: Province, batch: Batch, product: Product, course: Course) -> None:
    """Told by maker, or by group and its head; verified by the province, not yet bought."""
    total = PER_BATCH * course.each
    sellers = batch.enrolments.select_related("participant").order_by("pk")[: course.makers]
    parts = [MakerPart(place.participant, total // course.makers) for place in sellers]
    made_on = course.taught_on + dt.timedelta(days=11)
    entry = record_and_submit_output(
        batch, by=stage.officer(course.code), product=product, made_on=made_on, good=total, parts=parts,
        note=f"Jumlah {EXAMPLE}: sumber tidak menyebut jumlah",
    )  # fmt: skip
    verify_output(entry, by=stage.people["staf.ntt"], version=entry.version, verified_on=made_on + dt.timedelta(days=1))


def _hand_over(stage: Province, programme: Programme, products: dict[str, Product]) -> None:
    """Everything that was bought is given away; the masks, as the source says, to a task force that was dissolved by then."""
    for course in COURSES:
        kind, name = course.recipient
        ended = {"valid_until": facts.TASK_FORCE_ENDED, "note": "Dibubarkan oleh Perpres 82/2020"} if name == TASK_FORCE else {}
        recipient = _recipient(stage, course.code, kind, f"{name} ({EXAMPLE})", **ended)
        draft = _draft(stage, course.code, programme, recipient, products[course.product], PER_BATCH * course.each)
        official = stage.official(course.code)
        handover = issue_handover(draft, by=official, version=draft.version)
        acknowledge_handover(
            handover, by=official, version=handover.version, received_on=TOLD_ON, receiver_name=draft.receiver_name,
            receiver_position=draft.receiver_position, no_evidence_reason=facts.NO_EVIDENCE,
        )  # fmt: skip
        if course.code == AMENDED:
            _amend(stage, handover)


def _amend(stage: Province, handover: Handover) -> None:
    """The receiver's position was written down wrong."""
    right = {"receiver_position": f"Kepala instalasi farmasi ({EXAMPLE})"}
    addendum = draft_addendum(
        handover, by=stage.officer(AMENDED), words=right, agreed_on=TOLD_ON, place=handover.place, signer=stage.officials[AMENDED],
        backdating_reason=facts.LATE_ENTRY, reason=f"jabatan penerima keliru ditulis ({EXAMPLE})",
    )  # fmt: skip
    issue_addendum(addendum, by=stage.official(AMENDED), version=addendum.version)


def _recipient(stage: Province, code: str, kind: str, name: str, **values: Any) -> Recipient:
    return records.create(Recipient, by=stage.officer(code), region=stage.regions[code], kind=kind, name=name, is_example=True, **values)


def _draft(stage: Province, code: str, programme: Programme, recipient: Recipient, product: Product, quantity: int) -> Handover:
    region = stage.regions[code]
    draft: Handover = draft_handover(
        default_store(region), by=stage.officer(code), lines=[GoodsLine(product, quantity)], programme=programme, recipient=recipient,
        handed_over_on=TOLD_ON, place=f"{region.capital or region.short_name} ({EXAMPLE})", purpose="penanganan COVID-19",
        backdating_reason=facts.LATE_ENTRY, giver_office=stage.offices[code], giver=stage.officials[code],
        receiver_name=f"Penerima {region.short_name} ({EXAMPLE})", receiver_position=f"Pengurus ({EXAMPLE})",
        note=f"Jumlah {EXAMPLE}: sumber tidak menyebut jumlah",
    )  # fmt: skip
    return draft
