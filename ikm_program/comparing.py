"""What changed between two states of one report: the same function asked for two days, and only the figures that differ."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ikm_program.formatting import tanggal_layar
from ikm_program.reporting import Column, Kind, Report, Row, display, value_of

Name = tuple[str, ...]
Link = Callable[[Row, Column], str]
NOT_THERE = gettext_lazy("no data")  # not known there, or not on that sheet
BLANK_DIFFERENCE = gettext_lazy("A difference stays blank where one of the two figures is not known, and where words changed.")
NOTHING: Row = {}


@dataclass(frozen=True)
class _Cell:
    """One figure of one row on both sheets; a row that a sheet does not have is `NOTHING`."""

    name: Name
    before: Row
    after: Row
    column: Column

    @property
    def differs(self) -> bool:
        return self.value(self.before) != self.value(self.after) or (self.before is NOTHING) != (self.after is NOTHING)

    @property
    def is_empty(self) -> bool:
        """Nothing and not known beside each other."""
        return not self.value(self.before) and not self.value(self.after)

    def value(self, row: Row) -> Any:
        return None if row is NOTHING else value_of(row, self.column)

    def shown(self, row: Row, kind: Kind) -> Any:
        return self.value(row) if kind != "text" or row is NOTHING else display(row, self.column)


def compare(before: Report, after: Report, *, note: str = "") -> Report:
    """Rows are told apart by the words before their first figure (a state is no name, a running number neither) and by what is said to be
    a name, in the order of the later sheet.

    Shares follow from what they divide.
    """
    naming = _naming(after)
    compared = [column for column in after.columns if column not in naming and column.share_of is None and not column.is_position]
    cells = _telling(_cells(before.rows, after.rows, naming, compared))
    sums = _telling(_cells(before.totals, after.totals, naming, compared))
    kind = _kind({cell.column.kind for cell in (*cells, *sums)})
    links = before.link, after.link

    def row(cell: _Cell) -> dict[str, Any]:
        return _row(cell, naming, kind, links)

    days = [tanggal_layar(sheet.as_of) if sheet.as_of else "" for sheet in (before, after)]
    beside = _("compared with the sheet as of %(day)s") % {"day": days[0]} if days[0] else ""
    return Report(
        title=format_lazy("{}: {}", gettext_lazy("What changed"), after.title),
        subtitle=" · ".join(text for text in (str(after.subtitle), beside) if text),
        as_of=after.as_of,
        columns=[
            *naming,
            Column(key="figure", label=gettext_lazy("Figure"), width=3),
            Column(key="before", label=days[0], kind=kind, unknown=NOT_THERE, width=2),
            Column(key="after", label=days[1], kind=kind, unknown=NOT_THERE, width=2),
            Column(key="difference", label=gettext_lazy("Difference"), kind=_countable(kind), unknown="", width=2, is_signed=True),
        ],
        rows=[row(cell) for cell in cells],
        totals=[row(cell) for cell in sums],
        notes=[
            *([_("Only figures that differ are listed."), BLANK_DIFFERENCE] if cells else [_("Nothing has changed.")]),
            *([note] if note else []),
        ],
        facts={"from": before.as_of, "to": after.as_of},
        link=_link,
        orientation=after.orientation,
    )


def _telling(cells: Iterable[_Cell]) -> list[_Cell]:
    """What differs. Where a row has more to say, that something unknown became nothing, or the other way, is left out."""
    differing = [cell for cell in cells if cell.differs]
    told = {cell.name for cell in differing if not cell.is_empty}
    return [cell for cell in differing if not cell.is_empty or cell.name not in told]


def _naming(report: Report) -> list[Column]:
    told = [column for column in report.columns if not column.is_position]
    words = list(takewhile(lambda column: not column.is_numeric, told))
    names = [column for column in told if column.is_name or (column in words and not column.is_state)]
    return names or told[:1]


def _cells(before: Sequence[Row], after: Sequence[Row], naming: Sequence[Column], compared: Sequence[Column]) -> Iterator[_Cell]:
    was, now = _named(before, naming), _named(after, naming)
    for name in [*now, *(name for name in was if name not in now)]:
        yield from (_Cell(name, was.get(name, NOTHING), now.get(name, NOTHING), column) for column in compared)


def _named(rows: Sequence[Row], naming: Sequence[Column]) -> dict[Name, Row]:
    """Two rows of one name are told apart by their order."""
    seen: Counter[Name] = Counter()
    found: dict[Name, Row] = {}
    for row in rows:
        name = tuple(display(row, column) for column in naming)
        seen[name] += 1
        found[(*name, str(seen[name]))] = row
    return found


def _kind(kinds: set[Kind]) -> Kind:
    """Of figures of one kind the sheet knows the numbers; of several it writes them as the report does."""
    only = next(iter(kinds)) if len(kinds) == 1 else "text"
    return only if only in ("integer", "decimal", "money") else "text"


def _row(cell: _Cell, naming: Sequence[Column], kind: Kind, links: tuple[Link | None, Link | None]) -> dict[str, Any]:
    known = cell.after if cell.after is not NOTHING else cell.before
    return {
        **{column.key: known[column.key] for column in naming if column.key in known},  # a total leaves cells blank
        **({"is_subtotal": True} if known.get("is_subtotal") else {}),
        "figure": cell.column.full_label,
        "key": cell.column.key,
        "before": cell.shown(cell.before, kind),
        "after": cell.shown(cell.after, kind),
        "difference": _difference(cell),
        "before_url": _address(links[0], cell.before, cell.column),
        "after_url": _address(links[1], cell.after, cell.column),
    }


def _countable(kind: Kind) -> Kind:
    """Differences are numbers, also where the sheet has figures of several kinds."""
    return "decimal" if kind == "text" else kind


def _difference(cell: _Cell) -> Any:
    """Unknown on one of them has no difference."""
    before, after = cell.value(cell.before), cell.value(cell.after)
    return None if not cell.column.is_numeric or before is None or after is None else after - before


def _address(link: Link | None, row: Row, column: Column) -> str:
    return link(row, column) if link is not None and row is not NOTHING else ""


def _link(row: Row, column: Column) -> str:
    """Each figure opens the records that its own sheet opens."""
    return str(row.get(f"{column.key}_url", ""))
