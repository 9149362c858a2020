from __future__ import annotations

import datetime as dt
from typing import ClassVar

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ikm_program.models import Record
from ikm_program.scoping import Scope, SharedDownward
from production.models.product import Product
from trainings.models.region import Validity, ValidityQuerySet, validity_order


class CriterionQuerySet(ValidityQuerySet["Criterion"]):
    def of_product(self, product: Product) -> CriterionQuerySet:
        return self.filter(product=product)


class Criterion(Record, Validity):
    """What a product is examined for. It judges goods that were made while it held: a standard of September says nothing of June."""

    product = models.ForeignKey(Product, models.PROTECT, verbose_name=_("product"), related_name="criteria")
    name = models.CharField(_("criterion"), max_length=120)
    requirement = models.CharField(_("requirement"), max_length=300)
    basis = models.CharField(_("basis"), max_length=200, blank=True, help_text=_("The standard, decree or source it comes from."))

    SCOPE: ClassVar[Scope] = SharedDownward("product__region")
    objects = CriterionQuerySet.as_manager()

    class Meta:
        verbose_name = _("inspection criterion")
        verbose_name_plural = _("inspection criteria")
        ordering = ("product", "pk")
        constraints = [
            validity_order("%(app_label)s_%(class)s_validity_in_order"),
            models.UniqueConstraint(
                fields=["product", "name", "requirement"],
                name="%(app_label)s_%(class)s_once",
                violation_error_message=_("This product already has this criterion."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("production:criterion_detail", kwargs={"pk": self.pk})

    def judges(self, made_on: dt.date) -> bool:
        """Goods made on that day."""
        return self.is_valid_on(made_on)
