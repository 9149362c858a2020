from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q, Sum
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ikm_program.formatting import tanggal_layar
from ikm_program.models import Record
from ikm_program.scoping import Owned, Scope, ScopedQuerySet, SharedDownward
from trainings.models.batch import Batch, Enrolment, Instructor


class SessionQuerySet(ScopedQuerySet["Session"]):
    def with_hours(self) -> SessionQuerySet:
        """Lesson hours (JP) of the day's topics; null where no topic is recorded."""
        return self.annotate(hours=Sum("topics__hours"))


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
        ]

    def __str__(self) -> str:
        return f"{self.batch} · {tanggal_layar(self.held_on)}"

    def get_absolute_url(self) -> str:
        return reverse("trainings:session_detail", kwargs={"pk": self.pk})

    @property
    def is_closed(self) -> bool:
        return self.closed_at is not None


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

    def __str__(self) -> str:
        return f"{self.enrolment.participant} · {tanggal_layar(self.session.held_on)}: {self.get_mark_display()}"

    def get_absolute_url(self) -> str:
        return self.session.get_absolute_url()
