"""What a form carries and is answered where it is sent in the background, and again until it has arrived (`static/js/sending.js`)."""

from __future__ import annotations

from typing import TypeVar
from uuid import UUID

from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect, JsonResponse

from ikm_program.middleware import wants_json

R = TypeVar("R", bound=HttpResponseBase)


def key_of(request: HttpRequest) -> UUID | None:
    """The key that the form was opened with: the same again is the same form, sent once more."""
    try:
        return UUID(request.POST.get("key", ""))
    except ValueError:
        return None


def arrived(request: HttpRequest, answer: R) -> R | JsonResponse:
    """A redirect says that it is done: whoever asked for JSON gets the form's own key back, and where to go."""
    if request.method == "POST" and wants_json(request) and isinstance(answer, HttpResponseRedirect):
        return JsonResponse({"key": request.POST.get("key", ""), "url": answer.url}, status=201)
    return answer
