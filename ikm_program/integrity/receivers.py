"""What receivers said by a link: unchanged since, and what was recorded of it says the same."""

from __future__ import annotations

from collections.abc import Iterator

from distribution.actions.statements import content_hash_of
from distribution.models import ReceiverStatement


def statements() -> Iterator[str]:
    rows = ReceiverStatement.objects.prefetch_related("lines", "receipt__handover__lines").order_by("pk")
    for statement in rows.iterator(chunk_size=500):
        if content_hash_of(statement) != statement.sha256:
            yield f"statement {statement.pk} of a receiver: its content is not the one that was sent"
        receipt = getattr(statement, "receipt", None)
        if receipt is None:
            continue
        arrived = {line.pk: line.acknowledged for line in receipt.handover.lines.all()}
        if any(arrived.get(line.line_id) != line.quantity for line in statement.lines.all()):
            yield f"receipt {receipt.pk}: other quantities than the receiver signed for"
