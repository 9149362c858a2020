"""Handovers: drafted by one person, issued by another. Issuing takes the stock, the number and the frozen content at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.forms.models import model_to_dict
from django.utils import timezone
from django.utils.translation import gettext as _

from distribution import snapshots
from distribution.actions.drafts import (
    GoodsLine,
    Witness,
    parts_in_words,
    record_parts,
    refuse_closed,
    refuse_drafter,
    refuse_foreign_store,
    refuse_wrong_lines,
    save_edit,
)
from distribution.addenda import words_of
from distribution.documents import Snapshot
from distribution.models import Handover, HandoverDraw, HandoverLine, HandoverWitness
from ikm_program import audit, records
from ikm_program.actions import Refusal, action
from ikm_program.states import advance
from production import ledger
from production.models import Account, Lot, StockMovement, Store
from trainings import registers
from trainings.actions.rules import read_identity, read_nip, refuse_wrong_date, refuse_wrong_signatory
from trainings.actions.signing import Part, Signing, refuse_one_person_twice, rows_signing

Status = Handover.Status


@action("distribution.add_handover")
def draft_handover(
    store: Store, *, by: Any, lines: Sequence[GoodsLine], witnesses: Sequence[Witness] = (), replaces: Handover | None = None, **facts: Any
) -> Handover:
    """A draft BAST from a store. `facts` are the handover's own fields."""
    refuse_wrong_lines(lines)
    _refuse_wrong_facts(store, facts, witnesses)
    _read_numbers(facts, on_record="")
    handover = records.create(Handover, by=by, store=store, replaces=replaces, edited_by=by, **facts)
    _write_parts(handover, lines, witnesses)
    record_parts(handover, by=by)
    return handover


@action("distribution.change_handover")
def edit_handover(
    handover: Handover, *, by: Any, version: int, lines: Sequence[GoodsLine], witnesses: Sequence[Witness] = (), **facts: Any
) -> Handover:
    """Change a draft. An issued document is never edited: cancel it, or issue another."""
    _refuse_unless_draft(handover)
    refuse_wrong_lines(lines)
    _refuse_wrong_facts(handover.store, {**model_to_dict_objects(handover), **facts}, witnesses)
    kept = facts.get("receiver_identity_kind") == handover.receiver_identity_kind
    _read_numbers(facts, on_record=handover.receiver_identity_number if kept else "")
    save_edit(handover, by=by, version=version, facts=facts, write_parts=lambda: _write_parts(handover, lines, witnesses))
    return handover


@action("distribution.change_handover")
def discard_handover(handover: Handover, *, by: Any, version: int) -> None:
    """Throw a draft away; it never had a number."""
    _refuse_unless_draft(handover)
    records.claim(handover, version=version)  # who issues or edits it at the same moment comes before or after us
    audit.record("discarded", handover, by=by, before={"recipient": str(handover.recipient), **parts_in_words(handover)})
    handover.delete()


@action("distribution.add_handover")
def draft_replacement(handover: Handover, *, by: Any) -> Handover:
    """A new draft with the content of a cancelled handover, to be put right and issued under the next number."""
    handover = Handover.objects.select_for_update().get(pk=handover.pk)  # two people who replace it at once: the second is told
    if handover.status != Status.CANCELLED:
        raise Refusal(_("Only a cancelled handover is replaced."))
    if handover.successors.exclude(status=Status.CANCELLED).exists():
        raise Refusal(_("A replacement of this handover already exists."))
    facts = model_to_dict_objects(handover) | words_of(handover)  # as its addenda put it right
    copy = records.create(Handover, by=by, store=handover.store, replaces=handover, edited_by=by, **facts)
    lines = [
        GoodsLine(line.product, line.quantity, line.condition, line.specification, line.unit_value)
        for line in handover.lines.select_related("product")
    ]
    _write_parts(copy, lines, [Witness(witness.name, witness.position) for witness in handover.witnesses.all()])
    record_parts(copy, by=by)
    return copy


@action("distribution.issue_handover")
def issue_handover(handover: Handover, *, by: Any, version: int) -> Handover:
    """Draf -> Diterbitkan: stock, number, frozen content and audit in one transaction. Never by the one who drafted it."""
    records.lock(handover, version=version)
    _refuse_unless_draft(handover)
    refuse_drafter(handover, by=by)
    _refuse_wrong_facts(handover.store, model_to_dict_objects(handover), handover.witnesses.all())
    lines = list(handover.lines.select_related("product"))
    refuse_wrong_lines([GoodsLine(line.product, line.quantity, line.condition) for line in lines])
    for line in sorted(lines, key=lambda line: (line.product_id, line.pk)):  # everybody locks the products in the same order
        _take(handover, line)
    draws = taken_draws(handover)
    document = registers.issue_document(
        handover.giver_office,
        "bast",
        subject=handover,
        on=handover.handed_over_on,
        by=by,
        content=lambda issue: snapshots.of_handover(handover, draws, issue),
        regions=[draw.lot.region for draw in draws],
        second_number=handover.other_number,
    )
    issued = {"issued_at": timezone.now(), "issued_by": by, "document": document}
    return advance(handover, Status.ISSUED, by=by, reason=handover.backdating_reason, **issued)


def preview(handover: Handover) -> Snapshot:
    """The paper as it would be issued now, with the lots it would take; nothing is written."""
    draws = taken_draws(handover)
    if handover.is_draft:
        for line in handover.lines.select_related("product"):
            if not any(draw.line_id == line.pk for draw in draws):
                draws += _planned(handover, line)
    return snapshots.of_handover(handover, draws, None)


