"""Participants, their NIK, and their places in batches."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils.translation import gettext_lazy as _

from ikm_program import audit, records
from ikm_program.actions import Refusal, StaleVersion, action
from ikm_program.states import advance
from trainings import identity
from trainings.actions.pairs import follow_region, remember_distinct
from trainings.actions.programmes import free_place, require_part, take_place
from trainings.actions.rules import read_nik, read_phone, require_open, require_plausible_person, require_standing, require_within_reach
from trainings.models import Activity, Batch, Enrolment, Participant, Region


@action("trainings.add_participant")
def create_participant(model: type[Participant], *, by: Any, region: Region, name: str, **values: Any) -> Participant:
    return _create_participant(by=by, region=region, name=name, **values)


@action("trainings.change_participant")
def update_participant(participant: Participant, *, by: Any, version: int | None = None, nik: str = "", **values: Any) -> Participant:
    """An empty `nik` keeps the one on record: forms never show it, so nobody could type it back."""
    require_within_reach(participant.region, by=by)
    region = values.get("region", participant.region)
    if region != participant.region:
        require_within_reach(region, by=by)
        _require_no_place(locked(participant))
    require_plausible_person({name: value for name, value in values.items() if value != getattr(participant, name)})
    if "phone" in values:
        values["phone"] = read_phone(values["phone"])
    digits = _checked_nik(
        nik.strip() or participant.nik or "",
        is_recorded=not nik.strip(),
        born_on=values.get("birth_date", participant.birth_date),
        sex=values.get("sex", participant.sex),
        exception=values.get("nik_exception", participant.nik_exception),
    )
    is_new_number = digits != participant.nik
    was_in = participant.region_id
    records.update(participant, by=by, version=version, nik=digits, **values)
    if participant.region_id != was_in:
        follow_region(participant)
    if is_new_number:
        with records.refusing_in_words(Enrolment):
            participant.enrolments.live().update(nik=digits)
    return participant


@action("trainings.reveal_nik")
def reveal_nik(participant: Participant, *, by: Any) -> str:
    """The full number, and the fact that it was shown."""
    require_within_reach(participant.region, by=by)
    audit.record("reveal", participant, by=by, after={"nik": participant.masked_nik})
    return participant.nik or ""


@action("trainings.add_enrolment")
def enrol(batch: Batch, *, by: Any, participant: Participant) -> Enrolment:
    """A place in the batch, taken from the quota of the participant's own district; a nomination where the province decides."""
    return enter(batch, by=by, participant=participant)


@action("trainings.add_participant")
def enrol_new(batch: Batch, *, by: Any, name: str, region: Region | None = None, **values: Any) -> Enrolment:
    """Record a person who is not in the register yet and enrol at once; a full quota records nobody."""
    participant = _create_participant(by=by, region=region or batch.region, name=name, **values)
    return enter(batch, by=by, participant=participant)


@action("trainings.change_enrolment")
def withdraw(enrolment: Enrolment, *, by: Any, reason: str = "", version: int | None = None) -> Enrolment:
    """Somebody leaves; a place is free again, what he or she did stays on record."""
    require_editable(enrolment, by=by, version=version)
    had_place = enrolment.status == Enrolment.Status.ACTIVE
    advance(enrolment, Enrolment.Status.WITHDRAWN, by=by, reason=reason)
    if had_place:
        free_place(enrolment.activity, enrolment.participant.region)
    return enrolment


@action("trainings.change_enrolment")
def take_back_enrolment(enrolment: Enrolment, *, by: Any, version: int | None = None) -> None:
    """It was never meant: what nobody has decided on or used goes without a trace in the batch; a place is free again."""
    require_editable(enrolment, by=by, version=version)
    had_place = enrolment.status == Enrolment.Status.ACTIVE
    audit.record("deleted", enrolment, by=by, before={"label": str(enrolment)})
    enrolment.delete()
    if had_place:
        free_place(enrolment.activity, enrolment.participant.region)


@action("trainings.change_enrolment")
def re_enrol(enrolment: Enrolment, *, by: Any, reason: str = "", version: int | None = None) -> Enrolment:
    """Somebody comes back, if there is still a place; where the province decides, as a nomination."""
    require_editable(enrolment, by=by, version=version)
    require_standing(enrolment.batch)
    participant = locked(enrolment.participant)
    _require_from_region_of(enrolment.batch, participant)
    if may_decide(enrolment.activity, by=by):
        return give_place(enrolment, participant, by=by, reason=reason)
    with records.refusing_in_words(Enrolment):
        return advance(enrolment, Enrolment.Status.NOMINATED, by=by, reason=reason, nik=participant.nik)


