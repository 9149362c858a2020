"""Workbooks and CSV files that people open in Excel: typed cells, identifiers as text, nothing that runs.

Both are made a row at a time: the sheet's XML goes straight into the zip, so that a file of any length needs the memory of a chunk.
"""

from __future__ import annotations

import csv
import io
import itertools
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal

from django.utils import timezone

from ikm_program import xlsx_parts as parts

XLSX_CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV_CONTENT_TYPE = "text/csv; charset=utf-8"

# Excel with Indonesian regional settings splits a line at ";" (the comma is its decimal mark) and takes UTF-8 only with a mark in front.
CSV_DELIMITER = ";"
_BYTE_ORDER_MARK = "\ufeff"

ROWS_IN_A_SHEET = 1_048_576
LOOKED_AT_FOR_WIDTHS = 200  # rows
_ROWS_AT_A_TIME = 500
_WIDEST = 60
_EPOCH = datetime(1899, 12, 30)
_FIRST_DAY = _EPOCH.date()

Row = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class SheetColumn:
    """A column of a sheet. Identifiers (NIK, NIP, document numbers) are `text`: Excel zeroes the 16th digit of a number."""

    key: str
    label: str
    kind: Literal["text", "integer", "decimal", "percent", "date", "money"] = "text"
    unknown: str = ""  # written where the value is None; a missing key leaves the cell empty


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """What a file is made of: title and `heading` (date, filters), then the columns, the rows as they come, totals and notes."""

    title: str
    columns: Sequence[SheetColumn]
    rows: Iterable[Row]
    totals: Iterable[Row] = ()
    heading: Sequence[str] = field(default_factory=tuple)
    notes: Sequence[str] = field(default_factory=tuple)
    name: str = "Data"


def workbook_bytes(title: str, columns: Sequence[SheetColumn], rows: Iterable[Row], *, sheet: str = "Data", **more: Any) -> bytes:
    """One styled sheet, ready to print, whole."""
    return b"".join(workbook(Sheet(title=title, columns=columns, rows=rows, name=sheet, **more)))


def workbook(sheet: Sheet) -> Iterator[bytes]:
    """The bytes of the workbook as they are made. What does not fit into one sheet goes on in the next."""
    sink = _Sink()
    archive = zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED, compresslevel=1)
    names: list[str] = []
    tables: list[tuple[int, int]] = []  # of each sheet the rows of its header and of its last row
    rows, has_more = iter(sheet.rows), True
    while has_more:
        names.append(parts.sheet_name(sheet.name, len(names) + 1))
        with archive.open(f"xl/worksheets/sheet{len(names)}.xml", "w", force_zip64=True) as file:
            writer = _Writer(sheet, is_first=not tables)
            for text in writer.written(rows):
                file.write(text.encode())
                yield sink.taken()
            rows, has_more = writer.rest, writer.has_more
            tables.append((writer.header_row, writer.last_row))
    for path, text in parts.package(names, tables, title=sheet.title, last_column=parts.letters(len(sheet.columns))).items():
        archive.writestr(path, text)
    archive.close()
    yield sink.taken()


class _Sink(io.RawIOBase):
    """Where the zip is written to, and taken from."""

    def __init__(self) -> None:
        self.waiting: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self.waiting.append(bytes(data))
        return len(data)

    def taken(self) -> bytes:
        taken = b"".join(self.waiting)
        self.waiting.clear()
        return taken


