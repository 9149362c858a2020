from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from distribution.actions.recipients import create_recipient, update_recipient
from distribution.filters.recipients import RecipientFilter
from distribution.forms.recipients import RecipientForm
from distribution.models import Handover, Recipient
from ikm_program.screens import Column, Empty, Fact, Link, NextStep
from ikm_program.views import DetailScreen, FormScreen, ListScreen

PLACE = "distribution:recipient_list"
NEW = Link(_("Add recipient"), "distribution:recipient_create", "distribution.add_recipient", icon="plus")
OPEN_END = _("no end known")


def _may_change(recipient: Recipient, user: Any) -> bool:
    return bool(user.region.covers(recipient.region))


class RecipientList(ListScreen):
    model = Recipient
    permission = "distribution.view_recipient"
    title = _("Recipients")
    lead = _("Institutions that receive goods. One that has ended stays here, marked.")
    place = PLACE
    related = ("region",)
    columns = (
        Column(_("Name"), "name", link="self", sort="name", template="distribution/_recipient_name.html"),
        Column(_("Kind"), "get_kind_display", sort="kind"),
        Column(_("Region"), "region.name", sort="region__kemendagri_code"),
        Column(_("Valid until"), "valid_until", kind="date", unknown=OPEN_END, sort="valid_until"),
    )
    search_fields = ("name", "region__name", "legal_basis")
    search_label = _("Search recipients")
    filterset_class = RecipientFilter
    ordering = ("region__kemendagri_code", "kind", "name")
    links = (NEW,)
    empty = Empty(_("No recipient yet."), _("Write down the task force or institution before the first handover."), NEW)


class RecipientDetail(DetailScreen):
    model = Recipient
    permission = "distribution.view_recipient"
    place = PLACE
    related = ("region",)
    facts = (
        Fact(_("Kind"), "get_kind_display"),
        Fact(_("Region"), "region.name"),
        Fact(_("Address"), "address"),
        Fact(_("Decree it acts on"), "legal_basis"),
        Fact(_("Valid from"), "valid_from", kind="date"),
        Fact(_("Valid until"), "valid_until", kind="date", unknown=OPEN_END),
        Fact(_("Note"), "note"),
    )
    steps = (NextStep(_("Edit"), "distribution:recipient_update", "distribution.change_recipient", when=_may_change, icon="edit"),)
    handover_columns = (
        Column(_("Number"), "number", link="self", unknown=_("draft, no number yet")),
        Column(_("Date"), "handed_over_on", kind="date"),
        Column(_("From"), "store.region.name"),
        Column(_("Status"), "status", kind="status"),
    )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        received = Handover.objects.for_user(self.request.user).filter(recipient=self.object).with_names()
        return super().get_context_data(
            handovers=received.order_by("-handed_over_on", "-pk")[:20], handover_columns=self.handover_columns, **kwargs
        )


class RecipientCreate(FormScreen):
    model = Recipient
    form_class = RecipientForm
    action = create_recipient
    title = _("Add recipient")
    place = PLACE


class RecipientUpdate(FormScreen):
    model = Recipient
    form_class = RecipientForm
    action = update_recipient
    place = PLACE
