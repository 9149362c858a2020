"""Several documents in one file: each keeps its pictures and its pages; parts of the final report come from every app."""

from __future__ import annotations

import datetime as dt
import io

import pypdfium2
import pytest
from PIL import Image
from pypdf import PdfReader

from ikm_program import chapters, pdf
from ikm_program.blocks import Numbering, dressed
from ikm_program.reporting import Column, Report
from ikm_program.scoping import Reach
from tests.paper_text import pages_of

REPORT = Report(
    title="Isi",
    columns=[Column(key="a", label="A"), Column(key="b", label="B", kind="integer", group="G"), Column(key="c", label="C", group="G")],
    rows=[{"a": "satu", "b": 1_500, "c": None}],
)


def picture(colour: str) -> bytes:
    content = io.BytesIO()
    Image.new("RGB", (8, 8), colour).save(content, "PNG")
    return content.getvalue()


def sheet(title: str, colour: str, **facts) -> pdf.Sheet:
    letterhead = {"government": title, "office": "Dinas", "arms_sha256": "x"}
    report = Report(title=title, columns=REPORT.columns, rows=REPORT.rows, letterhead=letterhead)
    images = {"arms": picture(colour)}
    return pdf.Sheet(template_name="_fragments/pdf/report.html", context={"report": report}, title=title, images=images, **facts)


@pytest.fixture(scope="module")
def content() -> bytes:
    heard: list[int] = []
    content, pages = pdf.bind([sheet("Satu", "red"), sheet('Dua "2"', "blue", bookmark='BAST "2"', mark="SALINAN")], laid_out=heard.append)
    assert (pages, heard) == (2, [1, 2])
    return content


@pytest.fixture(scope="module")
def bound(content: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(content))


def test_each_part_keeps_its_own_picture_under_the_same_name(content: bytes):
    seen = []
    for page in pypdfium2.PdfDocument(content):
        colours = {colour for _count, colour in page.render().to_pil().convert("RGB").getcolors(100_000)}
        seen.append([(255, 0, 0) in colours, (0, 0, 255) in colours])
    assert seen == [[True, False], [False, True]]


def test_each_part_counts_its_own_pages_and_a_copy_is_marked(content: bytes):
    texts = pages_of(content)
    assert ["Hal. 1 dari 1" in text for text in texts] == [True, True]
    assert ["SALINAN" in text for text in texts] == [False, True]


def test_a_part_is_one_bookmark_below_the_one_before(bound: PdfReader):
    first, below = bound.outline
    assert (first.title, [entry.title for entry in below]) == ("Satu", ['BAST "2"'])


def test_a_report_becomes_a_table_of_words():
    block = chapters.table("Tabel isi", REPORT)
    (ready,) = dressed([block], numbering := Numbering())
    assert [[cell["text"] for cell in row] for row in block["rows"]] == [["satu", "1.500", str(REPORT.columns[2].unknown)]]
    assert [(group["label"], group["span"]) for group in ready["groups"]] == [("A", 1), ("G", 2)]
    assert numbering.tables == [{"anchor": "tabel-1", "label": "Tabel 1", "caption": "Tabel isi"}]


def test_parts_stand_in_the_order_of_their_numbers_and_nowhere_unknown(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(chapters, "_parts", {})
    asked = chapters.Asked(programme=None, viewer=Reach(None), day=dt.date(2020, 6, 22))
    chapters.part(chapters.BUDGET, order=20)(lambda asked: [chapters.paragraph("kedua")])
    chapters.part(chapters.BUDGET, order=10)(lambda asked: [chapters.paragraph("pertama")])
    chapters.part(chapters.BUDGET, order=30)(lambda asked: [])
    assert [block["text"] for block in chapters.blocks_of(chapters.BUDGET, asked)] == ["pertama", "kedua"]
    with pytest.raises(ValueError, match="no section"):
        chapters.part("bab_tujuh", order=1)


def test_an_empty_line_begins_a_new_paragraph():
    assert [block["text"] for block in chapters.paragraphs("satu\nbaris\r\n\r\n\r\n dua ")] == ["satu baris", "dua"]
