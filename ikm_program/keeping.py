"""Pieces of pages that stay right until something is recorded: kept in memory by everything they depend on.

Every write leaves an audit event, so the end of the trail says whether anything has happened since. A piece that speaks of records is
kept with that number in its key; nothing is ever shown that a page made anew would not show, and nothing has to be thrown away.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any, TypeVar

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.urls import get_urlconf

T = TypeVar("T")

FOR_SECONDS = 6 * 60 * 60  # longer than that nothing is used again; a key says the rest


def kept(depends_on: tuple[Any, ...], make: Callable[[], T]) -> T:
    """What `make` answered before for the same dependencies; they must name everything that it looks at."""
    key = f"kept:{hashlib.blake2b(repr(depends_on).encode(), digest_size=16).hexdigest()}"
    found: T | None = cache.get(key)
    if found is None:
        found = make()
        cache.set(key, found, FOR_SECONDS)
    return found


def recorded_so_far(request: HttpRequest) -> int:
    """The number of the newest event of the trail; asked once for a page, before anything that is kept by it is read."""
    if not hasattr(request, "recorded_so_far"):
        from ikm_program.models import AuditHead  # the registry is not ready when this module is imported

        request.recorded_so_far = AuditHead.objects.values_list("sequence", flat=True).first() or 0  # type: ignore[attr-defined]
    number: int = request.recorded_so_far  # type: ignore[attr-defined]
    return number


def reach_of(user: Any) -> str:
    """What a person may do, and on which site, as a short text: two with the same rights see the same navigation."""
    rights = "all" if user.is_superuser else ",".join(sorted(user.get_all_permissions()))
    return hashlib.blake2b(f"{rights} on {get_urlconf() or settings.ROOT_URLCONF}".encode(), digest_size=16).hexdigest()
