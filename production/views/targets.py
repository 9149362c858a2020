from __future__ import annotations

from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from ikm_program import reporting
from ikm_program.actions import Refusal
from ikm_program.report_screens import KnownParameters
from ikm_program.screens import Column, Empty, Fact, Link, NextStep, Text, resolved
from ikm_program.views import DetailScreen, FormScreen, ListScreen, ReportScreen
from production.actions.targets import allocate, create_target, divide, update_target
from production.filters.targets import TargetFilter
from production.forms.programme import KnownProgrammeParameters
from production.forms.targets import AllocationForm, TargetForm
from production.models import ProductTarget, PublishedFigure
from production.reports import NO_PROGRAMME, allocation_report, division_rule, targets_report
from production.views.figures import BESIDE_COLUMNS
from trainings.models import Programme, Region
from trainings.programme_choice import asked_with_programme

PLACE = "production:target_list"
NEW = Link(_("Add target"), "production:target_create", "production.add_producttarget", icon="plus")
NOT_SET = _("not determined")


def _may_change(target: ProductTarget, user: Any) -> bool:
    return bool(target.programme.is_open and user.region.covers(target.programme.region))


def _may_divide(target: ProductTarget, user: Any) -> bool:
    return target.total is not None and _may_change(target, user)


class TargetList(ListScreen):
    model = ProductTarget
    permission = "production.view_producttarget"
    title = _("Targets")
    lead = _("Per programme and product, with what has been divided over the districts.")
    place = PLACE
    related = ("programme", "product")
    links = (
        NEW,
        Link(_("Per district"), "production:target_report", "production.view_producttarget", icon="report"),
        Link(_("Progress"), "production:progress_report", "production.view_districtprogress", icon="check"),
    )
    columns = (
        Column(_("Product"), "product.name", link="self", sort="product__name"),
        Column(_("Programme"), "programme"),
        Column(_("Target"), "total", kind="number", template="production/_target_total.html", sort="total"),
        Column(_("Districts"), "districts_set", kind="number", template="production/_target_districts.html"),
        Column(_("Sum of the districts"), "allocated", kind="number", unit="product.unit", unknown=NOT_SET, sort="allocated"),
        Column(_("Standing"), "get_standing_display"),
    )
    search_fields = ("product__name", "product__code", "programme__name", "basis")
    search_label = _("Search targets")
    filterset_class = TargetFilter
    ordering = ("-programme__year", "product")
    empty = Empty(_("No target yet."), _("Set the programme's total for a product, then divide it over the districts."), NEW)

    def get_queryset(self) -> Any:
        return super().get_queryset().with_allocation()


class TargetDetail(DetailScreen):
    model = ProductTarget
    permission = "production.view_producttarget"
    place = PLACE
    related = ("programme__region", "product")
    facts = (
        Fact(_("Programme"), "programme"),
        Fact(_("Product"), "product", link="product"),
        Fact(_("Total of the programme"), "total", template="production/_target_total.html"),
        Fact(_("Sum of the districts"), "allocated", kind="number", unit="product.unit", unknown=NOT_SET),
        Fact(_("Standing"), "get_standing_display"),
        Fact(_("Basis"), "basis"),
    )
    steps = (
        NextStep(
            _("Divide over the districts"),
            "production:target_allocate",
            "production.allocate_producttarget",
            when=_may_divide,
            icon="region",
        ),
        NextStep(_("Edit"), "production:target_update", "production.change_producttarget", when=_may_change, icon="edit"),
        NextStep(_("Print and download"), "production:allocation_report", "production.view_producttarget", icon="document"),
    )

    def get_queryset(self) -> Any:
        return super().get_queryset().with_allocation()

    def get_title(self) -> Text:
        return format_lazy(_("Target: {product}"), product=self.object.product.name)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        target = self.object
        figures = PublishedFigure.objects.for_user(self.request.user).filter(programme=target.programme, product=target.product)
        return super().get_context_data(
            parts=[(part, self._records_url(part.region)) for part in target.districts.select_related("region")],
            rule=division_rule(target),
            is_divided=target.allocated is not None,
            figures=figures.select_related("region"),
            figure_columns=BESIDE_COLUMNS,
            **kwargs,
        )

    def _records_url(self, region: Region) -> str:
        """The output of this product in that district, where this person sees it."""
        user: Any = self.request.user
        address = resolved("production:output_list") if user.region.covers(region) else ""
        return f"{address}?{urlencode({'produk': self.object.product_id, 'wilayah': region.pk})}" if address else ""


