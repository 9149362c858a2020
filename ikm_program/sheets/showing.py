"""What an import's page shows: tabs with counts, a page of rows, each cell with its words and, where it is private, its mask."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise

from ikm_program.audit import masked
from ikm_program.sheets.kinds import Intake, SheetField, kind_of
from ikm_program.sheets.models import SheetImport, SheetRow, column_name

PER_PAGE = 50
CELLS_SHOWN = 6
Outcome = SheetRow.Outcome
ORDER = (Outcome.FAULTY, Outcome.SIMILAR, Outcome.NEW, Outcome.CHANGED, Outcome.SAME, Outcome.LEFT_OUT)
TONES = {Outcome.FAULTY: "danger", Outcome.SIMILAR: "warn", Outcome.NEW: "ok", Outcome.CHANGED: "info"}


@dataclass(frozen=True)
class Tab:
    outcome: str
    label: str | Promise
    count: int
    is_here: bool


@dataclass(frozen=True)
class ShownCell:
    label: str | Promise
    value: str
    letters: str = ""
    problem: str = ""
    before: str = ""


@dataclass(frozen=True)
class ShownRow:
    number: int
    outcome: str
    cells: list[ShownCell]
    problems: list[ShownCell] = field(default_factory=list)
    changes: list[ShownCell] = field(default_factory=list)
    twin: str = ""
    url: str = ""  # of the record that it became or speaks of
    twin_url: str = ""
    is_like_a_record: bool = False  # and not like another row of the sheet

    @property
    def first_cells(self) -> list[ShownCell]:
        return self.cells[:CELLS_SHOWN]

    @property
    def more_cells(self) -> list[ShownCell]:
        return self.cells[CELLS_SHOWN:]


@dataclass(frozen=True)
class ImportPage:
    kind: type[Intake]
    tabs: list[Tab]
    current: str
    rows: list[ShownRow]
    next_after: int | None
    is_like_records: bool = False  # some of the rows to decide on resemble a record, and not only each other

    @classmethod
    def of(cls, sheet_import: SheetImport, asked: str, after: str) -> ImportPage:
        """The tab asked for, or the first that has rows: faults before all else."""
        counts = sheet_import.outcomes
        present = [outcome for outcome in ORDER if counts.get(outcome)]
        current = asked if asked in counts else str(present[0]) if present else ""
        tabs = [Tab(str(outcome), outcome.label, counts[outcome], str(outcome) == current) for outcome in present]
        rows = sheet_import.rows.filter(outcome=current, number__gt=int(after) if after.isdecimal() else 0).order_by("number")
        found = list(rows[: PER_PAGE + 1])
        more = found[PER_PAGE - 1].number if len(found) > PER_PAGE else None
        shown = shown_rows(sheet_import, found[:PER_PAGE])
        is_like = current == Outcome.SIMILAR and sheet_import.rows.filter(outcome=current, record_id__isnull=False).exists()
        return cls(kind_of(sheet_import.kind), tabs, current, shown, more, is_like)


def shown_rows(sheet_import: SheetImport, rows: Iterable[SheetRow]) -> list[ShownRow]:
    intake, rows = kind_of(sheet_import.kind)(sheet_import.created_by), list(rows)
    similar = [row for row in rows if row.outcome == Outcome.SIMILAR]
    urls = _addresses(intake.model, [row for row in rows if row.outcome != Outcome.SIMILAR])
    urls |= _addresses(intake.twin_model or intake.model, similar)
    return [_shown(intake, sheet_import, row, urls.get(row.pk, "")) for row in rows]


def _addresses(model: Any, rows: Sequence[SheetRow]) -> dict[int, str]:
    """By row, the pages of records that still stand; what may be seen there, the page itself asks."""
    if not hasattr(model, "get_absolute_url"):
        return {}
    records = model._base_manager.in_bulk([row.record_id for row in rows if row.record_id is not None])
    return {row.pk: records[row.record_id].get_absolute_url() for row in rows if row.record_id in records}


def _shown(intake: Intake, sheet_import: SheetImport, row: SheetRow, url: str) -> ShownRow:
    places = sheet_import.mapping
    cells = [
        _cell(intake, field, row.cells[field.key], places) for field in intake.fields if field.key in row.cells and not field.is_hidden
    ]
    problems = [_problem(intake, row, key, sentence, places) for key, sentence in row.faults]
    changes = [_change(intake, key, before, after, places) for key, before, after in row.changes]
    found = {"twin_url": url} if row.outcome == Outcome.SIMILAR else {"url": url}
    said, is_like = [cell for cell in cells if cell.value], row.record_id is not None
    return ShownRow(row.number, row.outcome, said, problems, changes, row.twin_label, is_like_a_record=is_like, **found)


def _words(intake: Intake, field: SheetField, value: Any) -> str:
    words = intake.written(field.key, value)
    return hidden(words) if field.is_private else str(masked(words))


def hidden(words: str) -> str:
    """A private number, as far as it may be shown: a whole NIK by its ends, a broken one by its length."""
    digits = "".join(letter for letter in words if letter.isdigit())
    return f"{digits[:6]}******{digits[-4:]}" if len(digits) == 16 else "*" * len(words)


def _cell(intake: Intake, field: SheetField, value: Any, places: dict[str, int]) -> ShownCell:
    return ShownCell(field.label, _words(intake, field, value), _letters(field.key, places))


def _problem(intake: Intake, row: SheetRow, key: str, sentence: str, places: dict[str, int]) -> ShownCell:
    field = intake.field_of(key)
    return ShownCell(field.label, _words(intake, field, row.cells.get(key, "")), _letters(key, places), sentence)


def _change(intake: Intake, key: str, before: Any, after: Any, places: dict[str, int]) -> ShownCell:
    field = intake.field_of(key)
    return ShownCell(field.label, _words(intake, field, after), _letters(key, places), before=_words(intake, field, before))


def _letters(key: str, places: dict[str, int]) -> str:
    return column_name(places[key]) if key in places else ""
