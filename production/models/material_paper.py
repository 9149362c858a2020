"""What was bought, what was written off, how a difference was explained. What is handed over stands in `material_handover`."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ikm_program.formatting import tanggal_layar
from ikm_program.models import Record
from ikm_program.scoping import Owned, Scope, ScopedQuerySet
from production.models.ledger import Store
from production.models.material import Material
from trainings.models import Programme

NO_OWN_CANCELLATION = _("Nobody cancels what they recorded themselves.")


class Cancellable(Record):
    """A record that is made void with a reason, by somebody else than its author."""

    cancelled_on = models.DateField(_("cancelled on"), null=True, editable=False)
    cancelled_at = models.DateTimeField(_("cancellation recorded at"), null=True, editable=False)
    cancelled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("cancelled by"), related_name="+", null=True, editable=False
    )
    cancelled_reason = models.CharField(_("reason for the cancellation"), max_length=300, blank=True, editable=False)

    class Meta:
        abstract = True


def cancelled_by_whom() -> models.CheckConstraint:
    said = Q(cancelled_on__isnull=False, cancelled_at__isnull=False, cancelled_by__isnull=False) & ~Q(cancelled_reason="")
    silent = Q(cancelled_on__isnull=True, cancelled_at__isnull=True, cancelled_by__isnull=True, cancelled_reason="")
    return models.CheckConstraint(
        condition=(Q(status="dibatalkan") & said) | (~Q(status="dibatalkan") & silent),
        name="%(app_label)s_%(class)s_cancelled_by_whom",
        violation_error_message=_("A cancellation says who, when and why."),
    )


class MaterialReceipt(Cancellable):
    """Material that came into a store from outside: bought, with the paper that says so."""

    class Status(models.TextChoices):
        RECORDED = "tercatat", _("Recorded")
        CANCELLED = "dibatalkan", _("Cancelled")

    NEXT: ClassVar = {Status.RECORDED: (Status.CANCELLED,), Status.CANCELLED: ()}

    store = models.ForeignKey(Store, models.PROTECT, verbose_name=_("into store"), related_name="material_receipts")
    programme = models.ForeignKey(Programme, models.PROTECT, verbose_name=_("programme"), related_name="+")
    received_on = models.DateField(_("received on"))
    supplier = models.CharField(_("supplier"), max_length=160)
    document_number = models.CharField(
        _("number of the source document"), max_length=120, help_text=_("Contract, invoice or delivery note.")
    )
    document_on = models.DateField(_("date of the source document"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=300, blank=True)
    status = models.CharField(_("status"), max_length=12, choices=Status.choices, default=Status.RECORDED, editable=False)

    SCOPE: ClassVar[Scope] = Owned("store__region")
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("receipt of material")
        verbose_name_plural = _("receipts of material")
        ordering = ("-received_on", "-pk")
        permissions = [("cancel_materialreceipt", "Can cancel a receipt of material")]
        constraints = [
            cancelled_by_whom(),
            models.CheckConstraint(
                condition=Q(cancelled_by__isnull=True) | Q(created_by__isnull=False) & ~Q(cancelled_by=F("created_by")),
                name="%(app_label)s_%(class)s_four_eyes",
                violation_error_message=NO_OWN_CANCELLATION,
            ),
        ]

    def __str__(self) -> str:
        return gettext("Material bought %(date)s · %(supplier)s") % {"date": tanggal_layar(self.received_on), "supplier": self.supplier}

    def get_absolute_url(self) -> str:
        return reverse("production:material_receipt_detail", kwargs={"pk": self.pk})


class MaterialReceiptLine(models.Model):
    """So much of a material that was bought."""

    receipt = models.ForeignKey(MaterialReceipt, models.PROTECT, related_name="lines")
    material = models.ForeignKey(Material, models.PROTECT, verbose_name=_("material"), related_name="+")
    quantity = models.PositiveIntegerField(_("quantity"))
    unit_price = models.PositiveBigIntegerField(_("price of a unit (Rp)"), null=True, blank=True)

    SCOPE: ClassVar[Scope] = Owned("receipt__store__region")
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("line of a receipt")
        verbose_name_plural = _("lines of a receipt")
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(fields=["receipt", "material"], name="%(app_label)s_%(class)s_material_once"),
            models.CheckConstraint(
                condition=Q(quantity__gt=0), name="%(app_label)s_%(class)s_some", violation_error_message=_("Fill in how much.")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.material}: {self.said}"

    @property
    def said(self) -> str:
        return self.material.said(self.quantity)


class MaterialWriteOff(Cancellable):
    """Material that was lost or spoilt: proposed with its reason, decided on by somebody else."""

    class Status(models.TextChoices):
        PROPOSED = "diajukan", _("Proposed")
        APPROVED = "disetujui", _("Approved")
        REFUSED = "ditolak", _("Refused")
        CANCELLED = "dibatalkan", _("Cancelled")

    NEXT: ClassVar = {
        Status.PROPOSED: (Status.APPROVED, Status.REFUSED),
        Status.APPROVED: (Status.CANCELLED,),
        Status.REFUSED: (),
        Status.CANCELLED: (),
    }

    programme = models.ForeignKey(Programme, models.PROTECT, verbose_name=_("programme"), related_name="+")
    holder = models.ForeignKey("production.MaterialHolder", models.PROTECT, verbose_name=_("holder"), related_name="write_offs")
    material = models.ForeignKey(Material, models.PROTECT, verbose_name=_("material"), related_name="+")
    quantity = models.PositiveIntegerField(_("quantity"))
    happened_on = models.DateField(_("happened on"))
    reason = models.CharField(_("reason"), max_length=300)
    status = models.CharField(_("status"), max_length=12, choices=Status.choices, default=Status.PROPOSED, editable=False)
    decided_at = models.DateTimeField(_("decided at"), null=True, editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("decided by"), related_name="+", null=True, editable=False
    )
    refusal_reason = models.CharField(_("reason for the refusal"), max_length=300, blank=True, editable=False)

    SCOPE: ClassVar[Scope] = Owned("holder__region")
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("write-off of material")
        verbose_name_plural = _("write-offs of material")
        ordering = ("-happened_on", "-pk")
        permissions = [("approve_materialwriteoff", "Can decide on a write-off of material")]
        constraints = [
            cancelled_by_whom(),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | Q(created_by__isnull=False) & ~Q(decided_by=F("created_by")),
                name="%(app_label)s_%(class)s_four_eyes",
                violation_error_message=_("Nobody decides on a write-off they proposed themselves."),
            ),
            models.CheckConstraint(
                condition=Q(status="diajukan", decided_at__isnull=True, decided_by__isnull=True)
                | (~Q(status="diajukan") & Q(decided_at__isnull=False, decided_by__isnull=False)),
                name="%(app_label)s_%(class)s_decided_by_whom",
            ),
            models.CheckConstraint(
                condition=Q(cancelled_by__isnull=True) | ~Q(cancelled_by=F("created_by")),
                name="%(app_label)s_%(class)s_cancelled_by_another",
                violation_error_message=NO_OWN_CANCELLATION,
            ),
            models.CheckConstraint(
                condition=Q(quantity__gt=0), name="%(app_label)s_%(class)s_some", violation_error_message=_("Fill in how much.")
            ),
        ]

    def __str__(self) -> str:
        return gettext("Write-off: %(material)s %(quantity)s") % {"material": self.material, "quantity": self.said}

    def get_absolute_url(self) -> str:
        return reverse("production:material_write_off_detail", kwargs={"pk": self.pk})

    @property
    def said(self) -> str:
        return self.material.said(self.quantity)


class MaterialExplanation(Record):
    """Why material is missing (or more was made than it allows): so much of the difference, in words, by whom and when."""

    programme = models.ForeignKey(Programme, models.PROTECT, verbose_name=_("programme"), related_name="+")
    holder = models.ForeignKey("production.MaterialHolder", models.PROTECT, verbose_name=_("holder"), related_name="explanations")
    material = models.ForeignKey(Material, models.PROTECT, verbose_name=_("material"), related_name="+")
    quantity = models.IntegerField(_("quantity"))  # signed: a minus takes an earlier one back, or explains what is too much
    explained_on = models.DateField(_("explained on"))
    reason = models.CharField(_("explanation"), max_length=300)

    SCOPE: ClassVar[Scope] = Owned("holder__region")
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("explanation of a difference")
        verbose_name_plural = _("explanations of differences")
        ordering = ("-explained_on", "-pk")
        constraints = [
            models.CheckConstraint(
                condition=~Q(quantity=0), name="%(app_label)s_%(class)s_some", violation_error_message=_("Fill in how much.")
            )
        ]

    def __str__(self) -> str:
        return f"{self.material}: {self.said}"

    @property
    def said(self) -> str:
        return self.material.said(self.quantity)
