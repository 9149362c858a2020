"""Both ledgers added up by day, as far as they were at some moment: what came later is read from the ledgers themselves."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from ikm_program.scoping import Internal, Owned, Scope, ScopedQuerySet
from production.models.ledger import Account
from production.models.product import Product
from trainings.models import Programme, Region


class SummedUpTo(models.Model):
    """The last movement of a ledger that is in the sums by day."""

    ledger = models.CharField(_("ledger"), max_length=60, unique=True)  # label of its model
    movement = models.BigIntegerField(_("movement"), default=0)

    SCOPE: ClassVar[Scope] = Internal()

    class Meta:
        verbose_name = _("state of the sums by day")
        verbose_name_plural = _("states of the sums by day")

    def __str__(self) -> str:
        return f"{self.ledger}: {self.movement}"


class DaySum(models.Model):
    """What moved on one day of one product of one district of origin."""

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="+")
    product = models.ForeignKey(Product, models.PROTECT, related_name="+")
    region = models.ForeignKey(Region, models.PROTECT, related_name="+")
    effective_on = models.DateField(_("happened on"))

    SCOPE: ClassVar[Scope] = Owned("region")
    objects = ScopedQuerySet.as_manager()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.programme_id} {self.product_id} {self.region_id} {self.effective_on}"


class ReportDay(DaySum):
    """Of the report ledger. `reports` are those that came in less those taken back; corrections are not counted."""

    reports = models.IntegerField(default=0)
    reported = models.BigIntegerField(default=0)
    pending = models.BigIntegerField(default=0)
    verified = models.BigIntegerField(default=0)
    rejected = models.BigIntegerField(default=0)

    class Meta:
        verbose_name = _("reports of a day")
        verbose_name_plural = _("reports of a day")
        constraints = [
            models.UniqueConstraint(fields=["programme", "product", "region", "effective_on"], name="%(app_label)s_%(class)s_once"),
        ]


class StockDay(DaySum):
    """Of the stock ledger. `returned` is the part that came back to the stock from a receiver."""

    account = models.CharField(_("where"), max_length=12, choices=Account.choices)
    quantity = models.BigIntegerField(default=0)
    returned = models.BigIntegerField(default=0)

    class Meta:
        verbose_name = _("stock movements of a day")
        verbose_name_plural = _("stock movements of a day")
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "product", "region", "account", "effective_on"], name="%(app_label)s_%(class)s_once"
            ),
        ]
