from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ikm_program.reporting import Column as ReportColumn
from ikm_program.reporting import Report, Row
from ikm_program.screens import Column, Empty, Fact, Link, NextStep, Text
from ikm_program.views import DetailScreen, FormScreen, ListScreen, ReportScreen
from trainings import actions
from trainings.filters.mentoring import LicenceFilter
from trainings.forms.mentoring import FunnelParameters, StandardForm
from trainings.models import Licence, MentoringStandard
from trainings.reports.funnel import funnel
from trainings.views.reach import within_reach

STANDARDS = "trainings:standard_list"
NEW_STANDARD = Link(_("Add length and capacity"), "trainings:standard_create", "trainings.add_mentoringstandard", icon="plus")
NOT_SET = _("not set")


class LicenceList(ListScreen):
    """Every licence of every business: what ends soon, what has ended."""

    model = Licence
    permission = "trainings.view_enterprise"
    title = _("Licences and certificates")
    lead = _("Of all businesses. What ends soon should be renewed.")
    place = "trainings:licence_list"
    related = ("enterprise__region",)
    columns = (
        Column(_("Business"), "enterprise", link="enterprise", sort="enterprise__sort_name"),
        Column(_("Licence"), "get_kind_display", sort="kind"),
        Column(_("Number"), "number", unknown=_("no number")),
        Column(_("Kabupaten/kota"), "enterprise.region.short_name", sort="enterprise__region__kemendagri_code"),
        Column(_("Issued by"), "issuer"),
        Column(_("Issued on"), "issued_on", kind="date", sort="issued_on"),
        Column(
            _("Valid until"), "valid_until", template="trainings/_licence_validity.html", sort="valid_until", unknown=_("no end known"),
            in_file=lambda row: row.valid_until,
        ),
    )  # fmt: skip
    search_fields = ("enterprise__name", "number", "issuer")
    search_label = _("Search licences")
    filterset_class = LicenceFilter
    ordering = ("enterprise__sort_name",)
    empty = Empty(_("No licence on record yet."), _("Licences are entered with their business, or won by a mentoring."))


class StandardList(ListScreen):
    model = MentoringStandard
    permission = "trainings.view_mentoringstandard"
    title = _("Length and capacity of mentoring")
    lead = _("How long each kind takes in the province, and how many a year it can carry. Nobody is turned away by it.")
    place = STANDARDS
    related = ("region",)
    links = (NEW_STANDARD,)
    columns = (
        Column(_("Kind"), "get_kind_display", link="self", sort="kind"),
        Column(_("Province"), "region", sort="region__kemendagri_code"),
        Column(_("Expected length (months)"), "expected_months", kind="number", unknown=NOT_SET),
        Column(_("Notice from the … of a year"), "notice_from", kind="number", unknown=NOT_SET),
        Column(_("Warning from the … of a year"), "warn_from", kind="number", unknown=NOT_SET),
        Column(_("Basis"), "basis"),
    )
    ordering = ("kind",)
    empty = Empty(
        _("Nothing recorded for this province."),
        _("Until then halal is reckoned with 10 months, a notice from the 21st and a warning from the 41st of a year."),
        NEW_STANDARD,
    )


class StandardDetail(DetailScreen):
    model = MentoringStandard
    permission = "trainings.view_mentoringstandard"
    place = STANDARDS
    related = ("region", "created_by")
    facts = (
        Fact(_("Kind"), "get_kind_display"),
        Fact(_("Province"), "region"),
        Fact(_("Expected length (months)"), "expected_months", kind="number", unknown=NOT_SET),
        Fact(_("Notice from the … of a year"), "notice_from", kind="number", unknown=NOT_SET),
        Fact(_("Warning from the … of a year"), "warn_from", kind="number", unknown=NOT_SET),
        Fact(_("Basis"), "basis"),
    )
    steps = (
        NextStep(_("Edit"), "trainings:standard_update", "trainings.change_mentoringstandard", when=within_reach("region"), icon="edit"),
    )


class StandardCreate(FormScreen):
    model = MentoringStandard
    form_class = StandardForm
    action = actions.create_standard
    title = _("Add length and capacity")
    place = STANDARDS


class StandardUpdate(FormScreen):
    model = MentoringStandard
    form_class = StandardForm
    action = actions.update_standard
    place = STANDARDS
    related = ("region",)

    def get_title(self) -> Text:
        return str(self.object)


class FunnelReport(ReportScreen):
    """From beginning to certificate; on the page every figure opens its businesses."""

    permission = "trainings.view_pipeline"
    title = _("Mentoring, from beginning to certificate")
    place = "trainings:pipeline_report"
    form_class = FunnelParameters
    file_name = "rekap-pendampingan"
    as_of_field = "as_of"

    def get_report(self, **parameters: Any) -> Report:
        day = parameters["as_of"] or timezone.localdate()
        report = funnel(self.request.user, as_of=day, kind=parameters["kind"], year=parameters["year"])
        return self.on_page(report, _to_list(parameters["kind"], parameters["year"]))


STATES = {  # column -> filters of the list
    "started": {},
    "running": {"status": "berjalan"},
    "overdue": {"terlambat": "akhir"},
    "passed": {"status": "lulus"},
    "stopped": {"status": "berhenti"},
}


def _to_list(kind: str, year: int | None) -> Any:
    def link(row: Row, column: ReportColumn) -> str:
        if column.key not in STATES:
            return ""
        query: dict[str, Any] = dict(STATES[column.key])
        chosen = {"jenis": row.get("kind_code", kind), "region": row.get("region"), "tahun": year}
        query |= {name: value for name, value in chosen.items() if value}
        return f"{reverse('trainings:pipeline_list')}?{urlencode(query)}"

    return link
