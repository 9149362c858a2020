"""Material on its way: drafted, issued under a number, received; or cancelled with a reason, by opposite movements."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.forms.models import model_to_dict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ikm_program import audit, records
from ikm_program.actions import Refusal, action, in_row, refuse_twice
from ikm_program.states import advance
from production import material_ledger as ledger
from production import material_snapshots
from production.actions.materials import cancelled, refuse_closed, refuse_wrong_cancellation
from production.actions.papers import refuse_lone_cancellation
from production.models import Material, MaterialAccount, MaterialHandover, MaterialHandoverLine, MaterialMovement, Store
from trainings import registers
from trainings.actions.rules import refuse_wrong_date, refuse_wrong_signatory
from trainings.actions.signing import Part, Signing, refuse_one_person_twice
from trainings.models import Office, Region

Status = MaterialHandover.Status
Kind = MaterialMovement.Kind
PARTNERS = ("other_store", "batch", "enterprise", "participant")


@dataclass(frozen=True)
class MaterialLine:
    """So many smallest units; of a return also what became scrap and what was used (None: nobody says)."""

    material: Material
    quantity: int
    scrap: int | None = None
    used: int | None = None
    specification: str = ""


@action("production.add_materialhandover")
def draft_handover(store: Store, *, by: Any, kind: str, lines: Sequence[MaterialLine], **facts: Any) -> MaterialHandover:
    """A draft of material handed over (`kind` penyerahan) or coming back (pengembalian). The other end is one of PARTNERS."""
    partner = _partner_of(facts)
    facts["handed_over_on"] = facts.get("handed_over_on") or timezone.localdate()
    _refuse_wrong_lines(kind, lines)
    _refuse_wrong_facts(store, partner, kind, facts)
    handover = records.create(MaterialHandover, by=by, store=store, kind=kind, edited_by=by, **facts)
    _write_lines(handover, lines)
    audit.record("lines_changed", handover, by=by, after={"lines": lines_in_words(handover)})
    return handover


@action("production.change_materialhandover")
def edit_handover(handover: MaterialHandover, *, by: Any, version: int, lines: Sequence[MaterialLine], **facts: Any) -> MaterialHandover:
    """Change a draft; from whom to whom, and whether it is given or comes back, stays."""
    _refuse_unless_draft(handover)
    _refuse_wrong_lines(handover.kind, lines)
    _refuse_wrong_facts(handover.store, handover.partner, handover.kind, {**_facts(handover), **facts})
    before = lines_in_words(handover)
    records.update(handover, by=by, version=version, **facts)
    records.claim(handover, edited_by=by)  # also when only lines changed
    handover.edited_by = by
    handover.lines.all().delete()
    _write_lines(handover, lines)
    if (after := lines_in_words(handover)) != before:
        audit.record("lines_changed", handover, by=by, before={"lines": before}, after={"lines": after})
    return handover


@action("production.change_materialhandover")
def discard_handover(handover: MaterialHandover, *, by: Any, version: int) -> None:
    """Throw a draft away."""
    _refuse_unless_draft(handover)
    records.claim(handover, version=version)  # who issues or edits it at the same moment comes before or after us
    audit.record("discarded", handover, by=by, before={"lines": lines_in_words(handover)})
    handover.delete()


@action("production.issue_materialhandover")
def issue_handover(handover: MaterialHandover, *, by: Any, version: int) -> MaterialHandover:
    """Draf -> Diterbitkan: the paper has its number, and the material is no longer in the giver's hand."""
    records.lock(handover, version=version)
    _refuse_unless_draft(handover)
    if handover.is_drafted_by(by):
        raise Refusal(_("Nobody issues a document they drafted themselves."))
    _refuse_wrong_facts(handover.store, handover.partner, handover.kind, _facts(handover))
    lines = {line.material_id: line for line in handover.lines.order_by("material_id")}
    ledger.take(
        {pk: line.leaving for pk, line in lines.items()},
        owner=handover.giver,
        programme=handover.programme,
        effective_on=handover.handed_over_on,
        then=lambda draws: _send(handover, lines, draws),
    )
    document = registers.issue_document(
        handover.giver_office,
        material_snapshots.kind_of(handover),
        subject=handover,
        on=handover.handed_over_on,
        by=by,
        content=lambda issue: material_snapshots.of_material_handover(handover, issue),
        regions=[handover.partner_region],
    )
    issued = {"issued_at": timezone.now(), "issued_by": by, "document": document}
    return advance(handover, Status.ISSUED, by=by, reason=handover.backdating_reason, **issued)


