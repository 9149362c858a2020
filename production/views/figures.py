from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from ikm_program import reporting
from ikm_program.figure_records import NOTHING_ASKED
from ikm_program.reporting import Report, Row
from ikm_program.screens import Column, Empty, Fact, Link, NextStep, Text
from ikm_program.views import DetailScreen, FormScreen, ListScreen, RecordsScreen, ReportScreen
from production.actions.figures import create_figure, update_figure
from production.affected import COUNTED, affected, worker_records
from production.filters.targets import PublishedFigureFilter
from production.forms.figures import AffectedParameters, PublishedFigureForm, WorkerParameters
from production.models import PublishedFigure

WORDS = {"total": "", "affected": "ya", "spared": "tidak", "unknown": "belum"}  # column -> how the list of businesses calls it
PLACE = "production:published_figure_list"
NEW = Link(_("Add published figure"), "production:published_figure_create", "production.add_publishedfigure", icon="plus")
NO_NUMBER = _("the source names no number")
NO_DATE = _("date unknown")

BESIDE_COLUMNS = (
    Column(_("What it counts"), "definition", link="self"),
    Column(_("Kind"), "get_kind_display"),
    Column(_("Region"), "region"),
    Column(_("Quantity"), "quantity", kind="number", unit="unit", unknown=NO_NUMBER),
    Column(_("Source"), "source"),
    Column(_("Published"), "published_on", kind="date", unknown=NO_DATE),
)


def _is_own(figure: PublishedFigure, user: Any) -> bool:
    return bool(user.region.covers(figure.region))


class PublishedFigureList(ListScreen):
    model = PublishedFigure
    permission = "production.view_publishedfigure"
    title = _("Published figures")
    lead = _("What others have published, word for word. These figures stand beside the computed ones and are never added to them.")
    place = PLACE
    related = ("programme", "product", "region")
    links = (NEW,)
    columns = (
        Column(_("What it counts"), "definition", link="self", sort="definition"),
        Column(_("Kind"), "get_kind_display", sort="kind"),
        Column(_("Topic"), "get_topic_display", sort="topic"),
        Column(_("Product"), "product.short_name", unknown=_("no product"), is_optional=True),
        Column(_("Region"), "region.short_name", sort="region__kemendagri_code"),
        Column(_("Quantity"), "quantity", kind="number", unit="unit", unknown=NO_NUMBER, sort="quantity"),
        Column(_("Counted in"), "among", kind="number", unit="among_unit", unknown=_("not told"), is_optional=True),
        Column(_("Source"), "source", sort="source"),
        Column(_("Event"), "event_on", kind="date", unknown=NO_DATE, sort="event_on"),
        Column(_("Published"), "published_on", kind="date", unknown=NO_DATE, sort="published_on"),
    )
    search_fields = ("definition", "quote", "source")
    search_label = _("Search published figures")
    filterset_class = PublishedFigureFilter
    ordering = ("-published_on",)
    empty = Empty(_("No published figure yet."), _("Keep what articles and reports say, with their source and dates."), NEW)


class PublishedFigureDetail(DetailScreen):
    model = PublishedFigure
    permission = "production.view_publishedfigure"
    place = PLACE
    related = ("programme", "product", "region", "created_by")
    lead = _("Published figure: quoted, not computed.")
    facts = (
        Fact(_("Topic"), "get_topic_display"),
        Fact(_("Kind"), "get_kind_display"),
        Fact(_("Programme"), "programme", unknown=_("no programme")),
        Fact(_("Product"), "product", link="product", unknown=_("no product")),
        Fact(_("Region"), "region"),
        Fact(_("Quantity"), "quantity", kind="number", unit="unit", unknown=NO_NUMBER),
        Fact(_("Counted in"), "among", kind="number", unit="among_unit", unknown=_("not told")),
        Fact(_("Date of the event"), "event_on", kind="date", unknown=NO_DATE),
        Fact(_("Date of publication"), "published_on", kind="date", unknown=NO_DATE),
        Fact(_("Source"), "source"),
        Fact(_("Wording of the source"), "quote", kind="longtext"),
        Fact(_("As a report cites it"), "citation", kind="longtext"),
    )
    steps = (NextStep(_("Edit"), "production:published_figure_update", "production.change_publishedfigure", when=_is_own, icon="edit"),)


class PublishedFigureCreate(FormScreen):
    model = PublishedFigure
    form_class = PublishedFigureForm
    action = create_figure
    title = _("Add published figure")
    place = PLACE


class PublishedFigureUpdate(FormScreen):
    model = PublishedFigure
    form_class = PublishedFigureForm
    action = update_figure
    place = PLACE
    related = ("programme", "product", "region")

    def get_title(self) -> Text:
        return format_lazy(_("Edit published figure: {definition}"), definition=self.object.definition)


class AffectedReport(ReportScreen):
    """What the registry knows of the pandemic; what others published is cited below it and never added."""

    permission = "production.view_publishedfigure"
    title = _("Businesses hit by the pandemic, and their workers")
    place = "production:affected_report"
    form_class = AffectedParameters
    file_name = "ikm-terdampak"
    as_of_field = "as_of"

    def get_report(self, **parameters: Any) -> Report:
        self.day = parameters["as_of"] or timezone.localdate()
        return self.opening(affected(self.request.user, as_of=self.day), self.link_of)

    def link_of(self, row: Row, column: reporting.Column) -> str:
        """Businesses are listed, workers are added up business by business."""
        if not row.get(column.key):
            return ""
        if column.key in COUNTED:
            asked = {"angka": column.key, "wilayah": row.get("region"), "per": self.day.isoformat()}
            return _asked("production:affected_records", asked)
        if column.key not in WORDS:
            return ""
        asked = {"region": row.get("region"), "is_active": 1, "pandemi": WORDS[column.key]}
        return _asked("trainings:enterprise_list", asked | ({"pandemi_per": self.day.isoformat()} if asked["pandemi"] else {}))


def _asked(url_name: str, asked: dict[str, Any]) -> str:
    return f"{reverse(url_name)}?{urlencode({name: value for name, value in asked.items() if value})}"


class AffectedRecords(RecordsScreen):
    """The businesses behind a number of workers."""

    permission = "production.view_publishedfigure"
    place = "production:affected_report"
    form_class = WorkerParameters

    def get_report(self, **asked: Any) -> Report:
        if not asked["angka"]:
            return NOTHING_ASKED
        day = asked["per"] or timezone.localdate()
        return worker_records(self.request.user, asked["angka"], as_of=day, region=asked.get("wilayah"))
