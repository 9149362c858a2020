"""All reports in one place: every address that answers with a report and needs nothing but what a form can say."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils.translation import gettext_lazy as _

from ikm_program.base_screen import Screen
from ikm_program.forms import DateField, HasDressedFields
from ikm_program.report_screens import FILES, ReportScreen, not_after_today
from ikm_program.screens import Link, Text
from trainings.models import Programme, Region


@dataclass(frozen=True)
class ListedReport:
    """A report of the house: how its address is called and the screen that answers."""

    url_name: str
    screen: type[ReportScreen]

    @property
    def parameters(self) -> frozenset[str]:
        """What it can be asked."""
        return frozenset(self._fields)

    @property
    def as_of_parameter(self) -> str:
        """What it calls the day it is asked as of; "" where there is none."""
        return self.screen.as_of_field or ("per" if isinstance(self._fields.get("per"), DateField) else "")

    @property
    def _fields(self) -> Mapping[str, Any]:
        fields: Mapping[str, Any] = getattr(self.screen.form_class, "base_fields", {})
        return fields


@dataclass(frozen=True)
class Shown:
    """A report as the page lists it."""

    title: Text
    lead: Text
    url: str
    is_compared: bool  # it can be held against an earlier sheet
    files: Sequence[Link]


@functools.cache
def listed_reports() -> tuple[ListedReport, ...]:
    """Read from the addresses themselves, so that no report can be forgotten."""
    return tuple(_walk(get_resolver(), ""))


def _walk(resolver: URLResolver, prefix: str) -> Iterator[ListedReport]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from _walk(entry, f"{prefix}{entry.namespace}:" if entry.namespace else prefix)
        elif isinstance(entry, URLPattern) and not entry.pattern.converters:
            screen = getattr(entry.callback, "view_class", None)
            if isinstance(screen, type) and issubclass(screen, ReportScreen) and screen.is_listed:
                yield ListedReport(f"{prefix}{entry.name}", screen)


class Parameters(HasDressedFields, forms.Form):
    """Of which programme and district, as of which day: handed to each report that can be asked so."""

    program = forms.ModelChoiceField(
        Programme.objects.order_by("-year", "name"), label=_("Programme"), required=False, empty_label=_("as the report itself says")
    )
    wilayah = forms.ModelChoiceField(Region.objects.districts(), label=_("Kabupaten/kota"), required=False, empty_label=_("All districts"))
    per = DateField(label=_("As of"), required=False)
    owned_choices = ("wilayah",)
    is_filter = True


class ReportIndex(Screen):
    """Every report that a person may see, with its files one tap away."""

    permission = "trainings.view_programme"
    title = _("All reports")
    lead = _("Choose a programme, a district or a day once; the reports that know them are opened so.")
    place = "report_index"
    template_name = "dashboard/report_index.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = Parameters(request.GET, user=request.user)
        not_after_today(form, ("per",))
        status = 200 if form.is_valid() else 422
        chosen = form.cleaned_data if status == 200 else {}
        shown = [self.shown(report, chosen) for report in listed_reports() if request.user.has_perms((report.screen.permission,))]
        shown.sort(key=lambda one: str(one.title))
        return self.render_to_response(self.get_context_data(form=form, reports=shown), status=status)

    def shown(self, report: ListedReport, chosen: Mapping[str, Any]) -> Shown:
        screen = report.screen
        query: dict[str, Any] = {name: chosen[name].pk for name in ("program", "wilayah") if chosen.get(name) and name in report.parameters}
        if chosen.get("per") and report.as_of_parameter:
            query[report.as_of_parameter] = chosen["per"].isoformat()
        url = Link("", report.url_name).href()
        files = [
            Link(FILES[name][0], url=f"{url}?{urlencode({**query, 'format': name})}", is_download=True)
            for name in FILES
            if name in screen.formats
        ]
        asked = f"?{urlencode(query)}" if query else ""
        return Shown(screen.title, getattr(screen, "lead", ""), f"{url}{asked}", bool(screen.as_of_field), files)
