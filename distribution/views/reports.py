"""Reports that an official prints: recapitulation, receivers, final recipients, photos, what changed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from typing import Any, ClassVar
from urllib.parse import urlencode

from django.http import HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from distribution.forms.reports import ChangeParameters, PeriodParameters, ReportParameters
from distribution.reports import photos as photo_sheet
from distribution.reports.changes import changes
from distribution.reports.recapitulation import Recapitulation, recapitulate, recapitulation_report
from distribution.reports.receivers import by_receiver, final_recipients, final_report, receivers_report
from ikm_program.reporting import Column, Report, Row
from ikm_program.scoping import Reach
from ikm_program.views import FILES, ReportScreen
from production.reports import NO_PROGRAMME
from trainings.models import Programme, Region
from trainings.programme_choice import asked_with_programme
from trainings.reports.paper import headed, office_of, paper_today, signed

FIGURES = "production.view_reconciliation"
RECORDS_OF = {  # column -> the word of the page that lists the records of a figure
    "verified": "diverifikasi",
    "handed_over": "diserahkan",
    "stock": "persediaan",
    "in_evaluation": "evaluasi",
    "in_transit": "perjalanan",
    "written_off": "dihapuskan",
}


class ProgrammeReport(ReportScreen):
    """One programme, as of a day, all that a person sees or one district of it; on paper with letterhead and signatures."""

    permission = FIGURES
    form_class: ClassVar[type[Any] | None] = ReportParameters
    is_signed: ClassVar[bool] = True
    as_of_field = "per"

    def parameter_form(self) -> Any:
        return (self.form_class or ReportParameters)(asked_with_programme(self.request), user=self.request.user)

    def get_report(self, **asked: Any) -> Report:
        program: Programme | None = asked.pop("program")
        if program is None:
            return NO_PROGRAMME
        region: Region | None = asked.pop("wilayah", None)
        self.viewer = Reach(region) if region else self.request.user
        with translation.override("id" if self.is_paper else translation.get_language()):  # paper is Indonesian, whatever the screen speaks
            report = self.report_on(program, asked.pop("per"), **asked)
            return replace(report, subtitle=f"{region.name} · {program}") if region else report

    def report_on(self, programme: Programme, day: dt.date, **asked: Any) -> Report:
        raise NotImplementedError

    @property
    def is_paper(self) -> bool:
        return "pdf" in (self.kwargs.get("format"), self.request.GET.get("format"))

    def as_file(self, report: Report, wanted: str) -> HttpResponseBase:
        if wanted != "pdf":
            return super().as_file(report, wanted)
        office = office_of(self.request.user)
        self.paper = paper_today(office)  # type: ignore[misc]  # of this request
        report = headed(report, office)
        if self.is_signed and self.since is None and isinstance(report.as_of, dt.date):
            report = signed(report, office, report.as_of)
        return self.as_paper(report)

    def as_paper(self, report: Report) -> HttpResponseBase:
        return super().as_file(report, "pdf")


class RecapitulationScreen(ProgrammeReport):
    title = _("Recapitulation of realisation")
    lead = _("People, output, receivers and stock by product and district, as it is printed for signature.")
    place = "distribution:recapitulation"
    file_name = "rekapitulasi-realisasi"

    def report_on(self, programme: Programme, day: dt.date, **asked: Any) -> Report:
        found = recapitulate(self.viewer, programme, day)
        return replace(recapitulation_report(found), link=link_to_records(found))


class ReceiversScreen(ProgrammeReport):
    title = _("Handovers by receiver")
    lead = _("Who took over how much by BAST, by kind of receiver.")
    place = "distribution:receivers_report"
    form_class = PeriodParameters
    file_name = "serah-terima-per-penerima"

    def report_on(self, programme: Programme, day: dt.date, *, dari: dt.date | None = None, **asked: Any) -> Report:
        report = receivers_report(by_receiver(self.viewer, programme, day, since=dari), programme, day, since=dari)
        return replace(report, link=link_to("recipient", "recipient_id", "distribution:recipient_detail"))


class FinalRecipientsScreen(ProgrammeReport):
    title = _("Final recipients")
    lead = _("Where every piece is in the end, with onward distribution.")
    place = "distribution:final_recipients"
    file_name = "daftar-penerima-akhir"

    def report_on(self, programme: Programme, day: dt.date, **asked: Any) -> Report:
        report = final_report(final_recipients(self.viewer, programme, day), programme, day)
        return replace(report, link=link_to("paper", "handover_id", "distribution:handover_detail"))


class PhotoScreen(ProgrammeReport):
    title = _("Photo documentation")
    lead = _("Photos of output and of handovers; as PDF six a page.")
    place = "distribution:photo_report"
    form_class = PeriodParameters
    file_name = "dokumentasi-foto"
    is_signed = False
    as_of_field = ""
    told_until = ("per",)

    def report_on(self, programme: Programme, day: dt.date, *, dari: dt.date | None = None, **asked: Any) -> Report:
        self.shown = photo_sheet.photos(self.viewer, programme, day, since=dari)
        return photo_sheet.photo_report(self.shown, programme, day)

    def as_paper(self, report: Report) -> HttpResponseBase:
        with translation.override("id"):
            body = photo_sheet.sheet(report, getattr(self, "shown", []), paper=self.paper)
        headers = {"Content-Disposition": f'inline; filename="{self.get_file_name(report)}.pdf"'}
        return HttpResponse(body, content_type=FILES["pdf"][1], headers=headers)


class ChangesScreen(ProgrammeReport):
    title = _("Figures that changed")
    lead = _("Two days beside each other: what was recorded, corrected or cancelled in between.")
    place = "distribution:changes_report"
    form_class = ChangeParameters
    file_name = "perubahan"
    is_signed = False
    as_of_field = ""  # it compares already
    told_until = ("dari", "per", "dicetak")

    def report_on(
        self, programme: Programme, day: dt.date, *, dari: dt.date | None = None, dicetak: dt.date | None = None, **asked: Any
    ) -> Report:
        first = dari or day.replace(day=1) - dt.timedelta(days=1)
        return changes(self.viewer, programme, first, day, printed_on=dicetak)


def link_to(column_key: str, id_key: str, url_name: str) -> Callable[[Row, Column], str]:
    """A cell opens the record whose number its row carries; closing rows carry none."""

    def link(row: Row, column: Column) -> str:
        pk = row.get(id_key) if column.key == column_key else None
        return reverse(url_name, kwargs={"pk": pk}) if pk else ""

    return link


def link_to_records(found: Recapitulation) -> Callable[[Row, Column], str]:
    """A figure opens the records it was summed from, as of the same day."""
    products = {row.product.code: row.product.pk for row in found.result.rows}
    regions = {row.region.kemendagri_code: row.region.pk for row in found.result.rows}

    def link(row: Row, column: Column) -> str:
        if column.key not in RECORDS_OF or row.get(column.key) is None:
            return ""
        asked = {"angka": RECORDS_OF[column.key], "program": found.programme.pk, "produk": products[row["product_code"]]}
        if "district_code" in row:
            asked["wilayah"] = regions[row["district_code"]]
        asked["per"] = found.result.as_of.isoformat()
        return f"{reverse('reconciliation_records')}?{urlencode(asked)}"

    return link
