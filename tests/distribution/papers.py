"""A BAST of June 2020 as it is frozen, for tests and benches: the shape that an issuing action must build."""

from __future__ import annotations

import io
from typing import Any

from pypdf import PdfWriter

from distribution.documents import FIRST_AND_SECOND, SCHEMA, Line, MakerLine, Snapshot
from ikm_program.paper_content import Letterhead, Party

LETTERHEAD: Letterhead = {
    "government": "Pemerintah Kabupaten Tanah Laut",
    "office": "Dinas Tenaga Kerja dan Perindustrian",
    "address": ["Jalan Contoh Nomor 1"],
    "contact": "Telepon (0512) 000000, pos-el contoh@example.go.id",
    "city": "Pelaihari",
    "postcode": "70814",
    "arms_sha256": None,
}
GIVER: Party = {
    "name": "CONTOH Pejabat Pertama, S.T., M.M.",
    "id_kind": "NIP",
    "id_number": "197001011995031001",
    "rank": "Pembina Utama Muda (IV/c)",
    "position": "Kepala Dinas Tenaga Kerja dan Perindustrian Kabupaten Tanah Laut",
    "organisation": "Dinas Tenaga Kerja dan Perindustrian Kabupaten Tanah Laut",
    "address": "Jalan Contoh Nomor 1, Pelaihari",
    "basis": "",
}
RECEIVER: Party = {
    "name": "CONTOH Pejabat Kedua",
    "id_kind": "NIP",
    "id_number": "196802021993031002",
    "rank": "",
    "position": "Sekretaris Daerah Kabupaten Tanah Laut",
    "organisation": "Gugus Tugas Percepatan Penanganan COVID-19 Kabupaten Tanah Laut",
    "address": "Kompleks Perkantoran Contoh, Pelaihari",
    "basis": "Keputusan Bupati Contoh Nomor 1 Tahun 2020",
}


LINE: Line = {
    "product": "Pakaian hazmat",
    "specification": "spunbond 75 g/m2, ukuran L",
    "attribute": "",
    "quantity": 50,
    "unit": "set",
    "condition": "Baik",
    "value": None,
}


MAKER: MakerLine = {
    "product": "Pakaian hazmat",
    "maker": "CONTOH Penjahit Satu",
    "district": "Kabupaten Tanah Laut",
    "quantity": 50,
    "unit": "set",
    "made_on": "2020-06-12",
}
BAST: Snapshot = {
    "schema": SCHEMA,
    "kind": "bast",
    "issue": {
        "number": "530/003/BAST-IKM/Disnakerind/VI/2020",
        "second_number": "",
        "register": "BAST Disnakerind Tanah Laut 2020",
        "position": 3,
        "previous_sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "code": "7K3M-Q9TX",
        "verification_url": "https://ikm.example.go.id/periksa/dG9rZW4tY29udG9oLTEyOC1iaXQ/",
    },
    "paper": "A4",
    "wording": FIRST_AND_SECOND,
    "letterhead": LETTERHEAD,
    "date": "2020-06-15",
    "place": "Ruang VIP Sekretariat Daerah Kabupaten Tanah Laut, Pelaihari",
    "first_party": GIVER,
    "second_party": RECEIVER,
    "programme": {
        "name": "Bimbingan Teknis IKM 2020",
        "year": 2020,
        "fund_source": "dana dekonsentrasi",
        "origin_office": "Direktorat Jenderal Industri Kecil, Menengah, dan Aneka Kementerian Perindustrian",
        "executing_office": "Dinas Perindustrian Provinsi Kalimantan Selatan",
    },
    "activities": [
        {
            "name": "Bimbingan Teknis Pembuatan Pakaian Hazmat",
            "batch": "1",
            "district": "Kabupaten Tanah Laut",
            "participants": 7,
        }
    ],
    "legal_bases": [],
    "purpose": "penanganan COVID-19",
    "is_free_of_charge": True,
    "is_symbolic": False,
    "lines": [LINE],
    "makers": [MAKER],
    "conditions_of_use": [],
    "witnesses": [],
    "acknowledged_by": None,
    "copies": 2,
    "copies_to": ["Dinas Perindustrian Provinsi Kalimantan Selatan"],
    "move": None,
    "cancels": None,
    "receipt": None,
    "reason": "",
}


def line(**changes: Any) -> Line:
    return LINE | changes  # type: ignore[return-value]


def maker(**changes: Any) -> MakerLine:
    return MAKER | changes  # type: ignore[return-value]


def bast(**changes: Any) -> Snapshot:
    return BAST | changes  # type: ignore[return-value]


def saved_anew(content: bytes, data: bytes | None = None, *, packs: bool = True) -> bytes:
    """As another program writes it: other bytes throughout; `data` in the place of what was inside."""
    writer, kept = PdfWriter(clone_from=io.BytesIO(content)), io.BytesIO()
    if data is not None:
        names = writer.root_object["/Names"]["/EmbeddedFiles"]["/Names"]
        stream = names[1].get_object()["/EF"]["/F"].get_object()
        stream.set_data(data)
    if packs:
        for page in writer.pages:
            page.compress_content_streams()
    writer.write(kept)
    return kept.getvalue()
