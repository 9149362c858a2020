from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ikm_program.forms import ActionMixin
from ikm_program.screens import Column, Empty, Fact, Link, NextStep, Text
from ikm_program.views import DetailScreen, FormScreen, ListScreen
from trainings import actions, registers
from trainings.filters.people import OfficeFilter, OfficialFilter, RegionFilter
from trainings.forms.offices import ArmsForm, OfficeForm, OfficialForm
from trainings.identity import nip_warning
from trainings.models import Office, Official, Region
from trainings.views.reach import within_reach

REGIONS = "trainings:region_list"
OFFICES = "trainings:office_list"
OFFICIALS = "trainings:official_list"
NEW_OFFICE = Link(_("Add office"), "trainings:office_create", "trainings.add_office", icon="plus")
NEW_OFFICIAL = Link(_("Add official"), "trainings:official_create", "trainings.add_official", icon="plus")
NUMBER_FIELDS = ("number_pattern", "classification", "unit_code", "abbreviation")
OPEN_END = _("without end")
VALIDITY = (
    Fact(_("Valid from"), "valid_from", kind="date"),
    Fact(_("Valid until"), "valid_until", kind="date", unknown=OPEN_END),
)


class RegionList(ListScreen):
    """The tree, in the order of the codes. Only the importer and the administration change it."""

    model = Region
    permission = "trainings.view_region"
    title = _("Regions")
    lead = _("With the codes of Kemendagri and BPS, which differ in many places.")
    place = REGIONS
    columns = (
        Column(_("Region"), "name", template="trainings/_region_name.html"),
        Column(_("Kemendagri code"), "kemendagri_code", sort="kemendagri_code"),
        Column(_("BPS code"), "bps_code", sort="bps_code"),
        Column(_("Capital"), "capital"),
        Column(_("Population"), "population", kind="number", sort="population", unknown=_("not known yet")),
    )
    search_fields = ("name", "short_name", "kemendagri_code", "bps_code", "capital")
    search_label = _("Search regions by name or code")
    filterset_class = RegionFilter
    ordering = ("kemendagri_code",)
    per_page = 100
    empty = Empty(
        _("No region yet."),
        _("Regions are loaded once on the server: manage.py import_regions, with --province and the code of the province."),
    )


class RegionDetail(DetailScreen):
    model = Region
    permission = "trainings.view_region"
    place = REGIONS
    related = ("parent",)
    facts = (
        Fact(_("Kind"), "get_kind_display"),
        Fact(_("Short name"), "short_name"),
        Fact(_("Lies in"), "parent", link="parent", unknown=_("nothing: it is the root")),
        Fact(_("Kemendagri code"), "kemendagri_code"),
        Fact(_("BPS code"), "bps_code"),
        Fact(_("Capital"), "capital"),
        Fact(_("Note"), "note", unknown=_("none")),
        Fact(_("Area (km²)"), "area_km2", kind="decimal"),
        Fact(_("Population"), "population", kind="number", unknown=_("not known yet")),
        *VALIDITY,
    )
    child_columns = (
        Column(_("Region"), "name", link="self"),
        Column(_("Kemendagri code"), "kemendagri_code"),
        Column(_("BPS code"), "bps_code"),
    )
    office_columns = (Column(_("Office"), "name", link="self"), Column(_("Valid until"), "valid_until", kind="date", unknown=OPEN_END))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            children=Region.objects.for_user(self.request.user).filter(parent=self.object),
            child_columns=self.child_columns,
            offices=Office.objects.for_user(self.request.user).filter(region=self.object),
            office_columns=self.office_columns,
            **kwargs,
        )


# --- offices ------------------------------------------------------------------------------------------------------------


class OfficeList(ListScreen):
    model = Office
    permission = "trainings.view_office"
    title = _("Offices")
    place = OFFICES
    related = ("region",)
    links = (NEW_OFFICE,)
    columns = (
        Column(_("Office"), "name", link="self", sort="name"),
        Column(_("Region"), "region", sort="region__kemendagri_code"),
        Column(_("Place"), "city", sort="city"),
        Column(_("Validity"), "self", template="trainings/_validity.html"),
    )
    search_fields = ("name", "abbreviation", "region__name")
    search_label = _("Search offices")
    filterset_class = OfficeFilter
    ordering = ("region__kemendagri_code", "name")
    empty = Empty(_("No office yet."), _("An office gives its letterhead and its number pattern to documents."), NEW_OFFICE)

    def get_queryset(self) -> Any:
        return super().get_queryset().defer("arms")


class OfficeDetail(DetailScreen):
    model = Office
    permission = "trainings.view_office"
    place = OFFICES
    related = ("region", "created_by")
    facts = (
        Fact(_("Region"), "region", link="region"),
        Fact(_("First line of the letterhead"), "government_line"),
        Fact(_("Address"), "address"),
        Fact(_("Place"), "city"),
        Fact(_("Postcode"), "postcode"),
        Fact(_("Telephone"), "phone"),
        Fact(_("E-mail"), "email"),
        Fact(_("Website"), "website"),
        *VALIDITY,
        Fact(_("Paper"), "get_paper_display"),
        Fact(_("Name of the parties"), "get_first_party_term_display"),
        Fact(_("Arms"), "has_arms", kind="yesno"),
        Fact(_("Number pattern"), "number_pattern"),
        Fact(_("Abbreviation in numbers"), "abbreviation"),
        Fact(_("Example data"), "is_example", kind="yesno"),
    )
    official_columns = (
        Column(_("Official"), "name", link="self"),
        Column(_("Position"), "position"),
        Column(_("Validity"), "self", template="trainings/_in_office.html"),
    )
    letterhead_columns = (
        Column(_("Letterhead"), "office_line", link="self"),
        Column(_("Validity"), "self", template="trainings/_validity.html"),
        Column(_("Paper"), "paper"),
    )
    steps = (
        NextStep(_("Edit"), "trainings:office_update", "trainings.change_office", when=within_reach("region"), icon="edit"),
        NextStep(_("New letterhead"), "trainings:letterhead_create", "trainings.change_office", when=within_reach("region"), icon="plus"),
        NextStep(_("Set the arms"), "trainings:office_arms", "trainings.change_office", when=within_reach("region")),
        NextStep(
            _("Add official"),
            "trainings:official_create",
            "trainings.add_official",
            when=within_reach("region"),
            kwargs=lambda office: {},
            query=lambda office: {"office": office.pk},
            icon="plus",
        ),
    )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        officials = self.object.officials.for_user(self.request.user).select_related("office__region")
        letterheads = self.object.letterheads.for_user(self.request.user).defer("arms")
        return super().get_context_data(
            officials=officials,
            official_columns=self.official_columns,
            letterheads=letterheads,
            letterhead_columns=self.letterhead_columns,
            **kwargs,
        )


