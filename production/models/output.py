from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q, Sum
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ikm_program.formatting import tanggal_layar
from ikm_program.models import Record, Tallied
from ikm_program.scoping import Owned, Scope, ScopedQuerySet
from production.models.product import Product
from trainings.models import Batch, Participant, Region, User


class OutputEntryQuerySet(ScopedQuerySet["OutputEntry"]):
    def waiting(self) -> OutputEntryQuerySet:
        """Submitted, not yet decided on."""
        return self.filter(status=OutputEntry.Status.SUBMITTED)

    def returned(self) -> OutputEntryQuerySet:
        return self.filter(status=OutputEntry.Status.RETURNED)

    def verified(self) -> OutputEntryQuerySet:
        return self.filter(status=OutputEntry.Status.VERIFIED)

    def reported(self) -> OutputEntryQuerySet:
        """Submitted or verified."""
        return self.filter(status__in=OutputEntry.REPORTED)

    def drafts(self) -> OutputEntryQuerySet:
        return self.filter(status=OutputEntry.Status.DRAFT)

    def kept_by(self, user: User) -> OutputEntryQuerySet:
        """Reports this person may still edit or take back: their own and those of their own district, never another office's."""
        own = Q(created_by=user)
        if not user.is_only_instructor:
            own |= Q(region=user.region)
        return self.owned_by(user).filter(own)

    def with_names(self) -> OutputEntryQuerySet:
        return self.select_related("batch__activity__programme", "product", "region", "created_by", "batch__region")


