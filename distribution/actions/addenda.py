"""Addenda: what an issued BAST says is put right or added to, drafted by one person and issued by another. No goods move."""

from __future__ import annotations

import datetime as dt
from collections.abc import Container, Mapping
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from distribution import snapshots
from distribution.addenda import NEEDED, Statement, field_of, statements_of, words_of
from distribution.models import Addendum, AddendumChange, Handover
from ikm_program import audit, records
from ikm_program.actions import Refusal, action
from ikm_program.states import advance
from production.actions.papers import refuse_wrong_cancellation
from trainings import registers
from trainings.actions.rules import read_identity, read_nip, refuse_wrong_date, refuse_wrong_signatory
from trainings.actions.signing import Part, Signing, refuse_one_person_twice, rows_signing
from trainings.models import Official

KIND = "ba-adendum"
Status = Addendum.Status


@action("distribution.add_addendum")
def draft_addendum(handover: Handover, *, by: Any, words: Mapping[str, str], **facts: Any) -> Addendum:
    """`words`: statement -> how it shall read. What reads as before is left out."""
    _hold(handover)
    _refuse_wrong_facts(handover, facts)
    changes = _changes(handover, words)
    _refuse_one_person_twice(handover, facts["signer"], {statement: after for statement, (_before, after) in changes.items()})
    if not changes and not facts.get("provisions", "").strip():
        raise Refusal(_("Nothing is different from what the paper says. Change a statement, or write a provision."))
    made = records.create(Addendum, by=by, handover=handover, edited_by=by, **facts)
    for statement, (before, after) in changes.items():
        made.changes.create(statement=statement, before=before, after=after)
    return made


@action("distribution.change_addendum")
def discard_addendum(addendum: Addendum, *, by: Any, version: int) -> None:
    """Throw a draft away; it never had a number."""
    if not addendum.is_draft:
        raise Refusal(_("An issued document cannot be changed. Use a cancellation."))
    records.claim(addendum, version=version)
    audit.record("discarded", addendum, by=by, before={"changes": [str(change) for change in addendum.changes.all()]})
    addendum.delete()


@action("distribution.issue_addendum")
def issue_addendum(addendum: Addendum, *, by: Any, version: int) -> Addendum:
    """Draf -> Diterbitkan: the BAST reads so from now on, and whoever checks it is told."""
    records.lock(addendum, version=version)
    if not addendum.is_draft:
        raise Refusal(_("It was issued already."))
    if addendum.is_drafted_by(by):
        raise Refusal(_("Nobody issues a document they drafted themselves."))
    handover = _hold(addendum.handover)
    facts = ("agreed_on", "backdating_reason", "signer", "reason")
    _refuse_wrong_facts(handover, {name: getattr(addendum, name) for name in facts})
    _refuse_other_words(addendum, handover)
    _refuse_one_person_twice(handover, addendum.signer, _said_by(addendum))
    document = registers.issue_document(
        handover.giver_office,
        KIND,
        subject=addendum,
        on=addendum.agreed_on,
        by=by,
        content=lambda issue: snapshots.of_addendum(addendum, issue),
        regions=handover.document.regions.all() if handover.document else (),
    )
    issued = {"issued_at": timezone.now(), "issued_by": by, "document": document}
    return advance(addendum, Status.ISSUED, by=by, reason=addendum.backdating_reason, **issued)


@action("distribution.issue_addendum")
def cancel_addendum(addendum: Addendum, *, by: Any, version: int, reason: str, cancelled_on: dt.date | None = None) -> Addendum:
    """Diterbitkan -> Dibatalkan: the BAST reads as it did. The last addendum that speaks of a statement goes first."""
    records.lock(addendum, version=version)
    day = cancelled_on or timezone.localdate()
    refuse_wrong_cancellation(addendum.agreed_on, day, reason)
    _hold(addendum.handover)
    if _is_spoken_over(addendum):
        raise Refusal(_("A later addendum changed the same statement. Cancel that one first."))
    words = words_of(addendum.handover, without=addendum)
    _refuse_one_name_twice(addendum.handover, words, changed=_said_by(addendum))
    said = {"cancelled_on": day, "cancelled_by": by, "cancelled_reason": reason.strip()}
    return advance(addendum, Status.CANCELLED, by=by, reason=reason, **said)


def _is_spoken_over(addendum: Addendum) -> bool:
    """Whether an addendum that was issued later speaks of one of its statements, whatever it says."""
    others = Addendum.objects.issued().filter(handover=addendum.handover).exclude(pk=addendum.pk)
    later = others.filter(Q(issued_at__gt=addendum.issued_at) | Q(issued_at=addendum.issued_at, pk__gt=addendum.pk))
    statements = addendum.changes.values("statement")
    return AddendumChange.objects.filter(addendum__in=later, statement__in=statements).exists()


