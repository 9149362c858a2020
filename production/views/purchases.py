"""Buying back: prices, agreements, and the purchases themselves, one a maker."""

from __future__ import annotations

import hashlib
import logging
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from ikm_program import audit
from ikm_program.bulk import BulkAction
from ikm_program.formatting import rupiah
from ikm_program.screens import Column, Empty, Fact, Link, NextStep, Text
from ikm_program.uploads import SENT_BY_PEOPLE
from ikm_program.views import DetailScreen, FormScreen, ListScreen, ObjectScreen
from production import snapshots
from production.actions import purchases as actions
from production.filters.gates import PurchaseFilter
from production.forms.inspections import CancelForm
from production.forms.output import ConfirmForm
from production.forms.purchases import AgreementForm, PriceForm, PurchaseForm
from production.forms.terms import PurchaseStart
from production.models import Purchase, PurchaseAgreement, PurchasePrice
from production.views.inspections import OPEN_PDF, DraftsOnly, papers_of
from production.views.terms import TermsScreen
from trainings.views.documents import inline_pdf

log = logging.getLogger(__name__)

PLACE = "production:purchase_list"
NEW = Link(_("New purchase"), "production:purchase_create", "production.add_purchase", icon="plus")
NEW_PRICE = Link(_("Add a price"), "production:price_create", "production.add_purchaseprice", icon="plus")
NEW_AGREEMENT = Link(_("Add an agreement"), "production:agreement_create", "production.add_purchaseagreement", icon="plus")
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
    return purchase.status == Status.APPROVED and _is_ours(purchase, user)


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
    related = (*RELATED, "approved_by", "cancelled_by")
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
    autosaves = True
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


class PriceList(ListScreen):
    model = PurchasePrice
    permission = "production.view_purchaseprice"
    title = _("Purchase prices")
    lead = _("What a programme pays for one unit. A price that was paid stays; it ends, and another one follows.")
    place = PLACE
    related = ("programme", "product")
    links = (NEW_PRICE,)
    columns = (
        Column(_("Product"), "product.name", link="self", sort="product__name"),
        Column(_("Programme"), "programme"),
        Column(_("Price of one unit"), "price", kind="money", sort="price"),
        Column(_("Valid from"), "valid_from", kind="date", unknown=_("no beginning")),
        Column(_("Valid until"), "valid_until", kind="date", unknown=_("no end")),
        Column(_("Basis"), "basis"),
    )
    search_fields = ("product__name", "programme__name", "basis")
    search_label = _("Search prices")
    ordering = ("programme", "product")
    empty = Empty(_("No price yet."), _("Goods are bought at the price that holds on the day."), NEW_PRICE)

    def parents(self) -> Any:
        return ((_("Purchases from makers"), reverse(PLACE)),)


class PriceDetail(DetailScreen):
    model = PurchasePrice
    permission = "production.view_purchaseprice"
    place = PLACE
    related = ("programme__region", "product", "created_by")
    facts = (
        Fact(_("Product"), "product", link="product"),
        Fact(_("Programme"), "programme", link="programme"),
        Fact(_("Price of one unit"), "price", kind="money"),
        Fact(_("Valid from"), "valid_from", kind="date", unknown=_("no beginning")),
        Fact(_("Valid until"), "valid_until", kind="date", unknown=_("no end")),
        Fact(_("Basis"), "basis"),
        Fact(_("Entered by"), "created_by"),
    )
    steps = (
        NextStep(
            _("Edit"),
            "production:price_update",
            "production.change_purchaseprice",
            when=lambda price, user: user.region.covers(price.programme.region),
            icon="edit",
        ),
    )

    def parents(self) -> Any:
        return ((_("Purchase prices"), reverse("production:price_list")),)


class PriceCreate(FormScreen):
    model = PurchasePrice
    form_class = PriceForm
    action = actions.create_price
    title = _("Add a price")
    place = PLACE


