"""What a paper says, gathered from the records at one moment: the input of `documents`, frozen when the paper is issued."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from django.utils import translation

from distribution.documents import (
    SCHEMA,
    Activity,
    Issue,
    Letterhead,
    Line,
    MakerLine,
    Move,
    Party,
    Reference,
    Snapshot,
    Wording,
    sha256_hex,
)
from distribution.documents import Official as Signer
from distribution.documents import Programme as Funding
from distribution.models import Cancellation, Handover, HandoverDraw, HandoverLine, IssuedDocument, Transfer, TransferDraw, TransferLine
from production.models import Lot
from trainings.identity import NIK_DIGITS, mask_nik
from trainings.models import Office, Official, Programme

FUNDS = {  # as they stand in a sentence of an official paper, which is Indonesian whatever language the screen has
    Programme.Fund.DEKONSENTRASI: "dana dekonsentrasi",
    Programme.Fund.APBN: "dana APBN",
    Programme.Fund.APBN_PUSAT: "dana APBN kantor pusat kementerian",
    Programme.Fund.APBD_PROVINSI: "dana APBD provinsi",
    Programme.Fund.APBD_KABUPATEN: "dana APBD kabupaten/kota",
    Programme.Fund.TUGAS_PEMBANTUAN: "dana tugas pembantuan",
    Programme.Fund.DAK_NONFISIK: "dana alokasi khusus nonfisik",
    Programme.Fund.BTT: "belanja tidak terduga",
    Programme.Fund.HIBAH: "dana hibah",
}


def of_handover(handover: Handover, draws: Sequence[HandoverDraw], issue: Issue | None) -> Snapshot:
    """A BAST. `draws` are the lots it takes: planned for a preview, taken for an issued paper."""
    with translation.override("id"):
        paper = _base("bast", handover.giver_office, handover.programme, handover.handed_over_on, handover.place, issue)
        paper["first_party"] = _party_of(handover.giver, handover.giver_office)
        paper["second_party"] = _receiver(handover)
        paper["activities"] = _activities(draw.lot for draw in draws)
        paper["legal_bases"] = [line.strip() for line in handover.legal_basis.splitlines() if line.strip()]
        paper["purpose"] = handover.purpose
        paper["is_symbolic"] = handover.is_symbolic
        _add_goods(paper, list(handover.lines.select_related("product")), draws)
        paper["witnesses"] = [_signer(witness.name, "", "", "", witness.position) for witness in handover.witnesses.all()]
        if handover.acknowledged_by_name:
            kind = "NIP" if handover.acknowledged_by_number else ""
            paper["acknowledged_by"] = _signer(
                handover.acknowledged_by_name, kind, handover.acknowledged_by_number, "", handover.acknowledged_by_position
            )
        return paper


def of_transfer(transfer: Transfer, draws: Sequence[TransferDraw], issue: Issue | None) -> Snapshot:
    """Goods on their way to another store; they stay the output of their district."""
    with translation.override("id"):
        paper = _base("ba-mutasi", transfer.giver_office, transfer.programme, transfer.sent_on, transfer.place, issue)
        paper["first_party"] = _party_of(transfer.giver, transfer.giver_office)
        paper["second_party"] = _party_of(transfer.receiver, transfer.receiver_office)
        paper["move"] = Move(
            purpose=transfer.purpose,  # type: ignore[typeddict-item]  # the field's choices
            from_store=transfer.from_store.name,
            to_store=transfer.to_store.name,
        )
        paper["copies_to"] = [office for office in paper["copies_to"] if office != str(transfer.receiver_office)]  # it has the original
        paper["activities"] = _activities(draw.lot for draw in draws)
        _add_goods(paper, list(transfer.lines.select_related("product")), draws)
        return paper


def of_cancellation(cancellation: Cancellation, on: dt.date, issue: Issue | None) -> Snapshot:
    """The paper that makes another one void; both stay in the register. The giver's office declares it: nobody else has said so."""
    handover, signer = cancellation.handover, cancellation.signer
    assert signer is not None  # chosen with the decision
    cancelled: IssuedDocument = handover.document
    with translation.override("id"):
        paper = _base("ba-batal", handover.giver_office, handover.programme, on, cancellation.place, issue)
        paper["first_party"] = _party_of(signer, handover.giver_office)
        paper["cancels"] = reference(cancelled)
        paper["reason"] = cancellation.reason
        lines = list(handover.lines.select_related("product"))
        for line in lines:  # what comes back now: neither what had come back before nor what was written off
            line.quantity -= line.returned + line.written_off
        _add_goods(paper, [line for line in lines if line.quantity], draws=[])  # the cancelled paper lists the makers
        return paper


