"""What this app's papers say, gathered from the records at one moment: the input of `documents`, frozen when the paper is issued."""

from __future__ import annotations

from django.utils import translation

from ikm_program.paper_content import Issue
from production import documents, stamp_duty
from production.models import Account, Inspection, InspectionLine, Purchase
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


def _lot(line: InspectionLine) -> documents.ExaminedLot:
    maker = line.lot.line.participant
    return documents.ExaminedLot(
        made_on=line.lot.made_on.isoformat(),
        maker=(_business(maker) or maker.name) if maker else None,
        district=line.lot.region.name,
        is_again=line.account == Account.REPAIR,
        examined=line.examined,
        accepted=line.accepted,
        to_repair=line.to_repair,
        rejected=line.rejected,
    )


def _business(person: Participant) -> str:
    return person.enterprise.name if person.enterprise else ""
