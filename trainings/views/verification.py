"""The public page behind the QR code: no sign-in, no cookie, an allow-list of facts, and a comparison that keeps nothing."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any, cast

from django.contrib.auth.decorators import login_not_required
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe
from django.views.generic.base import View

from ikm_program.paper_content import sha256_hex
from ikm_program.pdf_data import embedded
from ikm_program.public_pages import shown, without_traces
from ikm_program.throttling import allow, client_address
from trainings.reports.verdicts import Verdict, compared, verdict_on

COMPARISONS, WINDOW = 10, dt.timedelta(minutes=15)
IN_BROWSER = ("same", "resaved", "altered", "different")  # another paper's file is known to the server only
MAX_BYTES = 20 * 1024 * 1024
TOKEN = re.compile(r"(?<![0-9a-z])(?<![0-9a-z]-)[0-9a-f]{4}(?:[-\s]*[0-9a-f]{4}){9}(?!-?[0-9a-z])")  # whole, or in the groups of the paper


class Hashed(UploadedFile):
    """What is left of a sent file: its SHA-256, and the data that it carried inside."""

    def __init__(self, sha256: str, inside: list[bytes], size: int) -> None:
        super().__init__(file=None, name="berkas", content_type="application/pdf", size=size)
        self.sha256, self.inside = sha256, inside


class HashingHandler(FileUploadHandler):
    """Reads a file for its hash and the data inside; it is never on disk, and gone with the answer."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.sent = bytearray()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        if len(self.sent) + len(raw_data) > MAX_BYTES:
            raise StopUpload(connection_reset=True)
        self.sent += raw_data

    def file_complete(self, file_size: int) -> Hashed:
        content = bytes(self.sent)
        return Hashed(sha256_hex(content), list(embedded(content)), file_size)


@method_decorator((login_not_required, csrf_exempt), name="dispatch")
class Verify(View):
    """GET shows the verdict on one paper; POST compares a file with it. Exempt from CSRF because there is no session to abuse."""

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        return _page(request, verdict_on(token))

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        if not allow(f"compare:{client_address(request)}", limit=COMPARISONS, window=WINDOW):
            return _page(request, verdict_on(token), status=429, answer="throttled")
        request.upload_handlers = [HashingHandler(request)]
        sent = cast("Hashed | None", request.FILES.get("berkas"))
        verdict = verdict_on(token)
        return _page(request, verdict, answer=_compared(verdict, sent))


@login_not_required
@require_safe
def look_up(request: HttpRequest) -> HttpResponse:
    """For whoever has no camera: the link, or the code as it is printed."""
    typed = request.GET.get("tautan", "").strip()
    found = TOKEN.search(typed.lower())
    if found:
        token = re.sub(r"[^0-9a-f]", "", found[0])
        return without_traces(HttpResponseRedirect(reverse("trainings:verify", args=[token])))
    return shown(request, "trainings/look_up.html", {"typed": typed, "title": _("Check whether a document is genuine")})


def _compared(verdict: Verdict | None, sent: Hashed | None) -> str:
    if verdict is None or sent is None:
        return "nothing"
    return compared(verdict, sent.sha256, sent.inside)


def _page(request: HttpRequest, verdict: Verdict | None, *, status: int = 200, answer: str = "") -> HttpResponse:
    if verdict is None:
        return shown(request, "trainings/verify_unknown.html", {"title": _("Unknown document")}, status=404)
    context = {"verdict": verdict, "answer": answer, "answers": IN_BROWSER, "title": _("Document check")}
    return shown(request, "trainings/verify.html", context, status=status)
