"""What stocktakes say against what they moved and what their papers froze."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import F, Q

from production.models import Account, Stocktake, StocktakeDraw, StocktakeLine


def differences() -> Iterator[str]:
    """A shortage is written off whole, nothing comes back that was not counted too many, and every lot is of the counted goods."""
    lines: Any = StocktakeLine.objects.exclude(stocktake__status=Stocktake.Status.DRAFT).prefetch_related("draws")
    for line in lines.order_by("pk"):
        if line.missing != max(-line.difference, 0):
            yield f"stocktake {line.stocktake_id}: {-line.difference} missing of product {line.product_id}, {line.missing} written off"
        if line.unrecorded < 0:
            yield f"stocktake {line.stocktake_id}: more of product {line.product_id} came back than was counted too many"
        held = sum(draw.quantity for draw in line.draws.all() if draw.goal == Account.REPAIR and draw.origin != Account.WRITTEN_OFF)
        if held > line.damaged:
            yield f"stocktake {line.stocktake_id}: {held} of product {line.product_id} held as damaged, {line.damaged} were"
    strayed = ~Q(lot__product=F("line__product")) | ~Q(lot__programme=F("line__programme"))
    for pk in StocktakeDraw.objects.filter(strayed).order_by("pk").values_list("line__stocktake", flat=True):
        yield f"stocktake {pk}: moves a lot of another product or programme"
    of_drafts = StocktakeDraw.objects.filter(line__stocktake__status=Stocktake.Status.DRAFT)
    for pk in of_drafts.order_by("pk").values_list("line__stocktake", flat=True):
        yield f"stocktake {pk}: a draft has moved goods"


def papers() -> Iterator[str]:
    issued: Any = Stocktake.objects.exclude(document=None).select_related("document").prefetch_related("lines__draws__lot", "members")
    for stocktake in issued.defer("document__arms").order_by("pk"):
        frozen, document = stocktake.document.snapshot, stocktake.document
        recorded = _recorded(stocktake)
        said = {
            "issued by": document.issued_by_id,
            "date": frozen["date"],
            "place": frozen["place"],
            "note": frozen["note"],
            "team": [[one["name"], one["position"]] for one in frozen["team"]],
            "goods": [[line[name] for name in ("book", "counted", "damaged", "remark")] for line in frozen["lines"]],
            "lots": sorted([lot["made_on"], lot["quantity"]] for lot in frozen["lots"]),
        }
        for name, value in recorded.items():
            if value != said[name]:
                yield f"{document.number}: {name} is {value!r}, the paper says {said[name]!r}"


def _recorded(stocktake: Stocktake) -> dict[str, Any]:
    lines = sorted(stocktake.lines.all(), key=lambda line: line.pk)
    return {
        "issued by": stocktake.issued_by_id,
        "date": stocktake.counted_on.isoformat(),
        "place": stocktake.place,
        "note": stocktake.note,
        "team": [[member.name, member.position] for member in sorted(stocktake.members.all(), key=lambda one: one.pk)],
        "goods": [[line.book, line.counted, line.damaged, line.remark] for line in lines],
        "lots": sorted([draw.lot.made_on.isoformat(), draw.quantity] for line in lines for draw in line.draws.all()),
    }
