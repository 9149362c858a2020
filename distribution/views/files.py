"""What people sent, and the addresses that papers had before every kind had the same one."""

from __future__ import annotations

import hashlib
import logging
from functools import cached_property
from typing import Any, ClassVar

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _

from distribution.models import Receipt
from ikm_program import audit
from ikm_program.uploads import SENT_BY_PEOPLE
from ikm_program.views import ObjectScreen
from trainings.models import IssuedDocument

log = logging.getLogger(__name__)


class PaperOf(ObjectScreen):
    """The paper of a handover, transfer or cancellation, at the address that its subject's number gives."""

    model = IssuedDocument
    permission = "trainings.view_issueddocument"
    found_by: ClassVar[str] = ""  # what the number in the address names

    @cached_property
    def object(self) -> Any:
        return get_object_or_404(self.get_queryset().only("pk"), **{self.found_by: self.kwargs["pk"]})

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return HttpResponseRedirect(self.object.file_url)


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
            self.template_name, self.title = "trainings/file_damaged.html", _("The stored file is damaged")
            return self.render_to_response(self.get_context_data(document=None), status=500)
        audit.record("download", receipt, by=request.user, after={"sha256": receipt.evidence_sha256})
        name = f"bukti-penerimaan-{receipt.handover_id}"
        if receipt.evidence.name.endswith(".pdf"):  # kept as it was sent: saved by whoever wants it, never run inside our pages
            headers = SENT_BY_PEOPLE | {"Content-Disposition": f'attachment; filename="{name}.pdf"'}
            return HttpResponse(content, content_type="application/pdf", headers=headers)
        headers = SENT_BY_PEOPLE | {"Content-Disposition": f'inline; filename="{name}.jpg"'}
        return HttpResponse(content, content_type="image/jpeg", headers=headers)
