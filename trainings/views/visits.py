"""Visits of instructors to the makers: a month's calendar, a list to print, one visit and what came of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ikm_program import reporting
from ikm_program.screens import Fact, Link, NextStep, Text
from ikm_program.views import DetailScreen, FormScreen, ReportScreen, Screen
from trainings import actions
from trainings.forms.fields import ReasonForm
from trainings.forms.visits import CalendarForm, MissedVisitForm, PlanVisitsForm, ScheduleForm, VisitForm, VisitNoteForm
from trainings.models import Batch, Enrolment, Instructor, Visit
from trainings.reports.visits import month_of, nearest_visit, visit_schedule, visits_between, whole_month
from trainings.views.reach import within_reach

PLACE = "trainings:visit_calendar"
Status = Visit.Status
DAYS = (_("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"), _("Saturday"), _("Sunday"))
_is_own = within_reach("enrolment.participant.region")


def _in_state(*states: Status, is_due: bool = False) -> Callable[[Any, Any], bool]:
    def is_so(visit: Visit, user: Any) -> bool:
        has_come = visit.visit_on <= timezone.localdate()
        return visit.status in states and _is_own(visit, user) and (has_come or not is_due) and visit.enrolment.activity.programme.is_open

    return is_so


class VisitCalendar(Screen):
    """A month of visits: a sheet of days on a desk, an agenda on a phone."""

    permission = "trainings.view_visit"
    title = _("Visits to the makers")
    lead = _("Who visits whom on which day. A visit is planned from the page of its batch.")
    place = PLACE
    template_name = "trainings/visit_calendar.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = CalendarForm({"bulan": f"{timezone.localdate():%Y-%m}", **request.GET.dict()}, user=request.user)
        status = 200 if form.is_valid() else 422
        return self.render_to_response(self.get_context_data(form=form), status=status)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        cleaned = kwargs["form"].cleaned_data
        first = cleaned.get("bulan") or timezone.localdate().replace(day=1)
        since, until = whole_month(first)
        chosen = {"instructor": cleaned.get("instruktur"), "district": cleaned.get("wilayah")}
        visits = list(visits_between(self.request.user, since, until, **chosen))
        return super().get_context_data(
            weeks=month_of(first, visits),
            agenda=[day for week in month_of(first, visits) for day in week if day.visits],
            first=first,
            day_names=DAYS,
            today=timezone.localdate(),
            count=len(visits),
            nearest=self.nearest(since, visits, chosen),
            earlier=self.month_url(since - dt.timedelta(days=1)),
            later=self.month_url(until + dt.timedelta(days=1)),
            **kwargs,
        ) | {"downloads": self.downloads(since, until)}

    def nearest(self, since: dt.date, visits: list[Visit], chosen: dict[str, Any]) -> tuple[dt.date, str] | None:
        """From an empty month the way to one that has visits."""
        day = None if visits else nearest_visit(self.request.user, since, **chosen)
        return (day, self.month_url(day)) if day else None

    def month_url(self, day: dt.date) -> str:
        query = self.request.GET.copy()
        query["bulan"] = f"{day:%Y-%m}"
        return f"{self.request.path}?{query.urlencode()}"

    def downloads(self, since: dt.date, until: dt.date) -> list[Link]:
        kept = {name: value for name in ("instruktur", "wilayah") if (value := self.request.GET.get(name, ""))}
        query = {"dari": since.isoformat(), "sampai": until.isoformat(), **kept}
        address = reverse("trainings:visit_schedule")
        return [
            Link(word, url=f"{address}?{urlencode(query | {'format': name})}", is_download=True)
            for name, word in (("pdf", "PDF"), ("xlsx", "Excel"))
        ]


class VisitSchedule(ReportScreen):
    """The visits of some days as a list to print and to take along."""

    permission = "trainings.view_visit"
    title = _("Schedule of visits")
    place = PLACE
    form_class = ScheduleForm
    file_name = "jadwal-kunjungan"

    def get_report(
        self, *, dari: dt.date | None = None, sampai: dt.date | None = None, instruktur: Any = None, wilayah: Any = None, **rest: Any
    ) -> reporting.Report:
        since, until = whole_month(timezone.localdate().replace(day=1))
        report = visit_schedule(self.request.user, dari or since, sampai or until, instructor=instruktur, district=wilayah)
        return replace(report, link=lambda row, column: str(row.get("url", "")) if column.key == "participant" else "")


class VisitDetail(DetailScreen):
    model = Visit
    permission = "trainings.view_visit"
    place = PLACE
    related = (
        "instructor", "enrolment__participant__region", "enrolment__participant__enterprise", "enrolment__batch__activity__programme",
        "enrolment__batch__region", "enrolment__activity__programme", "created_by",
    )  # fmt: skip
    facts = (
        Fact(_("Participant"), "enrolment.participant", link="enrolment.participant"),
        Fact(_("Business"), "enrolment.participant.enterprise", unknown=_("on his or her own")),
        Fact(_("Kabupaten/kota"), "enrolment.participant.region"),
        Fact(_("Mobile phone"), "enrolment.participant.phone", template="trainings/_phone.html"),
        Fact(_("Batch"), "enrolment.batch", link="enrolment.batch"),
        Fact(_("Instructor"), "instructor"),
        Fact(_("Date"), "visit_on", kind="date"),
        Fact(_("Times"), "times", unknown=_("not determined")),
        Fact(_("Purpose of the visit"), "purpose"),
        Fact(_("What came of it"), "note", kind="longtext", unknown=_("nothing noted")),
    )
    steps = (
        NextStep(
            _("It took place"), "trainings:visit_complete", "trainings.change_visit",
            when=_in_state(Status.PLANNED, Status.MISSED, is_due=True), icon="check",
        ),
        NextStep(
            _("It did not take place"), "trainings:visit_miss", "trainings.change_visit",
            when=_in_state(Status.PLANNED, Status.DONE, is_due=True), icon="cross",
        ),
        NextStep(_("Move or edit"), "trainings:visit_update", "trainings.change_visit", when=_in_state(Status.PLANNED), icon="edit"),
        NextStep(_("Call off"), "trainings:visit_cancel", "trainings.change_visit", when=_in_state(Status.PLANNED), is_danger=True),
    )  # fmt: skip


class VisitCreate(FormScreen):
    """From the participant's place in a batch."""

    model = Enrolment
    form_class = VisitForm
    action = actions.plan_visit
    place = PLACE
    related = ("participant__region", "batch__activity__programme", "batch__region", "activity__programme")
    submit_label = _("Plan the visit")
    success_message = _("The visit is planned.")

    def get_initial(self) -> dict[str, Any]:
        return {"instructor": only_instructor_of(self.object.batch)}

    def get_title(self) -> Text:
        return gettext("Plan a visit to %(name)s") % {"name": self.object.participant}

    def parents(self) -> Sequence[tuple[Text, str]]:
        return [(str(self.object.batch), self.object.batch.get_absolute_url())]


