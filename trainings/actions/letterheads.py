"""Letterheads: how an office heads and sets its papers, from when until when."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ikm_program import audit, records
from ikm_program.actions import Refusal, action
from ikm_program.formatting import tanggal
from ikm_program.images import clean_photo, sha256_of
from trainings.actions.rules import require_within_reach
from trainings.models import Letterhead, Office

ARMS_MAX_SIDE = 400  # printed some 20 mm high: more would only make every paper and every row heavier
ONE_DAY = dt.timedelta(days=1)


@action("trainings.change_office")
def create_letterhead(office: Office, *, by: Any, arms: Any = None, without_arms: bool = False, **values: Any) -> Letterhead:
    """A new letterhead begins where it says; one that is still open ends the day before. Without a picture the arms of the day go on."""
    require_within_reach(office.region, by=by, field=None)
    start, end = values.get("valid_from"), values.get("valid_until")
    current = bytes(before) if (before := Letterhead.objects.heading(office, start or timezone.localdate()).arms) else None
    picture = picture_of(arms, current=current, without=without_arms)
    _end_the_open_one(office, start, by=by)
    _refuse_overlap(office, start, end)
    made = records.create(Letterhead, by=by, office=office, **values)
    keep_arms(made, picture, by=by)
    return made


@action("trainings.change_office")
def update_letterhead(
    letterhead: Letterhead, *, by: Any, arms: Any = None, without_arms: bool = False, version: int | None = None, **values: Any
) -> Letterhead:
    """Papers that were issued keep what they were issued with."""
    require_within_reach(letterhead.office.region, by=by, field=None)
    picture = picture_of(arms, current=bytes(letterhead.arms) if letterhead.arms else None, without=without_arms)
    start, end = (values.get(name, getattr(letterhead, name)) for name in ("valid_from", "valid_until"))
    _refuse_overlap(letterhead.office, start, end, beside=letterhead)
    records.update(letterhead, by=by, version=version, **values)
    keep_arms(letterhead, picture, by=by)
    return letterhead


def picture_of(sent: Any, *, current: bytes | None, without: bool) -> bytes | None:
    """What is printed: the picture that was sent, written anew on white like every picture; none; or the one there was."""
    if not sent:
        return None if without else current
    try:
        return clean_photo(sent, max_side=ARMS_MAX_SIDE).content
    except ValidationError as error:
        raise Refusal(error.messages[0], "arms") from error


def keep_arms(record: Office | Letterhead, picture: bytes | None, *, by: Any, version: int | None = None) -> None:
    """The bytes in the row, their hash in the trail."""
    before = sha256_of(bytes(record.arms)) if record.arms else None
    after = sha256_of(picture) if picture else None
    if before == after:
        return
    records.claim(record, version=version, arms=picture)
    record.arms = picture
    audit.record("changed", record, by=by, before={"arms": before}, after={"arms": after})


def _end_the_open_one(office: Office, start: dt.date | None, *, by: Any) -> None:
    if start is None:
        return
    begun = Q(valid_from=None) | Q(valid_from__lt=start)
    for former in office.letterheads.filter(begun, valid_until=None).defer("arms"):
        records.update(former, by=by, valid_until=start - ONE_DAY)


def _refuse_overlap(office: Office, start: dt.date | None, end: dt.date | None, *, beside: Letterhead | None = None) -> None:
    """On every day at most one letterhead heads the office's papers."""
    others = office.letterheads.defer("arms")
    if beside is not None:
        others = others.exclude(pk=beside.pk)
    if start is not None:
        others = others.filter(Q(valid_until=None) | Q(valid_until__gte=start))
    if end is not None:
        others = others.filter(Q(valid_from=None) | Q(valid_from__lte=end))
    if other := others.order_by(F("valid_from").asc(nulls_first=True)).first():
        words = _("Another letterhead is valid in that time (%(from)s to %(until)s). Change its dates first, or choose others.")
        days = {"from": _day(other.valid_from), "until": _day(other.valid_until)}
        raise Refusal(words % days, "valid_from")


def _day(day: dt.date | None) -> str:
    return tanggal(day) if day else "…"
