from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from django import forms
from django.http import QueryDict
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from ikm_program.actions import Refusal
from ikm_program.forms import ActionForm, ActionModelForm, TotalField
from production.actions.targets import divide
from production.allocation import Weight, can_use_population, sum_refusal
from production.models import ProductTarget
from trainings.models import Region

Weights = ProductTarget.Weights
Ties = ProductTarget.Ties


class TargetForm(ActionModelForm):
    """The programme's total for a product; empty is "not determined", never zero."""

    owned_choices = ("programme",)
    total = TotalField(label=capfirst(_("total target")), required=False, help_text=_("Leave empty when nobody has set it."))

    class Meta:
        model = ProductTarget
        fields = ("programme", "product", "total", "is_approximate", "standing", "basis")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if isinstance(self.subject, ProductTarget):
            del self.fields["programme"], self.fields["product"]


@dataclass(frozen=True)
class DivisionRow:
    """A district in the preview: what the rule gives it, and the field for what a person types."""

    region: Region
    share: int | None
    field: forms.BoundField


class AllocationForm(ActionForm):
    """How the total is divided. `preview()` computes without saving; what was typed stays in the form under every rule."""

    weights = forms.ChoiceField(label=_("Weights"), choices=Weights.choices, widget=forms.RadioSelect)
    ties = forms.ChoiceField(
        label=_("Equal remainders"),
        choices=Ties.choices,
        widget=forms.RadioSelect,
        help_text=_("Who gets the pieces that are left over when the parts are otherwise equal."),
    )

    note: Any = ""  # why a help of the page could not help

    def __init__(self, *args: Any, subject: ProductTarget, **kwargs: Any) -> None:
        super().__init__(*args, subject=subject, **kwargs)
        self.target = subject
        self.districts = list(subject.participating_districts())
        if not can_use_population(Weight(region.kemendagri_code, region.population) for region in self.districts):
            self._drop_population()
        current = dict(subject.districts.values_list("region", "quantity"))
        for region in self.districts:
            field = TotalField(label=region.name, required=False)
            field.widget.attrs["aria-label"] = region.name
            self.fields[self.field_name(region)] = field
            self.initial.setdefault(self.field_name(region), current.get(region.pk))

    def _drop_population(self) -> None:
        weights, ties = cast("Any", self.fields["weights"]), cast("Any", self.fields["ties"])
        weights.choices = [choice for choice in Weights.choices if choice[0] != Weights.POPULATION]
        weights.help_text = _("Population is offered once it is known for every district.")
        ties.choices = [choice for choice in Ties.choices if choice[0] != Ties.POPULATION]

    @staticmethod
    def field_name(region: Region) -> str:
        return f"jumlah-{region.kemendagri_code}"

    @property
    def rule(self) -> tuple[str, str]:
        """Weights and ties as they stand in the form now."""
        return self["weights"].value() or Weights.EQUAL, self["ties"].value() or Ties.CODE

    @property
    def is_typed(self) -> bool:
        return self.rule[0] == Weights.TYPED

    def rule_fields(self) -> list[forms.BoundField]:
        return [self["weights"], self["ties"]]

    def typed(self) -> dict[int, int | None]:
        """What is typed now, read leniently: an unreadable cell is unknown here and refused when saving."""
        return {region.pk: self._number(region) for region in self.districts}

    def _number(self, region: Region) -> int | None:
        name = self.field_name(region)
        try:
            number: int | None = self.fields[name].clean(self[name].value())
        except forms.ValidationError:
            return None
        return number

    def shares(self) -> Mapping[int, int | None]:
        """The quantities of the preview."""
        if self.is_typed:
            return self.typed()
        try:
            return divide(self.target.total or 0, self.districts, *self.rule) if self.target.total is not None else {}
        except Refusal:
            return {}

    def division(self) -> list[DivisionRow]:
        shares = self.shares()
        return [DivisionRow(region, shares.get(region.pk), self[self.field_name(region)]) for region in self.districts]

    def sum(self) -> int | None:
        known = [quantity for quantity in self.shares().values() if quantity is not None]
        return sum(known) if known else None

    def difference(self) -> Any:
        """The sentence that would refuse this division, or nothing."""
        if self.target.total is None or not self.is_typed:
            return None
        return sum_refusal(self.target.total, [quantity or 0 for quantity in self.shares().values()])

    def fill(self, shares: Mapping[int, int | None]) -> None:
        """Put quantities into the typed cells, as if a person had written them."""
        data = cast("QueryDict", self.data).copy()
        data["weights"] = Weights.TYPED
        for region in self.districts:
            data[self.field_name(region)] = "" if shares.get(region.pk) is None else str(shares[region.pk])
        self.data = data

    def action_kwargs(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        quantities = {region.pk: cleaned.get(self.field_name(region)) for region in self.districts}
        is_typed = cleaned["weights"] == Weights.TYPED
        return {
            "weights": cleaned["weights"],
            "ties": cleaned["ties"],
            "quantities": quantities if is_typed else None,
        }
