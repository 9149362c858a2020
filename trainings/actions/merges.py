"""Merging two records of one business or one person, and undoing it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ikm_program import audit, records, tallies
from ikm_program.actions import Refusal, StaleVersion, action
from ikm_program.states import advance
from trainings.actions import merging
from trainings.actions.pairs import Either, follow_region, require_pair_within_reach
from trainings.actions.rules import require_within_reach
from trainings.fullness import fullness, groups_of
from trainings.models import DuplicatePair, Enrolment, Enterprise, Merge, Participant, RecordKind


@action("trainings.merge_enterprise")
def merge_enterprises(pair: DuplicatePair, *, by: Any, keep: Mapping[str, str], seen: str = "", version: int | None = None) -> Merge:
    """`keep` names, field by field, the side whose value stays ("left" or "right"); `seen` the versions of both it was chosen from."""
    return _merge(pair, by=by, keep=keep, seen=seen, version=version)


@action("trainings.merge_participant")
def merge_participants(pair: DuplicatePair, *, by: Any, keep: Mapping[str, str], seen: str = "", version: int | None = None) -> Merge:
    """Like businesses; two who take part in the same activity are no one person until one of them leaves it."""
    return _merge(pair, by=by, keep=keep, seen=seen, version=version)


@action("trainings.merge_enterprise")
def undo_enterprise_merge(merge: Merge, *, by: Any, reason: str = "", version: int | None = None) -> Merge:
    """Both records as they were, while nothing stands in the way; else says what."""
    return _undo(merge, by=by, reason=reason, version=version)


@action("trainings.merge_participant")
def undo_participant_merge(merge: Merge, *, by: Any, reason: str = "", version: int | None = None) -> Merge:
    return _undo(merge, by=by, reason=reason, version=version)


def records_of(pair: DuplicatePair) -> tuple[Either, Either]:
    """Left and right; refused when one of them is no longer there."""
    rows: Any = RecordKind(pair.kind).model._base_manager.select_related("region").in_bulk([pair.left_pk, pair.right_pk])
    if len(rows) < 2:
        raise Refusal(_("One of the two records is no longer there."))
    return rows[pair.left_pk], rows[pair.right_pk]


def seen_versions(left: Either, right: Either) -> str:
    return f"{left.version}.{right.version}"


def by_fullness(left: Either, right: Either) -> tuple[Either, Either]:
    """Survivor and other: the fuller record stays, of equals the older."""
    return (left, right) if fullness(left) >= fullness(right) else (right, left)


def _merge(pair: DuplicatePair, *, by: Any, keep: Mapping[str, str], seen: str, version: int | None) -> Merge:
    if version is not None and version != pair.version:
        raise StaleVersion
    require_pair_within_reach(pair, by=by)
    _lock(pair.kind, pair.left_pk, pair.right_pk)
    left, right = records_of(pair)
    if seen and seen != seen_versions(left, right):
        raise StaleVersion
    survivor, loser = by_fullness(left, right)
    _require_apart(survivor, loser)
    values = _chosen(keep, left=left, right=right)
    before, content = merging.frozen(survivor), merging.frozen(loser)
    references, dropped = merging.carry_all(loser, survivor)
    moved = _carry_pairs(pair, loser, survivor)
    audit.record("merged_away", loser, by=by, after={"record": str(survivor)})
    type(loser)._base_manager.filter(pk=loser.pk).delete()
    tallies.count(type(loser), loser.region.path, by=-1)
    records.update(survivor, by=by, **values)
    _follow(survivor)
    merge = records.create(
        Merge,
        by=by,
        kind=pair.kind,
        survivor_pk=survivor.pk,
        loser_pk=loser.pk,
        survivor_name=str(survivor),
        loser_name=content["fields"]["name"],
        survivor_region=survivor.region,
        loser_region=loser.region,
        pair=pair,
    )
    changes = merging.differences(before, merging.frozen(type(survivor)._base_manager.get(pk=survivor.pk)))
    kept = {"content": content, "changes": changes, "references": [*references, *moved], "dropped": dropped}
    Merge.objects.filter(pk=merge.pk).update(**kept)  # apart from the event: the trail tells what was done, not every key
    audit.record("merged", survivor, by=by, after={"record": merge.loser_name, "carried": _summary(references)})
    advance(pair, DuplicatePair.Status.MERGED, by=by, decided_by=by, decided_at=timezone.now())
    merge.refresh_from_db()
    return merge


def _undo(merge: Merge, *, by: Any, reason: str, version: int | None) -> Merge:
    if version is not None and version != merge.version:
        raise StaleVersion
    _lock(merge.kind, merge.survivor_pk)
    survivor = merge.survivor()
    if survivor is None:
        raise Refusal(_("The record that stayed was itself merged into another one. Undo that first."))
    for region in (survivor.region, merge.survivor_region, merge.loser_region):
        require_within_reach(region, by=by, field=None)
    advance(merge, Merge.Status.UNDONE, by=by, reason=reason)
    records.update(survivor, by=by, **merging.values_before(survivor, merge.changes))
    merging.thaw(merge.content)
    for row in merge.dropped:
        merging.thaw(row)
    plain = [entry for entry in merge.references if entry["field"] != "pair"]
    merging.carry_back(plain, loser_pk=merge.loser_pk, survivor_pk=merge.survivor_pk)
    loser: Any = RecordKind(merge.kind).model._base_manager.select_related("region").get(pk=merge.loser_pk)
    tallies.count(type(loser), loser.region.path)
    _carry_pairs_back(merge)
    for row in (survivor, loser):
        _follow(row)
    audit.record("unmerged", survivor, by=by, after={"record": merge.loser_name}, reason=reason)
    audit.record("unmerged", loser, by=by, after={"record": merge.survivor_name}, reason=reason)
    if merge.pair is not None and merge.pair.status == DuplicatePair.Status.MERGED:
        advance(merge.pair, DuplicatePair.Status.WAITING, by=by, decided_by=None, decided_at=None)
    return merge


def _lock(kind: str, *keys: int) -> None:
    """In the order of their numbers, as everywhere."""
    list(RecordKind(kind).model._base_manager.select_for_update().filter(pk__in=keys).order_by("pk").values_list("pk"))


def _chosen(keep: Mapping[str, str], *, left: Either, right: Either) -> dict[str, Any]:
    groups: dict[str, tuple[str, ...]] = groups_of(type(left))
    values: dict[str, Any] = {}
    for name, side in keep.items():
        if name not in groups or side not in ("left", "right"):
            raise Refusal(_("Choose one of the two values."), name)
        values |= {part: getattr(left if side == "left" else right, part) for part in groups[name]}
    return values


def _require_apart(survivor: Either, loser: Either) -> None:
    if not isinstance(survivor, Participant) or not isinstance(loser, Participant):
        return
    places = Enrolment.objects.live().select_related("activity")
    shared = places.filter(participant=loser, activity__in=places.filter(participant=survivor).values("activity")).first()
    if shared is not None:
        message = gettext("Both take part in “%(activity)s”. Withdraw one of the two enrolments first.")
        raise Refusal(message % {"activity": shared.activity})
    if survivor.region_id != loser.region_id and places.filter(participant__in=[survivor, loser]).exists():
        raise Refusal(_("One of the two takes part in an activity for its kabupaten/kota, the other is of another one. Withdraw it first."))


def _follow(record: Either) -> None:
    """What copies a name, a number or a region from the record says the same as the record again."""
    follow_region(record)
    if isinstance(record, Enterprise):
        records.find_again(record.participants.select_related("enterprise"))
        return
    with records.refusing_in_words(Enrolment):
        record.enrolments.live().exclude(nik=record.nik).update(nik=record.nik)


def _summary(references: list[merging.Entry]) -> dict[str, int]:
    return {entry["label"]: len(entry["keys"]) for entry in references}


def _carry_pairs(pair: DuplicatePair, loser: Either, survivor: Either) -> list[merging.Entry]:
    """What the other one may be a duplicate of, the survivor may be; what was decided stays decided."""
    moved = []
    for other in DuplicatePair.objects.of(pair.kind, loser.pk).exclude(pk=pair.pk).exclude(status=DuplicatePair.Status.MERGED):
        third = other.left_pk if other.right_pk == loser.pk else other.right_pk
        left, right = sorted((third, survivor.pk))
        before = merging.frozen(other)
        if DuplicatePair.objects.filter(kind=pair.kind, left_pk=left, right_pk=right).exists():
            other.delete()
        else:
            third_region = other.left_region_id if other.left_pk == third else other.right_region_id
            regions = sorted([(third, third_region), (survivor.pk, survivor.region_id)])
            ours = {"left_region_id": regions[0][1], "right_region_id": regions[1][1]}
            DuplicatePair.objects.filter(pk=other.pk).update(left_pk=left, right_pk=right, **ours)
        moved.append(before)
    return [{"model": DuplicatePair._meta.label_lower, "field": "pair", "label": "", "keys": [], "rows": moved}] if moved else []


def _carry_pairs_back(merge: Merge) -> None:
    """Pairs of the restored record name it again; one that was merged or decided meanwhile keeps its decision."""
    for entry in merge.references:
        for row in entry.get("rows", ()):
            fields = row["fields"]
            names = {name: fields[name] for name in ("left_pk", "right_pk")}
            regions = {f"{name}_id": fields[name] for name in ("left_region", "right_region")}
            if not DuplicatePair.objects.filter(pk=row["pk"]).update(**names, **regions):
                merging.thaw(row)
