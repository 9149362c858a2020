"""The papers of a handover: what is frozen when one is issued, and the PDF made of exactly that.

`Snapshot` is the whole content of a paper as JSON (only str, int, bool, None, lists and dicts): what is not in it is not
printed, and a fact that nobody recorded is None or an empty list and leaves its clause out. Nothing here reads the database:
the action that issues builds the snapshot, stores `canonical_json` and `sha256_hex`, and after commit calls `pdf_bytes`.

    kind        paper                                              template
    bast        Berita Acara Serah Terima                          bast.html
    ba-mutasi   Berita Acara Penyerahan Barang untuk Evaluasi      transfer.html
                Berita Acara Mutasi Barang                         relocation.html
    ba-batal    Berita Acara Pembatalan                            cancellation.html
"""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import json
import re
from typing import Any, Final, Literal, TypedDict

import segno

from ikm_program import formatting, pdf

Kind = Literal["bast", "ba-mutasi", "ba-batal"]


class Letterhead(TypedDict):
    """The first party's office, as its letters are headed. Printed in capitals where the office does so."""

    government: str  # "Pemerintah Kabupaten Tanah Laut"
    office: str  # "Dinas Tenaga Kerja dan Perindustrian"
    address: list[str]  # lines; [] when unknown
    contact: str  # "Telepon ..., surel ..."; "" when unknown
    city: str  # "Pelaihari"
    postcode: str  # "" when unknown
    arms_sha256: str | None  # of the image handed to pdf_bytes; None prints no arms


class Official(TypedDict):
    """A person who signs, as of the document's date."""

    name: str
    id_kind: str  # "NIP", "NRP", or "" for none
    id_number: str  # "" for none
    rank: str  # "Pembina Utama Muda (IV/c)"; "" when unknown
    position: str  # "Kepala Dinas ... Kabupaten Tanah Laut"


class Party(Official):
    """Who hands over or receives, and for whom."""

    organisation: str  # "Gugus Tugas Percepatan Penanganan COVID-19 Kabupaten Tanah Laut"
    address: str  # "" when unknown
    basis: str  # what gives the right to act: "Keputusan ... Nomor ... tanggal ..."; "" when not recorded


class Programme(TypedDict):
    name: str
    year: int
    fund_source: str  # as it stands in a sentence: "dana dekonsentrasi"
    origin_office: str  # "Direktorat Jenderal Industri Kecil, Menengah, dan Aneka Kementerian Perindustrian"; "" when unknown
    executing_office: str  # "Dinas Perindustrian Provinsi Kalimantan Selatan"; "" when unknown


class Activity(TypedDict):
    """One batch whose output is handed over."""

    name: str  # "Bimbingan Teknis Pembuatan Pakaian Hazmat"
    batch: str  # "1"; "" when the output belongs to no batch
    district: str  # "Kabupaten Tanah Laut"
    participants: int | None


class Line(TypedDict):
    product: str
    specification: str  # "" when not recorded
    attribute: str  # what tells it apart: "motif sasirangan"; "" for none
    quantity: int
    unit: str
    condition: str  # "Baik"
    value: int | None  # rupiah for the whole line; the column appears only where a line has one


class MakerLine(TypedDict):
    """One lot drawn, for the annex: never a NIK."""

    product: str
    maker: str | None  # the IKM's name; None prints "Tidak dirinci"
    district: str
    quantity: int
    unit: str
    made_on: str | None  # ISO date


class Move(TypedDict):
    """From which store to which, and what for."""

    purpose: Literal["evaluasi", "mutasi"]
    from_store: str
    to_store: str


class Reference(TypedDict):
    """Another document: the one that is cancelled."""

    kind: Kind
    number: str
    date: str  # ISO
    sha256: str


class Issue(TypedDict):
    """What a document gets when it is issued. A snapshot without it is a draft: watermark, no number, no code."""

    number: str  # the first party's register
    second_number: str  # the second party's own number; "" for none
    register: str  # name of the register (office and kind)
    position: int  # place in that register's chain, from 1
    previous_sha256: str  # of the document before it; "" for the first
    code: str  # the whole token in groups, for whoever types it at the address of the check
    verification_url: str  # absolute, with the token


class Wording(TypedDict):
    """Offices differ: PIHAK KESATU or PIHAK PERTAMA."""

    first_party: str
    second_party: str


