from __future__ import annotations

from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from ikm_program.forms import ActionForm, ActionModelForm, QuantityField
from production.models import Product
from trainings.models import Activity


class ProductForm(ActionModelForm):
    """What is made and how it is counted."""

    owned_choices = ("region",)
    sections = (
        (_("Product"), ("region", "code", "name", "short_name", "specification", "attribute", "is_active")),
        (_("Unit and contents"), ("unit", "pack_size", "pack_unit", "bulk_unit", "bulk_factor")),
        (_("Handing out"), ("is_free", "condition_of_use")),
        (_("Plausibility"), ("pieces_per_person_day",)),
    )
    pack_size = QuantityField(
        label=capfirst(_("content of one unit")), min_value=1, required=False, help_text=_("For example 250, when a bottle holds 250 ml.")
    )
    bulk_factor = QuantityField(
        label=capfirst(_("content units in one large unit")), min_value=1, required=False, help_text=_("For example 1000 ml in a litre.")
    )
    pieces_per_person_day = QuantityField(
        label=capfirst(_("most that one person can make in a day")),
        min_value=1,
        required=False,
        help_text=_("Above this the verification queue shows a flag."),
    )

    class Meta:
        model = Product
        fields = (
            "region",
            "code",
            "name",
            "short_name",
            "unit",
            "pack_size",
            "pack_unit",
            "bulk_unit",
            "bulk_factor",
            "specification",
            "attribute",
            "is_free",
            "condition_of_use",
            "pieces_per_person_day",
            "is_active",
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if isinstance(self.subject, Product):  # code and region stand in imports and reports: they stay
            del self.fields["region"], self.fields["code"]


class LinkProductForm(ActionForm):
    """An activity that makes the product."""

    owned_choices = ("activity",)
    activity = forms.ModelChoiceField(Activity.objects.select_related("programme"), label=_("Activity"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["activity"]
        field.queryset = field.queryset.exclude(products__product=self.subject)


class UnlinkProductForm(ActionForm):
    """Nothing to fill in: the question stands above the button."""
