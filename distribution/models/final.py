from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ikm_program.formatting import tanggal_layar
from ikm_program.models import AppendOnly, Record
from ikm_program.scoping import Owned, Scope, ScopedQuerySet
from trainings.models import Official, Programme, Region


class FinalReportQuerySet(ScopedQuerySet["FinalReport"]):
    def drafts(self) -> FinalReportQuerySet:
        return self.filter(status=FinalReport.Status.DRAFT)

    def with_names(self) -> FinalReportQuerySet:
        return self.select_related("programme__region", "region", "signatory", "created_by", "edited_by")


class FinalReport(Record):
    """Laporan akhir kegiatan of a programme, as one region gives it. A draft is written and computed; a final one is frozen."""

    class Status(models.TextChoices):
        DRAFT = "draf", _("Draft")
        FINAL = "final", _("Final")

    NEXT: ClassVar = {Status.DRAFT: (Status.FINAL,), Status.FINAL: ()}
    STATUS_TONES: ClassVar = {Status.DRAFT: "muted", Status.FINAL: "ok"}

    programme = models.ForeignKey(Programme, models.PROTECT, verbose_name=_("programme"), related_name="final_reports")
    region = models.ForeignKey(Region, models.PROTECT, verbose_name=_("region"), related_name="+")
    as_of = models.DateField(_("figures as of"))
    signatory = models.ForeignKey(Official, models.PROTECT, verbose_name=_("signing official"), related_name="+", null=True, blank=True)
    place = models.CharField(_("place"), max_length=80, blank=True)
    narrative = models.JSONField(_("narrative"), default=dict, blank=True)  # code of a section -> what an official wrote there
    edited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("last changed by"), related_name="+", null=True, editable=False
    )
    status = models.CharField(_("status"), max_length=5, choices=Status.choices, default=Status.DRAFT, editable=False)
    sha256 = models.CharField(_("hash of the content"), max_length=64, blank=True, editable=False)
    final_at = models.DateTimeField(_("made final at"), null=True, editable=False)
    final_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("made final by"), related_name="+", null=True, editable=False
    )

    SCOPE: ClassVar[Scope] = Owned("region")
    objects = FinalReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("final report")
        verbose_name_plural = _("final reports")
        ordering = ("-as_of", "-pk")
        permissions = [("finalise_finalreport", "Can make a final report final")]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "region"],
                condition=Q(status="draf"),
                name="%(app_label)s_%(class)s_one_draft",
                violation_error_message=_("A draft of this report is there already."),
            ),
            models.CheckConstraint(
                condition=Q(status="draf", final_at__isnull=True, final_by__isnull=True, sha256="")
                | Q(status="final", final_at__isnull=False, final_by__isnull=False) & ~Q(sha256=""),
                name="%(app_label)s_%(class)s_final_by_whom",
                violation_error_message=_("A final report says who made it final, and what it contains."),
            ),
            models.CheckConstraint(
                condition=Q(final_by__isnull=True)
                | Q(created_by__isnull=False, edited_by__isnull=False) & ~Q(final_by=F("created_by")) & ~Q(final_by=F("edited_by")),
                name="%(app_label)s_%(class)s_four_eyes",
                violation_error_message=_("Nobody makes a report final that they wrote themselves."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.programme} · {self.region.short_name} · {tanggal_layar(self.as_of)}"

    def get_absolute_url(self) -> str:
        return reverse("distribution:final_detail", kwargs={"pk": self.pk})

    @property
    def is_draft(self) -> bool:
        return self.status == self.Status.DRAFT

    @property
    def has_file(self) -> bool:
        return getattr(self, "file", None) is not None


class FinalContent(AppendOnly):
    """Everything that a final report says, as it was computed and written when it was made final."""

    report = models.OneToOneField(FinalReport, models.PROTECT, related_name="frozen")
    content = models.JSONField(_("content"))
    sha256 = models.CharField(_("hash of the content"), max_length=64)

    SCOPE: ClassVar[Scope] = Owned("report__region")
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("content of a final report")
        verbose_name_plural = _("contents of final reports")

    def __str__(self) -> str:
        return f"{self.report_id} · {self.sha256[:12]}"


class FinalReportFile(models.Model):
    """Its PDF: of a draft the newest one, of a final report the one and only."""

    report = models.OneToOneField(FinalReport, models.PROTECT, related_name="file")
    content = models.BinaryField(_("content"))
    sha256 = models.CharField(_("SHA-256 of the file"), max_length=64)
    pages = models.PositiveIntegerField(_("pages"))
    content_sha256 = models.CharField(_("hash of the content"), max_length=64, blank=True)  # "" where a file was made before this was kept
    is_final = models.BooleanField(_("of the final report"), default=False)
    made_at = models.DateTimeField(_("made at"), auto_now=True)

    SCOPE: ClassVar[Scope] = Owned("report__region")
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("file of a final report")
        verbose_name_plural = _("files of final reports")

    def __str__(self) -> str:
        return f"{self.report_id} · {self.sha256[:12]}"
