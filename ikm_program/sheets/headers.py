"""Where the table begins and what its columns are called, in sheets with titles above, headings in two rows and names of all kinds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from ikm_program.searching import normalised
from ikm_program.sheets.cells import is_blank, shown

LOOK_AT: Final = 40


@dataclass(frozen=True)
class Header:
    """The last row of the heading (as Excel counts) and the words over each column."""

    row: int
    names: tuple[str, ...]

    def matched(self, words: Mapping[str, str]) -> dict[str, int]:
        """Field key -> column, by `words` (normalised name -> key). The first column of a name counts."""
        found: dict[str, int] = {}
        for column, name in enumerate(self.names):
            key = next((words[form] for form in _forms(name) if form in words), None)
            if key is not None and key not in found:
                found[key] = column
        return found


def find_header(rows: Sequence[tuple[int, list[Any]]], words: Mapping[str, str]) -> Header | None:
    """The heading that names the most known columns; None when no row names two."""
    best, best_score = None, 1
    for header in _candidates(rows[:LOOK_AT]):
        score = len(header.matched(words))
        if score > best_score:
            best, best_score = header, score
    return best


def header_at(rows: Iterable[tuple[int, list[Any]]], row: int, words: Mapping[str, str]) -> Header | None:
    """The heading whose last row a person pointed out."""
    near = [found for found in rows if row - 1 <= found[0] <= row]
    candidates = [header for header in _candidates(near) if header.row == row]
    return max(candidates, key=lambda header: len(header.matched(words)), default=None)


def _candidates(rows: Sequence[tuple[int, list[Any]]]) -> Iterable[Header]:
    for index, (number, values) in enumerate(rows):
        names = [shown(value) if not is_blank(value) else "" for value in values]
        yield Header(number, tuple(names))
        if index and rows[index - 1][0] == number - 1:
            yield Header(number, tuple(_under(rows[index - 1][1], names)))


def _under(above: list[Any], names: list[str]) -> Iterable[str]:
    """Two rows of headings as one: a merged word above stands over every column until the next one."""
    group = ""
    for column in range(max(len(above), len(names))):
        over = shown(above[column]) if column < len(above) and not is_blank(above[column]) else ""
        name = names[column] if column < len(names) else ""
        group = over or (group if name else "")
        yield f"{group} / {name}" if group and name else name or over


def _forms(name: str) -> Iterable[str]:
    """A column "Tenaga Kerja / L" is known by all its words, or by the lower ones alone."""
    whole = normalised(name)
    yield whole
    upper, slash, lower = name.rpartition(" / ")
    if slash:
        yield normalised(lower)
        yield normalised(upper)
