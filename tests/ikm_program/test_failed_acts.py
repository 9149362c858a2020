"""An act that failed left nothing: neither in the database nor on the record in hand, which a page shows and a retry acts on."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any
from unittest import mock

import pytest
from django.db import OperationalError, connection, connections, transaction

from ikm_program import transactions
from ikm_program.actions import Refusal, action
from ikm_program.bulk import BulkAction, perform
from ikm_program.states import advance
from tests import factories
from trainings.models import Programme, User

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("in_english")]


class Deadlock(Exception):
    sqlstate = "40P01"


@action("trainings.close_programme")
def close(programme: Programme, *, by: Any, trouble: list[Exception]) -> Programme:
    advance(programme, Programme.Status.CLOSED, by=by)
    if trouble:
        raise trouble.pop()
    return programme


def test_after_a_deadlock_the_act_is_tried_again_from_where_it_began(admin: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transactions.time, "sleep", mock.Mock())
    programme = factories.ProgrammeFactory()
    deadlock = OperationalError("deadlock detected")
    deadlock.__cause__ = Deadlock()

    close(programme, by=admin, trouble=[deadlock])

    assert (programme.status, programme.version, Programme.objects.get().version) == ("ditutup", 2, 2)


def test_after_a_refusal_the_record_in_hand_is_as_it_was(admin: User) -> None:
    programme = factories.ProgrammeFactory()

    with pytest.raises(Refusal):
        close(programme, by=admin, trouble=[Refusal("Not today.")])

    assert (programme.status, programme.version, Programme.objects.get().status) == ("dibuka", 1, "dibuka")


# --- an act on many


@action("trainings.close_programme")
def close_each(programme: Programme, *, by: Any, before: dict[int, Callable[[], None]]) -> Programme:
    if happens := before.pop(programme.pk, None):
        happens()
    return advance(programme, Programme.Status.CLOSED, by=by)


def close_all(admin: User, before: dict[int, Callable[[], None]]) -> tuple[int, list[str], set[str]]:
    rows = Programme.objects.order_by("pk")
    outcome = perform(BulkAction("tutup", "Close", close_each), rows, by=admin, arguments={"before": before})
    return outcome.done, outcome.refused, set(rows.values_list("status", flat=True))


def test_after_a_deadlock_an_act_on_many_reads_its_rows_anew(admin: User) -> None:
    """The rows done before it were rolled back: in hand they would still bear what they never became."""
    _first, second = factories.ProgrammeFactory.create_batch(2)
    deadlock = OperationalError("deadlock detected")
    deadlock.__cause__ = Deadlock()

    assert close_all(admin, {second.pk: mock.Mock(side_effect=deadlock)}) == (2, [], {"ditutup"})


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite has one writer at a time, so none waits for a row of another")
def test_of_two_who_take_rows_in_opposite_order_the_act_on_many_is_done_after_all(admin: User) -> None:
    """A real deadlock: whoever began to wait first is the one that PostgreSQL sends back, and that is the act."""
    first, second = factories.ProgrammeFactory.create_batch(2)
    has_second, has_first = threading.Event(), threading.Event()

    def rival() -> None:
        try:
            with transaction.atomic():
                list(Programme.objects.select_for_update().filter(pk=second.pk))
                has_second.set()
                assert has_first.wait(20)
                wait_for_a_waiter()
                list(Programme.objects.select_for_update().filter(pk=first.pk))
        finally:
            connections.close_all()

    other = threading.Thread(target=rival)
    other.start()
    assert has_second.wait(20)
    found = close_all(admin, {second.pk: has_first.set})
    other.join()
    assert found == (2, [], {"ditutup"})


def wait_for_a_waiter() -> None:
    """Until somebody waits for a row that we hold."""
    for _try in range(200):
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE pg_backend_pid() = ANY(pg_blocking_pids(pid))")
            if cursor.fetchone()[0]:
                return
        time.sleep(0.02)
    raise AssertionError
