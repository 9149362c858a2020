"""What a paper says, gathered from the records at one moment: the input of `documents`, frozen when the paper is issued."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from copy import copy

from django.utils import translation

from distribution import addendum_documents, delivery_documents, documents
from distribution.addenda import words_of
from distribution.documents import SCHEMA, Activity, Line, MakerLine, Move, Snapshot
from distribution.models import Addendum, Cancellation, Delivery, Handover, HandoverDraw, HandoverLine, Transfer, TransferDraw, TransferLine
from ikm_program.paper_content import Issue, Party
from production.models import Lot
from trainings.models import Office, Official, Programme
from trainings.snapshots import berita_acara, executing_office, frame, funding_of, party_of, reference, signer, signer_of


def of_handover(handover: Handover, draws: Sequence[HandoverDraw], issue: Issue | None) -> Snapshot:
    """A BAST. `draws` are the lots it takes: planned for a preview, taken for an issued paper."""
    with translation.override("id"):
        giver = party_of(handover.giver, handover.giver_office)
        paper = _base("bast", handover.giver_office, handover.programme, handover.handed_over_on, handover.place, issue, by=giver)
        paper["second_party"] = _receiver(handover)
        paper["activities"] = _activities(draw.lot for draw in draws)
        paper["legal_bases"] = [line.strip() for line in handover.legal_basis.splitlines() if line.strip()]
        paper["purpose"] = handover.purpose
        paper["is_symbolic"] = handover.is_symbolic
        _add_goods(paper, list(handover.lines.select_related("product")), draws)
        paper["witnesses"] = [signer(witness.name, witness.position) for witness in handover.witnesses.all()]
        if handover.acknowledged_by_name:
            kind = "NIP" if handover.acknowledged_by_number else ""
            paper["acknowledged_by"] = signer(
                handover.acknowledged_by_name, handover.acknowledged_by_position, kind=kind, number=handover.acknowledged_by_number
            )
        return paper


def of_transfer(transfer: Transfer, draws: Sequence[TransferDraw], issue: Issue | None) -> Snapshot:
    """Goods on their way to another store; they stay the output of their district."""
    with translation.override("id"):
        giver = party_of(transfer.giver, transfer.giver_office)
        paper = _base("ba-mutasi", transfer.giver_office, transfer.programme, transfer.sent_on, transfer.place, issue, by=giver)
        paper["second_party"] = party_of(transfer.receiver, transfer.receiver_office)
        paper["move"] = Move(
            purpose=transfer.purpose,  # type: ignore[typeddict-item]  # the field's choices
            from_store=transfer.from_store.name,
            to_store=transfer.to_store.name,
        )
        paper["copies_to"] = [office for office in paper["copies_to"] if office != str(transfer.receiver_office)]  # it has the original
        paper["activities"] = _activities(draw.lot for draw in draws)
        _add_goods(paper, list(transfer.lines.select_related("product")), draws)
        return paper


def of_cancellation(cancellation: Cancellation, issue: Issue | None, *, on: dt.date, by: Official, place: str) -> Snapshot:
    """The paper that makes another one void; both stay in the register. The giver's office declares it: nobody else has said so."""
    handover, cancelled = cancellation.handover, cancellation.handover.document
    assert cancelled is not None  # only what was issued is cancelled
    with translation.override("id"):
        giver = party_of(by, handover.giver_office)
        paper = _base("ba-batal", handover.giver_office, handover.programme, on, place, issue, by=giver)
        paper["cancels"] = reference(cancelled)
        paper["reason"] = cancellation.reason
        lines = list(handover.lines.select_related("product"))
        paper["receipt"] = _receipt(handover, lines)
        for line in lines:  # what comes back now: neither what had come back before nor what was written off
            line.quantity = line.still_out
        _add_goods(paper, [line for line in lines if line.quantity], draws=[])  # the cancelled paper lists the makers
        return paper


def of_addendum(addendum: Addendum, issue: Issue | None) -> addendum_documents.Snapshot:
    """Signed by the giver's office as of its day, and by the receiver as the papers name them from then on."""
    handover, changes = addendum.handover, list(addendum.changes.order_by("pk"))
    assert handover.document is not None  # only what was issued is amended
    receiving = copy(handover)
    words = words_of(handover, without=addendum) | {change.statement: change.after for change in changes}
    for name, value in words.items():
        setattr(receiving, name, value)
    with translation.override("id"):
        giver = party_of(addendum.signer, handover.giver_office)
        paper = berita_acara("ba-adendum", handover.giver_office, addendum.agreed_on, addendum.place, issue, by=giver)
        return addendum_documents.Snapshot(
            **{**paper, "second_party": _receiver(receiving)},  # type: ignore[typeddict-item]  # mypy loses the keys
            amends=reference(handover.document),
            reason=addendum.reason.rstrip(".") + ".",
            changes=[addendum_documents.Change(statement=one.statement, before=one.before, after=one.after) for one in changes],
            provisions=[line.strip() for line in addendum.provisions.splitlines() if line.strip()],
        )


