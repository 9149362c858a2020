from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from ikm_program.forms import ActionModelForm, DateField, QuantityField, RupiahField
from production.actions.purchases import maker_field, price_on, unbought_lots
from production.forms.terms import GoodsTerms, offer_signers
from production.models import Purchase, PurchaseAgreement, PurchasePrice
from trainings.models import Participant, Programme

EVIDENCE_HELP = _("A PDF, or a picture in JPEG, PNG or WebP format; at most 10 MB.")


class PriceForm(ActionModelForm):
    owned_choices = ("programme",)
    price = RupiahField(label=capfirst(_("price of one unit (Rp)")), min_value=1)

    class Meta:
        model = PurchasePrice
        fields = ("programme", "product", "price", "basis", "valid_from", "valid_until")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if isinstance(self.subject, PurchasePrice):
            del self.fields["programme"], self.fields["product"]
            return
        field: Any = self.fields["programme"]
        field.queryset = _buying(field.queryset)
        if not field.queryset.exists():
            field.help_text = _("No open programme buys goods back. Its form says whether it does.")


class AgreementForm(ActionModelForm):
    owned_choices = ("region",)
    agreed_on = DateField(label=_("Date"))
    file = forms.FileField(label=_("Signed agreement"), required=False, help_text=EVIDENCE_HELP)

    class Meta:
        model = PurchaseAgreement
        fields = ("region", "programme", "number", "agreed_on", "about", "file")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["programme"]
        field.queryset = _buying(field.queryset)
        self.fields["region"].initial = self.user.region


def _buying(programmes: Any) -> Any:
    return programmes.filter(status=Programme.Status.OPEN, requires_purchase=True)


@dataclass(frozen=True)
class OfferedMaker:
    """A maker, how much of their work waits to be bought, and the cell for how much is."""

    maker: Participant
    there: int
    cell: forms.BoundField


class PurchaseForm(ActionModelForm):
    """How many of each maker's pieces are bought; one purchase and one receipt a maker."""

    is_wide = True
    intro_template = "production/_purchase_makers.html"
    sections = ((_("The purchase"), ("agreement", "signer", "backdating_reason", "note")),)

    class Meta:
        model = Purchase
        fields = ("agreement", "signer", "backdating_reason", "note")

    def __init__(self, *args: Any, terms: GoodsTerms, **kwargs: Any) -> None:
        self.terms = terms
        super().__init__(*args, **kwargs)
        self.price = price_on(terms.programme, terms.product, terms.on)
        offer_signers(self.fields["signer"], terms, self.user)
        agreements: Any = self.fields["agreement"]
        agreements.queryset = agreements.queryset.filter(programme=terms.programme, agreed_on__lte=terms.on)
        if not agreements.queryset.exists():
            agreements.help_text = _("No agreement of this programme is recorded up to that day.")
        if terms.is_backdated:
            self.fields["backdating_reason"].required = True
        else:
            del self.fields["backdating_reason"]
        for maker in self.makers:
            field = QuantityField(label=maker.name, required=False, max_value=self.there[maker.pk], initial=self.there[maker.pk])
            field.widget.attrs["aria-label"] = maker.name
            self.fields[maker_field(maker.pk)] = field

    @cached_property
    def waiting(self) -> dict[int | None, int]:
        """By maker, what waits to be bought; under None what names nobody."""
        terms = self.terms
        lots = unbought_lots(store=terms.store, programme=terms.programme, product=terms.product, on=terms.on)
        return {maker: sum(quantities.values()) for maker, quantities in lots.items()}

    @property
    def there(self) -> dict[int, int]:
        return {maker: quantity for maker, quantity in self.waiting.items() if maker is not None}

    @property
    def unnamed(self) -> int:
        """Pieces of which nobody said who made them: they cannot be bought from anybody."""
        return self.waiting.get(None, 0)

    @cached_property
    def makers(self) -> list[Participant]:
        return list(Participant.objects.filter(pk__in=self.there).select_related("enterprise").order_by("name", "pk"))

    def offered_makers(self) -> list[OfferedMaker]:
        return [OfferedMaker(maker, self.there[maker.pk], self[maker_field(maker.pk)]) for maker in self.makers]

    def field_groups(self) -> list[tuple[Any, list[forms.BoundField]]]:
        own = set(self.Meta.fields)
        groups = [(title, [field for field in fields if field.name in own]) for title, fields in super().field_groups()]
        return [(title, fields) for title, fields in groups if fields]

    def action_kwargs(self) -> dict[str, Any]:
        values = super().action_kwargs()
        quantities = {maker.pk: values[maker_field(maker.pk)] or 0 for maker in self.makers}
        facts = {name: values[name] for name in self.Meta.fields if name in values}
        terms = self.terms
        return facts | {
            "programme": terms.programme,
            "product": terms.product,
            "purchased_on": terms.on,
            "quantities": quantities,
        }
