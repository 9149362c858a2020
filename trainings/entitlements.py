"""What attendance has earned: the lines of a payment list, computed. Reads only; what it finds is written by the actions.

A present day of a batch is payable once the day is closed, and only once: not where a live list pays the person for that date already,
and where he or she was present in two batches only in the one that was chosen. A quota is payable once for each participant and activity.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from ikm_program.formatting import tanggal_layar
from trainings.models import AllowanceScheme, Attendance, Batch, DayChoice, Enrolment, Participant, PaymentDay, PaymentLine, PaymentList
from trainings.models.allowance import MODES, tax_of
from trainings.reports.doubles import double_days

Kind = AllowanceScheme.Kind
Held = tuple[tuple[str, Any], dt.date]  # a person, by one of the keys, on a date


@dataclass(frozen=True)
class Clash:
    """A person present in two batches on one date, and nobody has said which of them pays."""

    attendance: Attendance
    other: Attendance

    @property
    def participant(self) -> Participant:
        return self.attendance.enrolment.participant

    @property
    def on(self) -> dt.date:
        return self.attendance.session.held_on

    @property
    def other_batch(self) -> Batch:
        return self.other.session.batch


@dataclass(frozen=True)
class LeftOut:
    """A day, or a quota, that the list does not pay, and why."""

    participant: Participant
    on: dt.date | None
    why: str


@dataclass(frozen=True)
class Reason:
    """All that is left out for one person and one reason."""

    participant: Participant
    why: str
    days: str  # "" for a quota


@dataclass
class Earned:
    """One line: a person under one rule, with the days it pays for (none for a quota)."""

    enrolment: Enrolment
    scheme: AllowanceScheme
    days: list[Attendance] = field(default_factory=list)

    @property
    def participant(self) -> Participant:
        return self.enrolment.participant

    @property
    def day_count(self) -> int | None:
        return None if self.scheme.kind == Kind.QUOTA else len(self.days)

    @property
    def gross(self) -> int:
        return self.scheme.rate * (1 if self.day_count is None else self.day_count)

    @property
    def tax(self) -> int:
        return tax_of(self.gross, self.scheme.tax_rate)

    @property
    def net(self) -> int:
        return self.gross - self.tax

    @property
    def rate(self) -> int:
        return self.scheme.rate


@dataclass
class Calculation:
    """What a list of one batch and kind would pay now."""

    lines: list[Earned] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    clashes: list[Clash] = field(default_factory=list)
    has_rule: bool = True

    @cached_property
    def gross(self) -> int:
        return sum(line.gross for line in self.lines)

    @cached_property
    def tax(self) -> int:
        return sum(line.tax for line in self.lines)

    @cached_property
    def net(self) -> int:
        return self.gross - self.tax

    @cached_property
    def person_days(self) -> int:
        return sum(len(line.days) for line in self.lines)

    @property
    def reasons(self) -> list[Reason]:
        """What is left out, told once for each person and reason."""
        days: dict[tuple[Participant, str], list[dt.date]] = {}
        for out in self.left_out:
            days.setdefault((out.participant, out.why), []).extend([out.on] if out.on else [])
        return [Reason(person, why, ", ".join(map(tanggal_layar, sorted(found)))) for (person, why), found in days.items()]


def compute(batch: Batch, kind: str) -> Calculation:
    """The lines, in the order of the names."""
    schemes = list(AllowanceScheme.objects.filter(activity=batch.activity_id, kind=kind).of_mode(batch.mode).order_by("valid_from", "pk"))
    if not schemes:
        return Calculation(has_rule=False)
    present = presences(batch)
    return _quotas(batch, schemes, present) if kind == Kind.QUOTA else _days(batch, schemes, present)


def presences(batch: Batch) -> list[Attendance]:
    """Every present day of those who were accepted, closed or not yet."""
    marks = Attendance.objects.present().placed().filter(session__batch=batch)
    names = ("session", "enrolment__participant__region", "enrolment__participant__enterprise")
    return list(marks.select_related(*names).order_by("enrolment__participant__name", "enrolment_id", "session__held_on"))


def open_presences(marks: Any, held_days: Any = None) -> Any:
    """Those of the present days for which no live list pays the person (or none of `held_days` does), and which are not paid in another
    batch by choice."""
    own = {"on": OuterRef("session__held_on")}
    person = Q(participant=OuterRef("enrolment__participant")) | Q(nik=OuterRef("enrolment__participant__nik"))
    held = (PaymentDay.objects.filter(is_live=True, recovers=None) if held_days is None else held_days).filter(person, **own)
    elsewhere = DayChoice.objects.filter(person, **own).exclude(attendance=OuterRef("pk"))
    return marks.exclude(Exists(held)).exclude(Exists(elsewhere))


def under_a_rule(marks: Any) -> Any:
    """Those of the present days on which the activity pays something by the day in the mode of the batch."""
    rules: Any = AllowanceScheme.objects.filter(activity=OuterRef("enrolment__activity"), kind__in=PaymentList.A_DAY)
    rules = rules.valid_on(OuterRef("session__held_on"))
    paid = Q(pk__in=[])
    for mode in MODES:
        paid |= Q(Exists(rules.of_mode(mode)), session__batch__mode=mode)
    return marks.filter(paid)


def person_keys(participant: Participant) -> list[tuple[str, Any]]:
    """By what a person is recognised among payments: the record, and the NIK that another record may bear too."""
    keys: list[tuple[str, Any]] = [("pk", participant.pk)]
    return [*keys, ("nik", participant.nik)] if participant.nik else keys


def _days(batch: Batch, schemes: Sequence[AllowanceScheme], present: Sequence[Attendance]) -> Calculation:
    found, paid, others, chosen = Calculation(), _paid_days(present), _present_elsewhere(batch), _choices(present)
    earned: dict[tuple[int, int], Earned] = {}
    for mark in present:
        person, on = mark.enrolment.participant, mark.session.held_on
        if not mark.session.is_closed:
            found.left_out.append(LeftOut(person, on, _("the attendance of the day is not closed yet")))
            continue
        scheme = next((one for one in schemes if one.applies_on(on)), None)
        if scheme is None:
            found.left_out.append(LeftOut(person, on, _("no payment rule is valid on this day")))
            continue
        keys = [(key, on) for key in person_keys(person)]
        if line := next((paid[key] for key in keys if key in paid), None):
            found.left_out.append(LeftOut(person, on, _("already on the list “%(list)s”") % {"list": line.list}))
            continue
        choice = next((chosen[key] for key in keys if key in chosen), None)
        if choice is not None and choice.attendance_id != mark.pk:
            found.left_out.append(LeftOut(person, on, _("the day is paid in the other batch: %(reason)s") % {"reason": choice.reason}))
            continue
        if mark.pk in others and choice is None:
            found.clashes.append(Clash(mark, others[mark.pk]))
        earned.setdefault((mark.enrolment_id, scheme.pk), Earned(mark.enrolment, scheme)).days.append(mark)
    found.lines = list(earned.values())
    return found


def _quotas(batch: Batch, schemes: Sequence[AllowanceScheme], present: Sequence[Attendance]) -> Calculation:
    found = Calculation()
    firsts: dict[int, Attendance] = {}
    for mark in present:
        if mark.session.is_closed:
            firsts.setdefault(mark.enrolment_id, mark)
    people = [mark.enrolment.participant for mark in firsts.values()]
    live = PaymentLine.objects.filter(_of_people(people), kind=Kind.QUOTA, activity=batch.activity_id, is_live=True, recovers=None)
    given = _by_person(
        (line, line.participant) for line in live.select_related("list__batch__activity", "list__batch__region", "participant")
    )
    for mark in firsts.values():
        person = mark.enrolment.participant
        scheme = next((one for one in schemes if one.applies_on(mark.session.held_on)), None)
        if scheme is None:
            found.left_out.append(LeftOut(person, None, _("no payment rule is valid on the first day present")))
        elif line := next((given[key] for key in person_keys(person) if key in given), None):
            found.left_out.append(LeftOut(person, None, _("already on the list “%(list)s”") % {"list": line.list}))
        else:
            found.lines.append(Earned(mark.enrolment, scheme))
    return found


def _of_people(people: Iterable[Participant], prefix: str = "") -> Q:
    """Rows of these records, and of others that bear one of their NIKs, then or now."""
    rows = list(people)
    niks = {person.nik for person in rows if person.nik}
    found = Q(**{f"{prefix}participant__in": {person.pk for person in rows}})
    return found | Q(**{f"{prefix}nik__in": niks}) | Q(**{f"{prefix}participant__nik__in": niks}) if niks else found


def _by_person(rows: Iterable[tuple[Any, Participant | None]]) -> dict[tuple[str, Any], Any]:
    found: dict[tuple[str, Any], Any] = {}
    for row, person in rows:
        assert person is not None
        found |= dict.fromkeys([*person_keys(person), ("nik", row.nik)] if row.nik else person_keys(person), row)
    return found


def _paid_days(present: Sequence[Attendance]) -> dict[Held, PaymentLine]:
    """Who is paid on which date by a live list already."""
    people, dates = [mark.enrolment.participant for mark in present], {mark.session.held_on for mark in present}
    days = PaymentDay.objects.filter(_of_people(people), on__in=dates, is_live=True, recovers=None)
    found: dict[Held, PaymentLine] = {}
    for day in days.select_related("participant", "line__list__batch__activity", "line__list__batch__region", "line__list__programme"):
        keys = [*person_keys(day.participant), *([("nik", day.nik)] if day.nik else [])]
        found |= {(key, day.on): day.line for key in keys}
    return found


def _present_elsewhere(batch: Batch) -> dict[int, Attendance]:
    """By the mark of this batch the one of another batch on the same date, as `double_days` decides."""
    return {one.mark.pk: one.other_mark for one in double_days(batch) if one.mark is not None and one.other_mark is not None}


def _choices(present: Sequence[Attendance]) -> dict[Held, DayChoice]:
    people, dates = [mark.enrolment.participant for mark in present], {mark.session.held_on for mark in present}
    found: dict[Held, DayChoice] = {}
    for choice in DayChoice.objects.filter(_of_people(people), on__in=dates).select_related("participant"):
        keys = [*person_keys(choice.participant), *([("nik", choice.nik)] if choice.nik else [])]
        found |= {(key, choice.on): choice for key in keys}
    return found


def agrees(payment_list: PaymentList, found: Calculation) -> bool:
    """Whether the lines that were written are still what attendance and rates say."""
    wanted = {(line.enrolment.pk, mark and mark.session.held_on) for line in found.lines for mark in _days_of(line)}
    sums = (payment_list.gross, payment_list.tax)
    return bool(wanted) and wanted == _written(payment_list) and sums == (found.gross, found.tax)


def _days_of(line: Earned) -> Sequence[Attendance | None]:
    return [None] if line.day_count is None else line.days


def _written(payment_list: PaymentList) -> set[tuple[int | None, dt.date | None]]:
    """Who, on which day, as the lines say."""
    return set(PaymentLine.objects.filter(list=payment_list).values_list("enrolment_id", "days__on"))


# --- attendance that was corrected after the list was locked ------------------------------------------------------------------


@dataclass
class Unearned:
    """A paid line some of whose days (or whose quota) attendance does not bear out any more."""

    line: PaymentLine
    days: list[PaymentDay] = field(default_factory=list)

    @property
    def dates(self) -> list[dt.date | None]:
        """None for a quota, which is of no day."""
        return [day.on for day in self.days] or [None]


def absent_days(lines: Any) -> Any:
    """Live days of these lines on which the person was not present, as attendance says now."""
    days: Any = PaymentDay.objects.filter(line__in=lines, is_live=True, recovers=None)
    return days.exclude(attendance__mark=Attendance.Mark.PRESENT)


def quotas_without_a_day(lines: Any) -> Any:
    """Live quotas of people who were present on no day."""
    there = Attendance.objects.present().values("enrolment")
    return lines.filter(kind=Kind.QUOTA, is_live=True, recovers=None).exclude(enrolment__in=there)


def to_recover(batch: Batch, kind: str) -> list[Unearned]:
    """What was paid and is to come back; what is being recovered already is left out."""
    lines = PaymentLine.objects.filter(list__batch=batch, list__kind=kind, list__status__in=("dibayar", "selesai"), recovers=None)
    if kind == Kind.QUOTA:
        open_quotas = quotas_without_a_day(lines).exclude(recoveries__is_live=True)
        return [Unearned(line) for line in open_quotas.select_related("participant", "enrolment").order_by("payee", "pk")]
    found: dict[int, Unearned] = {}
    days = absent_days(lines).exclude(recoveries__is_live=True).select_related("line__participant", "line__enrolment", "attendance")
    for day in days.order_by("line__payee", "line_id", "on"):
        found.setdefault(day.line_id, Unearned(day.line)).days.append(day)
    return list(found.values())


def recovers(payment_list: PaymentList, found: Sequence[Unearned]) -> bool:
    wanted = {(one.line.enrolment_id, on) for one in found for on in one.dates}
    return bool(wanted) and wanted == _written(payment_list)


def in_words(days: Iterable[PaymentDay]) -> str:
    """ "Siti (18 Mei 2020), Rahmah (19 Mei 2020)", as a refusal names them."""
    dates: dict[str, list[str]] = defaultdict(list)
    for day in days:
        dates[day.line.payee].append(tanggal_layar(day.on))
    return ", ".join(f"{name} ({', '.join(found)})" for name, found in dates.items())
