"""Rows add up whatever is sent, and a worker that is killed leaves none or all."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ikm_program.models import SheetImport
from ikm_program.sheets import actions, checking, tasks
from tests import factories
from tests.sheets import files
from tests.sheets.conftest import checked, entered, fresh
from trainings.models import Enterprise, User

CELL = st.one_of(
    st.none(), st.sampled_from(["", " ", "\u00a0", "Usaha CONTOH", "0000000000001", "1.500", "1,5", "=1+1"]), st.integers(-5, 10**16)
)
TABLE = st.lists(st.lists(CELL, min_size=5, max_size=5), max_size=12)
HEADER = ("Nama Usaha", "Pemilik", "NIB", "TK L", "Nilai Investasi")


@pytest.mark.django_db
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=TABLE)
def test_rows_in_are_accepted_rejected_or_blank(send: Any, officer: User, rows: list[list[Any]]) -> None:
    made = send(officer, files.table(*rows, header=HEADER), is_again=True)
    counts = made.outcomes
    assert made.status == ("siap" if made.accepted or made.rejected else "ditolak")
    assert made.rows_in == made.accepted + made.rejected + made.blank
    assert sum(counts.values()) == made.accepted + made.rejected
    assert made.accepted == sum(counts.get(outcome, 0) for outcome in ("baru", "berubah", "sama"))


@pytest.mark.django_db
@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(numbers=st.lists(st.integers(1, 50), unique=True, min_size=1, max_size=12))
def test_what_was_entered_is_the_same_when_it_is_sent_again(send: Any, officer: User, numbers: list[int]) -> None:
    content = files.table(*(files.ikm(number) for number in numbers))
    made = send(officer, content, is_again=True)
    if made.rows.to_enter().exists():
        entered(made, officer)
    assert set(send(officer, content, is_again=True).outcomes) == {"sama"}


WORKER = """
import os, sys, time
sys.path.insert(0, os.getcwd())
import django
django.setup()
from django.conf import settings
settings.DATABASES["default"]["NAME"] = sys.argv[1]
from django.db import connections
connections["default"].settings_dict["NAME"] = sys.argv[1]
settings.MEDIA_ROOT = sys.argv[2]
from ikm_program.sheets import bulk, tasks
written = bulk.insert
def insert_and_wait(*args):
    written(*args)
    print("written", flush=True)
    time.sleep(60)
bulk.insert = insert_and_wait
tasks.enter_import.call(int(sys.argv[3]), int(sys.argv[4]))
"""


@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_in_the_middle_leaves_none_and_the_next_one_all(send: Any, settings: Any) -> None:
    officer = factories.user("petugas_kabupaten", "63.01", username="petugas.tala")
    made = send(officer, files.table(*(files.ikm(number) for number in range(1, 200))))
    actions.confirm(made, by=officer, version=made.version)
    database = django_settings.DATABASES["default"]
    arguments = [str(connection.settings_dict["NAME"]), str(settings.MEDIA_ROOT), str(made.pk), str(made.version)]
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "ikm_program.settings"}
    command = [sys.executable, "-c", WORKER, *arguments]
    with subprocess.Popen(command, cwd=django_settings.BASE_DIR, env=environment, stdout=subprocess.PIPE, text=True) as worker:
        assert worker.stdout is not None
        assert worker.stdout.readline() == "written\n", database["ENGINE"]
        os.kill(worker.pid, signal.SIGKILL)
    time.sleep(0.2)
    assert (Enterprise.objects.count(), fresh(made).status) == (0, "memasukkan")
    again = fresh(made)
    actions.resume(again, by=officer, version=again.version)
    tasks.enter_import.call(again.pk, again.version)
    assert (Enterprise.objects.count(), fresh(made).status) == (199, "dimasukkan")


@pytest.mark.django_db
def test_a_check_that_was_overtaken_writes_nothing(send: Any, officer: User) -> None:
    made = send(officer, files.table(files.ikm(1)))
    old = made.version
    actions.check_again(made, by=officer, version=made.version)
    tasks.check_import.call(made.pk, old)
    assert fresh(made).status == SheetImport.Status.CHECKING
    assert checked(made).status == SheetImport.Status.READY


def starts_anew_after(count: int, made: SheetImport, officer: User, monkeypatch: Any) -> None:
    """Somebody asks for the check again when this one has stored so many chunks."""
    in_chunks = checking._chunks

    def chunks(rows: Any, size: int) -> Any:
        for number, chunk in enumerate(in_chunks(rows, size), start=1):
            yield chunk
            if number == count:
                again = fresh(made)
                actions.check_again(again, by=officer, version=again.version)

    monkeypatch.setattr(checking, "_chunks", chunks)


@pytest.fixture
def every_sheet_is_long(monkeypatch: Any) -> None:
    monkeypatch.setattr(checking, "LONG", 0)
    monkeypatch.setattr(checking, "CHUNK", 4)
    monkeypatch.setattr(actions, "CHECKED_AT_ONCE", 0)


@pytest.mark.usefixtures("every_sheet_is_long")
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("count", [2, 5], ids=["in the middle", "after the last row"])
def test_a_long_check_that_is_overtaken_leaves_no_row_of_its_own(send: Any, monkeypatch: Any, count: int) -> None:
    """On PostgreSQL its rows go in over a connection of their own, and are kept only by the start that still counts."""
    officer = factories.user("petugas_kabupaten", "63.01", username="petugas.tala")
    made = send(officer, files.table(*(files.ikm(n) for n in range(1, 18))))
    assert (made.status, made.rows_in, made.rows.count()) == ("siap", 17, 17)
    actions.check_again(made, by=officer, version=made.version)
    with monkeypatch.context() as meanwhile:
        starts_anew_after(count, made, officer, meanwhile)
        tasks.check_import.call(made.pk, made.version)
    later = fresh(made)
    kept = 0 if connection.vendor == "postgresql" else min(4 * count, 17)  # SQLite stores each chunk at once; the next start clears
    assert (later.status, later.version > made.version, later.rows.count()) == ("diperiksa", True, kept)
    assert (checked(later).status, later.rows.count()) == ("siap", 17)


@pytest.mark.usefixtures("every_sheet_is_long")
@pytest.mark.django_db(transaction=True)
def test_a_long_check_that_breaks_leaves_no_row_and_can_be_started_again(send: Any, monkeypatch: Any) -> None:
    officer = factories.user("petugas_kabupaten", "63.01", username="petugas.tala")
    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(checking, "STAGED", checking.STAGED[:-1])  # what is copied no longer fits the table
        with pytest.raises(Exception, match=r"COPY|extra data|columns|values|binding"):
            send(officer, files.table(*(files.ikm(n) for n in range(1, 18))))
    made = SheetImport.objects.get()
    assert (made.status, made.rows.count()) == ("gagal", 0)
    actions.check_again(made, by=officer, version=made.version)
    assert (checked(made).status, made.rows.count()) == ("siap", 17)
