from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ikm_program.choosing import Suggestions
from ikm_program.forms import ActionMixin
from ikm_program.screens import Column, Empty, Fact, Link, NextStep, Text
from ikm_program.views import FormScreen, ListScreen
from trainings import actions
from trainings.filters.training import ParticipantFilter
from trainings.forms.duplicates import ParticipantCreateForm
from trainings.forms.participants import ParticipantForm
from trainings.models import Participant
from trainings.views.duplicates import FollowsMerges
from trainings.views.reach import within_reach
from trainings.views.taking_up import TakesUpTyped

PARTICIPANTS = "trainings:participant_list"
NEW_PARTICIPANT = Link(_("Add participant"), "trainings:participant_create", "trainings.add_participant", icon="plus")
IMPORT = Link(_("Import"), "sheets:import_create", "ikm_program.add_sheetimport", icon="upload")
_is_own = within_reach("region")


class ParticipantList(ListScreen):
    model = Participant
    permission = "trainings.view_participant"
    title = _("Participants")
    place = PARTICIPANTS
    related = ("region", "enterprise")
    links = (NEW_PARTICIPANT, IMPORT)
    columns = (
        Column(_("Name"), "name", link="self", sort="sort_name"),
        Column("NIK", "masked_nik", full="nik", full_permission="trainings.reveal_nik"),
        Column(_("Sex"), "get_sex_display"),
        Column(_("Kabupaten/kota"), "region"),
        Column(_("Business"), "enterprise", link="enterprise", unknown=_("on his or her own")),
        Column(_("Date of birth"), "birth_date", kind="date", is_optional=True),
        Column(_("Education"), "get_education_display", is_optional=True),
        Column(_("Mobile phone"), "phone", template="trainings/_phone.html", in_file=lambda row: row.phone, is_optional=True),
        Column(_("Address"), "address", is_optional=True),
        Column(_("Recorded at"), "created_at", kind="datetime", sort="pk", is_optional=True),
    )
    search_label = _("Search participants by name or business")
    filterset_class = ParticipantFilter
    ordering = ("sort_name",)
    is_big = True
    tallied_by = "region"
    empty = Empty(_("No participant yet."), _("Participants can be added here or while enrolling in a batch."), NEW_PARTICIPANT)


class ParticipantSuggestions(Suggestions):
    model = Participant
    permission = "trainings.view_participant"
    related = ("region", "enterprise")

    def about(self, record: Participant) -> str:
        """Two of one name are told apart by what is shown of their NIK."""
        number = record.masked_nik if record.nik else ""
        return " · ".join(part for part in (number, record.enterprise_name, record.region.short_name) if part)


class ParticipantDetail(FollowsMerges):
    """The NIK stays masked; showing it in full is a POST of its own, on record."""

    model = Participant
    permission = "trainings.view_participant"
    place = PARTICIPANTS
    related = ("region", "enterprise", "created_by")
    facts = (
        Fact(_("Kabupaten/kota"), "region"),
        Fact(_("Sex"), "get_sex_display"),
        Fact(_("Date of birth"), "birth_date", kind="date"),
        Fact(_("Education"), "get_education_display"),
        Fact(_("Mobile phone"), "phone", template="trainings/_phone.html"),
        Fact(_("Address"), "address"),
        Fact(_("Business"), "enterprise", link="enterprise", unknown=_("on his or her own")),
        Fact(_("Why the NIK does not match"), "nik_exception", unknown=_("no exception")),
        Fact(_("Example data"), "is_example", kind="yesno"),
    )
    enrolment_columns = (
        Column(_("Batch"), "batch", link="batch"),
        Column(_("Activity"), "activity", link="activity"),
        Column(_("Status"), "status", kind="status"),
    )
    steps = (NextStep(_("Edit"), "trainings:participant_update", "trainings.change_participant", when=_is_own, icon="edit"),)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        places = self.object.enrolments.for_user(self.request.user).select_related("batch__activity", "batch__region", "activity")
        kwargs.setdefault("full_nik", "")
        kwargs["reveal_url"] = reverse("trainings:participant_reveal", kwargs={"pk": self.object.pk})
        return super().get_context_data(enrolments=places, enrolment_columns=self.enrolment_columns, **kwargs)


class ParticipantReveal(ParticipantDetail):
    """The same page with the number in full: never by a link, never kept in an address or a history."""

    permission = "trainings.reveal_nik"
    http_method_names = ("post", "options")

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        full = actions.reveal_nik(self.object, by=request.user)
        return self.render_to_response(self.get_context_data(full_nik=full))


class _ParticipantForm(FormScreen):
    model = Participant
    form_class = ParticipantForm
    place = PARTICIPANTS

    def done(self, form: ActionMixin, result: Any) -> HttpResponse:
        for sentence in result.nik_warnings:
            messages.warning(self.request, str(sentence))
        return super().done(form, result)


class ParticipantCreate(_ParticipantForm):
    form_class = ParticipantCreateForm
    action = actions.create_participant
    title = _("Add participant")


class ParticipantUpdate(TakesUpTyped, _ParticipantForm):
    action = actions.update_participant
    related = ("region", "enterprise")

    def get_title(self) -> Text:
        return gettext("Edit %(what)s") % {"what": self.object}
