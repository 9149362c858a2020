"""What people open in Excel: the right types, every digit, and nothing that runs."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime
from typing import Any

import pytest
from openpyxl import load_workbook

from ikm_program import xlsx

COLUMNS = [
    xlsx.SheetColumn(key="nik", label="NIK"),
    xlsx.SheetColumn(key="name", label="Nama"),
    xlsx.SheetColumn(key="on", label="Tanggal", kind="date"),
    xlsx.SheetColumn(key="quantity", label="Jumlah", kind="integer", unknown="belum melapor"),
    xlsx.SheetColumn(key="share", label="Capaian", kind="percent"),
]
ROW = {"nik": "6301034107900001", "name": "CONTOH", "on": date(2020, 6, 15), "quantity": 1234, "share": 1.3514}


def sheet_of(*rows: dict[str, Any], **options: Any) -> Any:
    return load_workbook(io.BytesIO(xlsx.workbook_bytes("Judul", COLUMNS, rows, **options))).active


def values_of(sheet: Any, row: int) -> list[Any]:
    return [cell.value for cell in sheet[row]]


def test_cells_keep_their_types():
    sheet = sheet_of(ROW)

    assert values_of(sheet, 4) == ["6301034107900001", "CONTOH", datetime(2020, 6, 15), 1234, 1.3514]
    assert [cell.number_format for cell in sheet[4]] == ["@", "General", "dd/mm/yyyy", "#,##0", "0.00%"]
    assert sheet["A4"].data_type == "s"


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_a_text_never_becomes_a_formula(start):
    text = f"{start}HYPERLINK(A1)"

    cell = sheet_of({**ROW, "name": text}, notes=[text], heading=[text])["B5"]
    line = list(xlsx.csv_lines(COLUMNS, [{**ROW, "name": text}]))[1]

    assert (cell.data_type, cell.quotePrefix) == ("s", True)
    assert "'" + start in line


def test_unknown_is_words_and_absent_is_empty():
    sheet = sheet_of({**ROW, "quantity": None}, totals=[{"name": "Jumlah", "quantity": 7}])

    assert sheet["D4"].value == "belum melapor"
    assert values_of(sheet, 5) == [None, "Jumlah", None, 7, None]


def test_the_heading_stays_in_sight_and_can_be_filtered():
    sheet = sheet_of(ROW, ROW, heading=["Per 22 Juni 2020"], totals=[{"quantity": 2}])

    assert [sheet[f"A{row}"].value for row in (1, 2, 4)] == ["Judul", "Per 22 Juni 2020", "NIK"]
    assert sheet.freeze_panes == "A5"
    assert sheet.auto_filter.ref == "A4:E6"  # the total is not sorted away
    assert sheet.print_title_rows == "$4:$4"


def test_an_empty_list_is_still_a_workbook():
    assert values_of(sheet_of(), 3) == ["NIK", "Nama", "Tanggal", "Jumlah", "Capaian"]


def test_a_moment_is_written_on_the_clock_of_the_office():
    moment = datetime(2020, 6, 15, 23, 30, tzinfo=UTC)

    assert sheet_of({**ROW, "on": moment})["C4"].value == datetime(2020, 6, 16, 7, 30)


def test_characters_that_xml_forbids_are_left_out():
    assert sheet_of({**ROW, "name": "a\x00b\x0bc"})["B4"].value == "abc"


def test_csv_opens_in_an_indonesian_excel():
    lines = list(xlsx.csv_lines(COLUMNS, [ROW, {**ROW, "name": 'Toko "A"; B', "quantity": None}]))

    assert lines[0] == "\ufeffNIK;Nama;Tanggal;Jumlah;Capaian\r\n"
    assert lines[1] == "6301034107900001;CONTOH;2020-06-15;1234;135,14%\r\n"
    assert lines[2] == '6301034107900001;"Toko ""A""; B";2020-06-15;belum melapor;135,14%\r\n'


def test_marks_and_lines_come_back_as_written():
    text = "<b>&amp;</b> baris\nbaru\r\n"

    assert sheet_of({**ROW, "name": text})["B4"].value == text


def test_what_does_not_fit_into_one_sheet_goes_on_in_the_next(monkeypatch):
    monkeypatch.setattr(xlsx, "ROWS_IN_A_SHEET", 30)
    rows = [{**ROW, "name": f"Baris {number}"} for number in range(16)]
    book = load_workbook(io.BytesIO(xlsx.workbook_bytes("Judul", COLUMNS, rows, totals=[{"name": "Jumlah", "quantity": 16}])))

    assert book.sheetnames == ["Data", "Data 2"]
    found = [cell for sheet in book for (cell,) in sheet.iter_rows(min_col=2, max_col=2, values_only=True)]
    assert [name for name in found if name] == [
        *["Nama", *(f"Baris {number}" for number in range(7))],
        *["Nama", *(f"Baris {number}" for number in range(7, 16))],
        "Jumlah",
    ]


def test_a_long_file_is_made_in_pieces():
    """While the first rows are sent, the last ones have not been asked for."""
    asked = []

    def rows():
        for number in range(5000):
            asked.append(number)
            yield ROW

    pieces = xlsx.workbook(xlsx.Sheet(title="Judul", columns=COLUMNS, rows=rows()))
    sent = b""
    while len(sent) < 2000:
        sent += next(pieces)

    assert len(asked) < 2500
    assert len(load_workbook(io.BytesIO(sent + b"".join(pieces))).active["A"]) == 5003
