"""Materials of the demo. The sources say that the province provided them, and no quantity: all quantities are examples.

Banjar balances (273 metres, 63 suits of 4 metres, 21 back); Tanah Laut has 6 metres to explain; Kotabaru's left-overs are not back.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from ikm_program.demo import facts
from ikm_program.demo.facts import EXAMPLE, PROVINCE
from ikm_program.demo.story import Story
from production.actions.material_handovers import MaterialLine, draft_handover, issue_handover, receive_handover
from production.actions.materials import BoughtLine, create_material, create_norm, record_receipt
from production.actions.verification import default_store
from production.models import Material, MaterialHandover, Product, Store
from trainings.models import Batch

Lines = dict[str, int]
Batches = dict[tuple[str, str], Batch]
BOUGHT_ON, SENT_ON, GIVEN_ON, BACK_ON, DUE_ON = (dt.date(2020, *day) for day in ((5, 4), (5, 11), (5, 15), (6, 19), (6, 30)))
KINDS: dict[str, dict[str, Any]] = {
    "spunbond": {"name": "Kain spunbond", "specification": "75 g/m²", "unit": "meter", "base_unit": "cm", "base_per_unit": 100},
    "resleting": {"name": "Resleting", "unit": "buah", "base_unit": "buah"},
    "elastik": {"name": "Elastik", "unit": "meter", "base_unit": "cm", "base_per_unit": 100},
    "benang": {"name": "Benang jahit", "unit": "gulung", "base_unit": "gulung"},
    "sasirangan": {"name": "Kain sasirangan", "unit": "meter", "base_unit": "cm", "base_per_unit": 100},
    "botol": {"name": "Botol 250 ml", "unit": "buah", "base_unit": "buah"},
    "jahe": {"name": "Jahe", "unit": "kg", "base_unit": "gram", "base_per_unit": 1000},
}
NORMS: tuple[tuple[str, str, int | None], ...] = (  # product, material, smallest units for one; None: nobody says
    ("hazmat", "spunbond", 400),
    ("hazmat", "resleting", 1),
    ("hazmat", "elastik", None),
    ("masker", "sasirangan", None),
    ("herbal", "botol", 1),
    ("herbal", "jahe", None),
)
BOUGHT: Lines = {
    "spunbond": 200_000,
    "resleting": 400,
    "elastik": 60_000,
    "benang": 120,
    "sasirangan": 40_000,
    "botol": 1_000,
    "jahe": 50_000,
}
GIVEN: tuple[tuple[str, str, Lines], ...] = (  # district, product, what its batch got
    ("63.03", "hazmat", {"spunbond": 27_300, "resleting": 63}),
    ("63.01", "hazmat", {"spunbond": 41_000, "resleting": 100}),
    ("63.02", "hazmat", {"spunbond": 30_000}),
    ("63.08", "masker", {"sasirangan": 15_000}),
)
BACK: tuple[tuple[str, str, Lines], ...] = (
    ("63.03", "hazmat", {"spunbond": 2_100}),
    ("63.01", "hazmat", {"spunbond": 400}),
)
NOTE = {"63.08": f"Bahan disediakan Dinas Perindustrian Provinsi; jumlah {EXAMPLE}."}


def make(story: Story, batches: Batches) -> None:
    """After the outputs: the accounts stand as the districts left them."""
    materials = _catalogue(story)
    _buy(story, materials)
    for code, product, lines in GIVEN:
        _send(story, code, lines, materials)
        _give(story, batches[product, code], lines, materials)
    for code, product, lines in BACK:
        _bring_back(story, batches[product, code], lines, materials)


def _catalogue(story: Story) -> dict[str, Material]:
    admin, province = story.people["admin.kalsel"], story.regions[PROVINCE]
    materials = {code: create_material(Material, by=admin, region=province, code=code, **kind) for code, kind in KINDS.items()}
    for product, material, quantity in NORMS:
        made: Product = story.products[product]
        basis = f"Norma {EXAMPLE}" if quantity else ""
        create_norm(materials[material], by=admin, product=made, quantity=quantity, basis=basis)
    return materials


def _buy(story: Story, materials: dict[str, Material]) -> None:
    record_receipt(
        default_store(story.regions[PROVINCE]),
        by=story.people["staf.kalsel"],
        lines=[BoughtLine(materials[code], quantity) for code, quantity in BOUGHT.items()],
        programme=story.programme,
        received_on=BOUGHT_ON,
        supplier=f"Penyedia bahan ({EXAMPLE})",
        document_number=f"{EXAMPLE}/KONTRAK/1/2020",
    )


def _send(story: Story, code: str, lines: Lines, materials: dict[str, Material]) -> None:
    """From the province's store to the district's."""
    sent = _draft(
        story, PROVINCE, default_store(story.regions[PROVINCE]), SENT_ON, lines, materials,
        kind="penyerahan", other_store=default_store(story.regions[code]), partner_official=story.officials[code],
        note=NOTE.get(code, f"Jumlah {EXAMPLE}."),
    )  # fmt: skip
    issue_handover(sent, by=story.people["pejabat.kalsel"], version=sent.version)
    receive_handover(sent, by=story.officer(code), version=sent.version, received_on=SENT_ON)


def _give(story: Story, batch: Batch, lines: Lines, materials: dict[str, Material]) -> None:
    _with_makers(story, batch, GIVEN_ON, lines, materials, kind="penyerahan", return_due_on=DUE_ON)


def _bring_back(story: Story, batch: Batch, lines: Lines, materials: dict[str, Material]) -> None:
    _with_makers(story, batch, BACK_ON, lines, materials, kind="pengembalian")


def _with_makers(story: Story, batch: Batch, on: dt.date, lines: Lines, materials: dict[str, Material], **more: Any) -> None:
    code = batch.region.kemendagri_code
    party = {"partner_name": f"Ketua kelompok {batch.region.short_name} ({EXAMPLE})", "partner_position": "Ketua kelompok peserta"}
    paper = _draft(story, code, default_store(batch.region), on, lines, materials, batch=batch, note=f"Jumlah {EXAMPLE}.", **party, **more)
    issue_handover(paper, by=story.official(code), version=paper.version)
    receive_handover(paper, by=story.official(code), version=paper.version, received_on=on)


def _draft(
    story: Story, code: str, store: Store, on: dt.date, lines: Lines, materials: dict[str, Material], **more: Any
) -> MaterialHandover:
    drafter = story.people["staf.kalsel"] if code == PROVINCE else story.officer(code)
    draft: MaterialHandover = draft_handover(
        store,
        by=drafter,
        lines=[MaterialLine(materials[name], quantity) for name, quantity in lines.items()],
        programme=story.programme,
        handed_over_on=on,
        place=story.offices[code].city,
        backdating_reason=facts.LATE_ENTRY,
        giver_office=story.offices[code],
        signer=story.officials[code],
        **more,
    )
    return draft
