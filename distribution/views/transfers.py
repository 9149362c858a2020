from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from distribution.actions import transfers as actions
from distribution.filters.handovers import TransferFilter
from distribution.forms.goods import initial_lines
from distribution.forms.handovers import ConfirmForm
from distribution.forms.transfers import ReceiveTransferForm, TransferForm, TransferStart
from distribution.models import EvaluationPart, Transfer, TransferDraw
from distribution.reports.papers import goods_in_words
from distribution.shelves import shortages
from distribution.views import deliveries, evaluations
from distribution.views.drafting import DraftScreen, DraftsOnly, IssueDraft
from ikm_program.formatting import tanggal_layar
from ikm_program.forms import values_of
from ikm_program.screens import Column, Empty, Fact, Link, NextStep, Text
from ikm_program.views import DetailScreen, FormScreen, ListScreen, ObjectScreen
from trainings import registers
from trainings.models import IssuedDocument
from trainings.views.documents import inline_pdf

PLACE = "distribution:transfer_list"
NEW = Link(_("New transfer"), "distribution:transfer_create", "distribution.add_transfer", icon="plus")
RELATED = ("programme", "from_store__region", "to_store__region", "giver_office__region", "giver", "created_by")
Status = Transfer.Status


def is_ours(transfer: Transfer, user: Any) -> bool:
    return bool(user.region.covers(transfer.from_store.region))


def is_at_the_other_end(transfer: Transfer, user: Any) -> bool:
    return bool(user.region.covers(transfer.to_store.region))


def may_issue(transfer: Transfer, user: Any) -> bool:
    return transfer.is_draft and is_ours(transfer, user) and not transfer.is_drafted_by(user)


def may_edit(transfer: Transfer, user: Any) -> bool:
    return transfer.is_draft and is_ours(transfer, user)


def may_receive(transfer: Transfer, user: Any) -> bool:
    return transfer.status == Status.ISSUED and is_at_the_other_end(transfer, user) and not transfer.is_sent_by(user)


def _may_see(draw: TransferDraw, transfer: Transfer, user: Any) -> bool:
    """Both ends see every lot; a district whose goods travel along sees its own, and not the makers of others."""
    return any(user.region.covers(region) for region in (transfer.from_store.region, transfer.to_store.region, draw.lot.region))


def _evaluated(transfer: Transfer) -> Any:
    """What was decided on its goods, in the order in which it was."""
    names = ("evaluation__created_by", "draw__lot__product", "draw__lot__region", "draw__lot__line__participant")
    return EvaluationPart.objects.filter(evaluation__transfer=transfer).select_related(*names).order_by("evaluation__decided_on", "pk")


class TransferList(ListScreen):
    model = Transfer
    permission = "distribution.view_transfer"
    title = _("Transfers")
    lead = _("Goods moved between stores, for evaluation for example. They do not count as handed over.")
    place = PLACE
    columns = (
        Column(_("Number"), "number", template="distribution/_handover_number.html"),
        Column(_("Date"), "sent_on", kind="date", sort="sent_on"),
        Column(_("From"), "from_store.name", sort="from_store__region__kemendagri_code"),
        Column(_("To"), "to_store.name", sort="to_store__region__kemendagri_code"),
        Column(_("Goods"), "lines", template="distribution/_goods.html"),
        Column(_("Status"), "status", kind="status", sort="status"),
    )
    prefetched = ("lines__product",)
    search_fields = ("document__number", "from_store__name", "to_store__name", "from_store__region__name")
    search_label = _("Search number or store")
    filterset_class = TransferFilter
    ordering = ("-sent_on", "-pk")
    links = (NEW,)
    empty = Empty(_("No transfer yet."), _("A transfer moves goods to another store without handing them over."), NEW)

    def get_queryset(self) -> Any:
        return super().get_queryset().with_names().defer("document__snapshot")


