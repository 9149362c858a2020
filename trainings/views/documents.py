"""Papers as files: a preview made on the spot, or the stored bytes, checked before they leave the house."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from ikm_program import audit, papers
from ikm_program.paper_content import sha256_hex
from ikm_program.screens import Text
from ikm_program.views import ObjectScreen
from trainings.models import IssuedDocument, Office
from trainings.snapshots import arms_of

log = logging.getLogger(__name__)

REFRESH_SECONDS = 3
# A PDF viewer needs its own plugin and style; nothing else is let in. Only a preview may stand in a frame of our own page.
PDF_POLICY = "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors {framed_by}"


def pdf_response(content: bytes, name: str, *, may_be_framed: bool = False) -> HttpResponse:
    framed_by = "'self'" if may_be_framed else "'none'"
    headers = {
        "Content-Disposition": f'inline; filename="{name}"',
        "Content-Security-Policy": PDF_POLICY.format(framed_by=framed_by),
        "X-Frame-Options": "SAMEORIGIN" if may_be_framed else "DENY",
    }
    return HttpResponse(content, content_type="application/pdf", headers=headers)


def inline_pdf(snapshot: Mapping[str, Any], office: Office, *, may_be_framed: bool = False) -> HttpResponse:
    """A paper rendered now: for drafts, which are stored nowhere."""
    paper = papers.paper_of(snapshot["kind"])
    content = paper.render(snapshot, arms_of(office, snapshot["letterhead"]))
    return pdf_response(content, paper.filename(snapshot), may_be_framed=may_be_framed)


class DocumentFile(ObjectScreen):
    """The PDF of an issued paper of any kind, byte for byte as it was stored. A damaged file is reported, never sent."""

    model = IssuedDocument
    permission = "trainings.view_issueddocument"
    place = "trainings:register"
    related = ("file",)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        document = self.object
        if not document.has_file:
            return self._page("trainings/file_pending.html", _("The PDF is being made"), status=202)
        content = bytes(document.file.content)
        if sha256_hex(content) != document.file.sha256:
            log.error("the stored PDF of document %s does not have its hash", document.pk)
            audit.record("file_damaged", document, by=request.user, after={"expected": document.file.sha256, "found": sha256_hex(content)})
            return self._page("trainings/file_damaged.html", _("The stored file is damaged"), status=500)
        name = document.paper.filename(document.snapshot)
        audit.record("download", document, by=request.user, after={"file": name, "sha256": document.file.sha256})
        return pdf_response(content, name)

    def _page(self, template_name: str, title: Text, *, status: int) -> HttpResponse:
        self.template_name, self.title = template_name, title
        response = self.render_to_response(self.get_context_data(document=self.object), status=status)
        if status == 202:
            response.headers["Refresh"] = str(REFRESH_SECONDS)  # works without JavaScript
        return response
