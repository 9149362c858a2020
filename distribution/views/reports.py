"""Reports that an official prints: recapitulation, receivers, final recipients, photos, what changed."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any, ClassVar

from django.http import HttpResponse, HttpResponseBase
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from distribution.forms.reports import (
    ChangeParameters,
    FinalParameters,
    HandedOverParameters,
    PeopleParameters,
    PeriodParameters,
    ReportParameters,
)
from distribution.reports import photos as photo_sheet
from distribution.reports.changes import changes
from distribution.reports.recapitulation import recapitulate, recapitulation_report
from distribution.reports.receivers import by_receiver, final_recipients, final_report, receivers_report
from distribution.reports.report_records import final_records, handed_over_records, people_records
from distribution.views.report_links import of_changes, of_finals, of_recapitulation, of_receivers
from ikm_program.figure_records import NOTHING_ASKED
from ikm_program.reporting import Report
from ikm_program.scoping import Reach
from ikm_program.views import FILES, RecordsScreen, ReportScreen
from production.reports import NO_PROGRAMME
from trainings.models import Programme, Region
from trainings.programme_choice import asked_with_programme
from trainings.reports.paper import headed, office_of, paper_today, signed

FIGURES = "production.view_reconciliation"


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
        self.region: Region | None = asked.pop("wilayah", None)
        region, self.viewer = self.region, Reach(self.region) if self.region else self.request.user
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


class _Records(RecordsScreen, ProgrammeReport):
    """The records behind a figure of one of these reports."""

    is_signed = False
    as_of_field = ""

    def report_on(self, programme: Programme, day: dt.date, **asked: Any) -> Report:
        known = asked["produk"] is not None and asked.get("angka", True) and asked.get("bast", True)
        return self.records_on(programme, day, **asked) if known else NOTHING_ASKED

    def records_on(self, programme: Programme, day: dt.date, **asked: Any) -> Report:
        raise NotImplementedError


class HandedOverRecords(_Records):
    place = "distribution:receivers_report"
    form_class = HandedOverParameters

    def records_on(self, programme: Programme, day: dt.date, **asked: Any) -> Report:
        return handed_over_records(
            self.viewer, programme, day, figure=asked["angka"], product=asked["produk"],
            recipient=asked["penerima"], kinds=asked["jenis"], since=asked["dari"],
        )  # fmt: skip


class FinalRecords(_Records):
    place = "distribution:final_recipients"
    form_class = FinalParameters

    def records_on(self, programme: Programme, day: dt.date, **asked: Any) -> Report:
        return final_records(self.viewer, programme, day, product=asked["produk"], paper=asked["bast"], step=asked["langkah"])


class PeopleRecords(_Records):
    place = "distribution:recapitulation"
    form_class = PeopleParameters

    def records_on(self, programme: Programme, day: dt.date, **asked: Any) -> Report:
        return people_records(self.viewer, programme, day, figure=asked["angka"], product=asked["produk"])


class RecapitulationScreen(ProgrammeReport):
    title = _("Recapitulation of realisation")
    lead = _("People, output, receivers and stock by product and district, as it is printed for signature.")
    place = "distribution:recapitulation"
    file_name = "rekapitulasi-realisasi"

    def report_on(self, programme: Programme, day: dt.date, **asked: Any) -> Report:
        found = recapitulate(self.viewer, programme, day)
        return self.opening(recapitulation_report(found), of_recapitulation(found, self.region))


class ReceiversScreen(ProgrammeReport):
    title = _("Handovers by receiver")
    lead = _("Who took over how much by BAST, by kind of receiver.")
    place = "distribution:receivers_report"
    form_class = PeriodParameters
    file_name = "serah-terima-per-penerima"

    def report_on(self, programme: Programme, day: dt.date, *, dari: dt.date | None = None, **asked: Any) -> Report:
        report = receivers_report(by_receiver(self.viewer, programme, day, since=dari), programme, day, since=dari)
        return self.opening(report, of_receivers(programme, day, self.region, since=dari))


class FinalRecipientsScreen(ProgrammeReport):
    title = _("Final recipients")
    lead = _("Where every piece is in the end, with onward distribution.")
    place = "distribution:final_recipients"
    file_name = "daftar-penerima-akhir"

    def report_on(self, programme: Programme, day: dt.date, **asked: Any) -> Report:
        report = final_report(final_recipients(self.viewer, programme, day), programme, day)
        return self.opening(report, of_finals(programme, day, self.region))


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
        report = changes(self.viewer, programme, first, day, printed_on=dicetak)
        return self.opening(report, of_changes(programme, (first, dicetak), day, self.region))
