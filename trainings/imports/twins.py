"""Which business on record a new row perhaps speaks of. Numbers and names bring candidates, a chunk of rows at a time; the scorer of
`trainings.duplicates` judges them, as it does on entry and at night."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from django.db.models import Q

from ikm_program.sheets.kinds import Found, Line
from trainings.duplicates import Traits, block_keys, compare, name_words

if TYPE_CHECKING:
    from trainings.imports.enterprises import EnterpriseIntake

NUMBERS: Final = ("nib", "owner_nik", "phone")
COMPARED: Final = (*NUMBERS, "code", "name", "owner_name", "address", "village", "subdistrict")
SHARED_BY_AT_MOST: Final = 25  # a telephone that more businesses have is that of an office
TOLD_APART_BY: Final = ("region", *COMPARED)  # two rows of one sheet
DISTRICTS_KEPT: Final = 2  # a sheet is mostly in the order of its districts
Meeting = tuple[str, Any]


class Names:
    """The keys under which the businesses of a district meet others by name or owner; each district is read when a row first asks."""

    def __init__(self, intake: EnterpriseIntake) -> None:
        self.intake = intake
        self.kept: dict[int, dict[int, list[int]]] = {}

    def alike(self, traits: Traits) -> set[int]:
        """Keys of records in the district; not those of a name that too many bear."""
        keys = self._of_district(traits.region or 0)
        met = (keys.get(key, ()) for key in block_keys(traits))
        return {pk for those in met if len(those) <= SHARED_BY_AT_MOST for pk in those}

    def _of_district(self, region: int) -> dict[int, list[int]]:
        if region not in self.kept:
            while len(self.kept) >= DISTRICTS_KEPT:
                del self.kept[next(iter(self.kept))]
            keys: dict[int, list[int]] = {}
            rows = self.intake.reachable().filter(region=region).order_by()
            for pk, name, owner in rows.values_list("pk", "name", "owner_name").iterator(chunk_size=5_000):
                for key in block_keys(Traits(kind="enterprise", name=name, region=region, owner=owner)):
                    keys.setdefault(key, []).append(pk)
            self.kept[region] = keys
        return self.kept[region]


class Twins:
    """The records that meet some of the rows under a number, or under what their names sound like."""

    def __init__(self, intake: EnterpriseIntake, lines: Sequence[Line], said: Iterable[str]) -> None:
        self.met: dict[Meeting, dict[int, Found]] = {}
        self.alike = {line.number: intake.names.alike(_by_name(line.values)) for line in lines}
        wanted: dict[str, set[Any]] = {"pk": {pk for those in self.alike.values() for pk in those}}
        for line in lines:
            for kind, value in _numbers(line.values):
                wanted.setdefault(kind, set()).add(value)
        for kind, values in wanted.items():
            rows = intake.reachable() if kind == "pk" else intake.reachable().filter(~Q(**{kind: ""}))
            for found in intake.found(rows.filter(**{f"{kind}__one_of": values}), (*COMPARED, *said)) if values else ():
                for meeting in (("pk", found.pk), *_numbers(found.values)):
                    self.met.setdefault(meeting, {})[found.pk] = found

    def closest(self, line: Line) -> Found | None:
        """The likeliest of them, if one is likely at all."""
        telling = {kind: value for kind, value in _numbers(line.values) if len(self.met.get((kind, value), ())) <= SHARED_BY_AT_MOST}
        candidates: dict[int, Found] = {}
        for meeting in (*telling.items(), *(("pk", pk) for pk in self.alike[line.number])):
            candidates |= self.met.get(meeting, {})
        if not candidates:
            return None
        own = replace(_traits(line.values), numbers=telling)
        scored = [
            (likeness.score, -pk, found)
            for pk, found in candidates.items()
            if not _has_another_code(line.values, found.values) and (likeness := compare(own, _traits(found.values))).is_likely
        ]
        return max(scored, key=lambda one: one[:2])[2] if scored else None


def meetings(values: Mapping[str, Any]) -> Iterator[Hashable]:
    """Under what a new row meets others of its sheet: a number of its owner, the words of its name in the district."""
    if phone := values.get("phone"):
        yield phone
    if nik := values.get("owner_nik"):
        yield nik
    yield values["region"], *sorted(name_words(values["name"]))


def likeness_of_rows(one: Mapping[str, str], other: Mapping[str, str]) -> int:
    """The score of two rows that are likely one business; 0 of others."""
    likeness = compare(_traits(one), _traits(other))
    return likeness.score if likeness.is_likely and not _has_another_code(one, other) else 0


def _numbers(values: Mapping[str, Any]) -> Iterator[Meeting]:
    yield from ((kind, str(values[kind])) for kind in NUMBERS if values.get(kind))


def _by_name(values: Mapping[str, Any]) -> Traits:
    return replace(_traits(values), numbers={})


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
