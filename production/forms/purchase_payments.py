from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from ikm_program.formatting import rupiah
from production.actions.purchase_payments import description_of
from production.models import Purchase
from trainings.forms.payments import PaymentHeadForm
from trainings.models import Region


class PurchasesChoice(forms.ModelMultipleChoiceField):
    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.seller.name}: {description_of(obj)} = {rupiah(obj.amount)}"


class PurchaseListForm(PaymentHeadForm):
    """Which purchases of a programme are paid at once; all that are open until some are left out."""

    sections: ClassVar[Any] = (*PaymentHeadForm.sections, (_("What is paid"), ("purchases",)))
    purchases = PurchasesChoice(Purchase.objects.none(), label=_("Purchases"))

    def __init__(self, *args: Any, region: Region, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["purchases"]
        assert isinstance(field, forms.ModelMultipleChoiceField)
        here = Purchase.objects.owned_by(self.user).to_pay().filter(programme=self.subject, store__region__path__startswith=region.path)
        field.queryset = here.select_related("seller", "product", "document").defer("document__snapshot").order_by("seller__name", "pk")
        self.open = list(field.queryset)
        if not self.is_bound:
            field.initial = [purchase.pk for purchase in self.open]