class OutputEntry(Tallied, Record):
    """What a batch made on a day, as its district reports it. After verification only a correcting entry changes the figure."""

    class Status(models.TextChoices):
        DRAFT = "draf", _("Draft")
        SUBMITTED = "diajukan", _("Submitted")
        RETURNED = "dikembalikan", _("Returned")
        VERIFIED = "diverifikasi", _("Verified")
        CANCELLED = "dibatalkan", _("Cancelled")

    NEXT: ClassVar = {
        Status.DRAFT: (Status.SUBMITTED, Status.CANCELLED),  # cancelled: what was submitted once; a draft that never was is thrown away
        Status.SUBMITTED: (Status.VERIFIED, Status.RETURNED, Status.DRAFT),  # back to draft: withdrawn by its author
        Status.RETURNED: (Status.SUBMITTED, Status.DRAFT, Status.CANCELLED),
        Status.VERIFIED: (),
        Status.CANCELLED: (),
    }
    DEEDS: ClassVar = {(Status.SUBMITTED, Status.DRAFT): _("Withdrawn by its author")}  # how a step is told, where its end says too little
    STATUS_TONES: ClassVar = {
        Status.DRAFT: "muted",
        Status.SUBMITTED: "info",
        Status.RETURNED: "warn",
        Status.VERIFIED: "ok",
        Status.CANCELLED: "danger",
    }

    REPORTED: ClassVar = (Status.SUBMITTED, Status.VERIFIED)  # what counts: a draft says nothing yet, and what came back says it no more

    batch = models.ForeignKey(Batch, models.PROTECT, verbose_name=_("batch"), related_name="outputs")
    product = models.ForeignKey(Product, models.PROTECT, verbose_name=_("product"), related_name="outputs")
    region = models.ForeignKey(Region, models.PROTECT, verbose_name=_("kabupaten/kota"), related_name="outputs")
    made_on = models.DateField(_("production date"))
    good = models.IntegerField(_("good"), help_text=_("Pieces that can be handed over."))
    rejected = models.IntegerField(_("rejected by the maker"), default=0, help_text=_("Pieces that failed and are not handed over."))
    note = models.CharField(_("note"), max_length=300, blank=True)
    status = models.CharField(_("status"), max_length=14, choices=Status.choices, default=Status.DRAFT, editable=False)
    corrects = models.ForeignKey(
        "self", models.PROTECT, verbose_name=_("corrects"), related_name="corrections", null=True, blank=True, editable=False
    )
    submitted_at = models.DateTimeField(_("submitted at"), null=True, editable=False)
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, editable=False)
    returned_reason = models.CharField(_("reason for returning"), max_length=300, blank=True, editable=False)
    cancelled_reason = models.CharField(_("reason for the cancellation"), max_length=300, blank=True, editable=False)
    verified_quantity = models.IntegerField(_("verified quantity"), null=True, editable=False)
    verified_reason = models.CharField(_("reason for a lower quantity"), max_length=300, blank=True, editable=False)
    verified_on = models.DateField(_("verified on"), null=True, editable=False)  # when it happened; `verified_at` is when it was recorded
    verified_at = models.DateTimeField(_("verified at"), null=True, editable=False)
    verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("verified by"), related_name="+", null=True, editable=False
    )

    SCOPE: ClassVar[Scope] = Owned("region")
    objects = OutputEntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("production report")
        verbose_name_plural = _("production reports")
        ordering = ("-made_on", "-pk")
        indexes = [
            models.Index(fields=["status", "made_on"], name="output_status_date"),
            models.Index(fields=["made_on", "id"], name="output_by_date"),
            models.Index(fields=["region", "made_on", "id"], name="output_by_region"),
        ]
        permissions = [("verify_outputentry", "Can verify or return production reports")]
        constraints = [
            models.CheckConstraint(
                condition=Q(corrects__isnull=False) | Q(good__gte=0, rejected__gte=0),
                name="%(app_label)s_%(class)s_not_negative",
                violation_error_message=_("A quantity cannot be negative. To lower a verified figure, record a correction."),
            ),
            models.CheckConstraint(
                condition=~Q(good=0, rejected=0),
                name="%(app_label)s_%(class)s_says_something",
                violation_error_message=_("Fill in how many were made."),
            ),
            models.CheckConstraint(
                condition=Q(verified_by__isnull=True) | ~Q(verified_by=F("created_by")),
                name="%(app_label)s_%(class)s_four_eyes",
                violation_error_message=_("Nobody verifies what they entered themselves."),
            ),
            models.CheckConstraint(
                condition=Q(verified_by__isnull=True) | ~Q(verified_by=F("submitted_by")),
                name="%(app_label)s_%(class)s_not_by_submitter",
                violation_error_message=_("Nobody verifies what they submitted themselves."),
            ),
            models.CheckConstraint(
                condition=Q(status="diverifikasi", verified_at__isnull=False, verified_by__isnull=False, verified_quantity__isnull=False)
                | (~Q(status="diverifikasi") & Q(verified_at__isnull=True, verified_by__isnull=True, verified_quantity__isnull=True)),
                name="%(app_label)s_%(class)s_verified_by_whom",
                violation_error_message=_("A verified report says who verified what, and when."),
            ),
            models.CheckConstraint(
                condition=Q(verified_quantity__isnull=True)
                | Q(corrects__isnull=False)
                | Q(verified_quantity__lte=F("good"), verified_quantity__gte=0),
                name="%(app_label)s_%(class)s_verified_within_reported",
                violation_error_message=_("The verified quantity cannot exceed the reported one."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.product.short_name} {tanggal_layar(self.made_on)} · {self.region.short_name}"

    def get_absolute_url(self) -> str:
        return reverse("production:output_detail", kwargs={"pk": self.pk})

    @property
    def reported(self) -> int:
        """Everything that was made: good pieces and rejects."""
        return self.good + self.rejected

    @property
    def is_correction(self) -> bool:
        return self.corrects_id is not None

    @property
    def is_editable(self) -> bool:
        return self.status in (self.Status.DRAFT, self.Status.RETURNED)

    @property
    def was_submitted(self) -> bool:
        """Submitted once, and no longer: withdrawn, or cancelled after that."""
        return self.submitted_at is not None and self.status in (self.Status.DRAFT, self.Status.CANCELLED)


class OutputLine(models.Model):
    """One maker's part of an entry, or "tidak dirinci" when nobody broke it down. Verified, it becomes a lot."""

    entry = models.ForeignKey(OutputEntry, models.CASCADE, related_name="lines")
    participant = models.ForeignKey(
        Participant, models.PROTECT, verbose_name=_("maker"), related_name="output_lines", null=True, blank=True
    )
    good = models.IntegerField(_("good"))
    verified_quantity = models.IntegerField(_("verified quantity"), null=True, editable=False)
    corrects = models.ForeignKey("self", models.PROTECT, related_name="corrections", null=True, blank=True, editable=False)

    SCOPE: ClassVar[Scope] = Owned("entry__region")
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("maker's part")
        verbose_name_plural = _("makers' parts")
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(
                fields=["entry", "participant"],
                condition=Q(participant__isnull=False),
                name="%(app_label)s_%(class)s_maker_once",
                violation_error_message=_("This maker is listed twice."),
            ),
            models.CheckConstraint(
                condition=Q(corrects__isnull=False) | Q(good__gte=0),
                name="%(app_label)s_%(class)s_not_negative",
                violation_error_message=_("A quantity cannot be negative."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.maker_name}: {self.good}"

    @property
    def maker_name(self) -> str:
        return str(self.participant) if self.participant_id else str(_("not broken down"))

    def left_to_correct(self, *, besides: OutputEntry) -> int:
        """What a correction may still take away: verified, with what corrections changed and less what those that wait would take."""
        others = OutputLine.objects.filter(corrects=self).exclude(entry=besides)
        taking = Q(entry__status=OutputEntry.Status.SUBMITTED, good__lt=0)
        changed = others.aggregate(done=Sum("verified_quantity", default=0), waiting=Sum("good", filter=taking, default=0))
        return (self.verified_quantity or 0) + int(changed["done"]) + int(changed["waiting"])


def photo_path(photo: OutputPhoto, filename: str) -> str:
    """A random name of our own: nothing of what the sender called the file survives."""
    return f"photos/{uuid.uuid4().hex}.jpg"


class OutputPhoto(models.Model):
    """A photo of what was made: re-encoded, without the camera's data, private."""

    entry = models.ForeignKey(OutputEntry, models.CASCADE, related_name="photos", null=True, blank=True)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    upload_key = models.UUIDField(_("upload key"))  # made on the phone: the same photo sent twice is one photo
    form_key = models.UUIDField(_("key of the form it came with"), db_index=True)
    region = models.ForeignKey(Region, models.PROTECT, related_name="+")
    image = models.FileField(_("photo"), upload_to=photo_path, max_length=120)
    sha256 = models.CharField(max_length=64)
    uploaded_at = models.DateTimeField(_("uploaded at"), auto_now_add=True)

    SCOPE: ClassVar[Scope] = Owned("region")
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("photo")
        verbose_name_plural = _("photos")
        ordering = ("pk",)
        constraints = [models.UniqueConstraint(fields=["uploaded_by", "upload_key"], name="%(app_label)s_%(class)s_once")]

    def __str__(self) -> str:
        return self.sha256[:12]

    def get_absolute_url(self) -> str:
        return reverse("production:photo_file", kwargs={"pk": self.pk})