class Snapshot(TypedDict):
    schema: int  # SCHEMA
    kind: Kind
    issue: Issue | None
    paper: Literal["A4", "F4"]
    wording: Wording
    letterhead: Letterhead
    date: str  # ISO, the date of the document
    place: str  # "Ruang VIP Sekretariat Daerah Kabupaten Tanah Laut, Pelaihari"; "" when not recorded
    first_party: Party
    second_party: Party | None  # None on a cancellation: the giver declares it alone
    programme: Programme
    activities: list[Activity]
    legal_bases: list[str]
    purpose: str  # as it stands after "diperuntukkan bagi": "penanganan COVID-19"; "" when not recorded
    is_free_of_charge: bool
    is_symbolic: bool
    lines: list[Line]
    makers: list[MakerLine]
    conditions_of_use: list[str]
    witnesses: list[Official]
    acknowledged_by: Official | None  # "Mengetahui"
    copies: int
    copies_to: list[str]
    move: Move | None  # ba-mutasi only
    cancels: Reference | None  # ba-batal only
    reason: str  # ba-batal: why; "" otherwise


SCHEMA: Final = 2  # 1 had no `move`: every transfer was for evaluation
TITLES: Final[dict[Kind, str]] = {
    "bast": "Berita Acara Serah Terima",
    "ba-mutasi": "Berita Acara Penyerahan Barang untuk Evaluasi",
    "ba-batal": "Berita Acara Pembatalan",
}
TEMPLATES: Final[dict[Kind, str]] = {
    "bast": "distribution/pdf/bast.html",
    "ba-mutasi": "distribution/pdf/transfer.html",
    "ba-batal": "distribution/pdf/cancellation.html",
}
RELOCATION_TITLE: Final = "Berita Acara Mutasi Barang"
RELOCATION_TEMPLATE: Final = "distribution/pdf/relocation.html"
DRAFT_NUMBER: Final = "(diberikan saat diterbitkan)"
MOST_PRODUCTS_IN_TITLE: Final = 3
FIRST_AND_SECOND: Final[Wording] = {"first_party": "PIHAK KESATU", "second_party": "PIHAK KEDUA"}


