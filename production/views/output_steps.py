"""What the author of a report does with it after it was recorded: submit, withdraw, give up, throw away, correct."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from ikm_program.forms import ActionMixin
from ikm_program.screens import Text
from ikm_program.views import FormScreen
from production.actions.output import amend_correction, cancel_output, discard_output, record_correction, submit_output, withdraw_output
from production.forms.output import CancelOutputForm, ConfirmForm, CorrectionEditForm, CorrectionForm
from production.models import OutputEntry
from production.plausibility import doubts_about

PLACE = "production:output_list"


class KeptEntry(FormScreen):
    """An act of the author, or of a colleague of the same district, on a report."""

    model = OutputEntry
    place = PLACE
    related = ("product", "region", "batch__activity__programme", "batch__region")

    def get_queryset(self) -> Any:
        return super().get_queryset().kept_by(self.request.user)

    def parents(self) -> Sequence[tuple[Text, str]]:
        return [(str(self.object), self.object.get_absolute_url())]


class CorrectionUpdate(KeptEntry):
    form_class = CorrectionEditForm
    action = amend_correction
    submit_label = _("Save")
    success_message = _("The correction is changed. Submit it again.")

    def get_title(self) -> Text:
        return format_lazy(_("Edit: {report}"), report=str(self.object))


class OutputSubmit(KeptEntry):
    """The page is the question: what looks odd about the report stands above the button."""

    form_class = ConfirmForm
    action = submit_output
    template_name = "production/output_submit.html"
    success_message = _("The report has been submitted.")

    def get_title(self) -> Text:
        return format_lazy(_("Submit: {report}"), report=str(self.object))

    def get_confirmation(self) -> Text:
        return _("The province can then verify it. Until then you can withdraw it.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        doubts = doubts_about(self.object) if self.object.is_editable else []
        context = super().get_context_data(doubts=doubts, **kwargs)
        return context | {"submit_label": _("Submit all the same") if doubts else _("Submit")}


class OutputWithdraw(KeptEntry):
    form_class = ConfirmForm
    action = withdraw_output
    submit_label = _("Withdraw")
    success_message = _("The report is a draft again.")

    def get_title(self) -> Text:
        return format_lazy(_("Withdraw: {report}"), report=str(self.object))

    def get_confirmation(self) -> Text:
        return _("The report becomes a draft again and no longer counts as reported until it is submitted.")


class OutputCancel(KeptEntry):
    form_class = CancelOutputForm
    action = cancel_output
    submit_label = _("Cancel the report")
    is_danger = True
    success_message = _("The report is cancelled.")

    def get_title(self) -> Text:
        return format_lazy(_("Cancel the report: {report}"), report=str(self.object))

    def get_confirmation(self) -> Text:
        return _("It stays on record with its history and can no longer be submitted. Nothing of it is counted.")


class OutputDiscard(KeptEntry):
    form_class = ConfirmForm
    action = discard_output
    submit_label = _("Delete draft")
    is_danger = True
    success_message = _("The draft was deleted.")

    def get_title(self) -> Text:
        return format_lazy(_("Delete draft: {report}"), report=str(self.object))

    def get_confirmation(self) -> Text:
        return _("Delete this draft with its photos? This cannot be undone.")

    def get_success_url(self, result: Any) -> str:
        return reverse(PLACE)


class OutputCorrect(FormScreen):
    """A correcting entry for a verified report. It names its line, because the line is the subject of the action."""

    model = OutputEntry
    form_class = CorrectionForm
    action = record_correction
    place = PLACE
    related = ("product", "region", "batch__activity__programme", "batch__region")
    submit_label = _("Submit the correction")
    success_message = _("The correction waits for verification; the stock changes when it is verified.")

    def get_queryset(self) -> Any:
        return super().get_queryset().verified().filter(corrects=None)

    def get_title(self) -> Text:
        return format_lazy(_("Correct: {report}"), report=str(self.object))

    def parents(self) -> Sequence[tuple[Text, str]]:
        return [(str(self.object), self.object.get_absolute_url())]

    def perform(self, form: ActionMixin) -> Any:
        arguments = form.action_kwargs()
        key = form.cleaned_data["key"]  # type: ignore[attr-defined]
        return self.get_action()(arguments.pop("line"), by=self.request.user, key=key, **arguments)
