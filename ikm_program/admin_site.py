"""The site of Django's admin: who may enter it, and through which door."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

MASTER_DATA = (
    "trainings.change_region",
    "trainings.change_office",
    "trainings.change_official",
    "trainings.change_programme",
    "production.change_product",
    "production.change_store",
)


class ProgramAdminSite(admin.AdminSite):
    site_header = _("IKM Programme · master data")
    site_title = _("IKM Programme")
    index_title = _("Master data")
    site_url = "/"

    def has_permission(self, request: HttpRequest) -> bool:
        """Whoever may change some master data by role, `is_staff` or not; each model asks for its own permission again."""
        return request.user.is_active and any(request.user.has_perm(permission) for permission in MASTER_DATA)

    def get_urls(self) -> list[Any]:
        """Without the redirect to a record's own page, which would tell of rows that are out of reach."""
        return [pattern for pattern in super().get_urls() if getattr(pattern, "name", "") != "view_on_site"]

    @method_decorator(login_not_required)
    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """There is one sign-in, and it is throttled."""
        if request.user.is_authenticated:
            raise PermissionDenied
        return HttpResponseRedirect(f"{reverse('sign_in')}?{urlencode({'next': request.GET.get('next', reverse('admin:index'))})}")

    def password_change(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """There is one page for that, too."""
        return HttpResponseRedirect(reverse("password_change"))