def _said_by(addendum: Addendum) -> dict[str, str]:
    return dict(addendum.changes.values_list("statement", "after"))


def obstacles(addendum: Addendum) -> list[str]:
    """What would refuse issuing it now, in words."""
    try:
        _refuse_void(addendum.handover)
        _refuse_other_words(addendum, addendum.handover)
        _refuse_one_person_twice(addendum.handover, addendum.signer, _said_by(addendum))
    except Refusal as refusal:
        return [str(refusal)]
    return []


def _hold(handover: Handover) -> Handover:
    """Its cancellation, or another addendum, comes before this one or after it."""
    held = Handover.objects.select_for_update().get(pk=handover.pk)
    _refuse_void(held)
    return Handover.objects.select_related("giver_office__region", "giver", "store", "recipient", "document").get(pk=held.pk)


def _refuse_void(handover: Handover) -> None:
    if not handover.is_live:
        raise Refusal(_("An addendum goes with a BAST that is issued and not cancelled."))


def _refuse_wrong_facts(handover: Handover, facts: Mapping[str, Any]) -> None:
    on = facts["agreed_on"]
    refuse_wrong_date(on, facts.get("backdating_reason", ""), "agreed_on")
    if on < handover.handed_over_on:
        raise Refusal(_("An addendum is not older than its BAST."), field="agreed_on")
    if not facts["reason"].strip():
        raise Refusal(_("Say why the paper is changed."), field="reason")
    refuse_wrong_signatory(facts["signer"], handover.giver_office, on, "signer")


def _changes(handover: Handover, words: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    now, allowed = words_of(handover), statements_of(handover)
    changes: dict[str, tuple[str, str]] = {}
    for statement in allowed:
        after = _read(handover, statement, words.get(statement, now[statement]))
        if after != _tidied(now[statement]):
            changes[statement] = now[statement], after
    return changes


def _refuse_one_person_twice(handover: Handover, signer: Official, after: dict[str, str]) -> None:
    """Neither on the BAST as it reads then, nor on the addendum, which an official of its own and the receiver sign."""
    words = words_of(handover) | after
    _refuse_one_name_twice(handover, words, changed=after)
    receiver = Signing(Part.RECEIVER, words[Statement.RECEIVER_NAME])
    refuse_one_person_twice([Signing(Part.GIVER, signer.name, "signer")], standing=[receiver])


def _refuse_one_name_twice(handover: Handover, words: Mapping[str, str], *, changed: Container[str]) -> None:
    """Nobody whose name is `changed` signs the BAST as somebody else already; what else stands on it was issued so."""
    parts = {Statement.RECEIVER_NAME: Part.RECEIVER, Statement.WITNESSED_NAME: Part.ACKNOWLEDGES}
    named = {statement: Signing(part, words[statement], field_of(statement)) for statement, part in parts.items()}
    standing = [one for statement, one in named.items() if statement not in changed]
    witnesses = rows_signing(Part.WITNESS, handover.witnesses.all(), of="witnesses")
    refuse_one_person_twice(
        [one for statement, one in named.items() if statement in changed],
        standing=[*witnesses, *standing, Signing(Part.GIVER, handover.giver.name)],
    )


def _read(handover: Handover, statement: str, text: str) -> str:
    words = _tidied(text)
    if not words and statement in NEEDED:
        raise Refusal(_("The paper needs this statement."), field=field_of(statement))
    if words and statement == Statement.WITNESSED_NUMBER:
        return read_nip(words, field=field_of(statement))
    if words and statement == Statement.RECEIVER_NUMBER:
        kind, on_record = handover.receiver_identity_kind, handover.receiver_identity_number
        return str(read_identity(kind, words, on_record=on_record, fields=field_of("receiver_identity"))[1])
    return words


def _tidied(text: str) -> str:
    """Without the blanks at the ends of lines, and lines ended in one way: what differs in nothing else is no change."""
    return "\n".join(line.strip() for line in text.strip().splitlines())


def _refuse_other_words(addendum: Addendum, handover: Handover) -> None:
    """Somebody else's addendum may have changed the same statement since this one was drafted."""
    now = words_of(handover, without=addendum)
    for change in addendum.changes.all():
        if now[change.statement] != change.before:
            raise Refusal(
                _("“%(statement)s” reads otherwise since this draft was written. Throw it away and write it anew.")
                % {"statement": change.get_statement_display()}
            )
