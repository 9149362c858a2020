from __future__ import annotations

import datetime as dt
import hashlib
import json
import uuid
from collections.abc import Generator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Count, F, Q
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ikm_program.models import Record
from ikm_program.scoping import Internal, PathText, Scope, ScopedQuerySet
from ikm_program.sheets.precheck import Survey, column_letters, survey
from ikm_program.sheets.reading import Book

ONE_UPLOAD = dt.timedelta(minutes=1)  # within it the sheets of one workbook are kept; by hand nobody sends the same file twice as fast


def kept_path(sheet_import: SheetImport, filename: str) -> str:
    """A random name of our own; what the sender called the file is kept beside it."""
    return f"imports/{uuid.uuid4().hex}{sheet_import.extension}"


class SheetImportQuerySet(ScopedQuerySet["SheetImport"]):
    def of_file(self, sha256: str, kind: str) -> SheetImportQuerySet:
        """Earlier uploads of the very same bytes that were not thrown away."""
        return self.filter(sha256=sha256, kind=kind).exclude(status__in=(SheetImport.Status.DISCARDED, SheetImport.Status.UNDONE))

    def sent_with(self, sheet_import: SheetImport) -> SheetImportQuerySet:
        """What came out of the same upload, this one too: of a workbook of the field an import for each filled sheet."""
        sent = sheet_import.created_at
        same = self.filter(sha256=sheet_import.sha256, created_by=sheet_import.created_by_id)
        same = same.filter(~Q(status=SheetImport.Status.DISCARDED) | Q(pk=sheet_import.pk))
        return same.filter(created_at__range=(sent - ONE_UPLOAD, sent + ONE_UPLOAD)).order_by("pk")


class SheetImports(models.Manager.from_queryset(SheetImportQuerySet)):  # type: ignore[misc]  # made at run time
    def get_queryset(self) -> SheetImportQuerySet:
        """Without what the first look found: up to a quarter of a megabyte, which no list and no progress bar asks for."""
        found: SheetImportQuerySet = super().get_queryset().defer("survey")
        return found


