"""What happens to every request: sign-in by default, a strict CSP, no caching of what is private, 503 when the database is away."""

from __future__ import annotations

import secrets
import sys
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.core.exceptions import BadRequest
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.middleware.gzip import GZipMiddleware
from django.template import loader
from django.urls import reverse
from django.utils import translation
from django.utils.cache import add_never_cache_headers, patch_cache_control
from django.views import defaults

GetResponse = Callable[[HttpRequest], HttpResponseBase]


class DatabaseUnavailableMiddleware:
    """A database that is down or too busy answers 503 with Retry-After, not 500."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        try:
            return self.get_response(request)
        except (OperationalError, InterfaceError):
            return unavailable()

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponseBase | None:
        return unavailable() if isinstance(exception, (OperationalError, InterfaceError)) else None


def server_error(request: HttpRequest, template_name: str = "500.html") -> HttpResponseBase:
    """`handler500`: what fails below a middleware (reading the session, say) is answered here and never reaches the one above."""
    return unavailable() if isinstance(sys.exc_info()[1], (OperationalError, InterfaceError)) else defaults.server_error(request)


def unavailable() -> HttpResponse:
    with translation.override(settings.LANGUAGE_CODE):
        body = loader.render_to_string("503.html")
    return HttpResponse(body, status=503, headers={"Retry-After": "10", "Cache-Control": "no-store"})


class TextCompressionMiddleware(GZipMiddleware):
    """Pages travel compressed, for phones on a poor line. Photos and documents are compressed already.

    Safe beside secrets in a page: the CSRF token is masked anew in every response, and Django adds random bytes.
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        kind = response.get("Content-Type", "")
        return super().process_response(request, response) if kind.startswith(("text/", "application/json")) else response


class PlainAddressMiddleware:
    """A NUL in an address is nobody's typing, and PostgreSQL keeps none: refused before anything looks at it (400)."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if "\0" in request.path or any("\0" in value for values in request.GET.lists() for value in (values[0], *values[1])):
            raise BadRequest("NUL in the address")
        return self.get_response(request)


class ContentSecurityPolicyMiddleware:
    """Sends SECURE_CSP (the setting's name in Django 6) with a nonce per response."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.csp_nonce = secrets.token_urlsafe(16)  # type: ignore[attr-defined]
        response = self.get_response(request)
        if "Content-Security-Policy" not in response:
            policy = "; ".join(f"{name} {' '.join(sources)}" for name, sources in settings.SECURE_CSP.items())
            response["Content-Security-Policy"] = policy.replace("<CSP_NONCE>", f"'nonce-{request.csp_nonce}'")  # type: ignore[attr-defined]
        response.setdefault("Permissions-Policy", "geolocation=(), microphone=(), payment=(), camera=(self)")
        response.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        return response


class SignInRequiredMiddleware(LoginRequiredMiddleware):
    """Every view asks for a sign-in unless it says otherwise; what a script sends gets 401 JSON, never a redirect to a page."""

    def handle_no_permission(self, request: HttpRequest, view_func: Any) -> HttpResponseBase:  # type: ignore[override]  # 401, too
        if wants_json(request):
            return JsonResponse({"error": "sign-in required"}, status=401)
        if request.headers.get("HX-Request") == "true":
            return HttpResponse(status=204, headers={"HX-Redirect": reverse("sign_in")})
        return super().handle_no_permission(request, view_func)


def wants_json(request: HttpRequest) -> bool:
    return request.headers.get("Accept", "").startswith("application/json")


class NoStoreMiddleware:
    """Pages of a signed-in person are not kept by browsers or proxies."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if getattr(request, "user", None) is not None and request.user.is_authenticated and "Cache-Control" not in response:
            add_never_cache_headers(response)
            patch_cache_control(response, no_store=True, private=True)
        return response