class VisitsPlan(FormScreen):
    """A visit to everybody of a batch, so many a day."""

    model = Batch
    form_class = PlanVisitsForm
    action = actions.plan_visits
    subject_is = "visible"
    place = PLACE
    related = ("activity__programme", "region")
    title = _("Plan visits to everybody")
    submit_label = _("Plan the visits")
    success_message = _("The visits are planned. Move single ones on their own page.")

    def get_initial(self) -> dict[str, Any]:
        return {"instructor": only_instructor_of(self.object)}

    def parents(self) -> Sequence[tuple[Text, str]]:
        return [(str(self.object), self.object.get_absolute_url())]


def only_instructor_of(batch: Batch) -> Instructor | None:
    assigned = list(batch.assignments.select_related("instructor")[:2])
    return assigned[0].instructor if len(assigned) == 1 else None


class _VisitAct(FormScreen):
    model = Visit
    place = PLACE
    related = (
        "instructor", "enrolment__participant__region", "enrolment__batch__activity__programme", "enrolment__batch__region",
    )  # fmt: skip

    def parents(self) -> Sequence[tuple[Text, str]]:
        return [(str(self.object), self.object.get_absolute_url())]


class VisitUpdate(_VisitAct):
    form_class = VisitForm
    action = actions.update_visit

    def get_title(self) -> Text:
        return gettext("Edit %(what)s") % {"what": self.object}


class VisitComplete(_VisitAct):
    form_class = VisitNoteForm
    action = actions.complete_visit
    title = _("The visit took place")
    submit_label = _("It took place")
    success_message = _("The visit is recorded as done.")


class VisitMiss(_VisitAct):
    form_class = MissedVisitForm
    action = actions.miss_visit
    title = _("The visit did not take place")
    submit_label = _("It did not take place")
    success_message = _("The visit is recorded as not done.")


class VisitCancel(_VisitAct):
    form_class = ReasonForm
    action = actions.call_off_visit
    title = _("Call off the visit")
    submit_label = _("Call off")
    success_message = _("The visit is called off.")
    is_danger = True
