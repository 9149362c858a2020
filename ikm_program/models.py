"""What every app stands on: the record base, the audit chain, idempotency keys, counters, tallies, sign-in attempts, long work,
saved views."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, ClassVar, Self
from uuid import UUID

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ikm_program.scoping import Internal, PathText, Personal, Scope, ScopedQuerySet

if TYPE_CHECKING:
    from trainings.models import User

GENESIS = "0" * 64


class Record(models.Model):
    """Anything a person enters: who and when, and a version that makes a stale save visible."""

    created_at = models.DateTimeField(_("recorded at"), auto_now_add=True, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("recorded by"), related_name="+", null=True, blank=True, editable=False
    )
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)

    class Meta:
        abstract = True


class AppendOnly(models.Model):
    """Rows that are only ever inserted. The database refuses UPDATE and DELETE (see `guards`)."""

    class Meta:
        abstract = True


class Tallied(models.Model):
    """A table so big that its lists do not count it: `tallies` keeps the numbers."""

    class Meta:
        abstract = True


class AuditEventQuerySet(ScopedQuerySet["AuditEvent"]):
    def about(self, obj: models.Model) -> AuditEventQuerySet:
        return self.filter(model=obj._meta.label_lower, object_id=str(obj.pk))


class AuditEvent(AppendOnly, Tallied):
    """Who did what to which record, when, before and after. Each event carries the hash of the one before it."""

    sequence = models.BigIntegerField(_("sequence"), unique=True)
    at = models.DateTimeField(_("time"), db_index=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("person"), related_name="+", null=True)
    verb = models.CharField(_("act"), max_length=80, db_index=True)
    model = models.CharField(_("kind of record"), max_length=80, blank=True)
    object_id = models.CharField(_("record"), max_length=40, blank=True)
    label = models.CharField(_("label"), max_length=200, blank=True)
    region_path = models.CharField(_("region"), max_length=40, blank=True, db_index=True)
    before = models.JSONField(_("before"), default=dict)
    after = models.JSONField(_("after"), default=dict)
    reason = models.TextField(_("reason"), blank=True)
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    SCOPE: ClassVar[Scope] = PathText("region_path")
    objects = AuditEventQuerySet.as_manager()

    class Meta:
        verbose_name = _("audit event")
        verbose_name_plural = _("audit trail")
        ordering = ("-sequence",)
        indexes = [models.Index(fields=["model", "object_id"], name="audit_event_object")]

    def __str__(self) -> str:
        return f"{self.sequence} {self.verb} {self.label}".strip()

    def body(self) -> dict[str, Any]:
        """What the hash covers: everything a person could want to change afterwards."""
        return {
            "sequence": self.sequence,
            "at": self.at.isoformat(),
            "by": self.by_id,
            "verb": self.verb,
            "model": self.model,
            "object_id": self.object_id,
            "label": self.label,
            "region_path": self.region_path,
            "before": self.before,
            "after": self.after,
            "reason": self.reason,
        }


class AuditHead(models.Model):
    """The end of the chain: one row, locked last by every action."""

    sequence = models.BigIntegerField(default=0)
    hash = models.CharField(max_length=64, default=GENESIS)

    SCOPE: ClassVar[Scope] = Internal()

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="%(app_label)s_%(class)s_is_single")]

    def __str__(self) -> str:
        return f"{self.sequence} {self.hash[:12]}"

    @classmethod
    def locked(cls) -> Self:
        cls.objects.bulk_create([cls(pk=1)], ignore_conflicts=True)
        return cls.objects.select_for_update().get(pk=1)


class IdempotencyKeyQuerySet(models.QuerySet["IdempotencyKey"]):
    def claim(self, *, user: User, key: UUID, action: str, fingerprint: str) -> tuple[IdempotencyKey, bool]:
        """The row of this key and whether it was there before. A twin in flight waits here until the first has committed."""
        fresh = IdempotencyKey(user=user, key=key, action=action, fingerprint=fingerprint)
        self.bulk_create([fresh], ignore_conflicts=True)  # type: ignore[list-item]  # the plugin loses the model here
        row = self.select_for_update().get(user=user, key=key)
        return row, row.created_at != fresh.created_at  # not by the record: an act that makes none is done once, too


class IdempotencyKey(models.Model):
    """A UUID made when a form was opened, kept for ever with the record it made: a retry records once."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    key = models.UUIDField()
    action = models.CharField(max_length=80)
    fingerprint = models.CharField(max_length=64)
    content_type = models.ForeignKey(ContentType, models.PROTECT, null=True)
    object_id = models.BigIntegerField(null=True)
    record = GenericForeignKey("content_type", "object_id")
    created_at = models.DateTimeField(auto_now_add=True)

    SCOPE: ClassVar[Scope] = Internal()
    objects = IdempotencyKeyQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="%(app_label)s_%(class)s_once_per_user")]

    def __str__(self) -> str:
        return str(self.key)

    def bind(self, record: models.Model) -> None:
        """Remember what the key made."""
        self.content_type = ContentType.objects.get_for_model(record)
        self.object_id = record.pk
        self.save(update_fields=["content_type", "object_id"])


