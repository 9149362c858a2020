from __future__ import annotations

import datetime as dt
import uuid
from functools import cached_property
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Count, F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ikm_program.models import Record
from ikm_program.scoping import Owned, Scope, ScopedQuerySet, SharedDownward
from trainings.mentoring import DECLARED, Declared, MentoringKind, Step, Text, step_label
from trainings.models.enterprise import Enterprise, Licence
from trainings.models.region import Region
from trainings.models.superior import SuperiorProduct


def document_path(step: PipelineStep, filename: str) -> str:
    """A random name of our own."""
    suffix = ".pdf" if filename.lower().endswith(".pdf") else ".jpg"
    return f"mentoring/{uuid.uuid4().hex}{suffix}"


class MentoringStandard(Record):
    """How long a kind of mentoring takes in a province, and how many of it a year the province can carry. Null: not set.

    Where a province has no row the declared ones hold (`trainings.mentoring`).
    """

    region = models.ForeignKey(Region, models.PROTECT, verbose_name=_("province"), related_name="+")
    kind = models.CharField(_("kind"), max_length=8, choices=MentoringKind.choices)
    expected_months = models.PositiveSmallIntegerField(_("expected length (months)"), null=True, blank=True)
    notice_from = models.PositiveSmallIntegerField(_("notice from the … of a year"), null=True, blank=True)
    warn_from = models.PositiveSmallIntegerField(_("warning from the … of a year"), null=True, blank=True)
    basis = models.CharField(_("basis"), max_length=250, blank=True, help_text=_("Where these numbers come from."))

    SCOPE: ClassVar[Scope] = SharedDownward("region")
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("length and capacity")
        verbose_name_plural = _("length and capacity of mentoring")
        ordering = ("kind", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["region", "kind"],
                name="%(app_label)s_%(class)s_once",
                violation_error_message=_("This province has length and capacity of this kind on record already."),
            ),
            models.CheckConstraint(
                condition=Q(notice_from__isnull=True) | Q(warn_from__isnull=True) | Q(notice_from__lte=F("warn_from")),
                name="%(app_label)s_%(class)s_notice_first",
                violation_error_message=_("The notice comes before the warning."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.region}"

    def get_absolute_url(self) -> str:
        return reverse("trainings:standard_detail", kwargs={"pk": self.pk})


class PipelineQuerySet(ScopedQuerySet["Pipeline"]):
    def begun_by(self, day: dt.date) -> PipelineQuerySet:
        return self.filter(started_on__lte=day)

    def open_on(self, day: dt.date) -> PipelineQuerySet:
        """Begun and not ended on that day."""
        return self.begun_by(day).filter(Q(ended_on__isnull=True) | Q(ended_on__gt=day))

    def overdue_on(self, day: dt.date) -> PipelineQuerySet:
        """Still open although the expected length is over; whose length nobody knows is never late."""
        return self.open_on(day).filter(due_on__lt=day)

    def next_late_on(self, day: dt.date) -> PipelineQuerySet:
        """The next action was to be done before that day."""
        return self.filter(status=Pipeline.Status.RUNNING, next_on__lt=day)

    def late_on(self, day: dt.date) -> PipelineQuerySet:
        """Past the expected end, or past the day of the next action."""
        return self.overdue_on(day) | self.next_late_on(day)

    def coming_within(self, days: int, *, on: dt.date) -> PipelineQuerySet:
        """The next action is to be done soon, and nothing is late yet."""
        coming = self.filter(status=Pipeline.Status.RUNNING, next_on__range=(on, on + dt.timedelta(days=days)))
        return coming.filter(Q(due_on__isnull=True) | Q(due_on__gte=on))

    def with_passed_count(self) -> PipelineQuerySet:
        return self.annotate(passed_count=Count("steps", filter=Q(steps__result="lulus")))

    def of_year(self, kind: str, *, province_path: str, year: int) -> PipelineQuerySet:
        """All of a kind that a province began in a year."""
        return self.filter(kind=kind, enterprise__region__path__startswith=province_path, started_on__year=year)


class Pipeline(Record):
    """One business on its way to one certificate or permit: who goes with it, how far it is, what comes next.

    What it ends in is a licence of the business: number, issuer and dates stand there and nowhere else.
    """

    class Status(models.TextChoices):
        RUNNING = "berjalan", _("In progress")
        PASSED = "lulus", _("Passed")
        STOPPED = "berhenti", _("Stopped")

    NEXT: ClassVar = {Status.RUNNING: (Status.PASSED, Status.STOPPED), Status.STOPPED: (Status.RUNNING,)}
    DEEDS: ClassVar = {(Status.STOPPED, Status.RUNNING): _("Taken up again")}
    STATUS_TONES: ClassVar = {Status.RUNNING: "info", Status.PASSED: "ok", Status.STOPPED: "muted"}

    enterprise = models.ForeignKey(Enterprise, models.PROTECT, verbose_name=_("IKM business"), related_name="pipelines")
    kind = models.CharField(_("kind"), max_length=8, choices=MentoringKind.choices)
    product = models.CharField(_("product"), max_length=120, blank=True, help_text=_("Empty: everything that the business makes."))
    superior = models.ForeignKey(
        SuperiorProduct, models.PROTECT, verbose_name=_("superior product"), related_name="pipelines", null=True, blank=True
    )
    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("officer in charge"), related_name="pipelines", null=True, blank=True
    )
    started_on = models.DateField(_("started on"))
    expected_months = models.PositiveSmallIntegerField(_("expected length (months)"), null=True, blank=True)
    due_on = models.DateField(_("expected end"), null=True, blank=True, editable=False)
    next_action = models.CharField(_("next action"), max_length=200, blank=True)
    next_on = models.DateField(_("to be done by"), null=True, blank=True)
    status = models.CharField(_("status"), max_length=10, choices=Status.choices, default=Status.RUNNING, editable=False)
    ended_on = models.DateField(_("ended on"), null=True, blank=True, editable=False)
    stopped_reason = models.CharField(_("reason for stopping"), max_length=250, blank=True, editable=False)
    licence = models.ForeignKey(
        Licence, models.PROTECT, verbose_name=_("licence"), related_name="pipelines", null=True, blank=True, editable=False
    )
    is_example = models.BooleanField(_("example data"), default=False)

    SCOPE: ClassVar[Scope] = Owned("enterprise__region")
    objects = PipelineQuerySet.as_manager()

    class Meta:
        verbose_name = _("mentoring")
        verbose_name_plural = _("mentoring")
        ordering = ("-started_on", "-pk")
        indexes = [models.Index(fields=["kind", "started_on"], name="pipeline_by_kind")]
        constraints = [
            models.UniqueConstraint(
                fields=["enterprise", "kind", "product"],
                condition=Q(status="berjalan"),
                name="%(app_label)s_%(class)s_one_running",
                violation_error_message=_("This business is being mentored for this already."),
            ),
            models.CheckConstraint(
                condition=Q(expected_months__isnull=True, due_on__isnull=True)
                | Q(expected_months__isnull=False, due_on__isnull=False, due_on__gte=F("started_on")),
                name="%(app_label)s_%(class)s_due_after_length",
            ),
            models.CheckConstraint(
                condition=Q(next_on__isnull=True) | ~Q(next_action=""),
                name="%(app_label)s_%(class)s_date_of_what",
                violation_error_message=_("Say what is to be done by that date."),
            ),
            models.CheckConstraint(
                condition=Q(status="berjalan", ended_on__isnull=True)
                | (~Q(status="berjalan") & Q(ended_on__isnull=False, ended_on__gte=F("started_on"))),
                name="%(app_label)s_%(class)s_ended_with_status",
                violation_error_message=_("The end cannot be before the beginning."),
            ),
            models.CheckConstraint(
                condition=Q(status="berhenti") & ~Q(stopped_reason="") | (~Q(status="berhenti") & Q(stopped_reason="")),
                name="%(app_label)s_%(class)s_stopped_why",
                violation_error_message=_("Say why it stops."),
            ),
            models.CheckConstraint(
                condition=Q(status="lulus", licence__isnull=False) | (~Q(status="lulus") & Q(licence__isnull=True)),
                name="%(app_label)s_%(class)s_passed_with_licence",
            ),
        ]

    def __str__(self) -> str:
        return " · ".join(str(part) for part in (self.get_kind_display(), self.enterprise, self.product) if part)

    def get_absolute_url(self) -> str:
        return reverse("trainings:pipeline_detail", kwargs={"pk": self.pk})

    @property
    def declared(self) -> Declared:
        return DECLARED[self.kind]

    @property
    def is_running(self) -> bool:
        return self.status == self.Status.RUNNING

    @cached_property
    def passed_codes(self) -> set[str]:
        return {row.step for row in self.steps.all() if row.result == PipelineStep.Result.PASSED}

    @property
    def upcoming_step(self) -> Step | None:
        """The first declared step that has not been passed."""
        return next((step for step in self.declared.steps if step.code not in self.passed_codes), None) if self.is_running else None

    @property
    def upcoming(self) -> Text:
        """What comes next: as an officer wrote it, else the next declared step, else the certificate."""
        if not self.is_running:
            return ""
        step = self.upcoming_step
        return self.next_action or (step.label if step else _("Record the certificate"))

    @property
    def progress_words(self) -> str:
        known = getattr(self, "passed_count", None)  # of `with_passed_count`: no step is read
        done = len(self.passed_codes) if known is None else known
        if not done and not self.is_running:
            return gettext("steps not on record")
        return gettext("%(done)s of %(all)s steps") % {"done": done, "all": len(self.declared.steps)}

    def days_late(self, on: dt.date | None = None) -> int:
        """How long it has been overdue on a day (today); 0 when it is in time, over, or of unknown length."""
        day = on or timezone.localdate()
        is_open = self.ended_on is None or self.ended_on > day
        return (day - self.due_on).days if is_open and self.due_on is not None and self.due_on < day else 0

    @property
    def is_next_late(self) -> bool:
        return self.is_running and self.next_on is not None and self.next_on < timezone.localdate()

    @property
    def handed_words(self) -> str:
        """The event at which its certificate was handed over."""
        handed = getattr(self, "handed", None)
        return str(handed.occasion) if handed else ""


