"""A report as an office signs it: on its letterhead, with place and day, and the officials who sign."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.utils import timezone

from ikm_program.formatting import tanggal
from ikm_program.pdf import Paper
from ikm_program.reporting import Report, Signature
from trainings.models import Office, Official
from trainings.snapshots import arms_of, letterhead_of, paper_of

# Who signs a recapitulation, from left to right: the head of the office takes note, division and section sign. Paper is Indonesian.
SECTION, DIVISION, HEAD = "Kepala Seksi", "Kepala Bidang", "Kepala Dinas"
ACKNOWLEDGED = "Mengetahui,"


def office_of(viewer: Any) -> Office | None:
    """The office whose paper it is: a person's own, or the one of the region."""
    own: Office | None = getattr(viewer, "office", None)
    return own or viewer.region.offices.valid_on(timezone.localdate()).first()


def headed(report: Report, office: Office | None) -> Report:
    """On the letterhead; without an office as it is."""
    if office is None:
        return report
    letterhead = letterhead_of(office, timezone.localdate())
    return replace(report, letterhead=letterhead, arms=arms_of(office, letterhead))


def paper_today(office: Office | None) -> Paper:
    return paper_of(office, timezone.localdate())


def signed(report: Report, office: Office | None, day: dt.date, *, roles: Sequence[str] = (DIVISION, SECTION)) -> Report:
    """With a block for those officials, and the head of the office who takes note. Whom nobody has recorded signs on dots."""
    if office is None:
        return report
    officials = list(office.officials.valid_on(day).order_by("pk"))
    people = [signature(role, officials) for role in roles]
    head = replace(signature(HEAD, officials, office), heading=ACKNOWLEDGED if people else "")
    return replace(report, signatures=[head, *people], signed_at=f"{office.city}, {tanggal(day)}")


def signature(role: str, officials: Sequence[Official], office: Office | None = None) -> Signature:
    """The official in that position. A head of office is called "Kepala <the office>": whoever begins so and is nothing lower."""
    found = next((official for official in officials if holds(official, role)), None)
    if found is None:
        position = f"Kepala {office}" if office is not None else f"{role} ...................."
        return Signature(position=position)
    number = f"{found.get_identity_kind_display()} {found.shown_number}" if found.identity_number else ""
    return Signature(position=found.position, name=found.name, number=number)


def holds(official: Official, role: str) -> bool:
    position = official.position
    if role == HEAD:
        return position.startswith("Kepala ") and not position.startswith((SECTION, DIVISION, "Kepala Sub"))
    return position.startswith(role)
