"""Workbooks and CSV files that people open in Excel: typed cells, identifiers as text, nothing that runs."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Literal

from django.utils import timezone

if TYPE_CHECKING:
    from openpyxl.cell.cell import Cell, MergedCell
    from openpyxl.worksheet.worksheet import Worksheet

XLSX_CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV_CONTENT_TYPE = "text/csv; charset=utf-8"

# Excel with Indonesian regional settings splits a line at ";" (the comma is its decimal mark) and takes UTF-8 only with a mark in front.
CSV_DELIMITER = ";"
_BYTE_ORDER_MARK = "\ufeff"

# What a spreadsheet takes for a formula when it stands first in a text.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
_NOT_IN_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_NOT_IN_SHEET_NAME = re.compile(r"[\[\]:*?/\\]")
_NUMBER_FORMATS = {"integer": "#,##0", "percent": "0.00%", "money": '"Rp"#,##0', "date": "dd/mm/yyyy"}
_WIDEST = 60


@dataclass(frozen=True, kw_only=True)
class SheetColumn:
    """A column of a sheet. Identifiers (NIK, NIP, document numbers) are `text`: Excel zeroes the 16th digit of a number."""

    key: str
    label: str
    kind: Literal["text", "integer", "percent", "date", "money"] = "text"
    unknown: str = ""  # written where the value is None; a missing key leaves the cell empty


def workbook_bytes(
    title: str,
    columns: Sequence[SheetColumn],
    rows: Iterable[Mapping[str, Any]],
    *,
    totals: Iterable[Mapping[str, Any]] = (),
    heading: Sequence[str] = (),
    notes: Sequence[str] = (),
    sheet: str = "Data",
) -> bytes:
    """One styled sheet, ready to print: title, `heading` (date, filters), frozen header, rows, totals, notes."""
    from openpyxl import Workbook  # 0.2 s: only who makes a workbook pays

    workbook = Workbook()
    page = workbook.active
    assert page is not None  # a new workbook has one sheet; only its type says otherwise
    page.title = _NOT_IN_SHEET_NAME.sub(" ", sheet)[:31]
    header_row = _write_heading(page, title, heading)
    widths = _write_header(page, header_row, columns)
    last_row = _write_rows(page, header_row, columns, rows, widths)
    page.auto_filter.ref = f"A{header_row}:{page.cell(last_row, len(columns)).coordinate}"
    last_row = _write_rows(page, last_row, columns, totals, widths, style="Total")
    for row, note in enumerate(notes, start=last_row + 2):
        _write_text(page.cell(row, 1), note)
    _set_up_print(page, header_row, widths)
    workbook.properties.title = title
    workbook.properties.creator = None
    buffer = io.BytesIO()
    workbook.save(buffer)
    return buffer.getvalue()


def csv_lines(columns: Sequence[SheetColumn], rows: Iterable[Mapping[str, Any]]) -> Iterator[str]:
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
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text


def _csv_value(value: Any, column: SheetColumn) -> str:
    if value is None:
        return column.unknown
    if isinstance(value, datetime):
        return _naive(value).isoformat(sep=" ", timespec="minutes")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int):
        return str(value)
    if column.kind == "percent" and value != "":
        return f"{value * 100:.2f}".replace(".", ",") + "%"
    return defused(str(value))


def _write_heading(page: Worksheet, title: str, heading: Sequence[str]) -> int:
    """The lines above the table; answers the row of the table's header."""
    from openpyxl.styles import Font

    page["A1"].font = Font(bold=True, size=14)
    for row, text in enumerate([title, *heading], start=1):
        _write_text(page.cell(row, 1), text)
    return len(heading) + 3


def _write_header(page: Worksheet, row: int, columns: Sequence[SheetColumn]) -> list[int]:
    from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

    for index, column in enumerate(columns, start=1):
        cell = page.cell(row, index)
        _write_text(cell, column.label)
        cell.font = Font(bold=True)
        cell.fill = PatternFill("solid", fgColor="E3EEEC")
        cell.border = Border(bottom=Side("thin"))
        cell.alignment = Alignment(wrap_text=True, vertical="center", horizontal="left" if column.kind == "text" else "right")
    page.freeze_panes = f"A{row + 1}"
    return [max(len(column.label) * 2 // 3, 8) for column in columns]


def _write_rows(
    page: Worksheet,
    row: int,
    columns: Sequence[SheetColumn],
    rows: Iterable[Mapping[str, Any]],
    widths: list[int],
    *,
    style: str = "Normal",
) -> int:
    """Write below `row`, widen what needs it, and answer the last row written."""
    for values in rows:
        row += 1
        for index, column in enumerate(columns):
            if column.key not in values:
                continue
            cell = page.cell(row, index + 1)
            cell.style = style
            _write(cell, values[column.key], column)
            widths[index] = max(widths[index], len(str(cell.value or "")))
    return row


def _write(cell: Cell | MergedCell, value: Any, column: SheetColumn) -> None:
    if value is None:
        _write_text(cell, column.unknown)
    elif isinstance(value, datetime):
        cell.value = _naive(value)
        cell.number_format = "dd/mm/yyyy hh:mm"
    elif isinstance(value, date | int | float):
        cell.value = value
        cell.number_format = _NUMBER_FORMATS.get(column.kind, "General")
    else:
        _write_text(cell, str(value))


def _write_text(cell: Cell | MergedCell, text: str) -> None:
    cell.value = _NOT_IN_XML.sub("", text)
    cell.data_type = "s"  # openpyxl makes a live formula of whatever starts with "="
    if text.startswith(_FORMULA_STARTS):
        cell.quotePrefix = True  # and Excel does when somebody edits the cell


def _naive(value: datetime) -> datetime:
    """Sheets know no zones: the office's clock."""
    return timezone.localtime(value).replace(tzinfo=None) if timezone.is_aware(value) else value


def _set_up_print(page: Worksheet, header_row: int, widths: Sequence[int]) -> None:
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.properties import PageSetupProperties

    for index, width in enumerate(widths, start=1):
        page.column_dimensions[get_column_letter(index)].width = min(width, _WIDEST) + 2
    page.print_title_rows = f"{header_row}:{header_row}"
    page.page_setup.orientation = "landscape"
    page.page_setup.paperSize = page.PAPERSIZE_A4
    page.page_setup.fitToWidth = 1
    page.page_setup.fitToHeight = 0
    page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    if page.oddFooter is not None:
        page.oddFooter.right.text = "Hal. &P dari &N"
