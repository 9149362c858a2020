"""Batches: the list with what is missing, the page of one in sections, its form, and the steps of its life."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any, ClassVar

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ikm_program import gaps
from ikm_program.screens import Column, Empty, Fact, Link, NextStep, Text, permitted
from ikm_program.views import DetailScreen, FormScreen, ListScreen
from trainings import actions
from trainings.actions.participants import may_decide
from trainings.filters.training import BatchFilter
from trainings.forms.batches import BatchForm
from trainings.forms.fields import ConfirmForm, NeededReasonForm
from trainings.models import ActivityDistrict, Batch, Enrolment, Session, Visit
from trainings.reports.doubles import DoubleDay, double_days
from trainings.views.enrolments import ENROLMENT_STEPS, parts_of
from trainings.views.reach import within_reach
from trainings.views.sessions import hours_in_all

PLACE = "trainings:batch_list"
BATCH = "trainings.batch"
NEW = Link(_("Add batch"), "trainings:batch_create", "trainings.add_batch", icon="plus")
OPEN_DECREES = Link("", "trainings:decree_list", "trainings.view_decree")
ADD_DECREE = Link("", "trainings:decree_create", "trainings.add_decree")
SHOWN_VISITS = 8
ORDER = {status: place for place, status in enumerate(("diusulkan", "aktif", "cadangan", "ditolak", "diganti", "mundur"))}
Status = Batch.Status
_is_own = within_reach("region")


def _is_open(batch: Batch, user: Any) -> bool:
    return batch.is_standing


def _may_edit(batch: Batch, user: Any) -> bool:
    return batch.activity.programme.is_open and batch.status != Status.CANCELLED and _is_own(batch, user)


def _in_state(*states: Status) -> Callable[[Any, Any], bool]:
    return lambda batch, user: batch.status in states and batch.activity.programme.is_open and _is_own(batch, user)


def _has_days(batch: Any, user: Any) -> bool:
    return batch.is_standing and batch.has_due_days


def _has_places(batch: Any, user: Any) -> bool:
    """Where every place is taken, enrolling is not offered; the page says why."""
    return batch.is_standing and not batch.is_full and may_decide(batch.activity, by=user)


def _may_nominate(batch: Batch, user: Any) -> bool:
    return batch.is_standing and not may_decide(batch.activity, by=user)


def _may_accept(batch: Any, user: Any) -> bool:
    return batch.is_standing and batch.has_nominations and _is_own(batch, user)


class BatchList(ListScreen):
    model = Batch
    permission = "trainings.view_batch"
    title = _("Batches")
    lead = _("One run of an activity with its participants, days and instructors, and what each still lacks.")
    place = PLACE
    links = (NEW,)
    columns = (
        Column(_("Batch"), "self", link="self", sort="activity__name", template="trainings/_batch_name.html", in_file=str),
        Column(_("Region"), "region.short_name", sort="region__kemendagri_code"),
        Column(_("Status"), "status", kind="status", sort="status"),
        Column(_("Participants"), "participant_count", kind="number", sort="participant_count"),
        Column(_("Starts on"), "starts_on", kind="date", sort="starts_on"),
        Column(_("What is missing"), "self", template="trainings/_lacks.html", in_file=lambda batch: "; ".join(map(str, batch.lacks))),
        Column(_("Programme"), "activity.programme", sort="activity__programme__year", is_optional=True),
        Column(_("Ends on"), "ends_on", kind="date", sort="ends_on", is_optional=True),
        Column(_("Venue"), "venue", is_optional=True),
        Column(_("Decree"), "decree", link="decree", is_optional=True),
    )
    search_fields = ("activity__name", "region__name", "region__short_name", "venue", "decree__number")
    search_label = _("Search batches")
    filterset_class = BatchFilter
    ordering = ("-activity__programme__year", "activity_id", "region__kemendagri_code", "number")
    empty = Empty(_("No batch yet."), _("A batch is one run of an activity; participants are enrolled in it."), NEW)

    def get_queryset(self) -> Any:
        return super().get_queryset().with_names().select_related("decree").with_participant_count()

    def dressed(self, rows: list[Any]) -> list[Any]:
        """What each of them lacks: one more query for a page."""
        known = gaps.known(BATCH, self.request.user)
        looked_at = Batch.objects.for_user(self.request.user).filter(pk__in=[row.pk for row in rows])
        found = {row.pk: gaps.of(row, known) for row in gaps.annotated(looked_at.only("pk"), known)}
        for row in rows:
            row.lacks = found.get(row.pk, [])
        return rows


class BatchDetail(DetailScreen):
    model = Batch
    permission = "trainings.view_batch"
    place = PLACE
    related = ("activity__programme__region", "region", "created_by", "decree__office")
    facts = (
        Fact(_("Activity"), "activity", link="activity"),
        Fact(_("Programme"), "activity.programme", link="activity.programme"),
        Fact(_("Region"), "region", link="region"),
        Fact(_("Mode"), "get_mode_display"),
        Fact(_("Venue"), "venue"),
        Fact(_("Starts on"), "starts_on", kind="date"),
        Fact(_("Ends on"), "ends_on", kind="date"),
        Fact(_("Capacity"), "capacity", kind="number", unknown=_("not determined")),
        Fact(_("Decree of participants"), "self", template="trainings/_batch_decree.html"),
    )
    participant_columns = (
        Column(_("Participant"), "participant", link="participant"),
        Column("NIK", "participant.masked_nik"),
        Column(_("Kabupaten/kota"), "participant.region.short_name"),
        Column(_("Business"), "participant.enterprise", link="participant.enterprise"),
        Column(_("Status"), "self", template="trainings/_enrolment_status.html"),
        Column(_("Attendance"), "self", template="trainings/_enrolment_days.html"),
        Column(_("Act"), "self", template="trainings/_enrolment_act.html"),
    )
    session_columns = (
        Column(_("Training day"), "held_on", kind="date", link="self"),
        Column(_("Times"), "times", unknown=_("not determined")),
        Column(_("Topics"), "self", template="trainings/_session_topics.html"),
        Column(_("Present"), "self", template="trainings/_session_present.html"),
        Column(_("Attendance"), "self", template="trainings/_session_state.html"),
        Column(_("Signed list"), "self", template="trainings/_session_scan.html"),
    )
    instructor_columns = (
        Column(_("Instructor"), "instructor", link="instructor"),
        Column(_("Expertise"), "instructor.expertise"),
        Column(_("Assignment letter"), "letter"),
        Column(_("Date of the letter"), "letter_on", kind="date"),
    )
    visit_columns = (
        Column(_("Visit"), "visit_on", kind="date", link="self"),
        Column(_("Times"), "times", unknown=_("not determined")),
        Column(_("Participant"), "enrolment.participant"),
        Column(_("Instructor"), "instructor"),
        Column(_("Status"), "status", kind="status"),
    )
    steps = (
        NextStep(_("Record attendance"), "trainings:batch_attendance", "trainings.add_attendance", when=_has_days, icon="tasks"),
        NextStep(_("Accept all who fit"), "trainings:enrolments_accept", "trainings.decide_enrolment", when=_may_accept, icon="check"),
        NextStep(_("Enrol a participant"), "trainings:batch_enrol", "trainings.add_enrolment", when=_has_places, icon="plus"),
        NextStep(_("Nominate a participant"), "trainings:batch_enrol", "trainings.add_enrolment", when=_may_nominate, icon="plus"),
        NextStep(
            _("Plan training days"), "trainings:days_plan", "trainings.change_batch",
            when=_in_state(Status.PLANNED, Status.RUNNING), icon="plus",
        ),
        NextStep(_("Plan visits to everybody"), "trainings:visits_plan", "trainings.add_visit", when=_is_open, icon="plus"),
        NextStep(
            _("Attendance lists to sign (PDF)"), "trainings:batch_sheets", "trainings.view_attendance",
            when=lambda batch, user: batch.has_days, icon="document",
        ),
        NextStep(
            _("Certificates"), "trainings:batch_certificates", "trainings.view_certificate",
            when=lambda batch, user: batch.has_days, icon="document",
        ),
        NextStep(_("Edit batch and instructors"), "trainings:batch_update", "trainings.change_batch", when=_may_edit, icon="edit"),
        NextStep(_("Start"), "trainings:batch_start", "trainings.change_batch", when=_in_state(Status.PLANNED), icon="right"),
        NextStep(_("Finish"), "trainings:batch_finish", "trainings.change_batch", when=_in_state(Status.RUNNING), icon="check"),
        NextStep(_("Open again"), "trainings:batch_reopen", "trainings.change_batch", when=_in_state(Status.FINISHED), icon="back"),
        NextStep(
            _("Cancel the batch"), "trainings:batch_cancel", "trainings.cancel_batch",
            when=_in_state(Status.PLANNED, Status.RUNNING), is_danger=True,
        ),
    )  # fmt: skip

    @cached_property
    def parts(self) -> list[ActivityDistrict]:
        return list(parts_of(self.object, self.request.user))

    @property
    def is_full(self) -> bool:
        return bool(self.parts) and all(part.is_full for part in self.parts)

    @cached_property
    def object(self) -> Any:
        batch = super().object
        batch.has_days = bool(self.sessions_of(batch))
        batch.has_due_days = any(day.has_come and not day.is_closed for day in self.sessions_of(batch))
        batch.has_nominations = any(row.status == Enrolment.Status.NOMINATED for row in self.enrolments_of(batch))
        return batch

    def sessions_of(self, batch: Batch) -> list[Session]:
        if not hasattr(self, "_sessions"):
            days = batch.sessions.for_user(self.request.user).with_counts().prefetch_related("topics__instructor")
            self._sessions = list(days.order_by("held_on"))
            for session in self._sessions:
                session.batch = batch
        return self._sessions

    def enrolments_of(self, batch: Batch) -> list[Enrolment]:
        if not hasattr(self, "_enrolments"):
            places = batch.enrolments.for_user(self.request.user).annotate(
                marked_count=Count("attendances"), present_count=Count("attendances", filter=Q(attendances__mark="hadir"))
            )
            names = ("participant__region", "participant__enterprise", "activity__programme__region", "replaced_by__participant")
            self._enrolments = sorted(places.select_related(*names).order_by("participant__name", "pk"), key=lambda row: ORDER[row.status])
            for row in self._enrolments:
                row.batch = batch
        return self._enrolments

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user, batch = self.request.user, self.object
        batch.is_full = self.is_full
        enrolments: list[Any] = self.enrolments_of(batch)
        sessions = self.sessions_of(batch)
        for row in enrolments:
            row.acts = [act for step in ENROLMENT_STEPS if (act := step.link_for(row, user))]
            row.day_count = len(sessions)
        lacks = self.lacks()
        batch.may_open_decree = bool(permitted([OPEN_DECREES], user))
        adding = permitted([ADD_DECREE], user) if _may_edit(batch, user) else []
        batch.decree_create_url = f"{adding[0].href()}?batches={batch.pk}" if adding else ""
        return super().get_context_data(
            parts=self.parts,
            is_full=self.is_full,
            lacks=lacks,
            doubles=self.doubles() if any(lack.gap.code == "rangkap" for lack in lacks) else [],
            enrolments=enrolments,
            sessions=sessions,
            hours=hours_in_all(sessions),
            visits=self.next_visits(),
            assignments=batch.assignments.select_related("instructor").order_by("instructor__name"),
            columns_of={
                "participants": self.participant_columns,
                "sessions": self.session_columns,
                "instructors": self.instructor_columns,
                "visits": self.visit_columns,
            },
            **kwargs,
        )

    def lacks(self) -> list[gaps.Lack]:
        user: Any = self.request.user
        batch = Batch.objects.filter(pk=self.object.pk)
        known = gaps.known(BATCH, user)
        if not _is_own(self.object, user) or (user.is_only_instructor and not batch.taught_by(user).exists()):
            known = gaps.only_told(known)
        rows = gaps.annotated(batch.for_user(user), known)
        return gaps.of(rows.only("pk").get(), known)

    def doubles(self) -> list[tuple[DoubleDay, bool]]:
        """Each with whether this person may read of the other batch."""
        found = double_days(self.object)
        seen = Batch.objects.for_user(self.request.user).filter(pk__in={double.other_batch.pk for double in found})
        visible = set(seen.values_list("pk", flat=True))
        own = {row.pk for row in self.enrolments_of(self.object)}
        return [(double, double.other_batch.pk in visible) for double in found if double.enrolment.pk in own]

    def next_visits(self) -> list[Visit]:
        rows = Visit.objects.for_user(self.request.user).standing().filter(enrolment__batch=self.object)
        coming = rows.filter(Q(visit_on__gte=timezone.localdate()) | Q(status=Visit.Status.PLANNED)) | rows.filter(status=Visit.Status.DONE)
        return list(coming.select_related("enrolment__participant", "instructor").order_by("visit_on", "starts_at", "pk")[:SHOWN_VISITS])


class BatchCreate(FormScreen):
    model = Batch
    form_class = BatchForm
    action = actions.create_batch
    title = _("Add batch")
    place = PLACE


class BatchUpdate(FormScreen):
    model = Batch
    form_class = BatchForm
    action = actions.update_batch
    place = PLACE
    related = ("activity__programme", "region")

    def get_initial(self) -> dict[str, Any]:
        rows = self.object.assignments.order_by("pk").values("instructor", "letter", "letter_on")
        return super().get_initial() | {"instructors": list(rows)}

    def get_title(self) -> Text:
        return gettext("Edit %(what)s") % {"what": self.object}


class _BatchAct(FormScreen):
    model = Batch
    form_class: ClassVar[type[Any]] = ConfirmForm
    place = PLACE
    related = ("activity__programme", "region")

    def parents(self) -> Sequence[tuple[Text, str]]:
        return [(str(self.object), self.object.get_absolute_url())]


class BatchStart(_BatchAct):
    action = actions.start_batch
    title = _("Start the batch")
    submit_label = _("Start")
    success_message = _("The batch is running.")


class BatchFinish(_BatchAct):
    action = actions.finish_batch
    title = _("Finish the batch")
    submit_label = _("Finish")
    success_message = _("The batch is finished.")
    confirmation = _("Nothing more is entered in it: no days, no places. A mark of a closed day can still be corrected with a reason.")


class BatchReopen(_BatchAct):
    form_class = NeededReasonForm
    action = actions.reopen_batch
    title = _("Open the batch again")
    submit_label = _("Open again")
    success_message = _("The batch is running again.")


class BatchCancel(_BatchAct):
    form_class = NeededReasonForm
    action = actions.cancel_batch
    title = _("Cancel the batch")
    submit_label = _("Cancel the batch")
    success_message = _("The batch is cancelled; every place of it is free.")
    confirmation = _("Everybody leaves the batch and the places become free; planned visits are called off. This cannot be undone.")
    is_danger = True
