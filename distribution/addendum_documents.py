"""The addendum to a BAST: what is frozen when one is issued, and the PDF made of exactly that. Nothing here reads the database.

kind         paper                                     template
ba-adendum   Adendum Berita Acara Serah Terima         addendum.html
"""

from __future__ import annotations

from typing import Any, Final, TypedDict

from django.utils.translation import gettext_lazy as _

from ikm_program import papers
from ikm_program.paper_content import BeritaAcara, Reference, berita_acara_context, paper_bytes, written

TITLE: Final = "Adendum Berita Acara Serah Terima"
DRAFT_NOTE: Final = "Belum bernomor, belum berlaku, dan belum mengubah berita acara. Kode QR dicetak saat dokumen diterbitkan."
# As the paper calls what is changed: the words stand in a document, whatever language a screen has.
STATEMENTS: Final = {
    "place": "Tempat penyerahan",
    "purpose": "Peruntukan",
    "receiver_name": "Nama PIHAK KEDUA",
    "receiver_position": "Jabatan PIHAK KEDUA",
    "receiver_rank": "Pangkat/Golongan PIHAK KEDUA",
    "receiver_identity_number": "NIP/NRP PIHAK KEDUA",
    "receiver_basis": "Dasar penunjukan PIHAK KEDUA",
    "other_number": "Nomor PIHAK KEDUA",
    "legal_basis": "Dasar hukum",
    "acknowledged_by_name": "Nama pejabat yang mengetahui",
    "acknowledged_by_position": "Jabatan pejabat yang mengetahui",
    "acknowledged_by_number": "NIP pejabat yang mengetahui",
}


class Change(TypedDict):
    statement: str  # a key of STATEMENTS
    before: str  # "" where nothing was said
    after: str  # "" where the statement is taken out


class Snapshot(BeritaAcara):
    """The whole content of an addendum."""

    amends: Reference
    reason: str
    changes: list[Change]
    provisions: list[str]


def pdf_bytes(snapshot: Snapshot, arms: bytes | None = None) -> bytes:
    return paper_bytes(snapshot, "distribution/pdf/addendum.html", paper_context(snapshot), arms=arms)


def paper_context(snapshot: Snapshot) -> dict[str, Any]:
    """What the template prints, in words."""
    context = berita_acara_context(snapshot, TITLE)
    return context | {
        "draft_note": DRAFT_NOTE,
        "amends": {**snapshot["amends"], "date": written(snapshot["amends"]["date"])},
        "changes": [_change(change, str(context["second"])) for change in snapshot["changes"]],
    }


def entry(snapshot: Snapshot) -> papers.Entry:
    """How the register lists it."""
    second = snapshot["second_party"]
    parties = snapshot["first_party"]["organisation"], second["organisation"] if second else ""
    return papers.Entry(*parties, f"Mengubah BAST {snapshot['amends']['number']}")


def public_facts(snapshot: Snapshot) -> list[papers.PublicFact]:
    """An allow-list: institutions and what is spoken of, never what it says: that may name a person."""
    second = snapshot["second_party"]
    facts = [papers.PublicFact(_("First party"), [snapshot["first_party"]["organisation"]])]
    if second:
        facts.append(papers.PublicFact(_("Second party"), [second["organisation"]]))
    facts.append(papers.PublicFact(_("Amends"), [snapshot["amends"]["number"]]))
    changed = [label_of(change["statement"], "PIHAK KEDUA") for change in snapshot["changes"]]
    return [*facts, papers.PublicFact(_("Changes"), changed or ["Ketentuan tambahan"])]


def label_of(statement: str, second_party: str) -> str:
    """As the office calls its second party: PIHAK KEDUA."""
    return STATEMENTS[statement].replace("PIHAK KEDUA", second_party)


def _change(change: Change, second_party: str) -> dict[str, Any]:
    return {
        "statement": label_of(change["statement"], second_party),
        "before": change["before"].splitlines(),
        "after": change["after"].splitlines(),
    }
