"""A report as a screen: page, JSON, CSV, XLSX and PDF of one `Report`, as of a day, or beside the sheet of an earlier day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any, ClassVar
from urllib.parse import urlencode

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone, translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ikm_program import audit, figure_records, pdf, reporting, xlsx
from ikm_program.base_screen import Screen
from ikm_program.comparing import compare
from ikm_program.formatting import tanggal_layar
from ikm_program.forms import DateField, HasDressedFields
from ikm_program.screens import Link

MOST_PRINTED = 1_000  # rows of a report on paper
NOT_YET = _("The date cannot lie in the future.")
FILES = {  # format -> what people call it, content type
    "pdf": ("PDF", "application/pdf"),
    "xlsx": ("Excel", xlsx.XLSX_CONTENT_TYPE),
    "csv": ("CSV", xlsx.CSV_CONTENT_TYPE),
    "json": ("JSON", "application/json"),
}


class SinceForm(HasDressedFields, forms.Form):
    """The day of the sheet one has in hand."""

    sejak = DateField(label=_("The sheet as of"), required=False)
    is_filter = True

    def __init__(self, *args: Any, latest: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.latest = latest
        self.fields["sejak"].widget.attrs["max"] = latest.isoformat()

    def clean_sejak(self) -> dt.date | None:
        day: dt.date | None = self.cleaned_data["sejak"]
        if day and day > timezone.localdate():
            raise forms.ValidationError(NOT_YET)
        if day and day > self.latest:
            later = _("The earlier sheet cannot be later than the one of %(day)s.")
            raise forms.ValidationError(later, params={"day": tanggal_layar(self.latest)})
        return day


class KnownParameters(HasDressedFields, forms.Form):
    """As it was recorded by the end of a day: for facts that have no other time."""

    diketahui = DateField(label=_("As known on"), required=False)
    is_filter = True


def not_after_today(form: Any, names: Iterable[str]) -> None:
    """Nobody knows the figures of a day that has not come: it is refused at its field, and the picker does not offer it."""
    today = timezone.localdate()
    form.is_valid()
    for name in names:
        if name in form.fields:
            form.fields[name].widget.attrs["max"] = today.isoformat()
        day = form.cleaned_data.get(name)
        if isinstance(day, dt.date) and day > today:
            form.add_error(name, forms.ValidationError(NOT_YET, code="future"))


class ReportScreen(Screen):
    """A report as page, JSON, CSV, XLSX or PDF, all from the same `Report`; picked by the URL's suffix or `?format=`."""

    kind = "report"
    form_class: ClassVar[type[Any] | None] = None  # a GET form of parameters, built with `user=`
    paper: ClassVar[pdf.Paper] = "A4"
    file_name: ClassVar[str] = "laporan"
    formats: ClassVar[Sequence[str]] = ("html", "pdf", "xlsx", "csv", "json")
    as_of_field: ClassVar[str] = ""  # the parameter that says as of which day: such a report can be held against an earlier day
    known_field: ClassVar[str] = ""  # and the one that says what was known when: the sheet of that day is the one that was printed then
    told_until: ClassVar[Sequence[str]] = ()  # further parameters that are days up to which something is told
    is_listed: ClassVar[bool] = True  # among all reports

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        wanted = str(self.kwargs.get("format") or request.GET.get("format") or "html")
        if wanted not in self.formats:
            raise Http404
        form = self.asked
        if not all(one.is_valid() for one in (form, self.since_form) if one is not None):
            return self.render_to_response(self.get_context_data(form=form, report=None), status=422)
        with translation.override("id" if wanted == "pdf" else translation.get_language()):  # paper is Indonesian
            report = self.report_asked_for(form.cleaned_data if form is not None else {})
        if wanted == "html":
            return self.render_to_response(self.get_context_data(form=form, report=report))
        if wanted == "pdf" and self.is_too_long(report):
            return self.render_to_response(self.get_context_data(form=form, report=None, too_long=len(report.rows)), status=422)
        audit.record("download", None, by=request.user, after={"report": str(report.title), "format": wanted, "query": request.GET.dict()})
        return self.as_file(report, wanted)

    @cached_property
    def since_form(self) -> SinceForm | None:
        if not self.as_of_field:
            return None
        today = timezone.localdate()
        day = self.asked.cleaned_data.get(self.as_of_field) if self.asked is not None and self.asked.is_valid() else None
        return SinceForm(self.request.GET, user=self.request.user, latest=min(day or today, today))

    @cached_property
    def asked(self) -> Any:
        """The form of parameters, with no day that has not come."""
        form = self.parameter_form()
        if form is not None:
            not_after_today(form, [name for name in (self.as_of_field, self.known_field, *self.told_until) if name])
        return form

    @property
    def since(self) -> dt.date | None:
        """The day of the earlier sheet that this one is held against."""
        return self.since_form.cleaned_data.get("sejak") if self.since_form is not None and self.since_form.is_valid() else None

    def report_asked_for(self, parameters: Mapping[str, Any]) -> reporting.Report:
        """The sheet, or what changed since the one of an earlier day."""
        if self.since is None:
            return self.get_report(**parameters)
        then = {self.as_of_field: self.since} | ({self.known_field: self.since} if self.known_field else {})
        before = self.get_report(**{**parameters, **then})
        known = gettext("The earlier sheet counts what was known on its day.")
        note = known if self.known_field else gettext("The earlier sheet is computed with what is recorded today.")
        return compare(before, self.get_report(**parameters), note=note)

    def parameter_form(self) -> Any:
        if self.form_class is None:
            return None
        return self.form_class(self.request.GET, user=self.request.user)

    def get_report(self, **parameters: Any) -> reporting.Report:
        """Call the pure function of the app's `reports` module."""
        raise NotImplementedError

    @property
    def is_page(self) -> bool:
        return str(self.kwargs.get("format") or self.request.GET.get("format") or "html") == "html"

    def on_page(self, report: reporting.Report, link: Callable[[Any, Any], str], **changes: Any) -> reporting.Report:
        """On the page the figures of today open their records; of an earlier day they open nothing, because lists know today only."""
        is_today = report.as_of == timezone.localdate()
        return self.opening(report, link if is_today else None, **changes)

    def opening(self, report: reporting.Report, link: Callable[[Any, Any], str] | None, **changes: Any) -> reporting.Report:
        """On the page the figures open their records, of whichever day; files have no links."""
        return replace(report, link=link, **changes) if self.is_page else report

    def as_file(self, report: reporting.Report, wanted: str) -> HttpResponseBase:
        makers: Mapping[str, Callable[[], Any]] = {
            "json": lambda: reporting.to_json(report),
            "csv": lambda: reporting.to_csv(report),
            "xlsx": lambda: reporting.to_xlsx(report),
            "pdf": lambda: reporting.to_pdf(report, paper=self.paper),
        }
        body = makers[wanted]()
        answer = HttpResponse if isinstance(body, bytes) else StreamingHttpResponse
        disposition = "inline" if wanted in ("json", "pdf") else "attachment"
        headers = {"Content-Disposition": f'{disposition}; filename="{self.get_file_name(report)}.{wanted}"'}
        return answer(body, content_type=FILES[wanted][1], headers=headers)

    def get_file_name(self, report: reporting.Report) -> str:
        days = [f"{day:%Y-%m-%d}" for day in (self.since, report.as_of) if day]
        return "-".join([self.file_name, *(["-ke-".join(days)] if days else [])])

    def is_too_long(self, report: reporting.Report | None) -> bool:
        """Nobody reads a thousand printed rows, and laying them out takes a worker's memory: such a list is a workbook."""
        return report is not None and len(report.rows) > MOST_PRINTED

    def downloads(self, *, without_pdf: bool = False) -> list[Link]:
        return [self._download(name, FILES[name][0]) for name in FILES if name in self.formats and not (without_pdf and name == "pdf")]

    def _download(self, name: str, label: str) -> Link:
        query = self.request.GET.copy()
        query["format"] = name
        return Link(label, url=f"{self.request.path}?{query.urlencode()}", icon="download", is_download=True)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        too_long = kwargs.pop("too_long", 0)
        without_pdf = bool(too_long) or self.is_too_long(kwargs.get("report"))
        since: dict[str, Any] = {}
        if self.since_form is not None:
            kept = [(name, value) for name, value in self.request.GET.items() if name not in ("sejak", "format")]
            since = {"since_form": self.since_form, "since": self.since, "kept_parameters": kept, "plain_url": f"?{urlencode(kept)}"}
        return super().get_context_data(downloads=self.downloads(without_pdf=without_pdf), too_long=too_long, **since, **kwargs)


class RecordsScreen(ReportScreen):
    """The records that add up to one figure: opened from the figure, with the title of what it counts."""

    title = figure_records.TITLE
    template_name = "_screens/records.html"
    is_listed = False
    told_until: ClassVar[Sequence[str]] = ("per",)
    file_name = "rincian"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        report = kwargs.get("report")
        return super().get_context_data(**kwargs) | ({"title": report.title} if report else {})
