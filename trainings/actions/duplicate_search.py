"""The nightly search for likely duplicates, over the whole registry in bounded memory.

Every record leaves its keys in a table; records that share a key meet there, a few hundred pairs at a time. A key that very many
share (a telephone of an office, a name that says nothing) makes no pairs: the count of such keys is kept with the search.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from itertools import combinations
from typing import Any

from django.db import connection
from django.db.models import Count, Min
from django.utils import timezone

from ikm_program.sheets import bulk
from ikm_program.transactions import write_transaction
from trainings.actions.pairs import scored_pair
from trainings.duplicates import Traits, block_keys, compare
from trainings.models import DuplicateKey, DuplicatePair, DuplicateSearch, RecordKind

ROWS_AT_A_TIME = 2_000
KEYS_AT_A_TIME = 500
SHARED_BY_AT_MOST = 25
Pair = tuple[int, int]


def search_is_due(today: dt.date) -> bool:
    """Once a day: the first run after midnight."""
    return not DuplicateSearch.objects.filter(searched_on=today).exists()


def search_duplicates(today: dt.date) -> DuplicateSearch:
    """Find pairs, score them again, forget those that are alike no more. What somebody decided is never touched."""
    counts = {"compared": 0, "found": 0, "skipped": 0}
    for kind in RecordKind:
        _gather_keys(kind)
        for pairs, skipped in _meetings(kind):
            counts["compared"] += len(pairs)
            counts["skipped"] += skipped
            counts["found"] += write_transaction(lambda kind=kind, pairs=pairs: _keep(kind, pairs, today))  # type: ignore[misc]
        DuplicatePair.objects.waiting().filter(kind=kind, found_on__lt=today).delete()
        _forget_keys(kind)
    search, _made = DuplicateSearch.objects.update_or_create(searched_on=today, defaults={**counts, "finished_at": timezone.now()})
    return search


def _gather_keys(kind: RecordKind) -> None:
    _forget_keys(kind)
    for rows in _in_chunks(kind):
        keys = [(str(kind), key, pk) for pk, traits in rows.items() for key in block_keys(traits)]
        write_transaction(lambda keys=keys: bulk.insert(DuplicateKey, ("kind", "key", "row"), keys))  # type: ignore[misc]


def _forget_keys(kind: RecordKind) -> None:
    DuplicateKey.objects.filter(kind=kind)._raw_delete(connection.alias)


def _in_chunks(kind: RecordKind) -> Iterator[dict[int, Traits]]:
    last = 0
    while rows := _traits(kind, kind.model._base_manager.filter(pk__gt=last).order_by("pk")[:ROWS_AT_A_TIME]):
        yield rows
        last = max(rows)


def _traits(kind: RecordKind, rows: Any) -> dict[int, Traits]:
    """By key. A plain row has the columns that `traits` reads; a search would make a million records of the rest."""
    traits: Any = kind.model.traits
    return {row.pk: traits(row) for row in rows.values_list("pk", *kind.model.TRAIT_COLUMNS, named=True)}


def _meetings(kind: RecordKind) -> Iterator[tuple[set[Pair], int]]:
    """Pairs that share a key, some keys at a time, and how many keys too many share."""
    keys = DuplicateKey.objects.filter(kind=kind)
    last = keys.aggregate(first=Min("key"))["first"]
    if last is None:
        return
    shared = keys.values("key").annotate(size=Count("row")).filter(size__gt=1).order_by("key")
    last -= 1
    while block := list(shared.filter(key__gt=last).values_list("key", "size")[:KEYS_AT_A_TIME]):
        small = [key for key, size in block if size <= SHARED_BY_AT_MOST]
        yield _pairs(keys.filter(key__in=small).order_by("key", "row").values_list("key", "row")), len(block) - len(small)
        last = block[-1][0]


def _pairs(rows: Iterable[tuple[int, int]]) -> set[Pair]:
    by_key: dict[int, list[int]] = {}
    for key, row in rows:
        by_key.setdefault(key, []).append(row)
    return {pair for members in by_key.values() for pair in combinations(members, 2)}


def _keep(kind: RecordKind, pairs: set[Pair], today: dt.date) -> int:
    """New likely pairs wait for somebody; waiting ones are scored again; decided ones stay as they are. How many are new."""
    rows = _traits(kind, kind.model._base_manager.filter(pk__one_of={pk for pair in pairs for pk in pair}))
    likely = {pair: likeness for pair in pairs if (likeness := compare(rows[pair[0]], rows[pair[1]])).is_likely}
    known = DuplicatePair.objects.filter(kind=kind, left_pk__one_of={left for left, _right in likely}) if likely else ()
    by_pair = {(pair.left_pk, pair.right_pk): pair for pair in known}
    new, seen = [], []
    for (left, right), likeness in likely.items():
        present = by_pair.get((left, right))
        if present is None:
            pair = scored_pair(kind, (left, rows[left]), (right, rows[right]), likeness)
            pair.found_on = today
            new.append(pair)
        elif present.status == DuplicatePair.Status.WAITING:
            present.score, present.reasons, present.found_on = likeness.score, list(likeness.reasons), today
            seen.append(present)
    DuplicatePair.objects.bulk_create(new, ignore_conflicts=True)
    DuplicatePair.objects.bulk_update(seen, ["score", "reasons", "found_on"])
    return len(new)
