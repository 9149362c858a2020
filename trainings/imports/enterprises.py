"""Sheets of small industries: tens of thousands of rows at once, written past the actions by their own rules.

Every row is read by the parsers of the forms, every constraint over several columns is asked before a person confirms, and the database
has the last word. One audit event tells what the whole import did, with the hash of its file.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cached_property
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import connection, models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ikm_program import records, search_index, tallies
from ikm_program.actions import Refusal
from ikm_program.searching import SORT_LENGTH, normalised, search_key
from ikm_program.sheets import bulk
from ikm_program.sheets.entering import in_chunks, take_back
from ikm_program.sheets.kinds import Found, Intake, Line, Values, stale
from ikm_program.sheets.models import ConfirmedRow, SheetRow
from trainings.imports.enterprise_fields import FIELDS, RECORD
from trainings.imports.readers import Districts
from trainings.imports.twins import TOLD_APART_BY, Names, Twins, likeness_of_rows, meetings
from trainings.models import Enterprise, Participant, Region

REGION = "region"
WRITE_CHUNK = 2_000
SAYS_WHO = ("phone", "address", "village", "subdistrict")
IDENTIFYING = ("code", "nib", "name", "owner_name", *SAYS_WHO)


class EnterpriseIntake(Intake):
    name = "ikm"
    label = _("Small businesses (IKM)")
    model = Enterprise
    permissions = ("trainings.add_enterprise", "trainings.change_enterprise")
    fields = FIELDS
    title_in_book = "Data IKM"
    help = _("One row for each business. It is found again by its IKM code, its NIB, or its name together with its owner.")

    told_apart_by = TOLD_APART_BY
    meetings = staticmethod(meetings)
    likeness_of_rows = staticmethod(likeness_of_rows)

    compared: ClassVar = tuple(field.key for field in FIELDS if field.key not in (REGION, RECORD))

    def __init__(self, by: Any) -> None:
        super().__init__(by)
        self.districts = Districts(by)
        self.records: dict[int, int] = {}  # record -> the row that named it by its key
        self.names = Names(self)
        self.nameless: dict[int, int] = {}  # record -> the row that was taken for it by its name alone
        self.regions: dict[str, Region | ValidationError] = {}

    # --- understanding a row ------------------------------------------------------------------------------------------

    def complete(self, line: Line) -> None:
        words = line.values.pop(REGION, None)
        region = self._region(str(words)) if words else self.districts.own
        if isinstance(region, ValidationError):
            line.values[REGION] = words
            line.refuse(REGION, region.messages[0])
        elif region is None:
            line.refuse(REGION, gettext("Say which kabupaten/kota the business is in."))
        else:
            line.values[REGION] = region.pk
        line.record = line.values.pop(RECORD, None)
        if line.record is not None and (first := self.records.setdefault(line.record, line.number)) != line.number:
            sentence = gettext("A copy of row %(row)s: clear the hidden key of a row that is to be a new business.")
            self.refuse_key(line, sentence % {"row": first})

    def refuse_key(self, line: Line, sentence: str) -> None:
        """The key stands in the row's cells again, so that it can be cleared there."""
        line.values[RECORD] = line.record
        line.refuse(RECORD, sentence)

    def _region(self, words: str) -> Region | ValidationError:
        if words not in self.regions:
            try:
                self.regions[words] = self.districts.read(words)
            except ValidationError as error:
                self.regions[words] = error
        return self.regions[words]

    @cached_property
    def joint_constraints(self) -> list[tuple[models.CheckConstraint, frozenset[str]]]:
        """Those over several columns; what one column may hold, its reader says."""
        found = []
        for constraint in Enterprise._meta.constraints:
            if isinstance(constraint, models.CheckConstraint):
                columns = frozenset(name.partition("__")[0] for name in _columns_of(constraint.condition)) & set(self.compared)
                if len(columns) > 1:
                    found.append((constraint, columns))
        return found

    @cached_property
    def joint_columns(self) -> frozenset[str]:
        return frozenset(key for _constraint, columns in self.joint_constraints for key in columns)

    def refuse_new(self, line: Line) -> None:
        self._refuse_what_does_not_fit(line, {})

    def refuse_change(self, line: Line, found: Found, changes: list[list[Any]]) -> None:
        self._refuse_what_does_not_fit(line, found.values)

    def _refuse_what_does_not_fit(self, line: Line, stored: Values) -> None:
        """Over what would stand in the record: what the row says, and beside it what is on record."""
        if self.joint_columns.isdisjoint(line.values):
            return
        for constraint, columns in self.joint_constraints:
            if line.faults or columns.isdisjoint(line.values):
                continue
            candidate, values = Enterprise(), stored | line.values
            for key in columns & values.keys():
                setattr(candidate, key, _field(key).to_python(values[key]))
            try:
                constraint.validate(Enterprise, candidate)
            except ValidationError as error:
                line.refuse(sorted(columns & line.values.keys())[0], error.messages[0])

    def identities(self, values: Values) -> Iterable[tuple[Any, ...]]:
        region = values.get(REGION)
        if "code" in values:
            yield "code", region, values["code"].lower()
        if "nib" in values:
            yield "nib", region, values["nib"]
        if "code" not in values and "nib" not in values and values.get("owner_name"):
            yield "name", region, normalised(str(values.get("name", ""))), normalised(values["owner_name"])

    def written(self, key: str, value: Any) -> str:
        return self.districts.name_of(value) if key == REGION else super().written(key, value)

    # --- finding its record -------------------------------------------------------------------------------------------

    @cached_property
    def is_first(self) -> bool:
        """Nothing is on record yet: there is nothing to be found."""
        return not self.reachable().exists()

    def find(self, lines: Sequence[Line]) -> list[Found | None]:
        if self.is_first and all(line.record is None for line in lines):
            return [None] * len(lines)
        known = _Known(self, lines)
        return [known.by_its_key(line) if line.record is not None else known.record_of(line) for line in lines]

    def twins(self, lines: Sequence[Line]) -> list[Found | None]:
        """What looks like it most: met by a number or by its name, and likely the same as `trainings.duplicates` judges."""
        if not lines or self.is_first:
            return [None] * len(lines)
        known = Twins(self, lines, said_in(lines))
        return [known.closest(line) for line in lines]

    def reachable(self) -> Any:
        return Enterprise.objects.owned_by(self.by)

    def found(self, rows: Any, said: Iterable[str] = ()) -> Iterator[Found]:
        """The records with what identifies them and the fields that the sheet speaks of; all fields when nothing is said."""
        said = {*said}
        joint = self.joint_columns if not self.joint_columns.isdisjoint(said) else ()
        chosen = tuple(dict.fromkeys((*IDENTIFYING, *said, *joint))) if said else self.compared
        decimals = [key for key in ("latitude", "longitude") if key in chosen]
        for pk, version, region, *values in rows.values_list("pk", "version", "region_id", *chosen).iterator(chunk_size=5_000):
            stored = dict(zip(chosen, values, strict=True))
            for key in decimals:
                if isinstance(stored[key], Decimal):
                    stored[key] = f"{stored[key]:.6f}"
            stored[REGION] = region
            owner = f" · {stored['owner_name']}" if stored["owner_name"] else ""
            yield Found(pk, version, stored, f"{stored['name']}{owner}")

    # --- writing ------------------------------------------------------------------------------------------------------

    def new_ids(self, count: int) -> Sequence[int | None]:
        return bulk.new_ids(Enterprise, count)

    def enter(self, rows: Iterable[ConfirmedRow]) -> Iterator[tuple[ConfirmedRow, int, int]]:
        now, added = timezone.now(), Counter[int]()
        with records.refusing_in_words(Enterprise), search_index.taking_in(Enterprise):
            for chunk in in_chunks(rows, WRITE_CHUNK):
                self._insert([row for row in chunk if row.outcome == SheetRow.Outcome.NEW], now, added)
                yield from self._change([row for row in chunk if row.outcome == SheetRow.Outcome.CHANGED])
        self._count(added)

    def _insert(self, rows: Sequence[ConfirmedRow], now: Any, added: Counter[int]) -> None:
        """One after the other: the database takes in what is made while more is being made."""
        fields = list(Enterprise._meta.concrete_fields)
        blank = Enterprise(created_by=self.by, version=1)
        start = [bulk.prepared(field, now if field.name == "created_at" else getattr(blank, field.attname)) for field in fields]
        places = {field.name: index for index, field in enumerate(fields)}

        def made() -> Iterator[list[Any]]:
            for row in rows:
                cells, values = row.cells, list(start)
                values[places["id"]] = row.record_id
                for key, value in (cells | search_columns(cells)).items():
                    values[places[key]] = value
                added[cells[REGION]] += 1
                yield values

        if rows:
            bulk.insert(Enterprise, [str(field.column) for field in fields], made())

    def _count(self, added: Mapping[int, int]) -> None:
        """The tallies that lists show: so many more (or fewer) by district."""
        for region in Region.objects.filter(pk__in=added):
            tallies.count(Enterprise, region.path, by=added[region.pk])

    def _change(self, rows: Sequence[ConfirmedRow]) -> Iterator[tuple[ConfirmedRow, int, int]]:
        if rows:
            self._write(rows, {row.pk: {key: after for key, _before, after in row.changes} for row in rows})
            yield from ((row, int(row.record_id or 0), int(row.record_version or 0) + 1) for row in rows)

    def _write(self, rows: Sequence[ConfirmedRow], values: Mapping[int, Values]) -> None:
        """Write `values` (by row) over the records, if each still has the version that the row knows."""
        current = self.reachable().in_bulk([row.record_id for row in rows])
        columns = sorted({key for changed in values.values() for key in changed} | {"sort_name", "search_key"})
        fields = [_field(name) for name in columns]
        staged, renamed = [], []
        for row in rows:
            record = current.get(row.record_id)
            if record is None or record.version != row.record_version:
                raise stale(row)
            was_called = record.name
            for key, value in values[row.pk].items():
                field = _field(key)
                setattr(record, field.attname, field.to_python(value))
            for key, value in record.search_columns().items():
                setattr(record, key, value)
            if record.name != was_called:
                renamed.append(record.pk)
            staged.append((record.pk, row.record_version, *(bulk.prepared(field, getattr(record, field.attname)) for field in fields)))
        if bulk.update(Enterprise, [str(field.column) for field in fields], staged) != len(staged):
            raise stale(rows[0])
        records.find_again(Participant.objects.filter(enterprise__in=renamed).select_related("enterprise"))

    # --- taking back --------------------------------------------------------------------------------------------------

    def undo(self, rows: Iterable[ConfirmedRow]) -> None:
        for new, changed in take_back(self, rows):
            made = self.reachable().filter(pk__in=[row.record_id for row in new])
            if made.count() != len(new):
                raise Refusal(_("This lies outside your region."))
            self._count({region: -count for region, count in made.order_by().values_list("region").annotate(models.Count("pk"))})
            made._raw_delete(connection.alias)
            if changed:
                self._write(changed, {row.pk: {key: before for key, before, _after in row.changes} for row in changed})

    def has_own_rows(self) -> bool:
        return not self.is_first

    def own_rows(self) -> Iterator[Mapping[str, Any]]:
        for found in self.found(self.reachable().order_by("region", "sort_name", "pk")):
            yield {**found.values, RECORD: str(found.pk)}


