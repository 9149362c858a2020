"""From a draft to money in hand: locked, approved by the PPK, paid by the treasurer, received; or cancelled before it is paid."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.utils import timezone
from django.utils.translation import gettext as _

from ikm_program import audit, records
from ikm_program.actions import Refusal, action
from ikm_program.formatting import tanggal_layar
from ikm_program.states import advance, can_advance
from ikm_program.uploads import read_evidence
from trainings import payment_papers, registers
from trainings.actions.payments import refuse_unless_draft, refuse_wrong_officials
from trainings.actions.rules import refuse_wrong_date, require_within_reach
from trainings.entitlements import (
    Calculation,
    absent_days,
    agrees,
    compute,
    in_words,
    quotas_without_a_day,
    recovers,
    to_recover,
)
from trainings.models import Attendance, PaymentDay, PaymentLine, PaymentList, PaymentReceipt, WithdrawnReceipt
from trainings.payment_days import last_day

Status = PaymentList.Status


@action("trainings.lock_paymentlist")
def lock_list(payment_list: PaymentList, *, by: Any, version: int) -> PaymentList:
    """Draf -> Terkunci: it is what attendance says, its days are taken, its content is frozen."""
    records.lock(payment_list, version=version)
    require_within_reach(payment_list.region, by=by, field=None)
    refuse_unless_draft(payment_list)
    if payment_list.ppk is None or payment_list.treasurer is None:
        raise Refusal(_("Say which PPK approves and which treasurer pays before the list is locked."))
    refuse_wrong_officials(payment_list)
    _refuse_other_than_attendance(payment_list)
    _take(payment_list)
    frozen = payment_papers.content_of(payment_list)
    digest, decree = payment_papers.digest_of(frozen), payment_list.cited_decree
    PaymentList.objects.filter(pk=payment_list.pk).update(snapshot=frozen)  # the trail keeps its hash, not all of it
    facts = {"locked_at": timezone.now(), "locked_by": by, "content_sha256": digest}
    advance(payment_list, Status.LOCKED, by=by, decree=decree, **facts)
    payment_list.snapshot = frozen
    return payment_list


@action("trainings.approve_paymentlist")
def approve_list(
    payment_list: PaymentList, *, by: Any, version: int, approved_on: dt.date | None = None, backdating_reason: str = ""
) -> PaymentList:
    """Terkunci -> Disetujui, by the PPK, who neither made nor locked it. Now it is a paper of the office: it gets its number.

    Not at the lock: a list that the PPK sends back would leave a cancelled number behind.
    """
    records.lock(payment_list, version=version)
    require_within_reach(payment_list.region, by=by, field=None)
    if payment_list.is_made_by(by):
        raise Refusal(_("Nobody approves a list that they made or locked themselves."))
    on = approved_on or timezone.localdate()
    refuse_wrong_date(on, backdating_reason, "approved_on")
    _refuse_before_the_work(payment_list, on, "approved_on")
    refuse_wrong_officials(payment_list, on=on)
    _refuse_absent(payment_list)
    if not can_advance(payment_list, Status.APPROVED):
        return advance(payment_list, Status.APPROVED, by=by)  # which says why not, before a number is drawn
    document = registers.issue_document(
        payment_list.office,
        payment_papers.KIND,
        subject=payment_list,
        on=on,
        by=by,
        regions=[payment_list.region],
        content=lambda issue: payment_papers.numbered(payment_list.snapshot, issue, on),
    )
    facts = {"approved_on": on, "approved_at": timezone.now(), "approved_by": by}
    return advance(payment_list, Status.APPROVED, by=by, reason=backdating_reason.strip(), document=document, **facts)


@action("trainings.pay_paymentlist")
def pay_list(payment_list: PaymentList, *, by: Any, version: int, paid_on: dt.date) -> PaymentList:
    """Disetujui -> Dibayar, by the treasurer, who took none of the steps before."""
    records.lock(payment_list, version=version)
    require_within_reach(payment_list.region, by=by, field=None)
    _refuse_earlier_hand(payment_list, by)
    if payment_list.is_recovery:
        raise Refusal(_("Nothing is paid out on a recovery. Record what is paid back."))
    if payment_list.approved_on and not payment_list.approved_on <= paid_on <= timezone.localdate():
        raise Refusal(_("The day of payment lies between the approval and today."), "paid_on")
    _refuse_before_the_work(payment_list, paid_on, "paid_on")
    _refuse_absent(payment_list)
    return advance(payment_list, Status.PAID, by=by, paid_on=paid_on, paid_at=timezone.now(), paid_by=by)


@action("trainings.pay_paymentlist")
def record_receipts(
    payment_list: PaymentList,
    *,
    by: Any,
    version: int,
    lines: Sequence[PaymentLine],
    received_on: dt.date,
    how: str,
    reference: str = "",
    evidence: File[bytes] | None = None,
) -> PaymentList:
    """Who has the money (of a recovery: who has given it back). With the last of them the list is done."""
    records.lock(payment_list, version=version)
    require_within_reach(payment_list.region, by=by, field=None)
    _refuse_earlier_hand(payment_list, by)
    if not payment_list.awaits_receipts:
        raise Refusal(_("Receipts are recorded once the list is paid."))
    since = payment_list.approved_on if payment_list.is_recovery else payment_list.paid_on
    assert since is not None  # held by constraints
    if not since <= received_on <= timezone.localdate():
        raise Refusal(_("The day of receipt lies between the payment and today."), "received_on")
    if not lines:
        raise Refusal(_("Tick who has received the money."), "lines")
    kept = _accepted(evidence) if evidence is not None else None
    for line in lines:
        _receive(payment_list, line, by=by, received_on=received_on, how=how, reference=reference, kept=kept)
    records.claim(payment_list)
    if not payment_list.lines.unreceived().exists():
        advance(payment_list, Status.DONE, by=by, finished_at=timezone.now(), finished_by=by)
    return payment_list


@action("trainings.pay_paymentlist")
def withdraw_receipt(receipt: PaymentReceipt, *, by: Any, version: int, reason: str) -> PaymentList:
    """It was recorded by mistake: the line waits for its receipt again, and what was recorded stays in the history."""
    records.lock(receipt, version=version)
    line = PaymentLine.objects.select_related("list__region").get(pk=receipt.line_id)
    payment_list = line.list
    require_within_reach(payment_list.region, by=by, field=None)
    _refuse_earlier_hand(payment_list, by)
    if not reason.strip():
        raise Refusal(_("Say why the receipt is taken back."), "reason")
    if line.recoveries.filter(list__status__in=PaymentList.LIVE).exists():
        raise Refusal(_("What this receipt stands for is being recovered. Cancel the recovery first."))
    names = ("received_on", "how", "reference", "evidence", "evidence_sha256")
    facts: dict[str, Any] = {name: getattr(receipt, name) for name in names}
    WithdrawnReceipt.objects.create(
        line=line,
        **facts,
        recorded_by=receipt.created_by,
        recorded_at=receipt.created_at,
        withdrawn_by=by,
        reason=reason.strip(),
    )
    before = {"received_on": receipt.received_on, "how": receipt.how, "reference": receipt.reference}
    audit.record("receipt_withdrawn", payment_list, by=by, before=before | {"line": str(line.payee)}, reason=reason.strip())
    receipt.delete()
    if line.recovers_id is not None:
        _hold_again(line)
    if payment_list.status != Status.DONE:
        return records.claim(payment_list)
    back_to = Status.APPROVED if payment_list.is_recovery else Status.PAID
    return advance(payment_list, back_to, by=by, reason=reason.strip(), finished_at=None, finished_by=None)


@action("trainings.pay_paymentlist")
def attach_scan(payment_list: PaymentList, *, by: Any, version: int, scan: File[bytes]) -> PaymentList:
    """The list as it was signed. What is there is never replaced."""
    records.lock(payment_list, version=version)
    require_within_reach(payment_list.region, by=by, field=None)
    if payment_list.status not in PaymentList.PAID:
        raise Refusal(_("The signed list is attached once it is paid."), "scan")
    if payment_list.scan:
        raise Refusal(_("The signed list is there already and is not replaced."), "scan")
    kept = _accepted(scan, field="scan")
    payment_list.scan, payment_list.scan_sha256 = ContentFile(kept.content, name=kept.name), kept.sha256
    payment_list.version += 1
    payment_list.save(update_fields=["scan", "scan_sha256", "version"])
    audit.record("evidence_added", payment_list, by=by, after={"scan_sha256": kept.sha256})
    return payment_list


@action("trainings.cancel_paymentlist")
def cancel_list(payment_list: PaymentList, *, by: Any, version: int, reason: str) -> PaymentList:
    """Before it is paid. Its days and quotas are open again, its purchases can be put on another list."""
    records.lock(payment_list, version=version)
    require_within_reach(payment_list.region, by=by, field=None)
    if not reason.strip():
        raise Refusal(_("Say why the list is cancelled."), "reason")
    if payment_list.is_draft and not payment_list.is_purchase:
        raise Refusal(_("A draft is thrown away, not cancelled."))
    _hold(payment_list, is_live=False)
    facts = {"cancelled_at": timezone.now(), "cancelled_by": by, "cancelled_reason": reason.strip()}
    return advance(payment_list, Status.CANCELLED, by=by, reason=reason.strip(), **facts)


def _take(payment_list: PaymentList) -> None:
    """From here on nobody else pays for these days. The database has the last word when two lists are locked at once."""
    with records.refusing_in_words(PaymentDay):
        PaymentDay.objects.filter(line__list=payment_list).update(is_live=True)
    with records.refusing_in_words(PaymentLine):
        PaymentLine.objects.filter(list=payment_list).update(is_live=True)


def _hold(payment_list: PaymentList, *, is_live: bool) -> None:
    PaymentDay.objects.filter(line__list=payment_list).update(is_live=is_live)
    PaymentLine.objects.filter(list=payment_list).update(is_live=is_live)


def _refuse_other_than_attendance(payment_list: PaymentList) -> None:
    """A draft may be older than the last mark: what is locked is what attendance says at this moment."""
    batch = payment_list.batch
    if payment_list.is_purchase or batch is None:
        if not payment_list.lines.exists():
            raise Refusal(_("A list without a line is not locked."))
        return
    if payment_list.is_recovery:
        is_as_attendance = recovers(payment_list, to_recover(batch, payment_list.kind))
    else:
        found = compute(batch, payment_list.kind)
        _refuse_what_is_not_payable(payment_list, found)
        is_as_attendance = agrees(payment_list, found)
    if not is_as_attendance:
        raise Refusal(_("Attendance or rates have changed since the list was computed. Compute it again."))


def _refuse_what_is_not_payable(payment_list: PaymentList, found: Calculation) -> None:
    days = PaymentDay.objects.filter(line__list=payment_list).select_related("line")
    if absent := list(days.exclude(attendance__mark=Attendance.Mark.PRESENT)):
        raise Refusal(_("An absent day is not paid: %(days)s.") % {"days": in_words(absent)})
    written = {(day.participant_id, day.on) for day in days}
    for out in found.left_out:
        if (out.participant.pk, out.on) in written:
            raise Refusal(_("%(name)s, %(on)s: %(why)s.") % {"name": out.participant, "on": tanggal_layar(out.on), "why": out.why})  # type: ignore[arg-type]  # a day of the list has a date
    for clash in found.clashes:
        raise Refusal(
            _("%(name)s was present in two batches on %(on)s. Decide first which of them pays for the day.")
            % {"name": clash.participant, "on": tanggal_layar(clash.on)}
        )


def _refuse_before_the_work(payment_list: PaymentList, on: dt.date, field: str) -> None:
    if (last := last_day(payment_list)) and on < last:
        raise Refusal(_("The date cannot lie before the last day that the list pays for (%(day)s).") % {"day": tanggal_layar(last)}, field)


def _refuse_absent(payment_list: PaymentList) -> None:
    """Attendance corrected between the steps: what nobody earned is not approved and not paid."""
    lines = payment_list.lines.all()
    if absent := list(absent_days(lines).select_related("line")):
        raise Refusal(_("An absent day is not paid: %(days)s. Cancel the list and make it anew.") % {"days": in_words(absent)})
    if line := quotas_without_a_day(lines).first():
        raise Refusal(_("%(name)s was present on no day. Cancel the list and make it anew.") % {"name": line.payee})


def _refuse_earlier_hand(payment_list: PaymentList, by: Any) -> None:
    if payment_list.is_made_by(by) or by.pk == payment_list.approved_by_id:
        raise Refusal(_("Nobody pays a list that they made, locked or approved themselves."))


def _receive(
    payment_list: PaymentList, line: PaymentLine, *, by: Any, received_on: dt.date, how: str, reference: str, kept: Kept | None
) -> None:
    if line.list_id != payment_list.pk:
        raise Refusal(_("This line belongs to another list."), "lines")
    if PaymentReceipt.objects.filter(line=line).exists():
        raise Refusal(_("%(name)s: the receipt is recorded already.") % {"name": line.payee}, "lines")
    proof: dict[str, Any] = {"evidence": ContentFile(kept.content, name=kept.name), "evidence_sha256": kept.sha256} if kept else {}
    records.create(PaymentReceipt, by=by, line=line, received_on=received_on, how=how, reference=reference, **proof)
    if line.recovers_id is not None:
        _let_go(line)


def _let_go(line: PaymentLine) -> None:
    """What was paid back is paid no more: its days, or the quota, are open again."""
    PaymentDay.objects.filter(recoveries__line=line).update(is_live=False)
    if line.kind == PaymentList.Kind.QUOTA:
        PaymentLine.objects.filter(recoveries=line).update(is_live=False)


def _hold_again(line: PaymentLine) -> None:
    """It was not paid back after all: its days, or the quota, are taken again, unless another list pays for them by now."""
    with records.refusing_in_words(PaymentDay):
        PaymentDay.objects.filter(recoveries__line=line).update(is_live=True)
    if line.kind == PaymentList.Kind.QUOTA:
        with records.refusing_in_words(PaymentLine):
            PaymentLine.objects.filter(recoveries=line).update(is_live=True)


@dataclass(frozen=True)
class Kept:
    """Evidence as it is stored."""

    content: bytes
    sha256: str
    name: str


def _accepted(sent: File[bytes], *, field: str = "evidence") -> Kept:
    try:
        accepted = read_evidence(sent)
    except ValidationError as error:
        raise Refusal(error.messages[0], field) from None
    return Kept(accepted.content, accepted.sha256, f"evidence.{accepted.extension}")
