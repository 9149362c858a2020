"""Visits to the makers: the days of a month as weeks, and the same as a list to print."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _

from ikm_program.formatting import tanggal_layar
from ikm_program.reporting import Column, Report
from trainings.identity import format_phone
from trainings.models import Instructor, Region, Visit

COLUMNS = (
    Column(key="number", label=_("No."), kind="integer"),
    Column(key="visit_on", label=_("Date"), kind="date", width=3),
    Column(key="times", label=_("Times"), width=3, unknown=_("not determined")),
    Column(key="participant", label=_("Participant"), width=4),
    Column(key="business", label=_("Business"), width=4, unknown=_("on his or her own")),
    Column(key="address", label=_("Address"), width=4, unknown=_("not recorded")),
    Column(key="phone", label=_("Mobile phone"), width=3, unknown=_("not recorded")),
    Column(key="district", label=_("Kabupaten/kota"), width=3),
    Column(key="instructor", label=_("Instructor"), width=3),
    Column(key="purpose", label=_("Purpose of the visit"), width=4),
    Column(key="status", label=_("Status"), width=3),
    Column(key="note", label=_("What came of it"), width=4, unknown=_("nothing noted")),
)


@dataclass
class CalendarDay:
    """A day of a month's sheet with what is planned on it."""

    day: dt.date
    is_of_month: bool
    visits: list[Visit] = field(default_factory=list)


def month_of(first: dt.date, visits: Iterable[Visit]) -> list[list[CalendarDay]]:
    """The weeks of a month from Monday to Sunday, each day with its visits."""
    by_day: dict[dt.date, list[Visit]] = {}
    for visit in visits:
        by_day.setdefault(visit.visit_on, []).append(visit)
    weeks = calendar.Calendar().monthdatescalendar(first.year, first.month)
    return [[CalendarDay(day, day.month == first.month, by_day.get(day, [])) for day in week] for week in weeks]


def whole_month(first: dt.date) -> tuple[dt.date, dt.date]:
    return first, first.replace(day=calendar.monthrange(first.year, first.month)[1])


def visits_between(
    user: Any, since: dt.date, until: dt.date, *, instructor: Instructor | None = None, district: Region | None = None
) -> Any:
    """What this person may see of the visits of some days; an instructor sees those to the own batches."""
    rows = Visit.objects.for_user(user).standing().with_names().filter(visit_on__range=(since, until))
    if user.is_only_instructor:
        rows = rows.filter(enrolment__batch__assignments__instructor__user=user)
    if instructor is not None:
        rows = rows.filter(instructor=instructor)
    if district is not None:
        rows = rows.filter(enrolment__participant__region=district)
    return rows.order_by("visit_on", "starts_at", "pk")


def nearest_visit(user: Any, day: dt.date, **chosen: Any) -> dt.date | None:
    """The day of the next visit from there on, or else of the last one before."""
    days = visits_between(user, dt.date.min, dt.date.max, **chosen).values_list("visit_on", flat=True)
    found: dt.date | None = days.filter(visit_on__gte=day).first() or days.last()
    return found


def visit_schedule(
    user: Any, since: dt.date, until: dt.date, *, instructor: Instructor | None = None, district: Region | None = None
) -> Report:
    visits = visits_between(user, since, until, instructor=instructor, district=district)
    rows = [_row(number, visit) for number, visit in enumerate(visits, start=1)]
    narrowed = [str(part) for part in (instructor, district) if part is not None]
    return Report(
        title=_("Schedule of visits"),
        subtitle=" · ".join([f"{tanggal_layar(since)} – {tanggal_layar(until)}", *narrowed]),
        columns=COLUMNS,
        rows=rows,
        notes=[_("Visits that were called off are left out.")],
    )


def _row(number: int, visit: Visit) -> dict[str, Any]:
    participant = visit.enrolment.participant
    return {
        "number": number,
        "visit_on": visit.visit_on,
        "times": visit.times or None,
        "participant": participant.name,
        "business": participant.enterprise_name or None,
        "address": participant.address or (participant.enterprise.address if participant.enterprise else "") or None,
        "phone": format_phone(participant.phone) if participant.phone else None,
        "district": participant.region.short_name,
        "instructor": visit.instructor.name,
        "purpose": visit.purpose,
        "status": str(visit.get_status_display()),
        "note": visit.note or None,
        "url": visit.get_absolute_url(),
    }
