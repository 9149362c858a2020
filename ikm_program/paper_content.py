"""What every numbered paper is made of: the frozen content that all kinds share, its one byte form and hash, and the PDF of it.

A kind of paper extends `Frame` (or `BeritaAcara`, where two parties sign) with its own facts. A snapshot is JSON (only str, int, bool,
None, lists and dicts): what is not in it is not printed, and a fact that nobody recorded is None or empty and leaves its clause out.
Nothing here reads the database.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import json
import re
from collections.abc import Mapping
from typing import Any, Final, Literal, NotRequired, TypedDict

import segno

from ikm_program import formatting, pdf

DRAFT_NUMBER: Final = "(diberikan saat diterbitkan)"
CLOSING: Final = "Demikian berita acara ini dibuat dengan sebenarnya"
DRAFT_NOTE: Final = "Belum bernomor dan belum berlaku. Kode QR dicetak saat dokumen diterbitkan."


class Letterhead(TypedDict):
    """An office, as its letters are headed. Printed in capitals where the office does so."""

    government: str  # "Pemerintah Kabupaten Tanah Laut"
    office: str  # "Dinas Tenaga Kerja dan Perindustrian"
    address: list[str]  # lines; [] when unknown
    contact: str  # "Telepon ..., surel ..."; "" when unknown
    city: str  # "Pelaihari"
    postcode: str  # "" when unknown
    arms_sha256: str | None  # of the image the paper is rendered with; None prints no arms


class Official(TypedDict):
    """A person who signs, as of the document's date."""

    name: str
    id_kind: str  # "NIP", "NRP", or "" for none
    id_number: str  # "" for none
    rank: str  # "Pembina Utama Muda (IV/c)"; "" when unknown
    position: str  # "Kepala Dinas ... Kabupaten Tanah Laut"


class Party(Official):
    """Who gives or receives, and for whom."""

    organisation: str  # "Gugus Tugas Percepatan Penanganan COVID-19 Kabupaten Tanah Laut"
    address: str  # "" when unknown
    basis: str  # what gives the right to act: "Keputusan ... Nomor ... tanggal ..."; "" when not recorded


class Funding(TypedDict):
    """The programme, as a paper names what pays for it."""

    name: str
    year: int
    fund_source: str  # as it stands in a sentence: "dana dekonsentrasi"
    origin_office: str  # "Direktorat Jenderal Industri Kecil, Menengah, dan Aneka Kementerian Perindustrian"; "" when unknown
    executing_office: str  # "Dinas Perindustrian Provinsi Kalimantan Selatan"; "" when unknown


class Reference(TypedDict):
    """Another paper: the one that is cancelled, for example."""

    kind: str
    number: str
    date: str  # ISO
    sha256: str


class Issue(TypedDict):
    """What a paper gets when it is issued. A snapshot without it is a draft: watermark, no number, no code."""

    number: str  # in the office's register
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
    closing: NotRequired[str]  # how the last sentence begins; papers frozen before offices chose it have none


class Frame(TypedDict):
    """What every paper has, whatever it is about."""

    schema: int  # of its kind, raised when the kind's facts change
    kind: str
    issue: Issue | None
    paper: Literal["A4", "F4"]
    layout: NotRequired[pdf.Layout]  # papers frozen before offices chose it have none
    letterhead: Letterhead
    date: str  # ISO, the date of the document
    place: str  # "Ruang VIP Sekretariat Daerah Kabupaten Tanah Laut, Pelaihari"; "" when not recorded


class BeritaAcara(Frame):
    """A record that parties sign: printed by `_fragments/pdf/berita_acara.html`."""

    wording: Wording
    first_party: Party
    second_party: Party | None  # None where the first declares it alone
    legal_bases: list[str]
    witnesses: list[Official]
    acknowledged_by: Official | None  # "Mengetahui"
    copies: int
    copies_to: list[str]


