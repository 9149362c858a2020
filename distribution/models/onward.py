from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from distribution.models.handover import Handover, HandoverLine
from distribution.models.receiver import ReceiverStatement
from distribution.models.recipient import Recipient
from ikm_program.formatting import tanggal_layar
from ikm_program.models import Record
from ikm_program.scoping import Owned, Scope, ScopedQuerySet


class OnwardHandover(Record):
    """What a receiver passed on: linked to the handover it came from (or to an earlier step), moving no stock, counted once."""

    class Status(models.TextChoices):
        RECORDED = "tercatat", _("Recorded")
        CANCELLED = "dibatalkan", _("Cancelled")

    NEXT: ClassVar = {Status.RECORDED: (Status.CANCELLED,), Status.CANCELLED: ()}

    handover = models.ForeignKey(Handover, models.PROTECT, verbose_name=_("handover"), related_name="onwards")
    parent = models.ForeignKey("self", models.PROTECT, verbose_name=_("earlier step"), related_name="children", null=True, blank=True)
    recipient = models.ForeignKey(Recipient, models.PROTECT, verbose_name=_("recipient"), related_name="onwards")
    handed_over_on = models.DateField(_("date"))
    receiver_name = models.CharField(_("received by (name)"), max_length=120, blank=True)
    receiver_position = models.CharField(_("position"), max_length=200, blank=True)
    note = models.CharField(_("note"), max_length=300, blank=True)
    statement = models.ForeignKey(
        ReceiverStatement, models.PROTECT, verbose_name=_("statement of the receiver"), related_name="onwards", null=True, editable=False
    )
    status = models.CharField(_("status"), max_length=10, choices=Status.choices, default=Status.RECORDED, editable=False)
    cancelled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, editable=False)
    cancelled_reason = models.CharField(_("reason"), max_length=300, blank=True, editable=False)

    SCOPE: ClassVar[Scope] = Owned("handover__store__region", seen_also=("handover__lines__draws__lot__region",))
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("onward distribution")
        verbose_name_plural = _("onward distributions")
        ordering = ("handed_over_on", "pk")
        permissions = [("cancel_onwardhandover", "Can cancel an onward distribution")]
        constraints = [
            models.UniqueConstraint(
                fields=["statement"],
                condition=Q(status="tercatat"),
                name="%(app_label)s_%(class)s_said_once",
                violation_error_message=_("What the receiver reported is recorded already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.recipient} · {tanggal_layar(self.handed_over_on)}"

    def get_absolute_url(self) -> str:
        return f"{self.handover.get_absolute_url()}#penyaluran-{self.pk}"

    @property
    def is_live(self) -> bool:
        return self.status == self.Status.RECORDED


class OnwardLine(models.Model):
    """So many of a handover's line passed on; `onward` is what went further still."""

    onward_handover = models.ForeignKey(OnwardHandover, models.CASCADE, related_name="lines")
    source = models.ForeignKey(HandoverLine, models.PROTECT, verbose_name=_("from line"), related_name="onward_lines")
    parent = models.ForeignKey("self", models.PROTECT, related_name="children", null=True, blank=True)
    quantity = models.PositiveIntegerField(_("quantity"))
    onward = models.PositiveIntegerField(_("distributed onward"), default=0, editable=False)

    SCOPE: ClassVar[Scope] = Owned("onward_handover__handover__store__region", seen_also=("source__draws__lot__region",))
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("onward line")
        verbose_name_plural = _("onward lines")
        ordering = ("pk",)
        constraints = [
            models.CheckConstraint(
                condition=Q(quantity__gt=0), name="%(app_label)s_%(class)s_some", violation_error_message=_("Fill in how many.")
            ),
            models.CheckConstraint(
                condition=Q(onward__lte=F("quantity")),
                name="%(app_label)s_%(class)s_within_received",
                violation_error_message=_("More cannot be distributed onward than was received."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source.product}: {self.quantity}"

    @property
    def left(self) -> int:
        """What can still be passed on from here."""
        return self.quantity - self.onward
