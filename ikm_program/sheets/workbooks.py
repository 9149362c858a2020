"""Workbooks that we hand out: the template of a kind, and a sent sheet given back with every fault marked in its cell. Indonesian text."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.utils import translation
from django.utils.translation import gettext as _

from ikm_program.sheets.cells import shown
from ikm_program.sheets.headers import header_at
from ikm_program.sheets.kinds import Intake, SheetField, kind_of
from ikm_program.sheets.models import SheetImport, SheetRow
from ikm_program.sheets.precheck import column_letters
from ikm_program.sheets.reading import FORMULA, Row

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.cell.cell import Cell
    from openpyxl.worksheet.worksheet import Worksheet

GUIDE, LISTS = "Petunjuk", "Daftar"
BLANK_ROWS = 500  # rows of a template that are formatted beforehand
WHOLE_UP_TO = 20_000  # a longer sheet comes back with its faulty rows only
_RED, _AMBER, _GROUND = "FFF4C7C3", "FFFBE8B8", "FFE3EEEC"


def template(kind: type[Intake], rows: Iterable[Mapping[str, Any]] = (), *, intake: Intake | None = None) -> bytes:
    """An empty sheet of the kind, or one with the office's own rows; text columns, drop-downs, and a page that explains."""
    from openpyxl import Workbook  # 0.2 s: only who makes a workbook pays

    with translation.override("id"):
        book = Workbook()
        guide = book.active
        assert guide is not None  # a new workbook has one sheet
        write_guide(guide, [kind])
        page = book.create_sheet(kind.title_in_book)
        write_sheet(book, page, kind, [list(_written(kind, row, intake)) for row in rows])
        book.active = 1
        return saved(book)


def saved(book: Workbook) -> bytes:
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _written(kind: type[Intake], row: Mapping[str, Any], intake: Intake | None) -> Iterator[Any]:
    """Numbers as numbers, all else as it would be typed. What is private stays empty, and an empty cell says nothing."""
    for column in kind.fields:
        value = row.get(column.key)
        if value in (None, "") or column.is_private:
            yield None
        elif column.kind == "number":
            yield value
        else:
            yield intake.written(column.key, value) if intake is not None else shown(value)


def write_sheet(book: Workbook, page: Worksheet, kind: type[Intake], rows: Sequence[Sequence[Any]]) -> None:
    from openpyxl.styles import Font, PatternFill

    for index, column in enumerate(kind.fields, start=1):
        letters = column_letters(index - 1)
        heading = page.cell(1, index, str(column.label))
        heading.font = Font(bold=True)
        heading.fill = PatternFill("solid", fgColor=_GROUND)
        page.column_dimensions[letters].width = column.width
        page.column_dimensions[letters].hidden = column.is_hidden
        for number in range(2, max(len(rows), BLANK_ROWS) + 2):
            if column.kind == "text":
                page.cell(number, index).number_format = "@"  # a number typed here keeps all its digits
            elif column.kind == "date":
                page.cell(number, index).number_format = "dd/mm/yyyy"
        _offer_choices(book, page, column, letters)
    for number, values in enumerate(rows, start=2):
        for index, value in enumerate(values, start=1):
            if value is not None:
                cell = page.cell(number, index)
                cell.value = value
                if isinstance(value, str):
                    cell.data_type = "s"  # openpyxl makes a live formula of what starts with "="
    page.freeze_panes = "A2"


def _offer_choices(book: Workbook, page: Worksheet, column: SheetField, letters: str) -> None:
    if not column.choices:
        return
    from openpyxl.worksheet.datavalidation import DataValidation

    lists = book[LISTS] if LISTS in book.sheetnames else book.create_sheet(LISTS)
    lists.sheet_state = "hidden"
    at = lists.max_column + (1 if lists["A1"].value else 0)
    words = [str(label) for _value, label in column.choices]
    for number, word in enumerate([str(column.label), *words], start=1):
        lists.cell(number, at, word)
    source = f"'{LISTS}'!${column_letters(at - 1)}$2:${column_letters(at - 1)}${len(words) + 1}"
    rule = DataValidation(type="list", formula1=source, allow_blank=True, showErrorMessage=True)
    rule.error = _("Choose one of the list.")
    page.add_data_validation(rule)
    rule.add(f"{letters}2:{letters}{BLANK_ROWS * 20}")


