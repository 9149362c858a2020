"""Who of those nominated gets a place: accepted, kept in reserve, not accepted, or put in somebody's place."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from ikm_program import records
from ikm_program.actions import Refusal, action
from ikm_program.states import advance
from trainings.actions.participants import enter, give_place, locked, may_decide, require_editable
from trainings.actions.programmes import free_place
from trainings.actions.rules import require_standing, require_within_reach
from trainings.models import Batch, Enrolment, Participant

WAITING = (Enrolment.Status.NOMINATED, Enrolment.Status.RESERVE)


@action("trainings.decide_enrolment")
def accept(enrolment: Enrolment, *, by: Any, version: int, reason: str = "") -> Enrolment:
    """A place, if the quota of the district and the batch still have one."""
    _require_decision(enrolment, by=by, version=version)
    return give_place(enrolment, locked(enrolment.participant), by=by, reason=reason, decision_reason=reason)


@action("trainings.decide_enrolment")
def put_in_reserve(enrolment: Enrolment, *, by: Any, version: int, reason: str = "") -> Enrolment:
    """Waits until a place becomes free."""
    _require_decision(enrolment, by=by, version=version)
    with records.refusing_in_words(Enrolment):
        return advance(enrolment, Enrolment.Status.RESERVE, by=by, reason=reason, decision_reason=reason)


@action("trainings.decide_enrolment")
def reject(enrolment: Enrolment, *, by: Any, version: int, reason: str) -> Enrolment:
    _require_decision(enrolment, by=by, version=version)
    if not reason.strip():
        raise Refusal(_("Say why this person is not accepted."), "reason")
    return advance(enrolment, Enrolment.Status.REJECTED, by=by, reason=reason, decision_reason=reason.strip())


@action("trainings.decide_enrolment")
def accept_all(batch: Batch, *, by: Any) -> list[Enrolment]:
    """Everybody nominated, in the order in which they were, as long as there are places; the others go on waiting."""
    require_within_reach(batch.region, by=by)
    require_standing(batch)
    waiting = batch.enrolments.nominated().select_related("participant__region", "activity__programme", "batch__activity__programme")
    accepted = []
    for enrolment in waiting.order_by("pk"):
        try:
            with transaction.atomic():
                accepted.append(give_place(enrolment, locked(enrolment.participant), by=by))
        except Refusal:
            continue
    return accepted


@action("trainings.change_enrolment")
def replace(enrolment: Enrolment, *, by: Any, version: int, participant: Participant, reason: str) -> Enrolment:
    """Somebody leaves and another takes the place at once: who waits in this batch, or anybody of the register. Answers the new place."""
    require_editable(enrolment, by=by, version=version)
    require_standing(enrolment.batch)
    if not may_decide(enrolment.activity, by=by):
        raise Refusal(_("The province decides who takes a place. Let this person leave, and nominate another one."))
    if not reason.strip():
        raise Refusal(_("Say why this person is replaced."), "reason")
    if enrolment.status != Enrolment.Status.ACTIVE:
        raise Refusal(_("Only somebody who has a place can be replaced."))
    free_place(enrolment.activity, enrolment.participant.region)
    successor = _placed_instead(enrolment, participant, by=by, reason=reason)
    advance(enrolment, Enrolment.Status.REPLACED, by=by, reason=reason, replaced_by=successor)
    return successor


def _placed_instead(enrolment: Enrolment, participant: Participant, *, by: Any, reason: str) -> Enrolment:
    """The seat is counted with the one who leaves still in it: a full batch stays exactly full."""
    waiting = enrolment.batch.enrolments.filter(participant=participant, status__in=WAITING)
    known = waiting.select_related("batch__activity__programme", "activity", "participant__region").first()
    if known is None:
        return enter(enrolment.batch, by=by, participant=participant, is_seated=True)
    return give_place(known, locked(participant), by=by, reason=reason, is_seated=True)


def _require_decision(enrolment: Enrolment, *, by: Any, version: int) -> None:
    require_editable(enrolment, by=by, version=version)
    require_standing(enrolment.batch)
