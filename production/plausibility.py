"""What is odd about a report: flags with their reasons, for the verifier to look at. A flag refuses nothing.

All reports of a page are looked at together, with the same number of queries for one and for many.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import models
from django.db.models import Count, Exists, OuterRef, Q
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from ikm_program.formatting import jumlah, tanggal_layar
from production import day_sums
from production.material_allowance import Excess, excesses_of
from production.models import DistrictTarget, OutputEntry, OutputLine, OutputPhoto, ReportDay, ReportMovement
from trainings.models import Enrolment

NEIGHBOURING_DAYS = 1
Cell = tuple[int, int, int]  # programme, product, district


class Code(models.TextChoices):
    TARGET = "target", _("above the target")
    AHEAD = "laju", _("ahead of the target's pace")
    PACE = "kemampuan", _("more than they can make")
    MATERIAL = "bahan", _("more than the material allows")
    DUPLICATE = "ganda", _("looks like a duplicate")
    NO_PHOTO = "tanpa_foto", _("no photo")
    UNDIVIDED = "tidak_dirinci", _("not broken down")


@dataclass(frozen=True)
class Flag:
    """What is odd, and why it is thought so."""

    code: Code
    reason: str | Promise

    @property
    def tone(self) -> str:
        return "warn" if self.is_doubt else "info"

    @property
    def is_doubt(self) -> bool:
        """A question about the figure; the others only say what is missing beside it."""
        return self.code not in (Code.NO_PHOTO, Code.UNDIVIDED)


def flags_of(entries: Sequence[OutputEntry]) -> dict[int, list[Flag]]:
    """The flags of each report, by its primary key. Expects `with_names()`."""
    found: dict[int, list[Flag]] = {entry.pk: [] for entry in entries}
    targets, verified = _targets(entries), _verified(entries)
    people, others, photos = _people(entries), _others(entries), _photos(entries)
    excesses = excesses_of(entries)
    undivided = {row.pk for rows in others.values() for row in rows if row.is_undivided}  # type: ignore[attr-defined]  # annotated
    for entry in entries:
        flags = [
            _above_target(entry, targets, verified) or _ahead_of_target(entry, targets, verified),
            _above_material(excesses.get(entry.pk)),
        ]
        if not entry.is_correction:
            same = others[entry.batch_id, entry.product_id, entry.region_id]
            siblings = [other for other in same if other.pk != entry.pk and other.status in OutputEntry.REPORTED]
            flags += [
                _above_pace(entry, siblings, people.get((entry.batch_id, entry.region_id), 0)),
                _same_quantity(entry, siblings) or _same_photo(entry, photos),
                None if photos.get(entry.pk) else Flag(Code.NO_PHOTO, _("No photo was sent.")),
                Flag(Code.UNDIVIDED, _("It is not said who made what.")) if entry.pk in undivided else None,
            ]
        found[entry.pk] = [flag for flag in flags if flag is not None]
    return found


def doubts_about(entry: OutputEntry) -> list[Flag]:
    """What whoever sends the report is asked about, as its verifier would be; what only informs is no question."""
    return [flag for flag in flags_of([entry])[entry.pk] if flag.is_doubt]


def _cell(entry: OutputEntry) -> Cell:
    return entry.batch.activity.programme_id, entry.product_id, entry.region_id


def _above_target(entry: OutputEntry, targets: dict[Cell, int], verified: dict[Cell, int]) -> Flag | None:
    target, before = targets.get(_cell(entry)), verified.get(_cell(entry), 0)
    if target is None or entry.good <= 0 or before + entry.good <= target:
        return None
    reason = format_lazy(
        _("With {before} already verified it makes {total}, above the target of {target} {unit}."),
        before=jumlah(before),
        total=jumlah(before + entry.good),
        target=jumlah(target),
        unit=entry.product.unit,
    )
    return Flag(Code.TARGET, reason)


def _ahead_of_target(entry: OutputEntry, targets: dict[Cell, int], verified: dict[Cell, int]) -> Flag | None:
    """More than the target's even share of the programme's days until then; a programme without dates has no pace."""
    target, programme = targets.get(_cell(entry)), entry.batch.activity.programme
    if target is None or entry.good <= 0 or programme.starts_on is None or programme.ends_on is None:
        return None
    whole = (programme.ends_on - programme.starts_on).days + 1
    gone = min(whole, max(0, (entry.made_on - programme.starts_on).days + 1))
    total, expected = verified.get(_cell(entry), 0) + entry.good, target * gone // whole
    if total <= expected:
        return None
    reason = format_lazy(
        _("It makes {total}; by {date} the target of {target} {unit} expects {expected}."),
        total=jumlah(total),
        date=tanggal_layar(entry.made_on),
        target=jumlah(target),
        unit=entry.product.unit,
        expected=jumlah(expected),
    )
    return Flag(Code.AHEAD, reason)


def _above_pace(entry: OutputEntry, siblings: Sequence[OutputEntry], people: int) -> Flag | None:
    """More than so many people make in the days since the report before, or since the batch began."""
    pace, days = entry.product.pieces_per_person_day, _days(entry, siblings)
    if not pace or not people or days is None:
        return None
    made = entry.reported + sum(other.reported for other in siblings if other.made_on == entry.made_on)
    if made <= pace * people * days:
        return None
    reason = format_lazy(
        _("{made} {unit} in {days}; {people} make at most {most} ({pace} a person and day)."),
        made=jumlah(made),
        unit=entry.product.unit,
        days=ngettext_lazy("%(n)s day", "%(n)s days", days) % {"n": days},
        people=ngettext_lazy("%(n)s participant", "%(n)s participants", people) % {"n": people},
        most=jumlah(pace * people * days),
        pace=jumlah(pace),
    )
    return Flag(Code.PACE, reason)


def _above_material(excess: Excess | None) -> Flag | None:
    """More than the cloth that the makers were given is enough for."""
    if excess is None:
        return None
    reason = format_lazy(
        _("With this report {needed} of {material} would have gone in; they were given {got}."),
        needed=excess.material.said(excess.needed),
        material=excess.material.name,
        got=excess.material.said(excess.got),
    )
    return Flag(Code.MATERIAL, reason)


def _days(entry: OutputEntry, siblings: Sequence[OutputEntry]) -> int | None:
    earlier: list[dt.date] = [other.made_on for other in siblings if other.made_on < entry.made_on]
    if earlier:
        return (entry.made_on - max(earlier)).days
    starts_on = entry.batch.starts_on
    return None if starts_on is None else max(1, (entry.made_on - starts_on).days + 1)


def _same_quantity(entry: OutputEntry, siblings: Sequence[OutputEntry]) -> Flag | None:
    """The same number on the same day, or on the day before or after: entered twice, or copied."""
    alike = [other for other in siblings if other.good == entry.good and abs((other.made_on - entry.made_on).days) <= NEIGHBOURING_DAYS]
    twin = min(alike, key=lambda other: (abs((other.made_on - entry.made_on).days), other.pk), default=None)
    if twin is None:
        return None
    reason = format_lazy(
        _("Another report of this batch for {date} says {quantity} too (no. {number})."),
        date=tanggal_layar(twin.made_on),
        quantity=jumlah(entry.good),
        number=twin.pk,
    )
    return Flag(Code.DUPLICATE, reason)


def _same_photo(entry: OutputEntry, photos: dict[int, set[str]]) -> Flag | None:
    own = photos.get(entry.pk, set())
    twin = next((pk for pk, hashes in photos.items() if pk != entry.pk and hashes & own), None)
    return None if twin is None else Flag(Code.DUPLICATE, format_lazy(_("The same photo stands in report no. {number}."), number=twin))


def _targets(entries: Sequence[OutputEntry]) -> dict[Cell, int]:
    cells = {_cell(entry) for entry in entries}
    rows = DistrictTarget.objects.filter(
        target__programme__in={cell[0] for cell in cells},
        target__product__in={cell[1] for cell in cells},
        region__in={cell[2] for cell in cells},
    ).values_list("target__programme", "target__product", "region", "quantity")
    return {(programme, product, region): quantity for programme, product, region, quantity in rows if quantity is not None}


def _verified(entries: Sequence[OutputEntry]) -> dict[Cell, int]:
    cells = {_cell(entry) for entry in entries}
    programmes, products, regions = ({cell[place] for cell in cells} for place in range(3))
    days, movements = (
        model.objects.filter(programme__in=programmes, product__in=products, region__in=regions) for model in (ReportDay, ReportMovement)
    )
    moved = day_sums.sums(days, movements, "programme", "product", "region")
    return {(programme, product, region): figures["verified"] for (programme, product, region), figures in moved.items()}


def _people(entries: Sequence[OutputEntry]) -> dict[tuple[int, int], int]:
    rows = (
        Enrolment.objects.active()
        .filter(batch__in={entry.batch_id for entry in entries})
        .order_by()
        .values_list("batch", "participant__region")
        .annotate(n=Count("pk"))
    )
    return {(batch, region): n for batch, region, n in rows}


def _others(entries: Sequence[OutputEntry]) -> dict[tuple[int, int, int], list[OutputEntry]]:
    """These reports and every counted one of the same batches, by batch, product and district."""
    found: dict[tuple[int, int, int], list[OutputEntry]] = defaultdict(list)
    counted = Q(status__in=OutputEntry.REPORTED, batch__in={entry.batch_id for entry in entries}, corrects=None)
    undivided = Exists(OutputLine.objects.filter(entry=OuterRef("pk"), participant=None))
    rows = OutputEntry.objects.filter(counted | Q(pk__in=[entry.pk for entry in entries])).annotate(is_undivided=undivided)
    for row in rows.only("batch", "product", "region", "made_on", "good", "rejected", "status"):
        found[row.batch_id, row.product_id, row.region_id].append(row)
    return found


def _photos(entries: Sequence[OutputEntry]) -> dict[int, set[str]]:
    """The photos' hashes of these reports, and of every other report that carries one of them."""
    hashes = OutputPhoto.objects.filter(entry__in=[entry.pk for entry in entries]).values("sha256")
    found: dict[int, set[str]] = defaultdict(set)
    carriers = OutputPhoto.objects.filter(sha256__in=hashes, entry__isnull=False).exclude(entry__status=OutputEntry.Status.CANCELLED)
    for entry_id, sha256 in carriers.values_list("entry", "sha256"):
        found[entry_id].add(sha256)
    return found
