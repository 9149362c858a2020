from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ikm_program.choosing import SearchedChoiceField
from ikm_program.forms import ActionForm
from trainings.models import Enrolment, Participant


class WaitingChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.participant} · {obj.get_status_display()}"


class ReplaceForm(ActionForm):
    """Who takes the place: somebody who waits in this batch, or anybody of the register."""

    owned_choices = ("waiting", "participant")
    waiting = WaitingChoice(
        Enrolment.objects.select_related("participant").order_by("status", "participant__sort_name"),
        label=_("Who waits in this batch"),
        required=False,
        empty_label=_("nobody of these"),
    )
    participant = SearchedChoiceField(
        Participant.objects.all(), suggestions="trainings:participant_suggestions", label=_("Or somebody of the register"), required=False
    )
    reason = forms.CharField(label=_("Reason"), max_length=250)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["waiting"]
        assert isinstance(field, forms.ModelChoiceField)
        assert field.queryset is not None
        waiting = (Enrolment.Status.NOMINATED, Enrolment.Status.RESERVE)
        field.queryset = field.queryset.filter(batch=self.subject.batch_id, status__in=waiting)

    def clean(self) -> Any:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if bool(cleaned.get("waiting")) == bool(cleaned.get("participant")) and not self.errors:
            self.add_error("waiting", _("Choose one person: of those who wait, or of the register."))
        return cleaned

    def action_kwargs(self) -> dict[str, Any]:
        waiting = self.cleaned_data.get("waiting")
        return {"participant": waiting.participant if waiting else self.cleaned_data["participant"], "reason": self.cleaned_data["reason"]}
