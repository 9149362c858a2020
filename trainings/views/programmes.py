from __future__ import annotations

from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ikm_program.screens import Column, Empty, Fact, Link, NextStep, Text
from ikm_program.views import DetailScreen, FormScreen, ListScreen
from trainings import actions
from trainings.filters.training import ActivityFilter, ProgrammeFilter
from trainings.forms.fields import ReasonForm
from trainings.forms.programmes import ActivityForm, ProgrammeForm
from trainings.models import Activity, Batch, Programme
from trainings.views.reach import within_reach

PROGRAMMES = "trainings:programme_list"
ACTIVITIES = "trainings:activity_list"
NEW_PROGRAMME = Link(_("Add programme"), "trainings:programme_create", "trainings.add_programme", icon="plus")
NEW_ACTIVITY = Link(_("Add activity"), "trainings:activity_create", "trainings.add_activity", icon="plus")
ACTIVITY_COLUMNS = (
    Column(_("Activity"), "name", link="self"),
    Column(_("Kabupaten/kota"), "district_count", kind="number"),
    Column(_("Participants"), "enrolled_count", kind="number"),
)
_owns_programme = within_reach("region")
_owns_activity = within_reach("programme.region")


class ProgrammeList(ListScreen):
    model = Programme
    permission = "trainings.view_programme"
    title = _("Programmes")
    place = PROGRAMMES
    related = ("region",)
    links = (NEW_PROGRAMME,)
    columns = (
        Column(_("Programme"), "name", link="self", sort="name"),
        Column(_("Year"), "year", sort="year"),
        Column(_("Region"), "region.name", sort="region__kemendagri_code"),
        Column(_("Fund source"), "get_fund_display", sort="fund"),
        Column(_("Status"), "status", kind="status", sort="status"),
    )
    search_fields = ("name", "code", "fund_quote")
    search_label = _("Search programmes")
    filterset_class = ProgrammeFilter
    ordering = ("-year", "name")
    empty = Empty(_("No programme yet."), _("A programme holds a year's activities, targets and documents."), NEW_PROGRAMME)


class ProgrammeDetail(DetailScreen):
    model = Programme
    permission = "trainings.view_programme"
    place = PROGRAMMES
    related = ("region", "created_by")
    facts = (
        Fact(_("Region"), "region"),
        Fact(_("Fiscal year"), "year"),
        Fact(_("Code"), "code"),
        Fact(_("Fund source"), "get_fund_display"),
        Fact(_("Fund source as the source words it"), "fund_quote"),
        Fact(_("Fund's office of origin"), "origin_office"),
        Fact(_("Starts on"), "starts_on", kind="date"),
        Fact(_("Ends on"), "ends_on", kind="date"),
        Fact(_("Inspected before it is handed over"), "requires_inspection", kind="yesno"),
        Fact(_("Bought from the maker before it is handed over"), "requires_purchase", kind="yesno"),
    )
    steps = (
        NextStep(
            _("Add activity"),
            "trainings:activity_create",
            "trainings.add_activity",
            when=lambda programme, user: programme.is_open and _owns_programme(programme, user),
            kwargs=lambda programme: {},
            query=lambda programme: {"programme": programme.pk},
            icon="plus",
        ),
        NextStep(_("Edit"), "trainings:programme_update", "trainings.change_programme", when=_owns_programme, icon="edit"),
        NextStep(
            _("Close programme"),
            "trainings:programme_close",
            "trainings.close_programme",
            when=lambda programme, user: programme.is_open and _owns_programme(programme, user),
            icon="lock",
        ),
        NextStep(
            _("Open again"),
            "trainings:programme_open",
            "trainings.close_programme",
            when=lambda programme, user: not programme.is_open and _owns_programme(programme, user),
        ),
    )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        activities = self.object.activities.for_user(self.request.user).with_counts().order_by("pk")
        return super().get_context_data(activities=activities, activity_columns=ACTIVITY_COLUMNS, **kwargs)


class ProgrammeCreate(FormScreen):
    model = Programme
    form_class = ProgrammeForm
    action = actions.create_programme
    title = _("Add programme")
    place = PROGRAMMES


class ProgrammeUpdate(FormScreen):
    model = Programme
    form_class = ProgrammeForm
    action = actions.update_programme
    place = PROGRAMMES

    def get_title(self) -> Text:
        return gettext("Edit %(what)s") % {"what": self.object}


