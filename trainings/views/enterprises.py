from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Exists, Max, Min, OuterRef
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ikm_program.bulk import BulkAction
from ikm_program.choosing import Suggestions
from ikm_program.forms import ActionMixin
from ikm_program.screens import Column, Empty, Fact, Link, NextStep, Text, permitted
from ikm_program.views import FormScreen, ListScreen
from trainings import actions, passport
from trainings.filters.training import EnterpriseFilter
from trainings.forms.duplicates import EnterpriseCreateForm
from trainings.forms.enterprises import ConfirmationForm, EnterpriseConfirmForm, EnterpriseForm
from trainings.models import Enterprise, Region
from trainings.views.duplicates import FollowsMerges
from trainings.views.reach import within_reach
from trainings.views.taking_up import TakesUpTyped

ENTERPRISES = "trainings:enterprise_list"
NEW_ENTERPRISE = Link(_("Add business"), "trainings:enterprise_create", "trainings.add_enterprise", icon="plus")
IMPORT = Link(_("Import"), "sheets:import_create", "ikm_program.add_sheetimport", icon="upload")
_is_own = within_reach("region")
UNKNOWN_SCALE = _("workers and investment not known yet")
INACTIVE = _("inactive")
IS_ACTIVE = Column(_("Active"), "is_active", kind="yesno", is_optional=True)


def _if_inactive(row: Enterprise) -> Text:
    return "" if row.is_active else INACTIVE


class EnterpriseList(ListScreen):
    model = Enterprise
    permission = "trainings.view_enterprise"
    title = _("Small businesses")
    place = ENTERPRISES
    related = ("region", "sentra")
    links = (NEW_ENTERPRISE, IMPORT)
    columns = (
        Column(_("Business"), "name", link="self", sort="sort_name", mark=_if_inactive),
        Column(_("Owner"), "owner_name"),
        Column(_("Kabupaten/kota"), "region", sort="region_id", sort_then=("sort_name",)),
        Column(_("Main product"), "main_product"),
        Column(_("Scale"), "scale_label", unknown=_("not known yet")),
        Column(_("Last confirmed"), "confirmed_on", kind="date", unknown=_("never confirmed")),
        Column(_("IKM code"), "code", is_optional=True),
        Column(_("Legal form"), "get_legal_form_display", is_optional=True),
        Column(_("Brand"), "brand", is_optional=True),
        Column(_("Sentra"), "sentra", is_optional=True),
        Column(_("Address"), "address", is_optional=True),
        Column(_("Village"), "village", is_optional=True),
        Column(_("Sub-district"), "subdistrict", is_optional=True),
        Column(_("Telephone"), "phone", template="trainings/_phone.html", in_file=lambda row: row.phone, is_optional=True),
        Column("NIB", "nib", is_optional=True),
        Column("NPWP", "shown_npwp", is_optional=True),
        Column("KBLI", "kbli_words", is_optional=True),
        Column(_("Workers"), "workers", kind="number", unknown=_("not known yet"), is_optional=True),
        Column(_("Investment"), "investment", kind="money", unknown=_("not known yet"), is_optional=True),
        Column(_("NIK of the owner"), "masked_owner_nik", full="owner_nik", full_permission="trainings.reveal_nik", is_optional=True),
        IS_ACTIVE,
        Column(_("Recorded at"), "created_at", kind="datetime", sort="pk", is_optional=True),
    )
    search_label = _("Search businesses")
    filterset_class = EnterpriseFilter
    ordering = ("sort_name",)
    is_big = True
    tallied_by = "region"
    bulk_actions = (
        BulkAction(
            "konfirmasi",
            _("Confirm data"),
            actions.confirm_enterprise,
            consequence=_("The data of these businesses count as confirmed on that day."),
            form_class=ConfirmationForm,
        ),
        BulkAction("aktifkan", _("Mark as active"), actions.update_enterprise, {"is_active": True}),
        BulkAction(
            "nonaktifkan",
            _("Mark as inactive"),
            actions.update_enterprise,
            {"is_active": False},
            consequence=_("They stay on record and are left out where only active businesses count."),
        ),
    )
    empty = Empty(_("No business yet."), _("Small and medium industries (IKM) of your region."), NEW_ENTERPRISE)

    def get_rows(self) -> Any:
        """By district they begin at the first that the person sees and end at the last: no page passes over the rows of others."""
        rows = super().get_rows()
        if self.get_order()[0].removeprefix("-") != "region_id":
            return rows
        held = Region.objects.for_user(self.request.user).filter(Exists(Enterprise.objects.filter(region=OuterRef("pk"))))
        ends = held.aggregate(first=Min("pk"), last=Max("pk"))
        return rows if ends["first"] is None else rows.filter(region__gte=ends["first"], region__lte=ends["last"])

    def file_columns(self) -> list[Column]:
        """In a file a column of its own says what the page marks beside the name; whoever chose other columns gets those."""
        shown = super().file_columns()
        return [*shown, IS_ACTIVE] if shown == [column for column in self.columns if not column.is_optional] else shown


class EnterpriseSuggestions(Suggestions):
    model = Enterprise
    permission = "trainings.view_enterprise"
    related = ("region",)

    def about(self, record: Enterprise) -> str:
        return " · ".join(part for part in (record.owner_name, record.region.short_name) if part)


