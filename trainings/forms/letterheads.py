from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ikm_program.forms import ActionModelForm
from trainings.models import Letterhead, Office

SHEET = ("paper", "font_size", "margin_top", "margin_right", "margin_bottom", "margin_left")


class LetterheadForm(ActionModelForm):
    """Opened on an office (a new one) or on a letterhead (a change)."""

    sections = (
        (_("Validity"), ("valid_from", "valid_until")),
        (_("Letterhead"), ("government_line", "office_line", "address", "contact", "city", "postcode", "arms", "without_arms")),
        (_("Paper"), SHEET),
        (_("Wording of records"), ("first_party_term", "copies", "closing")),
    )

    arms = forms.FileField(
        label=_("Picture of the arms"),
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/webp"}),
        help_text=_("JPEG, PNG or WebP; what is transparent becomes white. Empty: the arms stay as they are."),
    )
    without_arms = forms.BooleanField(label=_("Print no arms"), required=False)

    class Meta:
        model = Letterhead
        fields = (
            "valid_from",
            "valid_until",
            "government_line",
            "office_line",
            "address",
            "contact",
            "city",
            "postcode",
            *SHEET,
            "first_party_term",
            "copies",
            "closing",
        )
        widgets = {"address": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["valid_from"].help_text = _("Papers dated from this day on bear it. Papers issued before keep theirs.")
        self.fields["valid_from"].required = isinstance(self.subject, Office)
