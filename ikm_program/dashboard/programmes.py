"""Which programme a page speaks of: the one asked for, the one chosen before, or the current one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from trainings.models import Programme

SESSION_KEY = "programme"


@dataclass(frozen=True)
class Choice:
    """The programme chosen and the ones that could be, for the switcher of the top bar."""

    programme: Programme | None
    programmes: list[Programme]
    path: str

    @property
    def switcher(self) -> dict[str, Any] | None:
        if self.programme is None or len(self.programmes) < 2:
            return None
        return {"current": str(self.programme), "choices": [(str(one), f"{self.path}?program={one.pk}") for one in self.programmes]}


def chosen_programme(request: HttpRequest) -> Choice:
    """Asked for by `?program=`, which is remembered for the session; otherwise the newest open one that is no exercise."""
    programmes = list(Programme.objects.for_user(request.user).order_by("-year", "name"))
    by_pk = {str(programme.pk): programme for programme in programmes}
    asked = by_pk.get(request.GET.get("program", ""))
    if asked is not None and request.session.get(SESSION_KEY) != asked.pk:
        request.session[SESSION_KEY] = asked.pk
    remembered = by_pk.get(str(request.session.get(SESSION_KEY, "")))
    return Choice(asked or remembered or _current(programmes), programmes, request.path)


def _current(programmes: list[Programme]) -> Programme | None:
    ranked = sorted(programmes, key=lambda one: (one.is_open and not one.is_example, not one.is_example, one.is_open, one.year))
    return ranked[-1] if ranked else None
