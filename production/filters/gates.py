from __future__ import annotations

from typing import Any

import django_filters
from django.forms import HiddenInput
from django.utils.translation import gettext_lazy as _

from production.filters.output import DistrictAware, MonthFilter
from production.models import Inspection, Product, Purchase, Stocktake
from trainings.models import PaymentList, Programme, Region

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


class StocktakeFilter(DistrictAware):
    status = django_filters.ChoiceFilter(choices=Stocktake.Status.choices, label=_("Status"))
    wilayah = django_filters.ModelChoiceFilter(field_name="store__region", queryset=REGIONS, label=_("Region"))
    bulan = MonthFilter(field_name="counted_on", label=_("Month"))
    lebih = django_filters.ChoiceFilter(choices=[("belum", _("waits for a report"))], method="of_surplus", label=_("Surplus"))

    class Meta:
        model = Stocktake
        fields: tuple[str, ...] = ()

    def of_surplus(self, stocktakes: Any, name: str, value: str) -> Any:
        return stocktakes.filter(pk__in=Stocktake.objects.owned_by(self.request.user).with_surplus_to_report().values("pk"))


class PurchaseFilter(DistrictAware):
    status = django_filters.ChoiceFilter(choices=Purchase.Status.choices, label=_("Status"))
    bayar = django_filters.ChoiceFilter(
        choices=(("belum", _("on no list yet")), ("daftar", _("on a list")), ("dibayar", _("paid"))),
        method="of_payment",
        label=_("Payment"),
    )
    daftar = django_filters.NumberFilter(method="of_list", label=_("Number of the payment list in the system"), widget=HiddenInput)
    produk = django_filters.ModelChoiceFilter(field_name="product", queryset=Product.objects.order_by("name"), label=_("Product"))
    wilayah = django_filters.ModelChoiceFilter(field_name="store__region", queryset=REGIONS, label=_("Region"))
    bulan = MonthFilter(field_name="purchased_on", label=_("Month"))
    program = django_filters.ModelChoiceFilter(field_name="programme", queryset=Programme.objects.order_by("-year"), label=_("Programme"))

    class Meta:
        model = Purchase
        fields: tuple[str, ...] = ()

    def of_payment(self, purchases: Any, name: str, value: str) -> Any:
        if value == "belum":
            return purchases.to_pay()
        on_list = purchases.listed()
        return on_list.filter(payment_line__list__status__in=PaymentList.PAID) if value == "dibayar" else on_list

    def of_list(self, purchases: Any, name: str, value: Any) -> Any:
        return purchases.filter(payment_line__list=int(value))
