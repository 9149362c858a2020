"""Pairs of records that may be one: remembered as distinct, taken back, kept where their records lie."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ikm_program import audit, records
from ikm_program.actions import Refusal, StaleVersion, action
from ikm_program.states import advance
from trainings.duplicates import Likeness, Traits, compare
from trainings.likely import likely_duplicates
from trainings.models import DuplicatePair, Enterprise, Participant, RecordKind

Either = Enterprise | Participant
Known = tuple[int, Traits]


@action("trainings.change_duplicatepair")
def mark_distinct(pair: DuplicatePair, *, by: Any, reason: str = "", version: int | None = None) -> DuplicatePair:
    """Two businesses, two people: the search never brings the pair back."""
    _require_seen(pair, version)
    require_pair_within_reach(pair, by=by)
    return advance(pair, DuplicatePair.Status.DISTINCT, by=by, reason=reason, decided_by=by, decided_at=timezone.now())


@action("trainings.change_duplicatepair")
def take_back_distinct(pair: DuplicatePair, *, by: Any, reason: str = "", version: int | None = None) -> DuplicatePair:
    """On second thoughts they may be one: the pair waits again."""
    _require_seen(pair, version)
    require_pair_within_reach(pair, by=by)
    if pair.status != DuplicatePair.Status.DISTINCT:
        raise Refusal(_("Only what was marked as no duplicate can be taken back."))
    return advance(pair, DuplicatePair.Status.WAITING, by=by, reason=reason, decided_by=None, decided_at=None)


def remember_distinct(record: Either, *, by: Any) -> None:
    """Whoever entered it has seen what it looks like and said that it is another."""
    for match in likely_duplicates(record, user=by):
        pair = new_pair(record, match.record)
        pair.status, pair.decided_by, pair.decided_at = DuplicatePair.Status.DISTINCT, by, timezone.now()
        pair.created_by = by
        records.validate(pair)
        pair.save(force_insert=True)
        audit.record("marked_distinct", record, by=by, after={"record": str(match.record), "reasons": pair.reason_words})


def new_pair(one: Either, other: Either) -> DuplicatePair:
    """Unsaved, in order, scored as of today."""
    left, right = sorted((one, other), key=lambda record: record.pk)
    return scored_pair(RecordKind.of(type(left)), (left.pk, left.traits()), (right.pk, right.traits()))


def scored_pair(kind: RecordKind, left: Known, right: Known, likeness: Likeness | None = None) -> DuplicatePair:
    """A pair of records, the lower key first, by what they are recognised by."""
    likeness = likeness or compare(left[1], right[1])
    assert left[1].region is not None  # of a record; only what is typed may have none yet
    assert right[1].region is not None
    return DuplicatePair(
        kind=kind,
        left_pk=left[0],
        right_pk=right[0],
        left_region_id=left[1].region,
        right_region_id=right[1].region,
        score=likeness.score,
        reasons=list(likeness.reasons),
        found_on=timezone.localdate(),
    )


def follow_region(record: Either) -> None:
    """A pair is seen by whoever has both its records in reach, so it moves with them."""
    pairs = DuplicatePair.objects.filter(kind=RecordKind.of(type(record)))
    pairs.filter(left_pk=record.pk).update(left_region=record.region_id)
    pairs.filter(right_pk=record.pk).update(right_region=record.region_id)


def require_pair_within_reach(pair: DuplicatePair, *, by: Any) -> None:
    if not DuplicatePair.objects.owned_by(by).filter(pk=pair.pk).exists():
        raise Refusal(_("This lies outside your region."))


def _require_seen(pair: DuplicatePair, version: int | None) -> None:
    if version is not None and version != pair.version:
        raise StaleVersion
