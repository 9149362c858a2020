"""What a payment list looks like on paper and in a spreadsheet, and the evidence that came with it."""

from __future__ import annotations

import hashlib
import logging
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext_lazy as _

from ikm_program import audit, reporting, xlsx
from ikm_program.uploads import SENT_BY_PEOPLE
from ikm_program.views import ObjectScreen
from trainings import payment_papers
from trainings.models import PaymentLine, PaymentList, PaymentReceipt, WithdrawnReceipt
from trainings.reports.payments import sheet_of
from trainings.views.documents import pdf_response
from trainings.views.payments import PLACE, RELATED

log = logging.getLogger(__name__)


def content_of(payment_list: PaymentList) -> Any:
    """As it was issued, or frozen when it was locked; of a draft, as it is now."""
    if payment_list.document is not None:
        return payment_list.document.snapshot
    return payment_list.snapshot or payment_papers.content_of(payment_list)


class PaymentFile(ObjectScreen):
    """The list as PDF, to be signed."""

    model = PaymentList
    permission = "trainings.view_paymentlist"
    place = PLACE
    related = (*RELATED, "document")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        one = self.object
        if one.document is not None:
            return HttpResponseRedirect(one.document.file_url)  # byte for byte as it was issued
        content = content_of(one)
        name = payment_papers.filename(content, one.pk)
        if not one.is_draft:
            audit.record("download", one, by=request.user, after={"file": name, "sha256": one.content_sha256})
        return pdf_response(payment_papers.list_pdf(content, payment_papers.arms_of(one, content), is_draft=one.is_draft), name)


class PaymentNikFile(ObjectScreen):
    """The list with whole NIKs, for the table where people sign. By POST, so that no address leads to it, and on record."""

    model = PaymentList
    permission = "trainings.print_payment_nik"
    place = PLACE
    related = (*RELATED, "document")

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        one = self.object
        content = payment_papers.with_whole_niks(content_of(one), one)
        name = payment_papers.filename(content, one.pk).replace(".pdf", "-nik.pdf")
        audit.record("nik_printed", one, by=request.user, after={"file": name, "people": len(content["lines"])})
        arms = payment_papers.arms_of(one, content)
        return pdf_response(payment_papers.list_pdf(content, arms, is_draft=one.is_draft, is_copy=True), name)


class PaymentSheet(ObjectScreen):
    """The same as a workbook."""

    model = PaymentList
    permission = "trainings.view_paymentlist"
    place = PLACE
    related = (*RELATED, "document")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        one = self.object
        content = content_of(one)
        name = payment_papers.filename(content, one.pk).replace(".pdf", ".xlsx")
        audit.record("download", one, by=request.user, after={"file": name, "sha256": one.content_sha256})
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return HttpResponse(reporting.to_xlsx(sheet_of(content)), content_type=xlsx.XLSX_CONTENT_TYPE, headers=headers)


class PaymentLineFile(ObjectScreen):
    """One payee's receipt, to be signed."""

    model = PaymentLine
    permission = "trainings.view_paymentlist"
    place = PLACE
    related = tuple(f"list__{name}" for name in (*RELATED, "document"))

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        line = self.object
        one, receipt = line.list, getattr(line, "receipt", None)
        content = content_of(one)
        name = f"tanda-terima-{one.pk}-{line.number}.pdf"
        audit.record("download", one, by=request.user, after={"file": name, "sha256": one.content_sha256})
        body = payment_papers.receipt_pdf(
            content,
            line.number,
            received_on=receipt.received_on if receipt else None,
            arms=payment_papers.arms_of(one, content),
            is_draft=one.is_draft,
        )
        return pdf_response(body, name)


class _KeptFile(ObjectScreen):
    """Evidence as it was sent: private, and checked against the hash that was kept of it."""

    permission = "trainings.view_paymentlist"
    place = PLACE
    field = ""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        record = self.object
        file, expected = getattr(record, self.field), getattr(record, f"{self.field}_sha256")
        if not file:
            raise Http404
        with file.open("rb") as opened:
            content = opened.read()
        if hashlib.sha256(content).hexdigest() != expected:
            log.error("%s of %s %s does not have its hash", self.field, record._meta.model_name, record.pk)
            audit.record("file_damaged", record, by=request.user, after={"expected": expected})
            self.template_name, self.title = "trainings/file_damaged.html", _("The stored file is damaged")
            return self.render_to_response(self.get_context_data(document=None), status=500)
        audit.record("download", record, by=request.user, after={"sha256": expected})
        is_pdf = file.name.endswith(".pdf")  # kept as it was sent: saved by whoever wants it, never run inside our pages
        name = f"bukti-pembayaran-{record.pk}.{'pdf' if is_pdf else 'jpg'}"
        headers = SENT_BY_PEOPLE | {"Content-Disposition": f'{"attachment" if is_pdf else "inline"}; filename="{name}"'}
        return HttpResponse(content, content_type="application/pdf" if is_pdf else "image/jpeg", headers=headers)


class PaymentScanFile(_KeptFile):
    model = PaymentList
    field = "scan"


class ReceiptEvidenceFile(_KeptFile):
    model = PaymentReceipt
    field = "evidence"


class WithdrawnEvidenceFile(_KeptFile):
    model = WithdrawnReceipt
    field = "evidence"
