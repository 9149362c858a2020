"""Records that may be one: the pairs, what was merged with what, and when the registry was last searched for them."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ikm_program.models import Record
from ikm_program.scoping import Internal, OwnedTogether, Scope, ScopedQuerySet
from trainings.duplicates import LIKELY, in_words
from trainings.models.enterprise import Enterprise
from trainings.models.participant import Participant
from trainings.models.region import Region


class RecordKind(models.TextChoices):
    ENTERPRISE = "ikm", _("Business")
    PARTICIPANT = "peserta", _("Participant")

    @property
    def model(self) -> type[Enterprise] | type[Participant]:
        return Enterprise if self == RecordKind.ENTERPRISE else Participant

    @classmethod
    def of(cls, model: type[models.Model]) -> RecordKind:
        return cls.ENTERPRISE if issubclass(model, Enterprise) else cls.PARTICIPANT


class DuplicatePairQuerySet(ScopedQuerySet["DuplicatePair"]):
    def waiting(self) -> DuplicatePairQuerySet:
        return self.filter(status=DuplicatePair.Status.WAITING)

    def of(self, kind: str, pk: int) -> DuplicatePairQuerySet:
        """The pairs that a record is part of."""
        return self.filter(Q(left_pk=pk) | Q(right_pk=pk), kind=kind)


class DuplicatePair(Record):
    """Two records that may be one. It names them by number, because it outlives the one that is merged away."""

    class Status(models.TextChoices):
        WAITING = "menunggu", _("Waiting")
        MERGED = "digabung", _("Merged")
        DISTINCT = "bukan_duplikat", _("Not a duplicate")

    NEXT: ClassVar = {
        Status.WAITING: (Status.MERGED, Status.DISTINCT),
        Status.DISTINCT: (Status.WAITING,),  # taken back
        Status.MERGED: (Status.WAITING,),  # the merge was undone
    }
    STATUS_TONES: ClassVar = {Status.WAITING: "warn", Status.MERGED: "ok", Status.DISTINCT: "muted"}

    kind = models.CharField(_("kind"), max_length=8, choices=RecordKind.choices)
    left_pk = models.BigIntegerField(_("first record"))
    right_pk = models.BigIntegerField(_("second record"))
    left_region = models.ForeignKey(Region, models.PROTECT, related_name="+")
    right_region = models.ForeignKey(Region, models.PROTECT, related_name="+")
    score = models.PositiveSmallIntegerField(_("likeness"))
    reasons = models.JSONField(_("reasons"), default=list)
    status = models.CharField(_("status"), max_length=14, choices=Status.choices, default=Status.WAITING, editable=False)
    found_on = models.DateField(_("last found on"))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("decided by"), related_name="+", null=True, editable=False
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, editable=False)

    SCOPE: ClassVar[Scope] = OwnedTogether("left_region", second="right_region")
    objects = DuplicatePairQuerySet.as_manager()

    class Meta:
        verbose_name = _("likely duplicate")
        verbose_name_plural = _("likely duplicates")
        ordering = ("-score", "pk")
        indexes = [
            models.Index(fields=["status", "score"], name="pair_by_score"),
            models.Index(fields=["kind", "right_pk"], name="pair_by_right"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["kind", "left_pk", "right_pk"], name="%(app_label)s_%(class)s_once"),
            models.CheckConstraint(condition=Q(left_pk__lt=F("right_pk")), name="%(app_label)s_%(class)s_in_order"),
            models.CheckConstraint(
                condition=Q(status="menunggu", decided_by__isnull=True, decided_at__isnull=True)
                | (~Q(status="menunggu") & Q(decided_by__isnull=False, decided_at__isnull=False)),
                name="%(app_label)s_%(class)s_decided_by_whom",
            ),
        ]

    def __str__(self) -> str:
        return f"{RecordKind(self.kind).label} {self.left_pk} · {self.right_pk}"

    def get_absolute_url(self) -> str:
        return reverse(f"trainings:{RecordKind(self.kind).name.lower()}_pair", kwargs={"pk": self.pk})

    @property
    def is_likely(self) -> bool:
        return self.score >= LIKELY

    @property
    def reason_words(self) -> str:
        return ", ".join(str(word) for word in in_words(self.reasons))


class Merge(Record):
    """Two records became one: what the other one held, and what pointed to it, so that it can be undone."""

    class Status(models.TextChoices):
        DONE = "digabung", _("Merged")
        UNDONE = "diurungkan", _("Undone")

    NEXT: ClassVar = {Status.DONE: (Status.UNDONE,), Status.UNDONE: ()}
    STATUS_TONES: ClassVar = {Status.DONE: "ok", Status.UNDONE: "muted"}

    kind = models.CharField(_("kind"), max_length=8, choices=RecordKind.choices)
    survivor_pk = models.BigIntegerField(_("record that stayed"))
    loser_pk = models.BigIntegerField(_("record that was merged into it"))
    survivor_name = models.CharField(_("record that stayed"), max_length=160)
    loser_name = models.CharField(_("record that was merged into it"), max_length=160)
    survivor_region = models.ForeignKey(Region, models.PROTECT, related_name="+")
    loser_region = models.ForeignKey(Region, models.PROTECT, related_name="+")
    pair = models.ForeignKey(DuplicatePair, models.SET_NULL, related_name="merges", null=True)
    content = models.JSONField(default=dict, editable=False)  # the row that was removed
    changes = models.JSONField(default=dict, editable=False)  # field of the survivor -> [before, after]
    references = models.JSONField(default=list, editable=False)  # what pointed to the other one: model, field, keys
    dropped = models.JSONField(default=list, editable=False)  # rows that both had and one was enough of
    status = models.CharField(_("status"), max_length=10, choices=Status.choices, default=Status.DONE, editable=False)

    SCOPE: ClassVar[Scope] = OwnedTogether("survivor_region", second="loser_region")
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("merge")
        verbose_name_plural = _("merges")
        ordering = ("-pk",)
        indexes = [models.Index(fields=["kind", "survivor_pk"], name="merge_by_survivor")]
        constraints = [
            models.UniqueConstraint(fields=["kind", "loser_pk"], condition=Q(status="digabung"), name="%(app_label)s_%(class)s_loser_once"),
        ]

    def __str__(self) -> str:
        return f"{self.loser_name} → {self.survivor_name}"

    def get_absolute_url(self) -> str:
        return reverse(f"trainings:{RecordKind(self.kind).name.lower()}_merge", kwargs={"pk": self.pk})

    @property
    def carried(self) -> list[tuple[str | Promise, int]]:
        """What was carried over, by kind of record."""
        return [(entry["label"], len(entry["keys"])) for entry in self.references if entry["keys"]]

    def survivor(self) -> Any:
        return RecordKind(self.kind).model._base_manager.filter(pk=self.survivor_pk).first()


class DuplicateSearch(models.Model):
    """One night's search through the registry: how much was compared, what was found."""

    searched_on = models.DateField(_("searched on"), unique=True)
    finished_at = models.DateTimeField(_("finished at"))
    compared = models.PositiveIntegerField(_("pairs compared"), default=0)
    found = models.PositiveIntegerField(_("new pairs"), default=0)
    skipped = models.PositiveIntegerField(_("likenesses shared by too many"), default=0)

    SCOPE: ClassVar[Scope] = Internal()
    objects = ScopedQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.searched_on}: {self.found}"


class DuplicateKey(models.Model):
    """Where likely pairs meet while a search runs: hashes, emptied when it is done."""

    kind = models.CharField(max_length=8)
    key = models.BigIntegerField()
    row = models.BigIntegerField()

    SCOPE: ClassVar[Scope] = Internal()
    objects = ScopedQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["kind", "key", "row"], name="duplicate_key_block")]

    def __str__(self) -> str:
        return f"{self.kind} {self.row}"
