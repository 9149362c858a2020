"""Each kind of paper, on both sheets, with one line and with sixty, read back as a person and as a screen reader would."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any

import pytest
from pypdf import PdfReader

from ikm_program import papers
from ikm_program.paper_content import canonical_json
from tests import paper_samples
from tests.paper_text import pages_of

KINDS = tuple(paper_samples.MAKERS)
SIZES = {"A4": {210, 297}, "F4": {215, 330}}
OF_ONE_LINE = ("kwitansi",)
WITHOUT_FOOTER = ("sertifikat",)  # the front of a certificate is a picture in a frame
HEADINGS = {
    "bast": "Nama Barang",
    "ba-mutasi": "Nama Barang",
    "ba-batal": "Nama Barang",
    "ba-adendum": "Semula",
    "ba-bahan": "Nama Bahan",
    "ba-sisa-bahan": "Nama Bahan",
    "ba-periksa": "Produsen (IKM)",
    "ba-opname": "Nama Barang",
    "kwitansi": "Sudah terima dari",
    "sertifikat": "Materi",
    "surat-jalan": "Nama Barang",
    "daftar-bayar": "Tanda tangan",
}


def printed(kind: str, **facts: Any) -> tuple[dict[str, Any], bytes]:
    snapshot = paper_samples.sample(kind, **facts)
    arms = paper_samples.arms() if facts.get("has_arms") else None
    return snapshot, papers.paper_of(kind).render(snapshot, arms)


def opened(content: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(content))


def sizes(content: bytes) -> set[int]:
    """The sides of its pages, in millimetres."""
    return {round(float(side) * 25.4 / 72) for page in opened(content).pages for side in page.mediabox.upper_right}


def assert_every_page_says_which_it_is(kind: str, pages: list[str]) -> None:
    first = 1 if kind in WITHOUT_FOOTER else 0
    expected = [f"Hal. {number} dari {len(pages)}" for number in range(1 + first, len(pages) + 1)]
    assert [re.findall(r"Hal\. \d+ dari \d+", page) for page in pages[first:]] == [[words] for words in expected]


def elements(reader: PdfReader) -> Iterator[Any]:
    """The tags of the file, from the root down."""
    waiting = [reader.root_object["/StructTreeRoot"]]
    while waiting:
        element = waiting.pop().get_object()
        if isinstance(element, list):
            waiting.extend(element)
        elif isinstance(element, dict):
            if "/S" in element:
                yield element
            if "/K" in element:
                waiting.append(element["/K"])


def test_every_kind_of_paper_is_read_back() -> None:
    assert {paper.kind for paper in papers.registered()} == set(KINDS) == set(HEADINGS)


@pytest.mark.parametrize("paper", SIZES)
@pytest.mark.parametrize("kind", KINDS)
def test_a_short_one(kind: str, paper: str) -> None:
    snapshot, content = printed(kind, paper=paper, has_arms=True)
    pages = pages_of(content)
    everything = " ".join(pages)
    assert sizes(content) == SIZES[paper]
    assert len(pages) <= 3
    assert_every_page_says_which_it_is(kind, pages)
    assert [snapshot["issue"]["number"] in everything, HEADINGS[kind] in everything, "awal1x" in everything.lower()] == [True] * 3
    assert [snapshot["issue"]["code"] in everything, "DRAF" in everything] == [True, False]
    assert snapshot["letterhead"]["office"].upper() in everything.upper()


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in OF_ONE_LINE])
def test_sixty_lines_with_long_names_and_without_arms(kind: str) -> None:
    """No row is cut, none is lost, and each page with rows has their heading."""
    paper = "F4" if KINDS.index(kind) % 2 else "A4"
    _snapshot, content = printed(kind, paper=paper, lines=60, is_long=True)
    pages = pages_of(content)
    assert_every_page_says_which_it_is(kind, pages)
    begun = [[int(number) for number in re.findall(r"awal(\d+)x", page)] for page in pages]
    ended = [[int(number) for number in re.findall(r"akhir(\d+)x", page)] for page in pages]
    assert begun == ended
    tables = 2 if kind == "ba-batal" else 1  # what goes back, and what became of all of it
    assert sorted(number for page in begun for number in page) == sorted([*range(1, 61)] * tables)
    assert [HEADINGS[kind] in page for page, rows in zip(pages, begun, strict=True) if rows] == [True] * sum(map(bool, begun))
    assert sizes(content) == SIZES[paper]


@pytest.mark.parametrize("kind", KINDS)
def test_it_can_be_heard_and_archived(kind: str) -> None:
    snapshot, content = printed(kind, has_arms=True)
    reader = opened(content)
    tags = list(elements(reader))
    pictures = [str(tag.get("/Alt", "")) for tag in tags if tag["/S"] == "/Figure"]
    headings = [tag for tag in tags if tag["/S"] == "/TH"]
    assert [reader.root_object["/Lang"], reader.root_object["/MarkInfo"]["/Marked"]] == ["id", True]
    assert snapshot["issue"]["number"] in str(reader.metadata.title if reader.metadata else "")
    assert reader.root_object["/ViewerPreferences"]["/DisplayDocTitle"]
    assert [any(word in text for text in pictures) for word in ("Lambang", "Kode QR")] == [True, True]
    assert "" not in pictures
    assert bool(headings) == (kind not in OF_ONE_LINE)
    assert reader.attachments["data.json"] == [canonical_json(snapshot)]
    xmp = reader.xmp_metadata.stream.get_data() if reader.xmp_metadata else b""
    assert re.search(rb'pdfaid:part(>|=")3', xmp)


@pytest.mark.parametrize("kind", KINDS)
def test_a_draft_is_marked_on_every_page_and_carries_nothing(kind: str) -> None:
    snapshot = paper_samples.sample(kind, lines=30) | {"issue": None}
    content = papers.paper_of(kind).render(snapshot, None)
    assert not opened(content).attachments
    if kind == "daftar-bayar":
        return  # locked and not approved yet it has no number, and no draft's mark
    pages = pages_of(content)
    assert ["DRAF" in page for page in pages] == [True] * len(pages)
