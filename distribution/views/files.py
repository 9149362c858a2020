"""Papers as files: a preview made on the spot, or the stored bytes, checked before they leave the house."""

from __future__ import annotations

import hashlib
import logging
from functools import cached_property
from typing import Any, ClassVar

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _

from distribution.documents import Snapshot, filename, pdf_bytes, sha256_hex
from distribution.models import IssuedDocument, Receipt
from ikm_program import audit
from ikm_program.screens import Text
from ikm_program.uploads import SENT_BY_PEOPLE
from ikm_program.views import ObjectScreen
from trainings.models import Office

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


def inline_pdf(snapshot: Snapshot, office: Office, *, may_be_framed: bool = False) -> HttpResponse:
    """A paper rendered now: for drafts, which are stored nowhere."""
    arms = bytes(office.arms) if office.arms else None
    return pdf_response(pdf_bytes(snapshot, arms=arms), filename(snapshot), may_be_framed=may_be_framed)


class DocumentFile(ObjectScreen):
    """The PDF of an issued paper, byte for byte as it was stored. A damaged file is reported, never sent."""

    model = IssuedDocument
    permission = "distribution.view_issueddocument"
    place = "distribution:register"
    found_by: ClassVar[str] = "handover"  # what the number in the address names
    related = ("file",)

    @cached_property
    def object(self) -> Any:
        return get_object_or_404(self.get_queryset(), **{self.found_by: self.kwargs["pk"]})

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        document = self.object
        if not document.has_file:
            return self._page("distribution/file_pending.html", _("The PDF is being made"), status=202)
        content = bytes(document.file.content)
        if sha256_hex(content) != document.file.sha256:
            log.error("the stored PDF of document %s does not have its hash", document.pk)
            audit.record("file_damaged", document, by=request.user, after={"expected": document.file.sha256, "found": sha256_hex(content)})
            return self._page("distribution/file_damaged.html", _("The stored file is damaged"), status=500)
        name = filename(document.snapshot)
        audit.record("download", document, by=request.user, after={"file": name, "sha256": document.file.sha256})
        return pdf_response(content, name)

    def _page(self, template_name: str, title: Text, *, status: int) -> HttpResponse:
        self.template_name, self.title = template_name, title
        response = self.render_to_response(self.get_context_data(document=self.object), status=status)
        if status == 202:
            response.headers["Refresh"] = str(REFRESH_SECONDS)  # works without JavaScript
        return response


class TransferFile(DocumentFile):
    found_by = "transfer"


class CancellationFile(DocumentFile):
    found_by = "cancellation"


class EvidenceFile(ObjectScreen):
    """The signed scan or photo of a receipt: private, and checked like a paper."""

    model = Receipt
    permission = "distribution.view_handover"
    place = "distribution:handover_list"

    @cached_property
    def object(self) -> Any:
        return get_object_or_404(self.get_queryset(), handover=self.kwargs["pk"])

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        receipt = self.object
        if not receipt.evidence:
            raise Http404
        with receipt.evidence.open("rb") as file:
            content = file.read()
        if hashlib.sha256(content).hexdigest() != receipt.evidence_sha256:
            log.error("the evidence of receipt %s does not have its hash", receipt.pk)
            audit.record("file_damaged", receipt, by=request.user, after={"expected": receipt.evidence_sha256})
            self.template_name, self.title = "distribution/file_damaged.html", _("The stored file is damaged")
            return self.render_to_response(self.get_context_data(document=None), status=500)
        audit.record("download", receipt, by=request.user, after={"sha256": receipt.evidence_sha256})
        name = f"bukti-penerimaan-{receipt.handover_id}"
        if receipt.evidence.name.endswith(".pdf"):  # kept as it was sent: saved by whoever wants it, never run inside our pages
            headers = SENT_BY_PEOPLE | {"Content-Disposition": f'attachment; filename="{name}.pdf"'}
            return HttpResponse(content, content_type="application/pdf", headers=headers)
        headers = SENT_BY_PEOPLE | {"Content-Disposition": f'inline; filename="{name}.jpg"'}
        return HttpResponse(content, content_type="image/jpeg", headers=headers)
