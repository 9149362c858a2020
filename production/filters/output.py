from __future__ import annotations

import calendar
import datetime as dt
from typing import Any

import django_filters
from django import forms
from django.utils.translation import gettext_lazy as _

from ikm_program.filters import DateFilter, FilterSet
from production import plausibility
from production.models import OutputEntry, Product
from trainings.models import Batch, Programme, Region


class MonthInput(forms.TextInput):
    input_type = "month"


class MonthFilter(django_filters.Filter):
    """A calendar month, `2020-06` in the URL."""

    field_class = forms.RegexField

    def __init__(self, **kwargs: Any) -> None:
        messages = {"invalid": _("Write year and month, for example 2020-06.")}
        super().__init__(widget=MonthInput(), regex=r"\A20\d\d-(0[1-9]|1[0-2])\Z", error_messages=messages, **kwargs)

    def filter(self, qs: Any, value: str | None) -> Any:
        if not value:
            return qs
        first = dt.date.fromisoformat(f"{value}-01")
        last = first.replace(day=calendar.monthrange(first.year, first.month)[1])
        return qs.filter(**{f"{self.field_name}__range": (first, last)})


class DistrictAware(FilterSet):
    """A person of one district is not asked for the district."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        region = self.request.user.region
        if region is not None and region.is_district:
            self.filters.pop("wilayah", None)


REPORTED = "dilaporkan"  # what counts as reported: submitted or verified, never a draft or what came back


class OutputFilter(DistrictAware):
    status = django_filters.ChoiceFilter(
        choices=[*OutputEntry.Status.choices, (REPORTED, _("Submitted or verified"))], method="in_status", label=_("Status")
    )
    produk = django_filters.ModelChoiceFilter(field_name="product", queryset=Product.objects.order_by("name"), label=_("Product"))
    wilayah = django_filters.ModelChoiceFilter(
        field_name="region",
        queryset=Region.objects.filter(kind__in=("kabupaten", "kota")).order_by("kemendagri_code"),
        label=_("Kabupaten/kota"),
    )
    angkatan = django_filters.ModelChoiceFilter(
        field_name="batch", queryset=Batch.objects.select_related("activity", "region"), label=_("Batch")
    )
    bulan = MonthFilter(field_name="made_on", label=_("Month"))
    program = django_filters.ModelChoiceFilter(
        field_name="batch__activity__programme", queryset=Programme.objects.order_by("-year"), label=_("Programme")
    )

    class Meta:
        model = OutputEntry
        fields: tuple[str, ...] = ()

    def in_status(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.reported() if value == REPORTED else queryset.filter(status=value)


class QueueFilter(DistrictAware):
    wilayah = django_filters.ModelChoiceFilter(
        field_name="region",
        queryset=Region.objects.filter(kind__in=("kabupaten", "kota")).order_by("kemendagri_code"),
        label=_("Kabupaten/kota"),
    )
    produk = django_filters.ModelChoiceFilter(field_name="product", queryset=Product.objects.order_by("name"), label=_("Product"))
    dari = DateFilter(field_name="made_on", lookup_expr="gte", label=_("From"))
    sampai = DateFilter(field_name="made_on", lookup_expr="lte", label=_("Until"))
    # last: what it has to look at is what the others have left
    tanda = django_filters.ChoiceFilter(choices=[*plausibility.Code.choices, ("tanpa", _("no flag"))], method="with_flag", label=_("Flag"))

    class Meta:
        model = OutputEntry
        fields: tuple[str, ...] = ()

    def with_flag(self, queryset: Any, name: str, value: str) -> Any:
        """Flags are computed, not stored: the rows that the other filters leave are all looked at."""
        found = plausibility.flags_of(list(queryset.with_names()))
        wanted = [pk for pk, flags in found.items() if ({flag.code for flag in flags} & {value} if value != "tanpa" else not flags)]
        return queryset.filter(pk__in=wanted)
