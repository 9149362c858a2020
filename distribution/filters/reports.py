from __future__ import annotations

import django_filters
from django.utils.translation import gettext_lazy as _

from distribution.filters.periods import MonthFilter
from distribution.models import FinalReport, MonthlyReport
from ikm_program.filters import FilterSet
from trainings.models import Programme, Region


class MonthlyFilter(FilterSet):
    status = django_filters.ChoiceFilter(choices=MonthlyReport.Status.choices, label=_("Status"))
    wilayah = django_filters.ModelChoiceFilter(field_name="region", queryset=Region.objects.order_by("kemendagri_code"), label=_("Region"))
    program = django_filters.ModelChoiceFilter(field_name="programme", queryset=Programme.objects.order_by("-year"), label=_("Programme"))
    bulan = MonthFilter(field_name="month", label=_("Month"))

    class Meta:
        model = MonthlyReport
        fields: tuple[str, ...] = ()


class FinalFilter(FilterSet):
    status = django_filters.ChoiceFilter(choices=FinalReport.Status.choices, label=_("Status"))
    program = django_filters.ModelChoiceFilter(field_name="programme", queryset=Programme.objects.order_by("-year"), label=_("Programme"))

    class Meta:
        model = FinalReport
        fields: tuple[str, ...] = ()
