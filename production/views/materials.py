"""The catalogue of materials and its norms, and what was bought."""

from __future__ import annotations

from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ikm_program.screens import Column, Empty, Fact, Link, NextStep, Text
from ikm_program.views import DetailScreen, FormScreen, ListScreen
from production.actions import materials as actions
from production.filters.materials import MaterialFilter, ReceiptFilter
from production.forms.materials import MaterialForm, NormForm, ReasonedDayForm, ReceiptForm
from production.models import Material, MaterialNorm, MaterialReceipt
from trainings.programme_choice import chosen_programme

PLACE = "production:material_list"
RECEIPTS = "production:material_receipt_list"
NEW = Link(_("Add material"), "production:material_create", "production.add_material", icon="plus")
BUY = Link(_("Record a purchase"), "production:material_receipt_create", "production.add_materialreceipt", icon="plus")


def _is_own(material: Material, user: Any) -> bool:
    return bool(user.region.covers(material.region))


class MaterialList(ListScreen):
    model = Material
    permission = "production.view_material"
    title = _("Materials")
    lead = _("What is given to the makers, with the unit it is counted in.")
    place = PLACE
    related = ("region",)
    links = (NEW,)
    columns = (
        Column(_("Material"), "name", link="self", sort="name"),
        Column(_("Specification"), "specification"),
        Column(_("Unit"), "unit"),
        Column(_("Conversion"), "conversion", unknown=_("counted in whole units")),
        Column(_("Active"), "is_active", kind="yesno"),
    )
    search_fields = ("name", "code", "specification")
    search_label = _("Search materials")
    filterset_class = MaterialFilter
    ordering = ("name",)
    empty = Empty(_("No material yet."), _("Materials come first: what is bought and given is counted in their unit."), NEW)


class MaterialDetail(DetailScreen):
    model = Material
    permission = "production.view_material"
    place = PLACE
    related = ("region",)
    facts = (
        Fact(_("Code"), "code"),
        Fact(_("Region"), "region"),
        Fact(_("Specification"), "specification"),
        Fact(_("Unit"), "unit"),
        Fact(_("Conversion"), "conversion", unknown=_("counted in whole units")),
        Fact(_("Active"), "is_active", kind="yesno"),
    )
    steps = (
        NextStep(_("Add a norm"), "production:material_norm_create", "production.change_material", when=_is_own, icon="plus"),
        NextStep(_("Edit"), "production:material_update", "production.change_material", when=_is_own, icon="edit"),
    )
    norm_columns = (
        Column(_("Product"), "product", link="product"),
        Column(_("Norm"), "said", unknown=_("not known")),
        Column(_("Programme"), "programme", unknown=_("every programme")),
        Column(_("Valid from"), "valid_from", kind="date", unknown=_("always")),
        Column(_("Valid until"), "valid_until", kind="date", unknown=_("until further notice")),
        Column(_("Basis"), "basis"),
    )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        norms = MaterialNorm.objects.for_user(self.request.user).filter(material=self.object)
        return super().get_context_data(
            norms=norms.select_related("product", "material", "programme"),
            norm_columns=self.norm_columns,
            may_change=_is_own(self.object, self.request.user),
            **kwargs,
        )


class MaterialCreate(FormScreen):
    model = Material
    form_class = MaterialForm
    action = actions.create_material
    title = _("Add material")
    place = PLACE


class MaterialUpdate(FormScreen):
    model = Material
    form_class = MaterialForm
    action = actions.update_material
    place = PLACE
    related = ("region",)

    def get_title(self) -> Text:
        return format_lazy(_("Edit {name}"), name=self.object.name)


class NormCreate(FormScreen):
    model = Material
    form_class = NormForm
    action = actions.create_norm
    place = PLACE
    related = ("region",)

    def get_title(self) -> Text:
        return format_lazy(_("Norm of {name}"), name=self.object.name)

    def get_initial(self) -> dict[str, Any]:
        return {}


