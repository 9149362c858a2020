"""What sheets of people share: their columns, how a person is found again, and the agreement of a NIK with what stands beside it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection, models
from django.db.models.deletion import Collector
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ikm_program import audit, tallies
from ikm_program.searching import normalised
from ikm_program.sheets.cells import choice
from ikm_program.sheets.kinds import Found, Intake, Line, SheetField, Values
from trainings import identity
from trainings.identity import Sex
from trainings.imports.enterprise_fields import SEXES
from trainings.imports.readers import Districts, birth_date, nik, person_name, phone
from trainings.models import Participant

REGION = "region"
BESIDE_THE_NAME = ("nik", "birth_date", "sex", "phone")  # by what two people of one name are told apart
PERSON: tuple[SheetField, ...] = (
    SheetField(
        key="name",
        label=_("Full name"),
        read=person_name(),
        is_required=True,
        example="Aminah Contoh",
        width=28,
        aliases=("nama", "nama lengkap", "nama peserta", "peserta"),
    ),
    SheetField(
        key="nik",
        label="NIK",
        read=nik(),
        is_private=True,
        is_identifier=True,
        width=20,
        help=_("16 digits, as text."),
        aliases=("no ktp", "nomor ktp", "no nik", "nomor induk kependudukan"),
    ),
    SheetField(
        key="sex",
        label=_("Sex"),
        read=choice(Sex.choices, SEXES),
        choices=tuple(Sex.choices),
        example="Perempuan",
        width=12,
        aliases=("jenis kelamin", "l p", "jk"),
    ),
    SheetField(
        key="birth_date",
        label=_("Date of birth"),
        read=birth_date(),
        kind="date",
        example="15/06/1985",
        aliases=("tanggal lahir", "tgl lahir", "tgl. lahir"),
    ),
    SheetField(
        key="phone",
        label=_("Mobile phone"),
        read=phone(),
        is_identifier=True,
        aliases=("no hp", "hp", "telepon", "no telp", "no wa", "whatsapp"),
    ),
)


class PeopleIntake(Intake):
    """What both sheets of people share: whose district it is, and the agreement of a NIK with what stands beside it."""

    told_apart_by = ("name", *BESIDE_THE_NAME)

    def __init__(self, by: Any) -> None:
        super().__init__(by)
        self.districts = Districts(by)

    def written(self, key: str, value: Any) -> str:
        return self.districts.name_of(value) if key == REGION else super().written(key, value)

    def complete(self, line: Line) -> None:
        words = line.values.get(REGION)
        try:
            region = self.districts.read(str(words)) if words else self.districts.own
        except ValidationError as error:
            line.refuse(REGION, error.messages[0])
            return
        if region is None:
            line.refuse(REGION, gettext("Say which kabupaten/kota this person belongs to."))
            return
        line.values[REGION] = region.pk

    def identities(self, values: Values) -> Iterable[tuple[Any, ...]]:
        if "nik" in values:
            yield "nik", values["nik"]
        elif "name" in values:  # whom nothing tells apart
            yield "name", values.get(REGION), normalised(values["name"]), values.get("birth_date"), values.get("phone")

    def meetings(self, values: Mapping[str, Any]) -> Iterable[Hashable]:
        yield "name", values[REGION], normalised(values["name"])

    def likeness_of_rows(self, one: Mapping[str, str], other: Mapping[str, str]) -> int:
        """Of two that met under their name: how much says the same beside it, if nothing says something else."""
        both = [one[key] == other[key] for key in BESIDE_THE_NAME if one[key] and other[key]]
        return 1 + len(both) if all(both) else 0

    def refuse_wrong_nik(self, line: Line, stored: Values | None = None) -> None:
        """By the rule of the form, over what would stand in the record."""
        values = {**(stored or {}), **line.values}
        said = [key for key in ("nik", "birth_date", "sex") if key in line.values]
        if not values.get("nik") or not said:
            return
        number = identity.parse_nik(values["nik"], demo=True)  # its reader has judged it
        born_on = dt.date.fromisoformat(values["birth_date"]) if values.get("birth_date") else None
        for problem in identity.nik_problems(
            number, born_on=born_on, sex=values.get("sex") or None, mismatch_accepted=bool(values.get("nik_exception"))
        ):
            if not problem.is_warning:
                line.refuse(said[0], problem.message)
                return

    def refuse_new(self, line: Line) -> None:
        self.refuse_wrong_nik(line)

    def refuse_change(self, line: Line, found: Found, changes: list[list[Any]]) -> None:
        self.refuse_wrong_nik(line, found.values)

    def people(self) -> Any:
        return Participant.objects.owned_by(self.by).select_related("region", "enterprise")

    def known_people(self, lines: Sequence[Line]) -> list[Participant | None]:
        """By NIK within the district; without one by name and date of birth."""
        niks = {line.values["nik"] for line in lines if "nik" in line.values}
        names = {normalised(line.values["name"]) for line in lines}
        rows = list(self.people().filter(nik__in=niks)) + list(self.people().filter(sort_name__in=names))
        by_nik = {(person.region_id, person.nik): person for person in rows if person.nik}
        by_birth = {(person.region_id, person.sort_name, person.birth_date.isoformat()): person for person in rows if person.birth_date}
        found: list[Participant | None] = []
        for line in lines:
            region, birth = line.values[REGION], line.values.get("birth_date")
            person = by_nik.get((region, line.values.get("nik")))
            named = by_birth.get((region, normalised(line.values["name"]), birth)) if birth else None
            if person is None and named is not None and not (named.nik and line.values.get("nik")):
                person = named
            found.append(person)
        return found

    def namesakes(self, lines: Sequence[Line]) -> list[Participant | None]:
        """For each line somebody on record with that name in the district, if nothing tells the two apart."""
        rows = self.people().filter(sort_name__in={normalised(line.values["name"]) for line in lines})
        by_name = {(person.region_id, person.sort_name): person for person in rows}
        found = [by_name.get((line.values[REGION], normalised(line.values["name"]))) for line in lines]
        return [person if person and not are_two(person, line.values) else None for person, line in zip(found, lines, strict=True)]

    def person_values(self, values: Values) -> dict[str, Any]:
        """The arguments of an action, from what the sheet says."""
        given = {
            key: value for key, value in values.items() if key in ("name", "nik", "nik_exception", "sex", "education", "phone", "address")
        }
        if "birth_date" in values:
            given["birth_date"] = dt.date.fromisoformat(values["birth_date"])
        return given


def are_two(person: Participant, values: Values) -> bool:
    """The same name, but each with a NIK or a birth date of its own."""
    born = person.birth_date.isoformat() if person.birth_date else None
    return bool((person.nik and values.get("nik")) or (born and values.get("birth_date") and born != values["birth_date"]))


def is_used(record: models.Model) -> bool:
    """Whether something that must not lose it points to it, by a name of its own or without one."""
    try:
        Collector(using=connection.alias, origin=record).collect([record])
    except (models.ProtectedError, models.RestrictedError):
        return True
    return False


def delete_on_record(record: Any, *, by: Any) -> None:
    audit.record("deleted", record, by=by, before={"label": str(record)})
    tallies.count(type(record), tallies.region_path_of(record), by=-1)
    record.delete()
