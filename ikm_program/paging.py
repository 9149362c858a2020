"""Pages of a list. Small tables are counted and numbered; big ones are walked by their sort key, without COUNT and without OFFSET.

A cursor says beside which row a page lies and which row of the list that is, so that an address opens the same place again.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.core.paginator import Paginator
from django.db import models
from django.db.models.fields.tuple_lookups import Tuple, TupleGreaterThan, TupleLessThan
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from ikm_program.finding import in_order
from ikm_program.formatting import jumlah

COUNTED_UP_TO = 1_000  # of what is filtered; beyond that it is "more than 1.000"
CHUNK = 1_000
PRIMARY = ("pk", "id")
UrlWith = Callable[..., str]


@dataclass(frozen=True)
class Portion:
    """The rows of one page, where they stand in the whole, and the ways on."""

    rows: list[Any]
    words: Any  # "26–50 of 83.000"
    previous: str = ""
    next: str = ""
    place: Any = ""  # "Page 2 of 4"


@dataclass(frozen=True)
class Cursor:
    """The row beside which a page lies: after it, or before it; and its number in the list."""

    is_before: bool
    ordinal: int
    values: tuple[Any, ...]  # its sort key

    def __str__(self) -> str:
        body = ["<" if self.is_before else ">", self.ordinal, *self.values]
        return base64.urlsafe_b64encode(json.dumps(body, separators=(",", ":"), default=str).encode()).decode().rstrip("=")

    @classmethod
    def read(cls, text: str, fields: Sequence[models.Field[Any, Any]]) -> Cursor | None:
        """The cursor of an address; None for what is none, which opens the first page."""
        try:
            sign, ordinal, *values = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
            key = tuple(field.to_python(value) for field, value in zip(fields, values, strict=True))
            return cls(sign == "<", max(1, int(ordinal)), key) if None not in key else None
        except (ValueError, TypeError, ValidationError, OverflowError):
            return None


@dataclass(frozen=True)
class SortKey:
    """Columns and the primary key after them, all in one direction: what a big table is sorted and walked by."""

    columns: tuple[str, ...]
    is_descending: bool = False

    @classmethod
    def of(cls, order: Sequence[str]) -> SortKey:
        names = (part.removeprefix("-") for part in order)
        return cls((*(name for name in names if name not in PRIMARY), "pk"), order[0].startswith("-"))

    def fields(self, model: type[models.Model]) -> list[Any]:
        return [model._meta.pk if name == "pk" else model._meta.get_field(name) for name in self.columns]

    def sorted(self, rows: Any, *, is_backwards: bool = False) -> Any:
        sign = "-" if self.is_descending != is_backwards else ""
        return rows.order_by(*(f"{sign}{name}" for name in self.columns))

    def beyond(self, rows: Any, values: Sequence[Any], *, is_backwards: bool = False) -> Any:
        """The rows after the one with this key, or before it. The plain bound lets SQLite start at the right place of its index."""
        is_less = self.is_descending != is_backwards
        if len(self.columns) == 1:
            return rows.filter(**{"pk__lt" if is_less else "pk__gt": values[0]})
        lookup: Any = TupleLessThan if is_less else TupleGreaterThan
        bound = {f"{self.columns[0]}__{'lte' if is_less else 'gte'}": values[0]}
        return rows.filter(lookup(Tuple(*self.columns), tuple(values)), **bound)

    def value_of(self, row: Any) -> tuple[Any, ...]:
        return tuple(getattr(row, name) for name in self.columns)


def numbered(rows: Any, *, asked: str, size: int, url_with: UrlWith) -> Portion:
    """Pages by number. `rows` may be a queryset or anything that can be counted and cut."""
    page = Paginator(rows, size).get_page(asked)
    total = page.paginator.count
    return Portion(
        rows=list(page.object_list),
        words=_words(page.start_index(), page.end_index(), total),
        previous=url_with(hal=str(page.previous_page_number()), kursor=None) if page.has_previous() else "",
        next=url_with(hal=str(page.next_page_number()), kursor=None) if page.has_next() else "",
        place=format_lazy(_("Page {number} of {total}"), number=page.number, total=page.paginator.num_pages) if total > size else "",
    )


def ranked(rows: Any, pks: Sequence[int], *, asked: str, size: int, url_with: UrlWith) -> Portion:
    """Pages of a search: the best first."""
    portion = numbered(pks, asked=asked, size=size, url_with=url_with)
    return Portion(in_order(rows, portion.rows), portion.words, portion.previous, portion.next, portion.place)


def walked(rows: Any, key: SortKey, *, asked: str, size: int, url_with: UrlWith, total: Callable[[], int | None]) -> Portion:
    """A page of a big table, from the cursor on. `total` is asked for only where the page does not show it."""
    cursor = Cursor.read(asked, key.fields(rows.model)) if asked else None
    found, has_more = _beside(rows, key, cursor, size)
    if cursor is not None and cursor.is_before and not has_more:  # the beginning: a full page, numbered from one
        cursor = None
        found, has_more = _beside(rows, key, None, size)
    is_backwards = cursor is not None and cursor.is_before
    first = 1 if cursor is None else max(1, cursor.ordinal - len(found)) if cursor.is_before else cursor.ordinal + 1
    last = first + len(found) - 1
    has_next = has_more or is_backwards
    whole = total() if has_next else last
    return Portion(
        rows=found,
        words=_words(first, last, whole if whole is None else max(whole, last)),
        previous=url_with(kursor=str(Cursor(True, first, key.value_of(found[0]))), hal=None) if found and first > 1 else "",
        next=url_with(kursor=str(Cursor(False, last, key.value_of(found[-1]))), hal=None) if found and has_next else "",
    )


def _beside(rows: Any, key: SortKey, cursor: Cursor | None, size: int) -> tuple[list[Any], bool]:
    is_backwards = cursor is not None and cursor.is_before
    part = key.sorted(rows, is_backwards=is_backwards)
    if cursor is not None:
        part = key.beyond(part, cursor.values, is_backwards=is_backwards)
    found = list(part[: size + 1])
    kept = found[:size]
    return (kept[::-1] if is_backwards else kept), len(found) > size


def in_chunks(rows: Any, order: Sequence[str], *, size: int = CHUNK) -> Iterator[list[Any]]:
    """All rows in order, a chunk at a time: nothing is held but the chunk. What cannot be walked by its key is read as it comes."""
    rows = _sharing(rows)
    if not can_be_walked(rows.model, order):
        yield from _chunks_of(rows, size)
        return
    key, seen = SortKey.of(order), None
    while True:
        part = key.sorted(rows)
        found = list((part if seen is None else key.beyond(part, seen))[:size])
        if found:
            yield found
        if len(found) < size:
            return
        seen = key.value_of(found[-1])


def _sharing(rows: Any) -> Any:
    """The related records fetched once for a chunk: thousands of rows name the same few districts, and a join makes each of them anew."""
    joined = rows.query.select_related if isinstance(rows, models.QuerySet) else False
    return rows.select_related(None).prefetch_related(*_ways(joined)) if isinstance(joined, dict) else rows


def _ways(joined: Mapping[str, Any], start: str = "") -> Iterator[str]:
    for name, further in joined.items():
        yield f"{start}{name}"
        yield from _ways(further, f"{start}{name}__")


def _chunks_of(rows: Any, size: int) -> Iterator[list[Any]]:
    chunk: list[Any] = []
    for row in rows.iterator(chunk_size=size) if isinstance(rows, models.QuerySet) else rows:
        chunk.append(row)
        if len(chunk) == size:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def can_be_walked(model: type[models.Model], order: Sequence[str]) -> bool:
    """Whether the sort columns are of the table itself and never empty: then they and the key put every row in one place."""
    names = [part.removeprefix("-") for part in order]
    is_one_way = len({part.startswith("-") for part in order}) == 1
    return is_one_way and not any(name in PRIMARY for name in names[:-1]) and all(_is_never_empty(model, name) for name in names)


def _is_never_empty(model: type[models.Model], name: str) -> bool:
    if name in PRIMARY:
        return True
    try:
        field = model._meta.get_field(name)
    except FieldDoesNotExist:
        return False
    return bool(getattr(field, "concrete", False) and not field.null)


def count_of(rows: Any) -> int | None:
    """How many are left by a filter, as far as it is cheap to say."""
    found: int = rows.order_by()[: COUNTED_UP_TO + 1].count()
    return found if found <= COUNTED_UP_TO else None


def _words(first: int, last: int, total: int | None) -> Any:
    if total is None:
        return _("%(first)s–%(last)s of more than %(total)s") % {
            "first": jumlah(first), "last": jumlah(last), "total": jumlah(COUNTED_UP_TO)
        }  # fmt: skip
    if first <= 1 and last == total:
        return ngettext("%(total)s row", "%(total)s rows", total) % {"total": jumlah(total)}
    return _("%(first)s–%(last)s of %(total)s") % {"first": jumlah(first), "last": jumlah(last), "total": jumlah(total)}
