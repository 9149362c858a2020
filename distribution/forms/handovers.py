from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from distribution.actions.receipts import Outcome, said_of_receipt
from distribution.forms.goods import HandoverRows, LotChoice, WitnessRows, goods_lines, witnesses
from distribution.forms.terms import DraftStart
from distribution.models import Handover, HandoverLine, ReceiverStatement, Recipient
from distribution.shelves import Shelf, signatories_of, signatories_since
from ikm_program.formatting import jumlah
from ikm_program.forms import ActionForm, ActionModelForm, DateField, QuantityField
from production.models import Store
from trainings.forms.fields import hide_nik
from trainings.models import Official, Programme

EVIDENCE_HELP = _("A PDF, or a picture in JPEG, PNG or WebP format; at most 10 MB.")


@dataclass(frozen=True)
class Terms:
    """What must be known before the rest of a draft can be offered: from where, in which programme, to whom, when."""

    store: Store
    programme: Programme
    recipient: Recipient
    on: dt.date

    @property
    def is_backdated(self) -> bool:
        return self.on < timezone.localdate()


class HandoverStart(DraftStart):
    """The first step of a draft."""

    penerima = forms.ModelChoiceField(Recipient.objects.select_related("region"), label=_("Recipient"))
    tanggal = DateField(label=_("Date of the handover"), initial=timezone.localdate)
    field_order = ("gudang", "program", "penerima", "tanggal")

    def terms(self, store: Store | None = None) -> Terms:
        cleaned = self.cleaned_data
        return Terms(store or cleaned["gudang"], cleaned["program"], cleaned["penerima"], cleaned["tanggal"])


class HandoverForm(LotChoice, ActionModelForm):
    """Everything of a draft besides its terms."""

    rows = {"lines": HandoverRows, "witnesses": WitnessRows}
    sections = (
        (_("First party (hands over)"), ("giver", "place", "backdating_reason")),
        (
            _("Second party (receives)"),
            (
                "receiver_name",
                "receiver_position",
                "receiver_identity_kind",
                "receiver_identity_number",
                "receiver_rank",
                "receiver_basis",
                "other_number",
            ),
        ),
        (_("What the paper says"), ("purpose", "is_symbolic", "legal_basis", "note")),
        (_("Acknowledged by"), ("acknowledged_by_name", "acknowledged_by_position", "acknowledged_by_number")),
    )

    class Meta:
        model = Handover
        fields = (
            "giver",
            "place",
            "backdating_reason",
            "receiver_name",
            "receiver_position",
            "receiver_identity_kind",
            "receiver_identity_number",
            "receiver_rank",
            "receiver_basis",
            "other_number",
            "purpose",
            "is_symbolic",
            "legal_basis",
            "note",
            "acknowledged_by_name",
            "acknowledged_by_position",
            "acknowledged_by_number",
        )
        help_texts = {"other_number": _("When the receiving side numbers the paper in its own register.")}

    def __init__(self, *args: Any, terms: Terms, lots: Mapping[int, int] | None = None, **kwargs: Any) -> None:
        self.terms = terms
        self.shelf = Shelf(terms.store, terms.programme, terms.on, kwargs["user"])
        super().__init__(*args, **kwargs)
        self.add_lot_fields(lots or {})
        hide_nik(self, "receiver_identity")
        self.fields["acknowledged_by_number"].widget.attrs["data-private"] = True
        signatories: Any = self.fields["giver"]
        signatories.queryset = signatories_of(terms.store, terms.on, self.user)
        if not signatories.queryset.exists():
            signatories.help_text = _("Nobody of this office is recorded as in office on that day.")
        if terms.is_backdated:
            self.fields["backdating_reason"].required = True
        else:
            del self.fields["backdating_reason"]

    def row_kwargs(self, name: str) -> dict[str, Any]:
        return {"shelf": self.shelf} if name == "lines" else {}

    def action_kwargs(self) -> dict[str, Any]:
        values = super().action_kwargs()
        lots = self.chosen_lots(values)
        return values | {
            "programme": self.terms.programme,
            "recipient": self.terms.recipient,
            "handed_over_on": self.terms.on,
            "giver_office": values["giver"].office,
            "lines": goods_lines(values["lines"], lots),
            "witnesses": witnesses(values["witnesses"]),
        }


class ConfirmForm(ActionForm):
    """Nothing to fill in: the button is the answer."""


