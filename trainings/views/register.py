from __future__ import annotations

from functools import cached_property
from typing import Any

from django.http import HttpResponseBase
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from ikm_program import papers, reporting
from ikm_program.bulk import BulkAction
from ikm_program.filters import matching
from ikm_program.screens import Column, Empty, Link
from ikm_program.views import ListScreen, ReportScreen
from trainings.actions.bundles import PERMISSION, ask_for_papers
from trainings.filters.register import EVERYTHING, RegisterFilter, period_in_words
from trainings.models import IssuedDocument
from trainings.reports.chains import heads
from trainings.reports.paper import headed, office_of
from trainings.reports.register import register_report

PLACE = "trainings:register"
SEARCH_FIELDS = ("number", "first_party", "second_party", "matter", "office__name", "office__region__name")


def search_fields() -> tuple[str, ...]:
    """What every paper has, and what its kind is found by besides."""
    return (*SEARCH_FIELDS, *(field for paper in papers.registered() for field in paper.search_fields))


def _documents(user: Any) -> Any:
    return IssuedDocument.objects.for_user(user).with_standing().defer("snapshot")


class Register(ListScreen):
    """Buku register: every issued paper, the cancelled ones too, the newest month first."""

    model = IssuedDocument
    permission = "trainings.view_issueddocument"
    template_name = "trainings/register.html"
    title = _("Register of papers")
    lead = _("Every number that was given out. A cancelled one stays, with the record that cancelled it.")
    place = PLACE
    columns = (
        Column(_("Number"), "number", link="self", sort="number"),
        Column(_("Date"), "document_on", kind="date", sort="document_on"),
        Column(_("Kind"), "get_kind_display"),
        Column(_("From and to"), "first_party", template="trainings/_document_parties.html"),
        Column(_("Matter"), "matter"),
        Column(_("Status"), "kind", template="trainings/_document_status.html"),
        Column(_("PDF"), "file_url", template="trainings/_pdf_link.html"),
    )
    search_label = _("Search number, district or word")
    filterset_class = RegisterFilter
    ordering = ("-document_on", "-pk")
    is_exportable = False  # it is a paper of its own
    links = (Link(_("My downloads"), "trainings:bundle_list", PERMISSION, icon="download"),)
    bulk_actions = (BulkAction("zip", _("Download as ZIP"), ask_for_papers, is_errand=True),)
    empty = Empty(_("No paper has been issued yet."), _("Whatever is issued under a number is listed here by itself."))

    @property
    def search_fields(self) -> tuple[str, ...]:  # type: ignore[override]  # the kinds are known when the apps are ready
        return search_fields()

    def get_queryset(self) -> Any:
        return _documents(self.request.user)

    @property
    def exports(self) -> list[Link]:  # type: ignore[override]  # the same filter goes along
        query = self.request.GET.copy()
        query.pop("hal", None)
        found = []
        for name, label in (("pdf", "PDF"), ("xlsx", "Excel"), ("csv", "CSV")):
            query["format"] = name
            url = Link("", "trainings:register_report").href()
            found.append(Link(label, url=f"{url}?{query.urlencode()}", icon="download", is_download=True))
        return found

    @property
    def period(self) -> str:
        return self.filterset.period if isinstance(self.filterset, RegisterFilter) else EVERYTHING

    @property
    def wider(self) -> Link | None:
        if self.period == EVERYTHING:
            return None
        return Link(_("Search in every period"), url=self.url_with(periode=EVERYTHING, hal=None))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(period=period_in_words(self.period), **kwargs)


class RegisterReport(ReportScreen):
    """The register as it is printed, for the filter of the screen."""

    permission = "trainings.view_issueddocument"
    title = _("Register of papers")
    place = PLACE
    paper = "F4"
    file_name = "buku-register"

    @cached_property
    def filterset(self) -> RegisterFilter:
        return RegisterFilter(self.request.GET, queryset=_documents(self.request.user), request=self.request)

    def get_report(self, **parameters: Any) -> reporting.Report:
        rows = self.filterset.qs
        if text := self.request.GET.get("q", "").strip():
            rows = matching(rows, search_fields(), text)
        is_paper = self.request.GET.get("format") == "pdf"
        with translation.override("id" if is_paper else translation.get_language()):  # paper is Indonesian, whatever the screen speaks
            period = period_in_words(self.filterset.period)
            return register_report(list(rows.order_by("document_on", "pk")), period=period, heads=self._heads(rows))

    def _heads(self, rows: Any) -> list[IssuedDocument]:
        """Of the registers that this person sees whole; of another office one sees single papers."""
        own = IssuedDocument.objects.owned_by(self.request.user)
        shown = rows.order_by().values_list("office", "kind", "year").distinct()
        registers = set(shown)
        return [end for end in heads(own) if (end.office_id, end.kind, end.year) in registers]

    def as_file(self, report: reporting.Report, wanted: str) -> HttpResponseBase:
        return super().as_file(headed(report, office_of(self.request.user)) if wanted == "pdf" else report, wanted)