class SheetImport(Record):
    """A spreadsheet on its way in: kept as it was sent, checked row by row, and entered whole after a person has confirmed."""

    class Status(models.TextChoices):
        UPLOADED = "diunggah", _("Uploaded")
        CHECKING = "diperiksa", _("Being checked")
        READY = "siap", _("Ready to be looked at")
        ENTERING = "memasukkan", _("Being entered")
        ENTERED = "dimasukkan", _("Entered")
        UNDONE = "dibatalkan", _("Undone")
        REJECTED = "ditolak", _("Turned down")
        FAILED = "gagal", _("Failed")
        DISCARDED = "dibuang", _("Discarded")

    NEXT: ClassVar = {
        Status.UPLOADED: (Status.CHECKING, Status.DISCARDED),
        Status.CHECKING: (Status.READY, Status.REJECTED, Status.FAILED, Status.CHECKING, Status.DISCARDED),
        Status.READY: (Status.CHECKING, Status.ENTERING, Status.DISCARDED),
        Status.ENTERING: (Status.ENTERED, Status.READY, Status.FAILED, Status.ENTERING),
        Status.ENTERED: (Status.UNDONE,),
        Status.REJECTED: (Status.CHECKING, Status.DISCARDED),
        Status.FAILED: (Status.CHECKING, Status.DISCARDED),
        Status.UNDONE: (),
        Status.DISCARDED: (),
    }
    STATUS_TONES: ClassVar = {
        Status.UPLOADED: "warn",
        Status.CHECKING: "info",
        Status.READY: "warn",
        Status.ENTERING: "info",
        Status.ENTERED: "ok",
        Status.REJECTED: "danger",
        Status.FAILED: "danger",
    }

    kind = models.CharField(_("kind"), max_length=20)
    region_path = models.CharField(_("region"), max_length=40, db_index=True, editable=False)
    file = models.FileField(_("file"), upload_to=kept_path, max_length=120)
    name = models.CharField(_("file name"), max_length=160)
    size = models.PositiveIntegerField(_("size"))
    sha256 = models.CharField(_("hash of the content"), max_length=64, db_index=True)
    sheet = models.CharField(_("sheet"), max_length=120, blank=True)
    header_row = models.PositiveIntegerField(_("row of the heading"), null=True, blank=True)
    survey = models.JSONField(null=True, editable=False)  # what the first look at the file found, read with `book` only; not of early ones
    start = models.PositiveIntegerField(default=0, editable=False)  # which start of the check it is: only the last one writes
    mapping = models.JSONField(_("columns"), default=dict)  # field key -> column, from 0
    unused = models.JSONField(_("columns that are not used"), default=list, editable=False)  # their headings
    decisions = models.JSONField(_("decisions"), default=dict)  # row -> what a person typed over it or decided about it
    status = models.CharField(_("status"), max_length=10, choices=Status.choices, default=Status.UPLOADED, editable=False)
    problem = models.CharField(_("what went wrong"), max_length=500, blank=True, editable=False)
    rows_in = models.PositiveIntegerField(_("rows in the file"), default=0, editable=False)
    accepted = models.PositiveIntegerField(_("accepted"), default=0, editable=False)
    rejected = models.PositiveIntegerField(_("rejected"), default=0, editable=False)
    blank = models.PositiveIntegerField(_("blank rows"), default=0, editable=False)
    done = models.PositiveIntegerField(default=0, editable=False)
    total = models.PositiveIntegerField(default=0, editable=False)
    touched_at = models.DateTimeField(auto_now=True, editable=False)
    known_then = models.CharField(max_length=40, blank=True, editable=False)  # how many records there were when it was checked
    entered_at = models.DateTimeField(_("entered at"), null=True, editable=False)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("entered by"), related_name="+", null=True, editable=False
    )

    SCOPE: ClassVar[Scope] = PathText("region_path")
    objects = SheetImports()

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ("-pk",)
        constraints = [
            models.CheckConstraint(
                condition=Q(rows_in=F("accepted") + F("rejected") + F("blank")),
                name="%(app_label)s_%(class)s_rows_add_up",
            ),
            models.CheckConstraint(
                condition=Q(status="dimasukkan", entered_at__isnull=False, entered_by__isnull=False) | ~Q(status="dimasukkan"),
                name="%(app_label)s_%(class)s_entered_by_whom",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.sheet})" if self.sheet else self.name

    def get_absolute_url(self) -> str:
        return reverse("sheets:import_detail", kwargs={"pk": self.pk})

    @property
    def extension(self) -> str:
        return next((end for end in (".xlsx", ".xls", ".ods", ".csv") if self.name.lower().endswith(end)), ".dat")

    def book(self) -> Book:
        """The file as it was sent; whether it may be opened was found out when it came. Raises `ValidationError` in words."""
        path = Path(self.file.path)
        content = path.read_bytes()
        if hashlib.sha256(content).hexdigest() != self.sha256:
            raise ValidationError(_("The kept file is no longer the one that was sent. Send it again."), code="exchanged")
        found = Survey.of(self.survey) if self.survey else None
        return Book.surveyed(content, found or survey(content), path)

    @property
    def is_busy(self) -> bool:
        return self.status in (self.Status.CHECKING, self.Status.ENTERING)

    @property
    def outcomes(self) -> dict[str, int]:
        """How many rows came to each outcome."""
        counted = self.rows.order_by().values_list("outcome").annotate(n=Count("pk"))
        return dict(counted)


class JSONText(models.Field[Any, Any]):
    """JSON that is read and written whole: no database takes it apart, which costs more than everything else about such a row."""

    def get_internal_type(self) -> str:
        return "TextField"

    def from_db_value(self, value: str | None, *_asked: Any) -> Any:
        return None if value is None else json.loads(value)

    def get_prep_value(self, value: Any) -> str | None:
        return None if value is None else as_json(value)


as_json = json.JSONEncoder(ensure_ascii=False).encode  # made once: dumps() makes one for every row
_read_json = json.JSONDecoder().raw_decode  # of our own writing: no blanks around it


