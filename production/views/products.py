from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from ikm_program.screens import Column, Empty, Fact, Link, NextStep, Text
from ikm_program.views import DetailScreen, FormScreen, ListScreen
from production.actions.products import create_product, link_product, unlink_product, update_product
from production.filters.targets import ProductFilter
from production.forms.products import LinkProductForm, ProductForm, UnlinkProductForm
from production.models import ActivityProduct, Criterion, Product, ProductTarget
from trainings.models import Activity

PLACE = "production:product_list"
NEW = Link(_("Add product"), "production:product_create", "production.add_product", icon="plus")


def _is_own(product: Product, user: Any) -> bool:
    return bool(user.region.covers(product.region))


class ProductList(ListScreen):
    model = Product
    permission = "production.view_product"
    title = _("Products")
    place = PLACE
    related = ("region",)
    links = (NEW,)
    columns = (
        Column(_("Product"), "name", link="self", sort="name"),
        Column(_("Unit"), "unit"),
        Column(_("Contents"), "content", unknown=_("no conversion")),
        Column(_("Distinguishing mark"), "attribute", unknown=_("none")),
        Column(_("Free of charge"), "is_free", kind="yesno"),
        Column(_("Active"), "is_active", kind="yesno"),
    )
    search_fields = ("name", "short_name", "code", "attribute")
    search_label = _("Search products")
    filterset_class = ProductFilter
    ordering = ("name",)
    empty = Empty(_("No product yet."), _("Products come first: targets, output and handovers are counted in their unit."), NEW)


class ProductDetail(DetailScreen):
    model = Product
    permission = "production.view_product"
    place = PLACE
    related = ("region",)
    facts = (
        Fact(_("Code"), "code"),
        Fact(_("Short name"), "short_name"),
        Fact(_("Region"), "region"),
        Fact(_("Unit"), "unit"),
        Fact(_("Contents"), "content", unknown=_("no conversion")),
        Fact(_("Conversion"), "conversion", unknown=_("no conversion")),
        Fact(_("Specification"), "specification"),
        Fact(_("Distinguishing mark"), "attribute", unknown=_("none")),
        Fact(_("Free of charge"), "is_free", kind="yesno"),
        Fact(_("Condition of use"), "condition_of_use", unknown=_("none")),
        Fact(_("Most that one person can make in a day"), "pieces_per_person_day", kind="number", unit="unit", unknown=_("not determined")),
        Fact(_("Active"), "is_active", kind="yesno"),
    )
    steps = (
        NextStep(_("Edit"), "production:product_update", "production.change_product", when=_is_own, icon="edit"),
        NextStep(_("Add a criterion"), "production:criterion_create", "production.add_criterion", when=_is_own, icon="plus"),
        NextStep(_("Link an activity"), "production:product_link", "trainings.change_activity", icon="plus"),
    )
    criterion_columns = (
        Column(_("Criterion"), "name", link="self"),
        Column(_("Requirement"), "requirement"),
        Column(_("Basis"), "basis"),
        Column(_("Valid"), "valid_from", template="trainings/_validity.html"),
    )
    target_columns = (
        Column(_("Programme"), "programme", link="self"),
        Column(_("Target"), "total", template="production/_target_total.html"),
        Column(_("Standing"), "get_standing_display"),
    )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user: Any = self.request.user
        made_in = ActivityProduct.objects.for_user(user).filter(product=self.object).select_related("activity__programme__region")
        targets = ProductTarget.objects.for_user(user).filter(product=self.object).select_related("programme", "product")
        return super().get_context_data(
            links_of_activities=[(link, user.region.covers(link.activity.programme.region)) for link in made_in],
            targets=targets,
            target_columns=self.target_columns,
            criteria=Criterion.objects.for_user(user).of_product(self.object),
            criterion_columns=self.criterion_columns,
            **kwargs,
        )


class ProductCreate(FormScreen):
    model = Product
    form_class = ProductForm
    action = create_product
    title = _("Add product")
    place = PLACE


class ProductUpdate(FormScreen):
    model = Product
    form_class = ProductForm
    action = update_product
    place = PLACE
    related = ("region",)

    def get_title(self) -> Text:
        return format_lazy(_("Edit {name}"), name=self.object.name)


class ProductLink(FormScreen):
    """From the product's page: an activity that makes it."""

    model = Product
    form_class = LinkProductForm
    action = link_product
    subject_is = "visible"
    place = PLACE
    submit_label = _("Link")

    def get_title(self) -> Text:
        return format_lazy(_("Link an activity to {name}"), name=self.object.name)

    def perform(self, form: Any) -> Any:
        cleaned = form.cleaned_data
        link_product(cleaned["activity"], by=self.request.user, key=cleaned["key"], product=self.object)
        return self.object


class ProductUnlink(FormScreen):
    model = Product
    form_class = UnlinkProductForm
    action = unlink_product
    subject_is = "visible"
    place = PLACE
    submit_label = _("Unlink")
    is_danger = True

    @property
    def activity(self) -> Activity:
        return get_object_or_404(Activity.objects.owned_by(self.request.user), pk=self.kwargs["activity"], products__product=self.object)

    def get_title(self) -> Text:
        return format_lazy(_("Unlink {name}"), name=self.object.name)

    def get_confirmation(self) -> Text:
        return format_lazy(
            _("“{activity}” will no longer make {name}; its districts drop out of the product's target division."),
            activity=self.activity.name,
            name=self.object.name,
        )

    def perform(self, form: Any) -> Any:
        unlink_product(self.activity, by=self.request.user, key=form.cleaned_data["key"], product=self.object)
        return self.object
