from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from distribution.models.handover import Handover
from ikm_program.models import Record
from ikm_program.scoping import Owned, Scope, ScopedQuerySet
from trainings.models import IssuedDocument, Official


class Cancellation(Record):
    """A handover made void by two people: one asks with a reason, another approves. The number stays used."""

    class Status(models.TextChoices):
        REQUESTED = "diajukan", _("Requested")
        APPROVED = "disetujui", _("Approved")
        REFUSED = "ditolak", _("Refused")

    NEXT: ClassVar = {Status.REQUESTED: (Status.APPROVED, Status.REFUSED), Status.APPROVED: (), Status.REFUSED: ()}

    handover = models.ForeignKey(Handover, models.PROTECT, verbose_name=_("handover"), related_name="cancellations")
    reason = models.CharField(_("reason"), max_length=300)
    status = models.CharField(_("status"), max_length=10, choices=Status.choices, default=Status.REQUESTED, editable=False)
    cancelled_on = models.DateField(_("date of the cancellation"), null=True, editable=False)
    signer = models.ForeignKey(Official, models.PROTECT, verbose_name=_("official who signs"), related_name="+", null=True, editable=False)
    place = models.CharField(_("place"), max_length=160, blank=True, editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("decided by"), related_name="+", null=True, editable=False
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, editable=False)
    document = models.OneToOneField(
        IssuedDocument, models.PROTECT, verbose_name=_("issued document"), related_name="cancellation", null=True, editable=False
    )
    refusal_reason = models.CharField(_("reason for refusing"), max_length=300, blank=True, editable=False)

    SCOPE: ClassVar[Scope] = Owned("handover__store__region", seen_also=("handover__lines__draws__lot__region",))
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("cancellation")
        verbose_name_plural = _("cancellations")
        ordering = ("-pk",)
        permissions = [("approve_cancellation", "Can approve the cancellation of a handover")]
        constraints = [
            models.UniqueConstraint(
                fields=["handover"],
                condition=~Q(status="ditolak"),
                name="%(app_label)s_%(class)s_one_live",
                violation_error_message=_("A cancellation of this handover is already under way."),
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("created_by")),
                name="%(app_label)s_%(class)s_four_eyes",
                violation_error_message=_("Nobody approves a cancellation they asked for themselves."),
            ),
            models.CheckConstraint(
                condition=Q(status="diajukan", decided_by__isnull=True) | (~Q(status="diajukan") & Q(decided_by__isnull=False)),
                name="%(app_label)s_%(class)s_decided_by_whom",
            ),
            models.CheckConstraint(
                condition=Q(status="disetujui", document__isnull=False) | (~Q(status="disetujui") & Q(document__isnull=True)),
                name="%(app_label)s_%(class)s_has_its_paper",
                violation_error_message=_("An approved cancellation has its paper, and no other has one."),
            ),
        ]

    def __str__(self) -> str:
        return _("Cancellation of %(handover)s") % {"handover": self.handover}

    def get_absolute_url(self) -> str:
        return self.handover.get_absolute_url()
