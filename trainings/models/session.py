from __future__ import annotations

import datetime as dt
import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Count, F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ikm_program.formatting import tanggal_layar
from ikm_program.models import Record
from ikm_program.scoping import Owned, Scope, ScopedQuerySet, SharedDownward
from trainings.models.batch import Batch, Instructor
from trainings.models.enrolment import NEVER_PLACED, Enrolment


def scan_path(session: Session, filename: str) -> str:
    """A random name of our own."""
    suffix = ".pdf" if filename.lower().endswith(".pdf") else ".jpg"
    return f"attendance/{uuid.uuid4().hex}{suffix}"


class SessionQuerySet(ScopedQuerySet["Session"]):
    def with_counts(self) -> SessionQuerySet:
        """How many were there, and of how many something is said."""
        present = Count("attendances", filter=Q(attendances__mark=Attendance.Mark.PRESENT), distinct=True)
        return self.annotate(present_count=present, marked_count=Count("attendances", distinct=True))

    def unrecorded(self, day: dt.date) -> SessionQuerySet:
        """Days that are over, whose list is not closed."""
        return self.filter(held_on__lte=day, closed_at__isnull=True)

    def closed(self) -> SessionQuerySet:
        """What was held, for money, certificates and reports: every other day is a plan, whatever its date."""
        return self.filter(closed_at__isnull=False)

    def held_by(self, day: dt.date) -> SessionQuerySet:
        return self.closed().filter(held_on__lte=day)


class Session(Record):
    """A day of a batch. Attendance is recorded per person and day, and a day present is what an allowance is paid for."""

    batch = models.ForeignKey(Batch, models.PROTECT, verbose_name=_("batch"), related_name="sessions")
    held_on = models.DateField(_("date"))
    starts_at = models.TimeField(_("starts at"), null=True, blank=True)
    ends_at = models.TimeField(_("ends at"), null=True, blank=True)
    place = models.CharField(_("place"), max_length=160, blank=True, help_text=_("Leave empty when it is the venue of the batch."))
    # Once the list of the day is closed, a mark is corrected only with a reason.
    closed_at = models.DateTimeField(_("attendance closed at"), null=True, editable=False)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, editable=False)
    scan = models.FileField(_("signed list (scan or photo)"), upload_to=scan_path, blank=True, max_length=120, editable=False)
    scan_sha256 = models.CharField(max_length=64, blank=True, editable=False)

    SCOPE: ClassVar[Scope] = SharedDownward("batch__region")
    objects = SessionQuerySet.as_manager()

    class Meta:
        verbose_name = _("training day")
        verbose_name_plural = _("training days")
        ordering = ("batch", "held_on")
        constraints = [
            models.UniqueConstraint(
                fields=["batch", "held_on"],
                name="%(app_label)s_%(class)s_once_a_day",
                violation_error_message=_("This batch already has a training day on that date."),
            ),
            models.CheckConstraint(
                condition=Q(starts_at__isnull=True) | Q(ends_at__isnull=True) | Q(starts_at__lt=F("ends_at")),
                name="%(app_label)s_%(class)s_times_in_order",
                violation_error_message=_("The end cannot be before the beginning."),
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True, closed_by__isnull=True) | Q(closed_at__isnull=False, closed_by__isnull=False),
                name="%(app_label)s_%(class)s_closed_by_whom",
            ),
            models.CheckConstraint(
                condition=Q(scan="", scan_sha256="") | (~Q(scan="") & ~Q(scan_sha256="")),
                name="%(app_label)s_%(class)s_scan_hashed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.batch} · {tanggal_layar(self.held_on)}"

    def get_absolute_url(self) -> str:
        return reverse("trainings:session_detail", kwargs={"pk": self.pk})

    @property
    def is_closed(self) -> bool:
        return self.closed_at is not None

    @property
    def has_scan(self) -> bool:
        return bool(self.scan)

    @property
    def has_come(self) -> bool:
        return self.held_on <= timezone.localdate()

    @property
    def day_in_words(self) -> str:
        return tanggal_layar(self.held_on)

    @property
    def where(self) -> str:
        """The place of the day, or the venue of the batch."""
        return self.place or self.batch.venue

    @property
    def times(self) -> str:
        """ "08.00–15.30"; one end may be unknown."""
        parts = [f"{time:%H.%M}" if time else "" for time in (self.starts_at, self.ends_at)]
        return "–".join(parts) if all(parts) else "".join(parts)


class SessionTopic(models.Model):
    """What is taught on a day, how long in lesson hours (JP), and by whom."""

    session = models.ForeignKey(Session, models.CASCADE, related_name="topics")
    topic = models.CharField(_("topic"), max_length=200)
    hours = models.PositiveSmallIntegerField(_("lesson hours (JP)"))
    instructor = models.ForeignKey(Instructor, models.PROTECT, verbose_name=_("instructor"), related_name="topics", null=True, blank=True)

    SCOPE: ClassVar[Scope] = SharedDownward("session__batch__region")
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("topic of a training day")
        verbose_name_plural = _("topics of a training day")
        ordering = ("pk",)
        constraints = [
            models.CheckConstraint(
                condition=Q(hours__gt=0),
                name="%(app_label)s_%(class)s_some_hours",
                violation_error_message=_("Fill in how many lesson hours."),
            )
        ]

    def __str__(self) -> str:
        return self.topic


class AttendanceQuerySet(ScopedQuerySet["Attendance"]):
    def present(self) -> AttendanceQuerySet:
        return self.filter(mark=Attendance.Mark.PRESENT)

    def earning(self) -> AttendanceQuerySet:
        """What an allowance is paid for: present days, closed, of people who were accepted."""
        return self.present().placed().filter(session__closed_at__isnull=False)

    def placed(self) -> AttendanceQuerySet:
        """Of those who have a place or had one: see `EnrolmentQuerySet.placed`."""
        return self.exclude(enrolment__status__in=NEVER_PLACED)


class Attendance(Record):
    """Whether a participant was there on a day. No row: nobody has said so yet."""

    class Mark(models.TextChoices):
        PRESENT = "hadir", _("Present")
        EXCUSED = "izin", _("Excused")
        SICK = "sakit", _("Ill")
        ABSENT = "alpa", _("Absent")

    session = models.ForeignKey(Session, models.PROTECT, verbose_name=_("training day"), related_name="attendances")
    enrolment = models.ForeignKey(Enrolment, models.PROTECT, verbose_name=_("participant"), related_name="attendances")
    mark = models.CharField(_("attendance"), max_length=5, choices=Mark.choices)

    SCOPE: ClassVar[Scope] = Owned("enrolment__participant__region", seen_also=("session__batch__region",))
    objects = AttendanceQuerySet.as_manager()

    class Meta:
        verbose_name = _("attendance")
        verbose_name_plural = _("attendances")
        ordering = ("session", "enrolment")
        constraints = [
            models.UniqueConstraint(fields=["session", "enrolment"], name="%(app_label)s_%(class)s_once"),
        ]
        permissions = [("correct_attendance", "Can correct the attendance of a closed day")]

    def __str__(self) -> str:
        return f"{self.enrolment.participant} · {tanggal_layar(self.session.held_on)}: {self.get_mark_display()}"

    def get_absolute_url(self) -> str:
        return self.session.get_absolute_url()
