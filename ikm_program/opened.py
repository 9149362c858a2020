"""What a form opened with, as a mark for each field: when somebody else was first, what nobody touched follows what is stored now."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection
from typing import Any

from django import forms

NAME = "opened"  # of the hidden field
_MARK = 4  # bytes
_NO_TEXT: tuple[type[forms.Widget], ...] = (forms.MultiWidget, forms.FileInput)  # what they send is not told by one name


def is_private(field: forms.Field) -> bool:
    """Whether what stands in it, a NIK or a password, is never written into a page."""
    return bool(field.widget.attrs.get("data-private")) or isinstance(field.widget, forms.PasswordInput)


def marks(form: Any, *, without: Collection[str] = ()) -> str:
    """For the hidden field: by name, a mark of what the field sends as long as nobody touches it."""
    return _written({name: texts for name in form.stored_names() if name not in without and (texts := _shown(form[name])) is not None})


def follow(form: Any, fresh: Any) -> list[str]:
    """Put what `fresh`, the same form opened now, shows into the fields of a sent form that say what they opened with; which of them
    that changed. What was touched once stays touched: from now on it has no mark."""
    seen, data = _read(form.data.get(NAME, "")), form.data
    followed, kept = [], {}
    for name in fresh.stored_names():
        now = _shown(fresh[name]) if name in form.fields else None
        was = _plain(data.getlist(form.add_prefix(name)))
        if now is None or seen.get(name) != _mark(was):
            continue
        kept[name] = now
        if was != now:
            data.setlist(form.add_prefix(name), now)
            followed.append(name)
    data[NAME] = _written(kept)
    return followed


def _written(shown: dict[str, list[str]]) -> str:
    return json.dumps({name: _mark(texts) for name, texts in shown.items()}, separators=(",", ":"))


def _read(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _shown(bound: Any) -> list[str] | None:
    """What the browser sends of the field as it stands; None where that cannot be told, or may not be."""
    widget = bound.field.widget
    if is_private(bound.field) or isinstance(widget, _NO_TEXT) or getattr(widget, "has_several_names", False):
        return None
    value = bound.value()
    if isinstance(widget, forms.CheckboxInput):
        return ["on"] if widget.check_test(value) else []
    texts = widget.format_value(value)
    return _plain(texts if isinstance(texts, (list, tuple)) else [texts])


def _plain(texts: Any) -> list[str]:
    """Nothing chosen and nothing written are one; a browser ends lines its own way."""
    lines = (str(text).replace("\r\n", "\n").strip() for text in texts if text is not None)
    return [text for text in lines if text]


def _mark(texts: list[str]) -> str:
    return hashlib.blake2b(json.dumps(texts).encode(), digest_size=_MARK).hexdigest()
