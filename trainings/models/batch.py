from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Count, F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ikm_program.models import Record
from ikm_program.scoping import Owned, Scope, ScopedQuerySet, SharedDownward
from trainings.models.participant import Participant
from trainings.models.programme import Activity
from trainings.models.region import Region


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
    objects = ScopedQuerySet.as_manager()

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

    activity = models.ForeignKey(Activity, models.PROTECT, verbose_name=_("activity"), related_name="batches")
    region = models.ForeignKey(Region, models.PROTECT, verbose_name=_("region"), related_name="batches")
    number = models.PositiveSmallIntegerField(_("batch number"), default=1)
    mode = models.CharField(_("mode"), max_length=12, choices=Mode.choices, default=Mode.VISIT)
    venue = models.CharField(_("venue"), max_length=160, blank=True)
    starts_on = models.DateField(_("starts on"), null=True, blank=True)
    ends_on = models.DateField(_("ends on"), null=True, blank=True)
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
        ]

    def __str__(self) -> str:
        return _("%(activity)s · batch %(number)s · %(region)s") % {
            "activity": self.activity,
            "number": self.number,
            "region": self.region.short_name,
        }

    def get_absolute_url(self) -> str:
        return reverse("trainings:batch_detail", kwargs={"pk": self.pk})


class InstructorAssignment(models.Model):
    """An instructor assigned to a batch."""

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="assignments")
    instructor = models.ForeignKey(Instructor, models.PROTECT, verbose_name=_("instructor"), related_name="assignments")
    letter = models.CharField(_("assignment letter"), max_length=120, blank=True)

    SCOPE: ClassVar[Scope] = SharedDownward("batch__region")
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("instructor of a batch")
        verbose_name_plural = _("instructors of a batch")
        constraints = [models.UniqueConstraint(fields=["batch", "instructor"], name="%(app_label)s_%(class)s_once")]

    def __str__(self) -> str:
        return f"{self.instructor} · {self.batch}"


class EnrolmentQuerySet(ScopedQuerySet["Enrolment"]):
    def active(self) -> EnrolmentQuerySet:
        return self.filter(status=Enrolment.Status.ACTIVE)


class Enrolment(Record):
    """A participant's place in a batch. Leaving frees the place; the history stays."""

    class Status(models.TextChoices):
        ACTIVE = "aktif", _("Enrolled")
        WITHDRAWN = "mundur", _("Withdrawn")

    NEXT: ClassVar = {Status.ACTIVE: (Status.WITHDRAWN,), Status.WITHDRAWN: (Status.ACTIVE,)}
    COPIED: ClassVar = ("nik",)  # follows the participant's without an event of its own

    batch = models.ForeignKey(Batch, models.PROTECT, verbose_name=_("batch"), related_name="enrolments")
    participant = models.ForeignKey(Participant, models.PROTECT, verbose_name=_("participant"), related_name="enrolments")
    activity = models.ForeignKey(Activity, models.PROTECT, related_name="+", editable=False)
    nik = models.CharField(max_length=16, null=True, editable=False)  # noqa: DJ001  (a copy, so that the database refuses the same NIK twice)
    status = models.CharField(_("status"), max_length=10, choices=Status.choices, default=Status.ACTIVE, editable=False)

    SCOPE: ClassVar[Scope] = Owned("participant__region", seen_also=("batch__region",))
    objects = EnrolmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("enrolment")
        verbose_name_plural = _("enrolments")
        ordering = ("batch", "participant__name")
        constraints = [
            models.UniqueConstraint(
                fields=["activity", "participant"],
                condition=Q(status="aktif"),
                name="%(app_label)s_%(class)s_person_once_per_activity",
                violation_error_message=_("This person already takes part in this activity."),
            ),
            models.UniqueConstraint(
                fields=["activity", "nik"],
                condition=Q(status="aktif", nik__isnull=False),
                name="%(app_label)s_%(class)s_nik_once_per_activity",
                violation_error_message=_("This NIK is already registered for this activity."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.participant} · {self.batch}"

    def get_absolute_url(self) -> str:
        return self.batch.get_absolute_url()
