"""What is refused before it is opened: quickly, in little memory, in words."""

from __future__ import annotations

import time
import tracemalloc
from collections.abc import Callable

import pytest
from django.core.exceptions import ValidationError

from ikm_program.sheets.precheck import column_letters, column_number, survey
from tests.sheets import files

HOSTILE = [
    (files.bomb, "bomb"),
    (files.quiet_bomb, "bomb"),
    (files.many_entries, "bomb"),
    (files.far_cells, "too_far"),
    (files.far_cells_without_rows, "too_far"),
    (files.with_doctype, "doctype"),
    (files.with_macros, "macros"),
    (files.with_path_trick, "path"),
    (files.truncated, "damaged"),
    (files.renamed_text, "format"),
    (lambda: b"", "format"),
    (lambda: b"\x00\x01\x02" * 100, "format"),
    (lambda: b"PK\x03\x04" + b"\x00" * 100, "damaged"),
]


@pytest.mark.parametrize(("make", "code"), HOSTILE, ids=[f"{code}-{index}" for index, (_make, code) in enumerate(HOSTILE)])
def test_hostile_files_are_refused_at_once_and_in_little_memory(make: Callable[[], bytes], code: str) -> None:
    content = make()
    started = time.process_time()
    with pytest.raises(ValidationError) as refused:
        survey(content)
    assert refused.value.code == code
    assert time.process_time() - started < 0.05
    tracemalloc.start()
    with pytest.raises(ValidationError):
        survey(content)
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 4 * 1024 * 1024 + 2 * len(content)


@pytest.mark.parametrize(("make", "kind"), [(files.office_style, "xlsx"), (files.csv_of_windows, "csv"), (files.csv_with_commas, "csv")])
def test_what_offices_send_passes(make: Callable[[], bytes], kind: str) -> None:
    assert survey(make()).kind == kind


def test_a_table_of_equal_rows_is_no_bomb() -> None:
    assert survey(files.table(*[files.ikm(1)] * 5_000)).kind == "xlsx"


def test_a_wide_but_short_sheet_passes() -> None:
    assert survey(files.table([1] * 60, header=[f"Kolom {n}" for n in range(60)])).kind == "xlsx"


def test_formulas_are_found_in_their_cells() -> None:
    assert survey(files.with_formula()).formulas == {"xl/worksheets/sheet1.xml": {(1, 10)}}


def test_letters_of_columns() -> None:
    assert [column_letters(number) for number in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]
    assert [column_number(column_letters(number)) for number in range(1_000)] == list(range(1_000))
