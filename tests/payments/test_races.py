"""Two lists for the same days, locked at the same moment: one of them pays. PostgreSQL is where these tests can fail."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import pytest
from django.db import connection, connections  # noqa: F401  the condition of a mark reads it
from django.utils import translation

from ikm_program.actions import Refusal
from tests import factories
from tests.payments.conftest import teach
from trainings import entitlements
from trainings.actions import payment_steps
from trainings.actions.payment_steps import lock_list
from trainings.actions.payments import make_list
from trainings.models import Batch, PaymentDay, PaymentLine, PaymentList

only_postgresql = pytest.mark.skipif(
    "connection.vendor != 'postgresql'", reason="SQLite has one writer at a time: the second looks after the first has written"
)


@pytest.fixture
def committed(transactional_db: None, in_english: None) -> Batch:
    """For threads: what is in it is committed, so that every connection sees it."""
    activity = factories.ActivityFactory()
    for kind, rate in (("uang_harian", 100_000), ("konsumsi", 40_000), ("kuota", 50_000)):
        factories.AllowanceSchemeFactory(activity=activity, kind=kind, rate=rate)
    return teach(activity, people=3, days=3)


def at_once(*works: Callable[[], Any]) -> list[Any]:
    gate = threading.Barrier(len(works))

    def run(work: Callable[[], Any]) -> Any:
        try:
            gate.wait()
            with translation.override("en"):  # a thread starts in the language of the settings
                return work()
        except Refusal as refusal:
            return refusal
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))


def drafts(batch: Batch) -> tuple[Any, list[PaymentList]]:
    """Daily allowance and meals of the same person-days."""
    staff = factories.user("staf_provinsi")
    office = factories.OfficeFactory(region=batch.activity.programme.region)
    signers = {name: factories.OfficialFactory(office=office) for name in ("ppk", "treasurer")}
    kinds = ("uang_harian", "konsumsi")
    return staff, [make_list(batch, by=staff, kind=kind, office=office, **signers) for kind in kinds]


def locked(one: PaymentList, by: Any) -> Callable[[], Any]:
    return lambda: lock_list(PaymentList.objects.get(pk=one.pk), by=by, version=one.version)


def test_of_two_lists_for_the_same_days_one_is_locked(committed: Batch) -> None:
    staff, lists = drafts(committed)
    results = at_once(*(locked(one, staff) for one in lists))
    assert sorted(type(result).__name__ for result in results) == ["PaymentList", "Refusal"]
    assert (PaymentDay.objects.filter(is_live=True).count(), PaymentList.objects.live().count()) == (9, 1)


@only_postgresql
def test_the_database_has_the_last_word(committed: Batch, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both have looked, and found the days open, before either takes them: the unique set of live days refuses the second."""
    staff, lists = drafts(committed)
    both_have_looked = threading.Barrier(2)
    compute = entitlements.compute

    def compute_and_wait(*args: Any) -> Any:
        found = compute(*args)
        both_have_looked.wait(timeout=20)
        return found

    monkeypatch.setattr(payment_steps, "compute", compute_and_wait)
    results = at_once(*(locked(one, staff) for one in lists))
    [refused] = [result for result in results if isinstance(result, Refusal)]
    assert "is paid for one of these days already" in str(refused)
    assert (PaymentDay.objects.filter(is_live=True).count(), PaymentList.objects.live().count()) == (9, 1)


def test_of_two_who_compute_the_same_list_at_once_one_makes_it(committed: Batch) -> None:
    staff = factories.user("staf_provinsi")
    office = factories.OfficeFactory(region=committed.activity.programme.region)
    make = partial(make_list, by=staff, kind="kuota", office=office)
    results = at_once(*(lambda: make(Batch.objects.get(pk=committed.pk)) for _who in range(2)))
    assert sorted(type(result).__name__ for result in results) == ["PaymentList", "Refusal"]
    assert (PaymentList.objects.count(), PaymentLine.objects.count()) == (1, 3)
    assert PaymentList.objects.get().created_at.date() >= dt.date(2020, 1, 1)
