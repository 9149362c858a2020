"""Two people, one record: what an edit shows after somebody else was first.

What was typed stays, what nobody touched follows what is stored now, and wherever the two still differ the form says what is stored:
saving once more is then a decision. An act whose form shows nothing of the record is not offered again (see `FormScreen.conflicted`).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db import models
from django.utils.formats import time_format
from django.utils.translation import gettext as _

from ikm_program import audit
from ikm_program.formatting import tanggal_layar
from ikm_program.forms import ActionMixin, filled_rows
from ikm_program.opened import is_private
from ikm_program.screens import Text

NO_CHANGES = ("download", "reveal")  # events that only looked
NOT_SHOWN: tuple[type[forms.Field], ...] = (forms.FileField,)


@dataclass(frozen=True)
class Difference:
    """One field, or the rows below the form, where something else is stored than what is typed."""

    label: Text
    stored: str
    anchor: str = ""


@dataclass(frozen=True)
class Conflict:
    """Who was first, as far as the history tells this person, and what differs from what was typed."""

    differences: list[Difference]
    last: Any = None  # the newest change on record
    is_own: bool = False  # made by the same person, in another window
    followed: tuple[Text, ...] = ()  # fields that show what is stored now, because they had not been touched


def conflict_of(form: ActionMixin, fresh: ActionMixin, *, record: models.Model, user: Any) -> Conflict:
    """Marks `form` field by field with what `fresh`, the same form opened now, has; `form` can be sent again."""
    form.take_up(fresh)
    last = audit.history(record, user).exclude(verb__in=NO_CHANGES).exclude(verb__startswith="refused:").first()
    differences = [*_beside_the_fields(form, fresh), *_of_rows(form, fresh)]
    return Conflict(differences, last, is_own=last is not None and last.by_id == user.pk, followed=form.followed)


def typed_words(form: Any) -> list[tuple[Text, str]]:
    """What somebody wrote into a form that is not shown again, so that none of it has to be remembered."""
    shown = [bound for bound in form.visible_fields() if not is_private(bound.field) and not isinstance(bound.field, NOT_SHOWN)]
    return [(bound.label, text) for bound in shown if (text := _in_words(bound.field, bound.value()))]


def stored_beside(form: Any, fresh: Any, names: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Name and stored value of each field that opens with what is stored (`names`) and in which something else is typed."""
    stored_names = {*names}
    for name, field in form.fields.items():
        if name not in fresh.fields or isinstance(field, NOT_SHOWN) or form[name].is_hidden:
            continue
        # a NIK opens empty and stays when left empty: typed, it replaces one that is not told
        if (name in stored_names or is_private(field)) and differs(form, fresh, name):
            yield name, _stored(fresh[name])


def _beside_the_fields(form: Any, fresh: Any) -> Iterator[Difference]:
    for name, stored in stored_beside(form, fresh, fresh.stored_names()):
        bound = form[name]
        tell_stored(bound, stored)
        yield Difference(bound.label, stored, bound.id_for_label or bound.auto_id)


def differs(form: Any, fresh: Any, name: str) -> bool:
    """Whether something else is typed in a field of `form` (which was asked whether it is valid) than `fresh` opens with."""
    initial = fresh.get_initial_for_field(fresh.fields[name], name)
    if not form.fields[name].has_changed(initial, form[name].data):
        return False
    cleaned = form.cleaned_data
    return name not in cleaned or _plain(cleaned[name]) != _plain(initial)


def _of_rows(form: Any, fresh: Any) -> Iterator[Difference]:
    """Rows are compared as they stand below each other; what is stored is told whole."""
    for name, formset in form.formsets.items():
        if name not in fresh.initial:
            continue
        stored = fresh.formsets[name].initial_forms
        if [_kept(row) for row in stored] == [_sent(row, stored) for row in filled_rows(formset)]:
            continue
        words = [text for row in stored if (text := _row_in_words(row))]
        formset.stored_now = words or [_("empty")]
        yield Difference(getattr(formset, "heading", "") or _("Rows"), "; ".join(formset.stored_now))


