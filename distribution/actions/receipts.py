"""The receiver's acknowledgement: whole, or with a shortfall that goes back to stock or is written off, never lost."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from distribution.actions.handovers import taken_draws
from distribution.models import Handover, HandoverDraw, HandoverLine, Receipt, ReceiverStatement
from distribution.reports.papers import goods_in_words
from ikm_program import audit, records
from ikm_program.actions import Refusal, action
from ikm_program.formatting import jumlah
from ikm_program.pdf_signatures import signatures_of
from ikm_program.states import advance
from ikm_program.uploads import read_evidence
from production import ledger
from production.models import Account, StockMovement

Kind = StockMovement.Kind


@dataclass(frozen=True)
class Outcome:
    """What became of a line's pieces."""

    acknowledged: int
    returned: int = 0
    written_off: int = 0

    @property
    def total(self) -> int:
        return self.acknowledged + self.returned + self.written_off


@action("distribution.acknowledge_handover")
def acknowledge_handover(
    handover: Handover,
    *,
    by: Any,
    version: int,
    received_on: dt.date,
    receiver_name: str,
    receiver_position: str = "",
    outcomes: Mapping[int, Outcome] | None = None,
    shortfall_reason: str = "",
    evidence: File[bytes] | None = None,
    no_evidence_reason: str = "",
) -> Receipt:
    """Diterbitkan -> Diterima or Diterima Sebagian. `outcomes` per line id; a line without one arrived whole.

    The evidence is a signed scan or a photo; where there is none yet the reason is kept, and it stays on the work list.
    """
    records.lock(handover, version=version)
    refuse_drafter_of(handover, by)
    _refuse_wrong_day(handover, received_on)
    said = said_of_receipt(handover)
    proof = _proof(evidence, no_evidence_reason, said)
    lines = list(handover.lines.select_related("product"))
    settled = {line.pk: (outcomes or {}).get(line.pk, Outcome(line.quantity)) for line in lines}
    _refuse_wrong_outcomes(lines, settled, shortfall_reason)
    _refuse_unlike(said, settled, receiver_name, received_on)
    is_whole = all(settled[line.pk].acknowledged == line.quantity for line in lines)
    by_link = proof.get("no_evidence_reason", "") if said else ""  # the trail says that it came so
    advance(handover, Handover.Status.RECEIVED if is_whole else Handover.Status.PARTIAL, by=by, reason=shortfall_reason or by_link)
    _post_outcomes(handover, lines, settled, received_on, by=by)
    return records.create(
        Receipt,
        by=by,
        handover=handover,
        received_on=received_on,
        receiver_name=receiver_name,
        receiver_position=receiver_position,
        shortfall_reason=shortfall_reason,
        **_drafters(handover) | proof,
    )


@action("distribution.acknowledge_handover")
def add_evidence(receipt: Receipt, *, by: Any, version: int, evidence: File[bytes] | None) -> Receipt:
    """The signed scan or photo that came later. What is there is never replaced."""
    records.lock(receipt, version=version)
    if receipt.evidence:
        raise Refusal(_("The evidence is there already and is not replaced."), field="evidence")
    refuse_drafter_of(receipt.handover, by)
    if evidence is None:
        raise Refusal(_("Attach the evidence."), field="evidence")
    accepted = _accepted(evidence)
    for name, value in accepted.items():
        setattr(receipt, name, value)
    receipt.version += 1
    receipt.save(update_fields=[*accepted, "version"])
    audit.record(
        "evidence_added",
        receipt,
        by=by,
        before={"no_evidence_reason": receipt.no_evidence_reason},
        after={"evidence_sha256": receipt.evidence_sha256},
    )
    return receipt


def _settled_in_words(lines: Sequence[HandoverLine]) -> dict[str, str]:
    """What became of what was handed over; a part that is nothing is left out."""
    parts = {name: goods_in_words(lines, attrgetter(name)) for name in ("acknowledged", "returned", "written_off")}
    return {name: goods for name, goods in parts.items() if goods}


def _refuse_wrong_outcomes(lines: Sequence[HandoverLine], settled: Mapping[int, Outcome], reason: str) -> None:
    for line in lines:
        outcome = settled[line.pk]
        if min(outcome.acknowledged, outcome.returned, outcome.written_off) < 0 or outcome.total != line.quantity:
            raise Refusal(
                _("%(product)s: received, returned and written off add up to %(total)s, handed over were %(quantity)s.")
                % {"product": line.product, "total": jumlah(outcome.total), "quantity": jumlah(line.quantity)},
                field=f"line-{line.pk}",
            )
    if any(settled[line.pk].acknowledged < line.quantity for line in lines) and not reason.strip():
        raise Refusal(_("Say why less was received."), field="shortfall_reason")


