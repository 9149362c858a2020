"""What purchases stand on: the price that holds on the day, and the agreement with its signed paper."""

from __future__ import annotations

import hashlib
import logging
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ikm_program import audit
from ikm_program.screens import Column, Empty, Fact, Link, NextStep
from ikm_program.uploads import SENT_BY_PEOPLE
from ikm_program.views import DetailScreen, FormScreen, ListScreen, ObjectScreen
from production.actions import purchases as actions
from production.forms.purchases import AgreementForm, PriceForm
from production.models import Purchase, PurchaseAgreement, PurchasePrice

log = logging.getLogger(__name__)

PLACE = "production:purchase_list"
NEW_PRICE = Link(_("Add a price"), "production:price_create", "production.add_purchaseprice", icon="plus")
NEW_AGREEMENT = Link(_("Add an agreement"), "production:agreement_create", "production.add_purchaseagreement", icon="plus")


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