class ReasonForm(ActionForm):
    reason = forms.CharField(label=_("Reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))


class ApproveCancellationForm(ActionForm):
    cancelled_on = DateField(label=_("Date of the cancellation"), initial=timezone.localdate)
    signer = forms.ModelChoiceField(Official.objects.none(), label=_("Official who signs"), help_text=_("In office on that day."))
    place = forms.CharField(label=_("Place"), max_length=160, required=False, help_text=_("Left empty, the paper names none."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        handover = self.subject.handover
        signers: Any = self.fields["signer"]
        signers.queryset = signatories_since(handover.giver_office, handover.handed_over_on).for_user(self.user)
        signers.initial = next((one for one in signers.queryset if one.is_valid_today), None)


class EvidenceForm(ActionForm):
    """The signed scan or photo that came later."""

    evidence = forms.FileField(label=_("Evidence (signed scan or photo)"), help_text=EVIDENCE_HELP)


class AcknowledgeForm(ActionForm):
    """Per line: received, returned to stock, written off; together what was handed over."""

    received_on = DateField(label=_("Received on"))
    receiver_name = forms.CharField(label=_("Received by (name)"), max_length=120)
    receiver_position = forms.CharField(label=_("Position"), max_length=200, required=False)
    shortfall_reason = forms.CharField(
        label=_("Reason for the shortfall"), max_length=300, required=False, help_text=_("Needed when less was received than handed over.")
    )
    evidence = forms.FileField(
        label=_("Evidence (signed scan or photo)"),
        required=False,
        help_text=EVIDENCE_HELP,
    )
    no_evidence_reason = forms.CharField(
        label=_("Why there is no evidence yet"),
        max_length=200,
        required=False,
        help_text=_("Without evidence the receipt stays on the work list until it is uploaded."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lines: list[HandoverLine] = list(self.subject.lines.select_related("product"))
        self.fields["received_on"].initial = timezone.localdate
        self.fields["receiver_name"].initial = self.subject.receiver_name
        self.fields["receiver_position"].initial = self.subject.receiver_position
        self.said = said_of_receipt(self.subject)
        for line in self.lines:
            unit = {"unit": line.product.unit}
            self.fields[f"line-{line.pk}"] = QuantityField(label=_("Received (%(unit)s)") % unit, initial=line.quantity)
            self.fields[f"returned-{line.pk}"] = QuantityField(label=_("Back to the store (%(unit)s)") % unit, initial=0)
            self.fields[f"written_off-{line.pk}"] = QuantityField(label=_("Written off (%(unit)s)") % unit, initial=0)
        if self.said is not None:
            self._follow(self.said)

    def _follow(self, said: ReceiverStatement) -> None:
        """What the receiver signed for by the link is not typed again; the office says where the missing pieces are."""
        signed = {"received_on": said.happened_on, "receiver_name": said.name, "receiver_position": said.position}
        for line in said.lines.all():
            signed[f"line-{line.line_id}"] = line.quantity
        for name, value in signed.items():
            self.fields[name].disabled, self.initial[name] = True, value
        reasons = [f"{line.line.product.short_name}: {line.reason}" for line in said.lines.select_related("line__product") if line.reason]
        self.fields["shortfall_reason"].initial = "; ".join(reasons)[:300]
        self.fields["no_evidence_reason"].help_text = _("The receiver has signed on the screen. The signed paper can be uploaded later.")

    def field_groups(self) -> list[tuple[Any, list[forms.BoundField]]]:
        groups: list[tuple[Any, list[forms.BoundField]]] = [
            (_("Receipt"), [self[name] for name in ("received_on", "receiver_name", "receiver_position")])
        ]
        for line in self.lines:
            heading = f"{line.product} · {jumlah(line.quantity)} {line.product.unit}"
            groups.append((heading, [self[f"{name}-{line.pk}"] for name in ("line", "returned", "written_off")]))
        return [*groups, (_("Evidence"), [self[name] for name in ("shortfall_reason", "evidence", "no_evidence_reason")])]

    def action_kwargs(self) -> dict[str, Any]:
        values = super().action_kwargs()
        outcomes = {
            line.pk: Outcome(*(values.pop(f"{name}-{line.pk}") for name in ("line", "returned", "written_off"))) for line in self.lines
        }
        return values | {"outcomes": outcomes}
