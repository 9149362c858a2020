"""The nightly search: what it finds, what it never brings back, and that it does not compare everything with everything."""

from __future__ import annotations

import datetime as dt
import io

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests import factories
from trainings import actions
from trainings.actions.duplicate_search import SHARED_BY_AT_MOST, search_duplicates, search_is_due
from trainings.models import DuplicateKey, DuplicatePair, User

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]

TODAY = dt.date(2026, 3, 4)


def found() -> set[tuple[str, int, int]]:
    return set(DuplicatePair.objects.waiting().values_list("kind", "left_pk", "right_pk"))


def test_likely_pairs_wait_and_others_do_not(tala, banjar) -> None:
    one = factories.EnterpriseFactory(name="Sasirangan Indah", subdistrict="Pelaihari")
    typo = factories.EnterpriseFactory(name="UD Sasirangan Indh", subdistrict="PELAIHARI")
    phone = factories.EnterpriseFactory(name="Lain Sekali", phone="+6281234567890")
    same = factories.EnterpriseFactory(name="Beda Nama", phone="+6281234567890", region=banjar)
    nib = factories.EnterpriseFactory(name="Satu", nib="1234567890123")
    twin = factories.EnterpriseFactory(name="Dua", nib="1234567890123", region=banjar)
    factories.EnterpriseFactory(name="Penjahit 1", subdistrict="Pelaihari")
    factories.EnterpriseFactory(name="Penjahit 2", subdistrict="Pelaihari")
    siti, again = (factories.ParticipantFactory(name=name, birth_date=dt.date(1991, 4, 6)) for name in ("Siti Aminah", "Siti Aminh"))
    search = search_duplicates(TODAY)
    assert found() == {("ikm", one.pk, typo.pk), ("ikm", nib.pk, twin.pk), ("peserta", siti.pk, again.pk)}
    assert (search.found, phone.pk < same.pk, DuplicateKey.objects.count()) == (3, True, 0)


def test_what_was_decided_never_comes_back(officer: User, tala) -> None:
    for _ in range(2):
        factories.EnterpriseFactory(name="Sasirangan Indah")
    search_duplicates(TODAY)
    actions.mark_distinct(DuplicatePair.objects.get(), by=officer)
    assert search_duplicates(TODAY + dt.timedelta(days=1)).found == 0
    assert DuplicatePair.objects.get().status == "bukan_duplikat"


def test_what_is_alike_no_more_is_forgotten(officer: User, tala) -> None:
    _one, other = (factories.EnterpriseFactory(name="Sasirangan Indah") for _ in range(2))
    search_duplicates(TODAY)
    actions.update_enterprise(other, by=officer, name="Kerupuk Haruan")
    search_duplicates(TODAY + dt.timedelta(days=1))
    assert DuplicatePair.objects.count() == 0


def test_a_likeness_of_very_many_makes_no_pairs(tala) -> None:
    factories.EnterpriseFactory.create_batch(SHARED_BY_AT_MOST + 1, name="Penjahit")
    search = search_duplicates(TODAY)
    assert (search.compared, search.found, search.skipped) == (0, 0, 1)


def test_the_work_grows_with_the_likenesses_and_not_with_the_square(tala) -> None:
    counts = []
    for size in (20, 60):
        factories.EnterpriseFactory.create_batch(size)
        factories.EnterpriseFactory.create_batch(2, name=f"{'abcdefgh'[size // 10]}kembar")
        with CaptureQueriesContext(connection) as queries:
            search = search_duplicates(TODAY + dt.timedelta(days=size))
        counts.append((len(queries), search.compared))
    assert counts[1][0] <= counts[0][0] + 1  # the pair that was known is scored again
    assert counts[1][1] <= 2


def test_it_runs_once_a_day_with_what_is_due(settings, tmp_path) -> None:
    out = io.StringIO()
    call_command("run_due", stdout=out)
    call_command("run_due", stdout=out)
    assert out.getvalue().count("Searched for duplicates") == 1
    assert not search_is_due(timezone.localdate())
