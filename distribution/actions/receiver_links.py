"""Links for receivers without an account: given out, taken back. Of a token only its hash is ever kept."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from distribution.actions.receipts import refuse_drafter_of
from distribution.models import Handover, ReceiverLink
from ikm_program import audit, records
from ikm_program.actions import Refusal, action

Purpose = ReceiverLink.Purpose
TOKEN_BYTES = 24  # 192 random bits


@action("distribution.acknowledge_handover")
def give_receipt_link(handover: Handover, *, by: Any, version: int, days: int) -> ReceiverLink:
    """A link by which the receiver confirms what arrived. One that was given out before is taken back."""
    records.lock(handover, version=version)
    refuse_drafter_of(handover, by)
    if handover.status != Handover.Status.ISSUED:
        raise Refusal(_("Only an issued handover whose receipt is not confirmed yet gets a link for its receiver."))
    return _give(handover, Purpose.RECEIPT, by=by, days=days)


@action("distribution.add_onwardhandover")
def give_onward_link(handover: Handover, *, by: Any, version: int, days: int) -> ReceiverLink:
    """A link by which the receiver reports what went further."""
    records.lock(handover, version=version)
    if not any(line.left for line in handover.lines.all()):
        raise Refusal(_("Nothing of this handover is left to distribute onward."))
    return _give(handover, Purpose.ONWARD, by=by, days=days)


@action("distribution.acknowledge_handover")
def take_back_link(link: ReceiverLink, *, by: Any, version: int) -> ReceiverLink:
    """From now on it opens nothing."""
    if link.used_at or link.revoked_at:
        raise Refusal(_("This link is used or taken back already."))
    return _take_back(link, by=by, version=version)


def hash_of_token(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _give(handover: Handover, purpose: Purpose, *, by: Any, days: int) -> ReceiverLink:
    """The token is known to whoever reads `link.token` now, and never again."""
    for earlier in ReceiverLink.objects.select_for_update().filter(handover=handover, purpose=purpose).open():
        _take_back(earlier, by=by, version=earlier.version)
    token = secrets.token_urlsafe(TOKEN_BYTES)
    expires_at = timezone.now() + dt.timedelta(days=days)
    link = ReceiverLink(handover=handover, purpose=purpose, expires_at=expires_at, token_hash=hash_of_token(token), created_by=by)
    records.validate(link)
    with records.refusing_in_words(ReceiverLink):
        link.save(force_insert=True)
    audit.record("created", link, by=by, after={"handover": handover, "purpose": purpose, "expires_at": expires_at})
    link.token = token  # type: ignore[attr-defined]
    return link


def _take_back(link: ReceiverLink, *, by: Any, version: int) -> ReceiverLink:
    changes = {"revoked_at": timezone.now(), "revoked_by": by}
    records.claim(link, version=version, **changes)
    for name, value in changes.items():
        setattr(link, name, value)
    audit.record("link_taken_back", link, by=by, after={"revoked_at": link.revoked_at})
    return link