def _create_participant(
    *,
    by: Any,
    region: Region,
    name: str,
    nik: str = "",
    nik_exception: str = "",
    sex: str = "",
    birth_date: dt.date | None = None,
    phone: str = "",
    is_distinct: bool = False,
    **values: Any,
) -> Participant:
    require_within_reach(region, by=by)
    if not region.is_district:
        raise Refusal(_("A participant belongs to a kabupaten/kota."), "region")
    require_plausible_person({"name": name, "birth_date": birth_date})
    digits = _checked_nik(nik, born_on=birth_date, sex=sex, exception=nik_exception)
    participant = records.create(
        Participant,
        by=by,
        region=region,
        name=name,
        nik=digits,
        nik_exception=nik_exception,
        sex=sex,
        birth_date=birth_date,
        phone=read_phone(phone),
        **values,
    )
    if is_distinct:
        remember_distinct(participant, by=by)
    return participant


def _checked_nik(text: str, *, born_on: dt.date | None, sex: str, exception: str, is_recorded: bool = False) -> str | None:
    """Sound in itself and in agreement with what was entered, or excepted on record. What only warns is `Participant.nik_warnings`."""
    nik = read_nik(text, accepts_example=is_recorded)
    if nik is None:
        return None
    for problem in identity.nik_problems(nik, born_on=born_on, sex=sex, mismatch_accepted=bool(exception)):
        if not problem.is_warning:
            raise Refusal(problem.message, "nik")
    return nik.digits


def may_decide(activity: Activity, *, by: Any) -> bool:
    """Who fills places: whoever runs the programme, and everybody where nobody has to be nominated first."""
    return not activity.is_by_nomination or by.region.covers(activity.programme.region)


def enter(batch: Batch, *, by: Any, participant: Participant, is_seated: bool = False) -> Enrolment:
    """`is_seated`: on the seat of somebody who leaves it."""
    participant = locked(participant)
    require_within_reach(participant.region, by=by, field="participant")
    require_standing(batch)
    _require_from_region_of(batch, participant)
    live = Enrolment.objects.live().filter(activity=batch.activity)
    if participant.nik and live.filter(nik=participant.nik).exists():
        raise Refusal(_("This NIK is already registered for this activity."), "participant")
    if live.filter(participant=participant).exists():
        raise Refusal(_("This person already takes part in this activity."), "participant")
    is_decided = may_decide(batch.activity, by=by)
    if is_decided:
        if not is_seated:
            take_seat(batch)
        take_place(batch.activity, participant.region)
    else:
        require_part(batch.activity, participant.region)
    status = Enrolment.Status.ACTIVE if is_decided else Enrolment.Status.NOMINATED
    return records.create(
        Enrolment, by=by, batch=batch, activity=batch.activity, participant=participant, nik=participant.nik, status=status
    )


def give_place(
    enrolment: Enrolment, participant: Participant, *, by: Any, reason: str = "", is_seated: bool = False, **changes: Any
) -> Enrolment:
    """A place of the quota and a seat of the batch, for somebody whose record is locked."""
    if not is_seated:
        take_seat(enrolment.batch)
    take_place(enrolment.activity, participant.region)
    with records.refusing_in_words(Enrolment):
        return advance(enrolment, Enrolment.Status.ACTIVE, by=by, reason=reason, nik=participant.nik, **changes)


def take_seat(batch: Batch) -> None:
    """A batch takes no more than its capacity; the row is held, so that two who come for the last seat come one after the other."""
    capacity = Batch.objects.select_for_update(of=("self",)).values_list("capacity", flat=True).get(pk=batch.pk)
    if capacity is not None and Enrolment.objects.active().filter(batch=batch).count() >= capacity:
        raise Refusal(_("Every seat of this batch is taken (%(capacity)s).") % {"capacity": capacity}, "participant")


def require_editable(enrolment: Enrolment, *, by: Any, version: int | None) -> None:
    require_within_reach(enrolment.participant.region, by=by)
    require_open(enrolment.activity.programme)
    if version is not None and version != enrolment.version:
        raise StaleVersion


def locked(participant: Participant) -> Participant:
    """As recorded now, kept so until we are done: who moves to another district is not enrolled for the old one meanwhile."""
    return Participant.objects.select_for_update(of=("self",)).select_related("region").get(pk=participant.pk)


def _require_from_region_of(batch: Batch, participant: Participant) -> None:
    if not batch.region.covers(participant.region):
        raise Refusal(_("This participant does not come from the region of the batch."), "participant")


def _require_no_place(participant: Participant) -> None:
    """A place is counted at the participant's district."""
    if participant.enrolments.live().exists():
        raise Refusal(_("This person takes part in an activity for the present kabupaten/kota. Withdraw the enrolment first."), "region")
