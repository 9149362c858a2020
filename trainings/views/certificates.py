"""Certificates of a batch: who has earned one, issuing them, all of them in one file, and one with its paper."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from ikm_program import audit
from ikm_program.screens import Column, Fact, NextStep, Text
from ikm_program.views import DetailScreen, FormScreen, ObjectScreen
from trainings import actions
from trainings.actions.certificates import sessions_of, snapshot_of
from trainings.certificates import many_pdf_bytes
from trainings.forms.certificates import CancelCertificateForm, CertificatesForm, candidates
from trainings.missing import with_shares
from trainings.models import Batch, Certificate, Enrolment, Official
from trainings.training_days import is_earned
from trainings.views.documents import inline_pdf, pdf_response
from trainings.views.reach import within_reach

PLACE = "trainings:batch_list"
_is_own = within_reach("region")


def _may_issue(batch: Any, user: Any) -> bool:
    return batch.activity.programme.is_open and _is_own(batch, user) and bool(batch.waiting)


def _may_cancel(certificate: Certificate, user: Any) -> bool:
    return certificate.status == Certificate.Status.ISSUED and within_reach("signer.office.region")(certificate, user)


class OfBatch(ObjectScreen):
    """A page below the page of its batch."""

    model = Batch
    place = PLACE
    related = ("activity__programme__region", "region")

    def parents(self) -> Sequence[tuple[Text, str]]:
        return [(str(self.object), self.object.get_absolute_url())]


class BatchCertificates(OfBatch, DetailScreen):
    """Everybody of the batch with the share of attendance, and the certificate where there is one."""

    permission = "trainings.view_certificate"
    template_name = "trainings/batch_certificates.html"
    title = _("Certificates")
    has_history = False
    columns = (
        Column(_("Participant"), "participant", link="participant"),
        Column(_("Kabupaten/kota"), "participant.region.short_name"),
        Column(_("Attendance"), "self", template="trainings/_enrolment_share.html"),
        Column(_("Certificate"), "self", template="trainings/_enrolment_certificate.html"),
    )
    steps = (
        NextStep(_("Issue certificates"), "trainings:certificates_issue", "trainings.issue_certificate", when=_may_issue, icon="check"),
        NextStep(
            _("All in one PDF"), "trainings:certificates_file", "trainings.view_certificate",
            when=lambda batch, user: batch.has_certificates, icon="document",
        ),
        NextStep(
            _("Preview"), "trainings:certificate_preview", "trainings.view_certificate",
            when=lambda batch, user: bool(batch.waiting), icon="document",
        ),
    )  # fmt: skip

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        batch, user = self.object, self.request.user
        issued = Certificate.objects.for_user(user).select_related("document").defer("document__arms", "document__snapshot").order_by("pk")
        places = Enrolment.objects.for_user(user).active().filter(batch=batch).select_related("participant__region")
        rows = list(with_shares(places).prefetch_related(Prefetch("certificates", issued)).order_by("participant__name", "pk"))
        share = batch.activity.attendance_share
        for row in rows:
            row.has_earned = row.open_day_count == 0 and is_earned(row.present_count, row.day_count, share)
            row.standing = next((one for one in row.certificates.all() if one.status == Certificate.Status.ISSUED), None)
        batch.waiting = [row for row in rows if row.has_earned and row.standing is None]
        batch.has_certificates = any(row.standing for row in rows)
        return super().get_context_data(rows=rows, columns=self.columns, share=share, open_days=self.open_days(), **kwargs)

    def open_days(self) -> int:
        return int(self.object.sessions.filter(closed_at__isnull=True).count())


class CertificatesIssue(OfBatch, FormScreen):
    form_class = CertificatesForm
    action = actions.issue_certificates
    title = _("Issue certificates")
    submit_label = _("Issue")
    confirmation = _(
        "Each gets the next number of the office's register. What is issued is not changed any more; a wrong one is cancelled."
    )

    def get_initial(self) -> dict[str, Any]:
        return {}

    def get_success_message(self, result: Any) -> Text:
        count = len(result or ())
        return ngettext("%(count)s certificate is issued.", "%(count)s certificates are issued.", count) % {"count": count}

    def get_success_url(self, result: Any) -> str:
        return reverse("trainings:batch_certificates", kwargs={"pk": self.object.pk})


class CertificatePreview(OfBatch):
    """How the first of them would look, as a draft."""

    permission = "trainings.view_certificate"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        enrolment = candidates(self.object, request.user).select_related("participant__enterprise").first()
        signer = self.signer()
        if enrolment is None or signer is None:
            raise Http404
        draft = snapshot_of(
            enrolment, batch=self.object, sessions=sessions_of(self.object), signer=signer, on=timezone.localdate(),
            place=signer.office.city, issue=None,
        )  # fmt: skip
        return inline_pdf(draft, signer.office)

    def signer(self) -> Official | None:
        """Whoever looks, where he or she signs; else the first who could."""
        user: Any = self.request.user
        today = timezone.localdate()
        known = Official.objects.for_user(user).filter(can_sign=True).valid_on(today).select_related("office__region")
        own = known.filter(pk=user.official_id) if user.official_id else known.filter(office__region=user.region)
        return own.first() or known.order_by("-office__region__path", "pk").first()


class CertificatesFile(OfBatch):
    """Every certificate that stands, in one file: printed from what was frozen."""

    permission = "trainings.view_certificate"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        rows = Certificate.objects.for_user(request.user).standing().filter(enrolment__batch=self.object)
        documents: list[Any] = [row.document for row in rows.select_related("document").order_by("document__sequence", "pk")]
        if not documents:
            raise Http404
        content = many_pdf_bytes([(document.snapshot, bytes(document.arms) if document.arms else None) for document in documents])
        audit.record("download", self.object, by=request.user, after={"report": "Sertifikat", "format": "pdf"})
        return pdf_response(content, f"sertifikat-angkatan-{self.object.pk}.pdf")


class CertificateDetail(DetailScreen):
    model = Certificate
    permission = "trainings.view_certificate"
    place = PLACE
    template_name = "trainings/certificate_detail.html"
    related = (
        "document__file", "enrolment__participant__region", "enrolment__batch__activity", "enrolment__batch__region",
        "signer__office__region", "cancelled_by", "created_by",
    )  # fmt: skip
    facts = (
        Fact(_("Holder"), "enrolment.participant", link="enrolment.participant"),
        Fact(_("Batch"), "enrolment.batch", link="enrolment.batch"),
        Fact(_("Date"), "issued_on", kind="date"),
        Fact(_("Signed by"), "signer", link="signer"),
        Fact(_("Issued by"), "created_by"),
    )
    steps = (
        NextStep(
            _("Cancel the certificate"), "trainings:certificate_cancel", "trainings.issue_certificate",
            when=_may_cancel, is_danger=True,
        ),
    )  # fmt: skip

    def get_queryset(self) -> Any:
        unread = ("document__arms", "document__snapshot", "document__file__content", "signer__office__arms")
        return super().get_queryset().defer(*unread)

    def get_title(self) -> Text:
        return gettext("Certificate %(number)s") % {"number": self.object}

    def parents(self) -> Sequence[tuple[Text, str]]:
        batch = self.object.enrolment.batch
        return [(str(batch), batch.get_absolute_url())]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(documents=[self.object.document], **kwargs)


class CertificateCancel(FormScreen):
    model = Certificate
    form_class = CancelCertificateForm
    action = actions.cancel_certificate
    place = PLACE
    related = ("document", "signer__office__region", "enrolment__batch__activity", "enrolment__batch__region", "enrolment__participant")
    submit_label = _("Cancel the certificate")
    success_message = _("The certificate is cancelled. The participant can get another one under the next number.")
    is_danger = True

    def get_queryset(self) -> Any:
        return super().get_queryset().defer("document__arms", "document__snapshot", "signer__office__arms")

    def get_title(self) -> Text:
        return gettext("Cancel certificate %(number)s") % {"number": self.object}

    def get_confirmation(self) -> Text:
        return gettext("%(number)s is no longer valid from now on, and whoever checks it reads so. The number is not used again.") % {
            "number": self.object
        }

    def parents(self) -> Sequence[tuple[Text, str]]:
        return [(str(self.object), self.object.get_absolute_url())]
