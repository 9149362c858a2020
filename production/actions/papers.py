"""What the papers of this app share: who may sign them, and what a cancellation needs."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from ikm_program.actions import Refusal
from production.models import Store
from trainings.actions.rules import refuse_wrong_signatory, require_within_reach
from trainings.models import Official


def refuse_wrong_signer(official: Official, store: Store, on: dt.date, *, by: Any) -> None:
    """Of the district's office or of one above it, in office on the day, and within the reach of whoever asks."""
    if not official.office.region.covers(store.region):
        raise Refusal(_("The office and the store belong to different regions."), field="signer")
    require_within_reach(official.office.region, by=by, field="signer")
    refuse_wrong_signatory(official, official.office, on, "signer")


def refuse_wrong_cancellation(since: dt.date, on: dt.date, reason: str) -> None:
    if not reason.strip():
        raise Refusal(_("Say why the document is to be cancelled."), field="reason")
    if not since <= on <= timezone.localdate():
        raise Refusal(_("The date of the cancellation lies between the document and today."), field="cancelled_on")
