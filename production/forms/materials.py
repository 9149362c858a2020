"""Forms of the catalogue of materials, of norms, of what was bought, written off and explained."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any, ClassVar, NoReturn

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from ikm_program import formatting
from ikm_program.forms import ActionForm, ActionModelForm, DateField, RowForm, RupiahField, row_formset
from production.actions.materials import BoughtLine
from production.models import Material, MaterialHolder, MaterialNorm, MaterialReceipt, Product, Store
from trainings.models import Programme

_AMOUNT = re.compile(r"-?(?P<whole>[0-9]{1,3}(\.[0-9]{3})+|[0-9]+)(,(?P<part>[0-9]+))?\Z")
_POINTED = re.compile(r"-?[0-9]+\.[0-9]+\Z")  # 2.5, as a calculator writes it
_LONGEST, _FINEST = 9, 6  # digits before and behind the comma
MOST = 2_147_483_647  # what the database's columns of quantities hold


class AmountField(forms.Field):
    """An amount as an Indonesian office types it: `1,5` is one and a half, `1.500` fifteen hundred."""

    widget = forms.TextInput
    default_error_messages: ClassVar[dict[str, Any]] = {
        "invalid": _("Write an amount, for example 4 or 1,5."),
        "negative": _("A quantity cannot be negative."),
        "pointed": _("A comma stands before decimals and a dot between thousands: write 2,5 or 2.500."),
        "too_long": _("At most %(most)s decimals."),
        "too_fine": _("%(material)s is counted in whole %(unit)s: so small a part cannot be recorded."),
        "too_much": _("At most %(most)s %(unit)s."),
        "far_too_much": _("That is more than can be recorded."),
    }

    def __init__(self, *, is_signed: bool = False, **kwargs: Any) -> None:
        self.is_signed = is_signed
        super().__init__(**kwargs)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {"autocomplete": "off", "class": "is-number"} | ({} if self.is_signed else {"inputmode": "decimal"})

    def prepare_value(self, value: Any) -> Any:
        return formatting.desimal(value) if isinstance(value, Decimal) else value

    def to_python(self, value: Any) -> Decimal | None:
        if value in self.empty_values:
            return None
        text = re.sub(r"\s", "", str(value)).replace("\N{MINUS SIGN}", "-")
        found = _AMOUNT.match(text)
        if found is None:
            self._refuse("pointed" if _POINTED.match(text) else "invalid")
        if text.startswith("-") and not self.is_signed:
            self._refuse("negative")
        if len(found["whole"].replace(".", "")) > _LONGEST:
            self._refuse("far_too_much")
        if len(found["part"] or "") > _FINEST:
            self._refuse("too_long", most=_FINEST)
        return Decimal(text.replace(".", "").replace(",", "."))

    def _refuse(self, code: str, **params: Any) -> NoReturn:
        raise ValidationError(self.error_messages[code], code=code, params=params or None)

    def of(self, material: Material, amount: Decimal | None) -> int | None:
        """The same in the smallest units of the material; refused where they do not divide it."""
        if amount is None:
            return None
        quantity = material.in_base(amount)
        if quantity is None:
            self._refuse("too_fine", material=material, unit=material.base_unit)
        if abs(quantity) > MOST:
            most = int(material.in_units(MOST))
            self._refuse("too_much", most=formatting.jumlah(most), unit=material.unit)
        return quantity


class MaterialChoice(forms.ModelChoiceField):
    """A material with the unit that it is typed in."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(Material.objects.active(), label=_("Material"), **kwargs)

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.name} ({obj.unit})"


class MaterialForm(ActionModelForm):
    """What is given to makers and how it is counted."""

    owned_choices = ("region",)
    sections = (
        (_("Material"), ("region", "code", "name", "specification", "is_active")),
        (_("Units"), ("unit", "base_unit", "base_per_unit")),
    )

    class Meta:
        model = Material
        fields = ("region", "code", "name", "specification", "unit", "base_unit", "base_per_unit", "is_active")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if isinstance(self.subject, Material):
            del self.fields["region"], self.fields["code"]


