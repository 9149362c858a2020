"""Goods on the road: a delivery note goes with a paper that is issued, and its slip says what came. No stock moves, nothing is closed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from distribution import snapshots
from distribution.delivery_documents import Snapshot
from distribution.models import Delivery, DeliveryLine, Handover, Transfer
from distribution.reports.papers import goods_in_words
from ikm_program import audit, records
from ikm_program.actions import Refusal, action
from ikm_program.formatting import jumlah
from ikm_program.states import advance
from trainings import registers

Parent = Handover | Transfer
Status = Delivery.Status
KIND = "surat-jalan"


@action("distribution.add_delivery")
def draft_delivery(parent: Parent, *, by: Any, quantities: Mapping[int, int], packages: Mapping[int, int | None], **facts: Any) -> Delivery:
    """A load of what the handover or transfer carries. `quantities` and `packages` by product id; 0 leaves a product out."""
    _refuse_without_paper(parent, facts["sent_on"], by=by)
    wanted = _wanted(parent, quantities)
    own = {"handover": parent} if isinstance(parent, Handover) else {"transfer": parent}
    delivery = records.create(Delivery, by=by, office=parent.giver_office, sender=parent.giver, **own, **facts)
    DeliveryLine.objects.bulk_create(
        DeliveryLine(delivery=delivery, product_id=product, quantity=quantity, packages=packages.get(product))
        for product, quantity in wanted.items()
    )
    audit.record("lines_changed", delivery, by=by, after={"lines": _lines_in_words(delivery)})
    return delivery


@action("distribution.change_delivery")
def discard_delivery(delivery: Delivery, *, by: Any, version: int) -> None:
    """Throw a draft away."""
    _refuse_unless(delivery, Status.DRAFT, _("Only a draft is thrown away. What was issued is cancelled."))
    records.claim(delivery, version=version)
    audit.record("discarded", delivery, by=by, before={"to": delivery.destination, "lines": _lines_in_words(delivery)})
    delivery.delete()


@action("distribution.change_delivery")
def issue_delivery(delivery: Delivery, *, by: Any, version: int) -> Delivery:
    """The goods leave with a numbered note."""
    records.lock(delivery, version=version)
    _refuse_unless(delivery, Status.DRAFT, _("It was issued already."))
    parent = delivery.parent
    _refuse_without_paper(parent, delivery.sent_on, by=by)
    _wanted(parent, dict(delivery.lines.values_list("product_id", "quantity")))
    document = registers.issue_document(
        delivery.office,
        KIND,
        subject=delivery,
        on=delivery.sent_on,
        by=by,
        content=lambda issue: snapshots.of_delivery(delivery, issue),
        regions=[delivery.transfer.to_store.region] if delivery.transfer else [],
    )
    return advance(delivery, Status.UNDER_WAY, by=by, document=document, issued_by=by)


@action("distribution.change_delivery")
def record_slip(
    delivery: Delivery,
    *,
    by: Any,
    version: int,
    arrived_on: dt.date,
    received_by_name: str,
    received: Mapping[int, int],
    remarks: Mapping[int, str],
) -> Delivery:
    """What the signed slip says, by line id. The handover stays as it was: its receipt is confirmed on the BAST."""
    records.lock(delivery, version=version)
    if not delivery.sent_on <= arrived_on <= timezone.localdate():
        raise Refusal(_("The date of arrival lies between the dispatch and today."), field="arrived_on")
    for line in delivery.lines.order_by("pk"):
        line.received, line.remark = received.get(line.pk, line.quantity), remarks.get(line.pk, "").strip()
        if line.received > line.quantity:
            raise Refusal(_("No more was received than was sent."), field=f"received-{line.pk}")
        if line.received < line.quantity and not line.remark:
            raise Refusal(_("Say what became of the rest."), field=f"remark-{line.pk}")
        line.save(update_fields=["received", "remark"])
        if line.missing:
            audit.record("delivery_short", delivery, by=by, after={"line": str(line), "missing": line.missing}, reason=line.remark)
    return advance(delivery, Status.ARRIVED, by=by, arrived_on=arrived_on, received_by_name=received_by_name)


@action("distribution.change_delivery")
def cancel_delivery(delivery: Delivery, *, by: Any, version: int, reason: str) -> Delivery:
    """The load never left, or came back. The number stays used; what it carried can be sent anew."""
    records.lock(delivery, version=version)
    return advance(delivery, Status.CANCELLED, by=by, reason=reason, cancelled_reason=reason, cancelled_on=timezone.localdate())


def preview(delivery: Delivery) -> Snapshot:
    """The paper as it would be issued now."""
    return snapshots.of_delivery(delivery, None)


def left_to_send(parent: Parent) -> dict[int, int]:
    """How many of each product are on no live note yet, by product id."""
    carried = dict(parent.lines.order_by().values_list("product").annotate(n=Sum("quantity")))
    sent = DeliveryLine.objects.filter(delivery__in=Delivery.objects.of(parent).live()).order_by()
    gone = dict(sent.values_list("product").annotate(n=Sum("quantity")))
    return {product: quantity - gone.get(product, 0) for product, quantity in carried.items()}


def can_be_sent(parent: Parent) -> bool:
    """It has its paper, and is not void: goods travel on nothing else."""
    if isinstance(parent, Handover):
        return parent.status in (Handover.Status.ISSUED, Handover.Status.RECEIVED, Handover.Status.PARTIAL)
    return parent.status in (Transfer.Status.ISSUED, Transfer.Status.RECEIVED)


def _refuse_without_paper(parent: Parent, on: dt.date, *, by: Any) -> None:
    type(parent)._base_manager.select_for_update().get(pk=parent.pk)  # two notes at once do not share the same goods
    parent.refresh_from_db(fields=["status", "version"])
    if not by.region.covers(parent.giver_office.region):
        raise Refusal(_("The sending office writes its delivery notes."))
    if not can_be_sent(parent):
        raise Refusal(_("A delivery note goes with a handover or transfer that is issued and not cancelled."))
    dated = parent.handed_over_on if isinstance(parent, Handover) else parent.sent_on
    if not dated <= on <= timezone.localdate():
        raise Refusal(_("The date of dispatch lies between the date of the paper and today."), field="sent_on")


def _wanted(parent: Parent, quantities: Mapping[int, int]) -> dict[int, int]:
    """What is to be sent, if that much is on no other note."""
    wanted = {product: quantity for product, quantity in sorted(quantities.items()) if quantity}
    if not wanted:
        raise Refusal(_("Fill in how many are sent."))
    left = left_to_send(parent)
    for product, quantity in wanted.items():
        if quantity > left.get(product, 0):
            raise Refusal(
                _("At most %(left)s can still be sent with this paper.") % {"left": jumlah(max(left.get(product, 0), 0))},
                field=f"quantity-{product}",
            )
    return wanted


def _lines_in_words(delivery: Delivery) -> str:
    return goods_in_words(delivery.lines.select_related("product").order_by("pk"))


def _refuse_unless(delivery: Delivery, status: str, sentence: str) -> None:
    if delivery.status != status:
        raise Refusal(sentence)
