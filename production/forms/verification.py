"""Forms of the verifier's desk."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ikm_program.forms import ActionForm, DateField, QuantityField
from production.models import OutputEntry, OutputLine


class VerifyForm(ActionForm):
    """What is accepted of each line: everything, unless a figure is lowered and the reason given."""

    verified_on = DateField(label=_("Date of verification"))
    reason = forms.CharField(label=_("Reason for a lower quantity"), required=False, max_length=300)

    def __init__(self, *args: Any, subject: OutputEntry, **kwargs: Any) -> None:
        super().__init__(*args, subject=subject, **kwargs)
        today = timezone.localdate()
        self.fields["verified_on"].initial = today
        self.fields["verified_on"].widget.attrs.update(min=subject.made_on.isoformat(), max=today.isoformat())
        self.lines = [] if subject.is_correction else list(subject.lines.all())
        for line in self.lines:
            self.fields[_line_field(line)] = QuantityField(label=line.maker_name, initial=line.good)

    def line_fields(self) -> list[tuple[OutputLine, forms.BoundField]]:
        return [(line, self[_line_field(line)]) for line in self.lines]

    def action_kwargs(self) -> dict[str, Any]:
        values = self.cleaned_data
        parts = {line.pk: values[_line_field(line)] for line in self.lines}
        return {"parts": parts, "reason": values["reason"], "verified_on": values["verified_on"]}

    def refuse(self, message: Any, field: str | None = None) -> None:
        """The action speaks of one quantity; here there is one for every line."""
        super().refuse(message, _line_field(self.lines[0]) if field == "quantity" and len(self.lines) == 1 else field)


class ReturnForm(ActionForm):
    """Why a report goes back to its author."""

    reason = forms.CharField(
        label=_("Reason for returning"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("A reason for returning is required.")},
        help_text=_("The author reads this sentence."),
    )


def _line_field(line: OutputLine) -> str:
    return f"line_{line.pk}"