def taken_draws(handover: Handover) -> list[HandoverDraw]:
    draws = HandoverDraw.objects.filter(line__handover=handover).select_related("line", "lot__product", *snapshots.LOT_NAMES)
    return list(draws.order_by("line_id", "lot__made_on", "lot_id"))


def model_to_dict_objects(handover: Handover) -> dict[str, Any]:
    """The fields a person fills in, with objects for foreign keys."""
    names = model_to_dict(handover, exclude=["id", "store"])
    return {name: getattr(handover, name) for name in names}


def _planned(handover: Handover, line: HandoverLine) -> list[HandoverDraw]:
    available = ledger.available_lots(store=handover.store, programme=handover.programme, product=line.product, on=handover.handed_over_on)
    lots = Lot.objects.select_related("product", *(name.removeprefix("lot__") for name in snapshots.LOT_NAMES)).in_bulk(available)
    draws: list[HandoverDraw] = []
    wanted = line.quantity
    for lot_id, there in available.items():
        if wanted > 0:
            draws.append(HandoverDraw(line=line, lot=lots[lot_id], quantity=min(there, wanted)))
            wanted -= there
    return draws


def _take(handover: Handover, line: HandoverLine) -> None:
    """Draw the line's pieces from its chosen lots, or from the oldest, and remember which."""
    chosen = [ledger.Draw(draw.lot_id, draw.quantity) for draw in line.draws.order_by("lot_id")]
    where: dict[str, Any] = {
        "store": handover.store,
        "to": Account.AWAITING,
        "kind": StockMovement.Kind.HANDOVER,
        "effective_on": handover.handed_over_on,
        "source": handover,
        "description": str(handover.recipient),
    }
    if chosen:
        _take_chosen(handover, line, chosen, where)
        return
    draws = ledger.draw_oldest_first(programme=handover.programme, product=line.product, quantity=line.quantity, **where)
    HandoverDraw.objects.bulk_create(HandoverDraw(line=line, lot_id=draw.lot_id, quantity=draw.quantity) for draw in draws)


def _take_chosen(handover: Handover, line: HandoverLine, chosen: list[ledger.Draw], where: dict[str, Any]) -> None:
    there = _left_of(chosen, handover, line)
    if there < line.quantity:
        raise ledger.InsufficientStock(there, line.quantity, line.product.unit)
    try:
        ledger.take(chosen, **where)
    except ledger.NotEnough:  # somebody was quicker: what is there now is what they left
        raise ledger.InsufficientStock(_left_of(chosen, handover, line), line.quantity, line.product.unit) from None


def _left_of(chosen: Sequence[ledger.Draw], handover: Handover, line: HandoverLine) -> int:
    """How much of what was chosen the store can still give."""
    available = ledger.available_lots(store=handover.store, programme=handover.programme, product=line.product, on=handover.handed_over_on)
    return sum(min(available.get(draw.lot_id, 0), draw.quantity) for draw in chosen)


def _write_parts(handover: Handover, lines: Sequence[GoodsLine], witnesses: Sequence[Witness]) -> None:
    for line in lines:
        row = handover.lines.create(
            product=line.product,
            quantity=line.quantity,
            condition=line.condition,
            specification=line.specification,
            unit_value=line.unit_value,
        )
        for lot_id, quantity in line.lots.items():
            _refuse_foreign_lot(handover, line, lot_id)
            row.draws.create(lot_id=lot_id, quantity=quantity)
    for witness in witnesses:
        handover.witnesses.create(name=witness.name, position=witness.position)


def _refuse_foreign_lot(handover: Handover, line: GoodsLine, lot_id: int) -> None:
    lots = Lot.objects.filter(
        pk=lot_id, product=line.product, programme=handover.programme, balances__store=handover.store, balances__account=Account.STOCK
    )
    if not lots.exists():
        raise Refusal(_("A chosen lot is not in this store."), field="lines")


def _refuse_wrong_facts(store: Store, facts: dict[str, Any], witnesses: Iterable[Witness | HandoverWitness]) -> None:
    refuse_closed(facts["programme"])
    refuse_foreign_store(store, facts["giver_office"])
    refuse_wrong_date(facts["handed_over_on"], facts.get("backdating_reason", ""), "handed_over_on")
    refuse_wrong_signatory(facts["giver"], facts["giver_office"], facts["handed_over_on"], "giver")
    refuse_one_person_twice(
        [
            Signing(Part.GIVER, facts["giver"].name, "giver"),
            Signing(Part.RECEIVER, facts["receiver_name"], "receiver_name"),
            Signing(Part.ACKNOWLEDGES, facts.get("acknowledged_by_name", ""), "acknowledged_by_name"),
            *rows_signing(Part.WITNESS, witnesses, of="witnesses"),
        ]
    )


def _read_numbers(facts: dict[str, Any], *, on_record: str) -> None:
    """The numbers of those who sign, each read as what it is said to be: a NIK in another guise would be printed whole."""
    if "receiver_identity_kind" in facts:
        kind, number = facts["receiver_identity_kind"], facts.get("receiver_identity_number", "")
        facts["receiver_identity_kind"], facts["receiver_identity_number"] = read_identity(
            kind, number, on_record=on_record, fields="receiver_identity"
        )
    if facts.get("acknowledged_by_number"):
        facts["acknowledged_by_number"] = read_nip(facts["acknowledged_by_number"], field="acknowledged_by_number")


def _refuse_unless_draft(handover: Handover) -> None:
    if not handover.is_draft:
        raise Refusal(_("An issued document cannot be changed. Use a cancellation."))
