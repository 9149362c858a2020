"""This app's kinds of papers, as the register, the worker and the public check know them."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ikm_program.papers import VOID, Paper, Standing, State
from ikm_program.templatetags.office import tone_of
from production import material_documents
from production.models import MaterialHandover

Status = MaterialHandover.Status
STATES = (
    State(VOID, _("Cancelled"), Q(material_handover__status=Status.CANCELLED)),
    State("menunggu", _("Awaiting confirmation of receipt"), Q(material_handover__status=Status.ISSUED)),
    State("diterima", _("Received"), Q(material_handover__status=Status.RECEIVED)),
)


def of_material_handover(document: Any) -> Standing:
    handover: MaterialHandover = document.material_handover
    return Standing(
        word=handover.get_status_display(),
        tone=tone_of(handover),
        is_void=handover.status == Status.CANCELLED,
        void_on=handover.cancelled_on,
    )


def _paper(kind: str, letters: str, title: Any) -> Paper:
    return Paper(
        kind=kind,
        letters=letters,
        title=title,
        subject="material_handover",
        render=material_documents.pdf_bytes,
        entry=material_documents.entry,
        public=material_documents.public_facts,
        standing=of_material_handover,
        states=STATES,
        related=("material_handover",),
    )


KINDS = (
    _paper("ba-bahan", "BA-BAHAN", _("Record of material handed over")),
    _paper("ba-sisa-bahan", "BA-SISA", _("Record of left-over material returned")),
)
