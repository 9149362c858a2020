"""Two records of one business or person side by side: which fields differ, and which value is the better guess."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from django.db import models
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from ikm_program.formatting import jumlah, tanggal_layar
from trainings.identity import format_npwp, format_phone, mask_nik
from trainings.models import Enterprise, Participant

Side = Literal["left", "right"]
Groups = Mapping[str, tuple[str, ...]]

# Fields that mean something together only are chosen together, under the name of the first.
TOGETHER: Groups = {
    "latitude": ("latitude", "longitude"),
    "kbli": ("kbli", "kbli_edition"),
    "confirmed_on": ("confirmed_on", "confirmed_by", "confirmed_how"),
    "region": ("region", "sentra"),
    "nik": ("nik", "nik_exception"),
}
LABELS = {"latitude": _("coordinates"), "confirmed_on": _("last confirmed")}
LEFT_OUT = frozenset({"id", "version", "created_at", "created_by", "sort_name", "search_key", "is_example"})
MASKED = frozenset({"nik", "owner_nik"})


@dataclass(frozen=True)
class Choice:
    """A field, or fields that belong together, in which two records differ."""

    name: str
    label: str
    left: str
    right: str
    better: Side


def groups_of(model: type[models.Model]) -> dict[str, tuple[str, ...]]:
    """Every field that a merge may take from either record."""
    names = [field.name for field in model._meta.fields if field.name not in LEFT_OUT]
    followers = {name for leader, group in TOGETHER.items() if leader in names for name in group[1:]}
    return {name: tuple(part for part in TOGETHER.get(name, (name,)) if part in names) for name in names if name not in followers}


def choices(left: Enterprise | Participant, right: Enterprise | Participant) -> list[Choice]:
    """What must be chosen. The better guess: the fuller value; of two full ones that of the record confirmed last, else the newer."""
    newer: Side = "left" if _heard(left) > _heard(right) else "right"
    found = []
    for name, group in groups_of(type(left)).items():
        ours, theirs = ([getattr(row, part) for part in group] for row in (left, right))
        if ours != theirs:
            words = [_words(row, group) for row in (left, right)]
            found.append(Choice(name, _label(left, name), words[0], words[1], _better(name, ours, theirs, newer)))
    return found


def _heard(row: Enterprise | Participant) -> tuple[dt.date, dt.datetime]:
    """When it was last heard from the source."""
    return getattr(row, "confirmed_on", None) or dt.date.min, row.created_at


def fullness(row: models.Model) -> int:
    """How many fields say something."""
    return sum(_says(getattr(row, field.attname)) for field in row._meta.fields if field.name not in LEFT_OUT)


def _better(name: str, ours: list[Any], theirs: list[Any], newer: Side) -> Side:
    left, right = (sum(_says(value) for value in values) for values in (ours, theirs))
    if left != right:
        return "left" if left > right else "right"
    if name == "confirmed_on":
        return "left" if ours[0] > theirs[0] else "right"
    return newer


def _says(value: Any) -> bool:
    return value not in (None, "")


def _label(row: models.Model, name: str) -> str:
    label: str | Promise = LABELS.get(name) or row._meta.get_field(name).verbose_name  # type: ignore[union-attr]
    return str(capfirst(str(label)))


def _words(row: Any, group: tuple[str, ...]) -> str:
    return " · ".join(text for name in group if (text := _shown(row, name)))


def _shown(row: Any, name: str) -> str:
    value = getattr(row, name)
    if not _says(value):
        return ""
    if name in MASKED:
        return mask_nik(value)
    if name == "npwp":
        return format_npwp(value)
    if name == "phone":
        return format_phone(value)
    if isinstance(value, bool):
        return str(_("Yes") if value else _("No"))
    if isinstance(value, int) and name != "started_year":
        return jumlah(value)
    if isinstance(value, dt.date):
        return tanggal_layar(value)
    display = getattr(row, f"get_{name}_display", None)
    return str(display() if display else value)
