from __future__ import annotations

import django_filters
from django.utils.translation import gettext_lazy as _

from ikm_program.filters import FilterSet
from trainings.models import Activity, Batch, PaymentList, Programme, Region


class PaymentFilter(FilterSet):
    kind = django_filters.ChoiceFilter(label=_("Kind"), choices=PaymentList.Kind.choices)
    status = django_filters.ChoiceFilter(label=_("Status"), choices=PaymentList.Status.choices)
    region = django_filters.ModelChoiceFilter(label=_("Region"), queryset=Region.objects.order_by("kemendagri_code"))
    programme = django_filters.ModelChoiceFilter(label=_("Programme"), queryset=Programme.objects.order_by("-year", "name"))
    activity = django_filters.ModelChoiceFilter(label=_("Activity"), field_name="batch__activity", queryset=Activity.objects.order_by("pk"))
    batch = django_filters.ModelChoiceFilter(
        label=_("Batch"), queryset=Batch.objects.select_related("activity", "region").order_by("activity_id", "region__kemendagri_code")
    )

    class Meta:
        model = PaymentList
        fields = ("kind", "status", "region", "programme", "activity", "batch")
