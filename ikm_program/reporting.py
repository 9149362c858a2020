"""A report is data: columns, rows and what to say about them. Screen, JSON, CSV, XLSX and PDF are made from the same object."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final, Literal

from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ikm_program import formatting, pdf, xlsx
from ikm_program.charts import Chart

Kind = Literal["text", "integer", "decimal", "percent", "date", "money"]
Text = str | Promise
Row = Mapping[str, Any]

NOT_DETERMINED: Text = _("not determined")
NOT_COMPUTABLE: Text = _("cannot be computed yet")  # a share of something unknown
ROW_KIND: Final = "row_kind"  # a column of files alone
MANY_COLUMNS: Final = 9  # more of them are printed smaller
NUMERIC_KINDS: frozenset[str] = frozenset({"integer", "decimal", "percent", "money"})


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column. None is "not known" and printed as `unknown`; `money` is whole rupiah.

    A `percent` column names the two keys it divides, so that the share can never disagree with the figures beside it.
    """

    key: str
    label: Text
    kind: Kind = "text"
    unit: Text | None = None
    unknown: Text = NOT_DETERMINED
    share_of: tuple[str, str] | None = None  # (numerator, denominator), for kind="percent"
    nothing_to_divide: Text | None = None  # of a share: said where the numerator is not known (`unknown` is said of the denominator)
    width: int = 1  # share of the paper's width
    is_state: bool = False  # words that may change from day to day: they do not tell one row from another
    is_name: bool = False  # tells rows apart although figures stand before it
    is_position: bool = False  # a running number: neither a name nor a figure
    below_zero: Text = ""  # in which words a figure below zero is told (`%(n)s` is the figure); files keep the number
    is_signed: bool = False  # a difference: +100, −400; files keep the number
    group: Text = ""  # a heading over this column and its neighbours of the same group

    def __post_init__(self) -> None:
        if (self.kind == "percent") != (self.share_of is not None):
            raise ValueError(f"Column {self.key}: a percent column, and no other, says what it divides")

    @property
    def is_numeric(self) -> bool:
        return self.kind in NUMERIC_KINDS

    @property
    def longest_word(self) -> int:
        """Letters of the longest word of its heading; a line may break behind a stroke."""
        words = f"{self.label} {f'({self.unit})' if self.unit else ''}".replace("/", "/ ").replace("-", "- ").replace("\u00ad", " ").split()
        return max((len(word) for word in words), default=0)

    @property
    def full_label(self) -> str:
        """For where no heading stands above it: a phone, a spreadsheet."""
        words = f"{self.group}: {self.label}" if self.group else str(self.label)
        return f"{words} ({self.unit})" if self.unit else words


@dataclass(frozen=True, kw_only=True)
class Group:
    """A cell of the upper row of headings: over several columns, or one column that needs both rows."""

    label: Text
    span: int
    column: Column | None = None  # the one that stands alone