class ProgrammeClose(FormScreen):
    model = Programme
    form_class = ReasonForm
    action = actions.close_programme
    place = PROGRAMMES
    submit_label = _("Close programme")
    success_message = _("The programme is closed.")
    confirmation = _("From then on nothing new is entered in it: no batch, no participant, no output. It can be opened again.")

    def get_title(self) -> Text:
        return gettext("Close %(what)s") % {"what": self.object}


class ProgrammeOpen(FormScreen):
    model = Programme
    form_class = ReasonForm
    action = actions.open_programme
    place = PROGRAMMES
    submit_label = _("Open again")
    success_message = _("The programme is open again.")

    def get_title(self) -> Text:
        return gettext("Open %(what)s again") % {"what": self.object}


# --- activities ---------------------------------------------------------------------------------------------------------


class ActivityList(ListScreen):
    model = Activity
    permission = "trainings.view_activity"
    title = _("Activities")
    lead = _("What is taught and made, in which kabupaten/kota, and how many participants each may send.")
    place = ACTIVITIES
    related = ("programme",)
    links = (NEW_ACTIVITY,)
    columns = (
        Column(_("Activity"), "name", link="self", sort="name"),
        Column(_("Programme"), "programme", link="programme", sort="programme__year"),
        Column(_("Kabupaten/kota"), "district_count", kind="number", sort="district_count"),
        Column(_("Participants"), "enrolled_count", kind="number", sort="enrolled_count"),
    )
    search_fields = ("name", "description", "programme__name")
    search_label = _("Search activities")
    filterset_class = ActivityFilter
    ordering = ("-programme__year", "pk")
    empty = Empty(_("No activity yet."), _("Activities belong to a programme that is open."), NEW_ACTIVITY)

    def get_queryset(self) -> Any:
        return super().get_queryset().with_counts()


class ActivityDetail(DetailScreen):
    model = Activity
    permission = "trainings.view_activity"
    place = ACTIVITIES
    related = ("programme__region", "created_by")
    facts = (
        Fact(_("Programme"), "programme", link="programme"),
        Fact(_("Products"), "product_names", unknown=_("not linked yet")),
        Fact(_("Description"), "description", kind="longtext"),
    )
    district_columns = (
        Column(_("Kabupaten/kota"), "region"),
        Column(_("Participants"), "places"),
        Column(_("Reason for being chosen"), "reason"),
    )
    batch_columns = (
        Column(_("Batch"), "number", link="self"),
        Column(_("Region"), "region"),
        Column(_("Participants"), "participant_count", kind="number"),
        Column(_("Starts on"), "starts_on", kind="date"),
        Column(_("Ends on"), "ends_on", kind="date"),
    )
    steps = (
        NextStep(
            _("Edit and set quotas"),
            "trainings:activity_update",
            "trainings.change_activity",
            when=lambda activity, user: activity.programme.is_open and _owns_activity(activity, user),
            icon="edit",
        ),
        NextStep(
            _("Link a product"),
            "production:product_list",
            "production.change_product",
            when=lambda activity, user: activity.programme.is_open and _owns_activity(activity, user),
            kwargs=lambda activity: {},
            icon="box",
        ),
        NextStep(
            _("Add batch"),
            "trainings:batch_create",
            "trainings.add_batch",
            when=lambda activity, user: activity.programme.is_open,
            kwargs=lambda activity: {},
            query=lambda activity: {"activity": activity.pk},
            icon="plus",
        ),
    )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.request.user
        batches = Batch.objects.for_user(user).filter(activity=self.object).with_names().with_participant_count()
        return super().get_context_data(
            districts=self.object.districts.for_user(user).select_related("region"),
            district_columns=self.district_columns,
            batches=batches.order_by("region__kemendagri_code", "number"),
            batch_columns=self.batch_columns,
            **kwargs,
        )


class _ActivityForm(FormScreen):
    model = Activity
    form_class = ActivityForm
    place = ACTIVITIES

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(form_extra_template="trainings/_activity_districts.html", **kwargs)


class ActivityCreate(_ActivityForm):
    action = actions.create_activity
    title = _("Add activity")


class ActivityUpdate(_ActivityForm):
    related = ("programme__region",)
    action = actions.update_activity

    def get_title(self) -> Text:
        return gettext("Edit %(what)s") % {"what": self.object}
