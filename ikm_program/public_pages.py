"""Pages for people without an account: no session is read, no cookie is set, nothing is indexed, referred or kept."""

from __future__ import annotations

from typing import Any, TypeVar

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render

from ikm_program.appearance import theme_of

R = TypeVar("R", bound=HttpResponseBase)

HEADERS = {
    "X-Robots-Tag": "noindex, nofollow, noarchive",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


def shown(request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    """Without the frame of a signed-in person, whose session is not even read."""
    plain = {"frame": {"theme": theme_of(request)}, "messages": (), "user": None, "perms": None}
    return without_traces(render(request, template, {**plain, **context}, status=status))


def without_traces(response: R) -> R:
    """Nothing to index, nothing to refer, nothing to keep."""
    for name, value in HEADERS.items():
        response.headers[name] = value
    return response
