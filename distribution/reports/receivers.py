"""Who received: handovers summed by receiver, and where every piece is in the end (daftar penerima akhir)."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from distribution.models import Handover, OnwardHandover, OnwardLine, Recipient
from distribution.reports.placed import Placed, handed_over
from ikm_program.reporting import Column, Report
from production.models import Product
from trainings.models import Programme


@dataclass
class Received:
    """What one receiver took over of one product."""

    recipient: Recipient
    product: Product
    papers: set[int]
    quantity: int = 0
    acknowledged: int = 0


def by_receiver(viewer: Any, programme: Programme, day: dt.date, *, since: dt.date | None = None) -> list[Received]:
    """By kind of receiver, receiver and product."""
    placed = handed_over(viewer, programme, day, since=since)
    products = Product.objects.in_bulk({part.product for part in placed})
    found: dict[tuple[int, int], Received] = {}
    for part in placed:
        recipient = part.handover.recipient
        line = found.setdefault((recipient.pk, part.product), Received(recipient, products[part.product], set()))
        line.papers.add(part.handover.pk)
        line.quantity += part.quantity
        line.acknowledged += part.acknowledged
    order = list(Recipient.Kind.values)
    return sorted(found.values(), key=lambda line: (order.index(line.recipient.kind), line.recipient.name, line.product.pk))


def receivers_report(lines: list[Received], programme: Programme, day: dt.date, *, since: dt.date | None = None) -> Report:
    rows = [
        {
            "kind": str(line.recipient.get_kind_display()),
            "recipient": line.recipient.name,
            "recipient_id": line.recipient.pk,
            "product_id": line.product.pk,
            "product": f"{line.product.short_name} ({line.product.unit})",
            "papers": len(line.papers),
            "quantity": line.quantity,
            "acknowledged": line.acknowledged,
            "awaiting": line.quantity - line.acknowledged,
        }
        for line in lines
    ]
    return Report(
        title=gettext_lazy("Handovers by receiver"),
        subtitle=str(programme),
        as_of=day,
        columns=[
            Column(key="kind", label=gettext_lazy("Kind of recipient"), width=8),
            Column(key="recipient", label=gettext_lazy("Recipient"), width=11),
            Column(key="product", label=gettext_lazy("Product"), width=7),
            Column(key="papers", label=gettext_lazy("BAST"), kind="integer", width=4),
            Column(key="quantity", label=gettext_lazy("Handed over"), kind="integer", width=6),
            Column(key="acknowledged", label=gettext_lazy("Acknowledged"), kind="integer", width=6),
            Column(key="awaiting", label=gettext_lazy("Awaiting acknowledgement"), kind="integer", width=7),
        ],
        rows=rows,
        totals=[*_kinds(lines), *_products(lines)],
        notes=[_("Cancelled handovers and what came back are not counted.")],
    )


def _kinds(lines: list[Received]) -> list[dict[str, Any]]:
    """What each kind of receiver got, product by product."""
    keys = dict.fromkeys((line.recipient.kind, line.product) for line in lines)
    return [
        _summed(
            [line for line in lines if (line.recipient.kind, line.product) == key],
            kind=str(Recipient.Kind(key[0]).label),
            kind_code=key[0],
            recipient=_("Subtotal"),
            is_subtotal=True,
        )
        for key in keys
    ]


def _products(lines: list[Received]) -> list[dict[str, Any]]:
    return [
        _summed([line for line in lines if line.product == one], kind=_("Total")) for one in dict.fromkeys(line.product for line in lines)
    ]


def _summed(lines: list[Received], **named: Any) -> dict[str, Any]:
    quantity, acknowledged = sum(line.quantity for line in lines), sum(line.acknowledged for line in lines)
    return {
        **named,
        "product_id": lines[0].product.pk,
        "product": f"{lines[0].product.short_name} ({lines[0].product.unit})",
        "papers": len({pk for line in lines for pk in line.papers}),
        "quantity": quantity,
        "acknowledged": acknowledged,
        "awaiting": quantity - acknowledged,
    }


# --- final recipients


@dataclass(frozen=True)
class Final:
    """So many pieces that stay with a recipient: with the last one that somebody reported."""

    handover: Handover
    product: Product
    recipient: Recipient
    quantity: int
    on: dt.date
    received_by: str
    is_onward: bool
    is_acknowledged: bool = True  # an onward step is: whoever passes goods on has them
    step: int | None = None  # the line of the onward step that brought them
    passed_on: tuple[OnwardLine, ...] = ()  # what went further from there


def final_recipients(viewer: Any, programme: Programme, day: dt.date) -> list[Final]:
    """Every piece once: with the last recipient known on that day, otherwise with the receiver of the BAST.

    Where a paper also carries pieces of another district, nobody reported whose were passed on: the own part stands with the receiver.
    """
    placed = handed_over(viewer, programme, day)
    held = _held(placed)
    whole = held if viewer.region.is_province else _held(handed_over(None, programme, day))
    ours = {key for key, quantity in held.items() if whole[key] == quantity}
    papers = {part.handover.pk: part.handover for part in placed}
    lines = [line for line in _onward_lines(papers, day) if (line.onward_handover.handover_id, line.source.product_id) in ours]
    passed: dict[int, list[OnwardLine]] = defaultdict(list)  # onward line -> what went further from it
    first: dict[tuple[int, int], list[OnwardLine]] = defaultdict(list)  # and from the receivers of the papers
    for line in lines:
        if line.parent_id:
            passed[line.parent_id].append(line)
        else:
            first[line.onward_handover.handover_id, line.source.product_id].append(line)
    products = Product.objects.in_bulk({part.product for part in placed})
    found = [_of_line(line, passed, papers) for line in lines]
    awaiting = {(part.handover.pk, part.product) for part in placed if part.acknowledged < part.quantity}
    found += [
        _with_receiver(papers[pk], products[product], had, first[pk, product], is_acknowledged=(pk, product) not in awaiting)
        for (pk, product), had in held.items()
    ]
    left = [final for final in found if final.quantity > 0]
    return sorted(left, key=lambda final: (final.product.pk, final.handover.handed_over_on, final.handover.number, final.on))


def _held(placed: Iterable[Placed]) -> dict[tuple[int, int], int]:
    """By handover and product."""
    held: dict[tuple[int, int], int] = {}
    for part in placed:
        key = part.handover.pk, part.product
        held[key] = held.get(key, 0) + part.quantity
    return held


def _onward_lines(papers: Mapping[int, Handover], day: dt.date) -> list[OnwardLine]:
    """A step taken back counts no more, whatever the day: it was never so."""
    rows = OnwardLine.objects.filter(onward_handover__handover__in=papers, onward_handover__handed_over_on__lte=day)
    live = rows.filter(onward_handover__status=OnwardHandover.Status.RECORDED)
    return list(live.select_related("onward_handover__recipient", "source__product").order_by("pk"))


def _of_line(line: OnwardLine, passed: Mapping[int, Sequence[OnwardLine]], papers: Mapping[int, Handover]) -> Final:
    onward, further = line.onward_handover, passed.get(line.pk, ())
    signed, rest = onward.receiver_name or onward.receiver_position, line.quantity - sum(went.quantity for went in further)
    return Final(
        papers[onward.handover_id], line.source.product, onward.recipient, rest, onward.handed_over_on, signed,
        is_onward=True, step=line.pk, passed_on=tuple(further),
    )  # fmt: skip


def _with_receiver(paper: Handover, product: Product, had: int, further: Sequence[OnwardLine], *, is_acknowledged: bool) -> Final:
    """What the receiver of a BAST has not passed on."""
    rest = had - sum(went.quantity for went in further)
    return Final(
        paper, product, paper.recipient, rest, paper.handed_over_on, paper.receiver_position,
        is_onward=False, is_acknowledged=is_acknowledged, passed_on=tuple(further),
    )  # fmt: skip


FINAL_COLUMNS = (
    Column(key="number", label=gettext_lazy("No."), kind="integer", is_position=True),
    Column(key="recipient", label=gettext_lazy("Final recipient"), width=6),
    Column(key="kind", label=gettext_lazy("Kind of recipient"), width=3),
    Column(key="product", label=gettext_lazy("Product"), width=3),
    Column(key="quantity", label=gettext_lazy("Quantity"), kind="integer", width=2),
    Column(key="on", label=gettext_lazy("Date"), kind="date", width=3, is_name=True),
    Column(key="paper", label=gettext_lazy("From BAST"), width=5, is_name=True),
    Column(key="standing", label=gettext_lazy("Where it is"), width=3),
)


def _whereabouts(final: Final) -> str:
    if final.is_onward:
        return _("passed on")
    return _("with the receiver of the BAST") if final.is_acknowledged else _("with the receiver of the BAST, receipt not yet acknowledged")


def final_report(finals: list[Final], programme: Programme, day: dt.date) -> Report:
    rows = [
        {
            "number": index,
            "recipient": final.recipient.name,
            "kind": str(final.recipient.get_kind_display()),
            "product": f"{final.product.short_name} ({final.product.unit})",
            "quantity": final.quantity,
            "on": final.on,
            "paper": final.handover.number,
            "handover_id": final.handover.pk,
            "product_id": final.product.pk,
            "step": final.step,
            "standing": _whereabouts(final),
        }
        for index, final in enumerate(finals, 1)
    ]
    products = dict.fromkeys(final.product for final in finals)
    totals = [
        {
            "recipient": str(_("Total")),
            "product": f"{product.short_name} ({product.unit})",
            "product_id": product.pk,
            "quantity": sum(final.quantity for final in finals if final.product == product),
        }
        for product in products
    ]
    return Report(
        title=gettext_lazy("List of final recipients"),
        subtitle=str(programme),
        as_of=day,
        columns=FINAL_COLUMNS,
        rows=rows,
        totals=totals,
        notes=[_("Every piece is counted once: with the last recipient that was reported, otherwise with the receiver of the BAST.")],
    )
