"""Delivery notes: written on the page of what they go with, issued with a number, ended by the slip that comes back."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from distribution.actions import deliveries as actions
from distribution.filters.deliveries import DeliveryFilter
from distribution.forms.deliveries import DeliveryForm, SlipForm
from distribution.forms.handovers import ConfirmForm, ReasonForm
from distribution.models import Delivery, Handover, Transfer
from ikm_program.screens import Column, Empty, Fact, NextStep, Text
from ikm_program.views import DetailScreen, FormScreen, ListScreen, ObjectScreen
from trainings import registers
from trainings.models import IssuedDocument
from trainings.views.documents import inline_pdf

PLACE = "distribution:delivery_list"
ADD, CHANGE, VIEW = "distribution.add_delivery", "distribution.change_delivery", "distribution.view_delivery"
Status = Delivery.Status
RELATED = (
    "office__region",
    "sender",
    "handover__recipient",
    "handover__store__region",
    "handover__document",
    "transfer__from_store__region",
    "transfer__to_store__region",
    "transfer__document",
    "document",
)
IN_A_LIST = (
    Column(_("Number"), "self", template="distribution/_delivery_number.html"),
    Column(_("Date"), "sent_on", kind="date"),
    Column(_("Goods"), "lines", template="distribution/_goods.html"),
    Column(_("Status"), "status", kind="status"),
)


def may_send(parent: Any, user: Any) -> bool:
    """Something of it is on no note yet, and the person works at the sending office."""
    own = bool(user.region.covers(parent.giver_office.region))
    return own and actions.can_be_sent(parent) and any(left > 0 for left in actions.left_to_send(parent).values())


def of(parent: Any, user: Any) -> list[Delivery]:
    """The notes that go with it, for its page."""
    if parent.is_draft:
        return []
    rows = Delivery.objects.for_user(user).of(parent).with_names().prefetch_related("lines__product")
    return list(rows.order_by("sent_on", "pk"))


def _in(*states: str) -> Any:
    return lambda delivery, user: delivery.status in states and bool(user.region.covers(delivery.office.region))


class DeliveryList(ListScreen):
    model = Delivery
    permission = VIEW
    title = _("Delivery notes")
    lead = _("Goods on the road. A delivery note goes with a handover or a transfer, moves no stock and closes neither.")
    place = PLACE
    columns = (
        Column(_("Number"), "self", template="distribution/_delivery_number.html"),
        Column(_("Date"), "sent_on", kind="date", sort="sent_on"),
        Column(_("To"), "receiver"),
        Column(_("Goes with"), "parent.number", link="parent"),
        Column(_("Goods"), "lines", template="distribution/_goods.html"),
        Column(_("Status"), "status", kind="status", sort="status"),
        Column(_("Driver"), "driver", is_optional=True),
        Column(_("Vehicle"), "vehicle", is_optional=True),
    )
    prefetched = ("lines__product",)
    search_fields = (
        "document__number",
        "destination",
        "handover__recipient__name",
        "handover__document__number",
        "transfer__document__number",
    )
    search_label = _("Search number, recipient or destination")
    filterset_class = DeliveryFilter
    ordering = ("-sent_on", "-pk")
    empty = Empty(_("No delivery note yet."), _("Open an issued handover or transfer and choose “Write a delivery note”."))

    def get_queryset(self) -> Any:
        return super().get_queryset().with_names()


class DeliveryDetail(DetailScreen):
    model = Delivery
    permission = VIEW
    place = PLACE
    related = (*RELATED, "created_by", "issued_by")
    prefetched = ("lines__product",)
    template_name = "distribution/delivery_detail.html"
    facts = (
        Fact(_("Goes with"), "parent", link="parent"),
        Fact(_("Date of dispatch"), "sent_on", kind="date"),
        Fact(_("To"), "receiver"),
        Fact(_("Where to"), "destination"),
        Fact(_("Vehicle"), "vehicle"),
        Fact(_("Driver"), "driver"),
        Fact(_("Storekeeper"), "keeper"),
        Fact(_("Sender"), "sender"),
        Fact(_("Arrived on"), "arrived_on", kind="date", unknown=_("the slip is not back yet")),
        Fact(_("Received by"), "received_by_name", unknown=_("the slip is not back yet")),
        Fact(_("Written by"), "created_by"),
        Fact(_("Issued by"), "issued_by", unknown=_("not issued yet")),
        Fact(_("Note"), "note"),
    )
    line_columns = (
        Column(_("Goods"), "product.name"),
        Column(_("Sent"), "quantity", kind="number", unit="product.unit"),
        Column(_("Packages"), "packages", kind="number"),
        Column(_("Received by the slip"), "received", kind="number", unit="product.unit", unknown=_("the slip is not back yet")),
        Column(_("Difference"), "missing", kind="number", unknown=_("the slip is not back yet")),
        Column(_("Condition and difference"), "remark"),
    )
    steps = (
        NextStep(_("Check and issue"), "distribution:delivery_issue", CHANGE, when=_in(Status.DRAFT), icon="check"),
        NextStep(_("Record the receipt slip"), "distribution:delivery_slip", CHANGE, when=_in(Status.UNDER_WAY), icon="check"),
        NextStep(
            _("Open the PDF"),
            "trainings:document_file",
            "trainings.view_issueddocument",
            when=lambda obj, user: not obj.is_draft,
            kwargs=lambda obj: {"pk": obj.document_id},
            icon="document",
        ),
        NextStep(_("Preview"), "distribution:delivery_preview", VIEW, when=lambda obj, user: obj.is_draft, icon="document"),
        NextStep(_("Throw the draft away"), "distribution:delivery_discard", CHANGE, when=_in(Status.DRAFT), icon="trash", is_danger=True),
        NextStep(_("Cancel the note"), "distribution:delivery_cancel", CHANGE, when=_in(Status.UNDER_WAY), icon="stop", is_danger=True),
    )

    def get_queryset(self) -> Any:
        return super().get_queryset().with_names()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        papers = IssuedDocument.objects.for_user(self.request.user).filter(delivery=self.object)
        return super().get_context_data(
            lines=self.object.lines.all(),
            line_columns=self.line_columns,
            documents=papers.select_related("file").defer("file__content", "snapshot", "arms"),
            **kwargs,
        )


class _DeliveryCreate(FormScreen):
    """On the page of what it goes with."""

    form_class = DeliveryForm
    action = actions.draft_delivery
    submit_label = _("Save draft")
    success_message = _("Draft saved. Look at the page, then issue it.")

    def get_title(self) -> Text:
        return gettext("Delivery note for %(what)s") % {"what": self.object}

    def parents(self) -> Any:
        return ((str(self.object), self.object.get_absolute_url()),)

    def get_initial(self) -> dict[str, Any]:
        return {}


class HandoverDelivery(_DeliveryCreate):
    model: ClassVar[type[Model] | None] = Handover
    place = "distribution:handover_list"
    related = ("store__region", "recipient", "document", "giver_office__region", "giver")


class TransferDelivery(_DeliveryCreate):
    model: ClassVar[type[Model] | None] = Transfer
    place = "distribution:transfer_list"
    related = ("from_store__region", "to_store__region", "document", "giver_office__region", "giver", "receiver_office")


class DeliveryPreview(ObjectScreen):
    """The PDF as it stands now, with its DRAF mark while it is a draft."""

    model = Delivery
    permission = VIEW
    related = RELATED

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return inline_pdf(actions.preview(self.object), self.object.office, may_be_framed=True)


class _Act(FormScreen):
    model = Delivery
    place = PLACE
    related = RELATED
    prefetched = ("lines__product",)

    def parents(self) -> Any:
        return ((str(self.object), self.object.get_absolute_url()),)


class DeliveryIssue(_Act):
    form_class = ConfirmForm
    action = actions.issue_delivery
    template_name = "distribution/delivery_issue.html"
    submit_label = _("Issue")

    def get_title(self) -> Text:
        return gettext("Issue: %(what)s") % {"what": self.object}

    def get_confirmation(self) -> Text:
        number = registers.next_number(self.object.office, actions.KIND, self.object.sent_on)
        return gettext("The note gets the next number, %(number)s. No stock moves, and the handover stays open.") % {"number": number}

    def get_success_message(self, result: Any) -> Text:
        return gettext("Issued under the number %(number)s.") % {"number": result.number}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(preview_url=reverse("distribution:delivery_preview", kwargs={"pk": self.object.pk}), **kwargs)


class DeliveryDiscard(_Act):
    form_class = ConfirmForm
    action = actions.discard_delivery
    submit_label = _("Throw the draft away")
    success_message = _("The draft was thrown away. It never had a number.")
    is_danger = True

    def get_title(self) -> Text:
        return gettext("Throw away: %(what)s") % {"what": self.object}

    def get_success_url(self, result: Any) -> str:
        return str(self.object.parent.get_absolute_url())


class DeliverySlip(_Act):
    form_class = SlipForm
    action = actions.record_slip
    lead = _("What the receiver wrote on the slip. The handover itself is confirmed on its BAST.")
    submit_label = _("Record the receipt slip")
    success_message = _("The receipt slip is recorded. The handover stays open until its BAST is confirmed.")

    def get_title(self) -> Text:
        return gettext("Receipt slip of %(what)s") % {"what": self.object}


class DeliveryCancel(_Act):
    form_class = ReasonForm
    action = actions.cancel_delivery
    submit_label = _("Cancel the note")
    success_message = _("The note is cancelled; its number stays used.")
    is_danger = True

    def get_title(self) -> Text:
        return gettext("Cancel: %(what)s") % {"what": self.object}

    def get_confirmation(self) -> Text:
        return gettext("The note counts no more, and what it carried can be sent with another one. No stock moves.")
