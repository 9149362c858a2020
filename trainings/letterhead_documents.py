"""A page that shows how an office's papers look: the real engine and the real record, with words that are no facts."""

from __future__ import annotations

import datetime as dt
from typing import Final

from ikm_program.paper_content import BeritaAcara, Letterhead, Party, Wording, berita_acara_context, paper_bytes
from ikm_program.pdf import Layout, Paper

HEADING: Final = "Berita Acara Contoh"
TEMPLATE: Final = "trainings/pdf/letterhead_sample.html"
ROWS: Final = tuple(f"Barang contoh {number}" for number in range(1, 4))


def sample(
    letterhead: Letterhead, *, on: dt.date, paper: Paper, layout: Layout, wording: Wording, copies: int, arms: bytes | None
) -> bytes:
    snapshot = BeritaAcara(
        schema=1,
        kind="contoh",
        issue=None,
        paper=paper,
        layout=layout,
        letterhead=letterhead,
        date=on.isoformat(),
        place=letterhead["city"],
        wording=wording,
        first_party=_party("Nama Pejabat Pertama", letterhead["office"]),
        second_party=_party("Nama Pejabat Kedua", "Instansi penerima"),
        legal_bases=[],
        witnesses=[],
        acknowledged_by=None,
        copies=copies,
        copies_to=[],
    )
    context = berita_acara_context(snapshot, HEADING) | {"rows": ROWS}
    return paper_bytes(snapshot, TEMPLATE, context, arms=arms)


def _party(name: str, organisation: str) -> Party:
    position = "Jabatan"
    return Party(name=name, id_kind="", id_number="", rank="", position=position, organisation=organisation, address="", basis="")
