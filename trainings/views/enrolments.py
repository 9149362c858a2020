"""People and their places in a batch: put forward, decided on, leaving, replaced."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from typing import Any, ClassVar

from django.contrib import messages
from django.db.models import Exists, OuterRef
from django.http import HttpResponse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from ikm_program.forms import ActionMixin
from ikm_program.screens import NextStep, Text
from ikm_program.views import FormScreen
from trainings import actions
from trainings.actions.participants import may_decide
from trainings.forms.batches import EnrolForm, EnrolNewForm
from trainings.forms.fields import ConfirmForm, NeededReasonForm, ReasonForm
from trainings.forms.selection import ReplaceForm
from trainings.models import ActivityDistrict, Batch, Enrolment, Participant
from trainings.views.reach import within_reach

PLACE = "trainings:batch_list"
CANDIDATES = 12
Status = Enrolment.Status
_is_own = within_reach("participant.region")


def parts_of(batch: Batch, user: Any) -> Any:
    """Quota and places of the districts that may send people to this batch."""
    parts = ActivityDistrict.objects.for_user(user).filter(activity=batch.activity_id, region__path__startswith=batch.region.path)
    return parts.select_related("region").order_by("region__kemendagri_code")


def _stands(*statuses: Status, decides: bool = False) -> Callable[[Any, Any], bool]:
    def is_so(place: Enrolment, user: Any) -> bool:
        if place.status not in statuses or not place.activity.programme.is_open or not _is_own(place, user):
            return False
        return place.batch.is_standing and (not decides or may_decide(place.activity, by=user))

    return is_so


ENROLMENT_STEPS = (
    NextStep(
        _("Accept"), "trainings:enrolment_accept", "trainings.decide_enrolment",
        when=_stands(Status.NOMINATED, Status.RESERVE, Status.REJECTED),
    ),
    NextStep(
        _("Keep in reserve"), "trainings:enrolment_reserve", "trainings.decide_enrolment", when=_stands(Status.NOMINATED, Status.REJECTED)
    ),
    NextStep(
        _("Do not accept"), "trainings:enrolment_reject", "trainings.decide_enrolment", when=_stands(Status.NOMINATED, Status.RESERVE)
    ),
    NextStep(
        _("Leave the batch"), "trainings:enrolment_withdraw", "trainings.change_enrolment",
        when=_stands(Status.ACTIVE, Status.NOMINATED, Status.RESERVE),
    ),
    NextStep(_("Replace"), "trainings:enrolment_replace", "trainings.change_enrolment", when=_stands(Status.ACTIVE, decides=True)),
    NextStep(_("Enrol again"), "trainings:enrolment_return", "trainings.change_enrolment", when=_stands(Status.WITHDRAWN)),
    NextStep(_("Plan a visit"), "trainings:visit_create", "trainings.add_visit", when=_stands(Status.ACTIVE)),
)  # fmt: skip


class BatchEnrol(FormScreen):
    """One page, two ways: somebody of the register by search, or a new person. Which of the two was sent tells `participant`."""

    model = Batch
    permission = "trainings.add_enrolment"
    subject_is = "visible"  # the province's batch takes people of the districts; the action asks where the participant belongs
    place = PLACE
    related = ("activity__programme__region", "region")
    template_name = "trainings/batch_enrol.html"
    action = actions.enrol_new
    form_class = EnrolNewForm

    @property
    def is_of_register(self) -> bool:
        return "participant" in self.request.POST

    @property
    def is_deciding(self) -> bool:
        return may_decide(self.object.activity, by=self.request.user)

    def get_action(self) -> Any:
        return actions.enrol if self.is_of_register else actions.enrol_new

    def get_form(self, *, is_bound: bool) -> ActionMixin:
        form_class = EnrolForm if self.is_of_register else EnrolNewForm
        data = self.request.POST if is_bound else None
        return form_class(data, user=self.request.user, subject=self.subject)

    def get_title(self) -> Text:
        return _("Enrol a participant") if self.is_deciding else _("Nominate a participant")

    def parents(self) -> list[tuple[Text, str]]:
        return [(str(self.object), self.object.get_absolute_url())]

    def done(self, form: ActionMixin, result: Any) -> HttpResponse:
        for sentence in result.participant.nik_warnings:
            messages.warning(self.request, str(sentence))
        return super().done(form, result)

    def get_success_message(self, result: Enrolment) -> Text:
        if result.status == Status.NOMINATED:
            return gettext("%(name)s is nominated. The province decides who gets a place.") % {"name": result.participant}
        part = parts_of(self.object, self.request.user).filter(region=result.participant.region).first()
        return gettext("%(name)s is enrolled: %(places)s.") % {"name": result.participant, "places": part.places if part else ""}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        typed = self.request.POST if self.is_of_register and "name" in self.request.POST else None  # what was typed of somebody new stays
        other = (EnrolNewForm if self.is_of_register else EnrolForm)(typed, user=self.request.user, subject=self.subject)
        forms = (kwargs["form"], other) if self.is_of_register else (other, kwargs["form"])
        context = super().get_context_data(
            register_form=forms[0],
            new_form=forms[1],
            parts=parts_of(self.object, self.request.user),
            candidates=self.candidates(),
            is_deciding=self.is_deciding,
            **kwargs,
        )
        context["submit_label"] = _("Record and enrol") if self.is_deciding else _("Record and nominate")
        return context

    def candidates(self) -> list[Participant]:
        """The first people of the register who are not in this activity yet, each with the key of its own small form."""
        live = Enrolment.objects.live().filter(activity=self.object.activity_id, participant=OuterRef("pk"))
        people = Participant.objects.owned_by(self.request.user).filter(region__path__startswith=self.object.region.path)
        people = people.exclude(Exists(live))
        rows: list[Any] = list(people.select_related("region", "enterprise").order_by("sort_name", "pk")[:CANDIDATES])
        for row in rows:
            row.form_key = uuid.uuid4()
        return rows


class EnrolmentsAccept(FormScreen):
    """Everybody nominated who fits."""

    model = Batch
    form_class = ConfirmForm
    action = actions.accept_all
    place = PLACE
    related = ("activity__programme__region", "region")
    title = _("Accept all who fit")
    submit_label = _("Accept all who fit")
    template_name = "trainings/enrolments_accept.html"

    def parents(self) -> list[tuple[Text, str]]:
        return [(str(self.object), self.object.get_absolute_url())]

    def get_confirmation(self) -> Text:
        waiting = self.object.enrolments.nominated().count()
        return (
            ngettext(
                "%(count)s person is nominated. Places are given in the order of nomination; who does not fit goes on waiting.",
                "%(count)s people are nominated. Places are given in the order of nomination; who does not fit goes on waiting.",
                waiting,
            )
            % {"count": waiting}
        )  # fmt: skip

    def get_success_message(self, result: Any) -> Text:
        count = len(result or ())
        return ngettext("%(count)s person is accepted.", "%(count)s people are accepted.", count) % {"count": count}

    def get_success_url(self, result: Any) -> str:
        return str(self.object.get_absolute_url())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(parts=parts_of(self.object, self.request.user), **kwargs)


class _EnrolmentAct(FormScreen):
    model = Enrolment
    form_class: ClassVar[type[Any]] = ReasonForm
    place = PLACE
    related = ("batch__activity__programme__region", "batch__region", "participant__region", "activity__programme__region")

    def parents(self) -> Sequence[tuple[Text, str]]:
        return [(str(self.object.batch), self.object.batch.get_absolute_url())]


class EnrolmentAccept(_EnrolmentAct):
    action = actions.accept
    submit_label = _("Accept")
    success_message = _("The participant has a place.")
    confirmation = _("The person gets a place of the kabupaten/kota's quota.")

    def get_title(self) -> Text:
        return gettext("Accept %(name)s") % {"name": self.object.participant}


class EnrolmentReserve(_EnrolmentAct):
    action = actions.put_in_reserve
    submit_label = _("Keep in reserve")
    success_message = _("The person is in reserve.")
    confirmation = _("The person waits until a place becomes free.")

    def get_title(self) -> Text:
        return gettext("Keep %(name)s in reserve") % {"name": self.object.participant}


class EnrolmentReject(_EnrolmentAct):
    form_class = NeededReasonForm
    action = actions.reject
    submit_label = _("Do not accept")
    success_message = _("The person is not accepted; the kabupaten/kota sees why.")
    is_danger = True

    def get_title(self) -> Text:
        return gettext("Do not accept %(name)s") % {"name": self.object.participant}


class EnrolmentReplace(_EnrolmentAct):
    form_class = ReplaceForm
    action = actions.replace
    is_edit = False
    submit_label = _("Replace")
    success_message = _("The place has gone to somebody else.")
    confirmation = _("The place goes to another person at once. What this person has attended and made stays on record.")

    def get_title(self) -> Text:
        return gettext("Replace %(name)s") % {"name": self.object.participant}


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

    def get_title(self) -> Text:
        return gettext("Enrol %(name)s again") % {"name": self.object.participant}

    def get_success_message(self, result: Enrolment) -> Text:
        is_waiting = result.status == Status.NOMINATED
        return _("The participant is nominated again.") if is_waiting else _("The participant is enrolled again.")
