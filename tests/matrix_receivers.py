"""Receivers without an account in the world of the matrix: a link given out, a receipt confirmed by one, a report to record."""

from __future__ import annotations

from typing import Any

from django.core.files.base import ContentFile

from distribution.models import Handover, SignedScan
from ikm_program.images import sha256_of
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


def add_scans(arguments: dict[str, Any], people: dict[str, User], stranger: User, mark: str) -> None:
    """What each person sent in is seen by that person alone."""
    for noun, person in [*((f"scan:{role}", person) for role, person in people.items()), ("scan", stranger)]:
        content = f"%PDF-1.7 {mark} %%EOF".encode()
        scan = SignedScan.objects.create(
            created_by=person, name=f"Pindaian {mark}.pdf", file=ContentFile(content, name="scan.pdf"), sha256=sha256_of(content),
            status=SignedScan.Status.UNREADABLE,
        )  # fmt: skip
        arguments[noun] = {"pk": scan.pk}
