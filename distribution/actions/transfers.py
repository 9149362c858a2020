"""Transfers between stores: goods are in transit until somebody at the other end records their arrival."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.forms.models import model_to_dict
from django.utils import timezone
from django.utils.translation import gettext as _

from distribution import snapshots
from distribution.actions.drafts import (
    GoodsLine,
    parts_in_words,
    record_parts,
    refuse_closed,
    refuse_drafter,
    refuse_foreign_store,
    refuse_wrong_lines,
    save_edit,
)
from distribution.documents import Snapshot
from distribution.models import Transfer, TransferDraw
from ikm_program import audit, records
from ikm_program.actions import Refusal, action
from ikm_program.states import advance
from production import ledger
from production.models import Account, StockMovement, Store
from trainings import registers
from trainings.actions.rules import refuse_wrong_date, refuse_wrong_signatory
from trainings.actions.signing import Part, Signing, refuse_one_person_twice

Status = Transfer.Status
Kind = StockMovement.Kind


@action("distribution.add_transfer")
def draft_transfer(from_store: Store, *, by: Any, lines: Sequence[GoodsLine], **facts: Any) -> Transfer:
    """A draft transfer from a store; oldest lots first."""
    refuse_wrong_lines(lines)
    _refuse_wrong_facts(from_store, facts)
    transfer = records.create(Transfer, by=by, from_store=from_store, edited_by=by, **facts)
    _write_lines(transfer, lines)
    record_parts(transfer, by=by)
    return transfer


@action("distribution.change_transfer")
def edit_transfer(transfer: Transfer, *, by: Any, version: int, lines: Sequence[GoodsLine], **facts: Any) -> Transfer:
    """Change a draft."""
    _refuse_unless_draft(transfer)
    refuse_wrong_lines(lines)
    _refuse_wrong_facts(transfer.from_store, {**_facts(transfer), **facts})
    save_edit(transfer, by=by, version=version, facts=facts, write_parts=lambda: _write_lines(transfer, lines))
    return transfer


@action("distribution.change_transfer")
def discard_transfer(transfer: Transfer, *, by: Any, version: int) -> None:
    """Throw a draft away."""
    _refuse_unless_draft(transfer)
    records.claim(transfer, version=version)  # who issues or edits it at the same moment comes before or after us
    audit.record("discarded", transfer, by=by, before={"to": str(transfer.to_store), **parts_in_words(transfer)})
    transfer.delete()


@action("distribution.issue_transfer")
def issue_transfer(transfer: Transfer, *, by: Any, version: int) -> Transfer:
    """Draf -> Diterbitkan: the goods leave the store and are in transit. It does not count as handed over."""
    records.lock(transfer, version=version)
    _refuse_unless_draft(transfer)
    refuse_drafter(transfer, by=by)
    _refuse_wrong_facts(transfer.from_store, _facts(transfer))
    for line in transfer.lines.select_related("product").order_by("product_id", "pk"):  # everybody locks them in the same order
        draws = ledger.draw_oldest_first(
            store=transfer.from_store,
            programme=transfer.programme,
            product=line.product,
            quantity=line.quantity,
            to=Account.TRANSIT,
            kind=Kind.DISPATCH,
            effective_on=transfer.sent_on,
            source=transfer,
            description=str(transfer.to_store),
        )
        TransferDraw.objects.bulk_create(TransferDraw(line=line, lot_id=draw.lot_id, quantity=draw.quantity) for draw in draws)
    taken = taken_draws(transfer)
    document = registers.issue_document(
        transfer.giver_office,
        "ba-mutasi",
        subject=transfer,
        on=transfer.sent_on,
        by=by,
        content=lambda issue: snapshots.of_transfer(transfer, taken, issue),
        regions=[transfer.to_store.region, *(draw.lot.region for draw in taken)],
    )
    issued = {"issued_at": timezone.now(), "issued_by": by, "document": document}
    return advance(transfer, Status.ISSUED, by=by, reason=transfer.backdating_reason, **issued)


@action("distribution.receive_transfer")
def receive_transfer(transfer: Transfer, *, by: Any, version: int, received_on: dt.date) -> Transfer:
    """The goods have arrived: into evaluation, or into the other store's stock."""
    records.lock(transfer, version=version)
    if not by.region.covers(transfer.to_store.region):
        raise Refusal(_("The arrival is recorded by the receiving side."))
    if transfer.is_sent_by(by):
        raise Refusal(_("Whoever sent the goods does not record their arrival."))
    if not transfer.sent_on <= received_on <= timezone.localdate():
        raise Refusal(_("The date of arrival lies between the dispatch and today."), field="received_on")
    advance(transfer, Status.RECEIVED, by=by, received_on=received_on, received_by=by)
    account = Account.EVALUATION if transfer.purpose == Transfer.Purpose.EVALUATION else Account.STOCK
    moves = [
        move
        for draw in taken_draws(transfer)
        for move in (
            ledger.Move(draw.lot_id, transfer.from_store_id, Account.TRANSIT, -draw.quantity),
            ledger.Move(draw.lot_id, transfer.to_store_id, account, draw.quantity),
        )
    ]
    ledger.post(moves, kind=Kind.ARRIVAL, effective_on=received_on, source=transfer, description=str(transfer))
    return transfer


def preview(transfer: Transfer) -> Snapshot:
    """The paper as it would be issued now; nothing is written."""
    return snapshots.of_transfer(transfer, taken_draws(transfer), None)


def taken_draws(transfer: Transfer) -> list[TransferDraw]:
    draws = TransferDraw.objects.filter(line__transfer=transfer).select_related("line", "lot__product", *snapshots.LOT_NAMES)
    return list(draws.order_by("line_id", "lot__made_on", "lot_id"))


def _facts(transfer: Transfer) -> dict[str, Any]:
    return {name: getattr(transfer, name) for name in model_to_dict(transfer, exclude=["id", "from_store"])}


def _write_lines(transfer: Transfer, lines: Sequence[GoodsLine]) -> None:
    for line in lines:
        transfer.lines.create(product=line.product, quantity=line.quantity, condition=line.condition, specification=line.specification)


def _refuse_wrong_facts(from_store: Store, facts: dict[str, Any]) -> None:
    refuse_closed(facts["programme"])
    refuse_foreign_store(from_store, facts["giver_office"])
    refuse_foreign_store(facts["to_store"], facts["receiver_office"])
    refuse_wrong_date(facts["sent_on"], facts.get("backdating_reason", ""), "sent_on")
    refuse_wrong_signatory(facts["giver"], facts["giver_office"], facts["sent_on"], "giver")
    refuse_wrong_signatory(facts["receiver"], facts["receiver_office"], facts["sent_on"], "receiver")
    refuse_one_person_twice([Signing(Part.GIVER, facts["giver"].name, "giver"), Signing(Part.RECEIVER, facts["receiver"].name, "receiver")])


def _refuse_unless_draft(transfer: Transfer) -> None:
    if not transfer.is_draft:
        raise Refusal(_("An issued transfer cannot be changed."))