LOT_NAMES = ("lot__region", "lot__line__participant__enterprise", "lot__line__entry__batch__activity", "lot__line__entry__batch__region")


def reference(document: IssuedDocument) -> Reference:
    """How one paper names another."""
    return Reference(kind=document.snapshot["kind"], number=document.number, date=document.document_on.isoformat(), sha256=document.sha256)


def _base(kind: str, office: Office, programme: Programme, on: dt.date, place: str, issue: Issue | None) -> Snapshot:
    province_office = Office.objects.filter(region=programme.region).valid_on(on).first()
    is_district = office.region.is_district
    return Snapshot(
        schema=SCHEMA,
        kind=kind,  # type: ignore[typeddict-item]  # one of three literals, given by the callers above
        issue=issue,
        paper=office.paper,  # type: ignore[typeddict-item]  # the field's choices
        wording=Wording(first_party=f"PIHAK {office.first_party_term}", second_party="PIHAK KEDUA"),
        letterhead=letterhead_of(office),
        date=on.isoformat(),
        place=place,
        first_party=Party(name="", id_kind="", id_number="", rank="", position="", organisation="", address="", basis=""),
        second_party=None,
        programme=_funding(programme, province_office),
        activities=[],
        legal_bases=[],
        purpose="",
        is_free_of_charge=False,
        is_symbolic=False,
        lines=[],
        makers=[],
        conditions_of_use=[],
        witnesses=[],
        acknowledged_by=None,
        copies=2,
        copies_to=[str(province_office)] if is_district and province_office else [],
        move=None,
        cancels=None,
        reason="",
    )


def letterhead_of(office: Office) -> Letterhead:
    """As the office's papers are headed today."""
    contact = [f"Telepon {office.phone}" if office.phone else "", f"surel {office.email}" if office.email else "", office.website]
    return Letterhead(
        government=office.government_line,
        office=office.name,
        address=[office.address] if office.address else [],
        contact=", ".join(part for part in contact if part),
        city=office.city,
        postcode=office.postcode,
        arms_sha256=sha256_hex(bytes(office.arms)) if office.arms else None,
    )


def _funding(programme: Programme, executing: Office | None) -> Funding:
    return Funding(
        name=programme.name,
        year=programme.year,
        fund_source=FUNDS[Programme.Fund(programme.fund)],
        origin_office=programme.origin_office,
        executing_office=str(executing) if executing else "",
    )


def _signer(name: str, kind: str, number: str, rank: str, position: str) -> Signer:
    is_nik = kind == Official.IdentityKind.NIK.label or len("".join(filter(str.isdigit, number))) == NIK_DIGITS
    shown = mask_nik(number) if is_nik else number  # a paper passes through many hands
    return Signer(name=name, id_kind=kind, id_number=shown, rank=rank, position=position)


def _party_of(official: Official, office: Office) -> Party:
    kind = official.identity_kind.upper() if official.identity_number else ""
    signer = _signer(official.name, kind, official.identity_number, official.rank, official.position)
    return Party(**signer, organisation=str(office), address=office.address, basis="")


def _receiver(handover: Handover) -> Party:
    kind = handover.receiver_identity_kind.upper() if handover.receiver_identity_number else ""
    signer = _signer(handover.receiver_name, kind, handover.receiver_identity_number, handover.receiver_rank, handover.receiver_position)
    return Party(
        **signer,
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
