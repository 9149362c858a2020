"""Decrees (SK) of participants, and their files."""

from __future__ import annotations

import hashlib
import logging
from typing import Any, ClassVar

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ikm_program import audit
from ikm_program.screens import Column, Empty, Fact, Link, NextStep, Text
from ikm_program.uploads import SENT_BY_PEOPLE
from ikm_program.views import DetailScreen, FormScreen, ListScreen, ObjectScreen
from trainings import actions
from trainings.forms.decrees import DecreeForm
from trainings.models import Decree, Session
from trainings.views.reach import within_reach

log = logging.getLogger(__name__)

PLACE = "trainings:decree_list"
NEW = Link(_("Add decree"), "trainings:decree_create", "trainings.add_decree", icon="plus")


class DecreeList(ListScreen):
    model = Decree
    permission = "trainings.view_decree"
    title = _("Decrees of participants")
    lead = _("A decree (SK) names who takes part; one may cover several batches.")
    place = PLACE
    related = ("office__region",)
    links = (NEW,)
    columns = (
        Column(_("Number"), "number", link="self", sort="number"),
        Column(_("Date"), "issued_on", kind="date", sort="issued_on"),
        Column(_("About"), "about"),
        Column(_("Issuing office"), "office", link="office", sort="office__name"),
        Column(_("File"), "has_file", kind="yesno"),
    )
    search_fields = ("number", "about", "office__name")
    search_label = _("Search decrees")
    ordering = ("-issued_on",)
    empty = Empty(_("No decree yet."), _("A decree names the participants of one batch or several."), NEW)

    def get_queryset(self) -> Any:
        return super().get_queryset().defer("office__arms")


class DecreeDetail(DetailScreen):
    model = Decree
    permission = "trainings.view_decree"
    place = PLACE
    related = ("office__region", "created_by")
    template_name = "trainings/decree_detail.html"
    facts = (
        Fact(_("Number"), "number"),
        Fact(_("Date"), "issued_on", kind="date"),
        Fact(_("Issuing office"), "office", link="office"),
        Fact(_("File"), "self", template="trainings/_decree_file.html"),
        Fact(_("About"), "about", kind="longtext"),
        Fact(_("Example data"), "is_example", kind="yesno"),
    )
    batch_columns = (
        Column(_("Batch"), "self", link="self"),
        Column(_("Status"), "status", kind="status"),
        Column(_("Participants"), "participant_count", kind="number"),
    )
    steps = (NextStep(_("Edit"), "trainings:decree_update", "trainings.change_decree", when=within_reach("office.region"), icon="edit"),)

    def get_title(self) -> Text:
        return gettext("Decree %(number)s") % {"number": self.object.number}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = self.object.batches.for_user(self.request.user).with_names().with_participant_count()
        return super().get_context_data(batches=rows, batch_columns=self.batch_columns, **kwargs)


class DecreeCreate(FormScreen):
    model = Decree
    form_class = DecreeForm
    action = actions.create_decree
    title = _("Add decree")
    place = PLACE

    def get_initial(self) -> dict[str, Any]:
        """From the page of a batch the batch is ticked already."""
        asked = [value for value in self.request.GET.getlist("batches") if value.isdecimal() and len(value) < 19]
        return super().get_initial() | ({"batches": asked} if asked else {})


class DecreeUpdate(FormScreen):
    model = Decree
    form_class = DecreeForm
    action = actions.update_decree
    place = PLACE
    related = ("office__region",)

    def get_initial(self) -> dict[str, Any]:
        own = self.object.batches.owned_by(self.request.user)
        return super().get_initial() | {"batches": [batch.pk for batch in own], "file": None, "reason": ""}

    def get_title(self) -> Text:
        return gettext("Edit %(what)s") % {"what": self.object}


class EvidenceFile(ObjectScreen):
    """A file that people sent, checked against its hash before it leaves the house: private, and never run inside our pages."""

    place = PLACE
    field: ClassVar[str] = ""
    name: ClassVar[str] = ""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        record, file = self.object, getattr(self.object, self.field)
        if not file:
            raise Http404
        with file.open("rb") as opened:
            content = opened.read()
        expected = getattr(record, f"{self.field}_sha256")
        if hashlib.sha256(content).hexdigest() != expected:
            log.error("the file of %s %s does not have its hash", record._meta.label_lower, record.pk)
            audit.record("file_damaged", record, by=request.user, after={"expected": expected})
            self.template_name, self.title = "trainings/file_damaged.html", _("The stored file is damaged")
            return self.render_to_response(self.get_context_data(), status=500)
        audit.record("download", record, by=request.user, after={"sha256": expected})
        is_pdf = file.name.endswith(".pdf")
        shown = f'attachment; filename="{self.name}-{record.pk}.pdf"' if is_pdf else f'inline; filename="{self.name}-{record.pk}.jpg"'
        kind = "application/pdf" if is_pdf else "image/jpeg"
        return HttpResponse(content, content_type=kind, headers=SENT_BY_PEOPLE | {"Content-Disposition": shown})


class DecreeFile(EvidenceFile):
    model = Decree
    permission = "trainings.view_decree"
    field = "file"
    name = "sk"


class ScanFile(EvidenceFile):
    """The signed list of a day; it bears the names of everybody of the batch: who may see only some of them does not get it."""

    model = Session
    permission = "trainings.view_attendance"
    place = "trainings:batch_list"
    field = "scan"
    name = "daftar-hadir"

    def get_queryset(self) -> Any:
        return Session.objects.owned_by(self.request.user)
