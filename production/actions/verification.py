"""Verification by the province: what is accepted becomes lots in the district's store."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid5

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from ikm_program.actions import Refusal, StaleVersion, action
from ikm_program.formatting import jumlah
from ikm_program.states import advance
from production import gates, ledger, plausibility
from production.actions.output import report_movement, reverse_submission
from production.models import Account, Lot, OutputEntry, OutputLine, StockMovement, Store
from trainings.models import Region

Status = OutputEntry.Status
Kind = StockMovement.Kind


@dataclass
class BulkResult:
    """What became of each entry of a selection: done, or refused with the reason."""

    done: list[OutputEntry] = field(default_factory=list)
    refused: list[tuple[OutputEntry, str]] = field(default_factory=list)


@action("production.verify_outputentry")
def verify_output(
    entry: OutputEntry,
    *,
    by: Any,
    version: int,
    quantity: int | None = None,
    parts: Mapping[int, int] | None = None,
    reason: str = "",
    verified_on: dt.date | None = None,
) -> OutputEntry:
    """Accept a report, whole by default. `parts` gives the accepted quantity per line (its primary key) where it is lower.

    `verified_on` is when it happened (default today); the verified pieces enter the district's store that day.
    """
    if entry.version != version:
        raise StaleVersion
    _refuse_own(entry, by)
    lines = list(entry.lines.select_related("participant", "corrects__lot"))
    accepted = _accepted(entry, lines, quantity, parts, reason)
    day = _day(entry, verified_on)
    total = sum(accepted.values())
    facts = {"verified_quantity": total, "verified_reason": reason, "verified_on": day, "verified_at": timezone.now(), "verified_by": by}
    advance(entry, Status.VERIFIED, by=by, reason=reason, **facts)
    for line in lines:
        line.verified_quantity = accepted[line.pk]
        line.save(update_fields=["verified_quantity"])
    report_movement(entry, day, pending=-entry.reported, verified=total, rejected=entry.reported - total).save()
    if entry.is_correction:
        _correct_lot(entry, lines[0], total, day)
    else:
        _make_lots(entry, [line for line in lines if accepted[line.pk]], day)
    return entry


@action("production.verify_outputentry")
def return_output(entry: OutputEntry, *, by: Any, version: int, reason: str) -> OutputEntry:
    """Send a report back to its author with the reason."""
    if entry.version != version:
        raise StaleVersion
    if not reason.strip():
        raise Refusal(_("A reason for returning is required."), field="reason")
    _refuse_own(entry, by)
    advance(entry, Status.RETURNED, by=by, reason=reason, returned_reason=reason)
    reverse_submission(entry)
    return entry


def verify_many(entries: Sequence[OutputEntry], *, by: Any, verified_on: dt.date | None = None, key: UUID | None = None) -> BulkResult:
    """Verify each as reported, in a transaction of its own: the good ones are done, the rest listed with the reason.

    What is flagged as odd is looked at by itself: it is left out and listed. Sent again with the same `key`, what was done is told as done.
    """
    result = BulkResult()
    flags = plausibility.flags_of(entries)
    for entry in entries:
        is_waiting = entry.status == Status.SUBMITTED  # what was decided already is no question any more
        if is_waiting and (odd := [flag for flag in flags[entry.pk] if flag.is_doubt]):
            words = _("left out, because it is %(flags)s. Look at it and decide on it alone.")
            result.refused.append((entry, words % {"flags": ", ".join(str(flag.code.label) for flag in odd)}))
            continue
        try:
            result.done.append(verify_output(entry, by=by, key=_key_for(entry, key), version=entry.version, verified_on=verified_on))
        except Refusal as refusal:
            result.refused.append((entry, str(refusal)))
    return result


def return_many(entries: Sequence[OutputEntry], *, by: Any, reason: str, key: UUID | None = None) -> BulkResult:
    """Return each with the same reason, in a transaction of its own."""
    result = BulkResult()
    for entry in entries:
        try:
            result.done.append(return_output(entry, by=by, key=_key_for(entry, key), version=entry.version, reason=reason))
        except Refusal as refusal:
            result.refused.append((entry, str(refusal)))
    return result


def _key_for(entry: OutputEntry, key: UUID | None) -> UUID | None:
    """Each report of many is an act of its own: the key of the form makes one for it."""
    return uuid5(key, str(entry.pk)) if key else None


def default_store(region: Region) -> Store:
    """The store that a region's verified output enters; made on first need."""
    with translation.override(settings.LANGUAGE_CODE):  # the name is kept, whatever language the verifier's screen has
        name = _("Store of %(region)s") % {"region": region.name}
    store, _created = Store.objects.get_or_create(region=region, is_default=True, defaults={"name": name})
    return store


