"""Training certificates as the register, the worker and the public check know them."""

from __future__ import annotations

from typing import Any

from django.db.models import Prefetch, Q
from django.utils.translation import gettext_lazy as _

from ikm_program.papers import IN_FORCE, VOID, Paper, Standing, State
from trainings import certificates
from trainings.models import Certificate

Status = Certificate.Status
OTHERS = Certificate.objects.standing().select_related("document").defer("document__arms", "document__snapshot")


def standing(document: Any) -> Standing:
    """In force, or cancelled and perhaps replaced by the participant's next one."""
    certificate: Certificate = document.certificate
    if certificate.status != Status.CANCELLED:
        return Standing(word=IN_FORCE, tone="ok")
    others = (other.document for other in certificate.enrolment.certificates.all())
    return Standing(
        word=certificate.get_status_display(), tone="danger", is_void=True, void_on=certificate.cancelled_on, replaced_by=next(others, None)
    )


CERTIFICATE = Paper(
    kind=certificates.KIND,
    letters="SERT",
    title=_("Training certificate"),
    subject="certificate",
    render=certificates.pdf_bytes,
    entry=certificates.entry,
    public=certificates.public_facts,
    standing=standing,
    states=(
        State("berlaku", IN_FORCE, Q(certificate__status=Status.ISSUED)),
        State(VOID, _("Cancelled"), Q(certificate__status=Status.CANCELLED)),
    ),
    search_fields=("certificate__enrolment__participant__name",),
    related=("certificate__enrolment",),
    prefetched=(Prefetch("certificate__enrolment__certificates", OTHERS),),
)
