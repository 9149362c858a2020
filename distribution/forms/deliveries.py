from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from distribution.actions.deliveries import left_to_send
from distribution.models import Delivery, Handover
from ikm_program.formatting import jumlah
from ikm_program.forms import ActionForm, ActionModelForm, DateField, QuantityField


class DeliveryForm(ActionModelForm):
    """A load of what a handover or transfer carries; opened with everything that is on no note yet."""

    class Meta:
        model = Delivery
        fields = ("sent_on", "destination", "vehicle", "driver", "keeper", "note")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        parent = self.subject
        dated = parent.handed_over_on if isinstance(parent, Handover) else parent.sent_on
        self.fields["sent_on"].initial = max(dated, timezone.localdate()) if dated <= timezone.localdate() else dated
        self.fields["destination"].initial = _where_to(parent)
        left = left_to_send(parent)
        products = {line.product_id: line.product for line in parent.lines.select_related("product").order_by("pk")}
        self.products = [product for pk, product in products.items() if left.get(pk)]
        for product in self.products:
            named = {"product": product.name, "unit": product.unit}
            self.fields[f"quantity-{product.pk}"] = QuantityField(
                label=_("%(product)s sent (%(unit)s)") % named,
                required=False,
                initial=left[product.pk],
                help_text=_("At most %(left)s can still be sent with this paper.") % {"left": jumlah(left[product.pk])},
            )
            self.fields[f"packages-{product.pk}"] = QuantityField(
                label=_("%(product)s, number of packages") % named, required=False, min_value=1
            )
        goods = [name for product in self.products for name in (f"quantity-{product.pk}", f"packages-{product.pk}")]
        self.order_fields(["sent_on", "destination", *goods, "vehicle", "driver", "keeper", "note"])

    def action_kwargs(self) -> dict[str, Any]:
        values = super().action_kwargs()
        return values | {
            "quantities": {product.pk: values.pop(f"quantity-{product.pk}") or 0 for product in self.products},
            "packages": {product.pk: values.pop(f"packages-{product.pk}") for product in self.products},
        }


def _where_to(parent: Any) -> str:
    if isinstance(parent, Handover):
        return parent.recipient.address or str(parent.recipient.name)
    return parent.receiver_office.address.replace("\r", "").replace("\n", ", ") or str(parent.to_store.name)


class SlipForm(ActionForm):
    """What the signed receipt slip says."""

    arrived_on = DateField(label=_("Arrived on"), initial=timezone.localdate)
    received_by_name = forms.CharField(label=_("Received by (name)"), max_length=120)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lines = list(self.subject.lines.select_related("product").order_by("pk"))
        for line in self.lines:
            named = {"product": line.product.name, "unit": line.product.unit}
            self.fields[f"received-{line.pk}"] = QuantityField(
                label=_("%(product)s received (%(unit)s)") % named,
                initial=line.quantity,
                help_text=_("%(sent)s were sent.") % {"sent": jumlah(line.quantity)},
            )
            self.fields[f"remark-{line.pk}"] = forms.CharField(
                label=_("Condition and difference of %(product)s") % named,
                max_length=200,
                required=False,
                help_text=_("Needed when fewer arrived."),
            )

    def action_kwargs(self) -> dict[str, Any]:
        values = super().action_kwargs()
        return values | {
            "received": {line.pk: values.pop(f"received-{line.pk}") for line in self.lines},
            "remarks": {line.pk: values.pop(f"remark-{line.pk}") for line in self.lines},
        }
