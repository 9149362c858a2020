"""The record of a stocktake: what is frozen when it is issued, and the PDF made of exactly that. Nothing here reads the database.

kind        paper                      template
ba-opname   Berita Acara Stock Opname   stocktake.html
"""

from __future__ import annotations

from typing import Any, Final, NotRequired, TypedDict

from django.utils.translation import gettext_lazy as _

from ikm_program import formatting
from ikm_program.paper_content import Frame, Official, frame_context, paper_bytes, written
from ikm_program.papers import Entry, PublicFact
from production.documents import DRAFT_NOTE

TITLE: Final = "Berita Acara Stock Opname"


class CountedGoods(TypedDict):
    """One product of one programme, in stock units."""

    programme: str
    year: int
    product: str
    unit: str
    book: int
    counted: int
    damaged: int
    held: NotRequired[int]  # of the damaged ones those that are in the books; papers of before do not say it
    missing: int  # written off
    found_again: int  # back from an earlier write-off
    unrecorded: int  # a surplus that no report knows of
    remark: str


class MovedLot(TypedDict):
    """Pieces of a lot that the differences moved."""

    product: str
    unit: str
    made_on: str  # ISO
    maker: str | None  # the IKM's name; None prints "Tidak dirinci"
    district: str
    what: str  # "kurang", "ditemukan", "rusak"
    quantity: int


class Snapshot(Frame):
    """What lay in a store on a day, beside what the books said."""

    store: str
    team: list[Official]
    lines: list[CountedGoods]
    lots: list[MovedLot]
    note: str
    acknowledged_by: Official


WORDS: Final = {"kurang": "dihapuskan", "ditemukan": "dicatat kembali", "rusak": "ditahan sampai diperiksa kembali"}


def pdf_bytes(snapshot: Snapshot, arms: bytes | None = None) -> bytes:
    return paper_bytes(snapshot, "production/pdf/stocktake.html", paper_context(snapshot), arms=arms)


def paper_context(snapshot: Snapshot) -> dict[str, Any]:
    """What the template prints, in words."""
    lines = snapshot["lines"]
    return frame_context(snapshot, TITLE) | {
        "draft_note": DRAFT_NOTE,
        "lines": [_line(line) for line in lines],
        "programmes": list(dict.fromkeys((line["programme"], line["year"]) for line in lines)),
        "has_differences": any(line["counted"] != line["book"] for line in lines),
        "has_damage": any(line["damaged"] for line in lines),
        "has_held": any(line.get("held", line["damaged"]) for line in lines),
        "conclusions": [sentence for line in lines for sentence in _conclusions(line)],
        "lots": [_lot(lot) for lot in snapshot["lots"]],
        "copies": formatting.jumlah_terbilang(2),
    }


def entry(snapshot: Snapshot) -> Entry:
    """How the register lists it."""
    return Entry(snapshot["letterhead"]["office"], snapshot["store"], _matter(snapshot))


def public_facts(snapshot: Snapshot) -> list[PublicFact]:
    """An allow-list: the office, the store and the sums, never a person."""
    return [
        PublicFact(_("Office"), [snapshot["letterhead"]["office"]]),
        PublicFact(_("Store"), [snapshot["store"]]),
        PublicFact(_("Counted"), [_amount(line, line["counted"]) for line in snapshot["lines"]]),
        PublicFact(_("Difference"), [_amount(line, _difference(line), signed=True) for line in snapshot["lines"] if _difference(line)]),
    ]


def _difference(line: CountedGoods) -> int:
    return line["counted"] - line["book"]


def _amount(line: CountedGoods, quantity: int, *, signed: bool = False) -> str:
    sign = {True: "+", False: "−"}[quantity > 0] if signed and quantity else ""
    return f"{sign}{formatting.jumlah(abs(quantity))} {line['unit']} {line['product']}"


def _matter(snapshot: Snapshot) -> str:
    differing = sum(1 for line in snapshot["lines"] if _difference(line))
    counted = f"{formatting.jumlah(len(snapshot['lines']))} jenis barang"
    return f"{counted}, {formatting.jumlah(differing)} berselisih" if differing else f"{counted}, tanpa selisih"


def _line(line: CountedGoods) -> dict[str, Any]:
    difference = _difference(line)
    return {
        **line,
        "book": formatting.jumlah(line["book"]),
        "counted": formatting.jumlah(line["counted"]),
        "good": formatting.jumlah(line["counted"] - line["damaged"]),
        "damaged": formatting.jumlah(line["damaged"]),
        "difference": ("+" if difference > 0 else "−" if difference else "") + formatting.jumlah(abs(difference)),
    }


def _conclusions(line: CountedGoods) -> list[str]:
    """What became of each difference, in a sentence."""
    said = (
        (line["missing"], "kurang {n} {what} dari catatan; dihapuskan dari persediaan, mulai dari hasil produksi yang paling lama"),
        (
            line["found_again"],
            "ditemukan kembali {n} {what} yang dihapuskan pada stock opname terdahulu; dicatat kembali sebagai persediaan",
        ),
        (
            line["unrecorded"],
            "lebih {n} {what} yang belum pernah dilaporkan; belum dicatat sebagai persediaan sampai laporan produksinya diverifikasi",
        ),
    )
    what = f"{line['unit']} {line['product']}"
    return [words.format(n=formatting.jumlah_terbilang(quantity), what=what) for quantity, words in said if quantity]


def _lot(lot: MovedLot) -> dict[str, Any]:
    return {
        **lot,
        "maker": lot["maker"] or "Tidak dirinci",
        "made_on": written(lot["made_on"]),
        "what": WORDS[lot["what"]],
        "quantity": formatting.jumlah(lot["quantity"]),
    }