GROUPS = (
    (
        _("Business"),
        (
            Fact(_("Kabupaten/kota"), "region"),
            Fact(_("Code of the business"), "code"),
            Fact(_("Legal form"), "get_legal_form_display"),
            Fact(_("Main product"), "main_product"),
            Fact(_("Brand"), "brand"),
            Fact(_("Sentra"), "sentra", link="sentra", unknown=_("in no sentra")),
            Fact(_("Started in (year)"), "started_year"),
            Fact(_("Active"), "is_active", kind="yesno"),
            Fact(_("Data last confirmed"), "confirmed_on", template="trainings/_confirmed.html", unknown=_("never confirmed")),
        ),
    ),
    (
        _("Owner"),
        (
            Fact(_("Owner"), "owner_name"),
            Fact(_("Sex"), "get_owner_sex_display"),
        ),
    ),
    (
        _("Place and contact"),
        (
            Fact(_("Address"), "address"),
            Fact(_("Village"), "village"),
            Fact(_("Sub-district"), "subdistrict"),
            Fact(_("Village code"), "village_code"),
            Fact(_("Coordinates"), "coordinates"),
            Fact(_("Telephone"), "phone", template="trainings/_phone.html"),
            Fact(_("E-mail"), "email", template="trainings/_email.html"),
        ),
    ),
    (
        _("Registration"),
        (
            Fact("NIB", "nib"),
            Fact("NPWP", "shown_npwp"),
            Fact("KBLI", "kbli_words"),
            Fact(_("Account at SIINas"), "has_siinas_account", kind="yesno"),
        ),
    ),
    (
        _("Size"),
        (
            Fact(_("Male workers"), "workers_male", kind="number"),
            Fact(_("Female workers"), "workers_female", kind="number"),
            Fact(_("Investment without land and building"), "investment", kind="money"),
            Fact(_("Investment in land and building"), "investment_land", kind="money"),
            Fact(_("Scale (Permenperin 64/2016)"), "scale_label", template="trainings/_scale.html", unknown=UNKNOWN_SCALE),
        ),
    ),
    (
        _("Production"),
        (
            Fact(_("Installed capacity a year"), "installed_capacity", kind="number", unit="capacity_unit"),
            Fact(_("Production capacity a year"), "production_capacity", kind="number", unit="capacity_unit"),
            Fact(_("Production a year"), "production", kind="number", unit="capacity_unit"),
            Fact(_("Value of production a year"), "production_value", kind="money"),
            Fact(_("Raw materials"), "raw_materials"),
            Fact(_("Machines and equipment"), "machines"),
            Fact(_("Raw water a year (m³)"), "water_m3", kind="number"),
            Fact(_("Fuel and lubricants a year (litres)"), "fuel_litres", kind="number"),
            Fact(_("Electricity a year (kWh)"), "electricity_kwh", kind="number"),
        ),
    ),
    (
        _("Sales"),
        (
            Fact(_("Sells offline"), "sells_offline", kind="yesno"),
            Fact(_("Sells online"), "sells_online", kind="yesno"),
            Fact(_("Sales channels"), "sales_channels"),
        ),
    ),
)


class EnterpriseDetail(FollowsMerges):
    """The passport of a business: facts in groups, what it makes since when, licences, mentoring, people, training; then what the apps
    above know of it (output, materials, payments), and the history. The owner's NIK stays masked."""

    model = Enterprise
    permission = "trainings.view_enterprise"
    place = ENTERPRISES
    related = ("region", "sentra", "confirmed_by", "created_by")
    steps = (
        NextStep(_("Edit"), "trainings:enterprise_update", "trainings.change_enterprise", when=_is_own, icon="edit"),
        NextStep(_("Confirm the data"), "trainings:enterprise_confirm", "trainings.change_enterprise", when=_is_own, icon="check"),
        NextStep(_("Print the passport"), "trainings:enterprise_passport", "trainings.view_enterprise", icon="print", is_download=True),
    )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.request.user
        kwargs.setdefault("full_nik", "")
        own = [(section, permitted([section.link] if section.link else [], user)) for section in passport.sections_of(self.object, user)]
        return super().get_context_data(
            fact_groups=GROUPS,
            reveal_url=reverse("trainings:enterprise_reveal", kwargs={"pk": self.object.pk}),
            own_sections=own,
            **kwargs,
        )


class EnterpriseReveal(EnterpriseDetail):
    """The same page with the owner's number in full: never by a link, never kept in an address or a history."""

    permission = "trainings.reveal_nik"
    http_method_names = ("post", "options")

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        full = actions.reveal_owner_nik(self.object, by=request.user)
        return self.render_to_response(self.get_context_data(full_nik=full))


class _EnterpriseForm(FormScreen):
    model = Enterprise
    form_class = EnterpriseForm
    place = ENTERPRISES

    def done(self, form: ActionMixin, result: Any) -> HttpResponse:
        for sentence in result.warnings:
            messages.warning(self.request, str(sentence))
        return super().done(form, result)


class EnterpriseCreate(_EnterpriseForm):
    form_class = EnterpriseCreateForm
    action = actions.create_enterprise
    title = _("Add business")


class EnterpriseUpdate(TakesUpTyped, _EnterpriseForm):
    action = actions.update_enterprise
    taken_together = {"kbli": "kbli_edition"}  # the same code can mean another trade in another edition
    related = ("region",)

    def get_title(self) -> Text:
        return gettext("Edit %(what)s") % {"what": self.object}

    def get_initial(self) -> dict[str, Any]:
        names = ("kind", "number", "issuer", "issued_on", "valid_until")
        return super().get_initial() | {"licences": list(self.object.licences.values(*names))}


class EnterpriseConfirm(FormScreen):
    """Asked and found right: the data is as fresh as this day."""

    model = Enterprise
    form_class = EnterpriseConfirmForm
    action = actions.confirm_enterprise
    place = ENTERPRISES
    related = ("region",)
    submit_label = _("Confirm the data")
    success_message = _("The data is confirmed.")

    def get_title(self) -> Text:
        return gettext("Confirm the data of %(what)s") % {"what": self.object}

    def get_initial(self) -> dict[str, Any]:
        return {}