class _OfficeForm(FormScreen):
    """Says what the next numbers would be while the pattern is typed; without scripts a button does."""

    model = Office
    form_class = OfficeForm
    template_name = "trainings/office_form.html"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "hitung" not in request.POST:
            return super().post(request, *args, **kwargs)
        return self.render_to_response(self.get_context_data(form=self.get_form(is_bound=True)))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        numbers, obstacle = self._numbers(kwargs["form"])
        looks = "trainings/_office_numbers.html"  # behind the actions: the key Enter presses the first button
        return super().get_context_data(numbers=numbers, number_obstacle=obstacle, form_looks_template=looks, **kwargs)

    def _numbers(self, form: Any) -> tuple[list[tuple[Text, str]], str]:
        typed = {name: str(form[name].value() or "").strip() for name in NUMBER_FIELDS}
        office = Office(pk=self.object.pk if self.has_object else None, **typed)
        try:
            return registers.next_numbers(office, timezone.localdate()), ""
        except ValidationError as error:
            return [], error.messages[0]
        except ValueError:  # a part of the pattern for which nothing is given
            return [], gettext("Fill in the abbreviation, the unit code and the classification code that the pattern uses.")


class OfficeCreate(_OfficeForm):
    action = actions.create_office
    title = _("Add office")
    place = OFFICES


class OfficeUpdate(_OfficeForm):
    action = actions.update_office
    place = OFFICES
    related = ("region",)

    def get_title(self) -> Text:
        return gettext("Edit %(what)s") % {"what": self.object}


class OfficeArms(FormScreen):
    model = Office
    form_class = ArmsForm
    action = actions.set_office_arms
    place = OFFICES
    related = ("region",)
    confirmation = _("It is printed on papers that are issued from now on. Papers issued before keep theirs.")

    def get_initial(self) -> dict[str, Any]:
        return {}

    def get_title(self) -> Text:
        return gettext("Arms of %(what)s") % {"what": self.object}


# --- officials ----------------------------------------------------------------------------------------------------------


class OfficialList(ListScreen):
    model = Official
    permission = "trainings.view_official"
    title = _("Officials")
    lead = _("Who may sign for an office, and from when until when.")
    place = OFFICIALS
    related = ("office__region",)
    links = (NEW_OFFICIAL,)
    columns = (
        Column(_("Name"), "name", link="self", sort="name"),
        Column(_("Position"), "position", sort="position"),
        Column(_("Office"), "office", link="office", sort="office__name"),
        Column(_("Standing"), "self", template="trainings/_in_office.html"),
    )
    search_fields = ("name", "position", "office__name", "office__region__name")
    search_label = _("Search officials")
    filterset_class = OfficialFilter
    ordering = ("office__region__kemendagri_code", "name")
    empty = Empty(_("No official yet."), _("Documents are signed by officials who are in office on their date."), NEW_OFFICIAL)

    def get_queryset(self) -> Any:
        return super().get_queryset().defer("office__arms")


class OfficialDetail(DetailScreen):
    model = Official
    permission = "trainings.view_official"
    place = OFFICIALS
    related = ("office__region", "created_by")
    facts = (
        Fact(_("Standing"), "self", template="trainings/_in_office.html"),
        Fact(_("Position"), "position"),
        Fact(_("Rank and grade"), "rank"),
        Fact(_("Office"), "office", link="office"),
        Fact(_("Kind of number"), "get_identity_kind_display"),
        Fact(_("Number"), "shown_number"),
        Fact(_("In office from"), "valid_from", kind="date"),
        Fact(_("In office until"), "valid_until", kind="date", unknown=OPEN_END),
        Fact(_("May sign handovers"), "can_sign", kind="yesno"),
        Fact(_("Example data"), "is_example", kind="yesno"),
    )
    steps = (
        NextStep(_("Edit"), "trainings:official_update", "trainings.change_official", when=within_reach("office.region"), icon="edit"),
    )


class _OfficialForm(FormScreen):
    model = Official
    form_class = OfficialForm
    place = OFFICIALS

    def done(self, form: ActionMixin, result: Any) -> HttpResponse:
        if result.identity_kind == Official.IdentityKind.NIP and (warning := nip_warning(result.identity_number)):
            messages.warning(self.request, warning)
        return super().done(form, result)


class OfficialCreate(_OfficialForm):
    action = actions.create_official
    title = _("Add official")


class OfficialUpdate(_OfficialForm):
    action = actions.update_official
    related = ("office__region",)

    def get_title(self) -> Text:
        return gettext("Edit %(what)s") % {"what": self.object.name}
