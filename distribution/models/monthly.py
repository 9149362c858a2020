from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ikm_program.formatting import nama_bulan
from ikm_program.models import Record
from ikm_program.scoping import Owned, Scope, ScopedQuerySet
from trainings.models import Official, Programme, Region


class MonthlyReportQuerySet(ScopedQuerySet["MonthlyReport"]):
    def live(self) -> MonthlyReportQuerySet:
        """Not replaced by a later edition."""
        return self.exclude(status=MonthlyReport.Status.REPLACED)

    def waiting(self) -> MonthlyReportQuerySet:
        return self.filter(status=MonthlyReport.Status.PREPARED)

    def with_names(self) -> MonthlyReportQuerySet:
        """Without the figures: a list does not read them."""
        return self.select_related("region", "programme").defer("figures")


class MonthlyReport(Record):
    """Laporan bulanan: what changed in a month and how things stood at its end, frozen when it was prepared. Nobody: by itself."""

    class Status(models.TextChoices):
        PREPARED = "disiapkan", _("Prepared")
        SIGNED = "ditandatangani", _("Signed")
        REPLACED = "diganti", _("Replaced")

    NEXT: ClassVar = {Status.PREPARED: (Status.SIGNED, Status.REPLACED), Status.SIGNED: (Status.REPLACED,), Status.REPLACED: ()}
    STATUS_TONES: ClassVar = {Status.PREPARED: "info", Status.SIGNED: "ok", Status.REPLACED: "muted"}

    region = models.ForeignKey(Region, models.PROTECT, verbose_name=_("region"), related_name="+")
    programme = models.ForeignKey(Programme, models.PROTECT, verbose_name=_("programme"), related_name="monthly_reports")
    month = models.DateField(_("month"))  # its first day
    edition = models.PositiveSmallIntegerField(_("edition"), default=1, editable=False)
    reason = models.CharField(_("reason for preparing it again"), max_length=250, blank=True)
    figures = models.JSONField(_("figures"), editable=False)
    sha256 = models.CharField(_("hash of the figures"), max_length=64, editable=False)
    status = models.CharField(_("status"), max_length=14, choices=Status.choices, default=Status.PREPARED, editable=False)
    signatory = models.ForeignKey(
        Official, models.PROTECT, verbose_name=_("signed as"), related_name="+", null=True, blank=True, editable=False
    )
    signature = models.JSONField(_("signature"), default=dict, blank=True, editable=False)  # name and position as they were on that day
    signed_at = models.DateTimeField(_("signed at"), null=True, editable=False)
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("signed by"), related_name="+", null=True, editable=False
    )

    SCOPE: ClassVar[Scope] = Owned("region")
    objects = MonthlyReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("monthly report")
        verbose_name_plural = _("monthly reports")
        ordering = ("-month", "region__kemendagri_code", "programme", "-edition")
        permissions = [("sign_monthlyreport", "Can sign a monthly report")]
        constraints = [
            models.UniqueConstraint(
                fields=["region", "programme", "month"],
                condition=~Q(status="diganti"),
                name="%(app_label)s_%(class)s_one_stands",
                violation_error_message=_("The report of this month is there already. It can be prepared again, with a reason."),
            ),
            models.UniqueConstraint(fields=["region", "programme", "month", "edition"], name="%(app_label)s_%(class)s_edition_once"),
            models.CheckConstraint(
                condition=Q(edition=1, reason="") | Q(edition__gt=1) & ~Q(reason=""),
                name="%(app_label)s_%(class)s_says_why_again",
                violation_error_message=_("Say why the report is prepared again."),
            ),
            models.CheckConstraint(
                condition=Q(status="ditandatangani", signed_at__isnull=False, signed_by__isnull=False, signatory__isnull=False)
                | Q(status="disiapkan", signed_at__isnull=True, signed_by__isnull=True, signatory__isnull=True)
                | Q(status="diganti"),
                name="%(app_label)s_%(class)s_signed_by_whom",
                violation_error_message=_("A signed report says who signed it, and when."),
            ),
            models.CheckConstraint(
                condition=Q(signed_by__isnull=True) | Q(created_by__isnull=True) | ~Q(signed_by=F("created_by")),
                name="%(app_label)s_%(class)s_four_eyes",
                violation_error_message=_("Nobody signs a report that they prepared themselves."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.month_in_words} · {self.region.short_name}"

    def get_absolute_url(self) -> str:
        return reverse("distribution:monthly_detail", kwargs={"pk": self.pk})

    @property
    def month_in_words(self) -> str:
        return f"{nama_bulan(self.month)} {self.month.year}"

    @property
    def signed_as(self) -> str:
        """The official as the paper names them; "" while nobody has signed."""
        return str(self.signature.get("name", ""))

    @property
    def is_waiting(self) -> bool:
        return self.status == self.Status.PREPARED

    @property
    def stands(self) -> bool:
        return self.status != self.Status.REPLACED