def of_delivery(delivery: Delivery, issue: Issue | None) -> delivery_documents.Snapshot:
    """A load on the road, on the paper that it goes with."""
    parent = delivery.parent
    assert parent.document is not None  # goods travel on nothing else
    store = delivery.handover.store if delivery.handover else parent.from_store
    with translation.override("id"):
        return delivery_documents.Snapshot(
            **frame("surat-jalan", delivery.office, delivery.sent_on, delivery.office.city, issue),
            origin=store.name,
            receiver=delivery.receiver,
            destination=delivery.destination,
            goes_with=reference(parent.document),
            goes_with_title=documents.title_of(parent.document.snapshot),
            vehicle=delivery.vehicle,
            driver=delivery.driver,
            keeper=delivery.keeper,
            sender=signer_of(delivery.sender),
            lines=[
                delivery_documents.Load(product=line.product.name, quantity=line.quantity, unit=line.product.unit, packages=line.packages)
                for line in delivery.lines.select_related("product").order_by("pk")
            ],
            note=delivery.note,
        )


def _receipt(handover: Handover, lines: Sequence[HandoverLine]) -> documents.Receipt | None:
    """What the receipt settled before the cancellation; None where all of it comes back."""
    if not any(line.returned or line.written_off for line in lines):
        return None
    settled = [
        documents.Settled(
            product=line.product.name,
            condition=line.condition.capitalize(),
            unit=line.product.unit,
            handed_over=line.quantity,
            back=line.still_out,
            returned=line.returned,
            written_off=line.written_off,
        )
        for line in lines
    ]
    return documents.Receipt(received_on=handover.receipt.received_on.isoformat(), lines=settled)


LOT_NAMES = ("lot__region", "lot__line__participant__enterprise", "lot__line__entry__batch__activity", "lot__line__entry__batch__region")


def _base(kind: str, office: Office, programme: Programme, on: dt.date, place: str, issue: Issue | None, *, by: Party) -> Snapshot:
    province_office = executing_office(programme, on)
    paper = Snapshot(
        **berita_acara(kind, office, on, place, issue, by=by, schema=SCHEMA),
        programme=funding_of(programme, province_office),
        activities=[],
        purpose="",
        is_free_of_charge=False,
        is_symbolic=False,
        lines=[],
        makers=[],
        conditions_of_use=[],
        move=None,
        cancels=None,
        receipt=None,
        reason="",
    )
    if office.region.is_district and province_office:
        paper["copies_to"] = [str(province_office)]
    return paper


def _receiver(handover: Handover) -> Party:
    kind = handover.receiver_identity_kind.upper() if handover.receiver_identity_number else ""
    number, rank = handover.receiver_identity_number, handover.receiver_rank
    return Party(
        **signer(handover.receiver_name, handover.receiver_position, kind=kind, number=number, rank=rank),
        organisation=handover.recipient.name,
        address=handover.recipient.address,
        basis=handover.receiver_basis or handover.recipient.legal_basis,
    )


def _activities(lots: Iterable[Lot]) -> list[Activity]:
    batches = {lot.line.entry.batch_id: lot.line.entry.batch for lot in lots}
    return [
        Activity(
            name=batch.activity.name,
            batch=str(batch.number),
            district=batch.region.name,
            participants=batch.enrolments.active().count() or None,
        )
        for batch in batches.values()
    ]


def _add_goods(paper: Snapshot, lines: Sequence[HandoverLine | TransferLine], draws: Sequence[HandoverDraw | TransferDraw]) -> None:
    paper["lines"] = [_line(line) for line in lines]
    paper["makers"] = [_maker(draw) for draw in draws]
    paper["is_free_of_charge"] = all(line.product.is_free for line in lines)
    paper["conditions_of_use"] = list(dict.fromkeys(line.product.condition_of_use for line in lines if line.product.condition_of_use))


def _line(line: HandoverLine | TransferLine) -> Line:
    value = getattr(line, "unit_value", None)
    return Line(
        product=line.product.name,
        specification=line.specification or line.product.specification,
        attribute=line.product.attribute,
        quantity=line.quantity,
        unit=line.product.unit,
        condition=line.condition.capitalize(),  # the stored words are Indonesian, as the paper is
        value=None if value is None else value * line.quantity,
    )


def _maker(draw: HandoverDraw | TransferDraw) -> MakerLine:
    maker = draw.lot.line.participant
    name = None if maker is None else (maker.enterprise.name if maker.enterprise else maker.name)
    return MakerLine(
        product=draw.lot.product.name,
        maker=name,
        district=draw.lot.region.name,
        quantity=draw.quantity,
        unit=draw.lot.product.unit,
        made_on=draw.lot.made_on.isoformat(),
    )
