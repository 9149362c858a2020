"""Attendance: the grid of a batch, one day with large toggles, its closing and its corrections."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any, ClassVar, Literal, cast

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ikm_program.forms import ActionMixin
from ikm_program.screens import Text
from ikm_program.views import FormScreen
from trainings import actions
from trainings.forms.attendance import CorrectionForm, DayForm, Given, GridForm
from trainings.forms.fields import ConfirmForm
from trainings.models import Attendance, Batch, Enrolment, Session, User
from trainings.views.sessions import BATCH_NAMES, PLACE, SessionPage

CLOSE = "tutup"


class _Marks(FormScreen):
    """A page with marks: who takes part, and what is said of them so far."""

    place = PLACE
    subject_is: ClassVar[Literal["owned", "visible"]] = (
        "visible"  # the province's batch has people of the districts; each office records its own
    )
    is_edit = True

    @property
    def batch(self) -> Batch:
        raise NotImplementedError

    @property
    def sessions(self) -> Sequence[Session]:
        raise NotImplementedError

    @cached_property
    def enrolments(self) -> list[Enrolment]:
        """Within the own reach: those with a place, and those with a mark from when they had one."""
        rows = Enrolment.objects.owned_by(self.request.user).filter(batch=self.batch)
        known = Q(status=Enrolment.Status.ACTIVE) | Q(attendances__isnull=False)
        return list(rows.filter(known).distinct().select_related("participant__region").order_by("participant__name", "pk"))

    @cached_property
    def given(self) -> Given:
        found: Given = {session.pk: {} for session in self.sessions}
        rows = Attendance.objects.filter(session__in=found, enrolment__in=[row.pk for row in self.enrolments])
        for session, enrolment, mark in rows.values_list("session", "enrolment", "mark"):
            found[session][enrolment] = mark
        return found

    def get_form(self, *, is_bound: bool) -> ActionMixin:
        data = self.request.POST if is_bound else None
        form: ActionMixin = self.form_class(
            data,
            user=self.request.user,
            subject=self.subject,
            enrolments=self.enrolments,
            sessions=self.sessions,
            given=self.given,
            filled=self.request.GET.get("isi", ""),
        )
        return form

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(batch=self.batch, sessions=self.sessions, post_url=self.request.path, **kwargs)


class BatchAttendance(_Marks):
    """People and days in one grid."""

    model = Batch
    form_class = GridForm
    action = actions.record_attendance
    related = ("activity__programme__region", "region")
    template_name = "trainings/batch_attendance.html"
    success_message = _("The attendance is recorded.")

    def get_queryset(self) -> Any:
        return super().get_queryset().taught_by(self.request.user)

    def get_title(self) -> Text:
        return _("Attendance")

    def parents(self) -> Sequence[tuple[Text, str]]:
        return [(str(self.object), self.object.get_absolute_url())]

    @property
    def batch(self) -> Batch:
        batch: Batch = self.object
        return batch

    @cached_property
    def sessions(self) -> Sequence[Session]:
        return list(self.object.sessions.with_counts().order_by("held_on"))

    def get_success_url(self, result: Any) -> str:
        return self.request.path


class _Day(SessionPage, _Marks):
    form_class = DayForm
    template_name = "trainings/day_attendance.html"

    @property
    def batch(self) -> Batch:
        batch: Batch = self.object.batch
        return batch

    @property
    def sessions(self) -> Sequence[Session]:
        return [self.object]

    def get_queryset(self) -> Any:
        rows, user = super().get_queryset(), cast("User", self.request.user)
        return rows.filter(batch__in=Batch.objects.taught_by(user).values("pk")) if user.is_only_instructor else rows


class DayAttendance(_Day):
    """One day: "everybody present", then the exceptions; the second button closes it."""

    action = actions.record_day

    def get_title(self) -> Text:
        return gettext("Attendance of %(day)s") % {"day": self.object.day_in_words}

    @property
    def is_closing(self) -> bool:
        return self.request.POST.get("langkah") == CLOSE

    def get_action_kwargs(self, form: ActionMixin) -> dict[str, Any]:
        return super().get_action_kwargs(form) | {"closes": self.is_closing}

    def get_success_message(self, result: Any) -> Text:
        return _("The attendance is recorded and the day is closed.") if self.is_closing else _("The attendance is recorded.")


class AttendanceCorrect(_Day):
    """Of a closed day, with a reason."""

    subject_is = "owned"
    form_class = CorrectionForm
    action = actions.correct_attendance
    success_message = _("The attendance is corrected.")

    def get_queryset(self) -> Any:
        return super().get_queryset().closed()

    def get_title(self) -> Text:
        return gettext("Correct the attendance of %(day)s") % {"day": self.object.day_in_words}


class SessionClose(SessionPage, FormScreen):
    form_class = ConfirmForm
    action = actions.close_day
    related = BATCH_NAMES
    subject_is = "visible"
    submit_label = _("Close the day")
    success_message = _("The day is closed. Print the list, let it be signed, and attach it.")
    confirmation = _("From now on a mark of this day is only corrected, with a reason. Allowances and certificates count closed days.")

    def get_title(self) -> Text:
        return gettext("Close %(day)s") % {"day": self.object.day_in_words}

    def get_cancel_url(self) -> str:
        return reverse("trainings:session_detail", kwargs={"pk": self.object.pk})
