"""The link with which somebody sets a password: it works once, for some days, and always carries the site's own address."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from django.utils.translation import gettext as _

from ikm_program.accounts import link_tokens

if TYPE_CHECKING:
    from trainings.models import User


def password_link(user: User) -> str:
    """Never from the request: a forged Host header would send the link elsewhere. A new password or sign-in makes it void."""
    uid = urlsafe_base64_encode(force_bytes(user.pk))
    return settings.SITE_URL + reverse("password_set", kwargs={"uidb64": uid, "token": link_tokens.make_token(user)})


def mail_after_commit(user: User) -> None:
    """Post the link once the account is certain to exist. A mail server that is away is logged; the link is on the screen as well.

    Without a mail server nothing is sent: mail "to the console" would leave a working link in the log.
    """
    if user.email and not settings.EMAIL_BACKEND.endswith(("console.EmailBackend", "dummy.EmailBackend")):
        transaction.on_commit(lambda: send(user), robust=True)  # a partial has no name, and Django logs the name of what failed


def send(user: User) -> None:
    with translation.override(user.language):
        body = render_to_string(
            "trainings/mail/password_link.txt", {"person": user, "link": password_link(user), "site": settings.SITE_URL}
        )
        send_mail(_("Set your password for the IKM programme"), body, None, [user.email])
