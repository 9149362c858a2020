"""What a kind of sheet is: its fields, how a row finds the record it speaks of, and how it is entered and taken back.

The apps that own the nouns declare them (`SHEET_KINDS` in the settings names each); nothing here knows a noun.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Generator, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, ClassVar, Literal

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Count, Max
from django.utils import translation
from django.utils.functional import Promise
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ikm_program import audit
from ikm_program.actions import Refusal, StaleVersion
from ikm_program.searching import normalised
from ikm_program.sheets.cells import Choice, Reader, shown
from ikm_program.sheets.earlier_rows import EarlierRows
from ikm_program.sheets.models import ConfirmedRow, SheetRow, as_json

Text = str | Promise
Values = dict[str, Any]
Lookup = tuple[str, Callable[[Values], Any], tuple[str, ...]]  # the cell that names it, how it is found, the cells that this needs
ROW_KEY = "kunci"


@dataclass(frozen=True, kw_only=True)
class SheetField:
    """One column that a kind knows. `aliases` are what senders call it, in any case and punctuation."""

    key: str
    label: Text
    read: Reader
    aliases: tuple[str, ...] = ()
    is_required: bool = False
    is_private: bool = False  # masked on screens: a NIK
    is_hidden: bool = False  # a key, for the machine
    is_prefilled: bool = False  # given by our own workbook: alone it says nothing
    is_identifier: bool = False  # a text column in templates, so that no digit is lost
    choices: tuple[Choice, ...] = ()
    kind: Literal["text", "number", "date"] = "text"
    example: str = ""
    help: Text = ""
    width: int = 16

    def names(self) -> Iterator[str]:
        """In both languages of the house: a file does not follow the language of the screen."""
        yield from (normalised(name) for name in (self.key, *self.aliases))
        yield from self.labels()

    def labels(self) -> Iterator[str]:
        for language in ("id", "en"):
            with translation.override(language):
                yield normalised(str(self.label))


@dataclass(slots=True)
class Line:
    """A row as it was read: what was understood, and what was not."""

    number: int
    values: Values
    faults: list[list[str]] = field(default_factory=list)
    raw: dict[str, str] = field(default_factory=dict)
    decision: str = ""  # what a person said about a likely twin: "baru" or "sama"
    record: int | None = None  # which record it is by the hidden key of a prefilled row

    def refuse(self, key: str, message: Any) -> None:
        self.faults.append([key, str(message)])


@dataclass(slots=True)
class Found:
    """The record a row speaks of: its key, its version, and the fields as a sheet would hold them."""

    pk: int
    version: int
    values: Values
    label: str = ""

    @property
    def told(self) -> str:
        """What it is called, in a sentence: somebody may have written a NIK into a name."""
        return str(audit.masked(self.label))


@dataclass(slots=True)
class Verdict:
    """What came of a row."""

    outcome: str
    found: Found | None = None
    changes: list[list[Any]] = field(default_factory=list)
    twin_label: str = ""


class Intake:
    """One import of one kind by one person. Subclasses say how records are found and written."""

    name: ClassVar[str]
    label: ClassVar[Text]
    model: ClassVar[type[models.Model]]
    permissions: ClassVar[tuple[str, ...]]  # asked of whoever uploads and confirms
    fields: ClassVar[tuple[SheetField, ...]]
    help: ClassVar[Text] = ""
    title_in_book: ClassVar[str] = "Data"  # the sheet's name in templates; files are Indonesian
    twin_model: ClassVar[type[models.Model] | None] = None  # of what a row perhaps is, where that is not the record itself
    told_apart_by: tuple[str, ...] = ()  # the fields by which two new rows of a sheet are compared
    undoing: ClassVar[Text] = gettext_lazy(
        "Records made by this import are deleted and changed ones set back, if nobody has built on them since."
    )
    own_parts: ClassVar[tuple[str, ...]] = ()  # related rows that are a part of the record, and go with it
    do_not_call_in_templates: ClassVar[bool] = True  # a page shows the kind, it does not start one

    def __init__(self, by: Any) -> None:
        self.by = by
        self.seen: dict[tuple[Any, ...], int] = {}
        self.changed: dict[int, int] = {}  # record -> the row that changes it
        self.earlier_rows = EarlierRows(self)

    @classmethod
    def words(cls) -> dict[str, str]:
        """Every name of every field, normalised -> key; a field's own label wins over another one's alias."""
        known: dict[str, str] = {}
        for column in cls.fields:
            for name in column.names():
                known.setdefault(name, column.key)
        return known | {name: column.key for column in cls.fields for name in column.labels()}

    @classmethod
    def field_of(cls, key: str) -> SheetField:
        return next(column for column in cls.fields if column.key == key)

    def known_now(self) -> str:
        """A figure that changes when somebody adds records: what was new may be so no longer."""
        return "{n}-{top}".format(**self.model._base_manager.aggregate(n=Count("pk"), top=Max("pk")))

    def identities(self, values: Values) -> Iterable[tuple[Any, ...]]:
        """What must not stand in a file twice."""
        return ()

    def written(self, key: str, value: Any) -> str:
        """A value as a sheet shows it, and as it could be typed again."""
        column = self.field_of(key)
        if isinstance(value, bool):
            return "ya" if value else "tidak"
        if column.choices and column.kind == "text":
            return str(dict(column.choices).get(value, value))
        if column.kind == "date" and isinstance(value, str) and len(value) == 10 and value[4] == "-":
            return f"{value[8:]}/{value[5:7]}/{value[:4]}"
        return "" if value is None else shown(value)

    def complete(self, line: Line) -> None:
        """Fill in what goes without saying, and refuse what does not fit together within the row."""

    def look_up(self, line: Line, *lookups: Lookup) -> None:
        """Find what the row names: each thing where all it needs was understood, so that every fault of a row is told at once."""
        for key, find, needs in lookups:
            if {fault[0] for fault in line.faults}.isdisjoint((key, *needs)):
                try:
                    find(line.values)
                except ValidationError as error:
                    line.refuse(key, error.messages[0])

    def find(self, lines: Sequence[Line]) -> list[Found | None]:
        """For each line the record it speaks of. What cannot be told is refused at the line."""
        raise NotImplementedError

    def twins(self, lines: Sequence[Line]) -> list[Found | None]:
        """For each line that found nothing, a record that is perhaps the same."""
        return [None] * len(lines)

    def may_be_twice(self, line: Line) -> bool:
        """Whether a new row may say what another one of its sheet says; not when it is known whom it speaks of."""
        return True

    def meetings(self, values: Mapping[str, Any]) -> Iterable[Hashable]:
        """Under what a new row may meet another one of its sheet that perhaps says the same: a number, a name."""
        return ()

    def likeness_of_rows(self, one: Mapping[str, str], other: Mapping[str, str]) -> int:
        """How much two new rows look like one, of what `told_apart_by` names; 0 when they are likely two."""
        return 0

    def refuse_new(self, line: Line) -> None:
        """What only a new record has to bring."""

    def refuse_change(self, line: Line, found: Found, changes: list[list[Any]]) -> None:
        """What a record no longer lets be changed."""

    def rehearse(self, line: Line, write: Callable[[Values], Any]) -> None:
        """Write the row and take it back at once: the rules of the action itself say what is wrong with it."""
        try:
            with transaction.atomic():
                write(line.values)
                raise _RehearsedError
        except _RehearsedError:
            return
        except Refusal as refusal:
            known = {column.key for column in self.fields}
            line.refuse(str(refusal.field) if refusal.field in known else next(iter(line.values)), refusal)

    def rehearse_change(self, line: Line, found: Found, changes: list[list[Any]]) -> None:
        row = ConfirmedRow(0, line.number, SheetRow.Outcome.CHANGED, as_json(line.values), as_json(changes), found.pk, found.version)
        self.rehearse(line, lambda _values: self.change(row))

    def new_ids(self, count: int) -> Sequence[int | None]:
        """The keys of so many records to come, where the kind itself inserts them: staged rows need not be told afterwards."""
        return [None] * count

    def enter(self, rows: Iterable[ConfirmedRow]) -> Iterator[tuple[ConfirmedRow, int, int]]:
        """Write the rows and answer, for each that does not know it yet, the record and the version it has now."""
        for row in rows:
            try:
                record = self.create(row.cells) if row.outcome == SheetRow.Outcome.NEW else self.change(row)
            except StaleVersion:
                raise stale(row) from None
            except Refusal as refusal:
                raise Refusal(_("Row %(row)s: %(reason)s") % {"row": row.number, "reason": refusal}) from refusal
            yield row, record.pk, getattr(record, "version", 1)

    def create(self, values: Values) -> Any:
        raise NotImplementedError

    def change(self, row: ConfirmedRow) -> Any:
        raise NotImplementedError

    def undo(self, rows: Iterable[ConfirmedRow]) -> None:
        """Take everything back, or raise a Refusal that says what stands in the way."""
        raise NotImplementedError

    def own_rows(self) -> Iterable[Mapping[str, Any]]:
        """What a template is prefilled with."""
        return ()

    def has_own_rows(self) -> bool:
        rows = iter(self.own_rows())
        try:
            return next(rows, None) is not None
        finally:
            if isinstance(rows, Generator):
                rows.close()  # and with it the cursor that it reads from

    # --- judging, the same for every kind -----------------------------------------------------------------------------

    def judge(self, lines: Sequence[Line]) -> list[Verdict]:
        """Every line's outcome. Faults have been noted at the lines, all of them."""
        for line in lines:
            self.complete(line)
            self._refuse_twice(line)
        sound = [line for line in lines if not line.faults]
        found = dict(zip((id(line) for line in sound), self.find(sound), strict=True))
        unknown = [line for line in sound if found[id(line)] is None and not line.faults]
        twins = dict(zip((id(line) for line in unknown), self.twins(unknown), strict=True))
        return [self._verdict(line, found.get(id(line)), twins.get(id(line))) for line in lines]

    def _refuse_twice(self, line: Line) -> None:
        for identity in self.identities(line.values):
            first = self.seen.setdefault(identity, line.number)
            if first != line.number:
                line.refuse(str(identity[0]), _("The same as in row %(row)s of this sheet.") % {"row": first})

    def _verdict(self, line: Line, found: Found | None, twin: Found | None) -> Verdict:
        is_unsure = found is None and not line.faults and self.may_be_twice(line)
        earlier = self.earlier_rows.twin_of(line.number, line.values) if is_unsure else ""
        if found is None and twin is not None and line.decision != "baru":
            if line.decision != "sama":
                return Verdict(SheetRow.Outcome.SIMILAR, twin, twin_label=twin.told)
            found = twin
        elif earlier and line.decision != "baru":
            return Verdict(SheetRow.Outcome.SIMILAR, twin_label=earlier)
        changes = _changes(line.values, found.values) if found is not None else []
        if found is not None and changes and (first := self.changed.setdefault(found.pk, line.number)) != line.number:
            line.refuse(changes[0][0], _("Row %(row)s changes this record already: %(label)s.") % {"row": first, "label": found.told})
        if found is None and not line.faults:
            self.refuse_new(line)
        elif found is not None and changes and not line.faults:
            self.refuse_change(line, found, changes)
            self.earlier_rows.note(line.number, line.values)  # what it says is not on record yet
        if line.faults:
            return Verdict(SheetRow.Outcome.FAULTY)
        if found is None:
            return Verdict(SheetRow.Outcome.NEW)
        return Verdict(SheetRow.Outcome.CHANGED if changes else SheetRow.Outcome.SAME, found, changes)


def stale(row: ConfirmedRow) -> Refusal:
    return Refusal(_("Row %(row)s: somebody changed the record in the meantime. Check the file again.") % {"row": row.number})


class _RehearsedError(Exception):
    """Ends a rehearsal, so that nothing of it stays."""


def _changes(values: Values, stored: Values) -> list[list[Any]]:
    """[field, before, after] where the sheet says something else. An empty cell says nothing."""
    return [[key, stored[key], value] for key, value in values.items() if key in stored and stored[key] != value]


def row_key(text: Any) -> str:
    """Reads the hidden key of a row."""
    try:
        return str(uuid.UUID(str(text).strip()))
    except ValueError:
        raise ValidationError(_("The hidden key of this row is damaged. Download the workbook again.")) from None


@cache
def kinds() -> dict[str, type[Intake]]:
    """The kinds of the house, in their order."""
    return {kind.name: kind for kind in map(import_string, settings.SHEET_KINDS)}


def kind_of(name: str) -> type[Intake]:
    return kinds()[name]


def permitted_kinds(user: Any) -> list[type[Intake]]:
    """What this person may bring in."""
    return [kind for kind in kinds().values() if user.has_perms(kind.permissions)]