class NormUpdate(FormScreen):
    model = MaterialNorm
    form_class = NormForm
    action = actions.update_norm
    place = PLACE
    related = ("material__region", "product", "programme")

    def get_title(self) -> Text:
        return f"{self.object.product} · {self.object.material}"


class ReceiptList(ListScreen):
    model = MaterialReceipt
    permission = "production.view_materialreceipt"
    title = _("Materials bought")
    lead = _("What came into a store from outside, each with its source document.")
    place = RECEIPTS
    related = ("store", "programme", "created_by")
    prefetched = ("lines__material",)
    links = (BUY,)
    columns = (
        Column(_("Date"), "received_on", kind="date", sort="received_on", link="self"),
        Column(_("Supplier"), "supplier", sort="supplier"),
        Column(_("Source document"), "document_number"),
        Column(_("Materials"), "lines", template="production/_material_lines.html"),
        Column(_("Store"), "store.name", sort="store__region__kemendagri_code"),
        Column(_("Status"), "status", kind="status", sort="status"),
    )
    search_fields = ("supplier", "document_number", "store__name", "note")
    search_label = _("Search supplier or document")
    filterset_class = ReceiptFilter
    ordering = ("-received_on", "-pk")
    empty = Empty(_("Nothing bought yet."), _("A purchase brings material into a store; from there it is handed over."), BUY)


class ReceiptDetail(DetailScreen):
    model = MaterialReceipt
    permission = "production.view_materialreceipt"
    place = RECEIPTS
    related = ("store__region", "programme", "created_by", "cancelled_by")
    prefetched = ("lines__material",)
    facts = (
        Fact(_("Received on"), "received_on", kind="date"),
        Fact(_("Supplier"), "supplier"),
        Fact(_("Source document"), "document_number"),
        Fact(_("Date of the source document"), "document_on", kind="date"),
        Fact(_("Into store"), "store"),
        Fact(_("Programme"), "programme"),
        Fact(_("Note"), "note"),
        Fact(_("Recorded by"), "created_by"),
    )
    steps = (
        NextStep(
            _("Cancel"),
            "production:material_receipt_cancel",
            "production.cancel_materialreceipt",
            when=lambda obj, user: obj.status == "tercatat" and obj.created_by_id != user.pk and user.region.covers(obj.store.region),
            icon="cross",
            is_danger=True,
        ),
    )
    line_columns = (
        Column(_("Material"), "material", link="material"),
        Column(_("Quantity"), "said"),
        Column(_("Price of a unit"), "unit_price", kind="money", unknown=_("not recorded")),
    )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(lines=self.object.lines.all(), line_columns=self.line_columns, **kwargs)


class ReceiptCreate(FormScreen):
    model = MaterialReceipt
    form_class = ReceiptForm
    action = actions.record_receipt
    title = _("Record a purchase")
    place = RECEIPTS

    def get_initial(self) -> dict[str, Any]:
        programme = chosen_programme(self.request).programme
        return ({"programme": programme} if programme is not None and programme.is_open else {}) | super().get_initial()

    def perform(self, form: Any) -> Any:
        values = form.action_kwargs()
        try:
            return actions.record_receipt(values.pop("store"), by=self.request.user, key=form.cleaned_data["key"], **values)
        except actions.AlreadyBought as refusal:
            form.intro_template, form.earlier = "production/_bought_before.html", refusal.receipt
            raise


class ReceiptCancel(FormScreen):
    model = MaterialReceipt
    form_class = ReasonedDayForm
    action = actions.cancel_receipt
    place = RECEIPTS
    related = ("store__region", "programme")
    submit_label = _("Cancel the record")
    success_message = _("The record is cancelled; the material is out of the store again.")
    is_danger = True

    def get_title(self) -> Text:
        return gettext("Cancel: %(what)s") % {"what": self.object}

    def get_confirmation(self) -> Text:
        lines = ", ".join(f"{line.said} {line.material}" for line in self.object.lines.select_related("material"))
        return gettext("%(lines)s leave %(store)s again. The record stays, marked as cancelled.") % {
            "lines": lines,
            "store": self.object.store,
        }
