from __future__ import annotations

import django_filters
from django.utils.translation import gettext_lazy as _

from ikm_program.filters import FilterSet
from production.models import Product, StockBalance, Store
from trainings.models import Programme, Region


class StockFilter(FilterSet):
    gudang = django_filters.ModelChoiceFilter(
        field_name="store", queryset=Store.objects.order_by("region__kemendagri_code"), label=_("Store")
    )
    wilayah = django_filters.ModelChoiceFilter(
        field_name="lot__region",
        queryset=Region.objects.filter(kind__in=("kabupaten", "kota")).order_by("kemendagri_code"),
        label=_("District of origin"),
    )
    produk = django_filters.ModelChoiceFilter(field_name="lot__product", queryset=Product.objects.order_by("name"), label=_("Product"))
    program = django_filters.ModelChoiceFilter(
        field_name="lot__programme", queryset=Programme.objects.order_by("-year"), label=_("Programme")
    )

    class Meta:
        model = StockBalance
        fields: tuple[str, ...] = ()