class PipelineStep(Record):
    """What was done at a step, when, by whom, and how it came out. A step that has to be repeated stands there twice."""

    class Result(models.TextChoices):
        PASSED = "lulus", _("Passed")
        REPEAT = "ulang", _("To be repeated")
        STOPPED = "berhenti", _("Stopped")

    RESULT_TONES: ClassVar = {Result.PASSED: "ok", Result.REPEAT: "warn", Result.STOPPED: "danger"}

    pipeline = models.ForeignKey(Pipeline, models.PROTECT, verbose_name=_("mentoring"), related_name="steps")
    step = models.CharField(_("step"), max_length=12)
    result = models.CharField(_("result"), max_length=10, choices=Result.choices)
    done_on = models.DateField(_("date"))
    officer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("officer"), related_name="+")
    note = models.TextField(_("note"), blank=True, max_length=1000)
    document = models.FileField(_("document (PDF or photo)"), upload_to=document_path, blank=True, max_length=120)
    document_sha256 = models.CharField(max_length=64, blank=True, editable=False)

    SCOPE: ClassVar[Scope] = Owned("pipeline__enterprise__region")
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("step of a mentoring")
        verbose_name_plural = _("steps of a mentoring")
        ordering = ("done_on", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["pipeline", "step"],
                condition=Q(result="lulus"),
                name="%(app_label)s_%(class)s_passed_once",
                violation_error_message=_("This step has been passed already."),
            ),
            models.CheckConstraint(
                condition=Q(document="", document_sha256="") | (~Q(document="") & ~Q(document_sha256="")),
                name="%(app_label)s_%(class)s_document_hashed",
            ),
            models.CheckConstraint(
                condition=~Q(result="berhenti") | ~Q(note=""),
                name="%(app_label)s_%(class)s_stopped_why",
                violation_error_message=_("Say why it stops."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.step_label} · {self.get_result_display()}"

    def get_absolute_url(self) -> str:
        return self.pipeline.get_absolute_url()

    @property
    def step_label(self) -> Text:
        return step_label(self.pipeline.kind, self.step)

    @property
    def result_tone(self) -> str:
        return str(self.RESULT_TONES[self.Result(self.result)])

    @property
    def has_document(self) -> bool:
        return bool(self.document)
