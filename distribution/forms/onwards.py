from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from distribution.models import OnwardHandover, Recipient
from ikm_program.formatting import jumlah
from ikm_program.forms import ActionForm, DateField, QuantityField


class OnwardForm(ActionForm):
    """What a receiver passed on: to whom, when, how many of each line. Opened from a handover or from an earlier step."""

    recipient = forms.ModelChoiceField(Recipient.objects.select_related("region"), label=_("To"))
    handed_over_on = DateField(label=_("Date"))
    receiver_name = forms.CharField(label=_("Received by (name)"), max_length=120, required=False)
    receiver_position = forms.CharField(label=_("Position"), max_length=200, required=False)
    note = forms.CharField(label=_("Note"), max_length=300, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["handed_over_on"].initial = timezone.localdate
        is_step = isinstance(self.subject, OnwardHandover)
        lines = self.subject.lines.select_related("source__product" if is_step else "product")
        self.lines = [(line, line.source.product if is_step else line.product) for line in lines]
        for line, product in self.lines:
            self.fields[f"line-{line.pk}"] = QuantityField(
                label=_("%(product)s (%(unit)s)") % {"product": product.name, "unit": product.unit},
                required=False,
                max_value=line.left,
                help_text=_("At most %(left)s can still be distributed.") % {"left": jumlah(line.left)},
            )
        self.order_fields(["recipient", "handed_over_on", *(f"line-{line.pk}" for line, _product in self.lines)])

    def action_kwargs(self) -> dict[str, Any]:
        values = super().action_kwargs()
        quantities = {line.pk: values.pop(f"line-{line.pk}") or 0 for line, _product in self.lines}
        return values | {"quantities": quantities}


class SaidOnwardForm(ActionForm):
    """What the receiver reported by a link stands; the office says which recipient of its list that is."""

    recipient = forms.ModelChoiceField(Recipient.objects.select_related("region"), label=_("To"))
    note = forms.CharField(label=_("Note"), max_length=300, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["recipient"].help_text = _("The receiver wrote: “%(words)s”.") % {"words": self.subject.passed_to}
