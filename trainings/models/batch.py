from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Count, F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ikm_program.finding import Found
from ikm_program.models import Record
from ikm_program.scoping import Scope, ScopedQuerySet, SharedDownward
from trainings.models.decree import Decree
from trainings.models.programme import Activity
from trainings.models.region import Region


class InstructorQuerySet(ScopedQuerySet["Instructor"]):
    def of_batch(self, batch: Any) -> InstructorQuerySet:
        """Those assigned to it."""
        return self.filter(assignments__batch=batch)

    def without_account(self) -> InstructorQuerySet:
        return self.filter(user=None)

    def search(self, text: str) -> Found[Instructor]:
        """Few enough to be read through: every word stands in the name."""
        rows = self.none() if not text.split() else self
        for word in text.split():
            rows = rows.filter(name__icontains=word)
        return Found(rows, tuple(rows.order_by("name", "pk").values_list("pk", flat=True)))


class Instructor(Record):
    """A person who teaches and visits the makers."""

    region = models.ForeignKey(Region, models.PROTECT, verbose_name=_("region"), related_name="instructors")
    name = models.CharField(_("name"), max_length=120)
    expertise = models.CharField(_("expertise"), max_length=160, blank=True)
    phone = models.CharField(_("mobile phone"), max_length=20, blank=True)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.SET_NULL, verbose_name=_("account"), related_name="instructor", null=True, blank=True
    )
    is_example = models.BooleanField(_("example data"), default=False)

    SCOPE: ClassVar[Scope] = SharedDownward("region")
    objects = InstructorQuerySet.as_manager()

    class Meta:
        verbose_name = _("instructor")
        verbose_name_plural = _("instructors")
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("trainings:instructor_detail", kwargs={"pk": self.pk})


class BatchQuerySet(ScopedQuerySet["Batch"]):
    def of_open_programmes(self) -> BatchQuerySet:
        return self.filter(activity__programme__status="dibuka")

    def standing(self) -> BatchQuerySet:
        """Without those that were cancelled."""
        return self.exclude(status=Batch.Status.CANCELLED)

    def taught_by(self, user: Any) -> BatchQuerySet:
        """The batches an instructor is assigned to; everybody else's reach is the region."""
        return self.filter(assignments__instructor__user=user) if user.is_only_instructor else self

    def with_names(self) -> BatchQuerySet:
        return self.select_related("activity__programme", "region")

    def with_participant_count(self) -> BatchQuerySet:
        return self.annotate(participant_count=Count("enrolments", filter=Q(enrolments__status="aktif")))


class Batch(Record):
    """An angkatan: one run of an activity in a district (or, for a province, with people of several districts)."""

    class Mode(models.TextChoices):
        VISIT = "kunjungan", _("Visits to the makers")
        CLASS = "tatap_muka", _("In class")
        ONLINE = "daring", _("Online")

    class Status(models.TextChoices):
        PLANNED = "rencana", _("Planned")
        RUNNING = "berjalan", _("Running")
        FINISHED = "selesai", _("Finished")
        CANCELLED = "dibatalkan", _("Cancelled")

    NEXT: ClassVar = {
        Status.PLANNED: (Status.RUNNING, Status.CANCELLED),
        Status.RUNNING: (Status.FINISHED, Status.CANCELLED),
        Status.FINISHED: (Status.RUNNING,),
        Status.CANCELLED: (),
    }
    DEEDS: ClassVar = {(Status.FINISHED, Status.RUNNING): _("Opened again")}
    STATUS_TONES: ClassVar = {Status.PLANNED: "muted"}

    activity = models.ForeignKey(Activity, models.PROTECT, verbose_name=_("activity"), related_name="batches")
    region = models.ForeignKey(Region, models.PROTECT, verbose_name=_("region"), related_name="batches")
    number = models.PositiveSmallIntegerField(_("batch number"), default=1)
    mode = models.CharField(_("mode"), max_length=12, choices=Mode.choices, default=Mode.VISIT)
    venue = models.CharField(_("venue"), max_length=160, blank=True)
    starts_on = models.DateField(_("starts on"), null=True, blank=True)
    ends_on = models.DateField(_("ends on"), null=True, blank=True)
    capacity = models.PositiveSmallIntegerField(
        _("capacity"), null=True, blank=True, help_text=_("How many people the batch can take. Leave empty when nobody has set it.")
    )
    decree = models.ForeignKey(
        Decree, models.PROTECT, verbose_name=_("decree of participants"), related_name="batches", null=True, blank=True, editable=False
    )
    status = models.CharField(_("status"), max_length=10, choices=Status.choices, default=Status.PLANNED, editable=False)
    cancelled_reason = models.CharField(_("reason for the cancellation"), max_length=250, blank=True, editable=False)
    instructors: models.ManyToManyField[Instructor, InstructorAssignment] = models.ManyToManyField(
        Instructor, through="InstructorAssignment", verbose_name=_("instructors"), related_name="batches", blank=True
    )

    SCOPE: ClassVar[Scope] = SharedDownward("region")
    objects = BatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("batch")
        verbose_name_plural = _("batches")
        ordering = ("activity", "region__kemendagri_code", "number")
        constraints = [
            models.UniqueConstraint(
                fields=["activity", "region", "number"],
                name="%(app_label)s_%(class)s_numbered_once",
                violation_error_message=_("This activity already has a batch of that number here."),
            ),
            models.CheckConstraint(
                condition=Q(starts_on__isnull=True) | Q(ends_on__isnull=True) | Q(starts_on__lte=F("ends_on")),
                name="%(app_label)s_%(class)s_dates_in_order",
                violation_error_message=_("The end cannot be before the beginning."),
            ),
            models.CheckConstraint(
                condition=Q(status="dibatalkan") & ~Q(cancelled_reason="") | ~Q(status="dibatalkan") & Q(cancelled_reason=""),
                name="%(app_label)s_%(class)s_cancelled_why",
                violation_error_message=_("Say why the batch is cancelled."),
            ),
        ]
        permissions = [("cancel_batch", "Can cancel a batch")]

    def __str__(self) -> str:
        return _("%(activity)s · batch %(number)s · %(region)s") % {
            "activity": self.activity,
            "number": self.number,
            "region": self.region.short_name,
        }

    def get_absolute_url(self) -> str:
        return reverse("trainings:batch_detail", kwargs={"pk": self.pk})

    @property
    def is_standing(self) -> bool:
        """Something can still be entered in it: its programme is open, and it is neither finished nor cancelled."""
        return self.activity.programme.is_open and self.status in (self.Status.PLANNED, self.Status.RUNNING)


class InstructorAssignment(models.Model):
    """An instructor assigned to a batch, and the letter (surat tugas) that says so."""

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="assignments")
    instructor = models.ForeignKey(Instructor, models.PROTECT, verbose_name=_("instructor"), related_name="assignments")
    letter = models.CharField(_("assignment letter"), max_length=120, blank=True)
    letter_on = models.DateField(_("date of the letter"), null=True, blank=True)

    SCOPE: ClassVar[Scope] = SharedDownward("batch__region")
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("instructor of a batch")
        verbose_name_plural = _("instructors of a batch")
        constraints = [
            models.UniqueConstraint(fields=["batch", "instructor"], name="%(app_label)s_%(class)s_once"),
            models.CheckConstraint(
                condition=Q(letter_on__isnull=True) | ~Q(letter=""),
                name="%(app_label)s_%(class)s_dated_letter",
                violation_error_message=_("Fill in the number of the assignment letter."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.instructor} · {self.batch}"
