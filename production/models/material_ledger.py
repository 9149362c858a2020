"""The ledger of materials: who has how much of what. Nothing in it is ever changed: a wrong line is answered by an opposite one.

It names holders, and only a holder names a business or a person: two records of one business can be merged, the ledger stays.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ikm_program.models import AppendOnly
from ikm_program.scoping import Owned, Scope, ScopedQuerySet
from production.models.ledger import Store
from production.models.material import Material
from production.models.material_handover import MaterialHandover, one_of
from production.models.material_paper import MaterialReceipt, MaterialWriteOff
from trainings.models import Batch, Enterprise, Participant, Programme, Region

OWNERS = ("store", "batch", "enterprise", "participant")


class HolderQuerySet(ScopedQuerySet["MaterialHolder"]):
    def with_names(self) -> HolderQuerySet:
        return self.select_related("store", "batch__activity", "batch__region", "enterprise", "participant__enterprise", "region")

    def of(self, owner: models.Model) -> HolderQuerySet:
        """Usually one; two after two records of one maker were merged."""
        return self.filter(**{owner._meta.model_name or "": owner}).order_by("pk")

    def makers(self) -> HolderQuerySet:
        return self.filter(store=None)


class MaterialHolder(models.Model):
    """Somebody who has material: a store, a batch, a business or a person."""

    region = models.ForeignKey(Region, models.PROTECT, verbose_name=_("region"), related_name="+")
    store = models.ForeignKey(Store, models.PROTECT, verbose_name=_("store"), related_name="+", null=True)
    batch = models.ForeignKey(Batch, models.PROTECT, verbose_name=_("batch"), related_name="+", null=True)
    enterprise = models.ForeignKey(Enterprise, models.PROTECT, verbose_name=_("IKM business"), related_name="material_holders", null=True)
    participant = models.ForeignKey(Participant, models.PROTECT, verbose_name=_("participant"), related_name="material_holders", null=True)

    SCOPE: ClassVar[Scope] = Owned("region")
    objects = HolderQuerySet.as_manager()

    class Meta:
        verbose_name = _("holder of material")
        verbose_name_plural = _("holders of material")
        ordering = ("region__kemendagri_code", "pk")
        constraints = [
            models.CheckConstraint(condition=one_of(*OWNERS), name="%(app_label)s_%(class)s_is_one"),
            models.UniqueConstraint(fields=["store"], condition=Q(store__isnull=False), name="%(app_label)s_%(class)s_store_once"),
            models.UniqueConstraint(fields=["batch"], condition=Q(batch__isnull=False), name="%(app_label)s_%(class)s_batch_once"),
        ]

    def __str__(self) -> str:
        return str(self.owner)

    @property
    def owner(self) -> Store | Batch | Enterprise | Participant:
        found = self.store or self.batch or self.enterprise or self.participant
        assert found is not None  # held by a constraint
        return found

    @property
    def kind(self) -> str:
        """What it is, in words."""
        return str(self.owner._meta.verbose_name)


class MaterialAccount(models.TextChoices):
    """Where every centimetre is: in exactly one of these, at one holder."""

    ON_HAND = "ada", _("On hand")
    TRANSIT = "perjalanan", _("In transit")
    USED = "terpakai", _("Used")
    SCRAP = "sisa_potong", _("Scrap")
    WRITTEN_OFF = "dihapus", _("Written off")


class MaterialBalance(models.Model):
    """How much of a material a holder has: kept in the transaction of the movement, never below zero."""

    material = models.ForeignKey(Material, models.PROTECT, verbose_name=_("material"), related_name="balances")
    programme = models.ForeignKey(Programme, models.PROTECT, verbose_name=_("programme"), related_name="+")
    holder = models.ForeignKey(MaterialHolder, models.PROTECT, verbose_name=_("holder"), related_name="balances")
    account = models.CharField(_("where"), max_length=12, choices=MaterialAccount.choices)
    quantity = models.BigIntegerField(_("quantity"), default=0)

    SCOPE: ClassVar[Scope] = Owned("holder__region")
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("balance of material")
        verbose_name_plural = _("balances of material")
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(fields=["material", "programme", "holder", "account"], name="%(app_label)s_%(class)s_once"),
            models.CheckConstraint(
                condition=Q(quantity__gte=0),
                name="%(app_label)s_%(class)s_not_negative",
                violation_error_message=_("There is not enough of this material."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.holder} · {self.get_account_display()}: {self.said}"

    def get_absolute_url(self) -> str:
        names = {"programme": self.programme_id, "material": self.material_id, "holder": self.holder_id}
        return reverse("production:material_card", kwargs=names)

    @property
    def said(self) -> str:
        return self.material.said(self.quantity)


class MaterialMovement(AppendOnly):
    """One signed line of a posting: so much came to or left an account of a holder, on account of one record."""

    class Kind(models.TextChoices):
        RECEIPT = "penerimaan", _("Bought")
        DISPATCH = "penyerahan", _("Sent off")
        ARRIVAL = "kedatangan", _("Arrived")
        SETTLEMENT = "pemakaian", _("Used or scrap")
        WRITE_OFF = "penghapusan", _("Write-off")
        CANCELLATION = "pembatalan", _("Cancellation")

    posting = models.UUIDField(_("posting"), db_index=True)
    material = models.ForeignKey(Material, models.PROTECT, verbose_name=_("material"), related_name="movements")
    programme = models.ForeignKey(Programme, models.PROTECT, verbose_name=_("programme"), related_name="+")
    holder = models.ForeignKey(MaterialHolder, models.PROTECT, verbose_name=_("holder"), related_name="movements")
    account = models.CharField(_("where"), max_length=12, choices=MaterialAccount.choices)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    quantity = models.BigIntegerField(_("quantity"))
    effective_on = models.DateField(_("happened on"))
    recorded_at = models.DateTimeField(_("recorded at"), auto_now_add=True)
    receipt = models.ForeignKey(MaterialReceipt, models.PROTECT, related_name="movements", null=True)
    handover = models.ForeignKey(MaterialHandover, models.PROTECT, related_name="movements", null=True)
    write_off = models.ForeignKey(MaterialWriteOff, models.PROTECT, related_name="movements", null=True)

    SCOPE: ClassVar[Scope] = Owned("holder__region")
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("movement of material")
        verbose_name_plural = _("movements of material")
        ordering = ("pk",)
        indexes = [models.Index(fields=["holder", "material", "effective_on"], name="material_movement_card")]
        constraints = [
            models.CheckConstraint(condition=~Q(quantity=0), name="%(app_label)s_%(class)s_moves_something"),
            models.CheckConstraint(condition=one_of("receipt", "handover", "write_off"), name="%(app_label)s_%(class)s_of_one_record"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.quantity:+d}"

    @property
    def source(self) -> MaterialReceipt | MaterialHandover | MaterialWriteOff:
        """The record that moved it."""
        found = self.receipt or self.handover or self.write_off
        assert found is not None  # held by a constraint
        return found

    @property
    def said(self) -> str:
        return self.material.said(self.quantity)
