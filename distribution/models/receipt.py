from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from distribution.models.handover import Handover
from distribution.models.receiver import ReceiverStatement
from ikm_program.models import Record
from ikm_program.scoping import Owned, Scope, ScopedQuerySet


def evidence_path(receipt: Receipt, filename: str) -> str:
    """A random name of our own."""
    suffix = ".pdf" if filename.lower().endswith(".pdf") else ".jpg"
    return f"evidence/{uuid.uuid4().hex}{suffix}"


class ReceiptQuerySet(ScopedQuerySet["Receipt"]):
    def without_evidence(self) -> ReceiptQuerySet:
        """Of handovers that stand, those whose signed scan or photo is still to be uploaded."""
        return self.filter(evidence="", handover__status__in=Handover.LIVE)


class Receipt(Record):
    """The receiver's acknowledgement, recorded by someone other than the drafter."""

    handover = models.OneToOneField(Handover, models.PROTECT, verbose_name=_("handover"), related_name="receipt")
    received_on = models.DateField(_("received on"))
    receiver_name = models.CharField(_("received by (name)"), max_length=120)
    receiver_position = models.CharField(_("position"), max_length=200, blank=True)
    shortfall_reason = models.CharField(_("reason for the shortfall"), max_length=300, blank=True)
    evidence = models.FileField(_("evidence (signed scan or photo)"), upload_to=evidence_path, blank=True, max_length=120)
    no_evidence_reason = models.CharField(_("why there is no evidence yet"), max_length=200, blank=True)
    evidence_sha256 = models.CharField(max_length=64, blank=True, editable=False)
    evidence_signatures = models.JSONField(_("electronic signatures"), null=True, editable=False)  # null: nobody has looked
    statement = models.OneToOneField(
        ReceiverStatement, models.PROTECT, verbose_name=_("statement of the receiver"), related_name="receipt", null=True, editable=False
    )
    drafted_by_id_copy = models.BigIntegerField(editable=False)  # so that the database can refuse whoever wrote the draft
    edited_by_id_copy = models.BigIntegerField(editable=False)  # or changed it last; verify_integrity compares both

    SCOPE: ClassVar[Scope] = Owned("handover__store__region", seen_also=("handover__lines__draws__lot__region",))
    objects = ReceiptQuerySet.as_manager()

    class Meta:
        verbose_name = _("acknowledgement")
        verbose_name_plural = _("acknowledgements")
        ordering = ("-received_on",)
        constraints = [
            models.CheckConstraint(
                condition=Q(created_by__isnull=False)
                & ~Q(created_by_id=F("drafted_by_id_copy"))
                & ~Q(created_by_id=F("edited_by_id_copy")),
                name="%(app_label)s_%(class)s_not_by_drafter",
                violation_error_message=_("Whoever drafted the handover does not record its acknowledgement."),
            ),
            models.CheckConstraint(
                condition=~Q(evidence="") | ~Q(no_evidence_reason=""),
                name="%(app_label)s_%(class)s_evidence_or_reason",
                violation_error_message=_("Attach the evidence, or say why there is none yet."),
            ),
            models.CheckConstraint(
                condition=Q(evidence="", evidence_sha256="") | (~Q(evidence="") & ~Q(evidence_sha256="")),
                name="%(app_label)s_%(class)s_evidence_hashed",
            ),
        ]

    @property
    def signatures(self) -> list[dict[str, Any]]:
        """Of the evidence, with their time as a time."""
        found = self.evidence_signatures or []
        return [one | {"signed_at": parse_datetime(one["signed_at"]) if one["signed_at"] else None} for one in found]

    def __str__(self) -> str:
        return f"{self.handover} · {self.received_on:%d-%m-%Y}"

    def get_absolute_url(self) -> str:
        return self.handover.get_absolute_url()