@dataclass(eq=False)
class ConfirmedRow:
    """A row on its way in or out, without the weight of a model: there are tens of thousands of them."""

    pk: int
    number: int
    outcome: str
    cells_text: str
    changes_text: str
    record_id: int | None
    record_version: int | None

    @cached_property
    def cells(self) -> dict[str, Any]:
        """JSON is read here: a converter of the database for each value costs more than reading it."""
        found: dict[str, Any] = _read_json(self.cells_text)[0]
        return found

    @cached_property
    def changes(self) -> list[list[Any]]:
        found: list[list[Any]] = _read_json(self.changes_text)[0]
        return found


class SheetRowQuerySet(ScopedQuerySet["SheetRow"]):
    def to_enter(self) -> SheetRowQuerySet:
        return self.filter(outcome__in=(SheetRow.Outcome.NEW, SheetRow.Outcome.CHANGED))

    def as_confirmed(self) -> Generator[ConfirmedRow]:
        """One after the other, in bounded memory."""
        rows = self.annotate(cells_text=Cast("cells", models.TextField()), changes_text=Cast("changes", models.TextField()))
        columns = ("pk", "number", "outcome", "cells_text", "changes_text", "record_id", "record_version")
        yield from (ConfirmedRow(*values) for values in rows.values_list(*columns).iterator(chunk_size=2_000))

    def unsettled(self) -> SheetRowQuerySet:
        """What a person has to decide before anything enters."""
        return self.filter(outcome__in=(SheetRow.Outcome.FAULTY, SheetRow.Outcome.SIMILAR))


class SheetRow(models.Model):
    """One row of an import and what came of it. Blank rows are counted, not kept."""

    class Outcome(models.TextChoices):
        NEW = "baru", _("New")
        CHANGED = "berubah", _("Changed")
        SAME = "sama", _("Same")
        SIMILAR = "mirip", _("Perhaps there already")
        FAULTY = "salah", _("Faulty")
        LEFT_OUT = "dilewati", _("Left out")

    sheet_import = models.ForeignKey(SheetImport, models.CASCADE, related_name="rows", db_index=False)  # the unique pair begins with it
    number = models.PositiveIntegerField(_("row"))
    outcome = models.CharField(_("outcome"), max_length=8, choices=Outcome.choices)
    cells = JSONText(default=dict)  # by field: what was understood, or of a faulty row what stood there
    faults = JSONText(default=list)  # [field, sentence]
    changes = JSONText(default=list)  # [field, before, after]
    record_id = models.BigIntegerField(null=True)
    record_version = models.PositiveIntegerField(null=True)
    twin_label = models.CharField(max_length=200, blank=True, default="")

    SCOPE: ClassVar[Scope] = PathText("sheet_import__region_path")
    objects = SheetRowQuerySet.as_manager()

    class Meta:
        verbose_name = _("row of an import")
        verbose_name_plural = _("rows of an import")
        ordering = ("number",)
        constraints = [
            models.UniqueConstraint(fields=["sheet_import", "number"], name="%(app_label)s_%(class)s_once"),
        ]
        indexes = [models.Index(fields=["sheet_import", "outcome", "number"], name="sheet_row_by_outcome")]

    def __str__(self) -> str:
        return str(self.number)


class ColumnMemory(models.Model):
    """What a sender calls a column: asked once, remembered for the next file of the same kind."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=20)
    header = models.CharField(max_length=160)
    field = models.CharField(max_length=40)

    SCOPE: ClassVar[Scope] = Internal()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "kind", "header"], name="%(app_label)s_%(class)s_once")]

    def __str__(self) -> str:
        return f"{self.header} = {self.field}"


class RowKey(models.Model):
    """The hidden key of a row that was filled in offline: whoever sends it again, the row lands once."""

    kind = models.CharField(max_length=20)
    key = models.UUIDField()
    record_id = models.BigIntegerField()

    SCOPE: ClassVar[Scope] = Internal()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "key"], name="%(app_label)s_%(class)s_lands_once")]

    def __str__(self) -> str:
        return str(self.key)


def column_name(number: Any) -> str:
    """The letters of a column, for a sentence."""
    return column_letters(int(number))
