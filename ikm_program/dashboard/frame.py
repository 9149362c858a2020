"""What the frame shows of the roof on every page: how many things wait for this person, and the programme one works in."""

from __future__ import annotations

from typing import Any

from django.db.models import prefetch_related_objects
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from ikm_program import navigation
from ikm_program.dashboard.work import Work, work_of
from trainings.programme_choice import Choice, chosen_programme


def roof(request: HttpRequest) -> dict[str, Any]:
    """`roof` for base.html: asked for lazily, so that a fragment or a public page costs nothing; a page costs three queries at most."""
    return {"roof": SimpleLazyObject(lambda: _roof(request))}


def _roof(request: HttpRequest) -> dict[str, Any]:
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated or user.region is None:
        return {}
    prefetch_related_objects([user], "groups")  # the work list and the account menu both ask for the roles
    return roof_of(chosen_programme(request), work_of(user))


def roof_of(choice: Choice, work: list[Work]) -> dict[str, Any]:
    return {"switcher": choice.switcher(navigation.url_of("home")), "task_count": sum(item.count or 1 for item in work)}
