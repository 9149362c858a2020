from __future__ import annotations

import django_filters
from django.utils.translation import gettext_lazy as _

from production.filters.output import DistrictAware, MonthFilter
from production.models import Inspection, Product, Purchase
from trainings.models import Programme, Region

REGIONS = Region.objects.order_by("kemendagri_code")


class InspectionFilter(DistrictAware):
    status = django_filters.ChoiceFilter(choices=Inspection.Status.choices, label=_("Status"))
    produk = django_filters.ModelChoiceFilter(field_name="product", queryset=Product.objects.order_by("name"), label=_("Product"))
    wilayah = django_filters.ModelChoiceFilter(field_name="store__region", queryset=REGIONS, label=_("Region"))
    bulan = MonthFilter(field_name="inspected_on", label=_("Month"))
    program = django_filters.ModelChoiceFilter(field_name="programme", queryset=Programme.objects.order_by("-year"), label=_("Programme"))

    class Meta:
        model = Inspection
        fields: tuple[str, ...] = ()


class PurchaseFilter(DistrictAware):
    status = django_filters.ChoiceFilter(choices=Purchase.Status.choices, label=_("Status"))
    produk = django_filters.ModelChoiceFilter(field_name="product", queryset=Product.objects.order_by("name"), label=_("Product"))
    wilayah = django_filters.ModelChoiceFilter(field_name="store__region", queryset=REGIONS, label=_("Region"))
    bulan = MonthFilter(field_name="purchased_on", label=_("Month"))
    program = django_filters.ModelChoiceFilter(field_name="programme", queryset=Programme.objects.order_by("-year"), label=_("Programme"))

    class Meta:
        model = Purchase
        fields: tuple[str, ...] = ()
