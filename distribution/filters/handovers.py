from __future__ import annotations

from typing import Any

import django_filters
from django.utils.translation import gettext_lazy as _

from distribution.filters.periods import MonthFilter
from distribution.models import Handover, HandoverLine, Receipt, Recipient, Transfer, TransferLine
from ikm_program.filters import FilterSet
from production.models import Product
from trainings.models import Region


class HandoverFilter(FilterSet):
    status = django_filters.ChoiceFilter(choices=Handover.Status.choices, label=_("Status"))
    wilayah = django_filters.ModelChoiceFilter(
        field_name="store__region", queryset=Region.objects.order_by("kemendagri_code"), label=_("Giving region")
    )
    produk = django_filters.ModelChoiceFilter(queryset=Product.objects.order_by("name"), method="with_product", label=_("Product"))
    jenis = django_filters.ChoiceFilter(field_name="recipient__kind", choices=Recipient.Kind.choices, label=_("Kind of recipient"))
    bulan = MonthFilter(field_name="handed_over_on", label=_("Month"))
    bukti = django_filters.ChoiceFilter(choices=[("belum", _("not uploaded yet"))], method="of_evidence", label=_("Evidence"))

    class Meta:
        model = Handover
        fields: tuple[str, ...] = ()

    def of_evidence(self, queryset: Any, name: str, value: str) -> Any:
        receipts: Any = Receipt.objects
        return queryset.filter(pk__in=receipts.without_evidence().values("handover"))

    def with_product(self, queryset: Any, name: str, product: Product) -> Any:
        return queryset.filter(pk__in=HandoverLine.objects.filter(product=product).values("handover"))


class TransferFilter(FilterSet):
    status = django_filters.ChoiceFilter(choices=Transfer.Status.choices, label=_("Status"))
    tujuan = django_filters.ChoiceFilter(field_name="purpose", choices=Transfer.Purpose.choices, label=_("Purpose"))
    produk = django_filters.ModelChoiceFilter(queryset=Product.objects.order_by("name"), method="with_product", label=_("Product"))
    bulan = MonthFilter(field_name="sent_on", label=_("Month"))

    class Meta:
        model = Transfer
        fields: tuple[str, ...] = ()

    def with_product(self, queryset: Any, name: str, product: Product) -> Any:
        return queryset.filter(pk__in=TransferLine.objects.filter(product=product).values("transfer"))