class Counter(models.Model):
    """A gap-free number: counted up in the transaction that uses it."""

    name = models.CharField(max_length=120, unique=True)
    value = models.PositiveBigIntegerField(default=0)

    SCOPE: ClassVar[Scope] = Internal()

    def __str__(self) -> str:
        return f"{self.name} = {self.value}"


class Tally(models.Model):
    """How many rows of a big table lie in a region; written by `tallies` in the transaction that changes them."""

    model = models.CharField(max_length=80)
    region_path = models.CharField(max_length=40, blank=True)
    count = models.BigIntegerField(default=0)

    SCOPE: ClassVar[Scope] = Internal()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["model", "region_path"], name="%(app_label)s_%(class)s_once")]

    def __str__(self) -> str:
        return f"{self.model} {self.region_path}: {self.count}"


class Attempt(models.Model):
    """How often something was tried within a window: one row per key, counted up before the costly work is done."""

    key = models.CharField(max_length=160, unique=True)
    window_started_at = models.DateTimeField()
    count = models.PositiveIntegerField(default=0)

    SCOPE: ClassVar[Scope] = Internal()

    def __str__(self) -> str:
        return f"{self.key}: {self.count}"


JOB_IS_QUIET_FOR = dt.timedelta(minutes=5)  # the longest piece of work between two counts takes two


class Job(models.Model):
    """Long work that the worker does for one person, who watches how far it is; see `jobs`."""

    class Status(models.TextChoices):
        WAITING = "menunggu", _("Waiting")
        RUNNING = "berjalan", _("In progress")
        DONE = "selesai", _("Finished")
        FAILED = "gagal", _("Failed")

    STATUS_TONES: ClassVar = {Status.WAITING: "muted", Status.RUNNING: "info", Status.DONE: "ok", Status.FAILED: "danger"}

    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("person"), related_name="+")
    kind = models.CharField(_("work"), max_length=120)  # in words, as the page shows it
    status = models.CharField(_("status"), max_length=10, choices=Status.choices, default=Status.WAITING)
    done = models.PositiveIntegerField(_("done"), default=0)
    total = models.PositiveIntegerField(_("of"), default=0)
    message = models.TextField(_("what became of it"), blank=True)
    url = models.CharField(_("result"), max_length=500, blank=True)  # where the result is, or where it was asked for
    created_at = models.DateTimeField(_("asked for at"), auto_now_add=True)
    started_at = models.DateTimeField(_("started at"), null=True)
    finished_at = models.DateTimeField(_("finished at"), null=True)
    touched_at = models.DateTimeField(null=True, editable=False)  # when the worker was last heard of it

    SCOPE: ClassVar[Scope] = Personal("by")
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("long work")
        verbose_name_plural = _("long work")
        ordering = ("-pk",)

    def __str__(self) -> str:
        return self.kind

    def get_absolute_url(self) -> str:
        return reverse("job_detail", kwargs={"pk": self.pk})

    @property
    def is_over(self) -> bool:
        return self.status in (self.Status.DONE, self.Status.FAILED)

    @property
    def is_stuck(self) -> bool:
        """Not over, and nothing was heard for a while: the worker is away, or was ended in the middle."""
        return not self.is_over and timezone.now() - (self.touched_at or self.started_at or self.created_at) > JOB_IS_QUIET_FOR


class SavedView(Record):
    """A view of a list that a person keeps under a name; see `saved_views`."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("person"), related_name="+", editable=False)
    screen = models.CharField(_("list"), max_length=80, editable=False)  # its place in the navigation
    name = models.CharField(_("name of the view"), max_length=60)
    query = models.CharField(_("choice"), max_length=1000, blank=True, editable=False)

    SCOPE: ClassVar[Scope] = Personal("person")
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("saved view")
        verbose_name_plural = _("saved views")
        ordering = ("name", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["person", "screen", "name"],
                name="%(app_label)s_%(class)s_named_once",
                violation_error_message=_("You keep a view of that name already."),
            )
        ]

    def __str__(self) -> str:
        return self.name


from ikm_program.sheets.models import ColumnMemory, RowKey, SheetImport, SheetRow  # noqa: E402  they stand on Record, above

__all__ = [
    "AppendOnly",
    "Attempt",
    "AuditEvent",
    "AuditHead",
    "ColumnMemory",
    "Counter",
    "IdempotencyKey",
    "Job",
    "Record",
    "RowKey",
    "SavedView",
    "SheetImport",
    "SheetRow",
    "Tallied",
    "Tally",
]
