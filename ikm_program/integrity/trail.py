"""Records against the audit trail: what an event last said of a field is what stands there, and nothing went away without one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db import models

from ikm_program.audit import masked, tells
from ikm_program.models import AuditEvent, SheetImport, SheetRow
from ikm_program.sheets.kinds import kind_of

APPS = ("trainings", "production", "distribution")
WRITES = (
    "created",
    "changed",
    "recorded",
    "edited",
    "allocated",
    "computed",
    "document_issued",
    "evidence_added",
    "day_closed",
    "admin_added",
    "admin_changed",
)
REMOVALS = ("discarded", "deleted", "admin_deleted", "merged_away")
IMPORTED = "imported"
Words = dict[str, dict[str, Any]]  # primary key -> field -> what the trail last said


def records() -> Iterator[str]:
    said = _last_words()
    for label in APPS:
        for model in apps.get_app_config(label).get_models():
            words = said.pop(model._meta.label_lower, {})
            if words:
                yield from _of_model(model, words)


def _last_words() -> dict[str, Words]:
    """By model. What an event says replaces what an earlier one said; a record that was removed has nothing to say."""
    said: dict[str, Words] = {}
    written = models.Q(verb__in=(*WRITES, *REMOVALS, IMPORTED)) | models.Q(verb__startswith="status:")
    events = AuditEvent.objects.filter(written).exclude(object_id="").order_by("sequence")
    for model, pk, verb, after in events.values_list("model", "object_id", "verb", "after").iterator(chunk_size=2000):
        if verb == IMPORTED:
            _forget(said, int(pk))
        elif verb in REMOVALS:
            said.get(model, {}).pop(pk, None)
        else:
            said.setdefault(model, {}).setdefault(pk, {}).update(after)
    return said


def _forget(said: dict[str, Words], import_id: int) -> None:
    """A file changes thousands of rows under one event; what it made of each stands in the rows of the import."""
    sheet_import = SheetImport.objects.get(pk=import_id)
    words = said.get(kind_of(sheet_import.kind).model._meta.label_lower, {})
    changed = sheet_import.rows.filter(outcome=SheetRow.Outcome.CHANGED, record_id__isnull=False)
    for record_id, changes in changes_of(changed) if words else ():
        for name, _before, _after in changes:
            words.get(str(record_id), {}).pop(name, None)


def changes_of(rows: Any) -> Iterator[tuple[int, list[Any]]]:
    yield from rows.values_list("record_id", "changes").iterator(chunk_size=2000)


def _of_model(model: type[models.Model], words: Words) -> Iterator[str]:
    plain = {field.name for field in model._meta.concrete_fields if _is_plain(field)} - set(getattr(model, "COPIED", ()))
    wanted = sorted(plain & {name for values in words.values() for name in values})
    for row in model._base_manager.order_by("pk").values("pk", *wanted).iterator(chunk_size=2000):
        values = words.pop(str(row["pk"]), {})
        for name in wanted:
            if name in values and not tells(values[name], row[name]):
                yield f"{model._meta.model_name} {row['pk']}: {name} is {masked(row[name])!r}, the audit trail last said {values[name]!r}"
    for pk in words:
        yield f"{model._meta.model_name} {pk}: gone, and no event says who took it away"


def _is_plain(field: Any) -> bool:
    """Names of other records change by themselves, and a file's bytes are compared where the file lies."""
    return not field.is_relation and not isinstance(field, (models.BinaryField, models.FileField))
