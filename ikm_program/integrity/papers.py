"""Distribution's documents: the lots they name, what was passed on of them, and the registers they stand in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import F, Max, Q, Sum

from distribution.models import HandoverDraw, HandoverLine, OnwardHandover, OnwardLine, TransferDraw, TransferLine
from ikm_program.models import Counter
from trainings.models import IssuedDocument


def draws() -> Iterator[str]:
    """The lots that a line names are of its product and programme, and add up to it."""
    for noun, line_model, draw_model in (("handover", HandoverLine, HandoverDraw), ("transfer", TransferLine, TransferDraw)):
        lines: Any = line_model
        short = lines.objects.exclude(**{f"{noun}__status": "draf"}).annotate(drawn=Sum("draws__quantity", default=0))
        for pk, quantity, drawn in short.exclude(drawn=F("quantity")).order_by("pk").values_list(noun, "quantity", "drawn"):
            yield f"{noun} {pk}: a line of {quantity} names lots for {drawn}"
        taken: Any = draw_model
        foreign = ~Q(lot__product=F("line__product")) | ~Q(lot__programme=F(f"line__{noun}__programme"))
        for pk, lot in taken.objects.filter(foreign).order_by("pk").values_list(f"line__{noun}", "lot"):
            yield f"{noun} {pk}: takes lot {lot}, which is of another product or programme"


def onwards() -> Iterator[str]:
    """What every receiver passed on is what the recorded onward distributions add up to, and never more than was received."""
    live = Q(onward_lines__onward_handover__status=OnwardHandover.Status.RECORDED, onward_lines__parent=None)
    for line in HandoverLine.objects.annotate(passed=Sum("onward_lines__quantity", filter=live, default=0)).order_by("pk"):
        if line.passed != line.onward:
            yield f"handover {line.handover_id}: {line.onward} noted as passed on, the onward distributions add up to {line.passed}"
    live = Q(children__onward_handover__status=OnwardHandover.Status.RECORDED)
    for step in OnwardLine.objects.annotate(passed=Sum("children__quantity", filter=live, default=0)).order_by("pk"):
        if step.passed != step.onward:
            yield f"onward distribution {step.onward_handover_id}: {step.onward} noted as passed on, its steps add up to {step.passed}"


def registers() -> Iterator[str]:
    """A counter stands at the last number of its register: no number was given out without a paper."""
    last: dict[str, int] = {}
    rows = IssuedDocument.objects.values("office", "kind", "year").annotate(last=Max("sequence")).order_by()
    for row in rows:
        last[f"register:{row['office']}:{row['kind']}:{row['year']}"] = row["last"]
    counted = dict(Counter.objects.filter(name__startswith="register:").values_list("name", "value"))
    for name in sorted({*last, *counted}):
        if last.get(name, 0) != counted.get(name, 0):
            yield f"{name}: the counter stands at {counted.get(name, 0)}, the last document is number {last.get(name, 0)}"
