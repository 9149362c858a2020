from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ikm_program.forms import ActionForm, ActionModelForm, DateField, QuantityField, RowForm, row_formset
from production import gates, ledger
from production.actions.inspections import Examined, Finding, Member, Parts, line_field
from production.forms.terms import GoodsTerms, offer_signers
from production.models import Account, Criterion, Inspection, InspectionFinding, Lot, StockBalance

SPLIT = ("examined", "accepted", "to_repair", "rejected")
MOST_LOTS = 200
LABELS = {"examined": _("Examined"), "accepted": _("Accepted"), "to_repair": _("To be repaired"), "rejected": _("Turned down")}


class MemberRow(RowForm):
    name = forms.CharField(label=_("Name"), max_length=120)
    position = forms.CharField(label=_("Position"), max_length=160)
    nip = forms.CharField(label="NIP", max_length=25, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["nip"].widget.attrs["data-private"] = True


MemberRows = row_formset(MemberRow, extra=3, max_num=12)
MemberRows.heading, MemberRows.add_label = _("Team"), _("Add a member")


@dataclass(frozen=True)
class OfferedLot:
    """Pieces of a lot that can be examined, and the four cells for what the team says of them."""

    lot: Lot
    account: Account
    there: int
    cells: list[forms.BoundField]


@dataclass(frozen=True)
class OfferedCriterion:
    criterion: Criterion
    result: forms.BoundField
    note: forms.BoundField


class InspectionForm(ActionModelForm):
    """Which lots, by which criteria, with what result; then who did it and how."""

    is_wide = True
    intro_template = "production/_inspection_goods.html"
    rows = {"members": MemberRows}
    sections = (
        (_("How it was done"), ("method", "sample_size", "place", "backdating_reason", "note")),
        (_("On whose order"), ("decree", "decree_on", "signer")),
    )
    sample_size = QuantityField(
        label=_("Sample size"), min_value=1, required=False, help_text=_("Leave empty when every piece was examined.")
    )
    decree_on = DateField(label=_("Date of the decree"), required=False)

    class Meta:
        model = Inspection
        fields = ("method", "sample_size", "place", "backdating_reason", "note", "decree", "decree_on", "signer")

    def __init__(self, *args: Any, terms: GoodsTerms, **kwargs: Any) -> None:
        self.terms = terms
        super().__init__(*args, **kwargs)
        offer_signers(self.fields["signer"], terms, self.user)
        if terms.is_backdated:
            self.fields["backdating_reason"].required = True
        else:
            del self.fields["backdating_reason"]
        draft = self.subject if isinstance(self.subject, Inspection) else None
        self._add_lots(draft)
        self._add_criteria(draft)

    @cached_property
    def places(self) -> dict[tuple[int, str], int]:
        """(lot, account) -> how many could be examined on the day, oldest lot first."""
        accounts = gates.examinable(self.terms.programme)
        balances = StockBalance.objects.filter(
            store=self.terms.store, account__in=accounts, lot__product=self.terms.product, lot__programme=self.terms.programme
        )
        rows = list(balances.order_by("lot__made_on", "lot_id", "account").values_list("lot", "account")[:MOST_LOTS])
        there = ledger.standing_on([(lot, self.terms.store.pk, account) for lot, account in rows], self.terms.on)
        return {(lot, account): there[lot, self.terms.store.pk, account] for lot, account in rows}

    @cached_property
    def lots(self) -> dict[int, Lot]:
        names = ("product", "region", "line__participant__enterprise", "line__entry__batch__activity")
        return dict(Lot.objects.select_related(*names).in_bulk({lot for lot, _account in self.places}))

    @cached_property
    def criteria(self) -> list[Criterion]:
        return list(Criterion.objects.for_user(self.user).of_product(self.terms.product))

    def _add_lots(self, draft: Inspection | None) -> None:
        filled = {(line.lot_id, line.account): line for line in draft.lines.all()} if draft else {}
        for (lot_id, account), there in list(self.places.items()):
            if there <= 0 and (lot_id, account) not in filled:
                del self.places[lot_id, account]
        for place in self.places:
            for name in SPLIT:
                field = QuantityField(label=LABELS[name], required=False)
                field.widget.attrs["aria-label"] = f"{LABELS[name]}: {self.lots[place[0]]}"
                self.fields[_cell(name, *place)] = field
                if place in filled:
                    self.initial.setdefault(_cell(name, *place), getattr(filled[place], name))

    def _add_criteria(self, draft: Inspection | None) -> None:
        found = {finding.criterion_id: finding for finding in draft.findings.all()} if draft else {}
        for criterion in self.criteria:
            choices = [("", _("not examined")), *InspectionFinding.Result.choices]
            result = forms.ChoiceField(label=criterion.name, choices=choices, required=False)
            note = forms.CharField(label=_("Note"), max_length=200, required=False)
            note.widget.attrs["aria-label"] = f"{note.label}: {criterion.name}"
            self.fields[f"criterion-{criterion.pk}"], self.fields[f"note-{criterion.pk}"] = result, note
            if criterion.pk in found:
                self.initial.setdefault(f"criterion-{criterion.pk}", found[criterion.pk].result)
                self.initial.setdefault(f"note-{criterion.pk}", found[criterion.pk].note)

    def offered_lots(self) -> list[OfferedLot]:
        return [
            OfferedLot(self.lots[lot], Account(account), there, [self[_cell(name, lot, account)] for name in SPLIT])
            for (lot, account), there in self.places.items()
        ]

    def offered_criteria(self) -> list[OfferedCriterion]:
        return [OfferedCriterion(one, self[f"criterion-{one.pk}"], self[f"note-{one.pk}"]) for one in self.criteria]

    def field_groups(self) -> list[tuple[Any, list[forms.BoundField]]]:
        own = set(self.Meta.fields)
        groups = [(title, [field for field in fields if field.name in own]) for title, fields in super().field_groups()]
        return [(title, fields) for title, fields in groups if fields]

    def action_kwargs(self) -> dict[str, Any]:
        values = super().action_kwargs()
        members = [Member(**row) for row in values.pop("members")]
        findings = [
            Finding(one, values[f"criterion-{one.pk}"], values[f"note-{one.pk}"]) for one in self.criteria if values[f"criterion-{one.pk}"]
        ]
        facts = {name: values[name] for name in self.Meta.fields if name in values}
        new = {} if isinstance(self.subject, Inspection) else {"programme": self.terms.programme, "product": self.terms.product}
        return facts | new | {"inspected_on": self.terms.on, "parts": Parts(list(self._examined(values)), members, findings)}

    def _examined(self, values: dict[str, Any]) -> Iterator[Examined]:
        """A row in which nothing was typed was not examined; one with a result only says so and is refused."""
        for lot, account in self.places:
            cells = {name: values[_cell(name, lot, account)] or 0 for name in SPLIT}
            if any(cells.values()):
                yield Examined(self.lots[lot], account, **cells)


def _cell(name: str, lot: int, account: str) -> str:
    return line_field(lot, account) if name == "examined" else f"{name}-{lot}-{account}"


class CriterionForm(ActionModelForm):
    """What the product is examined for, and from when until when that held."""

    class Meta:
        model = Criterion
        fields = ("name", "requirement", "basis", "valid_from", "valid_until")


class CancelForm(ActionForm):
    """Why, and with effect from which day."""

    reason = forms.CharField(label=_("Reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))
    cancelled_on = DateField(label=_("Date of the cancellation"), initial=timezone.localdate)
