from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ikm_program.filters import FilterSet
from trainings.models import DuplicatePair, RecordKind, Region


class DuplicatePairFilter(FilterSet):
    """Without a choice the list is the queue: what waits."""

    status = django_filters.ChoiceFilter(label=_("Status"), choices=DuplicatePair.Status.choices)
    kind = django_filters.ChoiceFilter(label=_("Kind"), choices=RecordKind.choices)
    region = django_filters.ModelChoiceFilter(label=_("Kabupaten/kota"), queryset=Region.objects.districts(), method="by_region")

    class Meta:
        model = DuplicatePair
        fields = ("status", "kind")

    def by_region(self, queryset: Any, name: str, value: Region) -> Any:
        return queryset.filter(Q(left_region=value) | Q(right_region=value))
