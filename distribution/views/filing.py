"""Papers that were issued and whose copy with both signatures is not uploaded yet: how old, and whose task."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from distribution.actions.filing import assign_filing
from distribution.filters.filing import FilingFilter
from distribution.forms.filing import FilingForm
from distribution.models import Handover
from ikm_program.screens import Column, Empty, Link, Text
from ikm_program.views import FormScreen, ListScreen

PLACE = "distribution:filing_list"


class FilingList(ListScreen):
    model = Handover
    permission = "distribution.view_handover"
    title = _("Signed papers to file")
    lead = _("Every handover stands here from its issue until the copy with both signatures is uploaded. The oldest come first.")
    place = PLACE
    columns = (
        Column(_("Number"), "number", link="self"),
        Column(_("Recipient"), "recipient.name", sort="recipient__name"),
        Column(_("From"), "store.region.short_name", sort="store__region__kemendagri_code"),
        Column(_("Date"), "handed_over_on", kind="date", sort="handed_over_on"),
        Column(_("Age in days"), "days_since", kind="number", template="distribution/_filing_age.html"),
        Column(_("Status"), "status", kind="status", sort="status"),
        Column(_("Why there is no evidence yet"), "receipt_note", unknown=_("receipt not confirmed yet"), is_optional=True),
        Column(_("Who files it"), "filing_owner", template="distribution/_filing_owner.html", sort="filing_owner__full_name"),
    )
    links = (
        Link(_("Upload signed papers"), "distribution:scans_upload", "distribution.acknowledge_handover", icon="upload"),
        Link(_("Uploaded signed papers"), "distribution:scan_list", "distribution.acknowledge_handover", icon="tasks"),
    )
    search_fields = ("document__number", "recipient__name", "filing_owner__full_name")
    search_label = _("Search number, recipient or name")
    filterset_class = FilingFilter
    ordering = ("handed_over_on", "pk")
    empty = Empty(_("Every signed paper is filed."), _("A handover comes here when it is issued, and leaves with its signed copy."))

    def get_queryset(self) -> Any:
        return super().get_queryset().unfiled().with_names().select_related("filing_owner", "receipt").defer("document__snapshot")


class FilingAssign(FormScreen):
    model = Handover
    form_class = FilingForm
    action = assign_filing
    place = PLACE
    related = ("store__region", "recipient", "document", "filing_owner")
    submit_label = _("Save")
    success_message = _("It is noted who files the signed paper.")

    def get_title(self) -> Text:
        return gettext("Who files the signed paper: %(what)s") % {"what": self.object}

    def get_initial(self) -> dict[str, Any]:
        return {}
