from __future__ import annotations

from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from ikm_program.forms import ActionModelForm, DateField, LargeNumberField
from production.models import PublishedFigure


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
