"""Workbooks and CSV files as rows of plain values, whatever program wrote them.

    book = Book.opened(path)
    for number, values in book.rows("Data IKM"):  # number as Excel counts it, from 1

A value is a text, a number, a day, a yes or no, or "" for nothing; a formula is `FORMULA`, never its remembered result.
"""

from __future__ import annotations

import codecs
import csv
import datetime as dt
import io
import json
import subprocess
import sys
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import Any, Final
from xml.etree.ElementTree import Element

from defusedxml.ElementTree import fromstring
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from python_calamine import CalamineError, CalamineWorkbook, SheetVisibleEnum, load_workbook

from ikm_program.sheets import apart
from ikm_program.sheets.beginnings import shortened
from ikm_program.sheets.precheck import MAX_COLUMNS, MAX_ROWS, Survey, survey

Value = str | int | float | bool | dt.date | dt.datetime | dt.time | dt.timedelta
Row = tuple[int, list[Any]]

CSV_SHEET: Final = "CSV"
_DELIMITERS: Final = ";,\t"
_RELATION: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_NOT_AS_USUAL: Final = (KeyError, ValueError, EOFError, SyntaxError, NotImplementedError, zipfile.BadZipFile, zlib.error)


class Formula:
    """What stands in for a cell that computes its value."""

    def __repr__(self) -> str:
        return "FORMULA"


FORMULA: Final = Formula()


@dataclass(frozen=True)
class Sheet:
    """A sheet by name; hidden ones are marked, not left out."""

    name: str
    is_hidden: bool = False


@dataclass
class Book:
    """A file that passed the pre-check, and its sheets."""

    content: bytes
    survey: Survey
    sheets: list[Sheet]
    path: Path | None = None
    workbook: CalamineWorkbook | None = field(default=None, repr=False)

    @classmethod
    def opened(cls, path: Path) -> Book:
        """Raises `ValidationError` in words when the file cannot be read."""
        content = path.read_bytes()
        return cls.surveyed(content, survey(content), path)

    @classmethod
    def surveyed(cls, content: bytes, found: Survey, path: Path) -> Book:
        """What lies at `path`, when a survey of these very bytes has found nothing against opening it."""
        if found.kind == "csv":
            return cls(content, found, [Sheet(CSV_SHEET)], path)
        if found.kind == "xlsx":
            workbook = _workbook(content)
            hidden = SheetVisibleEnum.Visible
            sheets = [Sheet(part.name, part.visible != hidden) for part in workbook.sheets_metadata]
            return cls(content, found, sheets, path, workbook)
        names = json.loads(next(_read_apart(path, "")))
        return cls(content, found, [Sheet(name, is_hidden) for name, is_hidden in names], path)

    @property
    def shown(self) -> list[Sheet]:
        """What a person sees in the program; when all is hidden, everything."""
        return [sheet for sheet in self.sheets if not sheet.is_hidden] or self.sheets

    def head(self, name: str, count: int) -> list[Row]:
        """The first rows of a sheet; of a workbook only its beginning is read, however long it is."""
        try:
            short = shortened(self.content, _part_of(self.content, name), count) if self.survey.kind == "xlsx" and self._has(name) else None
            book = self if short is None else replace(self, content=short, workbook=_workbook(short))
            return list(islice(book.rows(name), count))
        except (ValidationError, *_NOT_AS_USUAL):  # an archive that only the reader understands, or cut at a place that is no end of a row
            return list(islice(self.rows(name), count))

    def _has(self, name: str) -> bool:
        return name in {sheet.name for sheet in self.sheets}

    def rows(self, name: str) -> Iterator[Row]:
        """Every row from the first, blank ones too, cut at the widest sheet we read."""
        if not self._has(name):
            raise ValidationError(_("The file has no sheet “%(name)s”.") % {"name": name}, code="no_sheet")
        source = {"csv": self._csv_rows, "xlsx": self._xlsx_rows}.get(self.survey.kind, self._rows_from_apart)
        for number, values in enumerate(source(name), start=1):
            if number > MAX_ROWS:
                raise ValidationError(_("The sheet has too many rows. Send it in parts."), code="too_long")
            yield number, values[:MAX_COLUMNS] if len(values) > MAX_COLUMNS else values

    def _csv_rows(self, name: str) -> Iterator[list[Any]]:
        text = csv_text(self.content)
        try:
            yield from csv.reader(io.StringIO(text, newline=""), delimiter=delimiter_of(text))
        except csv.Error:  # a quotation mark that is never closed swallows the rest of the file into one cell
            raise _unreadable() from None

    def _xlsx_rows(self, name: str) -> Iterator[list[Any]]:
        assert self.workbook is not None
        try:
            sheet = self.workbook.get_sheet_by_name(name)
        except (CalamineError, ValueError):
            raise _unreadable() from None
        left = sheet.start[1] if sheet.start else 0
        formulas = self._formulas_of(name)
        if not left and not formulas:
            yield from sheet.iter_rows()
            return
        by_row: dict[int, list[int]] = {}
        for row, column in formulas:
            by_row.setdefault(row, []).append(column)
        for index, values in enumerate(sheet.iter_rows()):
            values[:0] = [""] * left
            yield _with_formulas(values, by_row.get(index, ()))

    def _formulas_of(self, name: str) -> set[tuple[int, int]]:
        if not any(self.survey.formulas.values()):
            return set()
        return self.survey.formulas.get(_part_of(self.content, name), set())

    def _rows_from_apart(self, name: str) -> Iterator[list[Any]]:
        assert self.path is not None
        lines = _read_apart(self.path, name)
        next(lines)
        for line in lines:
            yield [_from_mark(value) if isinstance(value, dict) else value for value in json.loads(line)]


