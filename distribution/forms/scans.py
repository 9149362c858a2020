from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from distribution.models import Handover
from ikm_program.forms import ActionForm


class ManyFilesInput(forms.FileInput):
    allow_multiple_selected = True


class ManyFilesField(forms.FileField):
    """Several files of one field; each is looked at like a single one."""

    widget = ManyFilesInput

    def clean(self, data: Any, initial: Any = None) -> Any:
        sent = list(data) if isinstance(data, (list, tuple)) else [data] if data else []
        return [super(ManyFilesField, self).clean(one) for one in sent or [None]]


class ScansForm(ActionForm):
    """Scans of signed papers, several at once."""

    scans = ManyFilesField(
        label=_("Scans or photos of signed papers"),
        help_text=_(
            "PDF, JPEG, PNG or WebP; up to 20 files of 10 MB each. A PDF may hold several papers. The QR code must be on the picture."
        ),
        widget=ManyFilesInput(attrs={"accept": "application/pdf,image/*"}),
    )


class ScanForm(ActionForm):
    """Which paper a scan is of."""

    handover = forms.ModelChoiceField(
        Handover.objects.none(),
        label=_("Handover (BAST)"),
        help_text=_("Those whose receipt is recorded and whose signed paper is not filed."),
    )
    owned_choices = ("handover",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["handover"]
        unfiled: Any = Handover.objects.owned_by(self.user)
        waiting = unfiled.unfiled().filter(receipt__isnull=False).select_related("document", "recipient", "receipt")
        field.queryset = waiting.defer("document__snapshot", "document__arms")
        field.initial = self.subject.handover_id
