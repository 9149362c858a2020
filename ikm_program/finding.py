"""Searching a big table: one verb, `search(text)`, on the queryset that is already scoped and filtered.

A part of a word, whatever its case and spacing; one typing error; a NIB or NIK by all its digits. PostgreSQL's trigram index and
SQLite's FTS5 table (see `search_index`) bring candidates, `likeness` judges and ranks them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db import connections, models
from django.db.models.expressions import RawSQL

from ikm_program import search_index
from ikm_program.likeness import Wanted, patterns
from ikm_program.scoping import ScopedQuerySet

M = TypeVar("M", bound=models.Model)

MOST_RANKED = 500  # more hits than this are shown by name: nobody reads the 501st best
ENOUGH = 25  # hits, before typing errors are thought of
_BETWEEN_DIGITS = re.compile(r"[\s.\-]")


@models.TextField.register_lookup
class LikeAny(models.Lookup[Any]):
    """One of several LIKE patterns (of plain letters, digits, `_` and `%`)."""

    lookup_name = "like_any"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        column, parameters = self.process_lhs(compiler, connection)
        likes = " OR ".join([f"{column} LIKE %s"] * len(self.rhs))
        return f"({likes})", (*(list(parameters) * len(self.rhs)), *self.rhs)

    def as_postgresql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        column, parameters = self.process_lhs(compiler, connection)
        return f"{column} LIKE ANY(%s)", (*parameters, list(self.rhs))


@models.TextField.register_lookup
class ReadAny(LikeAny):
    """The same, read in the rows that another condition found: no index of PostgreSQL answers it."""

    lookup_name = "read_any"

    def as_postgresql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        column, parameters = self.process_lhs(compiler, connection)
        return f"({column} || '') LIKE ANY(%s)", (*parameters, list(self.rhs))


@dataclass(frozen=True)
class Found(Generic[M]):
    """What a search found. `ranked` has the best first; None where there is so much that only the name orders it."""

    rows: models.QuerySet[M]
    ranked: tuple[int, ...] | None

    def first(self, count: int, *related: str) -> list[M]:
        """The best `count`, with the named related records."""
        rows = self.rows.select_related(*related) if related else self.rows
        return list(rows.order_by("sort_name", "pk")[:count]) if self.ranked is None else in_order(rows, self.ranked[:count])


def in_order(rows: models.QuerySet[M], pks: Iterable[int]) -> list[M]:
    """The rows with these keys, in this order; what is gone meanwhile is left out."""
    wanted = list(pks)
    by_pk = {row.pk: row for row in rows.filter(pk__in=wanted)} if wanted else {}
    return [by_pk[pk] for pk in wanted if pk in by_pk]


def digits_of(text: str) -> str:
    """The digits of a number typed with the dots and spaces of a card, "" for anything else."""
    digits = _BETWEEN_DIGITS.sub("", text)
    return digits if digits.isascii() and digits.isdigit() else ""


class SearchedQuerySet(ScopedQuerySet[M]):
    """The queryset of a `Searched` model."""

    def search(self, text: str, *, by: Any = None) -> Found[M]:
        """What matches. Numbers that only some may see are looked for when `by`, one of them, asks."""
        digits = digits_of(text)
        if field := self._number_field(digits, by):
            return self._ranked(self.filter(**{field: digits}).values_list("pk", "sort_name"))
        wanted = Wanted.read(text)
        if not wanted.words or len(digits) in self._numbers():
            return Found(self.none(), ())
        containing = list(self._containing(wanted).order_by().values_list("pk", flat=True)[: MOST_RANKED + 1])
        if len(containing) > MOST_RANKED:  # keys alone tell that, so that a common word costs no judging
            return Found(self._like(wanted), None)
        hits = self._judged(wanted, self.filter(pk__in=containing).order_by()) if containing else {}
        if len(hits) < ENOUGH and wanted.can_err:
            by_name = models.functions.Coalesce("sort_name", models.Value(""))  # an expression: no index is walked to sort a few
            hits |= self._judged(wanted, self._near(wanted).order_by(by_name, "pk")[:MOST_RANKED])
        best = tuple(sorted(hits, key=lambda pk: (hits[pk], pk)))
        return Found(self.filter(pk__in=best), best)

    def _ranked(self, rows: Any) -> Found[M]:
        best = tuple(pk for pk, _name in sorted(rows.order_by()[:MOST_RANKED], key=lambda row: (row[1], row[0])))
        return Found(self.filter(pk__in=best), best)

    def _judged(self, wanted: Wanted, candidates: Any) -> dict[int, tuple[int, int, int, str]]:
        rows = candidates.values_list("pk", "sort_name", "search_key")
        return {pk: rank for pk, name, key in rows if (rank := wanted.rank(name, key)) is not None}

    def _like(self, wanted: Wanted) -> SearchedQuerySet[M]:
        rows = self
        for word in wanted.words:
            rows = rows.filter(search_key__like_any=[f"%{word}%"])
        return rows

    def _containing(self, wanted: Wanted) -> SearchedQuerySet[M]:
        """Every word stands somewhere. The words of one or two letters are read over what the others found."""
        return self._indexed([[word] for word in wanted.indexed])._like(wanted)

    def _near(self, wanted: Wanted) -> SearchedQuerySet[M]:
        """Every word stands somewhere, or something one typing error away from it."""
        choices = {word: [word, *patterns(word)] for word in wanted.words}
        longest = max(choices, key=len)  # looked up; a short word that stands everywhere would bring half the table for each of its errors
        rows = self._indexed([choices[word] for word in wanted.indexed])
        for word, texts in choices.items():
            rows = rows.filter(**{f"search_key__{'like' if word == longest else 'read'}_any": [f"%{text}%" for text in texts]})
        return rows

    def _indexed(self, choices: list[list[str]]) -> SearchedQuerySet[M]:
        """SQLite asks its FTS5 table first, unless that would bring half the table: then reading the rows is quicker, for hits are
        everywhere. PostgreSQL's planner weighs that itself."""
        if connections[self.db].vendor != "sqlite" or not choices:
            return self
        choices = sorted(choices, key=lambda texts: -len(texts[0]))  # a long word is rare: alone it often brings few enough
        for count in range(1, len(choices) + 1):
            keys = search_index.sqlite_keys(self.db, self.model, choices[:count])
            if keys is not None:
                return self.filter(pk__in=RawSQL("SELECT value FROM json_each(%s)", [json.dumps(keys)]))
        return self

    def _numbers(self) -> dict[int, tuple[str, str]]:
        return getattr(self.model, "NUMBERS", {})

    def _number_field(self, digits: str, by: Any) -> str:
        field, permission = self._numbers().get(len(digits), ("", ""))
        return field if not permission or (by is not None and by.has_perm(permission)) else ""
