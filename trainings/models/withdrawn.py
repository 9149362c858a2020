from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from ikm_program.formatting import tanggal_layar
from ikm_program.models import AppendOnly
from ikm_program.scoping import Owned, Scope, ScopedQuerySet
from trainings.models.payment_line import PaymentLine, PaymentReceipt, evidence_path


class WithdrawnReceipt(AppendOnly):
    """A payment receipt that was recorded by mistake and taken back, as it stood: the line waits for its receipt again."""

    line = models.ForeignKey(PaymentLine, models.PROTECT, related_name="withdrawn_receipts")
    received_on = models.DateField(_("received on"))
    how = models.CharField(_("evidence"), max_length=12, choices=PaymentReceipt.How.choices)
    reference = models.CharField(_("number of the slip or receipt"), max_length=120, blank=True)
    evidence = models.FileField(_("file"), upload_to=evidence_path, blank=True, max_length=120)
    evidence_sha256 = models.CharField(max_length=64, blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("recorded by"), related_name="+", null=True)
    recorded_at = models.DateTimeField(_("recorded at"))
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("taken back by"), related_name="+")
    withdrawn_at = models.DateTimeField(_("taken back at"), auto_now_add=True)
    reason = models.CharField(_("reason"), max_length=300)

    SCOPE: ClassVar[Scope] = Owned("line__list__region")
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("receipt taken back")
        verbose_name_plural = _("receipts taken back")
        ordering = ("withdrawn_at", "pk")

    def __str__(self) -> str:
        return f"{self.line.payee} · {tanggal_layar(self.received_on)}"