def said_in(lines: Sequence[Line]) -> set[str]:
    """The fields that any of the rows speaks of."""
    return {key for line in lines for key in line.values} - {REGION}


class _Known:
    """The records that the rows of a chunk may speak of: by their numbers, and by name and owner only those not found by then."""

    def __init__(self, intake: EnterpriseIntake, lines: Sequence[Line]) -> None:
        self.by_code: dict[Any, Found] = {}
        self.by_nib: dict[Any, Found] = {}
        self.by_owner: dict[Any, Found] = {}
        self.by_name: dict[Any, list[Found]] = {}
        self.intake = intake
        said, rows = said_in(lines), intake.reachable()
        keys = {line.record for line in lines if line.record is not None}
        self.by_key = {found.pk: found for found in intake.found(rows.filter(pk__one_of=keys), said)} if keys else {}
        lines = [line for line in lines if line.record is None]
        codes = {line.values["code"] for line in lines if "code" in line.values}
        for found in intake.found(rows.filter(~Q(code=""), code__one_of=codes), said) if codes else ():
            self._note_numbers(found)
        nibs = {
            line.values["nib"] for line in lines if "nib" in line.values and (line.values[REGION], line.values["nib"]) not in self.by_nib
        }
        for found in intake.found(rows.filter(~Q(nib=""), nib__one_of=nibs), said) if nibs else ():
            self._note_numbers(found)
        unknown = [line for line in lines if not self._by_number(line.values)]
        names = {normalised(str(line.values["name"]))[:SORT_LENGTH] for line in unknown}
        for found in intake.found(rows.filter(sort_name__one_of=names), said) if names else ():
            self._note_names(found)

    def _by_number(self, values: Values) -> Found | None:
        by_code = self.by_code.get((values[REGION], values["code"].lower())) if "code" in values else None
        return by_code or self.by_nib.get((values[REGION], values.get("nib")))

    def _note_numbers(self, found: Found) -> None:
        values, region = found.values, found.values[REGION]
        if values["code"]:
            self.by_code.setdefault((region, values["code"].lower()), found)
        if values["nib"]:
            self.by_nib.setdefault((region, values["nib"]), found)

    def _note_names(self, found: Found) -> None:
        region, name, owner = found.values[REGION], normalised(found.values["name"]), found.values["owner_name"]
        if owner:
            self.by_owner.setdefault((region, name, normalised(owner)), found)
        self.by_name.setdefault((region, name), []).append(found)

    def by_its_key(self, line: Line) -> Found | None:
        """A prefilled row says itself which record it is. A business moves to another district on its own page, not here."""
        found = self.by_key.get(line.record or 0)
        if found is None:
            self.intake.refuse_key(line, gettext("The business of this row is no longer on record, or lies outside your region."))
        elif found.values[REGION] != line.values[REGION]:
            line.refuse(REGION, gettext("The business is on record in another kabupaten/kota. It is moved on its own page."))
        return found

    def _by_name_alone(self, line: Line) -> Found | None:
        """Neither the row nor the one record of that name says more about who it is, and nothing they say differs: taken once."""
        values = line.values
        named = self.by_name.get((values[REGION], normalised(str(values["name"]))), [])
        if len(named) != 1 or any(values.get(key) or named[0].values[key] for key in ("code", "nib", "owner_name")):
            return None
        said = (key for key in SAYS_WHO if values.get(key) and named[0].values.get(key))
        if any(named[0].values[key] != values[key] for key in said):
            return None
        return named[0] if self.intake.nameless.setdefault(named[0].pk, line.number) == line.number else None

    def record_of(self, line: Line) -> Found | None:
        values, region = line.values, line.values[REGION]
        by_code = self.by_code.get((region, values["code"].lower())) if "code" in values else None
        by_nib = self.by_nib.get((region, values["nib"])) if "nib" in values else None
        if by_code and by_nib and by_code.pk != by_nib.pk:
            line.refuse("nib", gettext("This NIB belongs to another business: %(name)s.") % {"name": by_nib.told})
            return None
        found = by_code or by_nib or self._by_name_alone(line)
        if found is None and values.get("owner_name"):
            found = self.by_owner.get((region, normalised(str(values["name"])), normalised(values["owner_name"])))
            if found and any(found.values[key] and values.get(key) and found.values[key] != values[key] for key in ("nib", "code")):
                return None  # the same name and owner under another number: a second business
        return found


def search_columns(values: Values) -> dict[str, str]:
    """What `Searched.search_columns` says of a record with these values, without making one."""
    return {
        "sort_name": normalised(values["name"])[:SORT_LENGTH],
        "search_key": search_key(values["name"], [values[key] for key in Enterprise.FOUND_BY if key in values]),
    }


def _columns_of(condition: Any) -> Iterator[str]:
    for part in condition.children:
        if isinstance(part, Q):
            yield from _columns_of(part)
        elif isinstance(part, tuple):
            yield str(part[0])
            if isinstance(part[1], models.F):
                yield str(part[1].name)  # type: ignore[attr-defined]  # the stubs do not know it


def _field(name: str) -> models.Field[Any, Any]:
    found = Enterprise._meta.get_field(name)
    assert isinstance(found, models.Field)
    return found
