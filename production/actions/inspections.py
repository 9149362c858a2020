"""Inspections: drafted by one person, issued by another. Issuing lets the accepted pieces pass and takes the rejected ones out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.forms.models import model_to_dict
from django.utils import timezone
from django.utils.translation import gettext as _

from ikm_program import audit, records
from ikm_program.actions import Refusal, action, in_row
from ikm_program.formatting import jumlah, tanggal_layar
from ikm_program.states import advance
from production import gates, ledger, snapshots
from production.actions.papers import refuse_wrong_cancellation, refuse_wrong_signer, refuse_wrong_team
from production.models import Account, Criterion, Inspection, InspectionLine, Lot, Product, StockMovement, Store
from trainings import registers
from trainings.actions.rules import read_nip, refuse_wrong_date, require_open
from trainings.models import Programme

Status = Inspection.Status


@dataclass(frozen=True)
class Member:
    name: str
    position: str
    nip: str = ""


@dataclass(frozen=True)
class Examined:
    """So many pieces of a lot, examined where they lay, and what became of them."""

    lot: Lot
    account: str
    examined: int
    accepted: int = 0
    to_repair: int = 0
    rejected: int = 0


@dataclass(frozen=True)
class Finding:
    criterion: Criterion
    result: str
    note: str = ""


@dataclass(frozen=True)
class Parts:
    """What hangs on an inspection beside its own fields."""

    lines: Sequence[Examined]
    members: Sequence[Member]
    findings: Sequence[Finding] = ()


@action("production.add_inspection")
def draft_inspection(store: Store, *, by: Any, programme: Programme, product: Product, parts: Parts, **facts: Any) -> Inspection:
    """A draft of what a team found in a store."""
    facts |= {"programme": programme, "product": product, "office": facts["signer"].office}
    _refuse_wrong_facts(store, facts, by=by)
    _refuse_wrong_parts(store, facts, parts)
    inspection = records.create(Inspection, by=by, store=store, edited_by=by, **facts)
    _write_parts(inspection, parts)
    audit.record("lines_changed", inspection, by=by, after={name: part for name, part in _in_words(inspection).items() if part})
    return inspection


@action("production.change_inspection")
def edit_inspection(inspection: Inspection, *, by: Any, version: int, parts: Parts, **facts: Any) -> Inspection:
    """Change a draft; of its parts the trail keeps what they were and became."""
    _refuse_unless_draft(inspection)
    if "signer" in facts:
        facts["office"] = facts["signer"].office
    together = {**_facts(inspection), **facts}
    _refuse_wrong_facts(inspection.store, together, by=by)
    _refuse_wrong_parts(inspection.store, together, parts)
    before = _in_words(inspection)
    records.update(inspection, by=by, version=version, **facts)
    records.claim(inspection, edited_by=by)  # also when only the parts changed
    inspection.edited_by = by
    for rows in (inspection.lines, inspection.members, inspection.findings):
        rows.all().delete()
    _write_parts(inspection, parts)
    after = _in_words(inspection)
    if changed := [name for name in after if after[name] != before[name]]:
        said: dict[str, Any] = {"before": {name: before[name] for name in changed}, "after": {name: after[name] for name in changed}}
        audit.record("lines_changed", inspection, by=by, **said)
    return inspection


@action("production.change_inspection")
def discard_inspection(inspection: Inspection, *, by: Any, version: int) -> None:
    """Throw a draft away; it never had a number."""
    _refuse_unless_draft(inspection)
    records.claim(inspection, version=version)  # who issues or edits it at the same moment comes before or after us
    audit.record("discarded", inspection, by=by, before=_in_words(inspection))
    inspection.delete()


@action("production.issue_inspection")
def issue_inspection(inspection: Inspection, *, by: Any, version: int) -> Inspection:
    """Draf -> Diterbitkan: accepted pieces pass the gate, pieces to be repaired are held, rejected ones are written off."""
    records.lock(inspection, version=version)
    _refuse_unless_draft(inspection)
    if inspection.is_drafted_by(by):
        raise Refusal(_("Nobody issues a document they drafted themselves."))
    facts = _facts(inspection)
    _refuse_wrong_facts(inspection.store, facts, by=by)
    parts = parts_of(inspection)
    _refuse_wrong_parts(inspection.store, facts, parts)
    moves = list(gates.moves_of_inspection(inspection, inspection.lines.order_by("lot_id", "pk")))
    _post(inspection, moves, StockMovement.Kind.INSPECTION, inspection.inspected_on)
    document = registers.issue_document(
        inspection.office,
        "ba-periksa",
        subject=inspection,
        on=inspection.inspected_on,
        by=by,
        content=lambda issue: snapshots.of_inspection(inspection, issue),
        regions=[inspection.store.region, *(line.lot.region for line in inspection.lines.select_related("lot__region"))],
    )
    issued = {"issued_at": timezone.now(), "issued_by": by, "document": document}
    return advance(inspection, Status.ISSUED, by=by, reason=inspection.backdating_reason, **issued)


@action("production.issue_inspection")
def cancel_inspection(inspection: Inspection, *, by: Any, version: int, reason: str, cancelled_on: dt.date | None = None) -> Inspection:
    """Diterbitkan -> Dibatalkan: every piece goes back to where it was examined, or nothing does."""
    records.lock(inspection, version=version)
    day = cancelled_on or timezone.localdate()
    refuse_wrong_cancellation(inspection.inspected_on, day, reason)
    said = {"cancelled_on": day, "cancelled_by": by, "cancelled_reason": reason.strip()}
    advance(inspection, Status.CANCELLED, by=by, reason=reason, **said)
    moves = gates.moves_of_inspection(inspection, inspection.lines.order_by("lot_id", "pk"))
    _post(inspection, gates.reversed_moves(moves), StockMovement.Kind.CANCELLATION, day)
    return inspection


def parts_of(inspection: Inspection) -> Parts:
    lines = inspection.lines.select_related("lot__product", "lot__line__participant", "lot__line__entry__batch__activity")
    return Parts(
        [Examined(line.lot, line.account, line.examined, line.accepted, line.to_repair, line.rejected) for line in lines],
        [Member(member.name, member.position, member.nip) for member in inspection.members.all()],
        [Finding(finding.criterion, finding.result, finding.note) for finding in inspection.findings.select_related("criterion")],
    )


def obstacles(inspection: Inspection) -> list[str]:
    """What would refuse issuing it now, in words."""
    try:
        _refuse_wrong_parts(inspection.store, _facts(inspection), parts_of(inspection))
    except Refusal as refusal:
        return [str(refusal)]
    return []


def _facts(inspection: Inspection) -> dict[str, Any]:
    return {name: getattr(inspection, name) for name in model_to_dict(inspection, exclude=["id", "store"])}


def _post(inspection: Inspection, moves: Sequence[ledger.Move], kind: StockMovement.Kind, on: dt.date) -> None:
    if not moves:
        return
    try:
        with transaction.atomic():
            ledger.post(moves, kind=kind, effective_on=on, source=inspection, description=str(inspection))
    except ledger.NotEnough:
        raise Refusal(_("Some of these pieces are no longer where they were: they were handed over, moved or bought since.")) from None


def _refuse_unless_draft(inspection: Inspection) -> None:
    if not inspection.is_draft:
        raise Refusal(_("An issued document cannot be changed. Use a cancellation."))


def _refuse_wrong_facts(store: Store, facts: Mapping[str, Any], *, by: Any) -> None:
    require_open(facts["programme"])
    refuse_wrong_date(facts["inspected_on"], facts.get("backdating_reason", ""), "inspected_on")
    refuse_wrong_signer(facts["signer"], store, facts["inspected_on"], by=by)
    if facts.get("decree_on") and facts["decree_on"] > facts["inspected_on"]:
        raise Refusal(_("The decree that names the team is not later than the inspection."), field="decree_on")


def _refuse_wrong_parts(store: Store, facts: Mapping[str, Any], parts: Parts) -> None:
    refuse_wrong_team(parts.members, facts["signer"])
    if not parts.lines:
        raise Refusal(_("Say of at least one lot how many were examined."))
    examined = sum(line.examined for line in parts.lines)
    if (facts.get("sample_size") or 0) > examined:
        raise Refusal(_("The sample cannot be larger than what was examined (%(n)s).") % {"n": jumlah(examined)}, field="sample_size")
    places = [(line.lot.pk, store.pk, str(line.account)) for line in parts.lines]
    there = ledger.standing_on(places, facts["inspected_on"])
    for line, place in zip(parts.lines, places, strict=True):
        _refuse_wrong_line(line, facts, there[place])
    for finding in parts.findings:
        _refuse_wrong_criterion(finding.criterion, facts["product"], [line.lot for line in parts.lines])


def _refuse_wrong_line(line: Examined, facts: Mapping[str, Any], there: int) -> None:
    field = line_field(line.lot.pk, line.account)
    if line.lot.product_id != facts["product"].pk or line.lot.programme_id != facts["programme"].pk:
        raise Refusal(_("A chosen lot is not in this store."), field=field)
    if line.account not in gates.examinable(facts["programme"]):
        raise Refusal(_("These goods do not wait for an inspection."), field=field)
    split = (line.accepted, line.to_repair, line.rejected)
    if min(split) < 0 or line.examined < 1 or sum(split) != line.examined:
        raise Refusal(
            _("%(lot)s: accepted, to be repaired and rejected add up to %(sum)s, examined were %(examined)s.")
            % {"lot": line.lot, "sum": jumlah(sum(split)), "examined": jumlah(line.examined)},
            field=field,
        )
    if line.examined > there:
        raise Refusal(
            _("%(lot)s: on %(date)s %(there)s %(unit)s were there to be examined, not %(examined)s.")
            % {
                "lot": line.lot,
                "date": tanggal_layar(facts["inspected_on"]),
                "there": jumlah(there),
                "unit": line.lot.product.unit,
                "examined": jumlah(line.examined),
            },
            field=field,
        )


def _refuse_wrong_criterion(criterion: Criterion, product: Product, lots: Sequence[Lot]) -> None:
    """Goods are judged by what held when they were made."""
    field = f"criterion-{criterion.pk}"
    if criterion.product_id != product.pk:
        raise Refusal(_("This criterion is of another product."), field=field)
    early = [lot.made_on for lot in lots if criterion.valid_from and lot.made_on < criterion.valid_from]
    if early and criterion.valid_from:
        raise Refusal(
            _("“%(criterion)s” holds from %(from)s and cannot judge goods made on %(made)s.")
            % {"criterion": criterion, "from": tanggal_layar(criterion.valid_from), "made": tanggal_layar(min(early))},
            field=field,
        )
    late = [lot.made_on for lot in lots if not criterion.judges(lot.made_on)]
    if late and criterion.valid_until:
        raise Refusal(
            _("“%(criterion)s” held until %(until)s and cannot judge goods made on %(made)s.")
            % {"criterion": criterion, "until": tanggal_layar(criterion.valid_until), "made": tanggal_layar(max(late))},
            field=field,
        )


def line_field(lot_id: int, account: str) -> str:
    """The form field in which a lot's examined pieces are typed."""
    return f"examined-{lot_id}-{account}"


def _write_parts(inspection: Inspection, parts: Parts) -> None:
    for line in parts.lines:
        split = {name: getattr(line, name) for name in ("examined", "accepted", "to_repair", "rejected")}
        inspection.lines.create(lot=line.lot, account=str(line.account), **split)
    for place, member in enumerate(parts.members):
        nip = read_nip(member.nip, field=in_row("members", place, "nip")) if member.nip else ""
        inspection.members.create(name=member.name, position=member.position, nip=nip)
    for finding in parts.findings:
        inspection.findings.create(criterion=finding.criterion, result=finding.result, note=finding.note)


def _in_words(inspection: Inspection) -> dict[str, list[str]]:
    lines = inspection.lines.select_related("lot__product", "lot__line__participant").order_by("pk")
    return {
        "lines": [_line_in_words(line) for line in lines],
        "members": [str(member) for member in inspection.members.order_by("pk")],
        "findings": [str(finding) for finding in inspection.findings.select_related("criterion").order_by("pk")],
    }


def _line_in_words(line: InspectionLine) -> str:
    split = ", ".join(jumlah(part) for part in (line.accepted, line.to_repair, line.rejected))
    return f"{line} ({Account(line.account).label}; {split})"
