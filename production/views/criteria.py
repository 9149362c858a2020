from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ikm_program.screens import Fact, NextStep, Text
from ikm_program.views import DetailScreen, FormScreen
from production.actions.criteria import create_criterion, update_criterion
from production.forms.inspections import CriterionForm
from production.models import Criterion, Product

PLACE = "production:product_list"


class CriterionDetail(DetailScreen):
    model = Criterion
    permission = "production.view_criterion"
    place = PLACE
    related = ("product__region", "created_by")
    facts = (
        Fact(_("Product"), "product", link="product"),
        Fact(_("Requirement"), "requirement"),
        Fact(_("Basis"), "basis"),
        Fact(_("For goods made from"), "valid_from", kind="date", unknown=_("no beginning")),
        Fact(_("For goods made until"), "valid_until", kind="date", unknown=_("no end")),
        Fact(_("Entered by"), "created_by"),
    )
    steps = (
        NextStep(
            _("Edit"),
            "production:criterion_update",
            "production.change_criterion",
            when=lambda criterion, user: user.region.covers(criterion.product.region),
            icon="edit",
        ),
    )

    def parents(self) -> Sequence[tuple[Text, str]]:
        return [(self.object.product.name, self.object.product.get_absolute_url())]


class CriterionCreate(FormScreen):
    """From the product's page: one more thing that it is examined for."""

    model = Product
    form_class = CriterionForm
    action = create_criterion
    place = PLACE

    def get_title(self) -> Text:
        return gettext("Add a criterion: %(product)s") % {"product": self.object.name}

    def get_initial(self) -> dict[str, Any]:
        return {}

    def parents(self) -> Sequence[tuple[Text, str]]:
        return [(self.object.name, self.object.get_absolute_url())]


class CriterionUpdate(FormScreen):
    model = Criterion
    form_class = CriterionForm
    action = update_criterion
    place = PLACE
    related = ("product__region",)

    def get_title(self) -> Text:
        return gettext("Edit %(criterion)s") % {"criterion": self.object.name}

    def parents(self) -> Sequence[tuple[Text, str]]:
        return [(self.object.product.name, self.object.product.get_absolute_url())]
