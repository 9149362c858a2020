from __future__ import annotations

import uuid
from collections.abc import Callable
from functools import cached_property
from typing import Any

from django.contrib import messages
from django.db.models import Exists, OuterRef
from django.http import HttpResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ikm_program.forms import ActionMixin
from ikm_program.screens import Column, Empty, Fact, Link, NextStep, Step, Text, resolved
from ikm_program.views import DetailScreen, FormScreen, ListScreen
from trainings import actions
from trainings.filters.training import BatchFilter
from trainings.forms.batches import BatchForm, EnrolForm, EnrolNewForm
from trainings.forms.fields import ReasonForm
from trainings.models import ActivityDistrict, Batch, Enrolment, Participant
from trainings.views.reach import within_reach

PLACE = "trainings:batch_list"
NEW = Link(_("Add batch"), "trainings:batch_create", "trainings.add_batch", icon="plus")
CANDIDATES = 12


def _is_open(batch: Batch, user: Any) -> bool:
    return batch.activity.programme.is_open


def _may_edit(batch: Batch, user: Any) -> bool:
    return _is_open(batch, user) and within_reach("region")(batch, user)


def _stands(status: Enrolment.Status) -> Callable[[Any, Any], bool]:
    is_own = within_reach("participant.region")
    return lambda place, user: place.status == status and place.activity.programme.is_open and is_own(place, user)


ENROLMENT_STEPS = (
    NextStep(_("Leave the batch"), "trainings:enrolment_withdraw", "trainings.change_enrolment", when=_stands(Enrolment.Status.ACTIVE)),
    NextStep(_("Enrol again"), "trainings:enrolment_return", "trainings.change_enrolment", when=_stands(Enrolment.Status.WITHDRAWN)),
)


class BatchList(ListScreen):
    model = Batch
    permission = "trainings.view_batch"
    title = _("Batches")
    lead = _("One run of an activity with its participants and instructors.")
    place = PLACE
    links = (NEW,)
    columns = (
        Column(_("Batch"), "number", link="self", sort="number"),
        Column(_("Activity"), "activity", link="self", sort="activity__name"),
        Column(_("Programme"), "activity.programme", sort="activity__programme__year"),
        Column(_("Region"), "region", sort="region__kemendagri_code"),
        Column(_("Participants"), "participant_count", kind="number", sort="participant_count"),
        Column(_("Starts on"), "starts_on", kind="date", sort="starts_on"),
    )
    search_fields = ("activity__name", "region__name", "region__short_name", "venue")
    search_label = _("Search batches")
    filterset_class = BatchFilter
    ordering = ("-activity__programme__year", "activity_id", "region__kemendagri_code", "number")
    empty = Empty(_("No batch yet."), _("A batch is one run of an activity; participants are enrolled in it."), NEW)

    def get_queryset(self) -> Any:
        return super().get_queryset().with_names().with_participant_count()


class BatchDetail(DetailScreen):
    model = Batch
    permission = "trainings.view_batch"
    place = PLACE
    related = ("activity__programme__region", "region", "created_by")
    facts = (
        Fact(_("Activity"), "activity", link="activity"),
        Fact(_("Programme"), "activity.programme", link="activity.programme"),
        Fact(_("Region"), "region", link="region"),
        Fact(_("Mode"), "get_mode_display"),
        Fact(_("Venue"), "venue"),
        Fact(_("Starts on"), "starts_on", kind="date"),
        Fact(_("Ends on"), "ends_on", kind="date"),
    )
    participant_columns = (
        Column(_("Participant"), "participant", link="participant"),
        Column("NIK", "participant.masked_nik"),
        Column(_("Kabupaten/kota"), "participant.region"),
        Column(_("Business"), "participant.enterprise", link="participant.enterprise"),
        Column(_("Status"), "status", kind="status"),
        Column(_("Act"), "self", template="trainings/_enrolment_act.html"),
    )
    instructor_columns = (
        Column(_("Instructor"), "instructor", link="instructor"),
        Column(_("Expertise"), "instructor.expertise"),
    )
    steps = (
        NextStep(_("Enrol a participant"), "trainings:batch_enrol", "trainings.add_enrolment", when=_is_open, icon="plus"),
        NextStep(_("Edit batch and instructors"), "trainings:batch_update", "trainings.change_batch", when=_may_edit, icon="edit"),
    )

    @cached_property
    def parts(self) -> list[ActivityDistrict]:
        return list(_parts(self.object, self.request.user))

    @property
    def is_full(self) -> bool:
        return bool(self.parts) and all(part.is_full for part in self.parts)

    def get_steps(self) -> list[Step]:
        """Where every place is taken, enrolling is not offered; the page says why."""
        enrolling = resolved("trainings:batch_enrol", pk=self.object.pk)
        return [step for step in super().get_steps() if not (self.is_full and step.href == enrolling)]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.request.user
        places = self.object.enrolments.for_user(user).select_related(
            "participant__region", "participant__enterprise", "activity__programme"
        )
        rows = list(places.order_by("status", "participant__name"))
        for row in rows:
            row.act = next((act for step in ENROLMENT_STEPS if (act := step.link_for(row, user))), None)
        return super().get_context_data(
            parts=self.parts,
            is_full=self.is_full,
            enrolments=rows,
            participant_columns=self.participant_columns,
            assignments=self.object.assignments.select_related("instructor").order_by("instructor__name"),
            instructor_columns=self.instructor_columns,
            **kwargs,
        )


