from __future__ import annotations

from typing import Any

import django_filters
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ikm_program.filters import FilterSet
from ikm_program.roles import ROLES
from trainings.models import Office, Official, Region, User

ACTIVE = [("1", _("Active")), ("0", _("Inactive"))]


class ValidityFilter(FilterSet):
    """In force today, or ended."""

    standing = django_filters.ChoiceFilter(
        label=_("Validity"), choices=[("kini", _("valid today")), ("berakhir", _("ended"))], method="by_standing"
    )

    def by_standing(self, queryset: Any, name: str, value: str) -> Any:
        today = timezone.localdate()
        return queryset.valid_on(today) if value == "kini" else queryset.filter(valid_until__lt=today)


class RegionFilter(FilterSet):
    kind = django_filters.ChoiceFilter(label=_("Kind"), choices=Region.Kind.choices)

    class Meta:
        model = Region
        fields = ("kind",)


class OfficeFilter(ValidityFilter):
    region = django_filters.ModelChoiceFilter(label=_("Region"), queryset=Region.objects.order_by("kemendagri_code"))

    class Meta:
        model = Office
        fields = ("region",)


class OfficialFilter(ValidityFilter):
    office = django_filters.ModelChoiceFilter(label=_("Office"), queryset=Office.objects.select_related("region"))

    class Meta:
        model = Official
        fields = ("office",)


class UserFilter(FilterSet):
    region = django_filters.ModelChoiceFilter(label=_("Region"), queryset=Region.objects.order_by("kemendagri_code"))
    role = django_filters.ChoiceFilter(
        label=_("Role"), field_name="groups__name", choices=[(code, role.label) for code, role in ROLES.items()]
    )
    is_active = django_filters.ChoiceFilter(label=_("Account"), choices=ACTIVE)

    class Meta:
        model = User
        fields = ("region", "role", "is_active")
