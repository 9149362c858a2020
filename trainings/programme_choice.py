"""Which programme a page speaks of: the one asked for, the one chosen before, or the current one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from django.http import HttpRequest, QueryDict

from trainings.models import Programme

SESSION_KEY = "programme"


@dataclass(frozen=True)
class Choice:
    """The programme chosen and the ones that could be, for the switcher of the top bar."""

    programme: Programme | None
    programmes: list[Programme]

    def switcher(self, home_url: str) -> dict[str, Any] | None:
        """What the top bar offers: choosing opens the home page of that programme."""
        if self.programme is None or len(self.programmes) < 2:
            return None
        return {"current": str(self.programme), "choices": [(str(one), f"{home_url}?program={one.pk}") for one in self.programmes]}


def choose_programme(request: HttpRequest) -> Choice:
    """On the home page: asked for by `?program=`, which is remembered for the session."""
    choice = chosen_programme(request)
    asked = next((one for one in choice.programmes if str(one.pk) == request.GET.get("program", "")), None)
    if asked is not None and request.session.get(SESSION_KEY) != asked.pk:
        request.session[SESSION_KEY] = asked.pk
    return _noted(request, replace(choice, programme=asked or choice.programme))


def remembered_programme(request: HttpRequest) -> int | None:
    """The key of the one chosen in this session, if any was."""
    return getattr(request, "session", {}).get(SESSION_KEY)


def chosen_programme(request: HttpRequest) -> Choice:
    """Chosen before in this session; otherwise the newest open one that is no exercise. Asked once for a page: its frame asks too."""
    noted: Choice | None = getattr(request, "programme_choice", None)
    if noted is not None:
        return noted
    programmes = list(Programme.objects.for_user(request.user).order_by("-year", "name"))
    remembered = next((one for one in programmes if one.pk == remembered_programme(request)), None)
    return _noted(request, Choice(remembered or _current(programmes), programmes))


def asked_with_programme(request: HttpRequest) -> QueryDict:
    """What a page was asked, with the programme of the top bar where it was not asked for another: the box shows what is listed."""
    asked = request.GET.copy()
    programme = None if asked.get("program") else chosen_programme(request).programme
    if programme is not None:
        asked["program"] = str(programme.pk)
    return asked


def _noted(request: HttpRequest, choice: Choice) -> Choice:
    request.programme_choice = choice  # type: ignore[attr-defined]  # of this request
    return choice


def _current(programmes: list[Programme]) -> Programme | None:
    ranked = sorted(programmes, key=lambda one: (one.is_open and not one.is_example, not one.is_example, one.is_open, one.year))
    return ranked[-1] if ranked else None
