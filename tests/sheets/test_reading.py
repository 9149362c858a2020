"""The same table, whatever program wrote it; and cells that are read strictly or not at all."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from ikm_program.sheets import cells
from ikm_program.sheets.headers import find_header
from ikm_program.sheets.reading import FORMULA, Book
from tests.sheets import files
from trainings import identity
from trainings.imports.enterprises import EnterpriseIntake

pytestmark = pytest.mark.usefixtures("in_english")


@pytest.fixture
def opened(tmp_path: Path):
    def from_bytes(content: bytes, name: str = "berkas.xlsx") -> Book:
        path = tmp_path / name
        path.write_bytes(content)
        return Book.opened(path)

    return from_bytes


def test_hidden_sheets_are_marked_and_not_shown(opened) -> None:
    book = opened(files.office_style())
    assert [(sheet.name, sheet.is_hidden) for sheet in book.sheets] == [("IKM 2020", False), ("Rumus", True)]
    assert [sheet.name for sheet in book.shown] == ["IKM 2020"]


def test_a_heading_in_two_rows_below_merged_titles_is_found(opened) -> None:
    rows = list(opened(files.office_style()).rows("IKM 2020"))
    header = find_header(rows, EnterpriseIntake.words())
    assert header is not None
    assert header.row == 5
    assert header.matched(EnterpriseIntake.words()) == {
        "name": 1, "owner_name": 2, "address": 3, "workers_male": 4, "workers_female": 5, "investment": 6, "subdistrict": 7,
    }  # fmt: skip


def test_csv_of_windows_with_semicolons(opened) -> None:
    rows = [values for _number, values in opened(files.csv_of_windows(), "data.csv").rows("CSV")]
    assert rows[1] == ["Kué Señor", "José", "Jl. “Contoh” 1"]


def test_csv_with_commas_inside_quotes_and_a_mark(opened) -> None:
    rows = [values for _number, values in opened(files.csv_with_commas(), "data.csv").rows("CSV")]
    assert rows == [["Nama Usaha", "Pemilik", "Alamat"], ["Usaha, Satu", "Ani", "Jl. 1"]]


def test_a_formula_is_no_value(opened) -> None:
    rows = dict(opened(files.with_formula()).rows("Data"))
    assert rows[2][10] is FORMULA
    assert rows[3][10] == 25_000_000


def test_what_is_no_workbook_inside_is_refused_in_words(opened) -> None:
    for name in ("lama.xls", "lain.ods"):
        with pytest.raises(ValidationError):
            opened(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 2_000, name)


@pytest.mark.parametrize(
    ("read", "value", "understood"),
    [
        (cells.whole_number(), 1500.0, 1500),
        (cells.whole_number(), "1.500", 1500),
        (cells.whole_number(), "\u00a01500 ", 1500),
        (cells.money(), "Rp25.000.000,00", 25_000_000),
        (cells.day(), dt.datetime(2020, 6, 15), "2020-06-15"),
        (cells.day(), "2020-06-15", "2020-06-15"),
        (cells.day(), "15/06/2020", "2020-06-15"),
        (cells.day(), "4/5/2020", "2020-05-04"),
        (cells.day(), "15 Juni 2020", "2020-06-15"),
        (cells.day(), "1 Agt 2020", "2020-08-01"),
        (cells.text(20), " Jl.\u00a0A. Yani\nNo. 1 ", "Jl. A. Yani No. 1"),
        (cells.text(20), 12.0, "12"),
        (cells.yes_no(), "Ya", True),
        (cells.yes_no(), "belum", False),
        (cells.coordinate(-12, 7), "-3,819", "-3.819000"),
        (cells.coordinate(-12, 7), -3.819, "-3.819000"),
        (cells.identifier(identity.parse_nib), "0220001234567", "0220001234567"),
        (cells.identifier(identity.parse_nib), 1220001234567.0, "1220001234567"),
        (cells.choice([("L", "Male"), ("P", "Female")], {"laki laki": "L"}), "Laki-laki", "L"),
    ],
)
def test_a_cell_is_understood(read: Any, value: Any, understood: Any) -> None:
    assert read(value) == understood


@pytest.mark.parametrize(
    ("read", "value", "words"),
    [
        (cells.whole_number(), "1,5", "Whole numbers only"),
        (cells.whole_number(), 1.5, "Whole numbers only"),
        (cells.whole_number(), "1,500", "Whole numbers only"),
        (cells.whole_number(), "1.50", "A dot separates thousands"),
        (cells.whole_number(), -1.0, "smallest allowed"),
        (cells.whole_number(), FORMULA, "This cell is a formula"),
        (cells.text(20), FORMULA, "This cell is a formula"),
        (cells.text(5), "terlalu panjang", "At most 5 characters"),
        (cells.text(50), "#REF!", "shows an error"),
        (cells.day(), 43997.0, "Write the date as"),
        (cells.day(), "06/15/2020", "no such day"),
        (cells.day(), "15/06/20", "Write the date as"),
        (cells.day(), "31 Juni 2020", "no such day"),
        (cells.identifier(lambda text: identity.parse_nik(text).digits), 6301031506850007.0, "rounds long numbers"),
        (cells.identifier(identity.parse_npwp), 123456789012345.0, "rounds long numbers"),
        (cells.yes_no(), "mungkin", "Write “ya” or “tidak”"),
        (cells.coordinate(-12, 7), "95", "degrees lie between -12 and 7"),
        (cells.choice([("L", "Male")]), "X", "Choose one of: Male"),
    ],
)
def test_a_cell_is_refused_in_words(read: Any, value: Any, words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        read(value)


UNCLOSED = b'Nama Usaha;Pemilik\nUsaha Satu;"Ani\n' + b"Usaha Lain;Budi\n" * 10_000


def test_a_quotation_mark_that_is_never_closed_is_refused_in_words(opened) -> None:
    with pytest.raises(ValidationError, match="could not be read"):
        list(opened(UNCLOSED, "data.csv").rows("CSV"))


def test_a_long_line_of_an_unreadable_file_is_refused_in_words(opened) -> None:
    with pytest.raises(ValidationError, match="could not be read"):
        list(opened(b'Nama;"' + b"x" * 200_000, "data.csv").rows("CSV"))
