"""The end of an evaluation, at once or in parts: accepted into the evaluating store, returned to where it came from, written off."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Q, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from distribution.models import Evaluation, EvaluationPart, Transfer, TransferDraw
from ikm_program import audit, records
from ikm_program.actions import Refusal, action
from ikm_program.formatting import jumlah
from ikm_program.states import advance
from production import gates, ledger
from production.models import Account, StockMovement

OUTCOMES = ("accepted", "returned", "written_off")


@dataclass(frozen=True)
class Decision:
    """What becomes of a line's pieces; the rest stays in evaluation."""

    accepted: int = 0
    returned: int = 0
    written_off: int = 0

    @property
    def total(self) -> int:
        return self.accepted + self.returned + self.written_off


@action("distribution.add_evaluation")
def decide_evaluation(
    transfer: Transfer,
    *,
    by: Any,
    version: int,
    decided_on: dt.date,
    decisions: Mapping[int, Decision],
    findings: str = "",
    written_off_reason: str = "",
) -> Evaluation:
    """Pieces leave the evaluation. `decisions` per transfer line (its primary key); oldest lots first."""
    records.claim(transfer, version=version)  # of two who decide at once, the second sees first what the other decided
    _refuse_wrong_person(transfer, by)
    if transfer.purpose != Transfer.Purpose.EVALUATION or transfer.status != Transfer.Status.RECEIVED:
        raise Refusal(_("Only goods that have arrived for evaluation can be decided on."))
    if transfer.received_on is None or not transfer.received_on <= decided_on <= timezone.localdate():
        raise Refusal(_("The date of the decision lies between the arrival and today."), field="decided_on")
    if any(decision.written_off for decision in decisions.values()) and not written_off_reason.strip():
        raise Refusal(_("Say why they are written off."), field="written_off_reason")
    left = left_of(transfer)
    _refuse_wrong_decisions(left, decisions)
    said: dict[str, Any] = {"decided_on": decided_on, "findings": findings.strip(), "written_off_reason": written_off_reason.strip()}
    evaluation = records.create(Evaluation, by=by, transfer=transfer, **said)
    parts = _spread(evaluation, left, decisions)
    EvaluationPart.objects.bulk_create(parts)
    audit.record("evaluated", evaluation.transfer, by=by, after={"outcome": [_in_words(part) for part in parts]})
    ledger.post(
        moves_of(transfer, parts),
        kind=StockMovement.Kind.EVALUATED,
        effective_on=decided_on,
        source=evaluation,
        description=str(transfer),
    )
    return evaluation


@action("distribution.add_evaluation")
def cancel_evaluation(evaluation: Evaluation, *, by: Any, version: int, reason: str, cancelled_on: dt.date | None = None) -> Evaluation:
    """Decided by mistake: the pieces go back into evaluation, as long as all of them lie where the decision put them."""
    records.lock(evaluation, version=version)
    reach = ("from_store__region", "to_store__region", "document")
    transfer = Transfer.objects.select_for_update(of=("self",)).select_related(*reach).get(pk=evaluation.transfer_id)
    records.claim(transfer)  # who decides on the rest at this moment comes before or after
    day = cancelled_on or timezone.localdate()
    _refuse_wrong_person(transfer, by)
    if not reason.strip():
        raise Refusal(_("Say why it is cancelled."), field="reason")
    if not evaluation.decided_on <= day <= timezone.localdate():
        raise Refusal(_("The date of the cancellation lies between the decision and today."), field="cancelled_on")
    said = {"cancelled_on": day, "cancelled_by": by, "cancelled_reason": reason.strip()}
    advance(evaluation, Evaluation.Status.CANCELLED, by=by, reason=reason.strip(), **said)
    moves = gates.reversed_moves(list(moves_of(transfer, evaluation.parts.select_related("draw").order_by("draw__lot_id", "pk"))))
    try:
        with transaction.atomic():
            ledger.post(moves, kind=StockMovement.Kind.CANCELLATION, effective_on=day, source=evaluation, description=str(transfer))
    except ledger.NotEnough:
        raise Refusal(_("Some of these goods have gone further since. The outcome can no longer be taken back.")) from None
    return evaluation


