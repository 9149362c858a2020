from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from distribution.actions.evaluations import OUTCOMES, Decision, left_by_line
from distribution.forms.goods import TransferRows, goods_lines
from distribution.forms.terms import DraftStart
from distribution.models import Transfer
from distribution.shelves import Shelf, signatories_of
from ikm_program.formatting import jumlah
from ikm_program.forms import ActionForm, ActionModelForm, DateField, QuantityField
from production.models import Store
from trainings.models import Programme


@dataclass(frozen=True)
class TransferTerms:
    """From where to where, in which programme, what for, when."""

    store: Store
    to_store: Store
    programme: Programme
    purpose: str
    on: dt.date

    @property
    def is_backdated(self) -> bool:
        return self.on < timezone.localdate()

    @property
    def purpose_word(self) -> str:
        return str(Transfer.Purpose(self.purpose).label)


class TransferStart(DraftStart):
    """The first step of a draft."""

    tujuan = forms.ModelChoiceField(Store.objects.select_related("region"), label=_("To store"))
    keperluan = forms.ChoiceField(choices=Transfer.Purpose.choices, initial=Transfer.Purpose.EVALUATION, label=_("Purpose"))
    tanggal = DateField(label=_("Date of the transfer"), initial=timezone.localdate)
    field_order = ("gudang", "tujuan", "program", "keperluan", "tanggal")

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("tujuan") and cleaned.get("gudang") == cleaned.get("tujuan"):
            self.add_error("tujuan", _("Choose another store to send to."))
        return cleaned

    def terms(self, store: Store | None = None) -> TransferTerms:
        cleaned = self.cleaned_data
        return TransferTerms(store or cleaned["gudang"], cleaned["tujuan"], cleaned["program"], cleaned["keperluan"], cleaned["tanggal"])


class TransferForm(ActionModelForm):
    rows = {"lines": TransferRows}
    sections = (
        (_("First party (sends)"), ("giver", "place", "backdating_reason")),
        (_("Second party (receives)"), ("receiver",)),
        (_("What the paper says"), ("note",)),
    )

    class Meta:
        model = Transfer
        fields = ("giver", "place", "backdating_reason", "receiver", "note")

    def __init__(self, *args: Any, terms: TransferTerms, **kwargs: Any) -> None:
        self.terms = terms
        self.shelf = Shelf(terms.store, terms.programme, terms.on, kwargs["user"])
        super().__init__(*args, **kwargs)
        for name, store in (("giver", terms.store), ("receiver", terms.to_store)):
            field: Any = self.fields[name]
            field.queryset = signatories_of(store, terms.on, self.user)
            if not field.queryset.exists():
                field.help_text = _("Nobody of this office is recorded as in office on that day.")
        if terms.is_backdated:
            self.fields["backdating_reason"].required = True
        else:
            del self.fields["backdating_reason"]

    def row_kwargs(self, name: str) -> dict[str, Any]:
        return {"shelf": self.shelf}

    def action_kwargs(self) -> dict[str, Any]:
        values = super().action_kwargs()
        return values | {
            "to_store": self.terms.to_store,
            "programme": self.terms.programme,
            "purpose": self.terms.purpose,
            "sent_on": self.terms.on,
            "giver_office": values["giver"].office,
            "receiver_office": values["receiver"].office,
            "lines": goods_lines(values["lines"]),
        }


class ReceiveTransferForm(ActionForm):
    received_on = DateField(label=_("Arrived on"), initial=timezone.localdate)


class EvaluationForm(ActionForm):
    """Per line: kept here, sent back, written off. What is left empty stays in evaluation."""

    decided_on = DateField(label=_("Decided on"), initial=timezone.localdate)
    findings = forms.CharField(label=_("Findings"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 2}))
    written_off_reason = forms.CharField(
        label=_("Reason for writing off"), max_length=300, required=False, help_text=_("Needed when something is written off.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        left = left_by_line(self.subject)
        self.lines = [(line, left[line.pk]) for line in self.subject.lines.select_related("product") if left.get(line.pk)]
        for line, there in self.lines:
            unit = {"unit": line.product.unit}
            labels = {
                "accepted": _("Accepted into this store (%(unit)s)") % unit,
                "returned": _("Returned to the district's store (%(unit)s)") % unit,
                "written_off": _("Written off (%(unit)s)") % unit,
            }
            for name, label in labels.items():
                self.fields[f"{name}-{line.pk}"] = QuantityField(label=label, required=False, max_value=there)

    def field_groups(self) -> list[tuple[Any, list[forms.BoundField]]]:
        groups: list[tuple[Any, list[forms.BoundField]]] = [("", [self["decided_on"]])]
        for line, there in self.lines:
            heading = _("%(product)s · %(quantity)s %(unit)s in evaluation") % {
                "product": line.product,
                "quantity": jumlah(there),
                "unit": line.product.unit,
            }
            groups.append((heading, [self[f"{name}-{line.pk}"] for name in OUTCOMES]))
        return [*groups, (_("Why"), [self["findings"], self["written_off_reason"]])]

    def action_kwargs(self) -> dict[str, Any]:
        values = super().action_kwargs()
        decisions = {line.pk: Decision(*(values.pop(f"{name}-{line.pk}") or 0 for name in OUTCOMES)) for line, _there in self.lines}
        return values | {"decisions": decisions}
