"""The two ledgers. Nothing in them is ever changed: a wrong line is answered by an opposite one.

ReportMovement: reported = pending + verified + rejected, on every row and so in every sum.
StockMovement: every posting but the first of a lot sums to zero, so verified = stock + evaluation + transit + handed over + written off.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from ikm_program.formatting import tanggal_layar
from ikm_program.models import AppendOnly, Record
from ikm_program.scoping import Owned, Scope, ScopedQuerySet, SharedDownward
from production.models.output import OutputEntry, OutputLine
from production.models.product import Product
from trainings.models import Office, Programme, Region


class Store(Record):
    """Where goods lie: one or more for a district or the province."""

    region = models.ForeignKey(Region, models.PROTECT, verbose_name=_("region"), related_name="stores")
    office = models.ForeignKey(Office, models.PROTECT, verbose_name=_("keeping office"), related_name="stores", null=True, blank=True)
    name = models.CharField(_("name"), max_length=120)
    address = models.CharField(_("address"), max_length=250, blank=True)
    is_default = models.BooleanField(_("verified output goes here"), default=True)

    SCOPE: ClassVar[Scope] = SharedDownward("region")
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("store")
        verbose_name_plural = _("stores")
        ordering = ("region__kemendagri_code", "name")
        constraints = [
            models.UniqueConstraint(
                fields=["region"],
                condition=Q(is_default=True),
                name="%(app_label)s_%(class)s_one_default_per_region",
                violation_error_message=_("This region already has a store for verified output."),
            )
        ]

    def __str__(self) -> str:
        return self.name


class ReportMovement(AppendOnly):
    """What a district's reports say, as signed differences in stock units."""

    entry = models.ForeignKey(OutputEntry, models.PROTECT, related_name="report_movements")
    programme = models.ForeignKey(Programme, models.PROTECT, related_name="+")
    product = models.ForeignKey(Product, models.PROTECT, related_name="+")
    region = models.ForeignKey(Region, models.PROTECT, related_name="+")
    reported = models.IntegerField()
    pending = models.IntegerField()
    verified = models.IntegerField()
    rejected = models.IntegerField()
    effective_on = models.DateField(_("happened on"))
    recorded_at = models.DateTimeField(_("recorded at"), auto_now_add=True)

    SCOPE: ClassVar[Scope] = Owned("region")
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("report movement")
        verbose_name_plural = _("report movements")
        ordering = ("pk",)
        indexes = [models.Index(fields=["programme", "product", "region"], name="report_movement_cell")]
        constraints = [
            models.CheckConstraint(
                condition=Q(reported=F("pending") + F("verified") + F("rejected")), name="%(app_label)s_%(class)s_balances"
            )
        ]

    def __str__(self) -> str:
        return f"{self.entry_id}: {self.reported:+d}"


class LotQuerySet(ScopedQuerySet["Lot"]):
    def oldest_first(self) -> LotQuerySet:
        return self.order_by("made_on", "pk")


class Lot(models.Model):
    """One verified output line: a maker's goods of a day. It remembers its origin wherever it goes."""

    line = models.OneToOneField(OutputLine, models.PROTECT, related_name="lot")
    programme = models.ForeignKey(Programme, models.PROTECT, related_name="lots")
    product = models.ForeignKey(Product, models.PROTECT, verbose_name=_("product"), related_name="lots")
    region = models.ForeignKey(Region, models.PROTECT, verbose_name=_("district of origin"), related_name="lots")
    made_on = models.DateField(_("production date"))

    SCOPE: ClassVar[Scope] = Owned("region")
    objects = LotQuerySet.as_manager()

    class Meta:
        verbose_name = _("lot")
        verbose_name_plural = _("lots")
        ordering = ("made_on", "pk")

    def __str__(self) -> str:
        return f"{self.product.short_name} {tanggal_layar(self.made_on)} · {self.line.maker_name}"


