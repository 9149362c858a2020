"""Rows add up whatever is sent, and a worker that is killed leaves none or all."""

from __future__ import annotations

import datetime as dt
import os
import signal
import subprocess
import sys
import time
import traceback
from threading import Thread
from typing import Any

import psycopg
import pytest
from django.conf import settings as django_settings
from django.db import DatabaseError, OperationalError, connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ikm_program.models import SheetImport, SheetRow
from ikm_program.sheets import actions, bulk, checking, tasks
from ikm_program.sheets.views import is_stuck
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
        with pytest.raises(Exception, match=r"22P04|values|binding"):
            send(officer, files.table(*(files.ikm(n) for n in range(1, 18))))
    made = SheetImport.objects.get()
    assert (made.status, made.rows.count()) == ("gagal", 0)
    actions.check_again(made, by=officer, version=made.version)
    assert (checked(made).status, made.rows.count()) == ("siap", 17)


@pytest.mark.usefixtures("every_sheet_is_long")
@pytest.mark.django_db(transaction=True)
def test_a_check_that_the_queue_starts_twice_is_the_later_one(send: Any, monkeypatch: Any) -> None:
    """The same task, run by two workers: the first finds out at its next rows, lets go of what it stored, and tells nobody anything."""
    officer = factories.user("petugas_kabupaten", "63.01", username="petugas.tala")
    made = send(officer, files.table(*(files.ikm(n) for n in range(1, 18))))
    actions.check_again(made, by=officer, version=made.version)
    in_chunks, others = checking._chunks, []

    def chunks(rows: Any, size: int) -> Any:
        for number, chunk in enumerate(in_chunks(rows, size), start=1):
            yield chunk
            if number == 2 and not others:
                others.append(Thread(target=second_worker, args=(made.pk, made.version)))
                others[0].start()
                started(made, 3)  # the upload's check was the first

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(checking, "_chunks", chunks)
        tasks.check_import.call(made.pk, made.version)
        others[0].join(timeout=20)
    assert not others[0].is_alive()
    assert (fresh(made).status, fresh(made).rows.count(), fresh(made).accepted) == ("siap", 17, 17)


def second_worker(pk: int, version: int) -> None:
    try:
        tasks.check_import.call(pk, version)
    finally:
        connection.close()


def started(made: SheetImport, times: int) -> None:
    until = time.monotonic() + 15
    while SheetImport.objects.values_list("start", flat=True).get(pk=made.pk) < times:
        assert time.monotonic() < until
        time.sleep(0.02)


@pytest.mark.postgres
@pytest.mark.usefixtures("every_sheet_is_long")
@pytest.mark.django_db(transaction=True)
def test_rows_that_were_lost_on_their_way_are_not_told_as_stored(send: Any, monkeypatch: Any) -> None:
    """A transaction is tried again when the database asks for it; what the other connection held is gone by then."""
    officer = factories.user("petugas_kabupaten", "63.01", username="petugas.tala")
    commit, tried = BaseDatabaseWrapper.commit, []

    def deadlocked(self: BaseDatabaseWrapper) -> None:
        if self is connections["default"] or tried:
            return commit(self)
        tried.append(self)
        self.rollback()
        error = OperationalError("deadlock detected")
        error.__cause__ = psycopg.errors.DeadlockDetected()
        raise error

    monkeypatch.setattr(BaseDatabaseWrapper, "commit", deadlocked)
    with pytest.raises(DatabaseError, match="not stored"):
        send(officer, files.table(*(files.ikm(n) for n in range(1, 18))))
    assert (len(tried), SheetImport.objects.get().status, SheetImport.objects.get().rows.count()) == (1, "gagal", 0)


@pytest.mark.postgres
@pytest.mark.usefixtures("every_sheet_is_long")
@pytest.mark.django_db(transaction=True)
def test_a_long_check_outlasts_the_time_limit_of_a_question(send: Any, monkeypatch: Any) -> None:
    officer = factories.user("petugas_kabupaten", "63.01", username="petugas.tala")
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER DATABASE \"{connection.settings_dict['NAME']}\" SET statement_timeout = '400ms'")
    in_chunks = checking._chunks
    monkeypatch.setattr(checking, "_chunks", lambda rows, size: (time.sleep(0.15) or chunk for chunk in in_chunks(rows, size)))
    try:
        made = send(officer, files.table(*(files.ikm(n) for n in range(1, 18))))
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f'ALTER DATABASE "{connection.settings_dict["NAME"]}" RESET statement_timeout')
    assert (made.status, made.rows.count()) == ("siap", 17)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_apart", [False, True])
def test_no_row_stands_in_what_a_broken_load_says(is_apart: bool) -> None:
    """PostgreSQL quotes the row at which it stopped, and that would be a NIK in the log."""
    row = [1, "not a number 6301014101900001"]

    def load() -> None:
        if not is_apart:
            bulk.insert(SheetRow, ("sheet_import_id", "number"), [row])
            return
        with bulk.inserting_apart(SheetRow, ("sheet_import_id", "number")) as apart:
            apart.add([row])
            apart.keep()

    with pytest.raises(DatabaseError) as told:
        load()
    assert "6301014101900001" not in "".join(traceback.format_exception(told.value))


@pytest.mark.django_db
def test_a_worker_at_work_is_not_taken_for_one_that_is_away(send: Any, officer: User, monkeypatch: Any) -> None:
    made = send(officer, files.table(files.ikm(1)))
    SheetImport.objects.filter(pk=made.pk).update(touched_at=made.touched_at - dt.timedelta(hours=1))
    monkeypatch.setattr(actions, "CHECKED_AT_ONCE", 0)
    actions.check_again(fresh(made), by=officer, version=made.version)
    waiting = fresh(made)
    assert (waiting.status, is_stuck(waiting)) == ("diperiksa", False)
    SheetImport.objects.filter(pk=made.pk).update(touched_at=made.touched_at - dt.timedelta(hours=1))
    assert is_stuck(fresh(made))
    checking._begin(waiting, waiting.version)
    assert not is_stuck(fresh(made))
