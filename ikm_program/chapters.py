"""What apps say in the chapters of the final report (laporan akhir): a registry of parts, and the blocks that they are made of.

An app writes a module `chapters` with functions that return blocks for a programme and a day:

    @part(INSTRUCTORS, order=10)
    def instructors(asked: Asked) -> list[Block]:
        ...

What is not recorded returns nothing: its clause is left out, and a section without anything is not printed. Blocks are plain
values, because they are frozen with the report; their words are Indonesian, as the paper is.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from ikm_program.charts import Chart
from ikm_program.reporting import Cell, Report
from ikm_program.scoping import Reach

Block = dict[str, Any]
Part = Callable[["Asked"], list[Block]]


@dataclass(frozen=True)
class Asked:
    """Of which programme, as the office of which region sees it, as of which day."""

    programme: Any
    viewer: Reach
    day: dt.date


@dataclass(frozen=True)
class Section:
    """A place in the report: its code, its title, and whether an official may write there."""

    code: str
    title: str
    is_narrated: bool = True


@dataclass(frozen=True)
class Chapter:
    number: str  # "I"; "" for an annex
    title: str
    sections: tuple[Section, ...]


PREFACE = "kata_pengantar"
BACKGROUND, LEGAL_BASIS, PURPOSE, TARGETS, SCOPE = "latar_belakang", "dasar_hukum", "maksud_tujuan", "sasaran", "ruang_lingkup"
TIME_AND_PLACE, PARTICIPANTS, INSTRUCTORS, METHOD = "waktu_tempat", "peserta", "instruktur", "metode"
MATERIALS, SCHEDULE, ATTENDANCE, MENTORING = "bahan", "jadwal", "kehadiran", "pendampingan"
OUTPUT, HANDOVER, QUALITY, STOCK = "keluaran", "penyerahan", "mutu", "persediaan"
BUDGET, SPENDING, TAXES = "pagu", "realisasi_keuangan", "pajak"
PROBLEMS, FOLLOW_UP, CLOSING = "permasalahan", "tindak_lanjut", "penutup"
DECREES, RECAPITULATION, PEOPLE, REPORTS = "lampiran_sk", "lampiran_rekapitulasi", "lampiran_peserta", "lampiran_produksi"
RECIPIENTS, REGISTER, CARDS, PHOTOS = "lampiran_penerima", "lampiran_register", "lampiran_stok", "lampiran_foto"
PRESENCE, PAYMENTS = "lampiran_kehadiran", "lampiran_pembayaran"

CHAPTERS: Final[tuple[Chapter, ...]] = (
    Chapter("I", "Pendahuluan", (
        Section(BACKGROUND, "Latar Belakang"),
        Section(LEGAL_BASIS, "Dasar Hukum"),
        Section(PURPOSE, "Maksud dan Tujuan"),
        Section(TARGETS, "Sasaran"),
        Section(SCOPE, "Ruang Lingkup"),
    )),
    Chapter("II", "Pelaksanaan", (
        Section(TIME_AND_PLACE, "Waktu dan Tempat"),
        Section(PARTICIPANTS, "Peserta"),
        Section(INSTRUCTORS, "Instruktur"),
        Section(METHOD, "Metode"),
        Section(MATERIALS, "Bahan"),
        Section(SCHEDULE, "Jadwal"),
        Section(ATTENDANCE, "Kehadiran"),
        Section(MENTORING, "Pendampingan"),
    )),
    Chapter("III", "Hasil", (
        Section(OUTPUT, "Keluaran"),
        Section(HANDOVER, "Penyerahan Hasil"),
        Section(QUALITY, "Pemeriksaan dan Evaluasi Mutu"),
        Section(STOCK, "Persediaan"),
    )),
    Chapter("IV", "Keuangan", (
        Section(BUDGET, "Pagu Anggaran"),
        Section(SPENDING, "Realisasi Anggaran"),
        Section(TAXES, "Pajak"),
    )),
    Chapter("V", "Permasalahan dan Tindak Lanjut", (Section(PROBLEMS, "Permasalahan"), Section(FOLLOW_UP, "Tindak Lanjut"))),
    Chapter("VI", "Penutup", (Section(CLOSING, ""),)),
)  # fmt: skip
ANNEXES: Final[tuple[Section, ...]] = (
    Section(DECREES, "Daftar Keputusan dan Dasar Pelaksanaan", is_narrated=False),
    Section(RECAPITULATION, "Rekapitulasi Realisasi", is_narrated=False),
    Section(PEOPLE, "Daftar Peserta", is_narrated=False),
    Section(PRESENCE, "Rekapitulasi Kehadiran", is_narrated=False),
    Section(PAYMENTS, "Daftar Pembayaran", is_narrated=False),
    Section(REPORTS, "Daftar Laporan Produksi", is_narrated=False),
    Section(RECIPIENTS, "Daftar Penerima Akhir", is_narrated=False),
    Section(CARDS, "Kartu Stok", is_narrated=False),
    Section(REGISTER, "Register Berita Acara", is_narrated=False),
    Section(PHOTOS, "Dokumentasi Foto", is_narrated=False),
)
FOREWORD: Final = Section(PREFACE, "Kata Pengantar")
SECTIONS: Final = (
    {PREFACE: FOREWORD}
    | {section.code: section for chapter in CHAPTERS for section in chapter.sections}
    | {one.code: one for one in ANNEXES}
)

_parts: dict[str, list[tuple[int, str, Part]]] = {}


def part(section: str, *, order: int) -> Callable[[Part], Part]:
    """Add what the function returns to a section; parts stand in the order of their numbers."""
    if section not in SECTIONS:
        raise ValueError(f"no section is called {section}")

    def add(function: Part) -> Part:
        parts = _parts.setdefault(section, [])
        parts.append((order, f"{function.__module__}.{function.__name__}", function))
        parts.sort(key=lambda one: one[:2])
        return function

    return add


def blocks_of(section: str, asked: Asked) -> list[Block]:
    """Everything that apps have to say there."""
    return [block for _order, _name, function in _parts.get(section, ()) for block in function(asked)]


# --- blocks


def paragraph(text: str) -> Block:
    return {"kind": "paragraph", "text": text}


def paragraphs(text: str) -> list[Block]:
    """What an official typed: an empty line begins a new paragraph."""
    return [paragraph(" ".join(part.split())) for part in text.replace("\r", "").split("\n\n") if part.strip()]


def heading(text: str) -> Block:
    return {"kind": "heading", "text": text}


def listing(items: Iterable[str]) -> Block:
    """A numbered list; its items are parted by semicolons and closed by a full stop."""
    bare = [item.rstrip(" ;.") for item in items]
    return {"kind": "listing", "items": [*(f"{item};" for item in bare[:-1]), *(f"{item}." for item in bare[-1:])]}


def table(caption: str, report: Report, *, is_wide: bool = False, starts_page: bool = False) -> Block:
    """A report as a table, in words: what is frozen is what is printed. `is_wide` lies across the page."""
    return {
        "kind": "table",
        "caption": caption,
        "is_wide": is_wide,
        "starts_page": starts_page,
        "shares": report.column_shares,
        "columns": [
            {"label": str(column.label), "unit": str(column.unit or ""), "group": str(column.group), "is_numeric": column.is_numeric}
            for column in report.columns
        ],
        "rows": [_cells(cells) for cells in report.paper_rows()],
        "totals": [_cells(cells) for cells in report.paper_totals()],
        "notes": [str(note) for note in report.notes],
    }


def _cells(cells: Sequence[Cell]) -> list[dict[str, Any]]:
    return [
        {
            "label": cell.column.full_label, "text": cell.text, "span": cell.span,
            "is_unknown": cell.is_unknown, "is_numeric": cell.column.is_numeric,
        }
        for cell in cells
    ]  # fmt: skip


def figure(chart: Chart) -> Block:
    return {"kind": "figure", "caption": chart.title, "data": dict(chart.data)}


def photo(model: str, pk: int, sha256: str, caption: str) -> Block:
    """A private picture, named by its record and its hash."""
    return {"kind": "photo", "model": model, "pk": pk, "sha256": sha256, "caption": caption}


def document(pk: int, sha256: str, title: str) -> Block:
    """An issued paper whose copy is bound in."""
    return {"kind": "document", "pk": pk, "sha256": sha256, "title": title}
