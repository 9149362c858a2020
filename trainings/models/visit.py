from __future__ import annotations

import datetime as dt
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ikm_program.formatting import tanggal_layar
from ikm_program.models import Record
from ikm_program.scoping import Owned, Scope, ScopedQuerySet
from trainings.models.batch import Instructor
from trainings.models.enrolment import Enrolment


class VisitQuerySet(ScopedQuerySet["Visit"]):
    def standing(self) -> VisitQuerySet:
        """Without those that were called off."""
        return self.exclude(status=Visit.Status.CANCELLED)

    def overdue(self, day: dt.date) -> VisitQuerySet:
        """Planned for a day that is over, and nobody said what came of it."""
        return self.filter(status=Visit.Status.PLANNED, visit_on__lt=day)

    def with_names(self) -> VisitQuerySet:
        return self.select_related(
            "instructor", "enrolment__participant__region", "enrolment__participant__enterprise", "enrolment__batch__activity__programme",
            "enrolment__batch__region",
        )  # fmt: skip


class Visit(Record):
    """An instructor goes to see a maker where he or she works."""

    class Status(models.TextChoices):
        PLANNED = "direncanakan", _("Planned")
        DONE = "terlaksana", _("Done")
        MISSED = "tidak_terlaksana", _("Not done")
        CANCELLED = "dibatalkan", _("Cancelled")

    NEXT: ClassVar = {
        Status.PLANNED: (Status.DONE, Status.MISSED, Status.CANCELLED),
        Status.DONE: (Status.MISSED,),  # recorded by mistake
        Status.MISSED: (Status.DONE,),
        Status.CANCELLED: (),
    }
    STATUS_TONES: ClassVar = {Status.PLANNED: "info", Status.DONE: "ok", Status.MISSED: "warn", Status.CANCELLED: "muted"}

    enrolment = models.ForeignKey(Enrolment, models.PROTECT, verbose_name=_("participant"), related_name="visits")
    instructor = models.ForeignKey(Instructor, models.PROTECT, verbose_name=_("instructor"), related_name="visits")
    visit_on = models.DateField(_("date of the visit"))
    starts_at = models.TimeField(_("starts at"), null=True, blank=True)
    ends_at = models.TimeField(_("ends at"), null=True, blank=True)
    purpose = models.CharField(_("purpose of the visit"), max_length=200)
    status = models.CharField(_("status"), max_length=16, choices=Status.choices, default=Status.PLANNED, editable=False)
    note = models.CharField(_("what came of it"), max_length=500, blank=True, editable=False)

    SCOPE: ClassVar[Scope] = Owned("enrolment__participant__region", seen_also=("enrolment__batch__region",))
    objects = VisitQuerySet.as_manager()

    class Meta:
        verbose_name = _("visit")
        verbose_name_plural = _("visits")
        ordering = ("visit_on", "starts_at", "pk")
        indexes = [models.Index(fields=["visit_on"], name="visit_by_date")]
        constraints = [
            models.CheckConstraint(
                condition=Q(starts_at__isnull=True) | Q(ends_at__isnull=True) | Q(starts_at__lt=F("ends_at")),
                name="%(app_label)s_%(class)s_times_in_order",
                violation_error_message=_("The end cannot be before the beginning."),
            ),
            models.CheckConstraint(
                condition=~Q(status="tidak_terlaksana") | ~Q(note=""),
                name="%(app_label)s_%(class)s_missed_why",
                violation_error_message=_("Say why the visit did not take place."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.enrolment.participant} · {tanggal_layar(self.visit_on)}"

    def get_absolute_url(self) -> str:
        return reverse("trainings:visit_detail", kwargs={"pk": self.pk})

    @property
    def times(self) -> str:
        parts = [f"{time:%H.%M}" if time else "" for time in (self.starts_at, self.ends_at)]
        return "–".join(parts) if all(parts) else "".join(parts)
