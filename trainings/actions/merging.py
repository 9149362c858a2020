"""Two rows of one table become one, and two again: whatever points to a row, in any app, is carried over and can be carried back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.core import serializers
from django.db import models
from django.db.models import F
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ikm_program import records
from ikm_program.actions import Refusal
from ikm_program.models import AppendOnly, IdempotencyKey

Entry = dict[str, Any]  # of Merge.references: model, field, label, keys
NOT_COMPARED = frozenset({"version", "sort_name", "search_key"})


def frozen(row: models.Model) -> Entry:
    """A row as JSON, whole."""
    data: Entry = serializers.serialize("python", [row])[0]
    return data | {"fields": {name: _plain(value) for name, value in data["fields"].items()}}


def thaw(data: Mapping[str, Any]) -> None:
    """Put a frozen row back under its old number; what the database no longer accepts is refused in words."""
    restored = next(iter(serializers.deserialize("python", [data], ignorenonexistent=True)))
    with records.refusing_in_words(type(restored.object)):
        restored.save(force_insert=True)


def _plain(value: Any) -> Any:
    """To the microsecond, which Django's own JSON would round."""
    if isinstance(value, (dt.datetime, dt.date)):
        return value.isoformat()
    return value if value is None or isinstance(value, (bool, int, str, list, dict)) else str(value)


def references_to(model: type[models.Model]) -> list[models.Field[Any, Any]]:
    """Every column of every app that points to `model`; apps written later are found too."""
    relations = [part for part in model._meta.get_fields(include_hidden=True) if isinstance(part, models.ManyToOneRel)]
    return [relation.field for relation in relations]  # one to one is one of them; many to many has rows of its own


def carry_all(loser: models.Model, survivor: models.Model) -> tuple[list[Entry], list[Entry]]:
    """Point everything to the survivor: what was carried, and rows that both had and one is enough of."""
    carried, dropped = [_carry_keys(loser, survivor)], []
    for field in references_to(type(loser)):
        rows, of_rows = _drop_doubles(field, loser, survivor)
        dropped += rows
        carried += [*of_rows, _carry(field, loser, survivor)]
    return [entry for entry in carried if entry["keys"]], dropped


def carry_back(entries: Iterable[Entry], *, loser_pk: int, survivor_pk: int) -> None:
    """What still stands where the merge put it goes back. What is gone is gone; what was given to a third one stands in the way."""
    for entry in entries:
        model, name = apps.get_model(entry["model"]), entry["field"]
        to, stays = entry.get("between") or (loser_pk, survivor_pk)
        rows = model._base_manager.filter(pk__in=entry["keys"])
        if rows.exclude(**{name: stays}).exists():
            raise Refusal(gettext("%(kind)s: one of them was given to somebody else after the merge.") % {"kind": entry["label"]})
        with records.refusing_in_words(model):
            rows.update(**{name: to, **_one_version_on(model)})


def _carry(field: models.Field[Any, Any], loser: models.Model, survivor: models.Model) -> Entry:
    rows = field.model._base_manager.filter(**{field.name: loser.pk})
    keys = list(rows.order_by("pk").values_list("pk", flat=True))
    label = str(field.model._meta.verbose_name)
    if keys and issubclass(field.model, AppendOnly):
        raise Refusal(gettext("%(kind)s: it names the record for ever, so the two cannot be merged.") % {"kind": label})
    if keys:
        try:
            with records.refusing_in_words(field.model):
                rows.update(**{field.name: survivor.pk, **_one_version_on(field.model)})
        except Refusal as refusal:
            raise Refusal(f"{label}: {refusal}") from refusal
    return {"model": field.model._meta.label_lower, "field": field.attname, "label": label, "keys": keys}


def _carry_keys(loser: models.Model, survivor: models.Model) -> Entry:
    """A form that was sent again answers with the record that stayed."""
    kind = ContentType.objects.get_for_model(type(loser))
    rows = IdempotencyKey.objects.filter(content_type=kind, object_id=loser.pk)
    keys = list(rows.values_list("pk", flat=True))
    rows.update(object_id=survivor.pk)
    return {"model": IdempotencyKey._meta.label_lower, "field": "object_id", "label": str(_("form that was sent")), "keys": keys}


def _drop_doubles(field: models.Field[Any, Any], loser: models.Model, survivor: models.Model) -> tuple[list[Entry], list[Entry]]:
    """A model may say in `SAME_BY` which columns make two rows the same thing: a licence of both is one paper.

    What pointed to the double points to the one that is kept; both come back when the merge is undone.
    """
    columns: tuple[str, ...] = getattr(field.model, "SAME_BY", ())
    if not columns:
        return [], []
    ours = field.model._base_manager.filter(**{field.name: survivor.pk})
    kept = {tuple(getattr(row, column) for column in columns): row for row in ours}
    dropped, carried = [], []
    for row in field.model._base_manager.filter(**{field.name: loser.pk}):
        twin = kept.get(tuple(getattr(row, column) for column in columns))
        if twin is not None:
            moved = [_carry(pointer, row, twin) for pointer in references_to(field.model)]
            carried += [entry | {"between": [row.pk, twin.pk]} for entry in moved if entry["keys"]]
            dropped.append(frozen(row))
            row.delete()
    return dropped, carried


def _one_version_on(model: type[models.Model]) -> dict[str, Any]:
    """A form that somebody has opened on such a row is stale now."""
    return {"version": F("version") + 1} if any(field.name == "version" for field in model._meta.fields) else {}


# --- the survivor's own columns -------------------------------------------------------------------------------------------


def differences(before: Entry, after: Entry) -> dict[str, list[Any]]:
    """Field -> [before, after] of two frozen states of one row."""
    pairs = {name: [value, after["fields"][name]] for name, value in before["fields"].items()}
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1] and name not in NOT_COMPARED}


def values_before(row: models.Model, changes: Mapping[str, list[Any]]) -> dict[str, Any]:
    """What the changed fields held, ready to be written; refused where one was changed again since."""
    now, values = frozen(row)["fields"], {}
    for name, (before, after) in changes.items():
        field = row._meta.get_field(name)
        if now[name] != after:
            raise Refusal(gettext("“%(field)s” was changed after the merge.") % {"field": getattr(field, "verbose_name", name)})
        if isinstance(field, models.ForeignKey):
            values[name] = field.related_model._base_manager.filter(pk=before).first() if before is not None else None
        else:
            values[name] = field.to_python(before)  # type: ignore[union-attr]
    return values