class NormForm(ActionForm):
    """How much of the material one unit of a product takes."""

    product = forms.ModelChoiceField(Product.objects.active(), label=_("Product"))
    programme = forms.ModelChoiceField(
        Programme.objects.all(), label=_("Programme"), required=False, help_text=_("Leave empty when it holds for every programme.")
    )
    amount = AmountField(
        label=_("Norm"), required=False, help_text=_("For one unit of the product. Leave it empty when nobody knows it yet.")
    )
    valid_from = DateField(label=_("Valid from"), required=False)
    valid_until = DateField(label=_("Valid until"), required=False)
    basis = forms.CharField(label=_("Basis"), max_length=200, required=False, help_text=_("Decree or source of the norm."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        norm = self.subject if isinstance(self.subject, MaterialNorm) else None
        self.material: Material = norm.material if norm else self.subject
        self.fields["amount"].label = format_lazy("{label} ({unit})", label=_("Norm"), unit=self.material.unit)
        if norm is not None:
            del self.fields["product"], self.fields["programme"]
            self.fields["amount"].initial = None if norm.quantity is None else self.material.in_units(norm.quantity)

    def clean_amount(self) -> int | None:
        field: Any = self.fields["amount"]
        quantity: int | None = field.of(self.material, self.cleaned_data["amount"])
        return quantity

    def action_kwargs(self) -> dict[str, Any]:
        values = super().action_kwargs()
        return values | {"quantity": values.pop("amount")}


class AmountRow(RowForm):
    """So much of a material; `quantity` is the same in its smallest units."""

    material = MaterialChoice()
    amount = AmountField(label=_("Quantity"))

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        field: Any = self.fields["amount"]
        if cleaned.get("material") and cleaned.get("amount") is not None:
            try:
                cleaned["quantity"] = field.of(cleaned["material"], cleaned["amount"])
            except ValidationError as error:
                self.add_error("amount", error)
        return cleaned


class BoughtRow(AmountRow):
    unit_price = RupiahField(label=_("Price of a unit (Rp)"), required=False)


BoughtRows = row_formset(BoughtRow, extra=2, max_num=40)
BoughtRows.heading, BoughtRows.add_label = _("Materials"), _("Add a material")


class ReceiptForm(ActionModelForm):
    """Material that came into a store, with the paper that says so."""

    owned_choices = ("store",)
    rows = {"lines": BoughtRows}
    sections = (
        (_("Where to"), ("store", "programme", "received_on")),
        (_("Source document"), ("supplier", "document_number", "document_on", "note")),
    )

    class Meta:
        model = MaterialReceipt
        fields = ("store", "programme", "received_on", "supplier", "document_number", "document_on", "note")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        narrow_store_and_programme(self)
        self.fields["received_on"].initial = timezone.localdate

    def action_kwargs(self) -> dict[str, Any]:
        values = super().action_kwargs()
        lines = [BoughtLine(row["material"], row["quantity"], row["unit_price"]) for row in values.pop("lines")]
        return values | {"lines": lines}


def narrow_store_and_programme(form: Any) -> None:
    """Stores of one's own and open programmes; the own office's store, and what is the only one, is chosen already."""
    if store := form.fields.get("store"):
        store.queryset = Store.objects.owned_by(form.user).select_related("region").order_by("region__kemendagri_code", "pk")
        store.initial = store.queryset.filter(region=form.user.region).first()
    if programme := form.fields.get("programme"):
        programme.queryset = Programme.objects.open().for_user(form.user).order_by("-year", "name")
        found = list(programme.queryset[:2])
        programme.initial = found[0] if len(found) == 1 else None


class ReasonedDayForm(ActionForm):
    """Why something is cancelled, and on which day."""

    reason = forms.CharField(label=_("Reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))
    cancelled_on = DateField(label=_("Date of the cancellation"), initial=timezone.localdate)


class ReasonForm(ActionForm):
    reason = forms.CharField(label=_("Reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))


class ConfirmForm(ActionForm):
    """An act that asks nothing further."""


class _OfHolder(ActionForm):
    """An amount of one material at one holder."""

    amount = AmountField(label=_("Quantity"))
    reason = forms.CharField(label=_("What happened"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, subject: MaterialHolder, material: Material, **kwargs: Any) -> None:
        self.material = material
        super().__init__(*args, subject=subject, **kwargs)
        self.fields["amount"].label = format_lazy("{label} ({unit})", label=_("Quantity"), unit=material.unit)

    def clean_amount(self) -> int | None:
        field: Any = self.fields["amount"]
        quantity: int | None = field.of(self.material, self.cleaned_data["amount"])
        return quantity

    def action_kwargs(self) -> dict[str, Any]:
        values = super().action_kwargs()
        return values | {"quantity": values.pop("amount"), "material": self.material}

    def refuse(self, message: Any, field: str | None = None) -> None:
        super().refuse(message, "amount" if field == "quantity" else field)


class WriteOffForm(_OfHolder):
    happened_on = DateField(label=_("Happened on"), initial=timezone.localdate)
    field_order = ("amount", "happened_on", "reason")


class ExplanationForm(_OfHolder):
    amount = AmountField(
        label=_("Quantity"),
        is_signed=True,
        help_text=_("How much of the difference it explains. A minus takes an earlier one back."),
    )
    explained_on = DateField(label=_("Date"), initial=timezone.localdate)
    field_order = ("amount", "explained_on", "reason")
