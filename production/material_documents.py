"""The papers of materials: what is frozen when one is issued, and the PDF made of exactly that. Nothing here reads the database.

kind            paper                                        template
ba-bahan        Berita Acara Penyerahan Bahan                materials_given.html
ba-sisa-bahan   Berita Acara Pengembalian Sisa Bahan         materials_returned.html
"""

from __future__ import annotations

from typing import Any, Final, Literal, TypedDict

from django.utils.translation import gettext_lazy as _

from ikm_program import formatting, papers
from ikm_program.paper_content import BeritaAcara, Funding, berita_acara_context, listed, paper_bytes, written

Kind = Literal["ba-bahan", "ba-sisa-bahan"]
TITLES: Final = {"ba-bahan": "Berita Acara Penyerahan Bahan", "ba-sisa-bahan": "Berita Acara Pengembalian Sisa Bahan"}
TEMPLATES: Final = {"ba-bahan": "production/pdf/materials_given.html", "ba-sisa-bahan": "production/pdf/materials_returned.html"}
DRAFT_NOTE: Final = "Belum bernomor, belum berlaku, dan belum memindahkan bahan. Kode QR dicetak saat dokumen diterbitkan."
MOST_MATERIALS_IN_TITLE: Final = 3


class MaterialLine(TypedDict):
    """Amounts as they are written, in the unit of papers; "" where nobody said."""

    material: str
    specification: str
    amount: str  # "1,5"
    unit: str
    scrap: str  # of a return
    used: str  # of a return, as the makers say


class Snapshot(BeritaAcara):
    """The whole content of one of these papers."""

    programme: Funding
    activity: str  # "Bimbingan Teknis Pembuatan Pakaian Hazmat Angkatan 1 di Kabupaten Banjar"; "" for none
    giver: str  # who had it: a store, a batch, a business
    taker: str
    is_between_offices: bool
    lines: list[MaterialLine]
    return_due: str  # ISO; "" where no day was agreed


def pdf_bytes(snapshot: Snapshot, arms: bytes | None = None) -> bytes:
    return paper_bytes(snapshot, TEMPLATES[snapshot["kind"]], paper_context(snapshot), arms=arms)


def paper_context(snapshot: Snapshot) -> dict[str, Any]:
    """What the templates print, in words."""
    lines = snapshot["lines"]
    names = [line["material"] for line in lines]
    programme = snapshot["programme"]
    return berita_acara_context(snapshot, TITLES[snapshot["kind"]]) | {
        "draft_note": DRAFT_NOTE,
        "goods": listed(names) if len(names) <= MOST_MATERIALS_IN_TITLE else "",
        "lines": [{**line, "words": _in_words(line)} for line in lines],
        "has_specifications": any(line["specification"] for line in lines),
        "has_scrap": any(line["scrap"] for line in lines),
        "has_used": any(line["used"] for line in lines),
        "return_due": written(snapshot["return_due"]) if snapshot["return_due"] else "",
        "support": f"dengan dukungan {programme['origin_office']} " if programme["origin_office"] else "",
    }


def entry(snapshot: Snapshot) -> papers.Entry:
    """How the register lists it."""
    second = snapshot["second_party"]
    matter = "; ".join(material_lines(snapshot))
    return papers.Entry(snapshot["first_party"]["organisation"], second["organisation"] if second else "", matter)


def public_facts(snapshot: Snapshot) -> list[papers.PublicFact]:
    """An allow-list: the office and the materials, never a maker: a person may stand behind a business's name."""
    return [
        papers.PublicFact(_("Office"), [snapshot["letterhead"]["office"]]),
        papers.PublicFact(_("Programme"), [snapshot["programme"]["name"]]),
        papers.PublicFact(_("Materials"), material_lines(snapshot)),
    ]


def material_lines(snapshot: Snapshot) -> list[str]:
    """ "273 meter Kain spunbond", a line each."""
    return [f"{line['amount']} {line['unit']} {line['material']}" for line in snapshot["lines"]]


def _in_words(line: MaterialLine) -> str:
    """ "dua ratus tujuh puluh tiga"; "satu koma lima" for 1,5."""
    whole, _comma, rest = line["amount"].replace(".", "").partition(",")
    if not whole.isdecimal():
        return ""
    words = formatting.terbilang(int(whole))
    return f"{words} koma {' '.join(formatting.terbilang(int(digit)) for digit in rest)}" if rest else words
