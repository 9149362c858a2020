from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from distribution.filters.periods import MonthField
from distribution.reports.monthly import month_before
from ikm_program.forms import ActionForm
from trainings.models import Official, Programme, Region


class MonthlyForm(ActionForm):
    """Which month of which programme, for which region."""

    programme = forms.ModelChoiceField(Programme.objects.order_by("-year", "name"), label=_("Programme"))
    region = forms.ModelChoiceField(Region.objects.exclude(kind=Region.Kind.COUNTRY), label=_("Region"))
    month = MonthField(label=_("Month"))
    owned_choices = ("region",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["region"].initial = self.user.region
        self.fields["month"].initial = f"{month_before(timezone.localdate()):%Y-%m}"


class SignForm(ActionForm):
    """As which official it is signed: those of the region's offices who are in office today."""

    signatory = forms.ModelChoiceField(Official.objects.all(), label=_("Signed as"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        officials: Any = Official.objects.filter(office__region=self.subject.region, can_sign=True)
        field: Any = self.fields["signatory"]
        field.queryset = officials.valid_on(timezone.localdate()).for_user(self.user).select_related("office")
        if len(field.queryset) == 1:
            field.initial = field.queryset[0]
