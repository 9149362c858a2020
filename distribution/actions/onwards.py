"""Onward distribution: what a receiver passed on. It moves no stock and never exceeds what was received."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from distribution.models import Handover, HandoverLine, OnwardHandover, OnwardLine, ReceiverLink, ReceiverStatement, Recipient
from ikm_program import audit, records
from ikm_program.actions import Refusal, StaleVersion, action
from ikm_program.formatting import jumlah
from ikm_program.states import advance


@action("distribution.add_onwardhandover")
def record_onward(
    handover: Handover,
    *,
    by: Any,
    recipient: Recipient,
    handed_over_on: dt.date,
    quantities: Mapping[int, int],
    parent: OnwardHandover | None = None,
    receiver_name: str = "",
    receiver_position: str = "",
    note: str = "",
    statement: ReceiverStatement | None = None,
) -> OnwardHandover:
    """Record a step of the chain. `quantities` per line id: of the handover, or of the earlier step `parent`."""
    handover = Handover.objects.select_for_update().get(pk=handover.pk)  # a cancellation in flight is decided before or after us
    parent = OnwardHandover.objects.get(pk=parent.pk) if parent else None  # as it stands now: it may have been cancelled meanwhile
    _refuse_unacknowledged(handover, parent, handed_over_on)
    _refuse_to_itself(parent or handover, recipient)
    wanted = {pk: quantity for pk, quantity in quantities.items() if quantity}
    if not wanted or min(wanted.values()) < 0:
        raise Refusal(_("Fill in how many were distributed onward."), field="quantity")
    onward = records.create(
        OnwardHandover,
        by=by,
        handover=handover,
        parent=parent,
        recipient=recipient,
        handed_over_on=handed_over_on,
        receiver_name=receiver_name,
        receiver_position=receiver_position,
        note=note,
        statement=statement,
    )
    for pk in sorted(wanted):
        _pass_on(onward, pk, wanted[pk])
    return onward


@action("distribution.add_onwardhandover")
def record_said_onward(statement: ReceiverStatement, *, by: Any, recipient: Recipient, note: str = "") -> OnwardHandover:
    """What the receiver reported by a link, as a step of the chain: the same numbers, the same day, once."""
    handover = Handover.objects.select_for_update().get(pk=statement.handover_id)
    if not ReceiverStatement.objects.onward_to_record().filter(pk=statement.pk).exists():
        raise Refusal(_("This report is recorded or set aside already."))
    quantities = {line.line_id: line.quantity for line in statement.lines.all()}
    facts = {
        "recipient": recipient,
        "handed_over_on": statement.happened_on,
        "quantities": quantities,
        "note": note,
        "statement": statement,
    }
    onward: OnwardHandover = record_onward(handover, by=by, **facts)
    return onward


@action("distribution.add_onwardhandover")
def set_aside_statement(statement: ReceiverStatement, *, by: Any, reason: str) -> ReceiverStatement:
    """The report is not recorded, with a reason; it stays readable."""
    Handover.objects.select_for_update().get(pk=statement.handover_id)
    if not reason.strip():
        raise Refusal(_("Say why the report is set aside."), field="reason")
    if not ReceiverStatement.objects.onward_to_record().filter(pk=statement.pk).exists():
        raise Refusal(_("This report is recorded or set aside already."))
    link = ReceiverLink.objects.get(pk=statement.link_id)
    records.claim(link, set_aside_by=by, set_aside_reason=reason.strip())
    audit.record("statement_set_aside", statement, by=by, reason=reason.strip())
    return statement


@action("distribution.cancel_onwardhandover")
def cancel_onward(onward: OnwardHandover, *, by: Any, version: int, reason: str) -> OnwardHandover:
    """Take a step back, with a reason, as long as nothing went further from it."""
    if onward.version != version:
        raise StaleVersion
    if not reason.strip():
        raise Refusal(_("Say why the record is cancelled."), field="reason")
    Handover.objects.select_for_update().get(pk=onward.handover_id)  # a further step in flight is recorded before or after us
    if onward.children.filter(status=OnwardHandover.Status.RECORDED).exists():
        raise Refusal(_("Something was distributed further from here. Cancel that first."))
    for line in onward.lines.order_by("pk"):
        model, pk = (OnwardLine, line.parent_id) if line.parent_id else (HandoverLine, line.source_id)
        model.objects.filter(pk=pk).update(onward=F("onward") - line.quantity)
    return advance(onward, OnwardHandover.Status.CANCELLED, by=by, reason=reason, cancelled_by=by, cancelled_reason=reason)


def _refuse_unacknowledged(handover: Handover, parent: OnwardHandover | None, on: dt.date) -> None:
    if handover.status not in (Handover.Status.RECEIVED, Handover.Status.PARTIAL):
        raise Refusal(_("Only what the receiver has acknowledged can be distributed onward."))
    if parent is not None and (parent.handover_id != handover.pk or parent.status != OnwardHandover.Status.RECORDED):
        raise Refusal(_("The earlier step does not belong to this handover."), field="parent")
    earliest = parent.handed_over_on if parent else handover.receipt.received_on
    if not earliest <= on <= timezone.localdate():
        raise Refusal(_("The date lies between the receipt and today."), field="handed_over_on")


def _refuse_to_itself(source: Handover | OnwardHandover, recipient: Recipient) -> None:
    """Whoever holds the goods passes them on to somebody else."""
    holder = source.recipient
    if holder.pk == recipient.pk or Recipient.objects.called(holder.name, region=holder.region_id).filter(pk=recipient.pk).exists():
        raise Refusal(
            _("The goods are with %(recipient)s already. Choose whom they were distributed to from there.") % {"recipient": holder},
            field="recipient",
        )


def _pass_on(onward: OnwardHandover, pk: int, quantity: int) -> None:
    """One conditional UPDATE on what it comes from: exact under concurrent writers."""
    source: HandoverLine | OnwardLine
    if onward.parent_id:
        source = OnwardLine.objects.select_related("source__product").get(pk=pk, onward_handover_id=onward.parent_id)
        product, origin, limit = source.source.product, source.source, "quantity"
    else:
        source = HandoverLine.objects.select_related("product").get(pk=pk, handover_id=onward.handover_id)
        product, origin, limit = source.product, source, "acknowledged"
    taken = type(source).objects.filter(pk=pk, onward__lte=F(limit) - quantity).update(onward=F("onward") + quantity)
    if not taken:
        left = getattr(source, limit) - source.onward
        raise Refusal(
            _("Of %(product)s only %(left)s %(unit)s are left to distribute, %(quantity)s were asked for.")
            % {"product": product, "left": jumlah(left), "unit": product.unit, "quantity": jumlah(quantity)},
            field="quantity",
        )
    parent = source if isinstance(source, OnwardLine) else None
    OnwardLine.objects.create(onward_handover=onward, source=origin, parent=parent, quantity=quantity)
