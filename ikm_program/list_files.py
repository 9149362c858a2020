"""A list as a file: exactly what is filtered, in the columns and the order of the screen, streamed a chunk at a time, and audited.

What the screen masks (a NIK) stays masked in the file. Whoever may see it in full asks for it by POST, and that is an event of its own.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from html import unescape
from typing import TYPE_CHECKING, Any, Literal

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseBase, StreamingHttpResponse
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.html import strip_tags
from django.utils.text import slugify
from django.utils.translation import gettext as _

from ikm_program import audit, paging, xlsx
from ikm_program.finding import in_order
from ikm_program.formatting import tanggal_layar
from ikm_program.screens import Column, Link, follow

if TYPE_CHECKING:
    from ikm_program.lists import ListScreen

CONTENT_TYPES = {"xlsx": xlsx.XLSX_CONTENT_TYPE, "csv": xlsx.CSV_CONTENT_TYPE}
NAMES = {"xlsx": "Excel", "csv": "CSV"}
KINDS: dict[str, Literal["integer", "money", "date"]] = {"number": "integer", "money": "money", "date": "date", "datetime": "date"}


def downloads(screen: ListScreen) -> list[Link]:
    """The links to the files of what is filtered now."""
    return [
        Link(name, url=screen.url_with(format=kind, hal=None, kursor=None), icon="download", is_download=True)
        for kind, name in NAMES.items()
    ]


def full_columns(screen: ListScreen) -> list[Column]:
    """The shown columns that this person may have in full."""
    return [column for column in screen.shown_columns if column.full and screen.request.user.has_perm(column.full_permission)]


def as_file(screen: ListScreen, kind: str, *, is_full: bool = False) -> HttpResponseBase:
    if kind not in NAMES:
        raise Http404
    if is_full and not full_columns(screen):
        raise PermissionDenied
    asked = {name: screen.request.GET.getlist(name) for name in screen.request.GET if name != "format"}
    audit.record(
        "exported_in_full" if is_full else "download",
        None,
        by=screen.request.user,
        after={"report": str(screen.get_title()), "format": kind, "query": {name: ", ".join(values) for name, values in asked.items()}},
    )
    name = f"{slugify(str(screen.get_title())) or 'daftar'}-{timezone.localdate():%Y-%m-%d}.{kind}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return StreamingHttpResponse(_in_language(_content(screen, kind, is_full=is_full)), content_type=CONTENT_TYPES[kind], headers=headers)


def _content(screen: ListScreen, kind: str, *, is_full: bool) -> Iterator[bytes | str]:
    columns = screen.file_columns()
    sheet_columns = [_sheet_column(column, number) for number, column in enumerate(columns)]
    readers = [_reader(column, is_full=is_full and column in full_columns(screen)) for column in columns]
    rows = ({str(number): read(row) for number, read in enumerate(readers)} for row in all_rows(screen))
    if kind == "csv":
        return _joined(xlsx.csv_lines(sheet_columns, rows))
    return xlsx.workbook(xlsx.Sheet(title=str(screen.get_title()), columns=sheet_columns, rows=rows, heading=heading(screen)))


def all_rows(screen: ListScreen) -> Iterator[Any]:
    """Every row that is filtered, in the order of the screen; a chunk of them in memory."""
    for chunk in _chunks(screen):
        yield from screen.dressed(chunk)


def _chunks(screen: ListScreen) -> Iterable[list[Any]]:
    rows = screen.get_rows()
    if screen.ranking is not None:
        return iter([in_order(rows, screen.ranking)])
    return paging.in_chunks(rows, screen.get_order())


def heading(screen: ListScreen) -> list[str]:
    """What was filtered, and when, above the table."""
    return [made_on(timezone.localdate(), screen.request.user), *_narrowed(screen)]


def made_on(day: dt.date, by: Any) -> str:
    """When a file was made, and for whom."""
    made = _("Made on %(day)s") % {"day": tanggal_layar(day)}
    return f"{made} · {by}"


def in_words(screen: ListScreen) -> str:
    """The list and what it is narrowed to, in a line."""
    return " · ".join([str(screen.get_title()), *_narrowed(screen)])


def _narrowed(screen: ListScreen) -> list[str]:
    filters = screen.filterset.in_words() if screen.filterset else []
    searched = [(screen.search_label, screen.search_text)] if screen.search_text else []
    return [f"{label}: {value}" for label, value in (*searched, *filters)]


def _sheet_column(column: Column, number: int) -> xlsx.SheetColumn:
    label = str(column.label)
    return xlsx.SheetColumn(key=str(number), label=label, kind=KINDS.get(column.kind, "text"), unknown="")


def _reader(column: Column, *, is_full: bool) -> Callable[[Any], Any]:
    path = column.full if is_full else column.path
    if column.kind == "status":
        owner = path.rpartition(".")[0]
        return lambda row: str(follow(row, owner).get_status_display())
    if column.kind == "yesno":
        words = {True: _("Yes"), False: _("No")}
        return lambda row: words.get(follow(row, path), "")
    if column.in_file:
        return column.in_file
    if column.template:
        return lambda row: _words_of(column, row)
    return partial(_value_of, path=path)


def _words_of(column: Column, row: Any) -> str:
    """What stands in a rich cell, without its marks."""
    shown = render_to_string(column.template, {"object": row, "value": follow(row, column.path), "fact": column})
    return " ".join(unescape(strip_tags(shown)).split())


def _value_of(row: Any, path: str) -> Any:
    value = follow(row, path)
    return str(value) if isinstance(value, Promise) else value  # a word waits for its language: asked once


def _joined(lines: Iterator[str], size: int = 500) -> Iterator[str]:
    """Lines in bundles: one write a line is slow."""
    waiting: list[str] = []
    for line in lines:
        waiting.append(line)
        if len(waiting) == size:
            yield "".join(waiting)
            waiting.clear()
    yield "".join(waiting)


def _in_language(pieces: Iterator[bytes | str]) -> Iterator[bytes | str]:
    """Made while it is sent, when the request's language is no longer in force."""
    language = translation.get_language()
    while True:
        with translation.override(language):
            piece = next(pieces, None)
        if piece is None:
            return
        yield piece
