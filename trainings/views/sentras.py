from __future__ import annotations

from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ikm_program.screens import Column, Empty, Fact, Link, NextStep, Text
from ikm_program.views import DetailScreen, FormScreen, ListScreen
from trainings import actions
from trainings.filters.training import SentraFilter
from trainings.forms.sentras import SentraForm
from trainings.models import Sentra
from trainings.views.reach import within_reach

SENTRAS = "trainings:sentra_list"
NEW = Link(_("Add sentra"), "trainings:sentra_create", "trainings.add_sentra", icon="plus")
MEMBERS_SHOWN = 50


class SentraList(ListScreen):
    model = Sentra
    permission = "trainings.view_sentra"
    title = _("Sentra IKM")
    lead = _("Businesses of the same kind in one place.")
    place = SENTRAS
    related = ("region",)
    links = (NEW,)
    columns = (
        Column(_("Sentra"), "name", link="self", sort="name"),
        Column(_("Commodity"), "commodity", sort="commodity"),
        Column(_("Kabupaten/kota"), "region", sort="region__kemendagri_code"),
        Column(_("Village"), "village"),
        Column(_("On record"), "member_count", kind="number", sort="member_count"),
    )
    search_fields = ("name", "commodity", "village", "coordinator")
    search_label = _("Search sentras")
    filterset_class = SentraFilter
    ordering = ("name",)
    empty = Empty(_("No sentra yet."), _("A sentra groups businesses of the same kind in one place."), NEW)

    def get_queryset(self) -> Any:
        return super().get_queryset().with_member_count()


class SentraDetail(DetailScreen):
    """A sentra and the businesses of the registry that belong to it, beside what it counts itself."""

    model = Sentra
    permission = "trainings.view_sentra"
    place = SENTRAS
    related = ("region", "created_by")
    facts = (
        Fact(_("Kabupaten/kota"), "region"),
        Fact(_("Commodity"), "commodity"),
        Fact(_("Village"), "village"),
        Fact(_("Coordinator"), "coordinator"),
        Fact(_("Business units by its own count"), "units", kind="number"),
        Fact(_("Workers by its own count"), "workers", kind="number"),
        Fact(_("Businesses on record here"), "member_count", kind="number"),
    )
    member_columns = (
        Column(_("Business"), "name", link="self"),
        Column(_("Owner"), "owner_name"),
        Column(_("Main product"), "main_product"),
        Column(_("Scale"), "scale_label", unknown=_("not known yet")),
    )
    steps = (NextStep(_("Edit"), "trainings:sentra_update", "trainings.change_sentra", when=within_reach("region"), icon="edit"),)

    def get_queryset(self) -> Any:
        return super().get_queryset().with_member_count()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        members = self.object.enterprises.for_user(self.request.user)[:MEMBERS_SHOWN]
        return super().get_context_data(members=members, member_columns=self.member_columns, **kwargs)


class SentraCreate(FormScreen):
    model = Sentra
    form_class = SentraForm
    action = actions.create_sentra
    title = _("Add sentra")
    place = SENTRAS


class SentraUpdate(FormScreen):
    model = Sentra
    form_class = SentraForm
    action = actions.update_sentra
    place = SENTRAS
    related = ("region",)

    def get_title(self) -> Text:
        return gettext("Edit %(what)s") % {"what": self.object}
