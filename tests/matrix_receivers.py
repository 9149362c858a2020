"""Receivers without an account in the world of the matrix: a link given out, a receipt confirmed by one, a report to record."""

from __future__ import annotations

from typing import Any

from distribution.models import Handover
from tests.distribution.receivers import confirmed_by_link, link_for, onward_by_link
from trainings.models import User


def receivers_of(official: User, issued: Handover, others: list[Handover], mark: str) -> dict[str, dict[str, Any]]:
    """`issued` waits with a link in its receiver's hands; one of the others is confirmed by link, one more has reported on."""
    confirmed, passed_on = others
    link = link_for(issued, official)
    statement = confirmed_by_link(confirmed, official, mark)
    confirmed_by_link(passed_on, official, mark)
    report = onward_by_link(Handover.objects.get(pk=passed_on.pk), mark)
    return {
        "given_link": {"pk": link.pk},
        "receiver_link": {"token": link.token},  # type: ignore[attr-defined]
        "statement": {"pk": statement.pk},
        "onward_report": {"pk": report.pk},
    }