def _parts(batch: Batch, user: Any) -> Any:
    """Quota and places of the districts that may send people to this batch."""
    parts = ActivityDistrict.objects.for_user(user).filter(activity=batch.activity_id, region__path__startswith=batch.region.path)
    return parts.select_related("region").order_by("region__kemendagri_code")


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

    def get_title(self) -> Text:
        return gettext("Edit %(what)s") % {"what": self.object}


class BatchEnrol(FormScreen):
    """One page, two ways: somebody of the register by search, or a new person. Which of the two was sent tells `participant`."""

    model = Batch
    permission = "trainings.add_enrolment"
    subject_is = "visible"  # the province's batch takes people of the districts; the action asks where the participant belongs
    place = PLACE
    related = ("activity__programme__region", "region")
    template_name = "trainings/batch_enrol.html"
    submit_label = _("Record and enrol")
    autosaves = True
    action = actions.enrol_new
    form_class = EnrolNewForm

    @property
    def is_of_register(self) -> bool:
        return "participant" in self.request.POST

    def get_action(self) -> Any:
        return actions.enrol if self.is_of_register else actions.enrol_new

    def get_form(self, *, is_bound: bool) -> ActionMixin:
        form_class = EnrolForm if self.is_of_register else EnrolNewForm
        data = self.request.POST if is_bound else None
        return form_class(data, user=self.request.user, subject=self.subject)

    def get_title(self) -> Text:
        return _("Enrol a participant")

    def parents(self) -> list[tuple[Text, str]]:
        return [(str(self.object), self.object.get_absolute_url())]

    def done(self, form: ActionMixin, result: Any) -> HttpResponse:
        for sentence in result.participant.nik_warnings:
            messages.warning(self.request, str(sentence))
        return super().done(form, result)

    def get_success_message(self, result: Enrolment) -> Text:
        part = _parts(self.object, self.request.user).filter(region=result.participant.region).first()
        return gettext("%(name)s is enrolled: %(places)s.") % {"name": result.participant, "places": part.places if part else ""}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        other = (EnrolNewForm if self.is_of_register else EnrolForm)(user=self.request.user, subject=self.subject)
        forms = (kwargs["form"], other) if self.is_of_register else (other, kwargs["form"])
        return super().get_context_data(
            register_form=forms[0],
            new_form=forms[1],
            parts=_parts(self.object, self.request.user),
            candidates=self.candidates(),
            **kwargs,
        )

    def candidates(self) -> list[Participant]:
        """The first people of the register who are not in this activity yet, each with the key of its own small form."""
        active = Enrolment.objects.active().filter(activity=self.object.activity_id, participant=OuterRef("pk"))
        people = Participant.objects.owned_by(self.request.user).filter(region__path__startswith=self.object.region.path)
        people = people.exclude(Exists(active))
        rows: list[Any] = list(people.select_related("region", "enterprise").order_by("sort_name", "pk")[:CANDIDATES])
        for row in rows:
            row.form_key = uuid.uuid4()
        return rows


class _EnrolmentAct(FormScreen):
    model = Enrolment
    form_class = ReasonForm
    place = PLACE
    related = ("batch__activity__programme", "batch__region", "participant__region", "activity__programme")

    def parents(self) -> list[tuple[Text, str]]:
        return [(str(self.object.batch), self.object.batch.get_absolute_url())]


class EnrolmentWithdraw(_EnrolmentAct):
    action = actions.withdraw
    submit_label = _("Leave the batch")
    success_message = _("The place is free again.")
    confirmation = _("The place becomes free for somebody else. What this person has made stays on record.")

    def get_title(self) -> Text:
        return gettext("Withdraw %(name)s") % {"name": self.object.participant}


class EnrolmentReturn(_EnrolmentAct):
    action = actions.re_enrol
    submit_label = _("Enrol again")
    success_message = _("The participant is enrolled again.")

    def get_title(self) -> Text:
        return gettext("Enrol %(name)s again") % {"name": self.object.participant}
