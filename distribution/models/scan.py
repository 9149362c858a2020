from __future__ import annotations

import datetime as dt
import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from distribution.models.handover import Handover
from ikm_program.models import Record
from ikm_program.scoping import Personal, Scope, ScopedQuerySet


def scan_path(scan: SignedScan, filename: str) -> str:
    """A random name of our own."""
    return f"scans/{uuid.uuid4().hex}{'.pdf' if filename.lower().endswith('.pdf') else '.jpg'}"


READ_WITHIN = dt.timedelta(minutes=10)  # after that nobody waits for the worker


class SignedScan(Record):
    """A scan or photo of a signed paper that somebody sent in, and what became of it. Seen by that person alone."""

    class Status(models.TextChoices):
        WAITING = "menunggu", _("Being read")
        FILED = "diarsipkan", _("Filed")
        DIVIDED = "dipecah", _("Divided into its papers")
        ALREADY = "sudah_ada", _("Already filed")
        UNREADABLE = "tak_terbaca", _("Not readable")
        NOT_RECEIVED = "belum_diterima", _("Receipt not recorded yet")
        OTHER_OFFICE = "instansi_lain", _("Belongs to another office")
        REFUSED = "tidak_cocok", _("Not filed")

    OPEN: ClassVar = (Status.UNREADABLE, Status.NOT_RECEIVED, Status.REFUSED)  # a person can still file it by hand
    NEXT: ClassVar = {
        Status.WAITING: tuple(status for status in Status if status != "menunggu"),
        **dict.fromkeys(OPEN, (Status.FILED,)),
        **dict.fromkeys((Status.FILED, Status.DIVIDED, Status.ALREADY, Status.OTHER_OFFICE), ()),
    }
    STATUS_TONES: ClassVar = {
        Status.WAITING: "info", Status.FILED: "ok", Status.DIVIDED: "muted", Status.ALREADY: "muted",
        Status.UNREADABLE: "warn", Status.NOT_RECEIVED: "warn", Status.OTHER_OFFICE: "danger", Status.REFUSED: "danger",
    }  # fmt: skip

    name = models.CharField(_("file name"), max_length=200)
    file = models.FileField(_("file"), upload_to=scan_path, max_length=120)
    sha256 = models.CharField(max_length=64, editable=False)
    part_of = models.ForeignKey("self", models.PROTECT, verbose_name=_("part of"), related_name="parts", null=True, editable=False)
    status = models.CharField(_("status"), max_length=14, choices=Status.choices, default=Status.WAITING, editable=False)
    handover = models.ForeignKey(Handover, models.PROTECT, verbose_name=_("handover"), related_name="scans", null=True, editable=False)
    note = models.CharField(_("note"), max_length=300, blank=True, editable=False)

    SCOPE: ClassVar[Scope] = Personal("created_by")
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("scan of a signed paper")
        verbose_name_plural = _("scans of signed papers")
        ordering = ("-pk",)
        constraints = [
            models.CheckConstraint(
                condition=~Q(status="diarsipkan") | Q(handover__isnull=False), name="%(app_label)s_%(class)s_filed_where"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("distribution:scan_list")

    @property
    def is_open(self) -> bool:
        """Whether a person may say which paper it is: it was not recognised, or nobody reads it."""
        if self.status == self.Status.WAITING:
            return timezone.now() - self.created_at > READ_WITHIN
        return self.status in self.OPEN