class TransferDetail(DetailScreen):
    model = Transfer
    permission = "distribution.view_transfer"
    place = PLACE
    related = (*RELATED, "receiver_office__region", "receiver", "issued_by", "received_by", "document")
    prefetched = ("lines__product",)
    facts = (
        Fact(_("Date"), "sent_on", kind="date"),
        Fact(_("Place"), "place"),
        Fact(_("From store"), "from_store"),
        Fact(_("To store"), "to_store"),
        Fact(_("Purpose"), "get_purpose_display"),
        Fact(_("Giving official"), "giver"),
        Fact(_("Receiving official"), "receiver"),
        Fact(_("Programme"), "programme"),
        Fact(_("Drafted by"), "created_by"),
        Fact(_("Issued by"), "issued_by", unknown=_("not issued yet")),
        Fact(_("Arrived on"), "received_on", kind="date", unknown=_("not arrived yet")),
        Fact(_("Arrival recorded by"), "received_by", unknown=_("not arrived yet")),
        Fact(_("Note"), "note"),
    )
    line_columns = (
        Column(_("Goods"), "product.name"),
        Column(_("Quantity"), "quantity", kind="number", unit="product.unit"),
        Column(_("Condition"), "get_condition_display"),
        Column(_("Specification"), "specification"),
    )
    draw_columns = (
        Column(_("Lot"), "lot.made_on", kind="date"),
        Column(_("Maker"), "lot.line.maker_name"),
        Column(_("Origin"), "lot.region.short_name"),
        Column(_("Goods"), "lot.product.short_name"),
        Column(_("Quantity"), "quantity", kind="number", unit="lot.product.unit"),
    )
    steps = (
        NextStep(_("Check and issue"), "distribution:transfer_issue", "distribution.issue_transfer", when=may_issue, icon="check"),
        NextStep(_("Record the arrival"), "distribution:transfer_receive", "distribution.receive_transfer", when=may_receive, icon="box"),
        NextStep(
            _("Record the outcome"),
            "distribution:evaluation_create",
            "distribution.add_evaluation",
            when=evaluations.may_decide,
            icon="check",
        ),
        NextStep(
            _("Open the PDF"),
            "trainings:document_file",
            "trainings.view_issueddocument",
            when=lambda obj, user: not obj.is_draft,
            kwargs=lambda obj: {"pk": obj.document_id},
            icon="document",
        ),
        NextStep(_("Write a delivery note"), "distribution:transfer_delivery", deliveries.ADD, when=deliveries.may_send, icon="truck"),
        NextStep(_("Edit"), "distribution:transfer_update", "distribution.change_transfer", when=may_edit, icon="edit"),
        NextStep(_("Preview"), "distribution:transfer_preview", "", when=lambda obj, user: obj.is_draft, icon="document"),
        NextStep(
            _("Throw the draft away"),
            "distribution:transfer_discard",
            "distribution.change_transfer",
            when=may_edit,
            icon="trash",
            is_danger=True,
        ),
    )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        transfer, user = self.object, self.request.user
        papers = IssuedDocument.objects.for_user(user).filter(transfer=transfer)
        return super().get_context_data(
            shortages=_shortages(transfer) if transfer.is_draft else [],
            is_own_draft=transfer.is_drafted_by(user),
            is_own_dispatch=transfer.is_sent_by(user),
            is_receiving=is_at_the_other_end(transfer, user),
            lines=transfer.lines.all(),
            line_columns=self.line_columns,
            draws=[draw for draw in actions.taken_draws(transfer) if _may_see(draw, transfer, user)],
            draw_columns=self.draw_columns,
            evaluated=[part for part in _evaluated(transfer) if _may_see(part.draw, transfer, user)],
            evaluated_columns=evaluations.COLUMNS,
            own_evaluated_columns=evaluations.OWN_COLUMNS,
            days_open=evaluations.days_open(transfer) if evaluations.is_open(transfer) else None,
            documents=papers.select_related("file").defer("file__content", "snapshot", "arms"),
            deliveries=deliveries.of(transfer, user),
            delivery_columns=deliveries.IN_A_LIST,
            **kwargs,
        )