def _post_outcomes(handover: Handover, lines: Sequence[HandoverLine], settled: Mapping[int, Outcome], on: dt.date, *, by: Any) -> None:
    for line in lines:
        outcome = settled[line.pk]
        line.acknowledged, line.returned, line.written_off = outcome.acknowledged, outcome.returned, outcome.written_off
        line.save(update_fields=["acknowledged", "returned", "written_off"])
    audit.record("goods_received", handover, by=by, before={"lines": goods_in_words(lines)}, after=_settled_in_words(lines))
    for kind, moves in settle(handover, taken_draws(handover), settled):
        if moves:
            ledger.post(moves, kind=kind, effective_on=on, source=handover, description=str(handover))


def settle(
    handover: Handover, draws: Sequence[HandoverDraw], settled: Mapping[int, Outcome]
) -> list[tuple[StockMovement.Kind, list[ledger.Move]]]:
    """What becomes of the lots of each line: acknowledged, back to the store, written off, in this order. `draws` as they were taken."""
    wanted = (
        (Kind.ACKNOWLEDGEMENT, Account.ACKNOWLEDGED, {pk: outcome.acknowledged for pk, outcome in settled.items()}),
        (Kind.RETURN, Account.STOCK, {pk: outcome.returned for pk, outcome in settled.items()}),
        (Kind.WRITE_OFF, Account.WRITTEN_OFF, {pk: outcome.written_off for pk, outcome in settled.items()}),
    )
    left = {draw.pk: draw.quantity for draw in draws}
    return [(kind, _moves(handover, draws, left, account, quantities)) for kind, account, quantities in wanted]


def _moves(
    handover: Handover, draws: Sequence[HandoverDraw], left: dict[int, int], account: Account, quantities: dict[int, int]
) -> list[ledger.Move]:
    """Settle each line's quantity over its lots, oldest first, out of what is still awaited."""
    moves: list[ledger.Move] = []
    for draw in draws:
        part = min(left[draw.pk], quantities[draw.line_id])
        if part:
            left[draw.pk] -= part
            quantities[draw.line_id] -= part
            moves.append(ledger.Move(draw.lot_id, handover.store_id, Account.AWAITING, -part))
            moves.append(ledger.Move(draw.lot_id, handover.store_id, account, part))
    return moves


def _refuse_wrong_day(handover: Handover, on: dt.date) -> None:
    if not handover.handed_over_on <= on <= timezone.localdate():
        raise Refusal(_("The date of receipt lies between the handover and today."), field="received_on")


def _drafters(handover: Handover) -> dict[str, Any]:
    """Kept beside the receipt, so that the database can compare."""
    return {"drafted_by_id_copy": handover.created_by_id or 0, "edited_by_id_copy": handover.edited_by_id or 0}


def refuse_drafter_of(handover: Handover, by: Any) -> None:
    if handover.is_drafted_by(by):
        raise Refusal(_("Whoever drafted the handover does not record its acknowledgement."))


def said_of_receipt(handover: Handover) -> ReceiverStatement | None:
    """What the receiver said last by a link of what arrived."""
    statements: Any = ReceiverStatement.objects
    found: ReceiverStatement | None = statements.filter(handover=handover).of_receipt().order_by("pk").last()
    return found


def _refuse_unlike(said: ReceiverStatement | None, settled: Mapping[int, Outcome], name: str, on: dt.date) -> None:
    """The office settles where the missing pieces are; how many arrived, the receiver has signed for."""
    if said is None:
        return
    arrived = {line.line_id: line.quantity for line in said.lines.all()}
    if (name, on) != (said.name, said.happened_on) or any(outcome.acknowledged != arrived[pk] for pk, outcome in settled.items()):
        raise Refusal(_("The receiver has confirmed something else by the link. Give out a new link if that was wrong."))


def _proof(evidence: File[bytes] | None, no_evidence_reason: str, said: ReceiverStatement | None) -> dict[str, Any]:
    """The evidence as it is kept, or why there is none yet. What the receiver sent by a link stands beside it."""
    if evidence is not None:
        return _accepted(evidence) | {"statement": said}
    if said is not None:
        with translation.override(settings.LANGUAGE_CODE):  # it stands in the record, whoever reads
            words = no_evidence_reason.strip() or _("confirmed by the receiver through a link; the signed paper follows")
        return {"no_evidence_reason": words, "statement": said}
    if not no_evidence_reason.strip():
        raise Refusal(_("Attach the evidence, or say why there is none yet."), field="evidence")
    return {"no_evidence_reason": no_evidence_reason.strip()}


def _accepted(evidence: File[bytes]) -> dict[str, Any]:
    try:
        accepted = read_evidence(evidence)
    except ValidationError as error:
        raise Refusal(error.messages[0], field="evidence") from None
    kept = ContentFile(accepted.content, name=f"evidence.{accepted.extension}")
    return {"evidence": kept, "evidence_sha256": accepted.sha256, "evidence_signatures": signatures_of(accepted.content)}
