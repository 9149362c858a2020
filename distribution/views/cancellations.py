"""Making a handover void: asked for by one person, decided on by another."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from distribution.actions import cancellations as actions
from distribution.forms.handovers import ApproveCancellationForm, ReasonForm
from distribution.models import Cancellation, Handover
from distribution.reports.papers import goods_in_words
from distribution.views.handovers import PLACE
from ikm_program.screens import Text
from ikm_program.views import FormScreen
from trainings import registers


class CancellationRequest(FormScreen):
    model = Handover
    form_class = ReasonForm
    action = actions.request_cancellation
    place = PLACE
    related = ("store__region", "recipient", "document")
    submit_label = _("Ask for cancellation")
    success_message = _("The cancellation is asked for. Somebody else decides on it.")
    is_danger = True

    def get_title(self) -> Text:
        return gettext("Ask for cancellation: %(what)s") % {"what": self.object}

    def get_confirmation(self) -> Text:
        return gettext(
            "Nothing changes yet: another person approves or refuses. Approved, the goods return to %(store)s and number %(number)s "
            "stays used in the register."
        ) % {"store": self.object.store, "number": self.object.number}


class _Decision(FormScreen):
    model = Cancellation
    place = PLACE
    related = ("handover__store__region", "handover__recipient", "handover__document", "handover__giver_office__region", "created_by")
    prefetched = ("handover__lines__product",)
    template_name = "distribution/cancellation_form.html"

    def parents(self) -> Any:
        return ((str(self.object.handover), self.object.get_absolute_url()),)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(is_own_request=self.object.created_by_id == self.request.user.pk, **kwargs)


class CancellationApprove(_Decision):
    form_class = ApproveCancellationForm
    action = actions.approve_cancellation
    submit_label = _("Cancel the document")
    success_message = _("The document is cancelled; the cancellation record is issued.")
    is_danger = True

    def get_title(self) -> Text:
        return gettext("Cancel: %(what)s") % {"what": self.object.handover}

    def get_confirmation(self) -> Text:
        handover = self.object.handover
        words = gettext(
            "%(goods)s return to the stock of %(store)s. Number %(number)s is never used again. "
            "The cancellation record gets a number of its own, %(next)s."
        ) % {
            "goods": goods_in_words(handover.lines.all(), lambda line: line.still_out),
            "store": handover.store,
            "number": handover.number,
            "next": registers.next_number(handover.giver_office, "ba-batal", timezone.localdate()),
        }
        return " ".join([words, *_settled(handover)])


def _settled(handover: Handover) -> list[str]:
    """What the receipt has settled already, and the cancellation leaves as it is."""
    came_back = goods_in_words(handover.lines.all(), lambda line: line.returned)
    written_off = goods_in_words(handover.lines.all(), lambda line: line.written_off)
    return [
        *([gettext("Already back in stock since the receipt: %(goods)s.") % {"goods": came_back}] if came_back else []),
        *([gettext("Written off at the receipt and not coming back: %(goods)s.") % {"goods": written_off}] if written_off else []),
    ]


class CancellationRefuse(_Decision):
    form_class = ReasonForm
    action = actions.refuse_cancellation
    submit_label = _("Let the document stand")
    success_message = _("The document stays valid.")

    def get_title(self) -> Text:
        return gettext("Refuse the cancellation: %(what)s") % {"what": self.object.handover}

    def get_confirmation(self) -> Text:
        return gettext("Number %(number)s stays valid; %(person)s reads your reason.") % {
            "number": self.object.handover.number,
            "person": self.object.created_by,
        }
