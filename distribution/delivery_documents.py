"""The delivery note (surat jalan) with its receipt slip (tanda terima): what is frozen, and the PDF made of exactly that."""

from __future__ import annotations

from typing import Any, Final, TypedDict

from django.utils.translation import gettext_lazy as _

from ikm_program import formatting
from ikm_program.paper_content import Frame, Official, Reference, frame_context, paper_bytes, written
from ikm_program.papers import Entry, PublicFact

TITLE: Final = "Surat Jalan"
DRAFT_NOTE: Final = "Belum bernomor dan belum berlaku. Kode QR dicetak saat dokumen diterbitkan."


class Load(TypedDict):
    product: str
    quantity: int
    unit: str
    packages: int | None  # koli; None when nobody counted them


class Snapshot(Frame):
    """What goes where, on which paper, with whom."""

    origin: str  # the store
    receiver: str
    destination: str
    goes_with: Reference  # the BAST or transfer: without one no goods travel
    goes_with_title: str  # what that one is called: "Berita Acara Serah Terima"
    vehicle: str  # "" is written by hand
    driver: str
    keeper: str
    sender: Official
    lines: list[Load]
    note: str


def pdf_bytes(snapshot: Snapshot, arms: bytes | None = None) -> bytes:
    return paper_bytes(snapshot, "distribution/pdf/delivery.html", paper_context(snapshot), arms=arms)


def paper_context(snapshot: Snapshot) -> dict[str, Any]:
    """What the template prints, in words."""
    reference = snapshot["goes_with"]
    return frame_context(snapshot, TITLE) | {
        "draft_note": DRAFT_NOTE,
        "lines": [_line(line) for line in snapshot["lines"]],
        "has_packages": any(line["packages"] is not None for line in snapshot["lines"]),
        "goes_with": {**reference, "title": snapshot["goes_with_title"], "date": written(reference["date"])},
    }


def entry(snapshot: Snapshot) -> Entry:
    """How the register lists it."""
    return Entry(snapshot["letterhead"]["office"], snapshot["receiver"], "; ".join(goods_lines(snapshot)))


def public_facts(snapshot: Snapshot) -> list[PublicFact]:
    """An allow-list: institutions, goods, the paper it goes with."""
    return [
        PublicFact(_("To"), [snapshot["receiver"]]),
        PublicFact(_("Goes with"), [snapshot["goes_with"]["number"]]),
        PublicFact(_("Goods"), goods_lines(snapshot)),
    ]


def goods_lines(snapshot: Snapshot) -> list[str]:
    return [f"{formatting.jumlah(line['quantity'])} {line['unit']} {line['product']}" for line in snapshot["lines"]]


def _line(line: Load) -> dict[str, Any]:
    packages = "" if line["packages"] is None else formatting.jumlah(line["packages"])
    return {**line, "quantity": formatting.jumlah(line["quantity"]), "words": formatting.terbilang(line["quantity"]), "packages": packages}
