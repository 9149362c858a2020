"""The content of a final report (laporan akhir): what apps and officials say, gathered as plain values that can be frozen."""

from __future__ import annotations

from typing import Any, Final

from django.utils import translation

from distribution.freezing import frozen
from distribution.models import FinalReport, Handover
from distribution.reports.monthly import papers_of
from distribution.reports.reconciliation import reconcile, rows_as_json
from ikm_program.chapters import (
    ANNEXES,
    CHAPTERS,
    FOREWORD,
    PREFACE,
    SECTIONS,
    Asked,
    Block,
    Chapter,
    blocks_of,
    document,
    paragraphs,
)
from ikm_program.formatting import tanggal
from ikm_program.scoping import Reach
from trainings.models import Official, Programme, Region
from trainings.reports.paper import office_of
from trainings.snapshots import FUNDS, letterhead_of, paper_of

SCHEMA: Final = 1
MOST_COPIES: Final = 60  # papers bound in; a programme with more binds its register


def content_of(report: FinalReport) -> dict[str, Any]:
    """Everything that the report says now: Indonesian, whatever language the screen has."""
    with translation.override("id"):
        return frozen(_content(report))


def _content(report: FinalReport) -> dict[str, Any]:
    programme, region = report.programme, report.region
    asked = Asked(programme, Reach(region), report.as_of)
    office = office_of(asked.viewer)
    result = reconcile(asked.viewer, as_of=report.as_of, programmes=[programme])
    written = report.narrative
    return {
        "schema": SCHEMA,
        "programme": programme.name,
        "year": programme.year,
        "fund": FUNDS[Programme.Fund(programme.fund)],
        "origin_office": programme.origin_office,
        "region": region.name,
        "office": str(office) if office else "",
        "letterhead": letterhead_of(office, report.as_of) if office else None,
        "paper": paper_of(office, report.as_of),
        "as_of": report.as_of.isoformat(),
        "place": report.place or (office.city if office else ""),
        "signatory": _signatory(report.signatory),
        "foreword": {"title": FOREWORD.title, "blocks": [*paragraphs(written.get(PREFACE, "")), *blocks_of(PREFACE, asked)]},
        "chapters": [_chapter(chapter, written, asked) for chapter in CHAPTERS],
        "annexes": [found for annex in ANNEXES if (found := {"title": annex.title, "blocks": blocks_of(annex.code, asked)})["blocks"]],
        "documents": copies(asked),
        "rows": rows_as_json(result),
        "totals": result.totals,
    }


def _chapter(chapter: Chapter, written: dict[str, str], asked: Asked) -> dict[str, Any]:
    """Sections without a word and without a figure are left out; a chapter stays, and says so."""
    sections = []
    for section in chapter.sections:
        blocks: list[Block] = [*paragraphs(written.get(section.code, "")), *blocks_of(section.code, asked)]
        if blocks:
            sections.append({"title": section.title, "blocks": blocks})
    return {"number": chapter.number, "title": chapter.title, "sections": sections}


def _signatory(official: Official | None) -> dict[str, str] | None:
    if official is None:
        return None
    number = f"{official.get_identity_kind_display()} {official.shown_number}" if official.identity_number else ""
    return {"name": official.name, "position": official.position, "number": number, "rank": official.rank}


def copies(asked: Asked) -> list[Block]:
    """The papers that are bound in: handovers that stand, and transfers."""
    documents = papers_of(asked.viewer, asked.programme).filter(document_on__lte=asked.day, cancellation__isnull=True)
    standing = documents.exclude(handover__status=Handover.Status.CANCELLED).order_by("document_on", "pk")
    return [document(pk, sha256, number) for pk, sha256, number in standing.values_list("pk", "sha256", "number")[:MOST_COPIES]]


def starting_texts(programme: Programme, region: Region) -> dict[str, str]:
    """What stands in the sections before an official writes: nothing that is not recorded, nothing that has to be checked."""
    name = f"{programme.name} Tahun Anggaran {programme.year}"
    origin = f" dari {programme.origin_office}" if programme.origin_office else ""
    dates = (
        f", untuk masa {tanggal(programme.starts_on)} sampai dengan {tanggal(programme.ends_on)}"
        if programme.starts_on and programme.ends_on
        else ""
    )
    texts = {
        PREFACE: (
            f"Laporan akhir ini menyampaikan pelaksanaan dan hasil {name} di {region.name}. Angka-angkanya dihitung dari catatan "
            "yang telah diverifikasi pada tanggal yang disebut dalam laporan.\n\n"
            "Kami menyampaikan terima kasih kepada semua pihak yang telah membantu, dan menerima saran untuk perbaikan."
        ),
        "latar_belakang": f"{name} dibiayai dengan {FUNDS[Programme.Fund(programme.fund)]}{origin}.",
        "maksud_tujuan": (
            "Laporan ini dimaksudkan sebagai pertanggungjawaban atas pelaksanaan kegiatan, dengan tujuan menyajikan keluaran, "
            "penyerahan, dan sisa barang sebagaimana tercatat."
        ),
        "waktu_tempat": f"Program mencakup {region.name}{dates}.",
        "penutup": (
            "Demikian laporan ini disusun menurut catatan yang ada. Yang terjadi sesudah tanggal angkanya tidak termasuk di dalamnya."
        ),
    }
    return {code: text for code, text in texts.items() if code in SECTIONS}
