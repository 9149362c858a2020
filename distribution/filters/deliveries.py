from __future__ import annotations

import django_filters
from django.utils.translation import gettext_lazy as _

from distribution.filters.periods import MonthFilter
from distribution.models import Delivery
from ikm_program.filters import FilterSet
from trainings.models import Region


class DeliveryFilter(FilterSet):
    status = django_filters.ChoiceFilter(choices=Delivery.Status.choices, label=_("Status"))
    bulan = MonthFilter(field_name="sent_on", label=_("Month"))
    wilayah = django_filters.ModelChoiceFilter(
        field_name="office__region", queryset=Region.objects.order_by("kemendagri_code"), label=_("Region")
    )

    class Meta:
        model = Delivery
        fields: tuple[str, ...] = ()
