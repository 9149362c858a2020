"""Sheets of participants. Every row goes through the actions of the forms."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, ClassVar

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ikm_program import records
from ikm_program.screens import Text
from ikm_program.searching import normalised
from ikm_program.sheets.cells import choice, text
from ikm_program.sheets.entering import take_back
from ikm_program.sheets.kinds import Found, Line, SheetField, Values
from ikm_program.sheets.models import ConfirmedRow
from trainings import actions
from trainings.imports.people import PERSON, REGION, PeopleIntake, delete_on_record
from trainings.imports.readers import district_words
from trainings.models import Enterprise, Participant, Region

EDUCATIONS = {
    "tidak sekolah": "tidak",
    "tidak tamat": "tidak",
    "slta": "sma",
    "smk": "sma",
    "sma": "sma",
    "sltp": "smp",
    "d3": "diploma",
    "d4": "diploma",
}


class ParticipantIntake(PeopleIntake):
    name = "peserta"
    label: ClassVar[Text] = _("Participants")
    model = Participant
    permissions = ("trainings.add_participant", "trainings.change_participant")
    title_in_book = "Peserta"
    help: ClassVar[Text] = _("One row for each person. A person is found again by the NIK, or by name and date of birth.")
    fields = (
        *PERSON,
        SheetField(
            key=REGION,
            label=_("Kabupaten/kota"),
            read=district_words(),
            aliases=("kabupaten", "kab kota", "kabupaten kota", "wilayah"),
            width=24,
        ),
        SheetField(
            key="enterprise",
            label=_("IKM business"),
            read=text(160),
            width=28,
            aliases=("usaha", "nama usaha", "ikm", "usaha ikm"),
            help=_("Its name, exactly as on record."),
        ),
        SheetField(
            key="education",
            label=_("Education"),
            read=choice(Participant.Education.choices, EDUCATIONS),
            choices=tuple(Participant.Education.choices),
            aliases=("pendidikan", "pendidikan terakhir"),
        ),
        SheetField(key="address", label=_("Address"), read=text(250), aliases=("alamat", "alamat rumah"), width=32),
        SheetField(key="nik_exception", label=_("Why the NIK does not match"), read=text(160), aliases=("keterangan nik",), width=24),
    )

    def find(self, lines: Sequence[Line]) -> list[Found | None]:
        self._find_enterprises(lines)
        return [self._found(person) if person is not None else None for person in self.known_people(lines)]

    def _find_enterprises(self, lines: Sequence[Line]) -> None:
        names = {normalised(line.values["enterprise"]) for line in lines if "enterprise" in line.values}
        known: dict[Any, list[str]] = {}
        for name, region, form in (
            Enterprise.objects.owned_by(self.by).filter(sort_name__in=names).values_list("name", "region", "sort_name")
        ):
            known.setdefault((region, form), []).append(name)
        for line in lines:
            if "enterprise" in line.values:
                named = known.get((line.values[REGION], normalised(line.values["enterprise"])), [])
                if len(named) == 1:
                    line.values["enterprise"] = named[0]
                else:
                    line.refuse("enterprise", gettext("%(count)s businesses of this name are on record here.") % {"count": len(named)})

    def _found(self, person: Participant) -> Found:
        stored = {key: getattr(person, key) or "" for key in ("name", "nik", "sex", "phone", "education", "address", "nik_exception")}
        stored["birth_date"] = person.birth_date.isoformat() if person.birth_date else ""
        stored["enterprise"] = person.enterprise_name
        stored[REGION] = person.region_id
        return Found(person.pk, person.version, stored, str(person))

    def refuse_new(self, line: Line) -> None:
        self.rehearse(line, self.create)

    def refuse_change(self, line: Line, found: Found, changes: list[list[Any]]) -> None:
        super().refuse_change(line, found, changes)
        if not line.faults:
            self.rehearse_change(line, found, changes)

    def twins(self, lines: Sequence[Line]) -> list[Found | None]:
        return [self._found(person) if person is not None else None for person in self.namesakes(lines)]

    def create(self, values: Values) -> Any:
        region = Region.objects.get(pk=values[REGION])
        return actions.create_participant(Participant, by=self.by, region=region, **self.person_values(values), **self._business(values))

    def change(self, row: ConfirmedRow) -> Any:
        person = self.people().get(pk=row.record_id)
        said = {key: after for key, _before, after in row.changes} | {REGION: person.region_id}
        given = self.person_values(said) | (self._business(said) if "enterprise" in said else {})
        return actions.update_participant(person, by=self.by, version=row.record_version, **given)

    def _business(self, values: Values) -> dict[str, Any]:
        if not values.get("enterprise"):
            return {}
        name = normalised(values["enterprise"])
        return {"enterprise": Enterprise.objects.owned_by(self.by).get(region=values[REGION], sort_name=name)}

    def undo(self, rows: Iterable[ConfirmedRow]) -> None:
        for new, changed in take_back(self, rows):
            for row in new:
                delete_on_record(self.people().get(pk=row.record_id), by=self.by)
            for row in changed:
                self._set_back(row)

    def _set_back(self, row: ConfirmedRow) -> None:
        person = self.people().get(pk=row.record_id)
        before = {key: value for key, value, _after in row.changes}
        values = self.person_values({key: value for key, value in before.items() if value != ""})
        for key in before.keys() - values.keys():
            values[key] = None if key in ("birth_date", "nik", "enterprise") else ""
        if before.get("enterprise"):
            values |= self._business(before | {REGION: person.region_id})
        records.update(person, by=self.by, version=row.record_version, **values)

    def has_own_rows(self) -> bool:
        return bool(self.people().exists())

    def own_rows(self) -> Iterator[Mapping[str, Any]]:
        for person in self.people().order_by("region", "sort_name", "pk").iterator(chunk_size=2_000):
            yield self._found(person).values