class PriceUpdate(FormScreen):
    model = PurchasePrice
    form_class = PriceForm
    action = actions.update_price
    place = PLACE
    related = ("programme__region", "product")


class AgreementList(ListScreen):
    model = PurchaseAgreement
    permission = "production.view_purchaseagreement"
    title = _("Purchase agreements")
    place = PLACE
    related = ("programme", "region")
    links = (NEW_AGREEMENT,)
    columns = (
        Column(_("Number"), "number", link="self", sort="number"),
        Column(_("Date"), "agreed_on", kind="date", sort="agreed_on"),
        Column(_("Programme"), "programme"),
        Column(_("What it is about"), "about"),
        Column(_("Region"), "region"),
    )
    search_fields = ("number", "about", "programme__name")
    search_label = _("Search agreements")
    ordering = ("-agreed_on", "-pk")
    empty = Empty(_("No agreement yet."), _("Every purchase refers to one."), NEW_AGREEMENT)

    def parents(self) -> Any:
        return ((_("Purchases from makers"), reverse(PLACE)),)


class AgreementDetail(DetailScreen):
    model = PurchaseAgreement
    permission = "production.view_purchaseagreement"
    place = PLACE
    related = ("programme", "region", "created_by")
    facts = (
        Fact(_("Number"), "number"),
        Fact(_("Date"), "agreed_on", kind="date"),
        Fact(_("What it is about"), "about"),
        Fact(_("Programme"), "programme", link="programme"),
        Fact(_("Region"), "region"),
        Fact(_("Entered by"), "created_by"),
    )
    steps = (
        NextStep(
            _("Open the signed agreement"),
            "production:agreement_file",
            "production.view_purchaseagreement",
            when=lambda agreement, user: bool(agreement.file),
            icon="document",
        ),
    )
    purchase_columns = (
        Column(_("Maker"), "seller.name", link="self"),
        Column(_("Date"), "purchased_on", kind="date"),
        Column(_("Product"), "product.name"),
        Column(_("Quantity"), "quantity", kind="number", unit="product.unit"),
        Column(_("Amount"), "amount", kind="money"),
        Column(_("Status"), "status", kind="status"),
    )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        purchases = Purchase.objects.for_user(self.request.user).filter(agreement=self.object).with_names()
        return super().get_context_data(purchases=purchases, purchase_columns=self.purchase_columns, **kwargs)


class AgreementCreate(FormScreen):
    model = PurchaseAgreement
    form_class = AgreementForm
    action = actions.create_agreement
    title = _("Add an agreement")
    place = PLACE


class AgreementFile(ObjectScreen):
    """The signed agreement: private, and checked against the hash it was kept with."""

    model = PurchaseAgreement
    permission = "production.view_purchaseagreement"
    place = PLACE

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        agreement = self.object
        if not agreement.file:
            raise Http404
        with agreement.file.open("rb") as file:
            content = file.read()
        if hashlib.sha256(content).hexdigest() != agreement.file_sha256:
            log.error("the file of agreement %s does not have its hash", agreement.pk)
            audit.record("file_damaged", agreement, by=request.user, after={"expected": agreement.file_sha256})
            self.template_name, self.title = "trainings/file_damaged.html", _("The stored file is damaged")
            return self.render_to_response(self.get_context_data(document=None), status=500)
        audit.record("download", agreement, by=request.user, after={"sha256": agreement.file_sha256})
        is_pdf = agreement.file.name.endswith(".pdf")  # kept as it was sent: saved by whoever wants it, never run inside our pages
        name = f"perjanjian-{agreement.pk}.{'pdf' if is_pdf else 'jpg'}"
        headers = SENT_BY_PEOPLE | {"Content-Disposition": f'{"attachment" if is_pdf else "inline"}; filename="{name}"'}
        return HttpResponse(content, content_type="application/pdf" if is_pdf else "image/jpeg", headers=headers)