class _Writer:
    """One sheet, in pieces of text."""

    def __init__(self, sheet: Sheet, *, is_first: bool) -> None:
        self.sheet = sheet
        self.heading = [sheet.title, *sheet.heading] if is_first else []
        self.header_row = len(self.heading) + 2 if is_first else 1
        self.last_row = self.header_row
        self.rest: Iterator[Row] = iter(())  # what did not fit
        self.has_more = False
        self.letters = [parts.letters(number) for number in range(1, len(sheet.columns) + 1)]

    def written(self, rows: Iterator[Row]) -> Iterator[str]:
        room = ROWS_IN_A_SHEET - self.header_row - 20 - len(self.sheet.notes)  # for totals and notes
        seen = list(itertools.islice(rows, LOOKED_AT_FOR_WIDTHS))
        yield parts.sheet_start(self._widths(seen), self.header_row)
        yield "".join(
            self._line(number, [(0, _text(text, parts.TITLE if number == 1 else parts.PLAIN))]) for number, text in self._headings()
        )
        yield self._line(self.header_row, list(enumerate(_text(column.label, _header_style(column)) for column in self.sheet.columns)))
        rows = itertools.chain(seen, rows)
        while room and (chunk := list(itertools.islice(rows, min(_ROWS_AT_A_TIME, room)))):
            room -= len(chunk)
            yield self._lines(chunk, 0)
        following = list(itertools.islice(rows, 1))
        self.rest, self.has_more = itertools.chain(following, rows), bool(following)
        table_end = self.last_row
        if not self.has_more:
            yield self._closing()
        self.last_row = table_end  # the filter leaves the totals alone
        yield parts.sheet_end(f"A{self.header_row}:{self.letters[-1]}{table_end}")

    def _headings(self) -> list[tuple[int, str]]:
        return list(enumerate(self.heading, start=1))

    def _closing(self) -> str:
        closing = self._lines(self.sheet.totals, parts.OF_TOTALS)
        notes = [self._line(number, [(0, _text(note, parts.PLAIN))]) for number, note in enumerate(self.sheet.notes, self.last_row + 2)]
        return closing + "".join(notes)

    def _lines(self, rows: Iterable[Row], style: int) -> str:
        lines = []
        for row in rows:
            self.last_row += 1
            number, cells = self.last_row, []
            for letter, column in zip(self.letters, self.sheet.columns, strict=True):
                value = row.get(column.key, "")
                if value != "":
                    cells.append(f'<c r="{letter}{number}"{_cell(value, column, style)}')
            lines.append(f'<row r="{number}">{"".join(cells)}</row>')
        return "".join(lines)

    def _line(self, number: int, cells: Sequence[tuple[int, str]]) -> str:
        return f'<row r="{number}">' + "".join(f'<c r="{self.letters[index]}{number}"{cell}' for index, cell in cells) + "</row>"

    def _widths(self, rows: Sequence[Row]) -> list[int]:
        """Wide enough for the first rows."""
        widths = []
        for column in self.sheet.columns:
            longest = max((len(str(row.get(column.key, "") or "")) for row in rows), default=0)
            widths.append(min(max(longest, len(column.label) * 2 // 3, 8), _WIDEST) + 2)
        return widths


def _header_style(column: SheetColumn) -> int:
    return parts.HEADER if column.kind == "text" else parts.HEADER_RIGHT


def _cell(value: Any, column: SheetColumn, style: int) -> str:
    """What follows the cell's place: its style, type and value."""
    if isinstance(value, str):
        return _text(value, parts.PLAIN + style)
    if value is None:
        return _text(column.unknown, parts.PLAIN + style)
    if isinstance(value, datetime):
        moment = _naive(value)
        return f' s="{parts.MOMENT + style}"><v>{(moment - _EPOCH).total_seconds() / 86400:.10f}</v></c>'
    if isinstance(value, date):
        return f' s="{parts.STYLES["date"] + style}"><v>{(value - _FIRST_DAY).days}</v></c>'
    if isinstance(value, Decimal):
        return f' s="{parts.STYLES[column.kind] + style}"><v>{value:f}</v></c>'
    if isinstance(value, int | float):
        return f' s="{parts.STYLES[column.kind] + style}"><v>{value!r}</v></c>' if not isinstance(value, bool) else _text(str(value), style)
    return _text(str(value), parts.PLAIN + style)


def _text(text: str, style: int) -> str:
    """Text that stays text: what looks like a formula is quoted, a number of many digits is marked as text when somebody edits it."""
    if text.startswith(parts.FORMULA_STARTS) and style == parts.PLAIN:
        style = parts.QUOTED
    elif style == parts.PLAIN and len(text) > parts.MOST_DIGITS_OF_A_NUMBER and text.isdigit():
        style = parts.IDENTIFIER
    return f' s="{style}" t="inlineStr"><is><t xml:space="preserve">{parts.escaped(text)}</t></is></c>'


def csv_lines(columns: Sequence[SheetColumn], rows: Iterable[Row]) -> Iterator[str]:
    """The lines of a CSV file, one at a time, for a streaming answer. Figures are bare and dates ISO, for machines as well."""
    line = io.StringIO()
    writer = csv.writer(line, delimiter=CSV_DELIMITER)

    def written(values: Iterable[str]) -> str:
        line.seek(0)
        line.truncate()
        writer.writerow(values)
        return line.getvalue()

    yield _BYTE_ORDER_MARK + written(column.label for column in columns)
    for row in rows:
        yield written(_csv_value(row.get(column.key, ""), column) for column in columns)


def defused(text: str) -> str:
    """Text that no spreadsheet takes for a formula: an apostrophe in front, which Excel hides when it is typed."""
    return f"'{text}" if text.startswith(parts.FORMULA_STARTS) else text


def _csv_value(value: Any, column: SheetColumn) -> str:
    if value is None:
        return column.unknown
    if isinstance(value, datetime):
        return _naive(value).isoformat(sep=" ", timespec="minutes")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int):
        return str(value)
    if isinstance(value, Decimal):
        return f"{value:f}".replace(".", ",")
    if column.kind == "percent" and not isinstance(value, str):
        return f"{value * 100:.2f}".replace(".", ",") + "%"
    return defused(str(value))


def _naive(value: datetime) -> datetime:
    """Sheets know no zones: the office's clock."""
    return timezone.localtime(value).replace(tzinfo=None) if timezone.is_aware(value) else value
