"""This app's kinds of papers, as the register, the worker and the public check know them."""

from __future__ import annotations

from typing import Any

from django.db.models import Prefetch, Q
from django.utils.translation import gettext_lazy as _

from distribution import addendum_documents, delivery_documents, documents
from distribution.filters.recipients import REGISTER_FILTERS
from distribution.models import Addendum, Cancellation, Delivery, Handover, Transfer
from ikm_program.papers import VOID, Paper, Standing, State
from ikm_program.templatetags.office import tone_of

CANCELLATIONS = Cancellation.objects.select_related("document").defer("document__arms", "document__snapshot")
SUCCESSORS = Handover.objects.select_related("document").defer("document__arms", "document__snapshot")
ADDENDA = Addendum.objects.select_related("document").defer("document__arms", "document__snapshot")
AWAITING = ("menunggu", _("Awaiting confirmation of receipt"))
RECEIVED = ("diterima", _("Received"))


def of_handover(document: Any) -> Standing:
    """Received, cancelled by which record, replaced by which paper, amended by which."""
    handover: Any = document.handover
    approved = next((one for one in handover.cancellations.all() if one.status == Cancellation.Status.APPROVED), None)
    issued = (one for one in handover.addenda.all() if one.status == Addendum.Status.ISSUED)
    amending = sorted(issued, key=lambda one: (one.issued_at, one.pk))
    is_partial = handover.status == Handover.Status.PARTIAL
    return Standing(
        word=handover.get_status_display(),
        tone=tone_of(handover),
        is_void=handover.status == Handover.Status.CANCELLED,
        void_on=approved.cancelled_on if approved else None,
        voided_by=approved.document if approved else None,
        replaced_by=next((draft.document for draft in handover.successors.all() if draft.document), None),
        amended_by=[addendum.document for addendum in amending],
        caveat=_("Partially received") if is_partial else "",
        caveat_note=_("The receiver acknowledged less than it says; the rest came back or was written off.") if is_partial else "",
    )


def of_transfer(document: Any) -> Standing:
    return Standing(word=document.transfer.get_status_display(), tone=tone_of(document.transfer))


def of_delivery(document: Any) -> Standing:
    delivery: Delivery = document.delivery
    is_void = delivery.status == Delivery.Status.CANCELLED
    return Standing(word=delivery.get_status_display(), tone=tone_of(delivery), is_void=is_void, void_on=delivery.cancelled_on)


def of_addendum(document: Any) -> Standing:
    """It stands and falls with its BAST."""
    addendum: Addendum = document.addendum
    bast = addendum.handover
    if addendum.status != Addendum.Status.CANCELLED and bast.status == Handover.Status.CANCELLED:
        cancelled = next((one for one in bast.cancellations.all() if one.status == Cancellation.Status.APPROVED), None)
        on, by = (cancelled.cancelled_on, cancelled.document) if cancelled else (None, None)
        return Standing(word=bast.get_status_display(), tone="danger", is_void=True, void_on=on, voided_by=by)
    is_void = addendum.status == Addendum.Status.CANCELLED
    word, tone = addendum.get_status_display(), tone_of(addendum)
    return Standing(word=word, tone=tone, is_void=is_void, void_on=addendum.cancelled_on, amends=bast.document)


def of_cancellation(document: Any) -> Standing:
    return Standing(word=_("Issued"), tone="info", makes_void=document.cancellation.handover.document)


BAST = Paper(
    kind="bast",
    letters="BAST",
    title=_("Handover record (BAST)"),
    subject="handover",
    render=documents.pdf_bytes,
    entry=documents.entry,
    public=documents.public_facts,
    standing=of_handover,
    states=(
        State(VOID, _("Cancelled"), Q(handover__status=Handover.Status.CANCELLED)),
        State(*AWAITING, Q(handover__status=Handover.Status.ISSUED)),
        State(*RECEIVED, Q(handover__status=Handover.Status.RECEIVED)),
        State("diterima_sebagian", _("Partially received"), Q(handover__status=Handover.Status.PARTIAL)),
    ),
    filters=REGISTER_FILTERS,
    search_fields=("handover__other_number", "handover__recipient__region__name"),
    related=("handover",),
    prefetched=(
        Prefetch("handover__cancellations", CANCELLATIONS),
        Prefetch("handover__successors", SUCCESSORS),
        Prefetch("handover__addenda", ADDENDA),
    ),
)
TRANSFER = Paper(
    kind="ba-mutasi",
    letters="BA-MUTASI",
    title=_("Transfer record"),
    subject="transfer",
    render=documents.pdf_bytes,
    entry=documents.entry,
    public=documents.public_facts,
    standing=of_transfer,
    states=(
        State(*AWAITING, Q(transfer__status=Transfer.Status.ISSUED)),
        State(*RECEIVED, Q(transfer__status=Transfer.Status.RECEIVED)),
    ),
    search_fields=("transfer__to_store__name",),
    related=("transfer",),
)
CANCELLATION = Paper(
    kind="ba-batal",
    letters="BA-BATAL",
    title=_("Cancellation record"),
    subject="cancellation",
    render=documents.pdf_bytes,
    entry=documents.entry,
    public=documents.public_facts,
    standing=of_cancellation,
    search_fields=("cancellation__handover__recipient__name",),
    related=("cancellation__handover__document",),
    unread=("cancellation__handover__document__arms", "cancellation__handover__document__snapshot"),
)
DELIVERY = Paper(
    kind="surat-jalan",
    letters="SJ",
    title=_("Delivery note"),
    subject="delivery",
    render=delivery_documents.pdf_bytes,
    entry=delivery_documents.entry,
    public=delivery_documents.public_facts,
    standing=of_delivery,
    states=(State(VOID, _("Cancelled"), Q(delivery__status=Delivery.Status.CANCELLED)),),
    search_fields=("delivery__destination",),
    related=("delivery",),
)
ADDENDUM = Paper(
    kind="ba-adendum",
    letters="BA-ADD",
    title=_("Addendum to a BAST"),
    subject="addendum",
    render=addendum_documents.pdf_bytes,
    entry=addendum_documents.entry,
    public=addendum_documents.public_facts,
    standing=of_addendum,
    states=(
        State(
            VOID, _("Cancelled"), Q(addendum__status=Addendum.Status.CANCELLED) | Q(addendum__handover__status=Handover.Status.CANCELLED)
        ),
    ),
    search_fields=("addendum__handover__document__number", "addendum__handover__recipient__name"),
    related=("addendum__handover__document",),
    prefetched=(Prefetch("addendum__handover__cancellations", CANCELLATIONS),),
    unread=("addendum__handover__document__arms", "addendum__handover__document__snapshot"),
)
KINDS = (BAST, TRANSFER, CANCELLATION, DELIVERY, ADDENDUM)
