"""Sheets of people and the batch they take part in. Every row goes through the actions of the forms."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db.models import Max, Min
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ikm_program.models import AuditEvent
from ikm_program.screens import Text
from ikm_program.searching import normalised
from ikm_program.sheets.cells import text, whole_number
from ikm_program.sheets.entering import in_chunks, take_back
from ikm_program.sheets.kinds import Found, Line, SheetField, Values
from ikm_program.sheets.models import ConfirmedRow
from trainings import actions
from trainings.actions.participants import may_decide
from trainings.imports.people import PERSON, REGION, PeopleIntake, are_two, delete_on_record, is_used
from trainings.imports.readers import district_words
from trainings.models import ActivityDistrict, Batch, Enrolment, Participant, Region

WHO = "person"  # the person on record whom somebody has recognised in a row


class EnrolmentIntake(PeopleIntake):
    """People and the batch they take part in: who is not in the register yet is recorded with the enrolment."""

    name = "kepesertaan"
    label: ClassVar[Text] = _("Participants of batches")
    model = Enrolment
    twin_model = Participant
    permissions = ("trainings.add_enrolment", "trainings.add_participant")
    undoing: ClassVar[Text] = _(
        "The places and nominations of this import are deleted, and with them the people it recorded, except those whom somebody has used "
        "elsewhere or changed since. It is refused once a place was decided on or used."
    )
    title_in_book = "Kepesertaan"
    help: ClassVar[Text] = _(
        "One row for each person and activity. Who is not on record yet is recorded as well. What takes a place counts towards the quota "
        "of the kabupaten/kota; nominations may exceed it."
    )
    fields = (
        SheetField(
            key="activity",
            label=_("Activity"),
            read=text(160),
            is_required=True,
            width=36,
            aliases=("kegiatan", "nama kegiatan", "bimtek", "pelatihan"),
        ),
        SheetField(
            key="batch",
            label=_("Batch"),
            read=whole_number(at_least=1, at_most=999),
            kind="number",
            width=10,
            aliases=("angkatan", "angkatan ke", "no angkatan"),
        ),
        *PERSON,
        SheetField(
            key=REGION,
            label=_("Kabupaten/kota"),
            read=district_words(),
            aliases=("kabupaten", "kab kota", "kabupaten kota", "wilayah"),
            width=24,
        ),
    )

    def __init__(self, by: Any) -> None:
        super().__init__(by)
        self.batches = BatchNames(by)
        self.taken: Counter[tuple[int, int]] = Counter()
        self.on_record: dict[tuple[str, int], int] = {}  # activity and person -> the row that enrols somebody on record
        self.sure: set[int] = set()  # rows of whom it is known who they are

    def complete(self, line: Line) -> None:
        super().complete(line)
        if not line.faults:
            region = self.districts.region(line.values[REGION])
            try:
                batch = self.batches.read(line.values["activity"], line.values.get("batch"), region)
            except ValidationError as error:
                line.refuse("activity", error.messages[0])
            else:
                line.values["batch"] = batch.number

    def identities(self, values: Values) -> Iterable[tuple[Any, ...]]:
        for identity in super().identities(values):
            yield (*identity, normalised(str(values.get("activity", ""))))

    def meetings(self, values: Mapping[str, Any]) -> Iterable[Hashable]:
        """Within an activity: the same person may take part in several."""
        for key in super().meetings(values):
            yield key, normalised(values["activity"])

    def batch_of(self, values: Values) -> Batch:
        return self.batches.read(values["activity"], values.get("batch"), self.districts.region(values[REGION]))

    def find(self, lines: Sequence[Line]) -> list[Found | None]:
        """Somebody's place in the activity: by the person on record, or in the batch itself by the name, when the sheet says no more."""
        people = self.known_people(lines)
        batches = [self.batch_of(line.values) for line in lines]
        known = (
            Enrolment.objects.live().filter(activity__in={batch.activity_id for batch in batches}).select_related("batch", "participant")
        )
        places: dict[Any, Enrolment] = {}
        for place in known:
            person = place.participant
            places[place.activity_id, person.pk] = place
            places[place.batch_id, person.region_id, person.sort_name] = place
        return [self._found(*parts, places) for parts in zip(lines, people, batches, strict=True)]

    def _found(self, line: Line, person: Participant | None, batch: Batch, places: Mapping[Any, Enrolment]) -> Found | None:
        place = places.get((batch.activity_id, person.pk)) if person else None
        if person is None:
            place = places.get((batch.pk, line.values[REGION], normalised(line.values["name"])))
            if place is not None and are_two(place.participant, line.values):
                return None
        if place is None:
            return None
        if place.batch_id != batch.pk:
            line.refuse("batch", gettext("This person already takes part in this activity."))
            return None
        return Found(place.pk, place.version, {}, str(place))

    def twins(self, lines: Sequence[Line]) -> list[Found | None]:
        """Somebody on record with that name; whom a person has called the same is enrolled, not recorded anew."""
        known = self.known_people(lines) if lines else []
        found: list[Found | None] = []
        for line, person, is_known in zip(lines, self.namesakes(lines), known, strict=True):
            if is_known is not None:
                self._be_sure(line, is_known)
                found.append(None)
            elif person is not None and line.decision == "sama":
                line.values[WHO] = person.pk
                self._be_sure(line, person)
                found.append(None)
            else:
                found.append(Found(person.pk, person.version, {}, str(person)) if person is not None else None)
        return found

    def _be_sure(self, line: Line, person: Participant) -> None:
        self.sure.add(line.number)
        first = self.on_record.setdefault((normalised(line.values["activity"]), person.pk), line.number)
        if first != line.number:
            line.refuse("name", gettext("The same as in row %(row)s of this sheet.") % {"row": first})

    def may_be_twice(self, line: Line) -> bool:
        return line.number not in self.sure

    def written(self, key: str, value: Any) -> str:
        return str(value) if key == WHO else super().written(key, value)

    def refuse_new(self, line: Line) -> None:
        super().refuse_new(line)
        batch, region = self.batch_of(line.values), line.values[REGION]
        part = ActivityDistrict.objects.filter(activity=batch.activity_id, region=region).values("enrolled", "quota").first()
        if part is None:
            line.refuse("activity", gettext("This kabupaten/kota does not take part in this activity."))
            return
        if not may_decide(batch.activity, by=self.by):  # a nomination takes no place
            return
        self.taken[batch.activity_id, region] += 1
        if part["quota"] is None or part["enrolled"] + self.taken[batch.activity_id, region] <= part["quota"]:
            return
        sentence = gettext("The participant quota of this kabupaten/kota is already full (%(enrolled)s of %(quota)s).")
        if part["enrolled"] < part["quota"]:
            sentence = gettext(
                "The rows above take what is left of the quota of this kabupaten/kota (%(enrolled)s of %(quota)s are taken)."
            )
        line.refuse("activity", sentence % part)

    def create(self, values: Values) -> Any:
        batch, region = self.batch_of(values), self.districts.region(values[REGION])
        person = self.people().get(pk=values[WHO]) if WHO in values else self.known_people([Line(0, values)])[0]
        if person is not None:
            return actions.enrol(batch, by=self.by, participant=person)
        return actions.enrol_new(batch, by=self.by, region=region, **self.person_values(values))

    def undo(self, rows: Iterable[ConfirmedRow]) -> None:
        """The places go; whom the import recorded goes along, unless somebody has used or changed that record since."""
        kept = list(rows)
        recorded = self._recorded_by([row.record_id for row in kept])
        for new, _changed in take_back(self, kept):
            places = Enrolment.objects.owned_by(self.by).select_related("participant__region", "batch", "activity__programme")
            for row in new:
                place = places.get(pk=row.record_id or 0)
                actions.take_back_enrolment(place, by=self.by, version=row.record_version)
                person = place.participant
                if person.pk in recorded and person.version == 1 and not is_used(person):
                    delete_on_record(person, by=self.by)

    def _recorded_by(self, places: Sequence[int | None]) -> set[int]:
        """The people whom an import made. Its events stand in one piece, each person's just before that of the first place."""
        told = {model: AuditEvent.objects.filter(model=model._meta.label_lower, verb="created") for model in (Enrolment, Participant)}
        ends = [
            told[Enrolment].filter(object_id__in=[str(pk) for pk in chunk]).aggregate(first=Min("sequence"), last=Max("sequence"))
            for chunk in in_chunks(places)
        ]
        known = [end for end in ends if end["first"] is not None]
        if not known:
            return set()
        piece = (min(end["first"] for end in known) - 1, max(end["last"] for end in known))
        return {int(pk) for pk in told[Participant].filter(sequence__range=piece).values_list("object_id", flat=True)}

    def own_rows(self) -> Iterator[Mapping[str, Any]]:
        places = Enrolment.objects.owned_by(self.by).active().filter(activity__programme__status="dibuka")
        for place in places.select_related("participant", "activity", "batch"):
            person = place.participant
            born = person.birth_date.isoformat() if person.birth_date else ""
            yield {
                "activity": place.activity.name,
                "batch": place.batch.number,
                "name": person.name,
                "sex": person.sex,
                "birth_date": born,
                "phone": person.phone,
                REGION: person.region_id,
            }


class BatchNames:
    """Batches by the words of a sheet: the activity's name, and the number where there are several."""

    def __init__(self, by: Any) -> None:
        self.by = by

    @cached_property
    def known(self) -> dict[str, list[Batch]]:
        """Read when a row asks for the first time: a template has none."""
        found: dict[str, list[Batch]] = {}
        for batch in (
            Batch.objects.for_user(self.by).of_open_programmes().select_related("activity__programme__region", "region").order_by("pk")
        ):
            found.setdefault(normalised(batch.activity.name), []).append(batch)
        return found

    def read(self, activity: str, number: int | None, region: Region) -> Batch:
        covering = [batch for batch in self.known.get(normalised(activity), []) if batch.region.covers(region)]
        if not covering:
            raise ValidationError(gettext("No open activity of this name has a batch in %(region)s.") % {"region": region})
        named = [batch for batch in covering if number is None or batch.number == number]
        if len(named) != 1:
            numbers = ", ".join(str(batch.number) for batch in covering)
            raise ValidationError(gettext("Say which batch: %(numbers)s.") % {"numbers": numbers})
        return named[0]
