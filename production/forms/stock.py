from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ikm_program.forms import DateField, RowForm
from production.models import Lot, Product, Store


class StockCardParameters(RowForm):
    """Which lot, and which days: everything when nothing is said."""

    lot = forms.ModelChoiceField(Lot.objects.all(), label=_("Lot"), required=False, empty_label=_("All lots"))
    dari = DateField(label=_("From"), required=False)
    sampai = DateField(label=_("Until"), required=False)
    is_filter = True

    def __init__(self, *args: Any, store: Store, product: Product, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        lots = self.fields["lot"].queryset  # type: ignore[attr-defined]
        here = lots.filter(product=product, movements__store=store).distinct()
        self.fields["lot"].queryset = here.select_related("product", "line__participant").oldest_first()  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        since, until = self.cleaned_data.get("dari"), self.cleaned_data.get("sampai")
        if since and until and since > until:
            self.add_error("sampai", _("The end cannot be before the beginning."))
        return self.cleaned_data
