from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from distribution.addenda import LONGEST, NEEDED, Statement, field_of, statements_of, words_of
from distribution.models import Addendum
from distribution.shelves import signatories_since
from ikm_program.forms import ActionModelForm, DateField

LONG = (Statement.LEGAL_BASIS,)


class AddendumForm(ActionModelForm):
    """Every statement as it reads now, to be written over where it is wrong."""

    sections = (
        (_("What the paper says"), tuple(field_of(statement) for statement in Statement)),
        (_("What is added"), ("provisions",)),
        (_("The addendum"), ("agreed_on", "place", "backdating_reason", "signer", "reason")),
    )
    agreed_on = DateField(label=_("Date of the addendum"), initial=timezone.localdate)

    class Meta:
        model = Addendum
        fields = ("agreed_on", "place", "backdating_reason", "signer", "reason", "provisions")
        widgets = {"provisions": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        handover, now = self.subject, words_of(self.subject)
        self.statements = statements_of(handover)
        signers: Any = self.fields["signer"]
        signers.queryset = signatories_since(handover.giver_office, handover.handed_over_on).for_user(self.user)
        signers.initial = next((one for one in signers.queryset if one.is_valid_today), None)
        for statement in self.statements:
            widget = forms.Textarea(attrs={"rows": 3}) if statement in LONG else forms.TextInput()
            self.fields[field_of(statement)] = forms.CharField(
                label=capfirst(statement.label),
                initial=now[statement],
                required=statement in NEEDED,
                max_length=LONGEST[statement],
                widget=widget,
            )
        self.fields[field_of(Statement.WITNESSED_NUMBER)].widget.attrs["data-private"] = True
        self.order_fields([*map(field_of, self.statements), *self.Meta.fields])

    def action_kwargs(self) -> dict[str, Any]:
        values = super().action_kwargs()
        return values | {"words": {statement.value: values.pop(field_of(statement)) for statement in self.statements}}
