from __future__ import annotations

from typing import Any

import django_filters
from django.utils.translation import gettext_lazy as _

from distribution.filters.periods import MonthFilter
from distribution.models import Handover, HandoverLine, Receipt, ReceiverStatement, Recipient, Transfer, TransferLine
from ikm_program.filters import FilterSet
from production.models import Product
from trainings.models import Programme, Region


class HandoverFilter(FilterSet):
    status = django_filters.ChoiceFilter(choices=Handover.Status.choices, label=_("Status"))
    wilayah = django_filters.ModelChoiceFilter(
        field_name="store__region", queryset=Region.objects.order_by("kemendagri_code"), label=_("Giving region")
    )
    produk = django_filters.ModelChoiceFilter(queryset=Product.objects.order_by("name"), method="with_product", label=_("Product"))
    program = django_filters.ModelChoiceFilter(field_name="programme", queryset=Programme.objects.order_by("-year"), label=_("Programme"))
    asal = django_filters.ModelChoiceFilter(queryset=Region.objects.districts(), method="with_lots_of", label=_("District of origin"))
    jenis = django_filters.ChoiceFilter(field_name="recipient__kind", choices=Recipient.Kind.choices, label=_("Kind of recipient"))
    bulan = MonthFilter(field_name="handed_over_on", label=_("Month"))
    bukti = django_filters.ChoiceFilter(choices=[("belum", _("not uploaded yet"))], method="of_evidence", label=_("Evidence"))
    laporan = django_filters.ChoiceFilter(
        choices=[("selisih", _("shortfall to settle")), ("penyaluran", _("onward distribution to record")), ("belum", _("nothing yet"))],
        method="said_by_link",
        label=_("Said by link"),
    )

    class Meta:
        model = Handover
        fields: tuple[str, ...] = ()

    def with_lots_of(self, queryset: Any, name: str, region: Region) -> Any:
        return queryset.filter(pk__in=HandoverLine.objects.filter(draws__lot__region=region).values("handover"))

    def of_evidence(self, queryset: Any, name: str, value: str) -> Any:
        receipts: Any = Receipt.objects
        return queryset.filter(pk__in=receipts.without_evidence().values("handover"))

    def said_by_link(self, queryset: Any, name: str, value: str) -> Any:
        statements: Any = ReceiverStatement.objects
        if value == "penyaluran":
            return queryset.filter(pk__in=statements.onward_to_record().values("handover"))
        of_receipt = statements.of_receipt().values("handover")
        if value == "belum":
            return queryset.awaiting_acknowledgement().exclude(pk__in=of_receipt)
        return queryset.awaiting_acknowledgement().filter(pk__in=of_receipt)

    def with_product(self, queryset: Any, name: str, product: Product) -> Any:
        return queryset.filter(pk__in=HandoverLine.objects.filter(product=product).values("handover"))


class TransferFilter(FilterSet):
    status = django_filters.ChoiceFilter(choices=Transfer.Status.choices, label=_("Status"))
    tujuan = django_filters.ChoiceFilter(field_name="purpose", choices=Transfer.Purpose.choices, label=_("Purpose"))
    produk = django_filters.ModelChoiceFilter(queryset=Product.objects.order_by("name"), method="with_product", label=_("Product"))
    program = django_filters.ModelChoiceFilter(field_name="programme", queryset=Programme.objects.order_by("-year"), label=_("Programme"))
    asal = django_filters.ModelChoiceFilter(queryset=Region.objects.districts(), method="with_lots_of", label=_("District of origin"))
    bulan = MonthFilter(field_name="sent_on", label=_("Month"))
    evaluasi = django_filters.ChoiceFilter(choices=[("terbuka", _("not decided on yet"))], method="in_evaluation", label=_("Evaluation"))

    class Meta:
        model = Transfer
        fields: tuple[str, ...] = ()

    def in_evaluation(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.in_evaluation()

    def with_lots_of(self, queryset: Any, name: str, region: Region) -> Any:
        return queryset.filter(pk__in=TransferLine.objects.filter(draws__lot__region=region).values("transfer"))

    def with_product(self, queryset: Any, name: str, product: Product) -> Any:
        return queryset.filter(pk__in=TransferLine.objects.filter(product=product).values("transfer"))
