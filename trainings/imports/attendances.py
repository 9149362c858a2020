"""Sheets of attendance: one row for each person and day. Days that are closed, or have not come, are refused as on the page."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ikm_program.actions import StaleVersion
from ikm_program.formatting import tanggal_layar
from ikm_program.screens import Text
from ikm_program.searching import normalised
from ikm_program.sheets.cells import choice, day, text, whole_number
from ikm_program.sheets.entering import take_back
from ikm_program.sheets.kinds import Found, Intake, Line, SheetField, Values
from ikm_program.sheets.models import ConfirmedRow
from trainings import actions
from trainings.imports.enrolments import BatchNames
from trainings.imports.readers import Districts, district_words
from trainings.models import Attendance, Batch, Enrolment, Session

REGION = "region"
MARKS = {
    "h": "hadir", "hdr": "hadir", "v": "hadir", "1": "hadir", "ya": "hadir", "present": "hadir",
    "i": "izin", "ijin": "izin", "s": "sakit", "a": "alpa", "alpha": "alpa", "0": "alpa", "tidak hadir": "alpa", "absen": "alpa",
}  # fmt: skip


class AttendanceIntake(Intake):
    name = "kehadiran"
    label: ClassVar[Text] = _("Attendance")
    model = Attendance
    permissions = ("trainings.add_attendance", "trainings.change_attendance")
    title_in_book = "Kehadiran"
    help: ClassVar[Text] = _("One row for each person and training day. Rows without a mark are left out; closed days stay as they are.")
    fields = (
        SheetField(
            key="activity", label=_("Activity"), read=text(160), is_required=True, is_prefilled=True, width=36,
            aliases=("kegiatan", "nama kegiatan", "bimtek", "pelatihan"),
        ),
        SheetField(
            key="batch", label=_("Batch"), read=whole_number(at_least=1, at_most=999), kind="number", is_prefilled=True, width=10,
            aliases=("angkatan", "angkatan ke"),
        ),
        SheetField(
            key="held_on", label=_("Training day"), read=day(), is_required=True, is_prefilled=True, kind="date", example="15/06/2020",
            aliases=("tanggal", "hari", "tgl", "tanggal pelatihan"),
        ),
        SheetField(
            key="name", label=_("Full name"), read=text(120), is_required=True, is_prefilled=True, width=28, example="Aminah Contoh",
            aliases=("nama", "nama peserta", "peserta"),
        ),
        SheetField(
            key="mark", label=_("Attendance"), read=choice(Attendance.Mark.choices, MARKS), choices=tuple(Attendance.Mark.choices),
            is_required=True, example="Hadir", width=14, aliases=("kehadiran", "hadir", "keterangan", "tanda"),
        ),
        SheetField(
            key=REGION, label=_("Kabupaten/kota"), read=district_words(), is_prefilled=True, width=24,
            aliases=("kabupaten", "kab kota", "wilayah"),
        ),
    )  # fmt: skip

    def __init__(self, by: Any) -> None:
        super().__init__(by)
        self.districts = Districts(by)
        self.batches = BatchNames(by)
        self.days: dict[int, dict[dt.date, Session]] = {}
        self.people: dict[int, list[Enrolment]] = {}

    def written(self, key: str, value: Any) -> str:
        return self.districts.name_of(value) if key == REGION else super().written(key, value)

    # --- understanding a row ------------------------------------------------------------------------------------------

    def complete(self, line: Line) -> None:
        words = line.values.get(REGION)
        try:
            region = self.districts.read(str(words)) if words else self.districts.own
            if region is None:
                raise ValidationError(gettext("Say which kabupaten/kota this person belongs to."))
            line.values[REGION] = region.pk
        except ValidationError as error:
            line.refuse(REGION, error.messages[0])
        place = ("activity", "batch", REGION)
        self.look_up(line, ("activity", self.batch_of, place), ("held_on", self.session_of, place), ("name", self.enrolment_of, place))
        if not line.faults:  # with the number of the batch or without, it is the same person and day
            line.values["batch"] = self.batch_of(line.values).number

    def batch_of(self, values: Values) -> Batch:
        return self.batches.read(values["activity"], values.get("batch"), self.districts.region(values[REGION]))

    def session_of(self, values: Values) -> Session:
        batch, on = self.batch_of(values), dt.date.fromisoformat(values["held_on"])
        if batch.pk not in self.days:
            self.days[batch.pk] = {session.held_on: session for session in batch.sessions.select_related("batch__activity__programme")}
        session = self.days[batch.pk].get(on)
        if session is None:
            raise ValidationError(gettext("%(day)s is no training day of this batch.") % {"day": tanggal_layar(on)})
        return session

    def enrolment_of(self, values: Values) -> Enrolment:
        batch = self.batch_of(values)
        if batch.pk not in self.people:
            rows = Enrolment.objects.owned_by(self.by).active().filter(batch=batch)
            self.people[batch.pk] = list(rows.select_related("participant__region"))
        words, region = normalised(values["name"]), values[REGION]
        named = [row for row in self.people[batch.pk] if row.participant.sort_name == words and row.participant.region_id == region]
        if not named:
            raise ValidationError(gettext("Nobody of this name has a place in this batch."))
        if len(named) > 1:
            raise ValidationError(gettext("%(count)s people of this name have a place in this batch.") % {"count": len(named)})
        return named[0]

    def identities(self, values: Values) -> Iterable[tuple[Any, ...]]:
        if {"activity", "held_on", "name", REGION} <= set(values):
            who = normalised(str(values["activity"])), values.get("batch"), values["held_on"], normalised(values["name"]), values[REGION]
            yield ("name", *who)

    # --- finding its record -------------------------------------------------------------------------------------------

    def find(self, lines: Sequence[Line]) -> list[Found | None]:
        wanted = [(self.session_of(line.values).pk, self.enrolment_of(line.values).pk) for line in lines]
        rows = Attendance.objects.filter(session__in={pair[0] for pair in wanted}, enrolment__in={pair[1] for pair in wanted})
        known = {(row.session_id, row.enrolment_id): row for row in rows.select_related("session__batch", "enrolment__participant")}
        return [self._found(known.get(pair)) for pair in wanted]

    def _found(self, row: Attendance | None) -> Found | None:
        return Found(row.pk, row.version, {"mark": row.mark}, str(row)) if row is not None else None

    def refuse_new(self, line: Line) -> None:
        session = self.session_of(line.values)
        if session.is_closed:
            line.refuse(
                "held_on", gettext("%(day)s is closed. A mark of it is corrected on its own page, with a reason.") % {"day": session}
            )
        elif session.held_on > timezone.localdate():
            line.refuse("held_on", gettext("%(day)s has not come yet.") % {"day": session})

    def refuse_change(self, line: Line, found: Found, changes: list[list[Any]]) -> None:
        self.refuse_new(line)

    # --- writing ------------------------------------------------------------------------------------------------------

    def create(self, values: Values) -> Attendance:
        return self._mark(self.session_of(values), self.enrolment_of(values), values["mark"])

    def change(self, row: ConfirmedRow) -> Attendance:
        record = self._record(row)
        if record.version != row.record_version:
            raise StaleVersion
        return self._mark(record.session, record.enrolment, row.cells["mark"])

    def _mark(self, session: Session, enrolment: Enrolment, mark: str) -> Attendance:
        version = Session.objects.values_list("version", flat=True).get(pk=session.pk)
        actions.record_day(session, by=self.by, version=version, marks={enrolment.pk: mark})
        return Attendance.objects.get(session=session, enrolment=enrolment)

    def _record(self, row: ConfirmedRow) -> Attendance:
        rows = Attendance.objects.owned_by(self.by).select_related("session__batch__activity__programme", "enrolment__participant__region")
        return rows.get(pk=row.record_id or 0)

    def undo(self, rows: Iterable[ConfirmedRow]) -> None:
        """New marks are taken away, changed ones set back; a day that was closed since keeps them, and the undo is refused."""
        for new, changed in take_back(self, rows):
            for row in new:
                record = self._record(row)
                self._unmark(record)
            for row in changed:
                record = self._record(row)
                self._mark(record.session, record.enrolment, next(before for key, before, _after in row.changes if key == "mark"))

    def _unmark(self, record: Attendance) -> None:
        version = Session.objects.values_list("version", flat=True).get(pk=record.session_id)
        actions.record_day(record.session, by=self.by, version=version, marks={record.enrolment_id: ""})

    def own_rows(self) -> Iterator[Mapping[str, Any]]:
        """Every open day of the own batches with its people, and the marks that are known."""
        batches = Batch.objects.for_user(self.by).of_open_programmes().standing().taught_by(self.by)
        sessions = Session.objects.filter(batch__in=batches.values("pk"), held_on__lte=timezone.localdate(), closed_at__isnull=True)
        people: dict[int, list[Enrolment]] = {}
        rows = Enrolment.objects.owned_by(self.by).active().filter(batch__in=batches.values("pk"))
        for row in rows.select_related("participant").order_by("participant__sort_name", "pk"):
            people.setdefault(row.batch_id, []).append(row)
        known = Attendance.objects.filter(session__in=sessions).values_list("session", "enrolment", "mark")
        marks = {(session_id, enrolment_id): mark for session_id, enrolment_id, mark in known}
        for session in sessions.select_related("batch__activity").order_by("batch__activity", "batch", "held_on"):
            for row in people.get(session.batch_id, ()):
                yield {
                    "activity": session.batch.activity.name,
                    "batch": session.batch.number,
                    "held_on": session.held_on.isoformat(),
                    "name": row.participant.name,
                    "mark": marks.get((session.pk, row.pk), ""),
                    REGION: row.participant.region_id,
                }
