"""Making a handover void: asked for with a reason by one person, approved by another. Stock returns, the number stays used."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db.models import Max, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from distribution import snapshots
from distribution.models import Cancellation, Handover, OnwardHandover
from distribution.shelves import signatories_of_office
from ikm_program import records
from ikm_program.actions import Refusal, action
from ikm_program.states import advance
from production import ledger
from production.models import Account, StockMovement
from trainings import registers
from trainings.actions.rules import refuse_wrong_signatory
from trainings.models import Official, Region

Status = Cancellation.Status


@action("distribution.add_cancellation")
def request_cancellation(handover: Handover, *, by: Any, version: int, reason: str) -> Cancellation:
    """Ask for an issued handover to be made void."""
    records.lock(handover, version=version)
    if not reason.strip():
        raise Refusal(_("Say why the document is to be cancelled."), field="reason")
    if not handover.is_live:
        raise Refusal(_("Only an issued document can be cancelled."))
    _refuse_live_onwards(handover)
    return records.create(Cancellation, by=by, handover=handover, reason=reason)


@action("distribution.approve_cancellation")
def approve_cancellation(
    cancellation: Cancellation,
    *,
    by: Any,
    version: int,
    cancelled_on: dt.date | None = None,
    signer: Official | None = None,
    place: str = "",
) -> Cancellation:
    """Make it void: opposite movements, a berita acara pembatalan under its own number, both papers stay verifiable.

    It is signed for the giver's office by whoever is in office on the day (`signer`, else who signs there then).
    """
    records.lock(cancellation, version=version)
    if cancellation.created_by_id == by.pk:
        raise Refusal(_("Nobody approves a cancellation they asked for themselves."))
    Handover.objects.select_for_update().get(pk=cancellation.handover_id)  # an onward record in flight is decided before or after us
    handover = Handover.objects.select_related("giver_office__region", "store", "document").get(pk=cancellation.handover_id)
    _refuse_live_onwards(handover)
    day = cancelled_on or timezone.localdate()
    _refuse_wrong_day(handover, day)
    signer = signer or _signer_on(handover, day)
    refuse_wrong_signatory(signer, handover.giver_office, day, "signer")
    advance(handover, Handover.Status.CANCELLED, by=by, reason=cancellation.reason)
    _give_back(handover, day)
    cancellation.handover = handover
    document = registers.issue_document(
        handover.giver_office,
        "ba-batal",
        subject=cancellation,
        on=day,
        by=by,
        content=lambda issue: snapshots.of_cancellation(cancellation, issue, on=day, by=signer, place=place.strip()),
        regions=_reach_of(handover),
    )
    decision = {"decided_by": by, "decided_at": timezone.now(), "cancelled_on": day, "signer": signer, "place": place.strip()}
    return advance(cancellation, Status.APPROVED, by=by, document=document, **decision)


@action("distribution.approve_cancellation")
def refuse_cancellation(cancellation: Cancellation, *, by: Any, version: int, reason: str) -> Cancellation:
    """Let the document stand, with the reason."""
    records.lock(cancellation, version=version)
    if cancellation.created_by_id == by.pk:
        raise Refusal(_("Nobody approves a cancellation they asked for themselves."))
    if not reason.strip():
        raise Refusal(_("Say why the document stays valid."), field="reason")
    return advance(cancellation, Status.REFUSED, by=by, reason=reason, decided_by=by, decided_at=timezone.now(), refusal_reason=reason)


def _reach_of(handover: Handover) -> Iterable[Region]:
    """Who may read the paper may read the one that makes it void."""
    return handover.document.regions.all() if handover.document else ()


def _signer_on(handover: Handover, day: dt.date) -> Official:
    """Who signed the paper, as long as he or she is in office; else the first who signs there on the day."""
    in_office: list[Official] = list(signatories_of_office(handover.giver_office, day))
    if not in_office:
        raise Refusal(_("Nobody of this office is recorded as in office on that day."), field="signer")
    return next((official for official in in_office if official.pk == handover.giver_id), in_office[0])


def _refuse_live_onwards(handover: Handover) -> None:
    if handover.onwards.filter(status=OnwardHandover.Status.RECORDED).exists():
        raise Refusal(_("Onward distributions of this handover are recorded. Cancel them first."))


def _refuse_wrong_day(handover: Handover, day: dt.date) -> None:
    last = _movements(handover).aggregate(last=Max("effective_on"))["last"] or handover.handed_over_on
    if not last <= day <= timezone.localdate():
        raise Refusal(_("The date of the cancellation lies between the last act on the document and today."), field="cancelled_on")


def _give_back(handover: Handover, day: dt.date) -> None:
    """What is awaited or acknowledged goes back to the store, lot by lot. What was written off stays written off."""
    held = (
        _movements(handover)
        .filter(account__in=(Account.AWAITING, Account.ACKNOWLEDGED))
        .values("lot_id", "account")
        .annotate(quantity=Sum("quantity"))
        .order_by("lot_id", "account")
    )
    moves = [
        move
        for row in held
        if row["quantity"]
        for move in (
            ledger.Move(row["lot_id"], handover.store_id, Account(row["account"]), -row["quantity"]),
            ledger.Move(row["lot_id"], handover.store_id, Account.STOCK, row["quantity"]),
        )
    ]
    ledger.post(moves, kind=StockMovement.Kind.CANCELLATION, effective_on=day, source=handover, description=str(handover))


def _movements(handover: Handover) -> Any:
    return StockMovement.objects.filter(source_model=handover._meta.label_lower, source_id=handover.pk)
