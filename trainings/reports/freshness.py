"""How fresh the registry is: district by district, how many businesses somebody has asked within a year."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Any

from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from ikm_program.earlier import end_of, is_past, note_of, recorded_then
from ikm_program.reporting import Column, Report, Row
from trainings.models import Enterprise, Region
from trainings.models.enterprise import CONFIRMED_FOR_DAYS

COLUMNS = (
    Column(key="district", label=_("Kabupaten/kota"), width=4),
    Column(key="total", label=_("Active businesses"), kind="integer", width=2),
    Column(key="fresh", label=_("Confirmed within a year"), kind="integer", width=2),
    Column(key="share", label=_("Share"), kind="percent", share_of=("fresh", "total"), width=2),
    Column(key="old", label=_("Longer ago"), kind="integer", width=2),
    Column(key="never", label=_("Never confirmed"), kind="integer", width=2),
)
COUNTED = ("total", "fresh", "old", "never")
CHUNK = 500  # records that were changed since, read at once


def freshness(user: Any, *, as_of: dt.date) -> Report:
    """Every district within reach, those without a business too; of an earlier day what was recorded by its end."""
    day = as_of - dt.timedelta(days=CONFIRMED_FOR_DAYS)
    districts = list(Region.objects.districts().owned_by(user).order_by("kemendagri_code"))
    counts = _recorded_by(user, as_of, day, districts) if is_past(as_of) else _counted(user, day)
    rows: list[Row] = [_row(district, counts[district.pk]) for district in districts]
    whole = {key: sum(row[key] for row in rows) for key in COUNTED}
    return Report(
        title=_("Freshness of the registry"),
        subtitle=_("Active businesses by the day on which somebody last confirmed their data"),
        columns=COLUMNS,
        rows=rows,
        totals=[{"district": str(_("Total")), **whole}] if len(rows) > 1 else [],
        as_of=as_of,
        notes=[
            _("Confirmed means: somebody asked the business and its data is right. An edit alone confirms nothing."),
            *note_of(as_of),
        ],
    )


def _counted(user: Any, day: dt.date, businesses: Any = None) -> dict[int, Counter[str]]:
    """One query counts them all."""
    active = (Enterprise.objects.for_user(user) if businesses is None else businesses).filter(is_active=True).order_by()
    sums: Any = active.values("region").annotate(
        total=Count("pk"),
        fresh=Count("pk", filter=Q(confirmed_on__gte=day)),
        old=Count("pk", filter=Q(confirmed_on__lt=day)),
        never=Count("pk", filter=Q(confirmed_on__isnull=True)),
    )
    return defaultdict(Counter, {row["region"]: Counter({key: row[key] for key in COUNTED}) for row in sums})


def _recorded_by(user: Any, as_of: dt.date, day: dt.date, districts: Sequence[Region]) -> dict[int, Counter[str]]:
    """What is counted today of those on record by then, and for each that was changed since: out as it is, in as it was."""
    counts = _counted(user, day, Enterprise.objects.for_user(user).filter(created_at__lt=end_of(as_of)))
    by_name = {district.name: district.pk for district in districts}
    then = recorded_then(Enterprise, as_of, {"is_active", "confirmed_on", "region"})
    changed = list(then)
    for at in range(0, len(changed), CHUNK):
        rows = Enterprise.objects.filter(created_at__lt=end_of(as_of), pk__in=changed[at : at + CHUNK])
        for pk, region, is_active, confirmed_on in rows.values_list("pk", "region", "is_active", "confirmed_on"):
            now: dict[str, Any] = {"is_active": is_active, "confirmed_on": confirmed_on and confirmed_on.isoformat(), "region": region}
            was = now | then[pk]
            if now["is_active"]:
                counts[region].subtract(_marks(now["confirmed_on"], day))
            if was["is_active"]:
                counts[by_name.get(was["region"], was["region"])].update(_marks(was["confirmed_on"], day))
    return counts


def _marks(confirmed_on: str | None, day: dt.date) -> tuple[str, str]:
    """The columns that count a business; days in ISO form, as the trail keeps them."""
    return "total", "never" if not confirmed_on else "fresh" if confirmed_on >= day.isoformat() else "old"


def _row(district: Region, counted: Counter[str]) -> Row:
    return {"region": district.pk, "code": district.kemendagri_code, "district": district.name} | {key: counted[key] for key in COUNTED}
