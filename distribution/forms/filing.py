from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from distribution.actions.filing import possible_owners
from ikm_program.forms import ActionForm
from trainings.models import User


class FilingForm(ActionForm):
    """Who files the signed paper."""

    owner = forms.ModelChoiceField(
        User.objects.none(),
        label=_("Who files it"),
        required=False,
        empty_label=_("Nobody by name: the office"),
        help_text=_("Somebody who records receipts and did not draft this handover."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        owners: Any = self.fields["owner"]
        within_reach = User.objects.for_user(self.user).values("pk")  # whoever lies above names people above
        owners.queryset = possible_owners(self.subject).filter(pk__in=within_reach).select_related("region")
        owners.initial = self.subject.filing_owner_id
