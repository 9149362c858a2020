"""Which business on record a new row perhaps speaks of. Numbers and names bring candidates, a chunk of rows at a time; the scorer of
`trainings.duplicates` judges them, as it does on entry and at night."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from django.db.models import Q

from ikm_program.searching import SORT_LENGTH, normalised
from ikm_program.sheets.kinds import Found, Line
from trainings.duplicates import Traits, compare

if TYPE_CHECKING:
    from trainings.imports.enterprises import EnterpriseIntake

NUMBERS: Final = ("nib", "owner_nik", "phone")
COMPARED: Final = (*NUMBERS, "code", "name", "owner_name", "address", "village", "subdistrict")
SHARED_BY_AT_MOST: Final = 25  # a telephone that more businesses have is that of an office
Meeting = tuple[str, str]


class Twins:
    """The records that meet some of the rows under a number or a name."""

    def __init__(self, intake: EnterpriseIntake, lines: Sequence[Line], said: Iterable[str]) -> None:
        self.met: dict[Meeting, dict[int, Found]] = {}
        wanted: dict[str, set[str]] = {}
        for line in lines:
            for kind, value in _meetings(line.values):
                wanted.setdefault(kind, set()).add(value)
        for kind, values in wanted.items():
            rows = intake.reachable()
            rows = rows.filter(sort_name__one_of=values) if kind == "name" else rows.filter(~Q(**{kind: ""}), **{f"{kind}__one_of": values})
            for found in intake.found(rows, (*COMPARED, *said)):
                for meeting in _meetings(found.values):
                    self.met.setdefault(meeting, {})[found.pk] = found

    def closest(self, line: Line) -> Found | None:
        """The likeliest of them, if one is likely at all."""
        candidates: dict[int, Found] = {}
        for meeting in _meetings(line.values):
            there = self.met.get(meeting, {})
            if len(there) <= SHARED_BY_AT_MOST:
                candidates |= there
        if not candidates:
            return None
        own = _traits(line.values)
        scored = [
            (likeness.score, -pk, found)
            for pk, found in candidates.items()
            if not _has_another_code(line.values, found.values) and (likeness := compare(own, _traits(found.values))).is_likely
        ]
        return max(scored, key=lambda one: one[:2])[2] if scored else None


def _meetings(values: Mapping[str, Any]) -> Iterator[Meeting]:
    yield from ((kind, str(values[kind])) for kind in NUMBERS if values.get(kind))
    yield "name", normalised(str(values["name"]))[:SORT_LENGTH]


def _has_another_code(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """The district's own number: two of them are two businesses."""
    return bool(one.get("code") and other.get("code") and one["code"] != other["code"])


def _traits(values: Mapping[str, Any]) -> Traits:
    return Traits(
        kind="enterprise",
        name=str(values["name"]),
        region=values["region"],
        numbers={column: str(values.get(column) or "") for column in NUMBERS},
        owner=values.get("owner_name") or "",
        address=values.get("address") or "",
        village=values.get("village") or "",
        subdistrict=values.get("subdistrict") or "",
    )