def write_guide(page: Worksheet, kinds: Sequence[type[Intake]], *, opening: Sequence[str] = ()) -> None:
    from openpyxl.styles import Alignment, Font

    page.title = GUIDE
    page.append([_("How to fill in this file")])
    page["A1"].font = Font(bold=True, size=14)
    lines = [
        *opening,
        _("An empty cell changes nothing: what is on record stays."),
        _("NIK, NPWP and NIB are text: type all their digits, never as a number."),
        _("Numbers: 1500 or 1.500. Dates: 15/06/2020. No formulas: paste values."),
        _("Leave the headings as they are. Columns you do not need may be deleted."),
    ]
    for line in lines:
        page.append([line])
    for kind in kinds:
        page.append([])
        page.append([kind.title_in_book, str(kind.help)])
        page.append([_("Column"), _("Must be filled in"), _("What is accepted"), _("Example")])
        for cell in page[page.max_row]:
            cell.font = Font(bold=True)
        for column in kind.fields:
            if not column.is_hidden:
                accepted = ", ".join(str(label) for _value, label in column.choices) or str(column.help) or _KINDS[column.kind]()
                page.append([str(column.label), _("yes") if column.is_required else "", accepted, column.example])
    for letters, width in (("A", 44), ("B", 18), ("C", 70), ("D", 26)):
        page.column_dimensions[letters].width = width
    for cell in page["C"]:
        cell.alignment = Alignment(wrap_text=True, vertical="top")


_KINDS = {"text": lambda: _("text"), "number": lambda: _("whole number"), "date": lambda: _("date")}


# --- a sheet given back -------------------------------------------------------------------------------------------------


def marked(sheet_import: SheetImport) -> bytes:
    """The sent sheet with faulty cells coloured and commented, and what is perhaps there already; of a long one only those rows."""
    from openpyxl import Workbook

    with translation.override("id"):
        book = Workbook(write_only=True)
        page = book.create_sheet(sheet_import.sheet[:31] or "Data")
        page.freeze_panes = "A2"
        source = sheet_import.book()
        kind = kind_of(sheet_import.kind)
        faults, similar = dict(sheet_import.rows.exclude(faults=[]).values_list("number", "faults")), _similar(sheet_import, kind)
        rows = source.rows(sheet_import.sheet)
        heading = list(_up_to(rows, sheet_import.header_row or 1))
        header = header_at(heading, sheet_import.header_row or 1, kind.words())
        page.append([_text(page, name) for name in (header.names if header else ())])
        is_whole = sheet_import.rows_in <= WHOLE_UP_TO
        for number, values in rows:
            if is_whole or number in faults or number in similar:
                said = sheet_import.decisions.get(str(number), {}).get("cells", {})
                notes, colour = (similar[number], _AMBER) if number in similar else (faults.get(number, ()), _RED)
                page.append(_marked_row(page, values, sheet_import.mapping, notes, colour, said))
        return saved(book)


def _similar(sheet_import: SheetImport, kind: type[Intake]) -> dict[int, list[list[str]]]:
    """Rows on which a person has to decide, each with a note at its name."""
    at = next((field.key for field in kind.fields if field.key == "name"), kind.fields[0].key)
    sentence = _("Similar to %(twin)s. Decide it on the page of the import, or write here what tells them apart.")
    rows = sheet_import.rows.filter(outcome=SheetRow.Outcome.SIMILAR).values_list("number", "twin_label")
    return {number: [[at, sentence % {"twin": twin}]] for number, twin in rows}


def _up_to(rows: Iterator[Row], last: int) -> Iterator[Row]:
    for row in rows:
        yield row
        if row[0] >= last:
            return


def _marked_row(
    page: Any, values: Sequence[Any], mapping: Mapping[str, int], notes: Sequence[Any], colour: str, said: Mapping[str, str]
) -> list[Any]:
    from openpyxl.comments import Comment
    from openpyxl.styles import PatternFill

    typed = {mapping[key]: text for key, text in said.items() if key in mapping}
    width = max([len(values), *(column + 1 for column in mapping.values())])
    cells = [_cell(page, typed.get(column, values[column] if column < len(values) else None)) for column in range(width)]
    by_column: dict[int, list[str]] = {}
    for key, sentence in notes:
        if key in mapping:
            by_column.setdefault(mapping[key], []).append(sentence)
    beside = [sentence for key, sentence in notes if key not in mapping]
    for column, sentences in by_column.items():
        cells[column].fill = PatternFill("solid", fgColor=colour)
        cells[column].comment = Comment("\n".join(sentences), "IKM", width=320, height=120)
    return [*cells, *(_text(page, sentence) for sentence in beside)]


def _cell(page: Any, value: Any) -> Cell:
    from openpyxl.cell import WriteOnlyCell

    if value is None or value == "":
        return _empty(page)
    if isinstance(value, str):
        return _text(page, value)
    if value is FORMULA:  # one that computes nothing: sent again unmended, the cell is refused again
        value = "=NA()"
    cell: Cell = WriteOnlyCell(page, value)
    if isinstance(value, float) and value.is_integer():
        cell.number_format = "0"  # a rounded NIK stays the number that it is, and is refused again
    return cell


def _empty(page: Any) -> Cell:
    from openpyxl.cell import WriteOnlyCell

    cell: Cell = WriteOnlyCell(page)
    return cell


def _text(page: Any, text: str) -> Cell:
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    cell: Cell = WriteOnlyCell(page, ILLEGAL_CHARACTERS_RE.sub("", text))
    cell.data_type = "s"
    cell.number_format = "@"
    return cell
