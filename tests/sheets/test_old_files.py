"""Real .xls and .ods files come in like .xlsx, row for row; what cannot be read says how to save it."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import translation

from ikm_program.actions import Refusal
from ikm_program.models import SheetImport
from tests.sheets import files, old_files
from tests.sheets.conftest import entered, outcomes
from trainings.models import Enterprise, User

pytestmark = pytest.mark.django_db
MAKERS = {"lama.xls": old_files.xls, "lain.ods": old_files.ods}


@pytest.mark.parametrize("name", MAKERS)
def test_an_old_file_comes_in_whole(send: Any, officer: User, name: str) -> None:
    titles = ["Data IKM Kabupaten Tanah Laut"], ["per Juni 2020"]
    made = send(officer, MAKERS[name](*titles, files.HEADER, files.ikm(1), files.ikm(2, Investasi=25_000_001.0)), name=name)
    assert (outcomes(made), made.header_row, made.file.name.rpartition(".")[2]) == ({4: "baru", 5: "baru"}, 3, name[-3:])
    entered(made, officer)
    record = Enterprise.objects.get(code="K-00002")
    assert (record.nib, record.workers_male, record.investment) == (f"{2:013d}", 2, 25_000_001)


@pytest.mark.parametrize("name", MAKERS)
def test_a_number_that_names_somebody_and_was_rounded_is_refused(send: Any, officer: User, name: str) -> None:
    made = send(officer, MAKERS[name](files.HEADER, files.ikm(1, NIB=6_301_034_604_910_007)), name=name)
    assert outcomes(made) == {2: "salah"}


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("lama.xls", old_files.xls(files.HEADER, files.ikm(1))[:3_000]),
        ("lain.ods", old_files.ods(files.HEADER, files.ikm(1), also='<!DOCTYPE x [<!ENTITY e "e">]>')),
        ("lain.ods", old_files.ods(files.HEADER).replace(b"content.xml", b"conten_.xml")),
    ],
)
def test_what_cannot_be_read_is_kept_nowhere_and_says_what_to_do(send: Any, officer: User, name: str, content: bytes) -> None:
    with translation.override("id"), pytest.raises(Refusal) as refusal:
        send(officer, content, name=name)
    assert SheetImport.objects.count() == 0
    assert any(word in str(refusal.value) for word in ("Simpan", "DOCTYPE", ".xlsx"))