def canonical_json(snapshot: Snapshot) -> bytes:
    """The one byte form of a snapshot: what is hashed, chained and stored."""
    return json.dumps(snapshot, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()


def sha256_hex(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def title_of(snapshot: Snapshot) -> str:
    """What the paper is called; a transfer by what it is for."""
    return RELOCATION_TITLE if is_relocation(snapshot) else TITLES[snapshot["kind"]]


def is_relocation(snapshot: Snapshot) -> bool:
    move = snapshot.get("move")  # papers of the first schema have none
    return move is not None and move["purpose"] == "mutasi"


def filename(snapshot: Snapshot) -> str:
    """`bast-530-003-bast-ikm-disnakerind-vi-2020.pdf`; a draft says so."""
    number = snapshot["issue"]["number"] if snapshot["issue"] else "draf"
    return f"{snapshot['kind']}-{re.sub(r'[^a-z0-9]+', '-', number.lower()).strip('-')}.pdf"


def pdf_bytes(snapshot: Snapshot, *, arms: bytes | None = None) -> bytes:
    """The paper itself. `arms` is the image whose SHA-256 the letterhead names: another is refused, and none is printed where none was."""
    images = {}
    if expected := snapshot["letterhead"]["arms_sha256"]:
        if arms is None or sha256_hex(arms) != expected:
            raise pdf.DocumentNotRendered("The arms of the letterhead are not the image that was frozen")
        images["arms"] = arms
    if snapshot["issue"]:
        images["qr"] = qr_png(snapshot["issue"]["verification_url"])
    context = paper_context(snapshot)
    return pdf.render(
        RELOCATION_TEMPLATE if is_relocation(snapshot) else TEMPLATES[snapshot["kind"]],
        context,
        title=f"{title_of(snapshot)} {context['number']}",
        paper=snapshot["paper"],
        images=images,
    )


def qr_png(address: str) -> bytes:
    """Sharp at the size it is printed (a pixel is an eighth of a module). The engine takes 15 ms longer over the same as SVG."""
    buffer = io.BytesIO()
    segno.make(address, error="m", micro=False).save(buffer, kind="png", border=2, scale=8)
    return buffer.getvalue()


def paper_context(snapshot: Snapshot) -> dict[str, Any]:
    """What the templates print, in words: dates, quantities, names of the parties."""
    date = dt.date.fromisoformat(snapshot["date"])
    issue = snapshot["issue"]
    lines, makers = snapshot["lines"], _told_apart(snapshot["makers"])
    return {
        "paper": snapshot,
        "issue": issue,
        "heading": title_of(snapshot),
        "number": issue["number"] if issue else DRAFT_NUMBER,
        "first": snapshot["wording"]["first_party"],
        "second": snapshot["wording"]["second_party"],
        "goods": _goods(lines),
        "day": formatting.tanggal_terbilang(date),
        "lines": [_line(line) for line in lines],
        "has_specifications": any(line["specification"] or line["attribute"] for line in lines),
        "has_values": any(line["value"] is not None for line in lines),
        "total": _total(lines),
        "makers": [_maker(line) for line in makers],
        "origins": _listed(list(dict.fromkeys(line["district"] for line in snapshot["makers"]))),
        "statements": _statements(snapshot),
        "cancels": _reference(snapshot["cancels"]),
        "annexes": ["Rincian produsen (IKM)"] if makers else [],
        "copies": formatting.jumlah_terbilang(snapshot["copies"]),
        "copies_to": _listed(snapshot["copies_to"]),
        "fingerprint": sha256_hex(canonical_json(snapshot)),
        "check_address": issue["verification_url"].rstrip("/").rpartition("/")[0] + "/" if issue else "",
    }


def _told_apart(makers: list[MakerLine]) -> list[MakerLine]:
    """What the annex lists; nothing where nobody said who made what and all of it comes from one district: a page that tells nothing."""
    is_broken_down = any(line["maker"] for line in makers) or len({line["district"] for line in makers}) > 1
    return makers if is_broken_down else []


def _goods(lines: list[Line]) -> str:
    """What the title says was handed over: the products, when they are few."""
    products = list(dict.fromkeys(line["product"] for line in lines))
    return _listed(products) if len(products) <= MOST_PRODUCTS_IN_TITLE else "Barang"


def _line(line: Line) -> dict[str, Any]:
    return {
        **line,
        "specification": "; ".join(part for part in (line["specification"], line["attribute"]) if part),
        "quantity": formatting.jumlah(line["quantity"]),
        "words": formatting.terbilang(line["quantity"]),
        "value": "" if line["value"] is None else formatting.jumlah(line["value"]),
    }


def _total(lines: list[Line]) -> dict[str, str] | None:
    """Sets and sheets do not add up: a total stands only under one unit, a value only when every line has one."""
    units = {line["unit"] for line in lines}
    if len(units) != 1:
        return None
    quantity = sum(line["quantity"] for line in lines)
    values = [line["value"] for line in lines if line["value"] is not None]
    return {
        "quantity": formatting.jumlah(quantity),
        "words": formatting.terbilang(quantity),
        "unit": units.pop(),
        "value": formatting.jumlah(sum(values)) if len(values) == len(lines) else "",
    }


def _maker(line: MakerLine) -> dict[str, Any]:
    return {
        **line,
        "maker": line["maker"] or "Tidak dirinci",
        "quantity": formatting.jumlah(line["quantity"]),
        "made_on": _written(line["made_on"]) if line["made_on"] else "",
    }


def _statements(snapshot: Snapshot) -> list[str]:
    """What the parties state before the articles, "bahwa ...": one for each recorded fact and none for any other."""
    statements = [_carried_out(activity, snapshot["programme"]) for activity in snapshot["activities"]]
    destined = [f"diperuntukkan bagi {snapshot['purpose']}"] if snapshot["purpose"] else []
    if snapshot["is_free_of_charge"]:
        destined.append("dibagikan tanpa pungutan biaya")
    if destined:
        statements.append(f"barang dimaksud {_listed(destined)}")
    return statements


def _carried_out(activity: Activity, programme: Programme) -> str:
    support = f"dengan dukungan {programme['origin_office']} " if programme["origin_office"] else ""
    office = f" pada {programme['executing_office']}" if programme["executing_office"] else ""
    batch = f" Angkatan {activity['batch']}" if activity["batch"] else ""
    district = f" di {activity['district']}" if activity["district"] else ""
    people = activity["participants"]
    participants = f" bagi {formatting.jumlah_terbilang(people)} pelaku IKM" if people else ""
    return (
        f"{support}melalui {programme['fund_source']}{office} Tahun Anggaran {programme['year']} "
        f"telah dilaksanakan {activity['name']}{batch}{district}{participants}"
    )


def _reference(reference: Reference | None) -> dict[str, Any] | None:
    return reference and {**reference, "title": TITLES[reference["kind"]], "date": _written(reference["date"])}


def _written(iso: str) -> str:
    return formatting.tanggal(dt.date.fromisoformat(iso))


def _listed(names: list[str]) -> str:
    """a; a dan b; a, b, dan c."""
    *others, last = names or [""]
    if len(others) < 2:
        return " dan ".join([*others, last])
    return f"{', '.join(others)}, dan {last}"
