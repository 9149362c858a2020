"""Four small screens over programmes, so that the bases are tested without the screens of an app."""

from __future__ import annotations

from typing import Any

from django import forms as django_forms
from django.urls import path

from ikm_program.actions import Refusal, StaleVersion, action
from ikm_program.filters import FilterSet
from ikm_program.forms import ActionForm, DateField, HasDressedFields, QuantityField, RowForm, row_formset
from ikm_program.reporting import Column as ReportColumn
from ikm_program.reporting import Report
from ikm_program.screens import Column, Empty, Fact, Link, NextStep
from ikm_program.urls import urlpatterns as roof
from ikm_program.views import DetailScreen, FormScreen, ListScreen, ReportScreen
from trainings.models import Programme, Region


@action("trainings.change_programme")
def rename(programme: Programme, *, by: Any, version: int, name: str, region: Region | None, lines: list[dict[str, Any]]) -> Programme:
    if name == "Terlarang":
        raise Refusal("This name is taken.", "name")
    if version != programme.version:
        raise StaleVersion
    programme.name = name
    programme.origin_office = " + ".join(str(line["quantity"]) for line in lines)
    programme.save(update_fields=["name", "origin_office"])
    return programme


class ProgrammeFilter(FilterSet):
    class Meta:
        model = Programme
        fields = ("year", "region")


class LineForm(RowForm):
    quantity = QuantityField(label="Quantity", required=False)


class RenameForm(ActionForm):
    name = django_forms.CharField(label="Name", help_text="As in the decree.")
    region = django_forms.ModelChoiceField(Region.objects.order_by("pk"), label="Region", required=False)
    rows = {"lines": row_formset(LineForm, extra=2)}


class ParameterForm(HasDressedFields, django_forms.Form):
    per = DateField(label="As of", required=False)


class ProgrammeList(ListScreen):
    model = Programme
    permission = "trainings.view_programme"
    title = "Programmes"
    columns = (Column("Name", "name", sort="name", link="self"), Column("Year", "year", sort="year"), Column("Region", "region.name"))
    related = ("region",)
    search_fields = ("name", "code")
    filterset_class = ProgrammeFilter
    ordering = ("name",)
    exports = (Link("Excel", url="/ekspor/"),)
    empty = Empty("No programme yet.", "Record the first.", Link("New", "programme_rename", "trainings.change_programme", {"pk": 1}))


class ProgrammeDetail(DetailScreen):
    model = Programme
    permission = "trainings.view_programme"
    facts = (Fact("Name", "name"), Fact("Fund quote", "fund_quote", unknown="nobody wrote it down"))
    steps = (
        NextStep("Rename", "programme_rename", "trainings.change_programme"),
        NextStep("Never", "programme_rename", "trainings.change_programme", when=lambda programme, user: False),
        NextStep("Nowhere", "a_screen_that_does_not_exist", ""),
    )


class ProgrammeRename(FormScreen):
    model = Programme
    form_class = RenameForm
    action = rename
    success_message = "Renamed."

    def get_success_url(self, result: Any) -> str:
        return f"/uji/{result.pk}/"


class YearReport(ReportScreen):
    permission = "trainings.view_programme"
    title = "Years"
    form_class = ParameterForm
    formats = ("html", "xlsx", "csv", "json")

    def get_report(self, **parameters: Any) -> Report:
        columns = [ReportColumn(key="name", label="Name"), ReportColumn(key="quantity", label="Quantity", kind="integer")]
        return Report(title="Years", columns=columns, rows=[{"name": "=1+1", "quantity": 1234}, {"name": "Tala", "quantity": None}])


urlpatterns = [
    path("uji/", ProgrammeList.as_view(), name="programme_list"),
    path("uji/<int:pk>/", ProgrammeDetail.as_view(), name="programme_detail"),
    path("uji/<int:pk>/ganti/", ProgrammeRename.as_view(), name="programme_rename"),
    path("uji/laporan/", YearReport.as_view(), name="year_report"),
    path("uji/laporan.<str:format>", YearReport.as_view(), name="year_report_file"),
    *roof,
]
