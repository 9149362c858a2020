"""Forms of material on its way: giving it, bringing left-overs back, receiving it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ikm_program.choosing import SearchedChoiceField
from ikm_program.forms import ActionForm, ActionModelForm, DateField, row_formset
from production import material_ledger as ledger
from production.actions.material_handovers import PARTNERS, MaterialLine
from production.forms.materials import AmountField, AmountRow, narrow_store_and_programme
from production.models import Material, MaterialHandover, MaterialHandoverLine, MaterialHolder, Store
from trainings.models import Batch, Enterprise, Official, Participant, Programme

PARTY = ("partner_official", "partner_name", "partner_position")


class GivenRow(AmountRow):
    specification = forms.CharField(label=_("Specification"), max_length=200, required=False)


GivenRows = row_formset(GivenRow, extra=2, max_num=40)
GivenRows.heading, GivenRows.add_label = _("Materials"), _("Add a material")


class PaperFields(ActionModelForm):
    """What both papers share: who signs, where, when."""

    class Meta:
        model = MaterialHandover
        fields: tuple[str, ...] = ("handed_over_on", "place", "backdating_reason", "signer", *PARTY, "note")

    def __init__(self, *args: Any, is_between_stores: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        signatories = Official.objects.for_user(self.user).filter(can_sign=True).select_related("office__region")
        for name in ("signer", "partner_official"):
            self.fields[name].queryset = signatories  # type: ignore[attr-defined]
        for name in ("partner_name", "partner_position") if is_between_stores else ("partner_official",):
            del self.fields[name]
        if is_between_stores:
            self.fields["partner_official"].required = True
        else:
            self.fields["partner_name"].required = True
        own = signatories.filter(office__region=self.user.region).valid_on(timezone.localdate()).first()
        self.fields["signer"].initial = own.pk if own else None
        self.fields["place"].initial = own.office.city if own else ""
        self.fields["handed_over_on"].initial = timezone.localdate

    def action_kwargs(self) -> dict[str, Any]:
        values = super().action_kwargs()
        return values | {"giver_office": values["signer"].office}


class GiveForm(PaperFields):
    """A draft that hands material over: to a store, a batch, a business or a participant (`partner_field`)."""

    owned_choices = ("store", "other_store")
    rows = {"lines": GivenRows}
    enterprise = SearchedChoiceField(
        Enterprise.objects.all(),
        suggestions="trainings:enterprise_suggestions",
        label=_("IKM business"),
        help_text=_("Type a part of the name and choose."),
    )
    participant = forms.ModelChoiceField(Participant.objects.none(), label=_("Participant"))
    sections = (
        (_("From and to"), ("programme", "store", *PARTNERS, "handed_over_on", "backdating_reason", "place")),
        (_("First party (hands over)"), ("signer",)),
        (_("Second party (receives)"), PARTY),
        (_("What the paper says"), ("return_due_on", "note")),
    )

    class Meta(PaperFields.Meta):
        fields: tuple[str, ...] = ("programme", "store", *PARTNERS, *PaperFields.Meta.fields, "return_due_on")

    def __init__(self, *args: Any, partner_field: str, **kwargs: Any) -> None:
        super().__init__(*args, is_between_stores=partner_field == "other_store", **kwargs)
        narrow_store_and_programme(self)
        for name in PARTNERS:
            if name != partner_field or self.is_edit:
                del self.fields[name]
            else:
                self.fields[name].required = True
        if self.is_edit:
            del self.fields["store"]
        for name, queryset in (
            ("batch", Batch.objects.owned_by(self.user).of_open_programmes().with_names().select_related("activity__programme")),
            ("participant", Participant.objects.owned_by(self.user).filter(enrolments__status="aktif").distinct().order_by("name")),
            ("other_store", Store.objects.owned_by(self.user).select_related("region").order_by("region__kemendagri_code")),
        ):
            if name in self.fields:
                self.fields[name].queryset = queryset  # type: ignore[attr-defined]

    @property
    def is_edit(self) -> bool:
        return isinstance(self.subject, MaterialHandover)

    def action_kwargs(self) -> dict[str, Any]:
        values = super().action_kwargs()
        names = ("material", "quantity", "specification")
        lines = [MaterialLine(**{name: row[name] for name in names}) for row in values.pop("lines")]
        return values | {"lines": lines}


class ReturnForm(PaperFields):
    """What a holder brings back: for every material that is on hand what is left over, what became scrap, what was used."""

    sections_of_paper = (
        (_("Where to"), ("store", "other_store", "handed_over_on", "backdating_reason", "place")),
        (_("Who signs"), ("signer", *PARTY)),
        (_("What the paper says"), ("note",)),
    )
    other_store = forms.ModelChoiceField(Store.objects.none(), label=_("Back into the store"))
    store = forms.ModelChoiceField(Store.objects.none(), label=_("Back into the store"))
    field_order = ("store", "other_store")

    def __init__(self, *args: Any, holder: MaterialHolder, programme: Programme, **kwargs: Any) -> None:
        self.holder, self.programme = holder, programme
        super().__init__(*args, is_between_stores=holder.store_id is not None, **kwargs)
        self._choose_store()
        self.on_hand = self._on_hand()
        for material, there in self.on_hand:
            self._add_fields(material, there)
        amounts = tuple(
            (_on_hand_words(material, there), tuple(f"{part}_{material.pk}" for part in ("back", "scrap", "used")))
            for material, there in self.on_hand
        )
        self.sections = (*amounts, *self.sections_of_paper)  # type: ignore[misc]  # of this form: its materials are not known before
        if self.holder.store_id is None:
            self.fields["partner_name"].initial, self.fields["partner_position"].initial = _signers_before(holder)

    def _choose_store(self) -> None:
        is_edit = isinstance(self.subject, MaterialHandover)
        unused = ("store", "other_store") if is_edit else ("store",) if self.holder.store_id else ("other_store",)
        for name in unused:
            del self.fields[name]
        if is_edit:
            return
        if self.holder.store_id:
            above = Store.objects.for_user(self.user).exclude(pk=self.holder.store_id).filter(region=self.programme.region)
            self.fields["other_store"].queryset = above  # type: ignore[attr-defined]
            self.fields["other_store"].initial = above.first()
            return
        narrow_store_and_programme(self)
        if self.fields["store"].initial is None:
            near: Any = self.fields["store"].queryset.filter(region=self.holder.region).first()  # type: ignore[attr-defined]
            self.fields["store"].initial = near

    def _on_hand(self) -> list[tuple[Material, int]]:
        there = ledger.available(self.holder.owner, programme=self.programme, on=timezone.localdate())
        found = {pk: sum(holders.values()) for pk, holders in there.items()}
        if isinstance(self.subject, MaterialHandover):
            found = {line.material_id: found.get(line.material_id, 0) for line in self.subject.lines.all()} | found
        materials = Material.objects.in_bulk(found)
        return sorted(((materials[pk], quantity) for pk, quantity in found.items()), key=lambda one: one[0].name)

    def _add_fields(self, material: Material, there: int) -> None:
        line = None
        if isinstance(self.subject, MaterialHandover):
            line = next((line for line in self.subject.lines.all() if line.material_id == material.pk), None)
        labels = {
            "back": (_("Left over, comes back"), line.quantity if line else None),
            "scrap": (_("Scrap"), line.scrap if line else None),
            "used": (_("Used, as the makers say"), line.used if line else None),
        }
        for part, (label, quantity) in labels.items():
            initial: Decimal | None = None if quantity is None else material.in_units(quantity)
            text = format_lazy("{label} ({unit})", label=label, unit=material.unit)
            self.fields[f"{part}_{material.pk}"] = AmountField(label=text, required=False, initial=initial)
        self.fields[f"used_{material.pk}"].help_text = _("Leave empty when they do not say.")

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        self.lines: list[MaterialLine] = []
        for material, _there in self.on_hand:
            parts = {part: self._quantity(material, part, cleaned) for part in ("back", "scrap", "used")}
            if any(parts.values()):
                self.lines.append(MaterialLine(material, parts["back"] or 0, parts["scrap"], parts["used"]))
        return cleaned

    def _quantity(self, material: Material, part: str, cleaned: dict[str, Any]) -> int | None:
        name = f"{part}_{material.pk}"
        field: Any = self.fields[name]
        try:
            found: int | None = field.of(material, cleaned.get(name))
        except ValidationError as error:
            self.add_error(name, error)
            return None
        return found

    def action_kwargs(self) -> dict[str, Any]:
        values = super().action_kwargs()
        named = {name: value for name, value in values.items() if not name.startswith(("back_", "scrap_", "used_"))}
        return named | {"lines": self.lines}


def _on_hand_words(material: Material, there: int) -> str:
    return gettext("%(material)s · on hand %(amount)s") % {"material": material.name, "amount": material.said(there)}


def _signers_before(holder: MaterialHolder) -> tuple[str, str]:
    """Who signed for them the last time, and as what; else the owner or the person."""
    same = {holder.owner._meta.model_name or "": holder.owner}
    last = MaterialHandover.objects.filter(**same).exclude(partner_name="").order_by("-pk").first()
    if last is not None:
        return last.partner_name, last.partner_position
    if holder.enterprise:
        return holder.enterprise.owner_name or holder.enterprise.name, ""
    return (holder.participant.name if holder.participant else ""), ""


class ReceiveForm(ActionForm):
    """Opened with what the paper says; whoever received less says so, and why."""

    received_on = DateField(label=_("Received on"), initial=timezone.localdate)
    shortfall_reason = forms.CharField(
        label=_("Reason for the shortfall"), max_length=300, required=False, help_text=_("Needed when less arrived than was sent.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lines = [line for line in self.subject.lines.select_related("material").order_by("pk") if line.quantity]
        for line in self.lines:
            amount, unit = line.material.on_paper(line.quantity)
            self.fields[f"received-{line.pk}"] = AmountField(
                label=_("%(material)s received (%(unit)s)") % {"material": line.material.name, "unit": unit},
                initial=amount,
                help_text=_("%(sent)s were sent.") % {"sent": line.said},
            )
        self.order_fields(["received_on", *(f"received-{line.pk}" for line in self.lines), "shortfall_reason"])

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        self.received: dict[int, int] = {}
        for line in self.lines:
            name = f"received-{line.pk}"
            try:
                quantity = _as_on_paper(self.fields[name], line, cleaned.get(name))  # type: ignore[arg-type]
            except ValidationError as error:
                self.add_error(name, error)
                continue
            if quantity is not None:
                self.received[line.pk] = quantity
        return cleaned

    def action_kwargs(self) -> dict[str, Any]:
        values = super().action_kwargs()
        return {name: value for name, value in values.items() if not name.startswith("received-")} | {"received": self.received}


def _as_on_paper(field: AmountField, line: MaterialHandoverLine, amount: Decimal | None) -> int | None:
    """In smallest units; what the paper says in them is typed in them, too."""
    _shown, unit = line.material.on_paper(line.quantity)
    if amount is not None and unit != line.material.unit:
        amount /= line.material.base_per_unit
    return field.of(line.material, amount)
