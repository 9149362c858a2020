from __future__ import annotations

from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from ikm_program.forms import ActionModelForm, DateField, LargeNumberField, RowForm
from production.affected import COLUMNS, COUNTED
from production.models import PublishedFigure
from trainings.models import Region


class PublishedFigureForm(ActionModelForm):
    """A figure as its source gives it, with the day it speaks of and the day it was printed kept apart."""

    owned_choices = ("programme", "region")
    sections = (
        (
            _("What was published"),
            ("topic", "programme", "product", "region", "kind", "definition", "quantity", "unit", "among", "among_unit"),
        ),
        (_("Source"), ("source", "quote", "event_on", "published_on")),
    )
    quantity = LargeNumberField(label=capfirst(_("quantity")), required=False, help_text=_("Leave empty when the source names no number."))

    class Meta:
        model = PublishedFigure
        fields = (
            "topic",
            "programme",
            "product",
            "region",
            "kind",
            "definition",
            "quantity",
            "unit",
            "among",
            "among_unit",
            "source",
            "quote",
            "event_on",
            "published_on",
        )
        field_classes = {"among": LargeNumberField}
        widgets = {"quote": forms.Textarea(attrs={"rows": 3})}


class AffectedParameters(forms.Form):
    as_of = DateField(label=_("As of"), required=False)

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user


class WorkerParameters(RowForm):
    """Which number of workers; of a district, or of all."""

    angka = forms.ChoiceField(label=_("Figure"), required=False, choices=[(one.key, one.label) for one in COLUMNS if one.key in COUNTED])
    wilayah = forms.ModelChoiceField(Region.objects.districts(), label=_("Kabupaten/kota"), required=False, empty_label=_("All districts"))
    per = DateField(label=_("As of"), required=False)
    owned_choices = ("wilayah",)
    is_filter = True
