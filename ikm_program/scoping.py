"""Where: which rows a person may see and which they may change. Every page, choice, export, PDF and count passes here.

A user belongs to one region of the tree (country, province, district), so a region's materialised path answers everything:
what lies below starts with it, what lies above is one of its prefixes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self, TypeVar

from django import forms
from django.db import models
from django.db.models import Q

M = TypeVar("M", bound=models.Model)


def ancestor_paths(path: str) -> list[str]:
    """The paths above: "/63/63.01/" has "/" and "/63/"."""
    parts = path.strip("/").split("/") if path.strip("/") else []
    return ["/"] + ["/" + "/".join(parts[:depth]) + "/" for depth in range(1, len(parts))] if parts else []


@dataclass(frozen=True)
class Scope:
    """How a model finds its region. `path` is the lookup to a Region ("" for the region itself)."""

    path: str
    seen_also: tuple[str, ...] = ()  # further lookups to a region whose people may read: a lot's origin, for one

    def _starts_with(self, lookup: str, path: str) -> Q:
        name = f"{lookup}__path" if lookup else "path"
        return Q(**{f"{name}__startswith": path})

    def changeable(self, model: type[models.Model], region_path: str) -> Q:
        return self._starts_with(self.path, region_path)

    def visible(self, model: type[models.Model], region_path: str) -> Q:
        """Rows to read. Lookups that cross to many rows are asked in a subquery, so that nothing comes back twice."""
        rows = self.changeable(model, region_path)
        for lookup in self.seen_also:
            rows |= Q(pk__in=model._base_manager.filter(self._starts_with(lookup, region_path)).values("pk"))
        return rows

    def region_path_of(self, obj: models.Model) -> str:
        """The path of the region a row belongs to, for the audit trail ("" when it has none)."""
        value: Any = obj
        for name in self.path.split("__") if self.path else []:
            value = getattr(value, name, None)
        return getattr(value, "path", "")


class Owned(Scope):
    """The region and what lies below it: see and, with the permission, change."""


@dataclass(frozen=True)
class OwnedTogether(Scope):
    """A row about two records: only whoever has both in reach sees it or acts on it."""

    second: str = ""

    def changeable(self, model: type[models.Model], region_path: str) -> Q:
        return super().changeable(model, region_path) & self._starts_with(self.second, region_path)

    def region_path_of(self, obj: models.Model) -> str:
        """The smallest region that holds both, so that an event about them tells neither side of the other."""
        one, other = (Scope(path).region_path_of(obj) for path in (self.path, self.second))
        shared = [path for path in (one, *reversed(ancestor_paths(one))) if other.startswith(path)]
        return shared[0] if shared else "/"


@dataclass(frozen=True)
class SharedDownward(Scope):
    """Owned, and readable from every region below: an ancestor's programmes, products, recipients, stores, officials."""

    def visible(self, model: type[models.Model], region_path: str) -> Q:
        name = f"{self.path}__path" if self.path else "path"
        return super().visible(model, region_path) | Q(**{f"{name}__in": ancestor_paths(region_path)})


@dataclass(frozen=True)
class PathText(Scope):
    """A row that keeps the text of a region's path itself, such as an audit event."""

    def _starts_with(self, lookup: str, path: str) -> Q:
        return Q(**{f"{lookup}__startswith": path})

    def region_path_of(self, obj: models.Model) -> str:
        return str(getattr(obj, self.path))


@dataclass(frozen=True)
class Internal(Scope):
    """Machinery that no person sees through a page (keys, counters)."""

    path: str = ""

    def changeable(self, model: type[models.Model], region_path: str) -> Q:
        return Q(pk__in=[])

    def region_path_of(self, obj: models.Model) -> str:
        return ""


@dataclass(frozen=True)
class Personal(Scope):
    """What belongs to one person and is nobody else's business; `path` is the lookup to that person."""


@dataclass(frozen=True)
class Reach:
    """What the office of a region sees, when no person asks: for papers that prepare themselves, and for one district's part."""

    region: Any
    is_active: bool = True


class ScopedQuerySet(models.QuerySet[M]):
    """The queryset of every domain model: it answers `for_user` and `owned_by`."""

    def for_user(self, user: Any) -> Self:
        """What this person may see."""
        if isinstance(self._scope(), Personal):
            return self.owned_by(user)
        path = _path_of(user)
        return self.none() if path is None else self.filter(self._scope().visible(self.model, path))

    def owned_by(self, user: Any) -> Self:
        """What this person may change, given the permission."""
        path, scope = _path_of(user), self._scope()
        if path is None:
            return self.none()
        return self.filter(**{scope.path: user}) if isinstance(scope, Personal) else self.filter(scope.changeable(self.model, path))

    def _scope(self) -> Scope:
        scope: Scope = self.model.SCOPE  # type: ignore[attr-defined]
        return scope


def _path_of(user: Any) -> str | None:
    if not getattr(user, "is_active", False) or getattr(user, "region", None) is None:
        return None
    path: str = user.region.path
    return path


def restrict_choices(form: forms.BaseForm, user: Any) -> None:
    """Narrow every model choice of a form to what the person may see, or own where the form says so in `owned_choices`."""
    owned = getattr(form, "owned_choices", ())
    for name, field in form.fields.items():
        if isinstance(field, forms.ModelChoiceField) and isinstance(field.queryset, ScopedQuerySet):
            field.queryset = field.queryset.owned_by(user) if name in owned else field.queryset.for_user(user)
