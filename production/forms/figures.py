from __future__ import annotations

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from ikm_program.forms import ActionModelForm, QuantityField
from production.models import PublishedFigure


class PublishedFigureForm(ActionModelForm):
    """A figure as its source gives it, with the day it speaks of and the day it was printed kept apart."""

    owned_choices = ("programme", "region")
    sections = (
        (_("What was published"), ("programme", "product", "region", "kind", "definition", "quantity", "unit")),
        (_("Source"), ("source", "quote", "event_on", "published_on")),
    )
    quantity = QuantityField(label=capfirst(_("quantity")), required=False, help_text=_("Leave empty when the source names no number."))

    class Meta:
        model = PublishedFigure
        fields = ("programme", "product", "region", "kind", "definition", "quantity", "unit", "source", "quote", "event_on", "published_on")
        widgets = {"quote": forms.Textarea(attrs={"rows": 3})}
