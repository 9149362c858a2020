"""At most so many tries per window, counted in the database in one atomic statement *before* the work is done.

A per-process cache would multiply the limit by the number of processes.
"""

from __future__ import annotations

import datetime as dt
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from django.conf import settings
from django.db.models import Case, F, Value, When
from django.http import HttpRequest
from django.utils import timezone

from ikm_program.models import Attempt
from ikm_program.transactions import write_transaction


def allow(key: str, *, limit: int, window: dt.timedelta) -> bool:
    """Count one more try under `key`; False when it is beyond the limit."""

    def count() -> int:
        now = timezone.now()
        expired = now - window
        Attempt.objects.bulk_create([Attempt(key=key, window_started_at=now)], ignore_conflicts=True)
        Attempt.objects.filter(key=key).update(
            count=Case(When(window_started_at__lt=expired, then=Value(1)), default=F("count") + 1),
            window_started_at=Case(When(window_started_at__lt=expired, then=Value(now)), default=F("window_started_at")),
        )
        return Attempt.objects.get(key=key).count

    return write_transaction(count) <= limit


def forget(key: str) -> None:
    """A success clears its own count."""
    Attempt.objects.filter(key=key).delete()


def client_address(request: HttpRequest) -> str:
    """The address that asked: the last hop we do not run ourselves, never what the client merely claims."""
    hops: int = settings.TRUSTED_PROXY_HOPS
    forwarded = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()]
    address = forwarded[-hops] if hops and len(forwarded) >= hops else request.META.get("REMOTE_ADDR", "")
    try:
        return _household(ip_address(address))
    except ValueError:
        return "unknown"


def _household(address: IPv4Address | IPv6Address) -> str:
    """IPv6 hands everybody a /64 of addresses to try from: it counts as one."""
    if isinstance(address, IPv4Address):
        return str(address)
    return str(address.ipv4_mapped or ip_network((address.packed[:8] + bytes(8), 64)))
