"""Sums by day change no figure: with them, without them, and while movements keep coming behind their mark."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from distribution.reports.reconciliation import reconcile
from ikm_program.integrity import CHECKS
from production import day_sums
from production.models import ReportDay, ReportMovement, StockDay, StockMovement, SummedUpTo
from trainings.models import Programme, User

pytestmark = pytest.mark.django_db
DAYS = [dt.date(2020, 6, 3), dt.date(2020, 6, 15), dt.date(2020, 6, 22), dt.date(2020, 12, 31)]
CHECK = "sums by day are those of the movements"


@pytest.fixture(autouse=True)
def everything_is_worth_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(day_sums, "WORTH_IT", 1)
    monkeypatch.setattr(day_sums, "SETTLES_AFTER", dt.timedelta(0))


def figures(user: Any = None) -> list[Any]:
    programmes = Programme.objects.all()
    return [
        [(row.programme.pk, row.product.pk, row.region.pk, row.has_reported, row.figures) for row in result.rows]
        for result in (reconcile(user, as_of=day, programmes=programmes) for day in DAYS)
    ]


@pytest.mark.parametrize("username", [None, "staf.kalsel", "petugas.tala"])
def test_every_figure_is_the_same_from_sums_and_from_movements(username):
    user = User.objects.get(username=username) if username else None
    before = figures(user)

    moved = day_sums.add_up()

    assert moved == ReportMovement.objects.count() + StockMovement.objects.count() > 100
    assert ReportDay.objects.exists()
    assert StockDay.objects.exists()
    assert figures(user) == before


def test_what_comes_behind_the_mark_is_counted_at_once_and_added_up_later(monkeypatch):
    before, everything = figures(), ReportMovement.objects.count() + StockMovement.objects.count()
    middle = ReportMovement.objects.order_by("pk")[ReportMovement.objects.count() // 2]
    monkeypatch.setattr(day_sums, "SETTLES_AFTER", timezone.now() - middle.recorded_at + dt.timedelta(seconds=1))

    first = day_sums.add_up()

    assert 0 < first < everything
    assert SummedUpTo.objects.get(ledger="production.reportmovement").movement < middle.pk
    assert figures() == before
    monkeypatch.setattr(day_sums, "SETTLES_AFTER", dt.timedelta(0))
    assert (day_sums.add_up(), day_sums.add_up()) == (everything - first, 0)
    assert figures() == before
    assert list(CHECKS[CHECK]()) == []


def test_what_was_known_on_a_day_is_read_from_the_ledger():
    known = [reconcile(as_of=DAYS[2], known_on=day).totals for day in DAYS]
    day_sums.add_up()
    assert [reconcile(as_of=DAYS[2], known_on=day).totals for day in DAYS] == known


def test_a_sum_that_was_changed_is_found():
    day_sums.add_up()
    row = StockDay.objects.filter(account="persediaan").first()
    StockDay.objects.filter(pk=row.pk).update(quantity=row.quantity + 1)
    [sentence] = CHECKS[CHECK]()
    assert f"they say ({row.quantity + 1}, {row.returned}), the movements ({row.quantity}, {row.returned})" in sentence


def test_a_few_young_movements_are_left_where_they_are(monkeypatch):
    monkeypatch.setattr(day_sums, "WORTH_IT", 10_000)
    assert day_sums.add_up() == 0
    assert not ReportDay.objects.exists()