def _refuse_own(entry: OutputEntry, by: Any) -> None:
    if by.pk in (entry.created_by_id, entry.submitted_by_id):
        raise Refusal(_("Nobody verifies what they entered themselves."))


def _day(entry: OutputEntry, verified_on: dt.date | None) -> dt.date:
    day = verified_on or timezone.localdate()
    if day < entry.made_on or day > timezone.localdate():
        raise Refusal(_("The date of verification lies between the production date and today."), field="verified_on")
    return day


def _accepted(
    entry: OutputEntry, lines: Sequence[OutputLine], quantity: int | None, parts: Mapping[int, int] | None, reason: str
) -> dict[int, int]:
    """The accepted quantity of every line, refused where it is more than was reported or lower without a reason."""
    accepted = {line.pk: line.good for line in lines}
    if parts:
        accepted.update({pk: value for pk, value in parts.items() if pk in accepted})
    elif quantity is not None and quantity != entry.good:
        if len(lines) != 1:
            raise Refusal(_("Say for each maker how many are accepted."), field="quantity")
        accepted[lines[0].pk] = quantity
    if entry.is_correction and any(accepted[line.pk] != line.good for line in lines):
        raise Refusal(_("A correction is verified as it stands, or returned."), field="quantity")
    if not entry.is_correction and any(not 0 <= accepted[line.pk] <= line.good for line in lines):
        raise Refusal(
            _("The verified quantity cannot exceed the reported one (%(good)s).") % {"good": jumlah(entry.good)}, field="quantity"
        )
    if sum(accepted.values()) < entry.good and not entry.is_correction and not reason.strip():
        raise Refusal(_("Say why fewer are accepted than were reported."), field="reason")
    return accepted


def _make_lots(entry: OutputEntry, lines: Sequence[OutputLine], day: dt.date) -> None:
    programme = entry.batch.activity.programme
    store = default_store(entry.region)
    lots = [
        Lot.objects.create(line=line, programme=programme, product=entry.product, region=entry.region, made_on=entry.made_on)
        for line in lines
    ]
    begins = gates.first_account(programme)
    moves = [ledger.Move(lot.pk, store.pk, begins, lot.line.verified_quantity or 0) for lot in lots]
    ledger.post(moves, kind=Kind.VERIFIED, effective_on=day, source=entry, description=str(entry))


def _correct_lot(entry: OutputEntry, line: OutputLine, difference: int, day: dt.date) -> None:
    """A correction changes the lot of the line it names, in the store and the account that the lot came into.

    What an inspection or a purchase has already let pass is theirs: they are cancelled first.
    """
    lot = Lot.objects.filter(line=line.corrects).select_related("product").first()
    if lot is None:
        raise Refusal(_("Nothing of the corrected line was accepted; record a new report instead."))
    arrival = lot.movements.filter(kind=Kind.VERIFIED).select_related("store").first()
    assert arrival is not None  # every lot begins with one
    account = Account(arrival.account)
    try:
        with transaction.atomic():
            ledger.post(
                [ledger.Move(lot.pk, arrival.store_id, account, difference)],
                kind=Kind.CORRECTION,
                effective_on=day,
                source=entry,
                description=entry.note,
            )
    except ledger.NotEnough:
        if account != Account.STOCK:
            raise Refusal(_("These pieces were inspected or bought already. Cancel the inspection or the purchase first.")) from None
        there = lot.balances.filter(store=arrival.store, account=account).values_list("quantity", flat=True).first() or 0
        raise ledger.InsufficientStock(there, -difference, lot.product.unit) from None
