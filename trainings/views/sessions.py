"""The training days of a batch: planning a run of them, one day's page, its signed list."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, ClassVar

from django.db.models import Prefetch
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ikm_program.screens import Column, Fact, NextStep, Text, follow
from ikm_program.views import DetailScreen, FormScreen, ObjectScreen
from trainings import actions
from trainings.forms.fields import ConfirmForm
from trainings.forms.sessions import PlanDaysForm, ScanForm, SessionForm
from trainings.models import Batch, InstructorAssignment, Session, SessionTopic
from trainings.views.reach import within_reach

PLACE = "trainings:batch_list"
BATCH_NAMES = ("batch__activity__programme__region", "batch__region")
TAUGHT = Prefetch("batch__assignments", InstructorAssignment.objects.select_related("instructor"))
_is_own = within_reach("batch.region")


def _standing(session: Session, user: Any) -> bool:
    return session.batch.is_standing


def _in_own(when: Callable[[Session], bool]) -> Callable[[Session, Any], bool]:
    return lambda session, user: session.batch.is_standing and _is_own(session, user) and when(session)


def _may_record(session: Session, user: Any) -> bool:
    return session.batch.is_standing and not session.is_closed and session.has_come


def _may_correct(session: Session, user: Any) -> bool:
    return session.is_closed and session.batch.activity.programme.is_open and _is_own(session, user)


def _may_scan(session: Session, user: Any) -> bool:
    return session.has_come and _is_own(session, user)


class DaysPlan(FormScreen):
    """A run of days at once; one day is a run of one."""

    model = Batch
    form_class = PlanDaysForm
    action = actions.plan_days
    place = PLACE
    related = ("activity__programme", "region")
    prefetched = ("assignments",)
    title = _("Plan training days")
    submit_label = _("Plan the days")

    def get_queryset(self) -> Any:
        return super().get_queryset().standing()

    def get_initial(self) -> dict[str, Any]:
        return {"first_on": self.object.starts_on} if not self.object.sessions.exists() else {}

    def parents(self) -> Sequence[tuple[Text, str]]:
        return [(str(self.object), self.object.get_absolute_url())]

    def get_success_message(self, result: Any) -> Text:
        count = self.object.sessions.count()
        return gettext("The batch has %(count)s training days.") % {"count": count}


class SessionPage(ObjectScreen):
    """What all pages of a day share."""

    model = Session
    place = PLACE
    related: ClassVar[Sequence[str]] = BATCH_NAMES

    def parents(self) -> Sequence[tuple[Text, str]]:
        return [(str(self.object.batch), self.object.batch.get_absolute_url())]


class SessionDetail(SessionPage, DetailScreen):
    permission = "trainings.view_session"
    related = (*BATCH_NAMES, "closed_by", "created_by")
    template_name = "trainings/session_detail.html"
    facts = (
        Fact(_("Batch"), "batch", link="batch"),
        Fact(_("Date"), "held_on", kind="date"),
        Fact(_("Times"), "times"),
        Fact(_("Place"), "where"),
        Fact(_("Attendance"), "self", template="trainings/_session_state.html"),
        Fact(_("Signed list"), "self", template="trainings/_session_scan.html"),
    )
    topic_columns = (
        Column(_("Topic"), "topic"),
        Column(_("Lesson hours (JP)"), "hours", kind="number"),
        Column(_("Instructor"), "instructor", link="instructor", unknown=_("the instructors of the batch")),
    )
    attendance_columns = (
        Column(_("Participant"), "enrolment.participant", link="enrolment.participant"),
        Column(_("Kabupaten/kota"), "enrolment.participant.region"),
        Column(_("Attendance"), "self", template="trainings/_mark.html"),
    )
    steps = (
        NextStep(_("Record attendance"), "trainings:day_attendance", "trainings.add_attendance", when=_may_record, icon="tasks"),
        NextStep(_("Attach the signed list"), "trainings:scan_upload", "trainings.change_attendance", when=_may_scan, icon="upload"),
        NextStep(_("Close the day"), "trainings:session_close", "trainings.change_attendance", when=_may_record, icon="check"),
        NextStep(
            _("Correct the attendance"), "trainings:attendance_correct", "trainings.correct_attendance", when=_may_correct, icon="edit"
        ),
        NextStep(_("Attendance list to sign (PDF)"), "trainings:session_sheet", "trainings.view_attendance", icon="document"),
        NextStep(_("Edit the day"), "trainings:session_update", "trainings.change_batch", when=_in_own(lambda day: True), icon="edit"),
        NextStep(
            _("Take the day out"), "trainings:session_remove", "trainings.change_batch",
            when=_in_own(lambda day: not (day.is_closed or day.has_scan or day.attendances.exists())), is_danger=True,
        ),
    )  # fmt: skip

    def get_title(self) -> Text:
        return gettext("Training day %(day)s") % {"day": self.object.day_in_words}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        marks = self.object.attendances.for_user(self.request.user).select_related("enrolment__participant__region")
        topics = SessionTopic.objects.filter(session=self.object).select_related("instructor")
        return super().get_context_data(
            topics=topics,
            topic_columns=self.topic_columns,
            attendances=marks.order_by("enrolment__participant__name"),
            attendance_columns=self.attendance_columns,
            **kwargs,
        )


class _SessionForm(SessionPage, FormScreen):
    """An act on a day."""


class SessionUpdate(_SessionForm):
    form_class = SessionForm
    action = actions.update_session
    prefetched = (TAUGHT, "topics")

    def get_initial(self) -> dict[str, Any]:
        topics = [{"topic": row.topic, "hours": row.hours, "instructor": row.instructor_id} for row in self.object.topics.all()]
        return super().get_initial() | {"topics": topics}

    def get_title(self) -> Text:
        return gettext("Edit %(what)s") % {"what": self.object}


class SessionRemove(_SessionForm):
    form_class = ConfirmForm
    action = actions.remove_session
    submit_label = _("Take the day out")
    success_message = _("The day is taken out of the batch.")
    confirmation = _("The day and its topics are taken out of the timetable. Nothing is recorded on it.")
    is_danger = True

    def get_title(self) -> Text:
        return gettext("Take out %(what)s") % {"what": self.object}

    def get_success_url(self, result: Any) -> str:
        return str(self.object.batch.get_absolute_url())


class ScanUpload(_SessionForm):
    form_class = ScanForm
    action = actions.attach_scan
    title = _("Attach the signed list")
    success_message = _("The signed list is attached.")


def hours_in_all(sessions: Sequence[Session]) -> int:
    """Lesson hours of days whose topics are at hand."""
    return sum(follow(topic, "hours") for session in sessions for topic in session.topics.all())
