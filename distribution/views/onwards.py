"""The chain after a handover: each step a record, no stock moved."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from django.db.models import Model
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from distribution.actions.onwards import cancel_onward, record_onward, record_said_onward, set_aside_statement
from distribution.forms.handovers import ReasonForm
from distribution.forms.onwards import OnwardForm, SaidOnwardForm
from distribution.models import Handover, OnwardHandover, ReceiverStatement
from distribution.views.handovers import PLACE
from ikm_program.formatting import jumlah, tanggal_layar
from ikm_program.forms import ActionMixin
from ikm_program.paper_content import listed
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


class SaidOnwardRecord(FormScreen):
    """From what the receiver reported by a link."""

    model = ReceiverStatement
    form_class = SaidOnwardForm
    action = record_said_onward
    place = PLACE
    related = ("handover__store__region", "handover__document", "handover__recipient", "link")
    lead = NO_STOCK
    submit_label = _("Record onward distribution")
    success_message = _("The onward distribution is recorded.")

    def get_title(self) -> Text:
        return gettext("Onward distribution from %(recipient)s") % {"recipient": self.object.handover.recipient}

    def get_confirmation(self) -> Text:
        lines = [line for line in self.object.lines.select_related("line__product") if line.quantity]
        goods = listed([f"{jumlah(line.quantity)} {line.line.product.unit} {line.line.product.short_name}" for line in lines])
        words = {"who": f"{self.object.name}, {self.object.position}", "goods": goods, "to": self.object.passed_to}
        return gettext("%(who)s reported %(goods)s passed on to “%(to)s”, on %(date)s.") % {
            **words,
            "date": tanggal_layar(self.object.happened_on),
        }

    def get_initial(self) -> dict[str, Any]:
        return {}

    def parents(self) -> Any:
        return ((str(self.object.handover), self.object.get_absolute_url()),)


class SaidOnwardSetAside(FormScreen):
    model = ReceiverStatement
    form_class = ReasonForm
    action = set_aside_statement
    place = PLACE
    related = ("handover__store__region", "handover__document", "handover__recipient", "link")
    submit_label = _("Set the report aside")
    success_message = _("The report is set aside; it stays readable and counts nowhere.")
    is_danger = True

    def get_title(self) -> Text:
        return gettext("Set aside the report of %(name)s") % {"name": self.object.name}

    def get_initial(self) -> dict[str, Any]:
        return {}

    def parents(self) -> Any:
        return ((str(self.object.handover), self.object.get_absolute_url()),)


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
