from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ikm_program.models import Record
from ikm_program.scoping import Owned, Scope, ScopedQuerySet, SharedDownward
from trainings.models.mentoring import Pipeline
from trainings.models.office import Office
from trainings.models.participant import Participant
from trainings.models.region import Region


def file_path(file: OccasionFile, filename: str) -> str:
    """A random name of our own."""
    suffix = ".pdf" if filename.lower().endswith(".pdf") else ".jpg"
    return f"occasions/{uuid.uuid4().hex}{suffix}"


class OccasionQuerySet(ScopedQuerySet["Occasion"]):
    def with_counts(self) -> OccasionQuerySet:
        return self.annotate(guest_count=Count("guests", distinct=True), handed_count=Count("handed", distinct=True))


class Occasion(Record):
    """Something that took place: a working meeting (Rakernis), the handing over of certificates.

    The day it happened and the day somebody printed it are two dates.
    """

    region = models.ForeignKey(Region, models.PROTECT, verbose_name=_("region"), related_name="occasions")
    name = models.CharField(_("name of the event"), max_length=160)
    happened_on = models.DateField(_("date of the event"))
    place = models.CharField(_("place"), max_length=160, blank=True)
    organiser = models.CharField(_("organiser"), max_length=160, blank=True)
    minutes = models.TextField(_("what was said and agreed"), blank=True, max_length=5000)
    source = models.CharField(_("source"), max_length=200, blank=True)
    published_on = models.DateField(_("date of publication"), null=True, blank=True)
    is_example = models.BooleanField(_("example data"), default=False)

    SCOPE: ClassVar[Scope] = SharedDownward("region")
    objects = OccasionQuerySet.as_manager()

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering = ("-happened_on", "-pk")
        constraints = [
            models.CheckConstraint(
                condition=Q(published_on__isnull=True) | ~Q(source=""),
                name="%(app_label)s_%(class)s_published_by_whom",
                violation_error_message=_("Say which source was published on that date."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} · {self.happened_on:%d-%m-%Y}"

    def get_absolute_url(self) -> str:
        return reverse("trainings:occasion_detail", kwargs={"pk": self.pk})


class OccasionGuest(Record):
    """Somebody who was present: of an office, a participant of the register, or a name with a position."""

    occasion = models.ForeignKey(Occasion, models.PROTECT, verbose_name=_("event"), related_name="guests")
    office = models.ForeignKey(Office, models.PROTECT, verbose_name=_("office"), related_name="+", null=True, blank=True)
    participant = models.ForeignKey(
        Participant, models.PROTECT, verbose_name=_("participant"), related_name="attended", null=True, blank=True
    )
    name = models.CharField(_("name"), max_length=120, blank=True)
    position = models.CharField(_("position"), max_length=160, blank=True)

    SCOPE: ClassVar[Scope] = SharedDownward("occasion__region")
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("person present")
        verbose_name_plural = _("people present")
        ordering = ("pk",)
        constraints = [
            models.CheckConstraint(
                condition=Q(office__isnull=False) | Q(participant__isnull=False) | ~Q(name=""),
                name="%(app_label)s_%(class)s_is_somebody",
                violation_error_message=_("Name the person, the participant or the office."),
            )
        ]

    def __str__(self) -> str:
        return self.who or str(self.office)

    @property
    def who(self) -> str:
        return self.name or (str(self.participant) if self.participant else "")


class HandedCertificate(Record):
    """A certificate that somebody was given at an event; the certificate itself stands with the business."""

    occasion = models.ForeignKey(Occasion, models.PROTECT, verbose_name=_("event"), related_name="handed")
    pipeline = models.OneToOneField(
        Pipeline, models.PROTECT, verbose_name=_("mentoring"), related_name="handed",
        error_messages={"unique": _("This certificate has been handed over already.")},
    )  # fmt: skip
    received_by = models.CharField(_("received by"), max_length=120, blank=True)

    SCOPE: ClassVar[Scope] = Owned("pipeline__enterprise__region")
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("certificate handed over")
        verbose_name_plural = _("certificates handed over")
        ordering = ("pk",)

    def __str__(self) -> str:
        return str(self.pipeline)

    def get_absolute_url(self) -> str:
        return self.occasion.get_absolute_url()


class OccasionFile(Record):
    """A photo or the minutes of an event."""

    class Kind(models.TextChoices):
        PHOTO = "foto", _("Photo")
        MINUTES = "notulen", _("Minutes")
        ATTENDANCE = "hadir", _("Signed attendance list")
        OTHER = "lain", _("Other")

    occasion = models.ForeignKey(Occasion, models.PROTECT, verbose_name=_("event"), related_name="files")
    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices, default=Kind.PHOTO)
    caption = models.CharField(_("caption"), max_length=160, blank=True)
    file = models.FileField(_("file (PDF or photo)"), upload_to=file_path, max_length=120)
    sha256 = models.CharField(max_length=64, editable=False)

    SCOPE: ClassVar[Scope] = SharedDownward("occasion__region")
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("file of an event")
        verbose_name_plural = _("files of an event")
        ordering = ("kind", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["occasion", "sha256"],
                name="%(app_label)s_%(class)s_once",
                violation_error_message=_("This file is there already."),
            )
        ]

    def __str__(self) -> str:
        return self.caption or self.get_kind_display()

    def get_absolute_url(self) -> str:
        return self.occasion.get_absolute_url()

    @property
    def is_picture(self) -> bool:
        return bool(self.file) and not str(self.file.name).endswith(".pdf")
