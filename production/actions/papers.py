"""What the papers of this app share: who may sign on which day, and what a date before today needs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from ikm_program.actions import Refusal
from production.models import Store
from trainings.actions.rules import require_within_reach
from trainings.actions.signing import Part, Signing, refuse_one_person_twice, rows_signing
from trainings.models import Official


def refuse_wrong_date(on: dt.date, backdating_reason: str, field: str) -> None:
    """A document is dated today, or earlier with a reason; never later."""
    today = timezone.localdate()
    if on > today:
        raise Refusal(_("The date of the document cannot lie in the future."), field=field)
    if on < today and not backdating_reason.strip():
        raise Refusal(_("Give the reason for a date before today."), field="backdating_reason")


def refuse_wrong_signer(official: Official, store: Store, on: dt.date, *, by: Any) -> None:
    """Of the district's office or of one above it, in office on the day, and within the reach of whoever asks."""
    if not official.office.region.covers(store.region):
        raise Refusal(_("The office and the store belong to different regions."), field="signer")
    require_within_reach(official.office.region, by=by, field="signer")
    if not official.can_sign:
        raise Refusal(_("This official does not sign papers."), field="signer")
    if not (official.is_in_office_on(on) and official.office.is_valid_on(on)):
        raise Refusal(_("This official was not in office on the date of the document."), field="signer")


def refuse_wrong_team(members: Sequence[Any], signer: Official) -> None:
    """Somebody did the work, each is named once, and another acknowledges what they found."""
    if not members:
        raise Refusal(_("Name at least one member of the team."), field="members")
    acknowledges = Signing(Part.ACKNOWLEDGES, signer.name, "signer")
    refuse_one_person_twice([acknowledges, *rows_signing(Part.TEAM, members, of="members")])


def refuse_wrong_cancellation(since: dt.date, on: dt.date, reason: str) -> None:
    if not reason.strip():
        raise Refusal(_("Say why the document is to be cancelled."), field="reason")
    if not since <= on <= timezone.localdate():
        raise Refusal(_("The date of the cancellation lies between the document and today."), field="cancelled_on")