def left_of(transfer: Transfer) -> dict[TransferDraw, int]:
    """Per lot of the transfer what is still in evaluation, oldest lot first."""
    draws = TransferDraw.objects.filter(line__transfer=transfer).select_related("line__product", "lot__product", "lot__line__participant")
    stands = Q(evaluations__evaluation__status=Evaluation.Status.STANDS)
    settled = draws.annotate(**{f"{name}_sum": Sum(f"evaluations__{name}", filter=stands, default=0) for name in OUTCOMES})
    return {
        draw: draw.quantity - sum(getattr(draw, f"{name}_sum") for name in OUTCOMES)
        for draw in settled.order_by("line_id", "lot__made_on", "lot_id")
    }


def left_by_line(transfer: Transfer) -> dict[int, int]:
    found: dict[int, int] = {}
    for draw, quantity in left_of(transfer).items():
        found[draw.line_id] = found.get(draw.line_id, 0) + quantity
    return found


def moves_of(transfer: Transfer, parts: Iterable[EvaluationPart]) -> Iterator[ledger.Move]:
    """Accepted stays at the evaluating store, returned lies again in the store it was sent from."""
    for part in parts:
        goals = (
            (transfer.to_store_id, Account.STOCK, part.accepted),
            (transfer.from_store_id, Account.STOCK, part.returned),
            (transfer.to_store_id, Account.WRITTEN_OFF, part.written_off),
        )
        yield ledger.Move(part.draw.lot_id, transfer.to_store_id, Account.EVALUATION, -part.quantity)
        yield from (ledger.Move(part.draw.lot_id, store, account, quantity) for store, account, quantity in goals if quantity)


def _in_words(part: EvaluationPart) -> str:
    names = {field.name: str(field.verbose_name) for field in EvaluationPart._meta.fields}
    return f"{part.draw.lot}: " + ", ".join(f"{names[name]} {jumlah(value)}" for name in OUTCOMES if (value := getattr(part, name)))


def _refuse_wrong_person(transfer: Transfer, by: Any) -> None:
    if not by.region.covers(transfer.to_store.region):
        raise Refusal(_("The receiving side decides on the evaluation."))
    if transfer.is_sent_by(by):
        raise Refusal(_("Whoever sent the goods does not decide on their evaluation."))


def _refuse_wrong_decisions(left: Mapping[TransferDraw, int], decisions: Mapping[int, Decision]) -> None:
    lines = {draw.line_id: draw.line for draw in left}
    there = dict.fromkeys(lines, 0)
    for draw, quantity in left.items():
        there[draw.line_id] += quantity
    if not any(decision.total for decision in decisions.values()):
        raise Refusal(_("Say what becomes of at least one piece."))
    for pk, decision in decisions.items():
        if pk not in lines or min(decision.accepted, decision.returned, decision.written_off) < 0 or decision.total > there[pk]:
            words = _("%(product)s: in evaluation are %(there)s, decided on were %(total)s.")
            facts = {
                "product": lines[pk].product if pk in lines else "?",
                "there": jumlah(there.get(pk, 0)),
                "total": jumlah(decision.total),
            }
            raise Refusal(words % facts, field=f"accepted-{pk}")


def _spread(evaluation: Evaluation, left: Mapping[TransferDraw, int], decisions: Mapping[int, Decision]) -> Sequence[EvaluationPart]:
    """Each line's pieces over its lots, oldest first: accepted, then returned, then written off."""
    wanted = {pk: {name: getattr(decision, name) for name in OUTCOMES} for pk, decision in decisions.items()}
    parts = []
    for draw, there in left.items():
        taken = {}
        for name in OUTCOMES:
            taken[name] = min(there, wanted.get(draw.line_id, {}).get(name, 0))
            there -= taken[name]
            if taken[name]:
                wanted[draw.line_id][name] -= taken[name]
        if any(taken.values()):
            parts.append(EvaluationPart(evaluation=evaluation, draw=draw, **taken))
    return parts
