from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ikm_program.formatting import desimal, jumlah
from ikm_program.models import Record
from ikm_program.scoping import Scope, ScopedQuerySet, SharedDownward
from production.models.product import Product
from trainings.models import Programme, Region
from trainings.models.region import Validity, ValidityQuerySet, validity_order

FINEST = 10**6  # decimals beyond this say nothing on paper


class MaterialQuerySet(ScopedQuerySet["Material"]):
    def active(self) -> MaterialQuerySet:
        return self.filter(is_active=True)


class Material(Record):
    """What the makers are given to work with. Kept in whole base units (cm), said and typed in the unit of papers (1,5 meter)."""

    region = models.ForeignKey(Region, models.PROTECT, verbose_name=_("region"), related_name="+")
    code = models.SlugField(_("code"), max_length=40)
    name = models.CharField(_("name"), max_length=120)
    specification = models.CharField(_("specification"), max_length=200, blank=True, help_text=_("For example spunbond 75 g/m²."))
    unit = models.CharField(_("unit on papers"), max_length=20, help_text=_("meter, rol, buah, kg"))
    base_unit = models.CharField(
        _("smallest unit"), max_length=20, help_text=_("What is counted exactly: cm for cloth, gram for ginger, buah for zips.")
    )
    base_per_unit = models.PositiveIntegerField(
        _("smallest units in one unit"), default=1, help_text=_("100 when a metre has 100 cm; 1 when both are the same.")
    )
    is_active = models.BooleanField(_("active"), default=True)

    SCOPE: ClassVar[Scope] = SharedDownward("region")
    objects = MaterialQuerySet.as_manager()

    class Meta:
        verbose_name = _("material")
        verbose_name_plural = _("materials")
        ordering = ("name", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["region", "code"],
                name="%(app_label)s_%(class)s_coded_once",
                violation_error_message=_("There is a material of this code already."),
            ),
            models.CheckConstraint(
                condition=Q(base_per_unit__gt=0),
                name="%(app_label)s_%(class)s_has_units",
                violation_error_message=_("One unit holds at least one of the smallest units."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("production:material_detail", kwargs={"pk": self.pk})

    def said(self, quantity: int) -> str:
        """As a person says it: "1,5 meter"; where no decimal says it exactly, "1 lusin 5 buah"."""
        whole, rest = divmod(abs(quantity), self.base_per_unit)
        sign = "-" if quantity < 0 else ""
        if rest * FINEST % self.base_per_unit:
            return f"{sign}{jumlah(whole)} {self.unit} {jumlah(rest)} {self.base_unit}"
        return f"{desimal(self.in_units(quantity))} {self.unit}"

    def on_paper(self, quantity: int) -> tuple[str, str]:
        """Amount and unit for a table: the smallest unit where no decimal of the large one says it exactly."""
        if quantity * FINEST % self.base_per_unit:
            return jumlah(quantity), self.base_unit
        return desimal(self.in_units(quantity)), self.unit

    def in_units(self, quantity: int) -> Decimal:
        """150 cm are 1,5 (metres)."""
        return Decimal(quantity) / self.base_per_unit

    def in_base(self, amount: Decimal) -> int | None:
        """1,5 (metres) are 150 cm; None when the smallest unit does not divide it."""
        exact = amount * self.base_per_unit
        return int(exact) if exact == exact.to_integral_value() else None

    @property
    def conversion(self) -> str:
        """ "1 meter = 100 cm"; empty where both are the same."""
        return "" if self.base_per_unit == 1 else f"1 {self.unit} = {jumlah(self.base_per_unit)} {self.base_unit}"


class MaterialNorm(Record, Validity):
    """How much of a material one unit of a product takes: 4 metres a suit. Empty: the product needs it, nobody has said how much."""

    product = models.ForeignKey(Product, models.PROTECT, verbose_name=_("product"), related_name="norms")
    material = models.ForeignKey(Material, models.PROTECT, verbose_name=_("material"), related_name="norms")
    programme = models.ForeignKey(
        Programme,
        models.PROTECT,
        verbose_name=_("programme"),
        related_name="+",
        null=True,
        blank=True,
        help_text=_("Leave empty when it holds for every programme."),
    )
    quantity = models.PositiveIntegerField(_("norm"), null=True, blank=True)  # of the smallest units
    basis = models.CharField(_("basis"), max_length=200, blank=True, help_text=_("Decree or source of the norm."))

    SCOPE: ClassVar[Scope] = SharedDownward("material__region")
    objects = ValidityQuerySet.as_manager()

    class Meta:
        verbose_name = _("material norm")
        verbose_name_plural = _("material norms")
        ordering = ("product__name", "valid_from", "pk")
        constraints = [
            validity_order("%(app_label)s_%(class)s_validity_in_order"),
            models.CheckConstraint(
                condition=Q(quantity__isnull=True) | Q(quantity__gt=0),
                name="%(app_label)s_%(class)s_takes_some",
                violation_error_message=_("A norm is more than nothing. Leave it empty when it is not known."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.product} · {self.material}: {self.said or '?'}"

    def get_absolute_url(self) -> str:
        return self.material.get_absolute_url()

    @property
    def said(self) -> str:
        """ "4 meter / set"; empty where nobody knows."""
        return "" if self.quantity is None else f"{self.material.said(self.quantity)} / {self.product.unit}"

    def overlaps(self, since: dt.date | None, until: dt.date | None) -> bool:
        """Whether some day lies in both."""
        begins_in_time = self.valid_from is None or until is None or self.valid_from <= until
        ends_late_enough = self.valid_until is None or since is None or since <= self.valid_until
        return begins_in_time and ends_late_enough