@action("production.receive_materialhandover")
def receive_handover(
    handover: MaterialHandover,
    *,
    by: Any,
    version: int,
    received_on: dt.date,
    received: Mapping[int, int] | None = None,
    shortfall_reason: str = "",
) -> MaterialHandover:
    """Diterbitkan -> Diterima: it is in the taker's hand, as it stands on the paper or less.

    `received` by line id, in smallest units; what is not named arrived whole. What did not arrive is in the giver's hand again, with the
    reason on record, until it is found, given anew or written off.
    """
    records.lock(handover, version=version)
    if not by.region.covers(handover.taker.region):
        raise Refusal(_("The receipt is recorded by the side that receives."))
    if handover.is_received_by_another_than(by):
        raise Refusal(_("Whoever sent the material does not record that it was received."))
    if not handover.handed_over_on <= received_on <= timezone.localdate():
        raise Refusal(_("The date of receipt lies between the date of the document and today."), field="received_on")
    missing = _write_received(handover, received or {}, shortfall_reason, by=by)
    said = {"shortfall_reason": shortfall_reason.strip() if missing else ""}
    advance(handover, Status.RECEIVED, by=by, reason=said["shortfall_reason"], received_on=received_on, received_by=by, **said)
    moves = _arrivals(handover, missing)
    ledger.post(moves, kind=Kind.ARRIVAL, programme=handover.programme, effective_on=received_on, source=handover)
    return handover


def _write_received(handover: MaterialHandover, received: Mapping[int, int], reason: str, *, by: Any) -> dict[int, int]:
    """What each line says arrived; returns what is missing, by material."""
    missing: dict[int, int] = {}
    for line in handover.lines.select_related("material").order_by("pk"):
        line.received = received.get(line.pk, line.quantity)
        if not 0 <= line.received <= line.quantity:
            raise Refusal(_("No more was received than was sent."), field=f"received-{line.pk}")
        if line.received < line.quantity:
            missing[line.material_id] = line.quantity - line.received
        line.save(update_fields=["received"])
    if missing and not reason.strip():
        raise Refusal(_("Say why less arrived than was sent."), field="shortfall_reason")
    if missing:
        audit.record("lines_changed", handover, by=by, after={"received": received_in_words(handover)}, reason=reason.strip())
    return missing


def _arrivals(handover: MaterialHandover, missing: dict[int, int]) -> list[ledger.Move]:
    """Out of transit into the taker's hand; what is missing back into the hand it came from."""
    taker, moves, back = ledger.holder_of(handover.taker), [], dict(missing)
    for movement in handover.movements.filter(account=MaterialAccount.TRANSIT).order_by("pk"):
        short = min(back.get(movement.material_id, 0), movement.quantity)
        back[movement.material_id] = back.get(movement.material_id, 0) - short
        moves.append(ledger.Move(movement.material_id, movement.holder_id, MaterialAccount.TRANSIT, -movement.quantity))
        moves.append(ledger.Move(movement.material_id, taker.pk, MaterialAccount.ON_HAND, movement.quantity - short))
        moves.append(ledger.Move(movement.material_id, movement.holder_id, MaterialAccount.ON_HAND, short))
    return moves


@action("production.cancel_materialhandover")
def cancel_handover(
    handover: MaterialHandover, *, by: Any, version: int, reason: str, cancelled_on: dt.date | None = None
) -> MaterialHandover:
    """It was wrong: the number stays used, everything it moved goes back, refused where the taker has handed it on."""
    records.lock(handover, version=version)
    last = handover.received_on or handover.handed_over_on
    authors = (handover.created_by_id, handover.edited_by_id)
    day = refuse_wrong_cancellation(by, authors, reason, cancelled_on, since=last)
    refuse_lone_cancellation(handover.issued_by_id, "cancel_materialhandover", handover.store.region, by=by, authors=authors)
    advance(handover, Status.CANCELLED, by=by, reason=reason, **cancelled(by, day, reason))
    ledger.undo(handover, programme=handover.programme, effective_on=day)
    return handover


def shortages(handover: MaterialHandover) -> list[str]:
    """What would refuse issuing a draft now, a sentence a material."""
    there = ledger.available(handover.giver, programme=handover.programme, on=handover.handed_over_on)
    return [
        str(ledger.InsufficientMaterial(line.material, has, line.leaving))
        for line in handover.lines.all()
        if (has := sum(there.get(line.material_id, {}).values())) < line.leaving
    ]


def received_in_words(handover: MaterialHandover) -> list[str]:
    lines: Any = handover.lines.select_related("material").order_by("pk")
    return [f"{line.material}: {line.said_received}" for line in lines]


def lines_in_words(handover: MaterialHandover) -> list[str]:
    lines: Any = handover.lines.select_related("material").order_by("pk")
    return [_line_in_words(line) for line in lines]


def _line_in_words(line: MaterialHandoverLine) -> str:
    parts = [("sisa potong", line.said_scrap), ("terpakai", line.said_used), ("", line.specification)]
    details = ", ".join(f"{word} {said}".strip() for word, said in parts if said)
    return f"{line} ({details})" if details else str(line)


