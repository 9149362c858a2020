"""What every write keeps: asked for permission, done once, in one transaction, on record; refused in words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from unittest import mock
from uuid import UUID

import pytest
from django.core.exceptions import PermissionDenied
from django.db import OperationalError, transaction

from ikm_program import audit, counters, records, transactions
from ikm_program.actions import Refusal, ReplayConflict, action
from ikm_program.models import AuditEvent, IdempotencyKey
from ikm_program.transactions import write_transaction
from tests import factories
from trainings.models import Enterprise, User

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]

KEY = UUID("11111111-1111-4111-8111-111111111111")
runs: list[str] = []


@action("trainings.add_enterprise")
def found(model: type[Enterprise], *, by: Any, name: str) -> Enterprise:
    return records.create(model, by=by, region=by.region, name=name)


@action("trainings.add_enterprise")
def found_and_refuse(model: type[Enterprise], *, by: Any, name: str) -> Enterprise:
    records.create(model, by=by, region=by.region, name=name)
    raise Refusal("No more businesses today.", "name")


@action("trainings.change_enterprise")
def touch(enterprise: Enterprise, *, by: Any) -> None:
    """An act that makes no record of its own."""
    runs.append(enterprise.name)


@action("trainings.change_enterprise")
def rename_twice(enterprise: Enterprise, *, by: Any) -> Enterprise:
    audit.record("renamed", enterprise, by=by)
    return found(Enterprise, by=by, name="Cabang")


@pytest.fixture(autouse=True)
def nothing_ran_yet() -> None:
    runs.clear()


def names() -> list[str]:
    return list(Enterprise.objects.order_by("pk").values_list("name", flat=True))


def test_without_the_permission_nothing_is_written(official: User) -> None:
    with pytest.raises(PermissionDenied):
        found(Enterprise, by=official, name="Sasirangan Indah")
    assert (names(), AuditEvent.objects.count()) == ([], 0)


def test_somebody_deactivated_does_nothing_any_more(officer: User) -> None:
    officer.is_active = False
    with pytest.raises(PermissionDenied):
        found(Enterprise, by=officer, name="Sasirangan Indah")
    assert names() == []


def test_an_act_names_the_permission_it_asks_for() -> None:
    assert found.permission == "trainings.add_enterprise"  # type: ignore[attr-defined]


def test_the_same_form_sent_twice_records_once(officer: User) -> None:
    first, again = (found(Enterprise, by=officer, key=KEY, name="Sasirangan Indah") for _try in range(2))
    assert (first == again, names(), AuditEvent.objects.count()) == (True, ["Sasirangan Indah"], 1)


def test_an_act_without_a_record_is_done_once_too(officer: User) -> None:
    enterprise = factories.EnterpriseFactory(name="Sasirangan Indah")
    assert [touch(enterprise, by=officer, key=KEY) for _try in range(2)] == [None, None]
    assert runs == ["Sasirangan Indah"]


def test_the_same_key_with_other_contents_is_refused_and_nothing_written(officer: User) -> None:
    found(Enterprise, by=officer, key=KEY, name="Sasirangan Indah")
    with pytest.raises(ReplayConflict):
        found(Enterprise, by=officer, key=KEY, name="Anyaman Purun")
    assert names() == ["Sasirangan Indah"]


def test_the_same_key_for_another_act_is_refused(officer: User) -> None:
    enterprise = found(Enterprise, by=officer, key=KEY, name="Sasirangan Indah")
    with pytest.raises(ReplayConflict):
        touch(enterprise, by=officer, key=KEY)
    assert runs == []


def test_the_same_key_of_another_person_is_another_record(officer: User, other_officer: User) -> None:
    mine, theirs = (found(Enterprise, by=person, key=KEY, name="Sasirangan Indah") for person in (officer, other_officer))
    assert (mine == theirs, mine.region, theirs.region) == (False, officer.region, other_officer.region)


def test_acts_within_an_act_leave_their_events_in_order_and_once(officer: User) -> None:
    enterprise = factories.EnterpriseFactory(name="Induk")
    rename_twice(enterprise, by=officer)
    assert list(AuditEvent.objects.order_by("sequence").values_list("verb", "label")) == [("renamed", "Induk"), ("created", "Cabang")]


@pytest.mark.django_db(transaction=True)
def test_a_refused_act_leaves_nothing_but_its_refusal(officer: User) -> None:
    with pytest.raises(Refusal, match=r"No more businesses today\."):
        found_and_refuse(Enterprise, by=officer, key=KEY, name="Sasirangan Indah")
    assert (names(), IdempotencyKey.objects.count()) == ([], 0)
    assert list(AuditEvent.objects.values_list("verb", "reason", "by__username")) == [
        ("refused:tests.found_and_refuse", "No more businesses today.", "petugas.tala")
    ]


@pytest.mark.django_db(transaction=True)
def test_what_was_refused_once_may_be_sent_again_under_its_key(officer: User) -> None:
    with pytest.raises(Refusal):
        found_and_refuse(Enterprise, by=officer, key=KEY, name="Sasirangan Indah")
    assert found(Enterprise, by=officer, key=KEY, name="Sasirangan Indah").name == "Sasirangan Indah"


# --- transactions -------------------------------------------------------------------------------------------------------


def fails(times: int, sqlstate: str) -> Callable[[], str]:
    """Work that the database turns away so often before it succeeds."""
    tries = iter(range(1, 100))

    def work() -> str:
        if next(tries) <= times:
            raise OperationalError(sqlstate) from _Cause(sqlstate)
        return "done"

    return work


class _Cause(Exception):
    def __init__(self, sqlstate: str) -> None:
        super().__init__(sqlstate)
        self.sqlstate = sqlstate


@pytest.fixture
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> mock.Mock:
    sleep = mock.Mock()
    monkeypatch.setattr(transactions.time, "sleep", sleep)
    return sleep


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("sqlstate", ["40001", "40P01", "55P03"])
def test_deadlocks_and_serialization_failures_are_tried_again(no_waiting: mock.Mock, sqlstate: str) -> None:
    assert (write_transaction(fails(3, sqlstate)), no_waiting.call_count) == ("done", 3)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("times", "sqlstate", "tries"), [(4, "40P01", 3), (1, "57014", 0)])
def test_other_failures_and_the_fourth_are_not(no_waiting: mock.Mock, times: int, sqlstate: str, tries: int) -> None:
    with pytest.raises(OperationalError):
        write_transaction(fails(times, sqlstate))
    assert no_waiting.call_count == tries


# --- counters -----------------------------------------------------------------------------------------------------------


def test_a_number_is_given_back_when_its_transaction_fails() -> None:
    with transaction.atomic():
        assert counters.next_value("register") == 1
    with transaction.atomic():
        assert counters.next_value("register") == 2
        transaction.set_rollback(True)
    with transaction.atomic():
        assert (counters.peek("register"), counters.next_value("register"), counters.next_value("other")) == (2, 2, 1)


@pytest.mark.django_db(transaction=True)
def test_a_number_is_drawn_inside_a_transaction_only() -> None:
    with pytest.raises(RuntimeError):
        counters.next_value("register")


# --- the trail ----------------------------------------------------------------------------------------------------------


def test_no_whole_nik_reaches_the_trail(officer: User) -> None:
    enterprise = factories.EnterpriseFactory(name="IKM 6301011506850001")
    audit.record(
        "changed",
        enterprise,
        by=officer,
        before={"nik": "6301011506850001", "list": ["NIK 6301011506850001."]},
        after={"deep": {"nik": "6301011506850001"}},
        reason="salah ketik 6301011506850001",
    )
    event = AuditEvent.objects.get()
    assert "6301011506850001" not in f"{event.label} {event.before} {event.after} {event.reason}"
    assert (event.before["nik"], event.after, event.reason) == (
        "630101******0001",
        {"deep": {"nik": "630101******0001"}},
        "salah ketik 630101******0001",
    )


@pytest.mark.django_db(transaction=True)
def test_what_runs_on_commit_may_write_again() -> None:
    """On SQLite the writer still holds its place in the queue then; waiting for itself would last for ever."""
    done: list[str] = []

    write_transaction(lambda: transaction.on_commit(lambda: write_transaction(lambda: done.append("again"))))

    assert done == ["again"]