def _with_formulas(values: list[Any], columns: Any) -> list[Any]:
    for column in columns:
        values.extend([""] * (column + 1 - len(values)))
        values[column] = FORMULA
    return values


def _workbook(content: bytes) -> CalamineWorkbook:
    try:
        return load_workbook(io.BytesIO(content))
    except (CalamineError, ValueError, OSError):
        raise _unreadable() from None


def _part_of(content: bytes, name: str) -> str:
    """The part of the archive that holds the sheet of that name."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        book = fromstring(archive.read("xl/workbook.xml"))
        links = fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    targets = {link.get("Id"): link.get("Target", "") for link in links}
    part: Element | None = next((node for node in book.iter() if node.tag.endswith("}sheet") and node.get("name") == name), None)
    target = targets.get(part.get(_RELATION) if part is not None else None, "")
    return target.removeprefix("/") if target.startswith("/") else f"xl/{target}"


def csv_text(content: bytes) -> str:
    """UTF-8 with or without its mark, UTF-16 with one, or what Windows writes here."""
    for mark, encoding in ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16")):
        if content.startswith(mark):
            return content.decode(encoding, errors="replace")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def delimiter_of(text: str) -> str:
    """The one that splits the most of the first lines into equally many columns, as many as there are."""
    lines = [line for line in text.splitlines()[:20] if line.strip()]

    def evenness(mark: str) -> tuple[int, int, bool]:
        widths = Counter(len(row) for row in csv.reader(lines, delimiter=mark) if len(row) > 1)
        width, count = max(widths.items(), key=lambda item: (item[1], item[0]), default=(0, 0))
        return count, width, mark == ";"

    return max(_DELIMITERS, key=evenness)


def _read_apart(path: Path, sheet: str) -> Iterator[str]:
    """The lines of the child process; when it was ended, a refusal in words."""
    command = [sys.executable, "-I", apart.__file__, str(path), sheet]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as child:  # noqa: S603  our own file
        assert child.stdout is not None
        try:
            yield from child.stdout
        finally:
            child.stdout.close()
            if child.wait(timeout=apart.SECONDS):
                raise _unreadable()


def _from_mark(value: dict[str, str]) -> dt.date:
    return dt.datetime.fromisoformat(value["datetime"]) if "datetime" in value else dt.date.fromisoformat(value["date"])


def _unreadable() -> ValidationError:
    return ValidationError(_("The file could not be read. Save it again as .xlsx and send it once more."), code="unreadable")
