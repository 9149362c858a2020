"""The end of an evaluation, on the page of its transfer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from distribution.actions.evaluations import cancel_evaluation, decide_evaluation, left_by_line
from distribution.forms.transfers import EvaluationForm
from distribution.models import Evaluation, Transfer
from ikm_program.screens import Column, Text
from ikm_program.views import FormScreen
from production.forms.inspections import CancelForm

PLACE = "distribution:transfer_list"
COLUMNS = (
    Column(_("Decided on"), "evaluation.decided_on", kind="date"),
    Column(_("Lot"), "draw.lot"),
    Column(_("Accepted"), "accepted", kind="number", unit="draw.lot.product.unit"),
    Column(_("Returned"), "returned", kind="number"),
    Column(_("Written off"), "written_off", kind="number"),
    Column(_("Findings"), "evaluation.findings"),
    Column(_("Reason for writing off"), "evaluation.written_off_reason"),
    Column(_("Decided by"), "evaluation.created_by"),
    Column(_("Status"), "evaluation.status", kind="status"),
)
OWN_COLUMNS = (*COLUMNS[:-1], Column(_("Status"), "evaluation.status", template="distribution/_evaluation_status.html"))


def is_open(transfer: Transfer) -> bool:
    """It arrived for evaluation, and something of it is still to be decided on."""
    arrived = transfer.status == Transfer.Status.RECEIVED and transfer.purpose == Transfer.Purpose.EVALUATION
    return arrived and any(left_by_line(transfer).values())


def may_decide(transfer: Transfer, user: Any) -> bool:
    return bool(user.region.covers(transfer.to_store.region)) and not transfer.is_sent_by(user) and is_open(transfer)


def days_open(transfer: Transfer) -> int:
    """Since the goods arrived."""
    return (timezone.localdate() - transfer.received_on).days if transfer.received_on else 0


class EvaluationCreate(FormScreen):
    """What became of the goods, or of a part of them."""

    model = Transfer
    subject_is = "visible"
    form_class = EvaluationForm
    action = decide_evaluation
    place = PLACE
    related = ("from_store__region", "to_store__region", "document")
    submit_label = _("Record the outcome")
    success_message = _("The outcome of the evaluation is recorded.")

    def get_title(self) -> Text:
        return gettext("Outcome of the evaluation: %(what)s") % {"what": self.object}

    def get_confirmation(self) -> Text:
        return gettext(
            "Accepted pieces come into the stock of %(here)s, returned ones lie again in %(there)s. "
            "What is left empty stays in evaluation. It can be taken back while none of them has gone further."
        ) % {"here": self.object.to_store, "there": self.object.from_store}

    def parents(self) -> Sequence[tuple[Text, str]]:
        return [(str(self.object), self.object.get_absolute_url())]

    def get_success_url(self, result: Evaluation | None) -> str:
        return str(self.object.get_absolute_url())


class EvaluationCancel(FormScreen):
    """Decided by mistake."""

    model = Evaluation
    subject_is = "visible"
    form_class = CancelForm
    action = cancel_evaluation
    place = PLACE
    related = ("transfer__from_store__region", "transfer__to_store__region", "transfer__document")
    submit_label = _("Take the outcome back")
    success_message = _("The outcome is taken back. The goods are in evaluation again.")
    is_danger = True

    def get_title(self) -> Text:
        return gettext("Take back: %(what)s") % {"what": self.object}

    def get_confirmation(self) -> Text:
        return gettext("The goods go back into evaluation, if none of them has gone further since. What was decided stays in the history.")

    def parents(self) -> Any:
        return ((str(self.object.transfer), self.object.get_absolute_url()),)
