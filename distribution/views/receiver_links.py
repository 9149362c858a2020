"""Links for receivers as the office sees them: given out on a page with a QR code, taken back, and what came in by them."""

from __future__ import annotations

import base64
import hashlib
from functools import cached_property
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from distribution.actions.receiver_links import give_onward_link, give_receipt_link, take_back_link
from distribution.forms.handovers import ConfirmForm
from distribution.forms.receiver import LinkForm
from distribution.models import Handover, ReceiverLink, ReceiverStatement
from distribution.views.handovers import PLACE
from ikm_program import audit
from ikm_program.forms import ActionMixin
from ikm_program.paper_content import qr_png
from ikm_program.screens import Text
from ikm_program.uploads import SENT_BY_PEOPLE
from ikm_program.views import FormScreen, ObjectScreen


class LinkCreate(FormScreen):
    """The answer is the page with the link itself: nothing keeps it, so it is shown this once."""

    model = Handover
    form_class = LinkForm
    action = give_receipt_link
    place = PLACE
    related = ("store__region", "recipient", "document")
    is_resilient = autosaves = False  # its answer is the page with the link
    submit_label = _("Make the link")
    success_message = ""

    def get_title(self) -> Text:
        return gettext("Link for the receiver: %(what)s") % {"what": self.object}

    def get_confirmation(self) -> Text:
        return gettext(
            "With the link %(recipient)s confirms what arrived, once and without an account. A link given out before stops working."
        ) % {"recipient": self.object.recipient}

    def parents(self) -> Any:
        return ((str(self.object), self.object.get_absolute_url()),)

    def done(self, form: ActionMixin, result: ReceiverLink) -> HttpResponse:
        token = getattr(result, "token", "")  # a form that is sent again made its link before: it is shown to nobody twice
        address = settings.SITE_URL.rstrip("/") + reverse("distribution:receiver_page", args=[token]) if token else ""
        qr = base64.b64encode(qr_png(address)).decode() if address else ""
        self.template_name = "distribution/receiver/link_given.html"
        context = self.get_context_data(form=form, link=result, address=address, qr=qr)
        response = self.render_to_response(context | {"confirmation": ""})
        response.headers["Referrer-Policy"] = "no-referrer"
        return response


class OnwardLinkCreate(LinkCreate):
    action = give_onward_link

    def get_confirmation(self) -> Text:
        return gettext(
            "With the link %(recipient)s reports once, without an account, what went further. It counts when the office has recorded it."
        ) % {"recipient": self.object.recipient}


class LinkRevoke(FormScreen):
    model = ReceiverLink
    form_class = ConfirmForm
    action = take_back_link
    place = PLACE
    related = ("handover__store__region", "handover__document", "handover__recipient")
    submit_label = _("Take the link back")
    success_message = _("The link is taken back; it opens nothing any more.")
    is_danger = True

    def get_title(self) -> Text:
        return gettext("Take back the link: %(what)s") % {"what": self.object.handover}

    def get_confirmation(self) -> Text:
        return gettext("Whoever holds the link can no longer confirm anything with it. A new one can be given out at any time.")

    def parents(self) -> Any:
        return ((str(self.object.handover), self.object.get_absolute_url()),)


class StatementPicture(ObjectScreen):
    """The drawn signature, or the photo, that came in by a link: private, like a receipt's evidence."""

    model = ReceiverStatement
    permission = "distribution.view_handover"
    place = PLACE

    @cached_property
    def content(self) -> bytes:
        statement: ReceiverStatement = self.object
        if self.kwargs["what"] == "tanda-tangan":
            return bytes(statement.signature)
        if not statement.photo:
            return b""
        with statement.photo.open("rb") as file:
            content: bytes = file.read()
        if hashlib.sha256(content).hexdigest() != statement.photo_sha256:
            audit.record("file_damaged", statement, by=self.request.user, after={"expected": statement.photo_sha256})
            raise Http404
        return content

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.content:
            raise Http404
        is_signature = self.kwargs["what"] == "tanda-tangan"
        return HttpResponse(self.content, content_type="image/png" if is_signature else "image/jpeg", headers=SENT_BY_PEOPLE)
