from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ikm_program.models import Record
from ikm_program.scoping import Owned, Scope, ScopedQuerySet
from trainings.models.batch import Batch
from trainings.models.participant import Participant
from trainings.models.programme import Activity

LIVE = ("diusulkan", "aktif", "cadangan")
NEVER_PLACED = ("diusulkan", "cadangan", "ditolak")


class EnrolmentQuerySet(ScopedQuerySet["Enrolment"]):
    def active(self) -> EnrolmentQuerySet:
        """Those who have a place: what the quota counts."""
        return self.filter(status=Enrolment.Status.ACTIVE)

    def placed(self) -> EnrolmentQuerySet:
        """Those who have a place, and those who had one and left: they were there on the days before."""
        return self.exclude(status__in=NEVER_PLACED)

    def live(self) -> EnrolmentQuerySet:
        """Nominated, with a place, or waiting for one: nobody is so twice in an activity."""
        return self.filter(status__in=LIVE)

    def nominated(self) -> EnrolmentQuerySet:
        return self.filter(status=Enrolment.Status.NOMINATED)


class Enrolment(Record):
    """Somebody in a batch: nominated, then with a place, in reserve, or not accepted. Leaving frees the place, the history stays."""

    class Status(models.TextChoices):
        NOMINATED = "diusulkan", _("Nominated")
        ACTIVE = "aktif", _("Enrolled")
        RESERVE = "cadangan", _("In reserve")
        REJECTED = "ditolak", _("Not accepted")
        WITHDRAWN = "mundur", _("Withdrawn")
        REPLACED = "diganti", _("Replaced")

    NEXT: ClassVar = {
        Status.NOMINATED: (Status.ACTIVE, Status.RESERVE, Status.REJECTED, Status.WITHDRAWN),
        Status.ACTIVE: (Status.WITHDRAWN, Status.REPLACED),
        Status.RESERVE: (Status.ACTIVE, Status.REJECTED, Status.WITHDRAWN),
        Status.REJECTED: (Status.ACTIVE, Status.RESERVE),  # decided otherwise
        Status.WITHDRAWN: (Status.ACTIVE, Status.NOMINATED),
        Status.REPLACED: (),
    }
    DEEDS: ClassVar = {
        (Status.NOMINATED, Status.ACTIVE): _("Accepted"),
        (Status.RESERVE, Status.ACTIVE): _("Accepted from the reserve"),
        (Status.REJECTED, Status.ACTIVE): _("Accepted after all"),
        (Status.WITHDRAWN, Status.ACTIVE): _("Enrolled again"),
        (Status.WITHDRAWN, Status.NOMINATED): _("Nominated again"),
    }
    STATUS_TONES: ClassVar = {Status.NOMINATED: "info", Status.RESERVE: "warn", Status.REPLACED: "muted"}
    COPIED: ClassVar = ("nik",)  # follows the participant's without an event of its own

    batch = models.ForeignKey(Batch, models.PROTECT, verbose_name=_("batch"), related_name="enrolments")
    participant = models.ForeignKey(Participant, models.PROTECT, verbose_name=_("participant"), related_name="enrolments")
    activity = models.ForeignKey(Activity, models.PROTECT, related_name="+", editable=False)
    nik = models.CharField(max_length=16, null=True, editable=False)  # noqa: DJ001  (a copy, so that the database refuses the same NIK twice)
    status = models.CharField(_("status"), max_length=10, choices=Status.choices, default=Status.ACTIVE, editable=False)
    decision_reason = models.CharField(_("reason of the decision"), max_length=250, blank=True, editable=False)
    replaced_by = models.OneToOneField(
        "self", models.PROTECT, verbose_name=_("replaced by"), related_name="replaces", null=True, blank=True, editable=False
    )

    SCOPE: ClassVar[Scope] = Owned("participant__region", seen_also=("batch__region",))
    objects = EnrolmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("enrolment")
        verbose_name_plural = _("enrolments")
        ordering = ("batch", "participant__name")
        constraints = [
            models.UniqueConstraint(
                fields=["activity", "participant"],
                condition=Q(status__in=LIVE),
                name="%(app_label)s_%(class)s_person_once_per_activity",
                violation_error_message=_("This person already takes part in this activity."),
            ),
            models.UniqueConstraint(
                fields=["activity", "nik"],
                condition=Q(status__in=LIVE, nik__isnull=False),
                name="%(app_label)s_%(class)s_nik_once_per_activity",
                violation_error_message=_("This NIK is already registered for this activity."),
            ),
            models.CheckConstraint(
                condition=~Q(status="ditolak") | ~Q(decision_reason=""),
                name="%(app_label)s_%(class)s_rejected_why",
                violation_error_message=_("Say why this person is not accepted."),
            ),
            models.CheckConstraint(
                condition=Q(status="diganti", replaced_by__isnull=False) | (~Q(status="diganti") & Q(replaced_by__isnull=True)),
                name="%(app_label)s_%(class)s_replaced_by_whom",
            ),
        ]
        permissions = [("decide_enrolment", "Can accept and reject nominated participants")]

    def __str__(self) -> str:
        return f"{self.participant} · {self.batch}"

    def get_absolute_url(self) -> str:
        return self.batch.get_absolute_url()
