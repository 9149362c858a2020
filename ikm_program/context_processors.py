"""What the frame around every page needs to know."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from ikm_program import keeping, navigation
from ikm_program.appearance import theme_of


def frame(request: HttpRequest) -> dict[str, Any]:
    """`frame` for base.html: lazily, because error pages and fragments do not ask for all of it."""
    return {"frame": SimpleLazyObject(lambda: _frame(request))}


def _frame(request: HttpRequest) -> dict[str, Any]:
    user = getattr(request, "user", None)
    is_signed_in = bool(user and user.is_authenticated)
    record_url = navigation.url_of(navigation.RECORD.url_name)
    may_record = is_signed_in and bool(record_url) and user.has_perm(navigation.RECORD.permission)  # type: ignore[union-attr]
    return {
        "is_signed_in": is_signed_in,
        "here": navigation.active(request.path) if is_signed_in else "",
        "reach": keeping.reach_of(user) if is_signed_in else "",
        "sections": SimpleLazyObject(lambda: navigation.for_user(user, request.path)) if is_signed_in else [],
        "home_url": navigation.url_of("home") or "/",
        "search_url": navigation.url_of("search"),
        "record_url": record_url if may_record else "",
        "region": getattr(user, "region", None) if is_signed_in else None,
        "theme": theme_of(request),
        "languages": settings.LANGUAGES,
        "is_demo": settings.DEMO_MODE,
        "theme_url": navigation.url_of("appearance"),
        "language_url": navigation.url_of("set_language"),
    }
