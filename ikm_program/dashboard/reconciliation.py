"""The reconciliation as page, PDF, XLSX, CSV and JSON: every cell opens its records, and a sentence says whether it balances."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from dataclasses import replace
from functools import cached_property
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from distribution.reports.recapitulation import chart_of_places, charts_of
from distribution.reports.reconciliation import FIGURES, Reconciliation, add_known, as_report, reconcile
from ikm_program import reporting
from ikm_program.charts import Chart
from ikm_program.dashboard.records import Sheet
from ikm_program.forms import DateField, HasDressedFields
from ikm_program.views import ReportScreen
from trainings.models import Programme
from trainings.snapshots import arms_of, letterhead_of

Choices = list[tuple[str, Any]]
EVERYTHING = ("", gettext_lazy("All"))


class ReconciliationForm(HasDressedFields, forms.Form):
    """As of which day, as known when, and what of it. The choices are what the sheet itself shows: no query is spent on them."""

    per = DateField(label=gettext_lazy("As of"), required=False)
    diketahui = DateField(label=gettext_lazy("As known on"), required=False)
    program = forms.ChoiceField(label=gettext_lazy("Programme"), required=False)
    produk = forms.CharField(label=gettext_lazy("Product"), required=False, widget=forms.Select)
    wilayah = forms.CharField(label=gettext_lazy("District of origin"), required=False, widget=forms.Select)

    def __init__(self, *args: Any, programmes: list[Programme], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._choose("program", [(str(programme.pk), str(programme)) for programme in programmes])

    def offer(self, result: Reconciliation) -> None:
        """Fill the choices of product and district from the sheet before it is narrowed."""
        self._choose("produk", list(dict.fromkeys((str(row.product.pk), row.product.name) for row in result.rows)))
        self._choose("wilayah", sorted({(str(row.region.pk), row.region.name) for row in result.rows}, key=lambda one: str(one[1])))

    def _choose(self, name: str, choices: Choices) -> None:
        field: Any = self.fields[name]
        (field if hasattr(field, "choices") else field.widget).choices = [EVERYTHING, *choices]


class ReconciliationScreen(ReportScreen):
    permission = "production.view_reconciliation"
    title = gettext_lazy("Reconciliation")
    lead = gettext_lazy("Where every reported piece is, by product and district of origin.")
    place = "reconciliation"
    form_class = ReconciliationForm
    template_name = "dashboard/reconciliation.html"
    paper = "F4"
    file_name = "rekonsiliasi"
    as_of_field, known_field = "per", "diketahui"

    @cached_property
    def programmes(self) -> list[Programme]:
        return list(Programme.objects.for_user(self.request.user).order_by("-year", "name"))

    @cached_property
    def form(self) -> ReconciliationForm:
        return ReconciliationForm(self.request.GET, user=self.request.user, programmes=self.programmes)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """A script that asks for a day that does not exist reads the refusal in the language it speaks."""
        if "json" in (self.kwargs.get("format"), request.GET.get("format")) and not self.asked.is_valid():
            return JsonResponse({"errors": self.form.errors.get_json_data()}, status=422)
        return super().get(request, *args, **kwargs)

    def parameter_form(self) -> ReconciliationForm:
        return self.form

    def get_report(self, **asked: Any) -> reporting.Report:
        with translation.override("id" if self.wants_paper else translation.get_language()):
            return self.report_in_words(**asked)

    @property
    def wants_paper(self) -> bool:
        """Paper is Indonesian, whatever language the screen has."""
        return "pdf" in (self.kwargs.get("format"), self.request.GET.get("format"))

    def report_in_words(self, **asked: Any) -> reporting.Report:
        whole = self.reconciled(asked["per"], asked["diketahui"], asked["program"])
        self.form.offer(whole)
        self.result = narrowed(whole, product=asked["produk"], region=asked["wilayah"])
        return replace(
            as_report(self.result),
            subtitle=self.subtitle(asked["program"]),
            link=link_to_records(self.result, is_one_district=bool(asked["wilayah"] and self.result.rows)),
            charts=drawn(self.result),
        )

    def reconciled(self, per: dt.date | None, known_on: dt.date | None, programme: str) -> Reconciliation:
        chosen = [one for one in self.programmes if not programme or str(one.pk) == programme]
        return reconcile(self.request.user, as_of=per, known_on=known_on, programmes=chosen)

    def subtitle(self, programme: str) -> str:
        return next((str(one) for one in self.programmes if str(one.pk) == programme), "") or _("All programmes")

    def as_file(self, report: reporting.Report, wanted: str) -> HttpResponseBase:
        if wanted == "json" and self.since is None:  # the agreed form and nothing else: what the command prints
            name = f"{self.get_file_name(report)}.json"
            headers = {"Content-Disposition": f'inline; filename="{name}"'}
            return HttpResponse(json.dumps(report.facts, default=str, ensure_ascii=False), "application/json", headers=headers)
        if wanted != "pdf":
            return super().as_file(report, wanted)
        return super().as_file(headed(for_paper(report) if self.since is None else report, self.request.user), wanted)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        if not hasattr(self, "result"):  # refused: what was chosen stays chosen
            self.form.offer(self.reconciled(None, None, ""))
        return super().get_context_data(result=getattr(self, "result", None), **kwargs)


def narrowed(result: Reconciliation, *, product: str = "", region: str = "") -> Reconciliation:
    """Only one product or one district (by primary key) of a sheet. A district's total has the district's own target."""
    rows = [row for row in result.rows if (not product or str(row.product.pk) == product) and (not region or str(row.region.pk) == region)]
    codes = dict.fromkeys(row.product.code for row in rows)
    totals = {code: result.totals[code] for code in codes}
    if region:
        totals = {code: dict.fromkeys(FIGURES) for code in codes}
        for row in rows:
            total = totals[row.product.code]
            total.update({name: add_known(total[name], row[name]) for name in FIGURES})
    return replace(result, rows=rows, totals=totals, problems=[problem for row in rows for problem in row.differences()])


def link_to_records(result: Reconciliation, *, is_one_district: bool = False) -> Callable[[reporting.Row, reporting.Column], str]:
    """The address behind each cell; a total opens the records of all its districts. One over two programmes has no single list."""
    cells = {(row.programme.code, row.product.code, row.region.kemendagri_code): row for row in result.rows}
    of_product: dict[str, set[Programme]] = {}
    for row in result.rows:
        of_product.setdefault(row.product.code, set()).add(row.programme)
    products = {row.product.code: row.product for row in result.rows}
    regions = {row.region for row in result.rows}
    only_district = regions.pop() if is_one_district else None
    sheet = Sheet(result)

    def link(shown: reporting.Row, column: reporting.Column) -> str:
        if "district" not in shown:
            product, programmes = products[shown["product"]], list(of_product[shown["product"]])
            return sheet.url(column.key, programmes[0], product, only_district) if len(programmes) == 1 else ""
        found = cells[shown["programme"], shown["product"], shown["district"]]
        return sheet.url(column.key, found.programme, found.product, found.region)

    return link


def drawn(result: Reconciliation) -> list[Chart]:
    """Where the pieces of every product are; of a single product of one programme its districts, too."""
    rows = [row for row in result.rows if row.has_reported]
    products = list(dict.fromkeys(row.product for row in rows))
    if len(products) == 1 and len({row.programme for row in rows}) == 1:
        return charts_of(result)
    return [chart_of_places(result, products)] if products else []


BLANK: dict[str, Any] = {"unknown": "", "nothing_to_divide": None, "width": 3}
PAPER: dict[str, dict[str, Any]] = {  # short names: the figures need the room
    "product_name": {"width": 4},
    "district_name": {"width": 4},
    "target": {"width": 3},
    "reported": {"width": 3},
}


def headed(report: reporting.Report, user: Any) -> reporting.Report:
    """On the letterhead of the office that prints it: the person's own, or the one of the region."""
    office = user.office or user.region.offices.valid_on(timezone.localdate()).first()
    if office is None:
        return report
    letterhead = letterhead_of(office, timezone.localdate())
    return replace(report, letterhead=letterhead, arms=arms_of(office, letterhead))


def for_paper(report: reporting.Report) -> reporting.Report:
    """On paper "not reported" stands once a row; the cells after it stay empty, which a note explains."""
    columns = [replace(column, **PAPER.get(column.key, BLANK)) for column in report.columns]
    return replace(report, columns=columns, notes=[*report.notes, _("Behind “not reported” nothing is known, so nothing is printed.")])
