"""What products were examined for, as the sources of 2020 say it, and two invented inspections by those criteria."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from ikm_program import records
from ikm_program.demo.facts import EXAMPLE, LATE_ENTRY
from ikm_program.demo.story import Story
from production.actions.criteria import create_criterion
from production.actions.inspections import Examined, Finding, Member, Parts, draft_inspection, issue_inspection
from production.actions.verification import default_store
from production.models import Account, Criterion, Inspection, Lot, StampDuty

SNI_FROM = dt.date(2020, 9, 16)
BATOLA_SOURCE = "Hazmat Barito Kuala (Jejak Rekam, 16 Juni 2020)"
TAPIN_SOURCE = "Hazmat Tapin (Antara Kalsel, Juni 2020)"


@dataclass(frozen=True)
class Seed:
    """A criterion of a product, with the source or standard it comes from."""

    product: str
    name: str
    requirement: str
    basis: str
    valid_from: dt.date | None = None


CRITERIA = (
    Seed("hazmat", "Bahan spunbond", "Spunbond 75 gram per meter persegi", BATOLA_SOURCE),
    Seed("hazmat", "Tidak tembus air", "Air tidak merembes; berlapis plastik", BATOLA_SOURCE),
    Seed("hazmat", "Penutup ritsleting", "Ritsleting tertutup lidah kain", BATOLA_SOURCE),
    Seed("hazmat", "Bahan parasut level dua", "Tidak untuk kontak langsung dengan pasien positif; untuk rapid dan swab", TAPIN_SOURCE),
    Seed("masker", "Tiga lapis", "Kain tiga lapis", "Poros Kalimantan, Juni 2020"),
    Seed("masker", "Motif sasirangan", "Lapis luar bermotif sasirangan", "Media Center Kalsel, 22 Juni 2020"),
    Seed("masker", "SNI 8914:2020 lapisan", "Sekurang-kurangnya dua lapis", "SNI 8914:2020", SNI_FROM),
    Seed("masker", "SNI 8914:2020 daya tembus udara", "Tipe A: 15-65 cm3/cm2/detik", "SNI 8914:2020", SNI_FROM),
    Seed("herbal", "Volume", "250 ml per botol", "Media Center Kalsel, 22 Juni 2020"),
    Seed("herbal", "Label dan kedaluwarsa", "Label terpasang, tanggal kedaluwarsa terbaca", EXAMPLE),
    Seed("herbal", "Segel", "Tutup bersegel utuh", EXAMPLE),
    Seed("herbal", "P-IRT", "Nomor P-IRT tercantum, atau dinyatakan belum ada", EXAMPLE),
    Seed("face_shield", "Film bening", "Pandangan jernih, tanpa goresan", EXAMPLE),
    Seed("face_shield", "Tepi sasirangan", "Bertepi kain sasirangan sebagai ciri khas", "Media Center Kalsel, 22 Juni 2020"),
)
# From which amount a receipt was stamped; the steps of 2020 are general knowledge, to be checked by the treasurer.
STAMPS = (
    (None, dt.date(2020, 12, 31), 250_000, 3_000, "UU 13/1985 dan PP 24/2000; periksa kembali"),
    (None, dt.date(2020, 12, 31), 1_000_000, 6_000, "UU 13/1985 dan PP 24/2000; periksa kembali"),
    (dt.date(2021, 1, 1), None, 5_000_000, 10_000, "UU 10/2020"),
)


def make(story: Story) -> None:
    """Needs the outputs of the story."""
    criteria = make_criteria(story)
    for valid_from, valid_until, above, duty, basis in STAMPS:
        records.create(
            StampDuty, by=story.people["admin.kalsel"], region=story.regions["63"], valid_from=valid_from, valid_until=valid_until,
            above=above, duty=duty, basis=basis,
        )  # fmt: skip
    issued = _inspection(story, "63.04", dt.date(2020, 6, 15), [criteria[name] for name in ("Bahan spunbond", "Tidak tembus air")])
    issue_inspection(issued, by=story.official("63.04"), version=issued.version)
    _inspection(story, "63.05", dt.date(2020, 6, 16), [criteria["Bahan parasut level dua"]])


def make_criteria(story: Story) -> dict[str, Criterion]:
    staff = story.people["staf.kalsel"]
    return {
        seed.name: create_criterion(
            story.products[seed.product],
            by=staff,
            name=seed.name,
            requirement=seed.requirement,
            basis=seed.basis,
            valid_from=seed.valid_from,
        )
        for seed in CRITERIA
    }


def _inspection(story: Story, code: str, day: dt.date, criteria: list[Criterion]) -> Inspection:
    """All of a district's hazmat, found fit: nothing moves, and what is known of June stays as it is."""
    lots = Lot.objects.select_related("product", "line__participant", "line__entry__batch__activity")
    lot = lots.get(product=story.products["hazmat"], region=story.regions[code])
    quantity = lot.line.verified_quantity or 0
    office = story.offices[code]
    team = [
        Member(f"Ketua Tim {office.region.short_name} ({EXAMPLE})", "Ketua tim pemeriksa"),
        Member(f"Anggota 1 {office.region.short_name} ({EXAMPLE})", "Anggota tim pemeriksa"),
        Member(f"Anggota 2 {office.region.short_name} ({EXAMPLE})", "Anggota tim pemeriksa"),
    ]
    drafted: Inspection = draft_inspection(
        default_store(story.regions[code]),
        by=story.officer(code),
        programme=story.programme,
        product=story.products["hazmat"],
        parts=Parts([Examined(lot, Account.STOCK, quantity, quantity)], team, [Finding(one, "memenuhi", EXAMPLE) for one in criteria]),
        inspected_on=day,
        place=office.city,
        backdating_reason=LATE_ENTRY,
        decree=f"Keputusan Kepala Dinas Nomor 1 ({EXAMPLE})",
        decree_on=dt.date(2020, 6, 1),
        method="Setiap potong diperiksa dengan melihat dan meraba",
        signer=story.officials[code],
        note=f"Tim, kriteria yang dipakai, dan hasilnya {EXAMPLE}",
    )
    return drafted