@dataclass(frozen=True, kw_only=True)
class Signature:
    """Who signs a report on paper. Without a name the line stays open for the pen."""

    position: Text
    name: str = ""
    number: str = ""  # "NIP 1970..."
    heading: Text = ""  # "Mengetahui,"


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One value as a page shows it: `text` in words, `link` to the records behind it."""

    column: Column
    value: Any
    text: str
    link: str = ""
    span: int = 1  # on paper: how many columns it covers

    @property
    def is_unknown(self) -> bool:
        return self.value is None


@dataclass(frozen=True, kw_only=True)
class Report:
    """What a pure function of querysets returns.

    `rows` may carry more keys than there are columns: all of them reach JSON, only the columns are printed. `totals` are the
    closing rows; where one says `is_subtotal`, files have a column that tells data from sums. `facts` are further top-level keys of
    the JSON form (they win over the standard ones). `link(row, column)` gives the address of the records behind a cell, or "": the
    view adds it with `dataclasses.replace`, reports know no URLs.
    `letterhead` (see paper_content.Letterhead) heads the printed form, `signatures` close it side by side, the
    last under place and day. `charts` stand with the table on the page and behind it on paper.
    """

    title: Text
    columns: Sequence[Column]
    rows: Sequence[Row]
    as_of: date | datetime | None = None
    subtitle: Text = ""
    totals: Sequence[Row] = ()
    notes: Sequence[Text] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)
    link: Callable[[Row, Column], str] | None = None
    letterhead: Mapping[str, Any] | None = None
    arms: bytes | None = None  # the image that the letterhead names by its hash
    charts: Sequence[Chart] = ()
    signatures: Sequence[Signature] = ()
    signed_at: str = ""  # "Banjarbaru, 22 Juni 2020"
    orientation: pdf.Orientation = "landscape"

    @property
    def as_of_line(self) -> str:
        return str(_("As of %(date)s")) % {"date": formatting.tanggal_layar(self.as_of)} if self.as_of else ""

    @property
    def column_shares(self) -> list[str]:
        """Widths of the printed columns: as they are asked for, and none so narrow that a word of its heading breaks."""
        is_wide = len(self.columns) > MANY_COLUMNS
        letter, padding = (1.55, 1.5) if is_wide else (1.75, 3.5)  # millimetres of a bold letter, and beside the words
        line = 165 if self.orientation == "portrait" else 250
        needed = [(letter * column.longest_word + padding) / line for column in self.columns]
        return [f"{100 * share:.2f}%" for share in _shares([column.width for column in self.columns], needed)]

    @property
    def groups(self) -> list[Group]:
        """The upper row of headings; empty when no column has a group."""
        found: list[Group] = []
        for column in self.columns:
            if not column.group:
                found.append(Group(label=column.label, span=1, column=column))
            elif found and found[-1].column is None and found[-1].label == column.group:
                found[-1] = replace(found[-1], span=found[-1].span + 1)
            else:
                found.append(Group(label=column.group, span=1))
        return found if any(group.column is None for group in found) else []

    def table(self) -> Iterator[list[Cell]]:
        """The rows as cells, for templates."""
        return (self._cells(row) for row in self.rows)

    def totals_table(self) -> Iterator[list[Cell]]:
        return (self._cells(row) for row in self.totals)

    def paper_rows(self) -> Iterator[list[Cell]]:
        return (_merged(self._cells(row)) for row in self.rows)

    def paper_totals(self) -> Iterator[list[Cell]]:
        return (_merged(self._cells(row)) for row in self.totals)

    def _cells(self, row: Row) -> list[Cell]:
        return [self._cell(row, column) for column in self.columns]

    def _cell(self, row: Row, column: Column) -> Cell:
        text = display(row, column)
        return Cell(column=column, value=value_of(row, column), text=text, link=self.link(row, column) if self.link else "")


def _shares(widths: Sequence[int], needed: Sequence[float]) -> list[float]:
    """Whoever needs more than its part gets what it needs, and the others share the rest; as asked where there is no room for that."""
    held: dict[int, float] = {}
    while sum(needed) <= 1:
        free = [at for at in range(len(widths)) if at not in held]
        whole, rest = sum(widths[at] for at in free), 1 - sum(held.values())
        short = [at for at in free if rest * widths[at] / whole < needed[at]]
        if not short:
            return [held[at] if at in held else rest * widths[at] / whole for at in range(len(widths))]
        held |= {at: needed[at] for at in short}
    return [width / sum(widths) for width in widths]


def _merged(cells: Sequence[Cell]) -> list[Cell]:
    """What is said to be unknown covers the unknown columns after it that say nothing."""
    merged: list[Cell] = []
    for cell in cells:
        if merged and merged[-1].is_unknown and cell.is_unknown and not cell.text:
            merged[-1] = replace(merged[-1], span=merged[-1].span + 1)
        else:
            merged.append(cell)
    return merged


def value_of(row: Row, column: Column) -> Any:
    """The bare value: a share is a fraction (1.3514), as a spreadsheet keeps it."""
    if column.share_of is None:
        return row.get(column.key)
    numerator, denominator = (row.get(key) for key in column.share_of)
    return None if numerator is None or not denominator else numerator / denominator


def unknown_of(row: Row, column: Column) -> str:
    """In which words a cell says that its value is not known; of a share, what is missing for it."""
    if column.share_of is None:
        return str(column.unknown)
    if column.nothing_to_divide is not None and row.get(column.share_of[0]) is None:
        return str(column.nothing_to_divide)
    return str(NOT_COMPUTABLE if column.unknown is NOT_DETERMINED else column.unknown)


def display(row: Row, column: Column) -> str:
    """A value as an Indonesian office writes it. A key that the row does not have prints nothing (closing rows leave cells out)."""
    if column.share_of is not None:
        parts = [row.get(key) for key in column.share_of]
        return unknown_of(row, column) if value_of(row, column) is None else formatting.persen(*parts)
    value = row.get(column.key, "")
    if value is None:
        return unknown_of(row, column)
    if value == "":
        return ""
    written = _written(value, column)
    if column.below_zero and value < 0:
        return str(column.below_zero) % {"n": formatting.bertanda(value, written)}
    return formatting.bertanda(value, written) if column.is_signed else written


def _written(value: Any, column: Column) -> str:
    match column.kind:
        case "integer":
            return formatting.jumlah(value)
        case "decimal":
            return formatting.desimal(value)
        case "money":
            return formatting.rupiah(value)
        case "date":
            return formatting.tanggal_layar(value)
    return str(value)


def to_json(report: Report) -> bytes:
    document = {
        "title": report.title,
        "subtitle": report.subtitle,
        "as_of": report.as_of,
        "rows": [dict(row) for row in report.rows],
        "totals": [dict(row) for row in report.totals],
        "notes": list(report.notes),
        **report.facts,
    }
    return json.dumps(document, ensure_ascii=False, default=_json_value).encode()


def _json_value(value: object) -> object:
    if isinstance(value, date):  # datetime is a date
        return value.isoformat()
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, Promise):
        return str(value)
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"{type(value).__name__} has no JSON form")


def to_csv(report: Report) -> Iterator[str]:
    """Lines of the file, made one at a time."""
    return xlsx.csv_lines(_sheet_columns(report), _sheet_rows(report, [*report.rows, *report.totals]))


def to_xlsx(report: Report) -> bytes:
    heading = [text for text in (str(report.subtitle), report.as_of_line) if text]
    return xlsx.workbook_bytes(
        str(report.title),
        _sheet_columns(report),
        list(_sheet_rows(report, report.rows)),
        totals=list(_sheet_rows(report, report.totals)),
        heading=heading,
        notes=[str(note) for note in report.notes],
    )


def to_pdf(report: Report, *, paper: pdf.Paper = "A4") -> bytes:
    """Paper is an official document: Indonesian, whatever language the screen has."""
    with translation.override("id"):
        return pdf.render_report(report, paper=paper, data=_printed_data(report))


def _printed_data(report: Report) -> pdf.Data:
    """The figures of the table, by column, and nothing that the table does not show."""
    keys = [column.key for column in report.columns]
    rows, totals = ([{key: row.get(key) for key in keys} for row in some] for some in (report.rows, report.totals))
    document = {"title": report.title, "subtitle": report.subtitle, "as_of": report.as_of, "rows": rows, "totals": totals}
    day = report.as_of if isinstance(report.as_of, date) else timezone.localdate()
    return pdf.Data(json.dumps(document, ensure_ascii=False, default=_json_value).encode(), day)


def _sheet_columns(report: Report) -> list[xlsx.SheetColumn]:
    columns = [
        xlsx.SheetColumn(key=column.key, label=column.full_label, kind=column.kind, unknown=str(column.unknown))
        for column in report.columns
    ]
    return [*columns, xlsx.SheetColumn(key=ROW_KIND, label=gettext("Kind of row"))] if _has_subtotals(report) else columns


def _sheet_rows(report: Report, rows: Sequence[Row]) -> Iterator[dict[str, Any]]:
    kinds = _row_kinds(report) if _has_subtotals(report) else None
    for row in rows:
        cells = {column.key: _filed(row, column) for column in report.columns if _has(row, column)}
        yield {**cells, ROW_KIND: kinds(row)} if kinds else cells


def _has_subtotals(report: Report) -> bool:
    return any(row.get("is_subtotal") for row in report.totals)


def _row_kinds(report: Report) -> Callable[[Row], str]:
    """What tells data from sums, so that whoever adds up a file does not count a piece twice."""
    closing = {id(row) for row in report.totals}
    return lambda row: gettext("Subtotal") if row.get("is_subtotal") else gettext("Total") if id(row) in closing else gettext("Data")


def _has(row: Row, column: Column) -> bool:
    return column.share_of is not None or column.key in row


def _filed(row: Row, column: Column) -> Any:
    """What a file has in a cell: the bare value, or the words that page and paper have for what is not known."""
    value = value_of(row, column)
    return unknown_of(row, column) if value is None else value
