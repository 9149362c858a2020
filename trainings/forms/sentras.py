from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ikm_program.forms import ActionModelForm, PeopleField, QuantityField
from trainings.models import Region, Sentra


class SentraForm(ActionModelForm):
    owned_choices = ("region",)
    sections = (
        (_("Sentra"), ("region", "name", "commodity", "village", "coordinator")),
        (_("Size"), ("units", "workers")),
    )

    class Meta:
        model = Sentra
        fields = ("region", "name", "commodity", "village", "units", "workers", "coordinator")
        field_classes = {"units": QuantityField, "workers": PeopleField}
        help_texts = {"commodity": _("What its businesses make, for example woven cloth.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        region = self.fields["region"]
        assert isinstance(region, forms.ModelChoiceField)
        assert region.queryset is not None
        region.queryset = region.queryset.filter(kind__in=(Region.Kind.KABUPATEN, Region.Kind.KOTA))
        if self.user.region.is_district:
            region.initial = self.user.region
