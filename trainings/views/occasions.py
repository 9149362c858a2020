from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ikm_program.screens import Column, Empty, Fact, Link, NextStep, Text
from ikm_program.views import DetailScreen, FormScreen, ListScreen
from trainings import actions
from trainings.filters.mentoring import OccasionFilter
from trainings.forms.occasions import HandOverForm, OccasionFileForm, OccasionForm
from trainings.models import HandedCertificate, Occasion, OccasionFile, Participant
from trainings.views.reach import within_reach
from trainings.views.uploads import UploadedFile

PLACE = "trainings:occasion_list"
NEW = Link(_("Add event"), "trainings:occasion_create", "trainings.add_occasion", icon="plus")
CHANGE = "trainings.change_occasion"
_is_own = within_reach("region")
NO_DATE = _("not known")


class OccasionList(ListScreen):
    model = Occasion
    permission = "trainings.view_occasion"
    title = _("Events")
    lead = _("Working meetings and the handing over of certificates.")
    place = PLACE
    related = ("region",)
    links = (NEW,)
    columns = (
        Column(_("Event"), "name", link="self", sort="name"),
        Column(_("Date of the event"), "happened_on", kind="date", sort="happened_on"),
        Column(_("Place"), "place"),
        Column(_("Region"), "region.short_name", sort="region__kemendagri_code"),
        Column(_("Organiser"), "organiser"),
        Column(_("Source"), "source", is_optional=True),
        Column(_("Date of publication"), "published_on", kind="date", unknown=NO_DATE, is_optional=True),
    )
    search_fields = ("name", "place", "organiser", "minutes")
    search_label = _("Search events")
    filterset_class = OccasionFilter
    ordering = ("-happened_on",)
    empty = Empty(_("No event yet."), _("An event keeps who was there and which certificates were handed over."), NEW)


class OccasionDetail(DetailScreen):
    """What took place. Of those present and of the certificates everybody sees what lies within reach."""

    model = Occasion
    permission = "trainings.view_occasion"
    place = PLACE
    related = ("region", "created_by")
    facts = (
        Fact(_("Date of the event"), "happened_on", kind="date"),
        Fact(_("Place"), "place"),
        Fact(_("Region"), "region"),
        Fact(_("Organiser"), "organiser"),
        Fact(_("Source"), "source"),
        Fact(_("Date of publication"), "published_on", kind="date", unknown=NO_DATE),
        Fact(_("What was said and agreed"), "minutes", kind="longtext"),
    )
    steps = (
        NextStep(_("Hand over certificates"), "trainings:occasion_hand_over", CHANGE, when=_is_own, icon="handover"),
        NextStep(_("Add a photo or minutes"), "trainings:occasion_file", CHANGE, when=_is_own, icon="upload"),
        NextStep(_("Edit"), "trainings:occasion_update", CHANGE, when=_is_own, icon="edit"),
    )
    guest_columns = (
        Column(_("Name"), "who", unknown=_("the office")),
        Column(_("Position"), "position"),
        Column(_("Office"), "office"),
    )
    handed_columns = (
        Column(_("Business"), "pipeline.enterprise", link="pipeline"),
        Column(_("Kabupaten/kota"), "pipeline.enterprise.region.short_name"),
        Column(_("Certificate or permit"), "pipeline.licence"),
        Column(_("Valid until"), "pipeline.licence.valid_until", kind="date", unknown=_("no end known")),
        Column(_("Received by"), "received_by"),
    )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user, occasion = self.request.user, self.object
        reachable = Participant.objects.for_user(user).filter(attended__occasion=occasion).values("pk")
        guests = occasion.guests.filter(Q(participant__isnull=True) | Q(participant__in=reachable))
        handed = HandedCertificate.objects.for_user(user).filter(occasion=occasion)
        handed = handed.select_related("pipeline__enterprise__region", "pipeline__licence").order_by(
            "pipeline__enterprise__sort_name", "pk"
        )
        return super().get_context_data(
            guests=guests.select_related("office__region", "participant"),
            guest_columns=self.guest_columns,
            handed=list(handed),
            handed_columns=self.handed_columns,
            files=occasion.files.all(),
            **kwargs,
        )


class _OfOccasion(FormScreen):
    model = Occasion
    place = PLACE


class OccasionCreate(_OfOccasion):
    form_class = OccasionForm
    action = actions.create_occasion
    title = _("Add event")


class OccasionUpdate(_OfOccasion):
    form_class = OccasionForm
    action = actions.update_occasion
    related = ("region",)

    def get_title(self) -> Text:
        return gettext("Edit %(what)s") % {"what": self.object}

    def get_initial(self) -> dict[str, Any]:
        rows = self.object.guests.values("office", "participant", "name", "position")
        return super().get_initial() | {"guests": list(rows)}


class OccasionHandOver(_OfOccasion):
    form_class = HandOverForm
    action = actions.hand_over_certificates
    related = ("region",)
    submit_label = _("Hand over")
    success_message = _("The certificates are recorded as handed over.")

    def get_title(self) -> Text:
        return gettext("Hand over certificates: %(what)s") % {"what": self.object}


class OccasionFileAdd(_OfOccasion):
    form_class = OccasionFileForm
    action = actions.add_file
    related = ("region",)
    success_message = _("The file is kept.")

    def get_title(self) -> Text:
        return gettext("Add a photo or minutes: %(what)s") % {"what": self.object}

    def get_initial(self) -> dict[str, Any]:
        return {}


class OccasionDocument(UploadedFile):
    model = OccasionFile
    permission = "trainings.view_occasion"
    place = PLACE
    related = ("occasion__region",)
    file_field, hash_field, file_name = "file", "sha256", "berkas-acara"
