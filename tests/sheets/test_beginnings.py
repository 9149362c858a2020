"""To find a heading only the beginning of a workbook is read, and it says what the whole says."""

from __future__ import annotations

import zipfile
import zlib
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from ikm_program.sheets import reading
from ikm_program.sheets.beginnings import shortened
from ikm_program.sheets.reading import Book
from tests.sheets import files

LONG = [["Nama", "Jumlah", "Tanggal"], *([f"Usaha {number}", number, None] for number in range(2_000))]


def opened(tmp_path: Path, content: bytes) -> Book:
    path = tmp_path / "buku.xlsx"
    path.write_bytes(content)
    return Book.opened(path)


def first_rows(book: Book, sheet: str, count: int) -> list[Any]:
    found = []
    for row in book.rows(sheet):
        found.append(row)
        if len(found) == count:
            break
    return found


def with_gaps() -> bytes:
    """Blank rows above and between, a second sheet, a formula, a merged title."""
    book = Workbook()
    page = book.active
    assert page is not None
    page.title = "Data"
    page["C3"] = "Judul"
    page.merge_cells("C3:F3")
    for number in range(7, 900):
        page.cell(number, 3, f"Usaha {number}")
        page.cell(number, 5, "=1+1")
    book.create_sheet("Lain")["A1"] = "x"
    return files.saved(book)


@pytest.mark.parametrize("count", [1, 2, 60, 500])
def test_the_beginning_of_a_long_sheet_is_that_of_the_whole(tmp_path: Path, count: int) -> None:
    book = opened(tmp_path, files.xlsx(("Data IKM", LONG)))
    assert book.head("Data IKM", count) == first_rows(book, "Data IKM", count)


@pytest.mark.parametrize("count", [1, 3, 8, 60])
def test_blank_rows_formulas_and_other_sheets_make_no_difference(tmp_path: Path, count: int) -> None:
    book = opened(tmp_path, with_gaps())
    assert [str(row) for row in book.head("Data", count)] == [str(row) for row in first_rows(book, "Data", count)]
    assert book.head("Lain", 60) == [(1, ["x"])]


def test_what_is_left_out_is_most_of_the_file() -> None:
    content = files.xlsx(("Data IKM", LONG))
    short = shortened(content, "xl/worksheets/sheet1.xml", 60)
    assert short is not None
    assert b"Usaha 58" in short
    assert b"Usaha 1900" not in short


def test_a_short_sheet_is_read_as_it_is(tmp_path: Path) -> None:
    content = files.xlsx(("Data IKM", LONG[:5]))
    assert shortened(content, "xl/worksheets/sheet1.xml", 60) is None
    assert len(opened(tmp_path, content).head("Data IKM", 60)) == 5


def test_prefixed_tags_and_empty_rows_are_closed_as_they_were_opened() -> None:
    body = b"".join(b'<x:row r="%d"/>' % number for number in range(1, 90))
    xml = (
        b'<x:worksheet xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><x:sheetData>'
        + body
        + b"</x:sheetData></x:worksheet>"
    )
    content = files.repacked(files.xlsx(("Data", LONG[:3])), {"xl/worksheets/sheet1.xml": xml})
    short = shortened(content, "xl/worksheets/sheet1.xml", 3)
    assert short is not None
    assert b'<x:row r="3"/></x:sheetData></x:worksheet>' in short
    assert b'r="4"' not in short


@pytest.mark.parametrize("fault", [zlib.error, zipfile.BadZipFile, KeyError, NotImplementedError, EOFError])
def test_an_archive_that_cannot_be_cut_is_read_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: type[Exception]) -> None:
    book = opened(tmp_path, files.xlsx(("Data IKM", LONG)))
    expected = first_rows(book, "Data IKM", 3)

    def cannot(*_given: Any) -> None:
        raise fault

    monkeypatch.setattr(reading, "shortened", cannot)
    assert book.head("Data IKM", 3) == expected
