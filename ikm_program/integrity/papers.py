"""Distribution's documents against the movements they made, against what was passed on, and against their registers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from django.db.models import Max, Q, Sum

from distribution.models import Handover, HandoverLine, IssuedDocument, OnwardHandover, OnwardLine, Transfer
from ikm_program.models import Counter
from production.models import Account, StockMovement

Moved = dict[tuple[int, int], dict[str, int]]  # (document, product) -> account -> quantity


def _moved_by(model: Any) -> Moved:
    """What the movements of a kind of document add up to."""
    sums: Moved = defaultdict(dict)
    rows = (
        StockMovement.objects.filter(source_model=model._meta.label_lower)
        .values("source_id", "lot__product", "account")
        .annotate(moved=Sum("quantity"))
        .order_by()
    )
    for row in rows:
        if row["moved"]:
            sums[row["source_id"], row["lot__product"]][row["account"]] = row["moved"]
    return sums


def handovers() -> Iterator[str]:
    """Issued: awaiting. Received: acknowledged, returned, written off as the lines say. Cancelled: all of it back."""
    wanted: Moved = defaultdict(lambda: defaultdict(int))
    for line in HandoverLine.objects.select_related("handover"):
        for account, quantity in _outcome(line).items():
            wanted[line.handover_id, line.product_id][account] += quantity
    yield from _compare("handover", wanted, _moved_by(Handover))
    short = HandoverLine.objects.exclude(handover__status=Handover.Status.DRAFT).annotate(drawn=Sum("draws__quantity", default=0))
    for line in short.order_by("pk"):
        if line.drawn != line.quantity:
            yield f"handover {line.handover_id}: a line of {line.quantity} names lots for {line.drawn}"


def _outcome(line: Any) -> dict[str, int]:
    status = line.handover.status
    if status == Handover.Status.DRAFT:
        return {}
    if status == Handover.Status.CANCELLED:
        return {Account.STOCK: -line.written_off, Account.WRITTEN_OFF: line.written_off}
    if status == Handover.Status.ISSUED:
        return {Account.STOCK: -line.quantity, Account.AWAITING: line.quantity}
    return {
        Account.STOCK: line.returned - line.quantity,
        Account.ACKNOWLEDGED: line.acknowledged or 0,
        Account.WRITTEN_OFF: line.written_off,
    }


def transfers() -> Iterator[str]:
    wanted: Moved = defaultdict(lambda: defaultdict(int))
    lines = Transfer.objects.exclude(status=Transfer.Status.DRAFT).values_list(
        "pk", "status", "purpose", "lines__product", "lines__quantity"
    )
    for pk, status, purpose, product, quantity in lines:
        goal = Account.TRANSIT
        if status == Transfer.Status.RECEIVED:
            goal = Account.EVALUATION if purpose == Transfer.Purpose.EVALUATION else Account.STOCK
        wanted[pk, product][Account.STOCK] -= quantity
        wanted[pk, product][goal] += quantity
    yield from _compare("transfer", wanted, _moved_by(Transfer))


def _compare(noun: str, wanted: Moved, moved: Moved) -> Iterator[str]:
    for key in sorted({*wanted, *moved}):
        expected = {str(account): quantity for account, quantity in wanted.get(key, {}).items() if quantity}
        found = {str(account): quantity for account, quantity in moved.get(key, {}).items() if quantity}
        if expected != found:
            yield f"{noun} {key[0]}, product {key[1]}: moved {found or 'nothing'}, its lines mean {expected or 'nothing'}"


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
    rows = IssuedDocument.objects.values("office", "register", "year").annotate(last=Max("sequence")).order_by()
    for row in rows:
        last[f"register:{row['office']}:{row['register']}:{row['year']}"] = row["last"]
    counted = dict(Counter.objects.filter(name__startswith="register:").values_list("name", "value"))
    for name in sorted({*last, *counted}):
        if last.get(name, 0) != counted.get(name, 0):
            yield f"{name}: the counter stands at {counted.get(name, 0)}, the last document is number {last.get(name, 0)}"
