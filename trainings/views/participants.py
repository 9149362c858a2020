from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from ikm_program.forms import ActionMixin
from ikm_program.screens import Column, Empty, Fact, Link, NextStep, Text
from ikm_program.views import DetailScreen, FormScreen, ListScreen
from trainings import actions
from trainings.filters.training import EnterpriseFilter, ParticipantFilter
from trainings.forms.participants import EnterpriseForm, ParticipantForm
from trainings.models import Enterprise, Participant
from trainings.views.reach import within_reach

PARTICIPANTS = "trainings:participant_list"
ENTERPRISES = "trainings:enterprise_list"
NEW_PARTICIPANT = Link(_("Add participant"), "trainings:participant_create", "trainings.add_participant", icon="plus")
NEW_ENTERPRISE = Link(_("Add business"), "trainings:enterprise_create", "trainings.add_enterprise", icon="plus")
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
        Column(_("Name"), "name", link="self", sort="name"),
        Column("NIK", "masked_nik"),
        Column(_("Sex"), "get_sex_display", sort="sex"),
        Column(_("Kabupaten/kota"), "region", sort="region__kemendagri_code"),
        Column(_("Business"), "enterprise", link="enterprise", sort="enterprise__name", unknown=_("on his or her own")),
    )
    search_fields = ("name", "enterprise__name")
    search_label = _("Search participants by name or business")
    filterset_class = ParticipantFilter
    ordering = ("name",)
    empty = Empty(_("No participant yet."), _("Participants can be added here or while enrolling in a batch."), NEW_PARTICIPANT)


class ParticipantDetail(DetailScreen):
    """The NIK stays masked; showing it in full is a POST of its own, on record."""

    model = Participant
    permission = "trainings.view_participant"
    place = PARTICIPANTS
    related = ("region", "enterprise", "created_by")
    facts = (
        Fact(_("Kabupaten/kota"), "region"),
        Fact(_("Sex"), "get_sex_display"),
        Fact(_("Date of birth"), "birth_date", kind="date"),
        Fact(_("Mobile phone"), "phone", template="trainings/_phone.html"),
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
    action = actions.create_participant
    title = _("Add participant")
    autosaves = True


class ParticipantUpdate(_ParticipantForm):
    action = actions.update_participant
    related = ("region", "enterprise")

    def get_title(self) -> Text:
        return _now("Edit %(what)s") % {"what": self.object}


# --- enterprises --------------------------------------------------------------------------------------------------------


class EnterpriseList(ListScreen):
    model = Enterprise
    permission = "trainings.view_enterprise"
    title = _("Small businesses")
    place = ENTERPRISES
    related = ("region",)
    links = (NEW_ENTERPRISE, IMPORT)
    columns = (
        Column(_("Business"), "name", link="self", sort="name"),
        Column(_("Owner"), "owner_name", sort="owner_name"),
        Column(_("Kabupaten/kota"), "region", sort="region__kemendagri_code"),
        Column(_("Main product"), "main_product", sort="main_product"),
        Column(_("Scale"), "scale_label", unknown=_("not known yet")),
    )
    search_fields = ("name", "owner_name", "main_product", "nib")
    search_label = _("Search businesses")
    filterset_class = EnterpriseFilter
    ordering = ("name",)
    empty = Empty(_("No business yet."), _("Small and medium industries (IKM) of your region."), NEW_ENTERPRISE)


class EnterpriseDetail(DetailScreen):
    model = Enterprise
    permission = "trainings.view_enterprise"
    place = ENTERPRISES
    related = ("region", "created_by")
    facts = (
        Fact(_("Kabupaten/kota"), "region"),
        Fact(_("Owner"), "owner_name"),
        Fact(_("Main product"), "main_product"),
        Fact(_("Address"), "address"),
        Fact(_("Telephone"), "phone", template="trainings/_phone.html"),
        Fact("NIB", "nib"),
        Fact("NPWP", "shown_npwp"),
        Fact("KBLI", "kbli_words"),
        Fact(_("Started in (year)"), "started_year"),
        Fact(_("Male workers"), "workers_male", kind="number"),
        Fact(_("Female workers"), "workers_female", kind="number"),
        Fact(_("Investment without land and building"), "investment", kind="money"),
        Fact(_("Scale (Permenperin 64/2016)"), "scale_label", unknown=_("workers and investment not known yet")),
        Fact(_("Active"), "is_active", kind="yesno"),
    )
    participant_columns = (Column(_("Participant"), "name", link="self"), Column(_("Kabupaten/kota"), "region"))
    steps = (NextStep(_("Edit"), "trainings:enterprise_update", "trainings.change_enterprise", when=_is_own, icon="edit"),)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        people = self.object.participants.for_user(self.request.user).select_related("region")
        return super().get_context_data(participants=people, participant_columns=self.participant_columns, **kwargs)


class EnterpriseCreate(FormScreen):
    model = Enterprise
    form_class = EnterpriseForm
    action = actions.create_enterprise
    title = _("Add business")
    place = ENTERPRISES


class EnterpriseUpdate(FormScreen):
    model = Enterprise
    form_class = EnterpriseForm
    action = actions.update_enterprise
    place = ENTERPRISES
    related = ("region",)

    def get_title(self) -> Text:
        return _now("Edit %(what)s") % {"what": self.object}