def canonical_json(snapshot: Mapping[str, Any]) -> bytes:
    """The one byte form of a snapshot: what is hashed, chained and stored."""
    return json.dumps(snapshot, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()


def sha256_hex(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def file_name(snapshot: Mapping[str, Any]) -> str:
    """`bast-530-003-bast-ikm-disnakerind-vi-2020.pdf`; a draft says so."""
    number = snapshot["issue"]["number"] if snapshot["issue"] else "draf"
    return f"{snapshot['kind']}-{re.sub(r'[^a-z0-9]+', '-', number.lower()).strip('-')}.pdf"


def frame_context(snapshot: Mapping[str, Any], heading: str) -> dict[str, Any]:
    """What the shell `_fragments/pdf/paper.html` prints around any content."""
    issue, date = snapshot["issue"], dt.date.fromisoformat(snapshot["date"])
    return {
        "paper": snapshot,
        "issue": issue,
        "heading": heading,
        "number": issue["number"] if issue else DRAFT_NUMBER,
        "draft_note": DRAFT_NOTE,
        "date": formatting.tanggal(date),
        "day": formatting.tanggal_terbilang(date),
        "fingerprint": sha256_hex(canonical_json(snapshot)),
        "check_address": issue["verification_url"].rstrip("/").rpartition("/")[0] + "/" if issue else "",
    }


def berita_acara_context(snapshot: Mapping[str, Any], heading: str) -> dict[str, Any]:
    """The same for a record that parties sign."""
    return frame_context(snapshot, heading) | {
        "first": snapshot["wording"]["first_party"],
        "second": snapshot["wording"]["second_party"],
        "closing": snapshot["wording"].get("closing") or CLOSING,
        "copies": formatting.jumlah_terbilang(snapshot["copies"]),
        "copies_to": listed(snapshot["copies_to"]),
    }


def paper_bytes(
    snapshot: Mapping[str, Any],
    template_name: str,
    context: Mapping[str, Any],
    *,
    arms: bytes | None = None,
    orientation: pdf.Orientation = "portrait",
    is_whole: bool = True,
) -> bytes:
    """The paper itself. `arms` is the image whose SHA-256 the letterhead names: another is refused, and none is printed where none was.

    An issued paper carries its frozen content inside; one that shows a part of it (`is_whole`) must not.
    """
    images = {}
    if expected := snapshot["letterhead"]["arms_sha256"]:
        if arms is None or sha256_hex(arms) != expected:
            raise pdf.DocumentNotRendered("The arms of the letterhead are not the image that was frozen")
        images["arms"] = arms
    if snapshot["issue"]:
        images["qr"] = qr_png(snapshot["issue"]["verification_url"])
    title = f"{context['heading']} {context['number']}"
    paper, layout, data = snapshot["paper"], snapshot.get("layout"), source_data(snapshot) if is_whole else None
    return pdf.render(template_name, context, title=title, paper=paper, orientation=orientation, images=images, layout=layout, data=data)


def source_data(snapshot: Mapping[str, Any]) -> pdf.Data | None:
    """The frozen content byte for byte as it was hashed; a draft has none."""
    return pdf.Data(canonical_json(snapshot), dt.date.fromisoformat(snapshot["date"])) if snapshot["issue"] else None


def qr_png(address: str) -> bytes:
    """Sharp at the size it is printed (a pixel is an eighth of a module). The engine takes 15 ms longer over the same as SVG."""
    buffer = io.BytesIO()
    segno.make(address, error="m", micro=False).save(buffer, kind="png", border=2, scale=8)
    return buffer.getvalue()


def written(iso: str) -> str:
    """ "2020-06-25" -> 25 Juni 2020"""
    return formatting.tanggal(dt.date.fromisoformat(iso))


def listed(names: list[str]) -> str:
    """a; a dan b; a, b, dan c."""
    *others, last = names or [""]
    if len(others) < 2:
        return " dan ".join([*others, last])
    return f"{', '.join(others)}, dan {last}"