def _send(handover: MaterialHandover, lines: dict[int, MaterialHandoverLine], draws: Sequence[ledger.Draw]) -> None:
    """Out of the giver's hand: what goes back or on is in transit, what was used or became scrap is booked as that."""
    sent: list[ledger.Move] = []
    settled: list[ledger.Move] = []
    left = {(pk, account): quantity for pk, line in lines.items() for account, quantity in _parts(line)}
    for draw in draws:
        rest = draw.quantity
        for account in (MaterialAccount.TRANSIT, MaterialAccount.SCRAP, MaterialAccount.USED):
            part = min(rest, left[draw.material_id, account])
            left[draw.material_id, account] -= part
            rest -= part
            (sent if account == MaterialAccount.TRANSIT else settled).extend(draw.to(account, part) if part else [])
    facts: dict[str, Any] = {"programme": handover.programme, "effective_on": handover.handed_over_on, "source": handover}
    for kind, moves in ((Kind.DISPATCH, sent), (Kind.SETTLEMENT, settled)):
        if moves:
            ledger.post(moves, kind=kind, **facts)


def _parts(line: MaterialHandoverLine) -> list[tuple[MaterialAccount, int]]:
    return [
        (MaterialAccount.TRANSIT, line.quantity),
        (MaterialAccount.SCRAP, line.scrap or 0),
        (MaterialAccount.USED, line.used or 0),
    ]


def _partner_of(facts: dict[str, Any]) -> Any:
    given = [facts[name] for name in PARTNERS if facts.get(name) is not None]
    if len(given) != 1:
        raise Refusal(_("Say who is at the other end: a store, a batch, a business or a participant."))
    return given[0]


def _facts(handover: MaterialHandover) -> dict[str, Any]:
    return {name: getattr(handover, name) for name in model_to_dict(handover, exclude=["id", "store"])}


def _write_lines(handover: MaterialHandover, lines: Sequence[MaterialLine]) -> None:
    MaterialHandoverLine.objects.bulk_create(
        MaterialHandoverLine(
            handover=handover,
            material=line.material,
            quantity=line.quantity,
            scrap=line.scrap,
            used=line.used,
            specification=line.specification,
        )
        for line in lines
    )


def _refuse_unless_draft(handover: MaterialHandover) -> None:
    if not handover.is_draft:
        raise Refusal(_("An issued document cannot be changed. Cancel it and issue another."))


def _refuse_wrong_lines(kind: str, lines: Sequence[MaterialLine]) -> None:
    if not lines:
        raise Refusal(_("Add at least one line."), field="lines")
    for place, line in enumerate(lines):
        if line.quantity < 0 or line.quantity + (line.scrap or 0) + (line.used or 0) < 1:
            raise Refusal(_("Fill in how much."), field=in_row("lines", place, "amount"))
    if kind == MaterialHandover.Kind.GIVING and any(line.scrap is not None or line.used is not None for line in lines):
        raise Refusal(_("Scrap and use are said when left-overs come back."), field="lines")
    refuse_twice([line.material.pk for line in lines], _("A material is listed twice."), "material")


def _refuse_wrong_facts(store: Store, partner: Any, kind: str, facts: dict[str, Any]) -> None:
    programme, office, on = facts["programme"], facts["giver_office"], facts["handed_over_on"]
    refuse_closed(programme)
    if not (programme.region.covers(store.region) and programme.region.covers(partner.region)):
        raise Refusal(_("This programme is not carried out there."), field="programme")
    if not isinstance(partner, Store) and not store.region.covers(partner.region):
        raise Refusal(_("These makers belong to another region."))
    refuse_wrong_date(on, facts.get("backdating_reason") or "", "handed_over_on")
    if facts.get("return_due_on") and facts["return_due_on"] < on:
        raise Refusal(_("Left-overs cannot be due before the material is handed over."), field="return_due_on")
    _refuse_wrong_office(store.region, office)
    refuse_wrong_signatory(facts["signer"], office, on, "signer")
    _refuse_wrong_partner(partner, facts, on)


def _refuse_wrong_partner(partner: Any, facts: dict[str, Any], on: dt.date) -> None:
    """For a store an official signs who is not the giver's; for makers a person whose name is written down."""
    official = facts.get("partner_official")
    giver = Signing(Part.GIVER, facts["signer"].name, "signer")
    if not isinstance(partner, Store):
        if not str(facts.get("partner_name") or "").strip():
            raise Refusal(_("Write down who signs for the makers."), field="partner_name")
        refuse_one_person_twice([giver, Signing(Part.RECEIVER, facts["partner_name"], "partner_name")])
        return
    if official is None:
        raise Refusal(_("Choose who signs for the other office."), field="partner_official")
    _refuse_wrong_office(partner.region, official.office)
    refuse_wrong_signatory(official, official.office, on, "partner_official")
    refuse_one_person_twice([giver, Signing(Part.RECEIVER, official.name, "partner_official")])


def _refuse_wrong_office(region: Region, office: Office) -> None:
    if office.region_id != region.pk:
        raise Refusal(_("The office and the store belong to different regions."), field="signer")
