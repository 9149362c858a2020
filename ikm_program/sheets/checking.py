"""From the file to outcomes: every row read by compiled columns, judged by its kind, staged in bounded memory. Nothing enters here."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from functools import partial
from itertools import chain, islice
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from ikm_program import audit
from ikm_program.sheets import bulk
from ikm_program.sheets.cells import Reader, is_blank, shown, visible
from ikm_program.sheets.kinds import Intake, Line, SheetField, Verdict, kind_of
from ikm_program.sheets.models import SheetImport, SheetRow, as_json
from ikm_program.sheets.reading import Book, Row
from ikm_program.states import advance
from ikm_program.transactions import write_transaction

CHUNK = 4_000
LEFT_OUT = "dilewati"
STAGED = ("sheet_import_id", "number", "outcome", "cells", "faults", "changes", "record_id", "record_version", "twin_label")

FEW = 1_000  # texts of a column
SHORT = 80  # letters
LONG = 200_000  # bytes of a file: its rows are stored beside the reading

Rows = Callable[[], Sequence[Sequence[Any]]]


@dataclass(slots=True)
class Column:
    """Where a field stands in a row, and what its first texts meant: a district or a KBLI is said again in every row."""

    place: int
    field: SheetField
    known: dict[str, Any] = dataclass_field(default_factory=dict)


class OvertakenError(Exception):
    """Somebody started the check anew, or threw the import away."""


def check(sheet_import: SheetImport, version: int) -> None:
    """Judge every row of the chosen sheet. Started twice or overtaken by another start, only the last one writes."""
    try:
        _begin(sheet_import, version)
        intake = kind_of(sheet_import.kind)(sheet_import.created_by)
        known = intake.known_now()
        counts = _check_rows(sheet_import, intake, version)
        if not counts["accepted"] + counts["rejected"]:
            _reject(sheet_import, version, _("No row below the headings is filled in: there is nothing to enter."), **counts)
            return
        _finish(sheet_import, version, counts, known)
    except OvertakenError:
        return
    except ValidationError as error:
        _reject(sheet_import, version, error.messages[0])


def says_something(sheet_import: SheetImport, intake: type[Intake]) -> bool:
    """Whether any row says more than what we had prefilled, or its columns are not known yet."""
    if sheet_import.header_row is None:
        return True
    rows = table_rows(sheet_import.book(), sheet_import.sheet, sheet_import.header_row)
    lines, _left_out = read_lines(rows, columns_of(intake, sheet_import.mapping), {})
    return bool(lines)


def _begin(sheet_import: SheetImport, version: int) -> None:
    """From here on an earlier start of the same check, too, finds that it is no longer the last."""

    def clear() -> None:
        sheet_import.start = SheetImport.objects.select_for_update().values_list("start", flat=True).get(pk=sheet_import.pk)
        _still_ours(sheet_import, version, done=0, start=sheet_import.start + 1)
        sheet_import.start += 1
        SheetRow.objects.filter(sheet_import=sheet_import)._raw_delete(connection.alias)

    write_transaction(clear)


def _still_ours(sheet_import: SheetImport, version: int, **progress: Any) -> None:
    started = {"version": version, "start": sheet_import.start, "status": SheetImport.Status.CHECKING}
    if not SheetImport.objects.filter(pk=sheet_import.pk, **started).update(touched_at=timezone.now(), **progress):
        raise OvertakenError


def _check_rows(sheet_import: SheetImport, intake: Intake, version: int) -> dict[str, int]:
    columns = columns_of(intake, sheet_import.mapping)
    rows = table_rows(sheet_import.book(), sheet_import.sheet, sheet_import.header_row or 0)
    counts = {"rows_in": 0, "accepted": 0, "rejected": 0, "blank": 0}
    with _staging(sheet_import, version) as stage:
        for chunk in _chunks(rows, CHUNK):
            lines, left_out = read_lines(chunk, columns, sheet_import.decisions)
            verdicts = intake.judge(lines)
            counts["rows_in"] += len(chunk)
            counts["blank"] += len(chunk) - len(lines) - len(left_out)
            rejected = sum(verdict.outcome in (SheetRow.Outcome.FAULTY, SheetRow.Outcome.SIMILAR) for verdict in verdicts) + len(left_out)
            counts["rejected"] += rejected
            counts["accepted"] += len(lines) + len(left_out) - rejected
            judged = partial(_staged_rows, sheet_import, intake, list(zip(lines, verdicts, strict=True)), left_out)
            stage(judged, counts["rows_in"])
    return counts


@contextlib.contextmanager
def _staging(sheet_import: SheetImport, version: int) -> Iterator[Callable[[Rows, int], None]]:
    """Stores rows as they come, and how far the sheet is read; only as long as nobody started the check anew."""

    def of_this_start(rows: Rows, done: int) -> Sequence[Sequence[Any]]:
        _still_ours(sheet_import, version, done=done)
        return rows()

    if sheet_import.size < LONG or connection.vendor != "postgresql" or connection.in_atomic_block:
        yield lambda rows, done: write_transaction(lambda: bulk.insert(SheetRow, STAGED, of_this_start(rows, done)))
        return
    with bulk.inserting_apart(SheetRow, STAGED) as apart:
        yield lambda rows, done: apart.add(write_transaction(lambda: of_this_start(rows, done)))

        def keep() -> None:
            _still_ours(sheet_import, version)
            apart.keep()

        write_transaction(keep)


def _staged_rows(
    sheet_import: SheetImport, intake: Intake, judged: Sequence[tuple[Line, Verdict]], left_out: Sequence[Line]
) -> Sequence[Sequence[Any]]:
    ids = iter(intake.new_ids(sum(verdict.outcome == SheetRow.Outcome.NEW for _line, verdict in judged)))
    rows = chain((_staged(intake, line, verdict, ids) for line, verdict in judged), map(_staged_left_out, left_out))
    return [(sheet_import.pk, *row) for row in rows]  # all at once: the words of a fault may ask the database


def _finish(sheet_import: SheetImport, version: int, counts: dict[str, int], known: str) -> None:
    _settle(
        sheet_import,
        version,
        SheetImport.Status.READY,
        problem="",
        known_then=known,
        done=counts["rows_in"],
        total=counts["rows_in"],
        **counts,
    )


def _reject(sheet_import: SheetImport, version: int, reason: str, **counts: int) -> None:
    counted = dict.fromkeys(("rows_in", "accepted", "rejected", "blank"), 0) | counts
    _settle(sheet_import, version, SheetImport.Status.REJECTED, problem=reason[:500], **counted)


def fail(sheet_import: SheetImport, version: int) -> None:
    """Something of ours broke: it can be tried again."""
    _settle(
        sheet_import,
        version,
        SheetImport.Status.FAILED,
        problem=_("An unexpected error. Nothing has been entered; try again or tell the administrator."),
    )


def _settle(sheet_import: SheetImport, version: int, status: str, **changes: Any) -> None:
    def settle() -> None:
        current = SheetImport.objects.select_for_update().filter(pk=sheet_import.pk, version=version, start=sheet_import.start).first()
        if current is not None and current.is_busy:
            with audit.collecting():
                advance(current, status, by=current.created_by, **changes)

    write_transaction(settle)


# --- reading rows -------------------------------------------------------------------------------------------------------


def columns_of(intake: Intake | type[Intake], mapping: dict[str, int]) -> list[Column]:
    """The columns to read, from left to right."""
    return sorted((Column(place, intake.field_of(key)) for key, place in mapping.items()), key=lambda column: column.place)


def table_rows(book: Book, sheet: str, header_row: int) -> Iterator[Row]:
    """The rows below the heading; a row that only numbers the columns is no data."""
    rows = (row for row in book.rows(sheet) if row[0] > header_row)
    for first in rows:
        yield (first[0], []) if _only_numbers_columns(first[1]) else first
        yield from rows


def _only_numbers_columns(values: Sequence[Any]) -> bool:
    """ "1, 2, 3 …" or "(1) (2) (3) …" under a heading."""
    written = [shown(value).strip("()") for value in values if not is_blank(value)]
    return len(written) > 2 and written == [str(number) for number in range(1, len(written) + 1)]


def _chunks(rows: Iterator[Row], size: int) -> Iterator[list[Row]]:
    while chunk := list(islice(rows, size)):
        yield chunk


Plan = Sequence[tuple[int, str, Reader, dict[str, Any]]]


def read_lines(rows: Iterable[Row], columns: Sequence[Column], decisions: dict[str, Any]) -> tuple[list[Line], list[Line]]:
    """The rows that say something, and those that a person decided to leave out."""
    lines: list[Line] = []
    left_out: list[Line] = []
    fields = [column.field for column in columns]
    plan = [(column.place, column.field.key, column.field.read, column.known) for column in columns]
    required = [field for field in fields if field.is_required]
    silent = {field.key for field in fields if field.is_hidden or field.is_prefilled}
    for number, values in rows:
        decision = decisions.get(str(number)) if decisions else None
        line = _read_line(number, values, plan, decision or {})
        if not line.faults and not (line.values.keys() - silent if silent else line.values):
            continue  # blanks of all kinds, and nothing else
        for field in required:
            if field.key not in line.values and not any(fault[0] == field.key for fault in line.faults):
                line.refuse(field.key, _("This cell must be filled in."))
        if decision is not None and decision.get("outcome") == LEFT_OUT:
            line.raw = _raw(values, plan, decision)
            left_out.append(line)
            continue
        if line.faults:
            line.raw = _raw(values, plan, decision or {})
        line.decision = (decision or {}).get("outcome", "")
        lines.append(line)
    return lines, left_out


def _read_line(number: int, values: Sequence[Any], plan: Plan, decision: dict[str, Any]) -> Line:
    typed, width = decision.get("cells", {}), len(values)
    understood: dict[str, Any] = {}
    faults: list[list[str]] = []
    for place, key, read, known in plan:
        words = value = typed[key] if key in typed else values[place] if place < width else None
        if type(words) is str:
            if (meant := known.get(words)) is not None:
                understood[key] = meant
                continue
            value = visible(words)
        if value is None or value == "":
            continue
        try:
            meant = read(value)
        except ValidationError as error:
            faults.append([key, error.messages[0]])
            error.error_list = []  # it holds itself, and with it the row: tens of thousands of them would wait to be collected
        else:
            if meant is not None and meant != "":
                understood[key] = meant
                if type(words) is str and len(known) < FEW and len(words) < SHORT:
                    known[words] = meant
    return Line(number, understood, faults)


def _raw(values: Sequence[Any], plan: Plan, decision: dict[str, Any]) -> dict[str, str]:
    typed = decision.get("cells", {})
    return {key: typed[key] if key in typed else shown(values[place]) if place < len(values) else "" for place, key, _read, _known in plan}


def _staged(intake: Intake, line: Line, verdict: Verdict, ids: Iterator[int | None]) -> tuple[Any, ...]:
    is_faulty = verdict.outcome == SheetRow.Outcome.FAULTY
    cells = (line.raw or {key: intake.written(key, value) for key, value in line.values.items()}) if is_faulty else line.values
    found = verdict.found
    new_id = next(ids) if verdict.outcome == SheetRow.Outcome.NEW else None
    return (
        line.number,
        str(verdict.outcome),
        as_json(cells),
        as_json(line.faults) if line.faults else "[]",
        as_json(verdict.changes) if verdict.changes else "[]",
        found.pk if found else new_id,
        found.version if found else new_id and 1,
        verdict.twin_label[:200],
    )


def _staged_left_out(line: Line) -> tuple[Any, ...]:
    return (line.number, str(SheetRow.Outcome.LEFT_OUT), as_json(line.raw), as_json(line.faults), "[]", None, None, "")
