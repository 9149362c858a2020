"""What this app's papers say, gathered from the records at one moment: the input of `documents`, frozen when the paper is issued."""

from __future__ import annotations

from django.utils import translation

from ikm_program.actions import Refusal
from ikm_program.paper_content import Issue
from production import documents, stamp_duty, stocktake_documents
from production.models import Account, Inspection, InspectionLine, Lot, Purchase, Stocktake, StocktakeLine
from production.stocktaking import Way, ways_of
from trainings.models import Participant
from trainings.snapshots import executing_office, frame, funding_of, signer, signer_of

LOT_NAMES = ("lot__region", "lot__line__participant__enterprise", "lot__line__entry__batch__activity")


def of_inspection(inspection: Inspection, issue: Issue | None) -> documents.Inspection:
    lines = list(inspection.lines.select_related(*LOT_NAMES).order_by("lot__made_on", "lot_id", "pk"))
    day, programme = inspection.inspected_on, inspection.programme
    with translation.override("id"):
        return documents.Inspection(
            **frame("ba-periksa", inspection.office, day, inspection.place, issue),
            programme=funding_of(programme, executing_office(programme, day)),
            product=inspection.product.name,
            unit=inspection.product.unit,
            store=inspection.store.name,
            activities=list(dict.fromkeys(line.lot.line.entry.batch.activity.name for line in lines)),
            decree=documents.Decree(text=inspection.decree, date=inspection.decree_on.isoformat() if inspection.decree_on else ""),
            team=[
                signer(member.name, member.position, kind="NIP" if member.nip else "", number=member.nip)
                for member in inspection.members.all()
            ],
            method=inspection.method,
            sample_size=inspection.sample_size,
            lots=[_lot(line) for line in lines],
            findings=[
                documents.Found(
                    criterion=found.criterion.name,
                    requirement=found.criterion.requirement,
                    basis=found.criterion.basis,
                    result=found.result,
                    note=found.note,
                )
                for found in inspection.findings.select_related("criterion").order_by("criterion_id")
            ],
            acknowledged_by=signer_of(inspection.signer),
        )


def of_purchase(purchase: Purchase, issue: Issue | None) -> documents.Receipt:
    day, programme, seller = purchase.purchased_on, purchase.programme, purchase.seller
    with translation.override("id"):
        return documents.Receipt(
            **frame("kwitansi", purchase.office, day, purchase.office.city, issue),
            programme=funding_of(programme, executing_office(programme, day)),
            payer=str(purchase.office),
            seller=seller.name,
            business=_business(seller),
            district=seller.region.name,
            product=purchase.product.name,
            unit=purchase.product.unit,
            quantity=purchase.quantity,
            unit_price=purchase.unit_price,
            amount=purchase.amount,
            agreement=documents.Agreement(number=purchase.agreement.number, date=purchase.agreement.agreed_on.isoformat()),
            buyer=signer_of(purchase.signer),
            stamp=stamp_duty.due_on(purchase.amount, day, purchase.office.region),
        )


def of_stocktake(stocktake: Stocktake, issue: Issue | None) -> stocktake_documents.Snapshot:
    """What an issued one moved; of a draft what it would move now."""
    lines = list(stocktake.lines.select_related("programme", "product").prefetch_related("draws").order_by("pk"))
    ways = {line: _ways(line, stocktake, is_issued=issue is not None) for line in lines}
    moved = {way.lot_id for some in ways.values() for way in some}
    lots = Lot.objects.select_related("region", "line__participant__enterprise").in_bulk(moved)
    with translation.override("id"):
        return stocktake_documents.Snapshot(
            **frame("ba-opname", stocktake.office, stocktake.counted_on, stocktake.place, issue),
            store=stocktake.store.name,
            team=[
                signer(member.name, member.position, kind="NIP" if member.nip else "", number=member.nip)
                for member in stocktake.members.all()
            ],
            lines=[_counted(line, ways[line]) for line in lines],
            lots=[_moved(line, way, lots[way.lot_id]) for line in lines for way in ways[line]],
            note=stocktake.note,
            acknowledged_by=signer_of(stocktake.signer),
        )


def _ways(line: StocktakeLine, stocktake: Stocktake, *, is_issued: bool) -> list[Way]:
    if is_issued:
        return [Way(draw.lot_id, draw.origin, draw.goal, draw.quantity) for draw in line.draws.all()]
    line.stocktake = stocktake
    try:
        return ways_of(line)
    except Refusal:  # its page says why it cannot be issued
        return []


def _counted(line: StocktakeLine, ways: list[Way]) -> stocktake_documents.CountedGoods:
    found_again = sum(way.quantity for way in ways if way.origin == Account.WRITTEN_OFF)
    missing = sum(way.quantity for way in ways if way.goal == Account.WRITTEN_OFF)
    return stocktake_documents.CountedGoods(
        programme=line.programme.name,
        year=line.programme.year,
        product=line.product.name,
        unit=line.product.unit,
        book=line.book,
        counted=line.counted,
        damaged=line.damaged,
        held=min(line.damaged, line.book + found_again - missing),
        missing=missing,
        found_again=found_again,
        unrecorded=max(line.difference, 0) - found_again,
        remark=line.remark,
    )


def _moved(line: StocktakeLine, way: Way, lot: Lot) -> stocktake_documents.MovedLot:
    kinds = {Account.WRITTEN_OFF: "kurang", Account.REPAIR: "rusak"}
    return stocktake_documents.MovedLot(
        product=line.product.name,
        unit=line.product.unit,
        made_on=lot.made_on.isoformat(),
        maker=_maker(lot),
        district=lot.region.name,
        what="ditemukan" if way.origin == Account.WRITTEN_OFF else kinds[Account(way.goal)],
        quantity=way.quantity,
    )


def _maker(lot: Lot) -> str | None:
    """The maker's business, or the maker; None where nobody said whose work it is."""
    person = lot.line.participant
    return (_business(person) or person.name) if person else None


def _lot(line: InspectionLine) -> documents.ExaminedLot:
    return documents.ExaminedLot(
        made_on=line.lot.made_on.isoformat(),
        maker=_maker(line.lot),
        district=line.lot.region.name,
        is_again=line.account == Account.REPAIR,
        examined=line.examined,
        accepted=line.accepted,
        to_repair=line.to_repair,
        rejected=line.rejected,
    )


def _business(person: Participant) -> str:
    return person.enterprise.name if person.enterprise else ""
