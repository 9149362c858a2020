from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ikm_program.formatting import jumlah, tanggal_layar
from ikm_program.scoping import Owned, Scope, ScopedQuerySet
from production.models.criterion import Criterion
from production.models.issued import IssuedRecord, TeamMember
from production.models.ledger import Account, Lot, Store
from production.models.product import Product
from trainings.models import Office, Official, Programme

ADVISED_TEAM = 3  # custom, not law: a smaller team is noticed, not refused


class InspectionQuerySet(ScopedQuerySet["Inspection"]):
    def drafts(self) -> InspectionQuerySet:
        return self.filter(status=Inspection.Status.DRAFT)

    def issued(self) -> InspectionQuerySet:
        return self.filter(status=Inspection.Status.ISSUED)

    def with_names(self) -> InspectionQuerySet:
        return self.select_related("programme", "product", "store__region", "office__region", "signer", "created_by", "document").defer(
            "office__arms", "document__arms", "document__snapshot"
        )


class Inspection(IssuedRecord):
    """A team looks at lots of one product in one store and says what is fit. Issued, its result moves the pieces."""

    programme = models.ForeignKey(Programme, models.PROTECT, verbose_name=_("programme"), related_name="inspections")
    product = models.ForeignKey(Product, models.PROTECT, verbose_name=_("product"), related_name="inspections")
    store = models.ForeignKey(Store, models.PROTECT, verbose_name=_("store"), related_name="inspections")
    inspected_on = models.DateField(_("date of the inspection"))
    place = models.CharField(_("place"), max_length=160)
    backdating_reason = models.CharField(
        _("reason for the earlier date"), max_length=250, blank=True, help_text=_("Needed when the date lies before today.")
    )
    decree = models.CharField(
        _("decree that names the team"), max_length=200, blank=True, help_text=_("Its kind and number, as they stand.")
    )
    decree_on = models.DateField(_("date of the decree"), null=True, blank=True)
    method = models.CharField(_("method"), max_length=300, help_text=_("For example: every piece looked at, or a random sample."))
    sample_size = models.PositiveIntegerField(
        _("sample size"), null=True, blank=True, help_text=_("Leave empty when every piece was examined.")
    )
    office = models.ForeignKey(Office, models.PROTECT, verbose_name=_("office"), related_name="inspections")
    signer = models.ForeignKey(Official, models.PROTECT, verbose_name=_("official who acknowledges"), related_name="+")
    note = models.CharField(_("note"), max_length=300, blank=True)

    SCOPE: ClassVar[Scope] = Owned("store__region", seen_also=("lines__lot__region",))
    objects = InspectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("inspection")
        verbose_name_plural = _("inspections")
        ordering = ("-inspected_on", "-pk")
        permissions = [("issue_inspection", "Can issue or cancel an inspection")]
        constraints = [
            *IssuedRecord.Meta.constraints,
            models.CheckConstraint(
                condition=Q(sample_size__isnull=True) | Q(sample_size__gt=0),
                name="%(app_label)s_%(class)s_sample_of_some",
                violation_error_message=_("A sample has at least one piece."),
            ),
        ]

    def __str__(self) -> str:
        if self.number:
            return str(_("Inspection %(number)s")) % {"number": self.number}
        return str(_("Inspection of %(product)s, %(date)s")) % {
            "product": self.product.short_name,
            "date": tanggal_layar(self.inspected_on),
        }

    def get_absolute_url(self) -> str:
        return reverse("production:inspection_detail", kwargs={"pk": self.pk})

    @property
    def result(self) -> str:
        """In one sentence; reads `lines`, which lists prefetch."""
        parts = ("examined", "accepted", "to_repair", "rejected")
        sums = {name: jumlah(sum(getattr(line, name) for line in self.lines.all())) for name in parts}
        words = _("%(examined)s %(unit)s examined: %(accepted)s accepted, %(to_repair)s to be repaired, %(rejected)s rejected")
        return str(words) % {**sums, "unit": self.product.unit}

    @property
    def has_small_team(self) -> bool:
        return len(self.members.all()) < ADVISED_TEAM


class InspectionMember(TeamMember):
    """One of the team, as the decree names them."""

    inspection = models.ForeignKey(Inspection, models.CASCADE, related_name="members")

    SCOPE: ClassVar[Scope] = Owned("inspection__store__region", seen_also=("inspection__lines__lot__region",))
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("member of the team")
        verbose_name_plural = _("members of the team")
        ordering = ("pk",)


class InspectionLine(models.Model):
    """So many pieces of a lot were examined where they lay, and what the team says of them."""

    EXAMINED_IN: ClassVar = (Account.INSPECTION, Account.STOCK, Account.REPAIR)

    inspection = models.ForeignKey(Inspection, models.CASCADE, related_name="lines")
    lot = models.ForeignKey(Lot, models.PROTECT, verbose_name=_("lot"), related_name="inspection_lines")
    account = models.CharField(_("where"), max_length=12, choices=[(account.value, account.label) for account in EXAMINED_IN])
    examined = models.PositiveIntegerField(_("examined"))
    accepted = models.PositiveIntegerField(_("accepted"), default=0)
    to_repair = models.PositiveIntegerField(_("to be repaired"), default=0)
    rejected = models.PositiveIntegerField(_("rejected"), default=0)

    SCOPE: ClassVar[Scope] = Owned("inspection__store__region", seen_also=("lot__region",))
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("examined lot")
        verbose_name_plural = _("examined lots")
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(fields=["inspection", "lot", "account"], name="%(app_label)s_%(class)s_lot_once"),
            models.CheckConstraint(
                condition=Q(examined__gt=0),
                name="%(app_label)s_%(class)s_some",
                violation_error_message=_("Fill in how many were examined."),
            ),
            models.CheckConstraint(
                condition=Q(examined=F("accepted") + F("to_repair") + F("rejected")),
                name="%(app_label)s_%(class)s_adds_up",
                violation_error_message=_("Accepted, to be repaired and rejected must add up to what was examined."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.lot}: {self.examined}"


class InspectionFinding(models.Model):
    """What the team found of one criterion."""

    class Result(models.TextChoices):
        MET = "memenuhi", _("Met")
        NOT_MET = "tidak_memenuhi", _("Not met")

    inspection = models.ForeignKey(Inspection, models.CASCADE, related_name="findings")
    criterion = models.ForeignKey(Criterion, models.PROTECT, verbose_name=_("criterion"), related_name="findings")
    result = models.CharField(_("result"), max_length=14, choices=Result.choices)
    note = models.CharField(_("note"), max_length=200, blank=True)

    SCOPE: ClassVar[Scope] = Owned("inspection__store__region", seen_also=("inspection__lines__lot__region",))
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("finding")
        verbose_name_plural = _("findings")
        ordering = ("criterion",)
        constraints = [models.UniqueConstraint(fields=["inspection", "criterion"], name="%(app_label)s_%(class)s_criterion_once")]

    def __str__(self) -> str:
        return f"{self.criterion}: {self.get_result_display()}"
