"""Writing one record: validated, refused in words at its field, only the changed columns, never over somebody else's save, audited.

    enterprise = records.create(Enterprise, by=by, region=district, name="Sasirangan Indah")
    records.update(enterprise, by=by, version=version, phone="+62511470002")

Actions call these; a rule of the domain stays in the action.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator
from typing import Any, TypeVar

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import IntegrityError, models, transaction
from django.db.models import F

from ikm_program import audit, tallies
from ikm_program.actions import Refusal, StaleVersion
from ikm_program.searching import Searched

M = TypeVar("M", bound=models.Model)


def create(model: type[M], *, by: Any, audit_reason: str = "", **values: Any) -> M:
    """Insert a row made by `by` and leave a "created" event with what was given."""
    obj = model(**values)
    if "created_by" in _columns(model):
        obj.created_by = by  # type: ignore[attr-defined]
    for name, value in _search_columns(obj).items():
        setattr(obj, name, value)
    validate(obj)
    with refusing_in_words(model):
        obj.save(force_insert=True)
    if tallies.is_tallied(model):
        tallies.count(model, tallies.region_path_of(obj))
    given = {name: value for name, value in values.items() if value not in (None, "")}
    audit.record("created", obj, by=by, after=given, reason=audit_reason)
    return obj


def update(obj: M, *, by: Any, version: int | None = None, audit_reason: str = "", **values: Any) -> M:
    """Save the columns that differ, if the row still has `version` (None: the version `obj` was read with).

    Nothing differs: nothing is written, and a stale version is still refused.
    """
    seen = obj.version if version is None else version  # type: ignore[attr-defined]
    before, after = audit.changes(obj, list(values), values)
    if not after:
        if obj.version != seen:  # type: ignore[attr-defined]
            raise StaleVersion
        return obj
    was_in = tallies.region_path_of(obj) if tallies.is_tallied(type(obj)) else ""
    for name, value in after.items():
        setattr(obj, name, value)
    try:
        validate(obj, only=set(after))
        claim(obj, version=seen, **after, **_search_columns(obj))
    except Exception:
        for name, value in before.items():  # the page shows the record as it is, beside the form as it was typed
            setattr(obj, name, value)
        raise
    if was_in and (is_in := tallies.region_path_of(obj)) != was_in:
        tallies.count(type(obj), was_in, by=-1)
        tallies.count(type(obj), is_in)
    audit.record("changed", obj, by=by, before=before, after=after, reason=audit_reason)
    return obj


def find_again(rows: Iterable[Searched]) -> None:
    """Records found by a word of another one, which has just changed."""
    for row in rows:
        type(row)._base_manager.filter(pk=row.pk).update(**row.search_columns())


def claim(obj: M, *, version: int | None = None, **values: Any) -> M:
    """Count the version up, together with `values`, unless somebody was first. No event: for a parent whose rows are edited with it."""
    seen = obj.version if version is None else version  # type: ignore[attr-defined]
    with refusing_in_words(type(obj)):
        if not type(obj)._base_manager.filter(pk=obj.pk, version=seen).update(version=F("version") + 1, **values):
            raise StaleVersion
    obj.version = seen + 1  # type: ignore[attr-defined]
    return obj


def lock(obj: models.Model, *, version: int) -> None:
    """Hold the row until the transaction ends, if it is still as it was seen. Of two people who act at once the second is told so."""
    rows = type(obj)._base_manager.select_for_update().filter(pk=obj.pk, version=version)
    if not list(rows.values_list("pk")):
        raise StaleVersion


def validate(obj: models.Model, *, only: set[str] | None = None) -> None:
    """Ask the model's fields and constraints; the first that says no becomes a Refusal at its field."""
    known = {
        field.name
        for field in obj._meta.fields
        if not field.editable or (field.is_relation and getattr(obj, field.attname) is not None)  # set by actions, or an object at hand
    }
    skipped = known if only is None else known | (_columns(type(obj)) - only)
    try:
        obj.clean_fields(exclude=skipped)
        obj.clean()
        obj.validate_unique(exclude=set() if only is None else _columns(type(obj)) - only)
    except ValidationError as error:
        raise _as_refusal(error) from error
    for model, constraints in obj.get_constraints():
        for constraint in constraints:
            try:
                constraint.validate(model, obj)
            except ValidationError as error:
                raise Refusal(error.messages[0], _field_of(constraint)) from error


@contextlib.contextmanager
def refusing_in_words(model: type[models.Model]) -> Iterator[None]:
    """The database's own no, after a race that validation could not see, in the sentence of the constraint."""
    try:
        with transaction.atomic():  # a savepoint, so that the surrounding action may go on
            yield
    except IntegrityError as error:
        constraint = _violated(model, error)
        if constraint is None:
            raise
        raise Refusal(str(constraint.get_violation_error_message()), _field_of(constraint)) from error


def _violated(model: type[models.Model], error: IntegrityError) -> models.BaseConstraint | None:
    """PostgreSQL names the constraint; SQLite names a check, and of a unique index only the columns."""
    name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None)
    text = str(error)
    columns = {part.strip().rpartition(".")[2] for part in text.partition("UNIQUE constraint failed:")[2].split(",")}
    for constraint in model._meta.constraints:
        if name == constraint.name or (name is None and constraint.name in text):
            return constraint
        fields = getattr(constraint, "fields", ())
        if name is None and fields and columns == {model._meta.get_field(field).column for field in fields}:  # type: ignore[union-attr]
            return constraint
    return None


def _field_of(constraint: models.BaseConstraint) -> str | None:
    """Of a unique set the last field is the telling one: (region, nib) belongs at the NIB."""
    fields = getattr(constraint, "fields", ())
    return fields[-1] if fields else None


def _as_refusal(error: ValidationError) -> Refusal:
    if not hasattr(error, "error_dict"):
        return Refusal(error.messages[0])
    name, messages = next(iter(error.message_dict.items()))
    return Refusal(messages[0], None if name == NON_FIELD_ERRORS else name)


def _search_columns(obj: models.Model) -> dict[str, str]:
    return obj.search_columns() if isinstance(obj, Searched) else {}


def _columns(model: type[models.Model]) -> set[str]:
    return {field.name for field in model._meta.fields}
