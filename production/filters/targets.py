from __future__ import annotations

import django_filters
from django.utils.translation import gettext_lazy as _

from ikm_program.filters import FilterSet
from production.models import Product, ProductTarget, PublishedFigure
from trainings.models import Programme, Region


class TargetFilter(FilterSet):
    program = django_filters.ModelChoiceFilter(field_name="programme", queryset=Programme.objects.order_by("-year"), label=_("Programme"))
    penetapan = django_filters.ChoiceFilter(field_name="standing", choices=ProductTarget.Standing.choices, label=_("Standing"))

    class Meta:
        model = ProductTarget
        fields: tuple[str, ...] = ()


class PublishedFigureFilter(FilterSet):
    program = django_filters.ModelChoiceFilter(field_name="programme", queryset=Programme.objects.order_by("-year"), label=_("Programme"))
    topik = django_filters.ChoiceFilter(field_name="topic", choices=PublishedFigure.Topic.choices, label=_("Topic"))
    jenis = django_filters.ChoiceFilter(field_name="kind", choices=PublishedFigure.Kind.choices, label=_("Kind"))
    produk = django_filters.ModelChoiceFilter(field_name="product", queryset=Product.objects.order_by("name"), label=_("Product"))
    wilayah = django_filters.ModelChoiceFilter(field_name="region", queryset=Region.objects.order_by("kemendagri_code"), label=_("Region"))

    class Meta:
        model = PublishedFigure
        fields: tuple[str, ...] = ()


class ProductFilter(FilterSet):
    aktif = django_filters.BooleanFilter(field_name="is_active", label=_("Active"))

    class Meta:
        model = Product
        fields: tuple[str, ...] = ()
