"""The papers of this app: what is frozen when one is issued, and the PDF made of exactly that. Nothing here reads the database.

kind         paper                                     template
ba-periksa   Berita Acara Pemeriksaan Hasil Produksi   inspection.html
kwitansi     Kwitansi                                  receipt.html
"""

from __future__ import annotations

from typing import Any, Final, TypedDict

from django.utils.translation import gettext_lazy as _

from ikm_program import formatting
from ikm_program.paper_content import Frame, Funding, Official, frame_context, listed, paper_bytes, written
from ikm_program.papers import Entry, PublicFact

INSPECTION_TITLE: Final = "Berita Acara Pemeriksaan Hasil Produksi"
RECEIPT_TITLE: Final = "Kwitansi"
DRAFT_NOTE: Final = "Belum bernomor, belum berlaku, dan belum mengubah persediaan. Kode QR dicetak saat dokumen diterbitkan."
RESULTS: Final = {"memenuhi": "Memenuhi", "tidak_memenuhi": "Tidak memenuhi"}
SPLIT: Final = ("examined", "accepted", "to_repair", "rejected")


class ExaminedLot(TypedDict):
    """So many pieces of a lot, and what the team says of them."""

    made_on: str  # ISO
    maker: str | None  # the IKM's name; None prints "Tidak dirinci"
    district: str
    is_again: bool  # repaired pieces, examined a second time
    examined: int
    accepted: int
    to_repair: int
    rejected: int


class Found(TypedDict):
    """One criterion and what was found of it."""

    criterion: str
    requirement: str
    basis: str
    result: str  # as stored: "memenuhi"
    note: str


class Decree(TypedDict):
    text: str  # "Keputusan Kepala Dinas Nomor 1"; "" when not recorded
    date: str  # ISO; "" when not recorded


class Inspection(Frame):
    """What a team examined, by what, and with what result."""

    programme: Funding
    product: str
    unit: str
    store: str
    activities: list[str]
    decree: Decree
    team: list[Official]
    method: str
    sample_size: int | None
    lots: list[ExaminedLot]
    findings: list[Found]
    acknowledged_by: Official


class Agreement(TypedDict):
    number: str
    date: str  # ISO


class Receipt(Frame):
    """What the maker signs for when the office pays for goods."""

    programme: Funding
    payer: str  # "Dinas Perindustrian Provinsi Kalimantan Selatan"
    seller: str
    business: str  # "" when the maker belongs to none
    district: str
    product: str
    unit: str
    quantity: int
    unit_price: int
    amount: int
    agreement: Agreement
    buyer: Official
    stamp: int | None  # rupiah; None where no meterai is due


def inspection_pdf(snapshot: Inspection, arms: bytes | None = None) -> bytes:
    return paper_bytes(snapshot, "production/pdf/inspection.html", inspection_context(snapshot), arms=arms)


def receipt_pdf(snapshot: Receipt, arms: bytes | None = None) -> bytes:
    return paper_bytes(snapshot, "production/pdf/receipt.html", receipt_context(snapshot), arms=arms)


def inspection_context(snapshot: Inspection) -> dict[str, Any]:
    """What the template prints, in words."""
    totals = _sums(snapshot)
    decree = snapshot["decree"]
    return frame_context(snapshot, INSPECTION_TITLE) | {
        "draft_note": DRAFT_NOTE,
        "lots": [_lot(lot) for lot in snapshot["lots"]],
        "totals": {name: formatting.jumlah(value) for name, value in totals.items()},
        "words": {name: formatting.jumlah_terbilang(value) for name, value in totals.items()},
        "findings": [found | {"result": RESULTS[found["result"]]} for found in snapshot["findings"]],
        "has_notes": any(found["note"] for found in snapshot["findings"]),
        "activities": listed(snapshot["activities"]),
        "decree": _decree(decree),
        "sample": formatting.jumlah_terbilang(snapshot["sample_size"]) if snapshot["sample_size"] else "",
        "is_again": any(lot["is_again"] for lot in snapshot["lots"]),
        "has_rejects": bool(totals["rejected"]),
        "has_repairs": bool(totals["to_repair"]),
        "copies": formatting.jumlah_terbilang(2),
    }


def receipt_context(snapshot: Receipt) -> dict[str, Any]:
    agreement = snapshot["agreement"]
    return frame_context(snapshot, RECEIPT_TITLE) | {
        "draft_note": DRAFT_NOTE,
        "amount": formatting.rupiah(snapshot["amount"]),
        "words": f"{formatting.terbilang(snapshot['amount'])} rupiah",
        "unit_price": formatting.rupiah(snapshot["unit_price"]),
        "quantity": formatting.jumlah_terbilang(snapshot["quantity"]),
        "agreement": f"Nomor {agreement['number']} tanggal {written(agreement['date'])}",
        "stamp": formatting.rupiah(snapshot["stamp"]).removesuffix(",00") if snapshot["stamp"] else "",
    }


def inspection_entry(snapshot: Inspection) -> Entry:
    """How the register lists it."""
    return Entry(snapshot["letterhead"]["office"], snapshot["store"], _examined_in_words(snapshot))


def receipt_entry(snapshot: Receipt) -> Entry:
    return Entry(snapshot["payer"], snapshot["seller"], f"{_bought(snapshot)}, {formatting.rupiah(snapshot['amount'])}")


def inspection_facts(snapshot: Inspection) -> list[PublicFact]:
    """An allow-list: the office, the goods and the result, never a person."""
    totals = _sums(snapshot)
    return [
        PublicFact(_("Office"), [snapshot["letterhead"]["office"]]),
        PublicFact(_("Goods"), [_examined_in_words(snapshot)]),
        PublicFact(_("Accepted"), [f"{formatting.jumlah(totals['accepted'])} {snapshot['unit']}"]),
        PublicFact(_("To be repaired"), [f"{formatting.jumlah(totals['to_repair'])} {snapshot['unit']}"]),
        PublicFact(_("Turned down"), [f"{formatting.jumlah(totals['rejected'])} {snapshot['unit']}"]),
    ]


def receipt_facts(snapshot: Receipt) -> list[PublicFact]:
    """An allow-list: who pays, for what, how much; not whom."""
    return [
        PublicFact(_("Buying office"), [snapshot["payer"]]),
        PublicFact(_("Goods"), [_bought(snapshot)]),
        PublicFact(_("Amount"), [formatting.rupiah(snapshot["amount"])]),
    ]


def _sums(snapshot: Inspection) -> dict[str, int]:
    lots: list[Any] = snapshot["lots"]
    return {name: sum(lot[name] for lot in lots) for name in SPLIT}


def _examined_in_words(snapshot: Inspection) -> str:
    return f"{formatting.jumlah(_sums(snapshot)['examined'])} {snapshot['unit']} {snapshot['product']}"


def _bought(snapshot: Receipt) -> str:
    return f"{formatting.jumlah(snapshot['quantity'])} {snapshot['unit']} {snapshot['product']}"


def _decree(decree: Decree) -> str:
    return decree["text"] + (f" tanggal {written(decree['date'])}" if decree["text"] and decree["date"] else "")


def _lot(lot: ExaminedLot) -> dict[str, Any]:
    split: Any = lot
    return {
        **lot,
        "maker": lot["maker"] or "Tidak dirinci",
        "made_on": written(lot["made_on"]),
        **{name: formatting.jumlah(split[name]) for name in SPLIT},
    }