def _kept(row: Any) -> dict[str, Any]:
    return {name: _plain(row.initial.get(name)) for name in _told_names(row)}


def _sent(values: dict[str, Any], stored: list[Any]) -> dict[str, Any]:
    names = _told_names(stored[0]) if stored else values
    return {name: _plain(values.get(name)) for name in names}


def _told_names(row: Any) -> list[str]:
    return [name for name, field in row.fields.items() if name in row.initial and not isinstance(field, NOT_SHOWN)]


def _row_in_words(row: Any) -> str:
    visible = [row[name] for name in _told_names(row) if not row[name].is_hidden and not is_private(row.fields[name])]
    return " · ".join(text for bound in visible if (text := _in_words(bound.field, bound.value())))


def tell_stored(bound: Any, stored: str) -> None:
    """Beside the field; and whoever listens to it hears what is stored as well."""
    bound.field.stored_now = stored
    known = bound.aria_describedby or ""
    bound.field.widget.attrs["aria-describedby"] = f"{known} {bound.auto_id}_stored".strip()


def in_words(bound: Any) -> str:
    """What stands in a field, as a person reads it; nothing when it is empty."""
    return _in_words(bound.field, bound.value())


def _stored(bound: Any) -> str:
    """The stored value as the form would show it; a number that only an office may read is never told here."""
    if is_private(bound.field):
        return _("not shown here")
    return _in_words(bound.field, bound.value()) or _("empty")


def _in_words(field: Any, value: Any) -> str:
    if isinstance(value, dict):  # a combobox was sent: the words that stand in it
        value = value.get("text") or value.get("pk")
    if isinstance(value, bool) or (isinstance(field, forms.BooleanField) and not isinstance(field, forms.NullBooleanField)):
        return _("Yes") if value else _("No")
    if value in (None, "") or value == []:
        return ""
    if isinstance(field, forms.ModelChoiceField):
        return _names_in_reach(field, value)
    if isinstance(field, (forms.ChoiceField, forms.NullBooleanField)):
        return _labels(field, value)
    return _text(value)


def _names_in_reach(field: Any, value: Any) -> str:
    """Of records: by the choices of the form, which this person may see. What lies outside stays unnamed."""
    keys = [getattr(part, "pk", part) for part in (value if isinstance(value, (list, tuple, models.QuerySet)) else [value])]
    lookup = f"{field.to_field_name or 'pk'}__in"
    try:
        found = list(field.queryset.filter(**{lookup: keys}))
    except (TypeError, ValueError):  # typed words instead of a key
        return ", ".join(str(key) for key in keys)
    return audit.masked(", ".join(str(field.label_from_instance(row)) for row in found)) or _("not shown here")


def _labels(field: Any, value: Any) -> str:
    choices = field.widget.choices
    flat: dict[str, Any] = {}
    for key, label in choices:
        flat |= {str(inner): word for inner, word in label} if isinstance(label, (list, tuple)) else {str(key): label}
    parts = value if isinstance(value, (list, tuple)) else [value]
    return ", ".join(str(flat.get(str(part), part)) for part in parts)


def _text(value: Any) -> str:
    if isinstance(value, dt.datetime):
        return f"{tanggal_layar(value)} {time_format(value, 'H.i')}"
    if isinstance(value, dt.date):
        return tanggal_layar(value)
    if isinstance(value, dt.time):
        return time_format(value, "H.i")
    return str(audit.masked(str(value)))  # no whole NIK, wherever somebody wrote one


def _plain(value: Any) -> Any:
    """Comparable: a record by its key, several in any order, nothing and not known alike."""
    if isinstance(value, models.Model):
        return str(value.pk)
    if isinstance(value, (list, tuple, set, models.QuerySet)):
        return sorted(str(_plain(part)) for part in value)
    return "" if value is None else str(value)
