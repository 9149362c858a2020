"""The first step of an inspection, a purchase or a stocktake: which goods, lying where, on which day."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ikm_program.forms import DateField, HasDressedFields
from production.models import Product, Store
from trainings.models import Official, Programme


@dataclass(frozen=True, kw_only=True)
class StoreTerms:
    """Which store, on which day."""

    store: Store
    on: dt.date

    @property
    def is_backdated(self) -> bool:
        return self.on < timezone.localdate()


@dataclass(frozen=True, kw_only=True)
class GoodsTerms(StoreTerms):
    """Which goods of which programme, lying in which store, on which day."""

    programme: Programme
    product: Product


class StoreStart(HasDressedFields, forms.Form):
    """Asked first, because what lies there, and who may sign, depend on it."""

    owned_choices = ("gudang",)
    gudang = forms.ModelChoiceField(Store.objects.select_related("region"), label=_("Store"))
    tanggal = DateField(label=_("Date"), initial=timezone.localdate)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self.fields if not self.is_bound else ():
            field: Any = self.fields[name]
            found = list(field.queryset[:2]) if hasattr(field, "queryset") else []
            if len(found) == 1:
                field.initial = found[0].pk

    def clean_tanggal(self) -> dt.date:
        day: dt.date = self.cleaned_data["tanggal"]
        if day > timezone.localdate():
            raise forms.ValidationError(_("The date of the document cannot lie in the future."))
        return day

    def terms(self) -> StoreTerms:
        return StoreTerms(store=self.cleaned_data["gudang"], on=self.cleaned_data["tanggal"])


class GoodsStart(StoreStart):
    """The same with the goods: lots, criteria and prices depend on them."""

    field_order = ("gudang", "program", "produk", "tanggal")
    program = forms.ModelChoiceField(Programme.objects.open(), label=_("Programme"))
    produk = forms.ModelChoiceField(Product.objects.order_by("name"), label=_("Product"))

    def terms(self) -> GoodsTerms:
        cleaned = self.cleaned_data
        return GoodsTerms(store=cleaned["gudang"], programme=cleaned["program"], product=cleaned["produk"], on=cleaned["tanggal"])


class PurchaseStart(GoodsStart):
    """Only programmes that buy back are asked about."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["program"]
        field.queryset = field.queryset.filter(requires_purchase=True)


def signers_of(store: Store, on: dt.date, user: Any) -> Any:
    """Who may sign for the store's office or one above it, in office on the day, within this person's reach."""
    offices = Q(office__region=store.region) | Q(office__region=store.region.parent)
    reach = Q(office__region__path__startswith=user.region.path)
    return Official.objects.for_user(user).valid_on(on).filter(offices, reach, can_sign=True).select_related("office__region")


def offer_signers(field: Any, terms: StoreTerms, user: Any) -> None:
    """The choice of who signs, and a word where there is nobody."""
    field.queryset = signers_of(terms.store, terms.on, user)
    if not field.queryset.exists():
        field.help_text = _("Nobody of this office is recorded as in office on that day.")
