"""What addenda say against what their papers froze and what they are about."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from distribution.models import Addendum


def papers() -> Iterator[str]:
    issued: Any = Addendum.objects.exclude(document=None).select_related("document", "handover__document").prefetch_related("changes")
    for addendum in issued.defer("document__arms", "handover__document__arms", "handover__document__snapshot").order_by("pk"):
        frozen, document, bast = addendum.document.snapshot, addendum.document, addendum.handover.document
        changes = sorted(addendum.changes.all(), key=lambda change: change.pk)
        facts: dict[str, tuple[Any, Any]] = {
            "issued by": (addendum.issued_by_id, document.issued_by_id),
            "date": (addendum.agreed_on.isoformat(), frozen["date"]),
            "place": (addendum.place, frozen["place"]),
            "reason": (addendum.reason.rstrip(".") + ".", frozen["reason"]),
            "provisions": ([line.strip() for line in addendum.provisions.splitlines() if line.strip()], frozen["provisions"]),
            "changes": (
                [[one.statement, one.before, one.after] for one in changes],
                [[one["statement"], one["before"], one["after"]] for one in frozen["changes"]],
            ),
            "amends": ([bast.number, bast.sha256], [frozen["amends"]["number"], frozen["amends"]["sha256"]]),
        }
        for what, (recorded, said) in facts.items():
            if recorded != said:
                yield f"{document.number}: {what} is {recorded!r}, the paper says {said!r}"
