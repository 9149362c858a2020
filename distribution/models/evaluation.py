from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from distribution.models.transfer import Transfer, TransferDraw
from ikm_program.formatting import tanggal_layar
from ikm_program.models import Record
from ikm_program.scoping import Owned, Scope, ScopedQuerySet


class EvaluationQuerySet(ScopedQuerySet["Evaluation"]):
    def standing(self) -> EvaluationQuerySet:
        """Not taken back."""
        return self.filter(status=Evaluation.Status.STANDS)

    def with_names(self) -> EvaluationQuerySet:
        return self.select_related("transfer__document", "transfer__to_store__region", "created_by").defer(
            "transfer__document__arms", "transfer__document__snapshot"
        )


class Evaluation(Record):
    """What became of goods that were sent for evaluation, or of a part of them. There may be several, until nothing is left."""

    class Status(models.TextChoices):
        STANDS = "berlaku", _("In force")
        CANCELLED = "dibatalkan", _("Cancelled")

    NEXT: ClassVar = {Status.STANDS: (Status.CANCELLED,), Status.CANCELLED: ()}
    STATUS_TONES: ClassVar = {Status.STANDS: "ok", Status.CANCELLED: "danger"}

    transfer = models.ForeignKey(Transfer, models.PROTECT, verbose_name=_("transfer"), related_name="evaluations")
    decided_on = models.DateField(_("decided on"))
    findings = models.CharField(_("findings"), max_length=300, blank=True)
    written_off_reason = models.CharField(_("reason for writing off"), max_length=300, blank=True)

    status = models.CharField(_("status"), max_length=10, choices=Status.choices, default=Status.STANDS, editable=False)
    cancelled_on = models.DateField(_("cancelled on"), null=True, editable=False)
    cancelled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("cancelled by"), related_name="+", null=True, editable=False
    )
    cancelled_reason = models.CharField(_("reason for the cancellation"), max_length=300, blank=True, editable=False)

    SCOPE: ClassVar[Scope] = Owned(
        "transfer__to_store__region", seen_also=("transfer__from_store__region", "transfer__lines__draws__lot__region")
    )
    objects = EvaluationQuerySet.as_manager()

    class Meta:
        verbose_name = _("outcome of an evaluation")
        verbose_name_plural = _("outcomes of evaluations")
        ordering = ("decided_on", "pk")
        constraints = [
            models.CheckConstraint(
                condition=Q(status="dibatalkan", cancelled_on__isnull=False, cancelled_by__isnull=False) & ~Q(cancelled_reason="")
                | Q(status="berlaku", cancelled_on__isnull=True, cancelled_by__isnull=True, cancelled_reason=""),
                name="%(app_label)s_%(class)s_cancelled_by_whom",
                violation_error_message=_("Say why it is cancelled."),
            ),
        ]

    def __str__(self) -> str:
        return str(_("Outcome of the evaluation, %(date)s")) % {"date": tanggal_layar(self.decided_on)}

    def get_absolute_url(self) -> str:
        """It stands on the page of its transfer."""
        return self.transfer.get_absolute_url()


class EvaluationPart(models.Model):
    """Of one lot of the transfer: so many kept by the evaluating store, sent back to their own, written off."""

    evaluation = models.ForeignKey(Evaluation, models.PROTECT, related_name="parts")
    draw = models.ForeignKey(TransferDraw, models.PROTECT, verbose_name=_("lot"), related_name="evaluations")
    accepted = models.PositiveIntegerField(_("accepted"), default=0)
    returned = models.PositiveIntegerField(_("returned"), default=0)
    written_off = models.PositiveIntegerField(_("written off"), default=0)

    SCOPE: ClassVar[Scope] = Owned(
        "evaluation__transfer__to_store__region", seen_also=("evaluation__transfer__from_store__region", "draw__lot__region")
    )
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("evaluated lot")
        verbose_name_plural = _("evaluated lots")
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(fields=["evaluation", "draw"], name="%(app_label)s_%(class)s_lot_once"),
            models.CheckConstraint(
                condition=~Q(accepted=0, returned=0, written_off=0),
                name="%(app_label)s_%(class)s_some",
                violation_error_message=_("Fill in how many."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.draw.lot}: {self.quantity}"

    @property
    def quantity(self) -> int:
        return self.accepted + self.returned + self.written_off
