"""A file is looked at when it comes; afterwards it is opened as long as it is the same file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ikm_program.actions import Refusal
from ikm_program.models import SheetImport
from ikm_program.sheets import actions, precheck, reading
from tests.sheets import files
from tests.sheets.conftest import checked, faults, outcomes
from tests.sheets.test_reading import UNCLOSED
from trainings.models import User

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


def test_a_file_that_came_in_is_looked_through_once(send: Any, officer: User, monkeypatch: pytest.MonkeyPatch) -> None:
    made = send(officer, files.table(files.ikm(1), files.ikm(2, Investasi="=1+1")))
    monkeypatch.setattr(reading, "survey", lambda _content: pytest.fail("looked through again"))
    again = checked(SheetImport.objects.get(pk=_started_again(made)))
    assert outcomes(again) == {2: "baru", 3: "salah"}
    assert "formula" in faults(again)[3]["investment"]


def test_a_file_exchanged_in_the_store_does_not_come_in_under_the_hash_of_the_one_that_was_sent(
    send: Any, officer: User, client_of: Any
) -> None:
    made = send(officer, files.table(files.ikm(1)))
    Path(made.file.path).write_bytes(files.table(files.ikm(777)))
    again = checked(SheetImport.objects.get(pk=_started_again(made)))
    assert (again.status, "no longer the one that was sent" in again.problem) == ("ditolak", True)
    assert client_of(officer).get(f"{made.get_absolute_url()}kolom/").status_code == 404


def test_what_earlier_rules_let_in_is_looked_at_by_those_of_today(send: Any, officer: User, monkeypatch: pytest.MonkeyPatch) -> None:
    made = send(officer, files.table(files.ikm(1)))
    monkeypatch.setattr(precheck, "RULES", precheck.RULES + 1)
    monkeypatch.setattr(precheck, "MAX_FILE_BYTES", 100)
    again = checked(SheetImport.objects.get(pk=_started_again(made)))
    assert (again.status, "larger than" in again.problem) == ("ditolak", True)


def test_a_file_that_cannot_be_read_is_refused_at_its_field_and_kept_nowhere(
    send: Any, officer: User, settings: Any, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    with pytest.raises(Refusal, match="could not be read") as refused:
        send(officer, UNCLOSED, name="data.csv")
    assert (refused.value.field, SheetImport.objects.count(), [path for path in tmp_path.rglob("*") if path.is_file()]) == ("file", 0, [])


def test_an_accident_while_a_file_is_taken_in_leaves_no_file(
    send: Any, officer: User, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.MEDIA_ROOT = tmp_path
    monkeypatch.setattr(actions, "find_header", lambda *args: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        send(officer, files.table(files.ikm(1)))
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_formulas_are_counted_over_all_sheets_of_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(precheck, "MAX_FORMULAS", 30)
    sheet = [["Nama", "Jumlah"], *([f"Usaha {n}", "=1+1"] for n in range(20))]
    assert precheck.survey(files.xlsx(("Satu", sheet))).formulas
    with pytest.raises(ValidationError, match="full of formulas"):
        precheck.survey(files.xlsx(("Satu", sheet), ("Dua", sheet)))


def test_no_list_and_no_progress_bar_reads_what_the_first_look_found(send: Any, officer: User, client_of: Any) -> None:
    made = send(officer, files.table(files.ikm(1)))
    client = client_of(officer)
    with CaptureQueriesContext(connection) as asked:
        for address in ("/impor/", made.get_absolute_url(), f"{made.get_absolute_url()}kemajuan/"):
            assert client.get(address).status_code == 200, address
    assert [query["sql"] for query in asked if '"survey"' in query["sql"]] == []


def test_a_file_that_came_before_surveys_were_kept_is_looked_at(send: Any, officer: User) -> None:
    made = send(officer, files.table(files.ikm(1, Investasi="=1+1")))
    SheetImport.objects.filter(pk=made.pk).update(survey=None)
    assert outcomes(checked(SheetImport.objects.get(pk=_started_again(made)))) == {2: "salah"}


def test_what_a_survey_found_is_kept_and_read_back() -> None:
    found = precheck.survey(files.with_formula())
    assert found.formulas
    assert precheck.Survey.of(found.kept()) == found


def test_the_same_words_in_two_columns_mean_what_each_column_says(send: Any, officer: User) -> None:
    """What the first texts of a column meant is remembered, each column for itself; a fault is told at every row."""
    rows = [["1500", "1500", "1500"], ["1600", "1500", "1500"], ["1500", "x", "satu"], ["ab\u00a0 c", "x", "satu"]]
    made = send(officer, files.table(*rows, header=("Nama Usaha", "Pemilik", "TK L")))
    cells = dict(made.rows.values_list("number", "cells"))
    assert [(cells[number]["name"], cells[number]["owner_name"], cells[number]["workers_male"]) for number in (2, 3)] == [
        ("1500", "1500", 1500),
        ("1600", "1500", 1500),
    ]
    assert {number: [*said] for number, said in faults(made).items()} == {4: ["workers_male"], 5: ["workers_male"]}
    assert faults(made)[4] == faults(made)[5]


def _started_again(made: SheetImport) -> int:
    SheetImport.objects.filter(pk=made.pk).update(status=SheetImport.Status.CHECKING)
    return made.pk