class TargetCreate(FormScreen):
    model = ProductTarget
    form_class = TargetForm
    action = create_target
    title = _("Add target")
    place = PLACE


class TargetUpdate(FormScreen):
    model = ProductTarget
    form_class = TargetForm
    action = update_target
    place = PLACE
    related = ("programme", "product")

    def get_title(self) -> Text:
        return format_lazy(_("Edit target: {product}"), product=self.object.product.name)

    def get_confirmation(self) -> Text:
        if not self.object.districts.exists():
            return ""
        return _("When the total changes, a division by rule follows it; quantities typed by hand must be divided again.")


class TargetAllocate(FormScreen):
    """Divide the total. “Hitung” shows the result without saving; the page works without scripts."""

    model = ProductTarget
    form_class = AllocationForm
    action = allocate
    place = PLACE
    related = ("programme", "product")
    template_name = "production/target_allocate.html"
    success_message = _("The target has been divided.")
    submit_label = _("Save the division")

    def get_title(self) -> Text:
        return format_lazy(_("Divide the target: {product}"), product=self.object.product.name)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        step = request.POST.get("hitung")
        if step is None:
            return super().post(request, *args, **kwargs)
        form: Any = self.get_form(is_bound=True)
        self._prepare(form, step)
        return self.render_to_response(self.get_context_data(form=form, is_preview=True))

    def _prepare(self, form: AllocationForm, step: str) -> None:
        """The two helps of the page: start typing from what the rule gives, or stretch what was typed to the total."""
        if step == "ubah":
            form.fill(form.shares())
        elif step == "sesuaikan" and self.object.total is not None:
            try:
                form.fill(divide(self.object.total, form.districts, ProductTarget.Weights.TYPED, form.rule[1], form.typed()))
            except Refusal as refusal:
                form.note = refusal.message


class AllocationReport(ReportScreen):
    model = ProductTarget
    permission = "production.view_producttarget"
    place = PLACE
    related = ("programme", "product")
    file_name = "alokasi-target"
    form_class = KnownParameters
    as_of_field = known_field = "diketahui"

    @cached_property
    def object(self) -> ProductTarget:
        target: ProductTarget = get_object_or_404(self.get_queryset(), pk=self.kwargs["pk"])
        return target

    def get_title(self) -> Text:
        return format_lazy(_("Target allocation: {product}"), product=self.object.product.name)

    def parents(self) -> Any:
        return [(self.object.product.name, self.object.get_absolute_url())]

    def get_report(self, **parameters: Any) -> reporting.Report:
        return allocation_report(self.object, parameters["diketahui"] or timezone.localdate())


class TargetReport(ReportScreen):
    model = ProductTarget
    permission = "production.view_producttarget"
    title = _("Targets per district")
    place = PLACE
    form_class = KnownProgrammeParameters
    as_of_field = known_field = "diketahui"
    paper = "F4"
    file_name = "target-per-kabupaten"

    def parameter_form(self) -> Any:
        return KnownProgrammeParameters(asked_with_programme(self.request), user=self.request.user)

    def get_report(self, **parameters: Any) -> reporting.Report:
        program: Programme | None = parameters["program"]
        if program is None:
            return NO_PROGRAMME
        return targets_report(program, self.request.user, parameters["diketahui"] or timezone.localdate())
