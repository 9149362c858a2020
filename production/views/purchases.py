"""Buying back: many makers entered in one form, each a purchase with a receipt of its own, approved by somebody else."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from ikm_program.bulk import BulkAction
from ikm_program.formatting import rupiah
from ikm_program.screens import Column, Empty, Fact, Link, NextStep, Text
from ikm_program.views import DetailScreen, FormScreen, ListScreen, ObjectScreen
from production import snapshots
from production.actions import purchases as actions
from production.filters.gates import PurchaseFilter
from production.forms.inspections import CancelForm
from production.forms.output import ConfirmForm
from production.forms.purchases import PurchaseForm
from production.forms.terms import PurchaseStart
from production.models import Purchase
from production.views.issued import OPEN_PDF, DraftsOnly, papers_of
from production.views.terms import TermsScreen
from trainings.views.documents import inline_pdf

PLACE = "production:purchase_list"
NEW = Link(_("New purchase"), "production:purchase_create", "production.add_purchase", icon="plus")
TO_PAY = Link(_("Purchases to be paid"), "production:purchases_to_pay", "production.view_purchase", icon="tasks")
RELATED = (
    "programme__region",
    "product",
    "store__region",
    "seller__enterprise",
    "seller__region",
    "office__region",
    "signer",
    "agreement",
    "created_by",
    "document",
)
Status = Purchase.Status


def _is_ours(purchase: Purchase, user: Any) -> bool:
    return bool(user.region.covers(purchase.store.region))


def may_approve(purchase: Purchase, user: Any) -> bool:
    return purchase.is_draft and _is_ours(purchase, user) and not purchase.is_entered_by(user)


def may_discard(purchase: Purchase, user: Any) -> bool:
    return purchase.is_draft and _is_ours(purchase, user)


def may_cancel(purchase: Purchase, user: Any) -> bool:
    return purchase.status == Status.APPROVED and purchase.payment is None and _is_ours(purchase, user)


class PurchaseList(ListScreen):
    model = Purchase
    permission = "production.view_purchase"
    title = _("Purchases from makers")
    lead = _("Goods that a programme buys back before it hands them over. Each names its maker.")
    place = PLACE
    columns = (
        Column(_("Maker"), "seller.name", link="self", sort="seller__name"),
        Column(_("Date"), "purchased_on", kind="date", sort="purchased_on"),
        Column(_("Product"), "product.name", sort="product__name"),
        Column(_("Quantity"), "quantity", kind="number", unit="product.unit", sort="quantity"),
        Column(_("Amount"), "amount", kind="money", sort="amount"),
        Column(_("Status"), "status", kind="status", sort="status"),
        Column(_("Payment"), "payment.get_status_display", link="payment", unknown=_("on no list yet"), is_optional=True),
        Column(_("Number"), "number", is_optional=True, unknown=_("draft, no number yet")),
        Column(_("Store"), "store.name", is_optional=True),
        Column(_("Agreement"), "agreement", is_optional=True),
    )
    search_fields = ("seller__name", "seller__enterprise__name", "product__name", "agreement__number", "document__number")
    search_label = _("Search maker, product or agreement")
    filterset_class = PurchaseFilter
    ordering = ("-purchased_on", "-pk")
    links = (
        NEW,
        TO_PAY,
        Link(_("Prices"), "production:price_list", "production.view_purchaseprice", icon="report"),
        Link(_("Agreements"), "production:agreement_list", "production.view_purchaseagreement", icon="document"),
    )
    bulk_actions = (
        BulkAction(
            "setujui",
            _("Approve"),
            actions.approve_each,
            consequence=_("The pieces are bought and free to be handed over. Nobody approves what they entered themselves."),
        ),
    )
    empty = Empty(_("Nothing was bought yet."), _("Where a programme buys back, goods can be handed over once they are bought."), NEW)

    def get_queryset(self) -> Any:
        return super().get_queryset().with_names()


class PurchaseDetail(DetailScreen):
    model = Purchase
    permission = "production.view_purchase"
    place = PLACE
    related = (
        *RELATED,
        "approved_by",
        "cancelled_by",
        "payment_line__list__programme",
        "payment_line__list__region",
    )
    facts = (
        Fact(_("Maker"), "seller", link="seller"),
        Fact(_("Small business"), "seller.enterprise", link="seller.enterprise"),
        Fact(_("Date"), "purchased_on", kind="date"),
        Fact(_("Product"), "product", link="product"),
        Fact(_("Quantity"), "quantity", kind="number", unit="product.unit"),
        Fact(_("Price of one unit"), "unit_price", kind="money"),
        Fact(_("Amount"), "amount", kind="money"),
        Fact(_("Agreement"), "agreement", link="agreement"),
        Fact(_("Store"), "store"),
        Fact(_("Programme"), "programme"),
        Fact(_("Official who buys"), "signer"),
        Fact(_("Entered by"), "created_by"),
        Fact(_("Approved by"), "approved_by", unknown=_("not approved yet")),
        Fact(_("Payment list"), "payment", link="payment", unknown=_("on no list yet")),
        Fact(_("Status of the payment"), "payment.get_status_display", unknown=_("on no list yet")),
        Fact(_("Paid on"), "payment.paid_on", kind="date", unknown=_("not yet")),
        Fact(_("Note"), "note"),
    )
    line_columns = (
        Column(_("Production date"), "lot.made_on", kind="date"),
        Column(_("Report"), "lot.line.entry", link="lot.line.entry"),
        Column(_("Quantity"), "quantity", kind="number", unit="lot.product.unit"),
    )
    steps = (
        NextStep(_("Check and approve"), "production:purchase_approve", "production.approve_purchase", when=may_approve, icon="check"),
        OPEN_PDF,
        NextStep(_("Preview"), "production:purchase_preview", "", when=lambda obj, user: obj.is_draft, icon="document"),
        NextStep(
            _("Throw the draft away"),
            "production:purchase_discard",
            "production.change_purchase",
            when=may_discard,
            icon="trash",
            is_danger=True,
        ),
        NextStep(
            _("Cancel the purchase"),
            "production:purchase_cancel",
            "production.approve_purchase",
            when=may_cancel,
            icon="alert",
            is_danger=True,
        ),
    )

    def get_queryset(self) -> Any:
        return super().get_queryset().defer("payment_line__list__snapshot")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        lines = self.object.lines.select_related("lot__product", "lot__line__entry__product", "lot__line__entry__region")
        is_own_draft = self.object.is_draft and self.object.is_entered_by(self.request.user)
        papers = papers_of(self.object, self.request.user)
        return super().get_context_data(lines=lines, line_columns=self.line_columns, is_own_draft=is_own_draft, documents=papers, **kwargs)


class PurchasePreview(ObjectScreen):
    """The receipt as it stands now, with its DRAF mark while it is a draft."""

    model = Purchase
    permission = "production.view_purchase"
    related = RELATED

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return inline_pdf(snapshots.of_purchase(self.object, None), self.object.office, may_be_framed=True)


class PurchaseCreate(TermsScreen):
    model = Purchase
    form_class = PurchaseForm
    start_class = PurchaseStart
    action = actions.enter_purchases
    title = _("New purchase")
    place = PLACE
    submit_label = _("Save draft")

    def get_success_message(self, result: Any) -> Text:
        if not result:  # sent twice: they are there already
            return gettext("Data saved.")
        words = ngettext(
            "%(count)s purchase over %(sum)s is a draft. Somebody else approves it.",
            "%(count)s purchases over %(sum)s are drafts. Somebody else approves them.",
            len(result),
        )
        return words % {"count": len(result), "sum": rupiah(sum(purchase.amount for purchase in result))}

    def get_success_url(self, result: Any) -> str:
        return result[0].get_absolute_url() if result and len(result) == 1 else f"{reverse(PLACE)}?status={Status.DRAFT}"


class PurchaseApprove(DraftsOnly, FormScreen):
    model = Purchase
    form_class = ConfirmForm
    template_name = "production/gate_issue.html"
    action = actions.approve_purchase
    place = PLACE
    related = RELATED
    submit_label = _("Approve")
    success_message = _("The purchase is approved; the pieces are free to be handed over.")

    def get_title(self) -> Text:
        return gettext("Approve: %(what)s") % {"what": self.object}

    def get_confirmation(self) -> Text:
        bought = self.object
        return gettext("%(quantity)s %(unit)s at %(price)s, together %(amount)s, are bought from %(maker)s.") % {
            "quantity": bought.quantity,
            "unit": bought.product.unit,
            "price": rupiah(bought.unit_price),
            "amount": rupiah(bought.amount),
            "maker": bought.seller,
        }

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        preview = reverse("production:purchase_preview", kwargs={"pk": self.object.pk})
        return super().get_context_data(is_own_draft=self.object.is_entered_by(self.request.user), preview_url=preview, **kwargs)


class PurchaseCancel(FormScreen):
    model = Purchase
    form_class = CancelForm
    action = actions.cancel_purchase
    place = PLACE
    related = RELATED
    submit_label = _("Cancel the purchase")
    success_message = _("The purchase is cancelled; the pieces wait to be bought again.")
    is_danger = True

    def get_title(self) -> Text:
        return gettext("Cancel: %(what)s") % {"what": self.object}

    def get_confirmation(self) -> Text:
        return gettext("The pieces wait to be bought again. This is refused where one of them has left the store since.")


class PurchaseDiscard(DraftsOnly, FormScreen):
    model = Purchase
    form_class = ConfirmForm
    action = actions.discard_purchase
    place = PLACE
    related = RELATED
    submit_label = _("Throw the draft away")
    success_message = _("The draft was thrown away. Nothing was bought.")
    is_danger = True

    def get_title(self) -> Text:
        return gettext("Throw away: %(what)s") % {"what": self.object}

    def get_success_url(self, result: Any) -> str:
        return reverse(PLACE)
