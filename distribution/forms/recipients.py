from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from distribution.models import Recipient
from ikm_program.forms import ActionModelForm


class RecipientForm(ActionModelForm):
    owned_choices = ("region",)
    sections = (
        (_("Who"), ("region", "kind", "name", "address")),
        (_("On what it rests"), ("legal_basis", "valid_from", "valid_until", "note")),
    )

    class Meta:
        model = Recipient
        fields = ("region", "kind", "name", "address", "legal_basis", "valid_from", "valid_until", "note")
        help_texts = {"valid_until": _("A later handover shows a warning; it is not refused.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        regions: Any = self.fields["region"]
        if not self.initial.get("region") and regions.queryset.count() == 1:
            self.initial["region"] = regions.queryset.get()
