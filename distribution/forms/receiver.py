from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from distribution.actions.statements import Said, most_of
from distribution.models import ReceiverLink
from ikm_program.formatting import jumlah
from ikm_program.forms import ActionForm, DateField, QuantityField

DAYS = [(1, _("1 day")), (3, _("3 days")), (7, _("7 days")), (14, _("14 days"))]


class LinkForm(ActionForm):
    """How long the receiver has."""

    days = forms.TypedChoiceField(choices=DAYS, coerce=int, initial=3, label=_("Valid for"))


class ReceiverForm(ActionForm):
    """What a receiver fills in on a phone, without an account: of a receipt, or of what went further."""

    on = DateField(label=_("Received on"))
    passed_to = forms.CharField(label=_("Passed on to"), max_length=200, help_text=_("The institution or the people who got them."))
    name = forms.CharField(label=_("Your name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    position = forms.CharField(
        label=_("Your position"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "organization-title"})
    )
    signature = forms.CharField(required=False, label=_("Signature"), widget=forms.HiddenInput)
    stands_for_signature = forms.BooleanField(
        required=False, label=_("I cannot draw here. I state that what I wrote is right; my typed name stands for my signature.")
    )
    photo = forms.FileField(
        required=False,
        label=_("Photo of the goods"),
        help_text=_("If there is one. A picture in JPEG, PNG or WebP format, at most 10 MB."),
        widget=forms.FileInput(attrs={"accept": "image/*"}),
    )

    def __init__(self, *args: Any, link: ReceiverLink, **kwargs: Any) -> None:
        super().__init__(*args, user=None, **kwargs)
        self.is_receipt = link.purpose == ReceiverLink.Purpose.RECEIPT
        self.fields["on"].initial = timezone.localdate
        if self.is_receipt:
            del self.fields["passed_to"]
        else:
            self.fields["on"].label = _("Date")
        self.lines = [line for line in link.handover.lines.select_related("product") if most_of(link, line)]
        for line in self.lines:
            self._add_line(line, most_of(link, line))

    def _add_line(self, line: Any, most: int) -> None:
        unit, most_in_words = {"unit": line.product.unit}, {"most": jumlah(most), "unit": line.product.unit}
        self.fields[f"line-{line.pk}"] = QuantityField(
            label=_("Received (%(unit)s)") % unit if self.is_receipt else _("Passed on (%(unit)s)") % unit,
            required=self.is_receipt,
            max_value=most,
            help_text=_("Count them. Handed over: %(most)s %(unit)s.") % most_in_words
            if self.is_receipt
            else _("At most %(most)s %(unit)s are left.") % most_in_words,
        )
        if self.is_receipt:
            self.fields[f"reason-{line.pk}"] = forms.CharField(label=_("Reason, if less was received"), max_length=200, required=False)

    def goods(self) -> list[tuple[Any, list[forms.BoundField]]]:
        """Each line with its fields."""
        return [(line, [self[name] for name in (f"line-{line.pk}", f"reason-{line.pk}") if name in self.fields]) for line in self.lines]

    def said(self) -> Said:
        cleaned = self.cleaned_data
        return Said(
            on=cleaned["on"],
            name=cleaned["name"],
            position=cleaned["position"],
            quantities={line.pk: cleaned[f"line-{line.pk}"] or 0 for line in self.lines},
            reasons={line.pk: cleaned.get(f"reason-{line.pk}", "") for line in self.lines},
            signature=cleaned["signature"],
            stands_for_signature=cleaned["stands_for_signature"],
            photo=cleaned["photo"],
            passed_to=cleaned.get("passed_to", ""),
        )
