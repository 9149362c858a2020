from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ikm_program.forms import ActionForm
from ikm_program.states import can_advance
from production.models import DistrictProgress


class ProgressForm(ActionForm):
    """The statuses that can follow the present one, and the present one itself."""

    status = forms.ChoiceField(label=_("Progress"), choices=DistrictProgress.Status.choices, widget=forms.RadioSelect)

    def __init__(self, *args: Any, subject: DistrictProgress, **kwargs: Any) -> None:
        super().__init__(*args, subject=subject, **kwargs)
        field = self.fields["status"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            (value, label)
            for value, label in DistrictProgress.Status.choices
            if value == subject.status or can_advance(subject, DistrictProgress.Status(value))
        ]
