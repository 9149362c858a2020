from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ikm_program.models import Record
from ikm_program.scoping import Owned, Scope, ScopedQuerySet
from trainings.models.document import IssuedDocument
from trainings.models.enrolment import Enrolment
from trainings.models.office import Official


class CertificateQuerySet(ScopedQuerySet["Certificate"]):
    def standing(self) -> CertificateQuerySet:
        """Issued and not cancelled."""
        return self.filter(status=Certificate.Status.ISSUED)


class Certificate(Record):
    """That somebody has followed a training: a numbered paper. A wrong one is cancelled with a reason; another takes the next number."""

    class Status(models.TextChoices):
        DRAFT = "draf", _("Draft")  # only while it is being issued
        ISSUED = "diterbitkan", _("Issued")
        CANCELLED = "dibatalkan", _("Cancelled")

    NEXT: ClassVar = {Status.DRAFT: (Status.ISSUED,), Status.ISSUED: (Status.CANCELLED,), Status.CANCELLED: ()}
    STATUS_TONES: ClassVar = {Status.ISSUED: "ok"}

    enrolment = models.ForeignKey(Enrolment, models.PROTECT, verbose_name=_("participant"), related_name="certificates")
    document = models.OneToOneField(
        IssuedDocument, models.PROTECT, verbose_name=_("paper"), related_name="certificate", null=True, editable=False
    )
    signer = models.ForeignKey(Official, models.PROTECT, verbose_name=_("signed by"), related_name="+")
    issued_on = models.DateField(_("date of the certificate"))
    place = models.CharField(_("place"), max_length=80)
    backdating_reason = models.CharField(_("why it bears an earlier date"), max_length=200, blank=True)
    status = models.CharField(_("status"), max_length=12, choices=Status.choices, default=Status.DRAFT, editable=False)
    cancelled_on = models.DateField(_("cancelled on"), null=True, editable=False)
    cancelled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("cancelled by"), related_name="+", null=True, editable=False
    )
    cancelled_reason = models.CharField(_("reason for the cancellation"), max_length=250, blank=True, editable=False)

    SCOPE: ClassVar[Scope] = Owned("signer__office__region", seen_also=("enrolment__participant__region", "enrolment__batch__region"))
    objects = CertificateQuerySet.as_manager()

    class Meta:
        verbose_name = _("training certificate")
        verbose_name_plural = _("training certificates")
        ordering = ("-pk",)
        constraints = [
            models.UniqueConstraint(
                fields=["enrolment"],
                condition=~Q(status="dibatalkan"),
                name="%(app_label)s_%(class)s_one_standing",
                violation_error_message=_("This participant has a certificate already."),
            ),
            models.CheckConstraint(
                condition=Q(status="draf", document__isnull=True) | (~Q(status="draf") & Q(document__isnull=False)),
                name="%(app_label)s_%(class)s_issued_with_paper",
            ),
            models.CheckConstraint(
                condition=(
                    Q(status="dibatalkan", cancelled_on__isnull=False, cancelled_by__isnull=False)
                    & ~Q(cancelled_reason="")
                )
                | (~Q(status="dibatalkan") & Q(cancelled_on__isnull=True, cancelled_by__isnull=True, cancelled_reason="")),
                name="%(app_label)s_%(class)s_cancelled_by_whom",
                violation_error_message=_("Say why the certificate is cancelled."),
            ),
        ]  # fmt: skip
        permissions = [("issue_certificate", "Can issue and cancel training certificates")]

    def __str__(self) -> str:
        return self.document.number if self.document else str(self.enrolment)

    def get_absolute_url(self) -> str:
        return reverse("trainings:certificate_detail", kwargs={"pk": self.pk})
