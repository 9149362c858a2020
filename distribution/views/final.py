"""Final reports: begin, write, look at the bound PDF, make final."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from distribution.actions.final import finalise_report, start_final_report, write_final_report
from distribution.filters.reports import FinalFilter
from distribution.final_book import copies
from distribution.final_tasks import bind_report, is_outdated
from distribution.forms.final import FinalStartForm, FinalTextForm
from distribution.models import FinalReport
from ikm_program import audit, jobs
from ikm_program.chapters import CHAPTERS, FOREWORD, Asked
from ikm_program.forms import ActionForm
from ikm_program.paper_content import sha256_hex
from ikm_program.scoping import Reach
from ikm_program.screens import Column, Empty, Fact, Link, NextStep, Text
from ikm_program.views import DetailScreen, FormScreen, ListScreen, ObjectScreen
from trainings.views.documents import pdf_response

PLACE = "distribution:final_list"
VIEW, ADD, CHANGE, FINALISE = (f"distribution.{deed}_finalreport" for deed in ("view", "add", "change", "finalise"))
NEW = Link(_("Begin a final report"), "distribution:final_create", ADD, icon="plus")
RELATED = ("programme__region", "region", "signatory", "created_by", "edited_by", "final_by", "file")


def is_ours(report: FinalReport, user: Any) -> bool:
    return bool(user.region.covers(report.region))


def may_write(report: FinalReport, user: Any) -> bool:
    return report.is_draft and is_ours(report, user)


def may_finalise(report: FinalReport, user: Any) -> bool:
    return report.is_draft and user.region_id == report.region_id and user.pk not in (report.created_by_id, report.edited_by_id)


def may_bind(report: FinalReport, user: Any) -> bool:
    """A draft as often as one likes; a final report only while its file is missing."""
    return is_ours(report, user) and (report.is_draft or not report.has_file)


def has_file(report: FinalReport, user: Any) -> bool:
    return report.has_file


class FinalList(ListScreen):
    model = FinalReport
    permission = VIEW
    title = _("Final reports")
    lead = _("The report of a programme at its end: words from the office, figures from the ledgers.")
    place = PLACE
    links = (NEW,)
    columns = (
        Column(_("Programme"), "programme", link="self", sort="programme__name"),
        Column(_("Region"), "region.name", sort="region__kemendagri_code"),
        Column(_("Figures as of"), "as_of", kind="date", sort="as_of"),
        Column(_("Status"), "status", kind="status", sort="status"),
    )
    search_fields = ("region__name", "programme__name")
    filterset_class = FinalFilter
    ordering = ("-as_of", "-pk")
    empty = Empty(_("No final report yet."), _("Begin one when the programme comes to its end; it can be written bit by bit."), NEW)

    def get_queryset(self) -> Any:
        return super().get_queryset().with_names()


class FinalDetail(DetailScreen):
    """How far the report is: what is written, what is still empty, the newest PDF."""

    model = FinalReport
    permission = VIEW
    place = PLACE
    related: ClassVar[Sequence[str]] = RELATED
    template_name = "distribution/final_detail.html"
    facts = (
        Fact(_("Programme"), "programme", link="programme"),
        Fact(_("Region"), "region.name"),
        Fact(_("Figures as of"), "as_of", kind="date"),
        Fact(_("Signing official"), "signatory", unknown=_("not chosen yet")),
        Fact(_("Written by"), "edited_by"),
        Fact(_("Made final by"), "final_by", unknown=_("not final yet")),
        Fact(_("Made final at"), "final_at", kind="datetime", unknown=_("not final yet")),
        Fact(_("Hash of the content"), "sha256", unknown=_("not final yet")),
    )
    steps = (
        NextStep(_("Write"), "distribution:final_update", CHANGE, may_write, icon="edit"),
        NextStep(_("Make final"), "distribution:final_finalise", FINALISE, may_finalise, icon="check"),
        NextStep(_("Make the PDF"), "distribution:final_bind", VIEW, may_bind, icon="document"),
        NextStep(_("PDF"), "distribution:final_file", VIEW, has_file, icon="download", is_download=True),
    )

    def get_title(self) -> Text:
        return gettext("Final report %(programme)s · %(region)s") % {
            "programme": self.object.programme,
            "region": self.object.region.short_name,
        }

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        written = self.object.narrative
        outline = [(FOREWORD.title, [(FOREWORD.title, written.get(FOREWORD.code, ""))])]
        outline += [
            (f"Bab {chapter.number} {chapter.title}", [(section.title, written.get(section.code, "")) for section in chapter.sections])
            for chapter in CHAPTERS
        ]
        return super().get_context_data(outline=outline, **kwargs)


class FinalCreate(FormScreen):
    model: ClassVar[type[Model] | None] = FinalReport
    form_class = FinalStartForm
    action = start_final_report
    place = PLACE
    title = _("Begin a final report")
    submit_label = _("Begin")
    success_message = _("The draft is there, with texts that claim nothing. Write the sections; the figures come by themselves.")


class FinalUpdate(FormScreen):
    model: ClassVar[type[Model] | None] = FinalReport
    form_class = FinalTextForm
    action = write_final_report
    place = PLACE
    related: ClassVar[Sequence[str]] = RELATED
    lead = _("An empty line begins a new paragraph. Tables and charts follow the text of their section.")
    success_message = _("The texts are saved.")

    def get_title(self) -> Text:
        return gettext("Write: %(report)s") % {"report": self.object}

    def parents(self) -> Sequence[tuple[Text, str]]:
        return ((str(self.object), self.object.get_absolute_url()),)


class FinalFinalise(FormScreen):
    model: ClassVar[type[Model] | None] = FinalReport
    form_class = ActionForm
    action = finalise_report
    place = PLACE
    related: ClassVar[Sequence[str]] = RELATED
    template_name = "distribution/final_finalise.html"
    submit_label = _("Make final")
    success_message = _("The report is final. Its PDF is being bound.")

    def get_title(self) -> Text:
        return gettext("Make final: %(report)s") % {"report": self.object}

    def get_confirmation(self) -> Text:
        return gettext("Every word and every figure is frozen as of today’s records. A final report is not changed any more.")

    def parents(self) -> Sequence[tuple[Text, str]]:
        return ((str(self.object), self.object.get_absolute_url()),)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(is_outdated=is_outdated(self.object), **kwargs)

    def done(self, form: Any, result: Any) -> HttpResponse:
        answer = super().done(form, result)
        ask_to_bind(result, self.request.user)
        return answer


class FinalBind(FormScreen):
    """Ask the worker for the PDF and watch it: whoever writes, and whoever is to read it before it is made final."""

    model: ClassVar[type[Model] | None] = FinalReport
    permission = VIEW
    form_class = ActionForm
    place = PLACE
    related: ClassVar[Sequence[str]] = RELATED
    submit_label = _("Make the PDF")

    def get_title(self) -> Text:
        return gettext("Make the PDF: %(report)s") % {"report": self.object}

    def get_confirmation(self) -> Text:
        return gettext("The report is bound with the copies of its papers. This takes up to a minute; you may leave the page meanwhile.")

    def parents(self) -> Sequence[tuple[Text, str]]:
        return ((str(self.object), self.object.get_absolute_url()),)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not may_bind(self.object, request.user):
            return HttpResponseRedirect(self.object.get_absolute_url())
        return HttpResponseRedirect(ask_to_bind(self.object, request.user).get_absolute_url())


class FinalFile(ObjectScreen):
    model = FinalReport
    permission = VIEW
    place = PLACE
    related: ClassVar[Sequence[str]] = RELATED

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        report = self.object
        if not report.has_file:
            raise Http404
        content = bytes(report.file.content)
        if sha256_hex(content) != report.file.sha256:
            audit.record("file_damaged", report, by=request.user, after={"expected": report.file.sha256})
            self.template_name, self.title = "trainings/file_damaged.html", _("The stored file is damaged")
            return self.render_to_response(self.get_context_data(document=None), status=500)
        kind = "final" if report.file.is_final else "draf"
        name = f"laporan-akhir-{report.region.kemendagri_code}-{report.programme.year}-{kind}.pdf"
        audit.record("download", report, by=request.user, after={"file": name, "sha256": report.file.sha256})
        return pdf_response(content, name)


def ask_to_bind(report: FinalReport, user: Any) -> Any:
    papers = len(copies(Asked(report.programme, Reach(report.region), report.as_of)))
    url = report.get_absolute_url()
    return jobs.ask_for(gettext("Final report as PDF"), by=user, work=bind_report, total=papers + 1, url=url, report_id=report.pk)
