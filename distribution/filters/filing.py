from __future__ import annotations

import datetime as dt
from typing import Any

import django_filters
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from distribution.filters.periods import MonthFilter
from distribution.models import Handover
from ikm_program.filters import FilterSet
from trainings.models import Programme, Region

LATE_DAYS = 14  # after so long the work list speaks louder


class FilingFilter(FilterSet):
    umur = django_filters.ChoiceFilter(
        choices=[("7", _("more than 7 days")), ("14", _("more than 14 days")), ("30", _("more than 30 days"))],
        method="older_than",
        label=_("Age"),
    )
    pemilik = django_filters.ChoiceFilter(
        choices=[("saya", _("me")), ("belum", _("nobody by name"))], method="owned_by", label=_("Who files it")
    )
    penerimaan = django_filters.ChoiceFilter(
        choices=[("sudah", _("confirmed")), ("belum", _("not confirmed yet"))], method="of_receipt", label=_("Receipt")
    )
    wilayah = django_filters.ModelChoiceFilter(
        field_name="store__region", queryset=Region.objects.order_by("kemendagri_code"), label=_("Giving region")
    )
    program = django_filters.ModelChoiceFilter(field_name="programme", queryset=Programme.objects.order_by("-year"), label=_("Programme"))
    bulan = MonthFilter(field_name="handed_over_on", label=_("Month"))

    class Meta:
        model = Handover
        fields: tuple[str, ...] = ()

    def older_than(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.filter(handed_over_on__lt=timezone.localdate() - dt.timedelta(days=int(value)))

    def owned_by(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.filter(filing_owner=self.request.user if value == "saya" else None)

    def of_receipt(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.filter(receipt__isnull=value == "belum")
