"""Signing in and out: throttled before the password is hashed, the same answer for unknown people, every sign-in on record."""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import get_user_model
from django.contrib.auth import views as auth_views
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm, SetPasswordForm
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from ikm_program import audit
from ikm_program.accounts import link_tokens
from ikm_program.demo import people as demo_people
from ikm_program.throttling import allow, client_address, forget

ATTEMPTS = 5
WINDOW = dt.timedelta(minutes=15)


def throttle_key(what: str, account: str, request: HttpRequest) -> str:
    """Of the account only a hash: people type a NIK, or even the password, into the wrong field."""
    return f"{what}:{hashlib.sha256(account.encode()).hexdigest()[:32]}:{client_address(request)}"


class SignInForm(AuthenticationForm):
    """Counts the try for this account from this address first; beyond the limit no password is evaluated at all.

    The address is part of the key, so an outsider cannot lock the owner out.
    """

    error_messages = {
        **AuthenticationForm.error_messages,
        "invalid_login": _("The user name or the password is not right."),
        "throttled": _("Too many tries. Wait 15 minutes, or ask the administrator for a new password."),
    }

    def clean(self) -> dict[str, Any]:
        username = str(self.cleaned_data.get("username", "")).lower()[:80]
        assert self.request is not None
        self.throttle_key = throttle_key("sign-in", username, self.request)
        if not allow(self.throttle_key, limit=ATTEMPTS, window=WINDOW):
            raise ValidationError(self.error_messages["throttled"], code="throttled")
        return super().clean()


class SignInView(auth_views.LoginView):
    form_class = SignInForm
    template_name = "registration/sign_in.html"
    redirect_authenticated_user = True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        accounts = demo_people.shown_accounts() if settings.DEMO_MODE else []
        return super().get_context_data(demo_accounts=accounts, **kwargs)

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        response = super().form_valid(form)
        forget(form.throttle_key)  # type: ignore[attr-defined]
        audit.record("sign_in", self.request.user, by=self.request.user)  # type: ignore[arg-type]
        return response

    def form_invalid(self, form: AuthenticationForm) -> HttpResponse:
        if not form.has_error(NON_FIELD_ERRORS, code="throttled"):  # nobody fills the trail for ever
            record_failure(str(form.data.get("username", ""))[:80])
        return super().form_invalid(form)


def record_failure(username: str) -> None:
    """Where the account belongs, so that its administrator sees it; a name that nobody has is the country's to see."""
    account = get_user_model()._default_manager.filter(username__iexact=username.replace("\0", "")).select_related("region").first()
    path = account.region.path if account is not None and account.region is not None else "/"
    audit.record("sign_in_failed", None, by=None, after={"username": username}, region_path=path)


class SignOutView(auth_views.LogoutView):
    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.user.is_authenticated:
            audit.record("sign_out", request.user, by=request.user)
        return super().post(request, *args, **kwargs)


class _SaysWhatIsWeak:
    """What is wrong with a new password stands where it was typed, not at its repetition."""

    def validate_password_for_user(self, user: Any, password_field_name: str = "") -> None:
        super().validate_password_for_user(user, "new_password1")  # type: ignore[misc]  # of the form it is mixed with


class NewPasswordForm(_SaysWhatIsWeak, SetPasswordForm):
    """Of an invitation."""


class OwnPasswordForm(_SaysWhatIsWeak, PasswordChangeForm):
    """With the old one."""


class PasswordChangeView(LoginRequiredMixin, auth_views.PasswordChangeView):
    template_name = "registration/password_change.html"
    form_class = OwnPasswordForm
    success_url = reverse_lazy("password_change")

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """A borrowed session is no licence to guess the password. A form without the old one is no guess."""
        if not request.POST.get("old_password") or allow(self._throttle_key(), limit=ATTEMPTS, window=WINDOW):
            return super().post(request, *args, **kwargs)
        form = self.form_class(request.user)  # type: ignore[arg-type]  # signed in, or the mixin would not let it come here
        messages.error(request, SignInForm.error_messages["throttled"])
        return self.render_to_response(self.get_context_data(form=form), status=429)

    def form_valid(self, form: Any) -> HttpResponse:
        forget(self._throttle_key())
        response = super().form_valid(form)
        audit.record("password_changed", self.request.user, by=self.request.user)  # type: ignore[arg-type]
        messages.success(self.request, _("The password is changed."))
        return response

    def form_invalid(self, form: Any) -> HttpResponse:
        if not form.has_error("old_password"):  # whoever knows it guesses nothing, however weak the new one is
            forget(self._throttle_key())
        return super().form_invalid(form)

    def _throttle_key(self) -> str:
        return throttle_key("password", str(self.request.user.pk), self.request)


class PasswordSetView(auth_views.PasswordResetConfirmView):
    """Where an invitation's link leads: it works once, and leads on to the sign-in."""

    template_name = "registration/password_set.html"
    form_class = NewPasswordForm
    token_generator = link_tokens
    success_url = reverse_lazy("sign_in")

    def get_user(self, uidb64: str) -> Any:
        """A link of somebody who was sent away since is void."""
        user = super().get_user(uidb64)
        return user if user is not None and user.is_active else None

    def form_valid(self, form: Any) -> HttpResponse:
        response = super().form_valid(form)
        audit.record("password_set", self.user, by=self.user)
        messages.success(self.request, _("The password is set. Sign in with it."))
        return response


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that stayed open too long: said in words, on our own page."""
    return render(request, "403_csrf.html", {"reason": reason}, status=403)
