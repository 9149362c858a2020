"""What the papers of this app share: who may sign them, and what a cancellation needs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from ikm_program.actions import Refusal
from production.models import Store
from trainings.actions.rules import refuse_wrong_signatory, require_within_reach
from trainings.actions.signing import Part, Signing, refuse_one_person_twice, rows_signing
from trainings.models import Official, Region, User


def refuse_wrong_signer(official: Official, store: Store, on: dt.date, *, by: Any) -> None:
    """Of the district's office or of one above it, in office on the day, and within the reach of whoever asks."""
    if not official.office.region.covers(store.region):
        raise Refusal(_("The office and the store belong to different regions."), field="signer")
    require_within_reach(official.office.region, by=by, field="signer")
    refuse_wrong_signatory(official, official.office, on, "signer")


def refuse_lone_cancellation(issuer_id: int | None, codename: str, region: Region, *, by: Any, authors: Iterable[int | None] = ()) -> None:
    """What takes two people to issue is not undone by the one who issued it, where another person may: `authors` may not.

    The province may always; so may a district that has nobody else, and none above it.
    """
    if by.pk != issuer_id or not by.region.is_district:
        return
    known = [pk for pk in (by.pk, *authors) if pk is not None]
    if User.objects.get_queryset().who_may(codename, region).exclude(pk__in=known).exists():
        raise Refusal(_("A document is cancelled by another official than the one who issued it."))


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
