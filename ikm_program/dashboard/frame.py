"""What the frame shows of the roof on every page: how many things wait for this person, and the programme one works in.

The work list costs a quarter of a page. Its number is kept in the session for a minute and forgotten as soon as the person has done
something; the home page, which shows the list itself, always counts anew.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from django.db.models import prefetch_related_objects
from django.http import HttpRequest, HttpResponseBase
from django.utils.functional import SimpleLazyObject

from ikm_program import navigation
from ikm_program.dashboard.work import Work, work_of
from trainings.programme_choice import Choice, chosen_programme

SESSION_KEY = "tugas"  # [number of things, when they were counted]
KEPT_FOR = 60  # seconds


class TaskCountMiddleware:
    """Whoever has sent something has changed what waits: the number is counted again on the next page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        place = request.resolver_match
        if request.method == "POST" and place is not None and getattr(place.func, "login_required", True):  # a public page has no session
            request.session.pop(SESSION_KEY, None)
        return response


def roof(request: HttpRequest) -> dict[str, Any]:
    """`roof` for base.html: asked for lazily, so that a fragment or a public page costs nothing."""
    return {"roof": SimpleLazyObject(lambda: _roof(request))}


def _roof(request: HttpRequest) -> dict[str, Any]:
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated or user.region is None:
        return {}
    return {"switcher": switcher_of(chosen_programme(request)), "task_count": _task_count(request)}


def roof_of(request: HttpRequest, choice: Choice, work: list[Work]) -> dict[str, Any]:
    """For the page that has both at hand."""
    return {"switcher": switcher_of(choice), "task_count": _remembered(request, work)}


def switcher_of(choice: Choice) -> dict[str, Any] | None:
    return choice.switcher(navigation.url_of("home"))


def _task_count(request: HttpRequest) -> int:
    kept = request.session.get(SESSION_KEY)
    if kept and request.method == "GET" and 0 <= time.time() - kept[1] < KEPT_FOR:
        return int(kept[0])
    prefetch_related_objects([request.user], "groups")  # type: ignore[type-var]  # signed in; the work list and the account menu both ask for the roles
    return _remembered(request, work_of(request.user))


def _remembered(request: HttpRequest, work: list[Work]) -> int:
    count = sum(item.count or 1 for item in work)
    request.session[SESSION_KEY] = [count, int(time.time())]
    return count
