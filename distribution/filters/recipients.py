from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from distribution.models import HandoverLine, Recipient, TransferLine
from ikm_program.filters import FilterSet
from production.models import Product
from trainings.models import Region


def with_product(documents: Any, name: str, product: Product) -> Any:
    """Papers that hand over or send this product."""
    handed, sent = HandoverLine.objects.filter(product=product), TransferLine.objects.filter(product=product)
    return documents.filter(Q(handover__in=handed.values("handover")) | Q(transfer__in=sent.values("transfer")))


REGISTER_FILTERS = {  # what the register of papers can be narrowed by, because handovers are in it
    "jenis_penerima": django_filters.ChoiceFilter(
        field_name="handover__recipient__kind", choices=Recipient.Kind.choices, label=_("Kind of recipient")
    ),
    "penerima": django_filters.ModelChoiceFilter(
        field_name="handover__recipient", queryset=Recipient.objects.order_by("name"), label=_("Recipient")
    ),
    "produk": django_filters.ModelChoiceFilter(queryset=Product.objects.order_by("name"), method=with_product, label=_("Product")),
}


class RecipientFilter(FilterSet):
    jenis = django_filters.ChoiceFilter(field_name="kind", choices=Recipient.Kind.choices, label=_("Kind"))
    wilayah = django_filters.ModelChoiceFilter(field_name="region", queryset=Region.objects.order_by("kemendagri_code"), label=_("Region"))
    masih = django_filters.ChoiceFilter(
        choices=[("ya", _("In being today")), ("tidak", _("Ended"))], method="by_validity", label=_("Validity")
    )

    class Meta:
        model = Recipient
        fields: tuple[str, ...] = ()

    def by_validity(self, queryset: Any, name: str, value: str) -> Any:
        ended = Q(valid_until__lt=timezone.localdate())
        return queryset.filter(ended if value == "tidak" else ~ended | Q(valid_until__isnull=True))
