"""The chain after a handover: each step a record, no stock moved."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from django.db.models import Model
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from distribution.actions.onwards import cancel_onward, record_onward
from distribution.forms.handovers import ReasonForm
from distribution.forms.onwards import OnwardForm
from distribution.models import Handover, OnwardHandover
from distribution.views.handovers import PLACE
from ikm_program.forms import ActionMixin
from ikm_program.screens import Text
from ikm_program.views import FormScreen

NO_STOCK = _("No stock moves, and nothing is counted twice: it stays handed over once.")


class OnwardCreate(FormScreen):
    model: ClassVar[type[Model] | None] = Handover
    form_class = OnwardForm
    action = record_onward
    place = PLACE
    related: ClassVar[Sequence[str]] = ("store__region", "recipient", "document")
    lead = NO_STOCK
    submit_label = _("Record onward distribution")
    success_message = _("The onward distribution is recorded.")

    def get_title(self) -> Text:
        return gettext("Onward distribution from %(recipient)s") % {"recipient": self.object.recipient}

    def parents(self) -> Any:
        return ((str(self.object), self.object.get_absolute_url()),)

    def get_initial(self) -> dict[str, Any]:
        return {}


class OnwardExtend(OnwardCreate):
    """From an earlier step of the chain."""

    model = OnwardHandover
    related = ("handover__store__region", "handover__document", "handover__recipient", "recipient")

    def parents(self) -> Any:
        return ((str(self.object.handover), self.object.get_absolute_url()),)

    def perform(self, form: ActionMixin) -> Any:
        arguments = self.get_action_kwargs(form) | {"parent": self.object}
        key = form.cleaned_data["key"]  # type: ignore[attr-defined]
        return self.get_action()(self.object.handover, by=self.request.user, key=key, **arguments)


class OnwardCancel(FormScreen):
    model = OnwardHandover
    form_class = ReasonForm
    action = cancel_onward
    place = PLACE
    related = ("handover__store__region", "handover__document", "handover__recipient", "recipient")
    submit_label = _("Cancel this step")
    success_message = _("The step is cancelled; it stays visible.")
    is_danger = True

    def get_title(self) -> Text:
        return gettext("Cancel the onward distribution to %(recipient)s") % {"recipient": self.object.recipient}

    def get_confirmation(self) -> Text:
        return gettext("What %(recipient)s received counts again as lying with the one who passed it on.") % {
            "recipient": self.object.recipient
        }

    def parents(self) -> Any:
        return ((str(self.object.handover), self.object.get_absolute_url()),)
