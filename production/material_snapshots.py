"""What a paper of materials says, gathered from the records at one moment: the input of `documents`, frozen when it is issued."""

from __future__ import annotations

from django.utils import translation

from ikm_program.paper_content import Issue, Party
from production.material_documents import MaterialLine, Snapshot
from production.models import MaterialHandover, MaterialHandoverLine, Store
from trainings.models import Batch
from trainings.snapshots import berita_acara, executing_office, funding_of, party_of, signer

KINDS = {MaterialHandover.Kind.GIVING: "ba-bahan", MaterialHandover.Kind.RETURN: "ba-sisa-bahan"}


def kind_of(handover: MaterialHandover) -> str:
    """Its register."""
    return KINDS[MaterialHandover.Kind(handover.kind)]


def of_material_handover(handover: MaterialHandover, issue: Issue | None) -> Snapshot:
    """The first party is whoever has the material before: the office's store, or the makers who bring it back."""
    office, partner = handover.giver_office, handover.partner
    with translation.override("id"):
        ours, theirs = party_of(handover.signer, office), _partner_party(handover)
        first, second = (theirs, ours) if handover.is_incoming else (ours, theirs)
        executing = executing_office(handover.programme, handover.handed_over_on)
        paper = Snapshot(
            **berita_acara(kind_of(handover), office, handover.handed_over_on, handover.place, issue, by=first),
            programme=funding_of(handover.programme, executing),
            activity=_activity(partner) if isinstance(partner, Batch) else "",
            giver=_named(handover.giver),
            taker=_named(handover.taker),
            is_between_offices=isinstance(partner, Store),
            lines=[_line(line) for line in handover.lines.select_related("material")],
            return_due=handover.return_due_on.isoformat() if handover.return_due_on else "",
        )
        paper["second_party"] = second
        organisations = (first["organisation"], second["organisation"])
        if executing is not None and office.region.is_district and str(executing) not in organisations:
            paper["copies_to"] = [str(executing)]
        return paper


def _partner_party(handover: MaterialHandover) -> Party:
    """The other office's official, or whoever signs for the makers."""
    if handover.partner_official is not None:
        return party_of(handover.partner_official, handover.partner_official.office)
    person = signer(handover.partner_name, handover.partner_position)
    address = handover.enterprise.address if handover.enterprise else ""
    return Party(**person, organisation=_named(handover.partner), address=address, basis="")


def _named(end: object) -> str:
    return f"peserta {_activity(end)}" if isinstance(end, Batch) else str(end)


def _activity(batch: Batch) -> str:
    return f"{batch.activity.name} Angkatan {batch.number} di {batch.region.name}"


def _line(line: MaterialHandoverLine) -> MaterialLine:
    material = line.material
    amount, unit = material.on_paper(line.quantity)
    return MaterialLine(
        material=material.name,
        specification=line.specification or material.specification,
        amount=amount,
        unit=unit,
        scrap="" if line.scrap is None else material.said(line.scrap),
        used="" if line.used is None else material.said(line.used),
    )