class Account(models.TextChoices):
    """Where a verified piece can be. Every piece is in exactly one."""

    STOCK = "persediaan", _("In stock")  # and free to be handed over
    INSPECTION = "pemeriksaan", _("Awaiting inspection")
    REPAIR = "perbaikan", _("To be repaired")
    NOT_BOUGHT = "belum_dibeli", _("Not yet bought")
    EVALUATION = "evaluasi", _("In evaluation")
    TRANSIT = "perjalanan", _("In transit")
    AWAITING = "menunggu", _("Handed over, awaiting acknowledgement")
    ACKNOWLEDGED = "diterima", _("Handed over, acknowledged")
    WRITTEN_OFF = "afkir", _("Written off")


HELD = (Account.INSPECTION, Account.REPAIR, Account.NOT_BOUGHT)  # in the store, and not to be taken yet
IN_STORE = (Account.STOCK, *HELD)


class StockBalance(models.Model):
    """How much of a lot is where: kept in the transaction of the movement, never below zero."""

    lot = models.ForeignKey(Lot, models.PROTECT, verbose_name=_("lot"), related_name="balances")
    store = models.ForeignKey(Store, models.PROTECT, verbose_name=_("store"), related_name="balances")
    account = models.CharField(_("where"), max_length=12, choices=Account.choices)
    quantity = models.BigIntegerField(_("quantity"), default=0)

    SCOPE: ClassVar[Scope] = Owned("store__region", seen_also=("lot__region",))
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("stock balance")
        verbose_name_plural = _("stock balances")
        ordering = ("pk",)
        permissions = [("view_reconciliation", "Can see dashboard figures and the reconciliation")]
        constraints = [
            models.UniqueConstraint(fields=["lot", "store", "account"], name="%(app_label)s_%(class)s_once"),
            models.CheckConstraint(
                condition=Q(quantity__gte=0),
                name="%(app_label)s_%(class)s_not_negative",
                violation_error_message=_("There is not enough in stock."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.lot} · {self.store} · {self.get_account_display()}: {self.quantity}"


class StockMovement(AppendOnly):
    """One signed line of a posting: so much of a lot came to or left an account at a store."""

    class Kind(models.TextChoices):
        VERIFIED = "verifikasi", _("Verified output")
        CORRECTION = "koreksi", _("Correction")
        HANDOVER = "serah_terima", _("Handover")
        ACKNOWLEDGEMENT = "konfirmasi", _("Acknowledgement")
        RETURN = "kembali", _("Return to stock")
        WRITE_OFF = "penghapusan", _("Write-off")
        CANCELLATION = "pembatalan", _("Cancellation")
        DISPATCH = "pengiriman", _("Dispatch to another store")
        ARRIVAL = "kedatangan", _("Arrival from another store")
        INSPECTION = "pemeriksaan", _("Inspection")
        PURCHASE = "pembelian", _("Bought from the maker")
        EVALUATED = "hasil_evaluasi", _("Outcome of an evaluation")
        STOCKTAKE = "opname", _("Stocktake")

    MADE: ClassVar = (Kind.VERIFIED, Kind.CORRECTION)

    posting = models.UUIDField(_("posting"), db_index=True)
    lot = models.ForeignKey(Lot, models.PROTECT, verbose_name=_("lot"), related_name="movements")
    store = models.ForeignKey(Store, models.PROTECT, verbose_name=_("store"), related_name="movements")
    account = models.CharField(_("where"), max_length=12, choices=Account.choices)
    kind = models.CharField(_("kind"), max_length=14, choices=Kind.choices)
    quantity = models.IntegerField(_("quantity"))
    effective_on = models.DateField(_("happened on"))
    recorded_at = models.DateTimeField(_("recorded at"), auto_now_add=True)
    source_model = models.CharField(_("kind of document"), max_length=60)
    source_id = models.BigIntegerField(_("document"))
    description = models.CharField(_("description"), max_length=250, blank=True)

    SCOPE: ClassVar[Scope] = Owned("store__region", seen_also=("lot__region",))
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("stock movement")
        verbose_name_plural = _("stock movements")
        ordering = ("pk",)
        indexes = [
            models.Index(fields=["source_model", "source_id"], name="stock_movement_source"),
            models.Index(fields=["store", "effective_on"], name="stock_movement_card"),
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(quantity=0), name="%(app_label)s_%(class)s_moves_something"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.quantity:+d}"