class _TransferDraft(DraftScreen):
    model = Transfer
    place = PLACE
    form_class = TransferForm
    start_class = TransferStart
    submit_label = _("Save draft")
    success_message = _("Draft saved. Somebody else issues it.")
    terms_facts = (
        Fact(_("From store"), "store"),
        Fact(_("To store"), "to_store"),
        Fact(_("Programme"), "programme"),
        Fact(_("Purpose"), "purpose_word"),
        Fact(_("Date"), "on", kind="date"),
    )


class TransferCreate(_TransferDraft):
    action = actions.draft_transfer
    title = _("New transfer")
    store = None

    def initial_facts(self) -> dict[str, Any]:
        return {}


class TransferUpdate(DraftsOnly, _TransferDraft):
    action = actions.edit_transfer
    related = (*RELATED, "receiver", "document")

    @property
    def store(self) -> Any:
        return self.object.from_store

    def initial_terms(self) -> dict[str, Any]:
        draft = self.object
        return {
            "tujuan": draft.to_store_id,
            "program": draft.programme_id,
            "keperluan": draft.purpose,
            "tanggal": draft.sent_on,
        }

    def initial_facts(self) -> dict[str, Any]:
        return values_of(self.object, TransferForm.base_fields) | {"lines": initial_lines(self.object)}


class TransferPreview(ObjectScreen):
    """The PDF as it stands now, with its DRAF mark while it is a draft."""

    model = Transfer
    permission = "distribution.view_transfer"
    related = (*RELATED, "receiver_office__region", "receiver", "programme__region")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return inline_pdf(actions.preview(self.object), self.object.giver_office, may_be_framed=True)


class TransferIssue(IssueDraft):
    model = Transfer
    action = actions.issue_transfer
    place = PLACE
    related = RELATED
    preview = "distribution:transfer_preview"

    def get_shortages(self) -> list[str]:
        return _shortages(self.object)

    def get_confirmation(self) -> Text:
        draft = self.object
        return gettext(
            "%(goods)s leave %(store)s for %(to)s, dated %(date)s, and are in transit until their arrival is recorded there. "
            "The paper gets the next number, %(number)s. Once issued it cannot be changed."
        ) % {
            "goods": goods_in_words(draft.lines.all()),
            "store": draft.from_store,
            "to": draft.to_store,
            "date": tanggal_layar(draft.sent_on),
            "number": registers.next_number(draft.giver_office, "ba-mutasi", draft.sent_on),
        }


class TransferReceive(FormScreen):
    """The other end writes down the arrival."""

    model = Transfer
    subject_is = "visible"
    form_class = ReceiveTransferForm
    action = actions.receive_transfer
    place = PLACE
    related = ("from_store__region", "to_store__region", "document")
    prefetched = ("lines__product",)
    submit_label = _("Record the arrival")
    success_message = _("The arrival is recorded.")

    def get_title(self) -> Text:
        return gettext("Record the arrival: %(what)s") % {"what": self.object}

    def get_confirmation(self) -> Text:
        words = gettext("%(goods)s come into the stock of %(store)s.")
        if self.object.purpose == Transfer.Purpose.EVALUATION:
            words = gettext("%(goods)s come to %(store)s for evaluation.")
        return words % {"goods": goods_in_words(self.object.lines.all()), "store": self.object.to_store}


class TransferDiscard(DraftsOnly, FormScreen):
    model = Transfer
    form_class = ConfirmForm
    action = actions.discard_transfer
    place = PLACE
    related = ("from_store__region", "to_store__region")
    submit_label = _("Throw the draft away")
    success_message = _("The draft was thrown away. It never had a number.")
    is_danger = True

    def get_title(self) -> Text:
        return gettext("Throw away: %(what)s") % {"what": self.object}

    def get_confirmation(self) -> Text:
        return gettext("The draft to %(recipient)s disappears. No number is lost and no goods move.") % {"recipient": self.object.to_store}

    def get_success_url(self, result: Any) -> str:
        return reverse(PLACE)


def _shortages(draft: Transfer) -> list[str]:
    return shortages(draft, draft.from_store, draft.sent_on)
