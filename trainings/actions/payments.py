"""Payment lists while they are drafts: computed from attendance, computed again, thrown away. Nobody types a line."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from ikm_program import audit, records
from ikm_program.actions import Refusal, action
from trainings import payment_rows
from trainings.actions.rules import refuse_out_of_office, require_open, require_within_reach
from trainings.entitlements import Calculation, Unearned, compute, to_recover
from trainings.models import Attendance, Batch, DayChoice, Office, Official, PaymentList
from trainings.payment_days import last_day

Kind, Nature = PaymentList.Kind, PaymentList.Nature
OFFICIALS = ("ppk", "treasurer", "kpa")


@action("trainings.add_paymentlist")
def make_list(batch: Batch, *, by: Any, kind: str, office: Office, **facts: Any) -> PaymentList:
    """A draft of all that attendance has earned and no live list pays. A second one of a kind is a supplement."""
    _require_payable(batch, by=by)
    if kind not in PaymentList.ATTENDED:
        raise Refusal(_("This kind of payment is not computed from attendance."), "kind")
    found = compute(batch, kind)
    _refuse_nothing(found)
    is_first = not PaymentList.objects.live().filter(batch=batch, kind=kind).exists()
    payment_list = _create(batch, by=by, kind=kind, nature=Nature.FIRST if is_first else Nature.SUPPLEMENT, office=office, **facts)
    payment_rows.write_earned(payment_list, found, by=by)
    refuse_wrong_officials(payment_list)
    return payment_list


@action("trainings.add_paymentlist")
def make_recovery(batch: Batch, *, by: Any, kind: str, office: Office, **facts: Any) -> PaymentList:
    """A draft of what was paid for days on which, as attendance says now, the person was not there."""
    _require_payable(batch, by=by)
    found = to_recover(batch, kind)
    _refuse_nothing_back(found)
    payment_list = _create(batch, by=by, kind=kind, nature=Nature.RECOVERY, office=office, **facts)
    payment_rows.write_recovery(payment_list, found, by=by)
    refuse_wrong_officials(payment_list)
    return payment_list


@action("trainings.change_paymentlist")
def update_list(payment_list: PaymentList, *, by: Any, version: int | None = None, **facts: Any) -> PaymentList:
    """What stands in the list's head. The lines are not typed."""
    require_within_reach(payment_list.region, by=by, field=None)
    refuse_unless_draft(payment_list)
    refuse_wrong_officials(payment_list, facts)
    return records.update(payment_list, by=by, version=version, **facts)


@action("trainings.change_paymentlist")
def compute_again(payment_list: PaymentList, *, by: Any, version: int) -> PaymentList:
    """The draft as attendance says now."""
    records.lock(payment_list, version=version)
    require_within_reach(payment_list.region, by=by, field=None)
    refuse_unless_draft(payment_list)
    batch = payment_list.batch
    if payment_list.is_purchase or batch is None:
        raise Refusal(_("What was bought is not computed from attendance."))
    if payment_list.is_recovery:
        unearned = to_recover(batch, payment_list.kind)
        _refuse_nothing_back(unearned)
        payment_rows.write_recovery(payment_list, unearned, by=by)
    else:
        found = compute(batch, payment_list.kind)
        _refuse_nothing(found)
        payment_rows.write_earned(payment_list, found, by=by)
    return payment_list


@action("trainings.change_paymentlist")
def discard_list(payment_list: PaymentList, *, by: Any, version: int) -> None:
    """Throw a draft away: nothing of it was paid, and its days stay open."""
    records.lock(payment_list, version=version)
    require_within_reach(payment_list.region, by=by, field=None)
    refuse_unless_draft(payment_list)
    if payment_list.is_purchase:
        raise Refusal(_("The lines belong to a purchase. Cancel the list instead."))
    payment_rows.clear(payment_list)
    audit.record("discarded", payment_list, by=by, before={"net": payment_list.net})
    payment_list.delete()


@action("trainings.change_paymentlist")
def choose_day(attendance: Attendance, *, by: Any, reason: str) -> DayChoice:
    """Of two batches on one date this attendance is the one that is paid."""
    person, on = attendance.enrolment.participant, attendance.session.held_on
    require_within_reach(person.region, by=by, field=None)
    if attendance.mark != Attendance.Mark.PRESENT:
        raise Refusal(_("An absent day is not paid."))
    same_person = DayChoice.objects.select_for_update(of=("self",)).filter(participant=person, on=on)
    choice = same_person.first() or (person.nik and DayChoice.objects.filter(nik=person.nik, on=on).first())
    if choice:
        return records.update(choice, by=by, participant=person, nik=person.nik, attendance=attendance, reason=reason)
    return records.create(DayChoice, by=by, participant=person, nik=person.nik, on=on, attendance=attendance, reason=reason)


def refuse_unless_draft(payment_list: PaymentList) -> None:
    if not payment_list.is_draft:
        raise Refusal(_("A locked list cannot be changed. Cancel it and make a new one."))


def _create(batch: Batch, *, by: Any, **values: Any) -> PaymentList:
    programme = batch.activity.programme
    return records.create(PaymentList, by=by, programme=programme, region=batch.region, batch=batch, **values)


def _require_payable(batch: Batch, *, by: Any) -> None:
    require_within_reach(batch.region, by=by, field=None)
    require_open(batch.activity.programme)
    list(
        Batch.objects.select_for_update(of=("self",)).filter(pk=batch.pk).values_list("pk")
    )  # two who compute at once: one after the other


def refuse_wrong_officials(payment_list: PaymentList, facts: Mapping[str, Any] | None = None, *, on: dt.date | None = None) -> None:
    """The three who sign are of the paying office and in office on the day `on` of the paper, PPK and treasurer two people.

    Before the approval the list has no day: then it is enough that some day is left on which it can be approved.
    Whether they sign papers of goods (`can_sign`) is not asked: a treasurer signs no handover.
    """
    values = {name: getattr(payment_list, name) for name in ("office", *OFFICIALS)} | dict(facts or {})
    named: dict[str, Official] = {name: values[name] for name in OFFICIALS if values[name]}
    first = last_day(payment_list)
    for name, official in named.items():
        if official.office_id != values["office"].pk:
            raise Refusal(_("This official does not belong to the paying office."), name)
        refuse_out_of_office(official, on or _last_chance(official, first), name)
    if named.get("ppk") and named.get("ppk") == named.get("treasurer"):
        raise Refusal(_("The PPK who approves and the treasurer who pays are two people."), "treasurer")


def _last_chance(official: Official, first: dt.date | None) -> dt.date:
    """The last day up to today on which he or she may be in office, and never before the list can be approved."""
    last = min(filter(None, (timezone.localdate(), official.valid_until, official.office.valid_until)))
    return max(first, last) if first else last


def _refuse_nothing(found: Calculation) -> None:
    if not found.has_rule:
        raise Refusal(_("The activity has no rule for this kind of payment in the mode of the batch."))
    if not found.lines:
        raise Refusal(_("There is nothing to pay: no present day is open."))


def _refuse_nothing_back(found: Sequence[Unearned]) -> None:
    if not found:
        raise Refusal(_("There is nothing to recover: attendance bears out all that was paid."))
