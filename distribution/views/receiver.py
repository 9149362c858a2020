"""The page of a receiver without an account: no sign-in, no cookie, one link, once. It shows no more than the paper in their hands."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from django.views.generic.base import View

from distribution.actions.receiver_links import hash_of_token
from distribution.actions.statements import LinkIsOver, refuse_closed, send_statement
from distribution.forms.receiver import ReceiverForm
from distribution.models import ReceiverLink, ReceiverStatement
from ikm_program.actions import Refusal
from ikm_program.public_pages import shown, without_traces
from ikm_program.sending import arrived
from ikm_program.throttling import allow, client_address

VISITS, SENDINGS, WINDOW = 120, 20, dt.timedelta(minutes=15)  # from one address: an office or an operator is many phones


@method_decorator((login_not_required, csrf_exempt), name="dispatch")
class ReceiverPage(View):
    """GET shows what was handed over; POST records what arrived. Exempt from CSRF because there is no session to abuse."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        is_sent, address = request.method == "POST", client_address(request)
        limit = SENDINGS if is_sent else VISITS
        if not allow(f"receiver-{'send' if is_sent else 'visit'}:{address}", limit=limit, window=WINDOW):
            return _over(request, _("Too many tries from your address. Wait 15 minutes."), status=429)
        link = _link(kwargs["token"])
        if link is None:
            return _over(request, _("This link is not known. Check it against what the office gave you."), status=404)
        self.link = link
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        if statement := _sent_with(self.link, request.GET.get("kunci", "")):
            return _shown(request, "distribution/receiver/thanks.html", self.link, {"statement": statement, "title": _("Thank you")})
        try:
            refuse_closed(self.link, self.link.handover)
        except LinkIsOver as over:
            return _over(request, over.message, status=410)
        return self.page(request, ReceiverForm(link=self.link))

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        key = request.POST.get("key", "")
        if _sent_with(self.link, key):  # it had arrived, and the answer was lost on the way
            return self.thanks(request, token, key)
        try:
            refuse_closed(self.link, self.link.handover)
            form = ReceiverForm(data=request.POST, files=request.FILES, link=self.link)
            if not form.is_valid():
                return self.page(request, form, status=422)
            send_statement(self.link, key=form.cleaned_data["key"], said=form.said())
        except LinkIsOver as over:
            return _over(request, over.message, status=409)  # shown by whatever sends forms in the background
        except Refusal as refusal:
            form.refuse(refusal.message, refusal.field)
            return self.page(request, form, status=422)
        return self.thanks(request, token, key)

    def page(self, request: HttpRequest, form: ReceiverForm, *, status: int = 200) -> HttpResponse:
        title = _("Confirm receipt") if form.is_receipt else _("Report onward distribution")
        return _shown(request, "distribution/receiver/form.html", self.link, {"form": form, "title": title}, status=status)

    def thanks(self, request: HttpRequest, token: str, key: str) -> HttpResponse:
        url = f"{reverse('distribution:receiver_page', args=[token])}?kunci={key}"
        return without_traces(arrived(request, HttpResponseRedirect(url)))


def _link(token: str) -> ReceiverLink | None:
    named = ("handover__store__region", "handover__giver_office__region", "handover__recipient", "handover__document", "created_by__region")
    links = ReceiverLink.objects.select_related(*named).defer("handover__document__snapshot", "handover__document__arms")
    return links.filter(token_hash=hash_of_token(token)).first()


def _sent_with(link: ReceiverLink, key: str) -> ReceiverStatement | None:
    """What was recorded by the very form that has this key: whoever sent it may read it again."""
    try:
        wanted = UUID(key)
    except ValueError:
        return None
    return ReceiverStatement.objects.filter(link=link, key=wanted).prefetch_related("lines__line__product").first()


def _shown(request: HttpRequest, template: str, link: ReceiverLink, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    return shown(request, template, {"link": link, "handover": link.handover, **context}, status=status)


def _over(request: HttpRequest, sentence: Any, *, status: int) -> HttpResponse:
    return shown(request, "distribution/receiver/over.html", {"sentence": sentence, "title": _("Confirm receipt")}, status=status)
