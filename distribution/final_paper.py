"""The final report as one PDF: cover, foreword, lists, chapters, annexes, and the copies of its papers, with bookmarks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

from django.apps import apps

from distribution import documents
from distribution.imprint import Imprint, signature_of
from distribution.reports.photos import small
from ikm_program import pdf
from ikm_program.blocks import Numbering, dressed
from ikm_program.formatting import nama_bulan, tanggal
from ikm_program.paper_content import canonical_json, qr_png, sha256_hex
from ikm_program.reporting import Signature
from trainings.models import IssuedDocument, Office
from trainings.snapshots import arms_of as picture_of

Content = dict[str, Any]


def sheets(content: Content, imprint: Imprint, *, arms: bytes | None) -> list[pdf.Sheet]:
    """The report itself, then a copy of every paper."""
    images: dict[str, bytes] = {"arms": arms} if arms else {}
    return [_book(content, images, imprint), *(_copy(block) for block in content["documents"])]


def pdf_bytes(
    content: Content, imprint: Imprint, *, arms: bytes | None, laid_out: Callable[[int], None] = lambda _count: None
) -> tuple[bytes, int]:
    """The file and how many pages it has; `laid_out` hears after each part. Signed by nobody it is a draft."""
    data = pdf.Data(canonical_json(content), imprint.signed_on) if imprint.signed_on else None
    return pdf.bind(sheets(content, imprint, arms=arms), data=data, laid_out=laid_out)


def arms_of(content: Content) -> bytes | None:
    """The image that the frozen letterhead names by its hash; none where it is gone."""
    offices = Office.objects.filter(region__name=content["region"])
    return next((arms for office in offices if (arms := picture_of(office, content["letterhead"]))), None)


def filename(content: Content, *, is_draft: bool) -> str:
    place = content["region"].lower().replace(" ", "-").replace(".", "")
    return f"laporan-akhir-{place}-{content['year']}{'-draf' if is_draft else ''}.pdf"


def _book(content: Content, images: dict[str, bytes], imprint: Imprint) -> pdf.Sheet:
    """Its figures are of one day, and it is dated by another: the one on which it was made final."""
    numbering, prepared = Numbering(), imprint.prepared_on
    chapters = [_chapter(chapter, numbering) for chapter in content["chapters"]]
    annexes = [_annex(index, annex, numbering, images) for index, annex in enumerate(content["annexes"], 1)]
    context = {
        "content": content,
        "is_draft": imprint.signed_on is None,
        "has_arms": "arms" in images,
        "day": tanggal(dt.date.fromisoformat(content["as_of"])),
        "month": f"{nama_bulan(prepared)} {prepared.year}",
        "foreword": dressed(content["foreword"]["blocks"]),
        "chapters": chapters,
        "annexes": annexes,
        "copies": content["documents"],
        "copies_number": len(annexes) + 1,
        "tables": numbering.tables,
        "figures": numbering.figures,
        **imprint.context(_signature(content), content["place"]),
    }
    title = f"Laporan Akhir {content['programme']} {content['year']} {content['region']}"
    return pdf.Sheet(template_name="distribution/pdf/final.html", context=context, title=title, paper=content["paper"], images=images)


def _chapter(chapter: dict[str, Any], numbering: Numbering) -> dict[str, Any]:
    anchor = f"bab-{chapter['number'].lower()}"
    sections = [
        {
            "letter": chr(ord("A") + index),
            "title": section["title"],
            "anchor": f"{anchor}-{index + 1}",
            "blocks": dressed(section["blocks"], numbering),
        }
        for index, section in enumerate(chapter["sections"])
    ]
    return {**chapter, "anchor": anchor, "sections": sections}


def _annex(index: int, annex: dict[str, Any], numbering: Numbering, images: dict[str, bytes]) -> dict[str, Any]:
    return {
        "number": index,
        "title": annex["title"],
        "anchor": f"lampiran-{index}",
        "is_wide": annex["blocks"][0].get("is_wide", False),
        "blocks": _with_photos(annex["blocks"], numbering, images),
    }


def _signature(content: Content) -> Signature:
    return signature_of(content["signatory"], awaited=f"Kepala {content['office']}" if content["office"] else "Kepala Dinas")


def _with_photos(blocks: list[dict[str, Any]], numbering: Numbering, images: dict[str, bytes]) -> list[dict[str, Any]]:
    ready = dressed(blocks, numbering)
    for index, block in enumerate(block for block in ready if block["kind"] == "photo"):
        picture = _picture(block)
        block["image"] = f"foto{index}" if picture else ""
        if picture:
            images[block["image"]] = picture
    return ready


def _picture(block: dict[str, Any]) -> bytes:
    """The private file of the record that the block names, if it still has the hash of that day."""
    record: Any = apps.get_model(block["model"])._default_manager.filter(pk=block["pk"]).first()
    file = getattr(record, "image", None) or getattr(record, "evidence", None)
    return small(file, block["sha256"]) if file else b""


def _copy(block: dict[str, Any]) -> pdf.Sheet:
    """An issued paper from its frozen content; one that is not what was issued stops the report."""
    paper = IssuedDocument.objects.get(pk=block["pk"])
    snapshot = paper.snapshot
    if sha256_hex(canonical_json(snapshot)) != block["sha256"]:
        raise pdf.DocumentNotRendered(f"{paper.number} is not what was issued")
    images = dict(_images_of(paper))
    context = documents.paper_context(snapshot)
    title = f"{documents.title_of(snapshot)} {context['number']}"
    return pdf.Sheet(
        template_name=documents.template_of(snapshot),
        context=context,
        title=title,
        paper=snapshot["paper"],
        images=images,
        layout=snapshot.get("layout"),
        bookmark=paper.number,
        mark="SALINAN",
    )


def _images_of(paper: IssuedDocument) -> Iterator[tuple[str, bytes]]:
    if paper.snapshot["letterhead"]["arms_sha256"]:
        yield "arms", bytes(paper.arms or b"")
    if paper.snapshot["issue"]:
        yield "qr", qr_png(paper.snapshot["issue"]["verification_url"])
