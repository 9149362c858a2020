"""How fresh the registry is: district by district, how many businesses somebody has asked within a year."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

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


def freshness(user: Any, *, as_of: dt.date) -> Report:
    """Every district within reach, those without a business too; one query counts them all."""
    day = as_of - dt.timedelta(days=CONFIRMED_FOR_DAYS)
    counts = {row["region"]: row for row in _counted(user, day)}
    districts = Region.objects.districts().owned_by(user).order_by("kemendagri_code")
    rows: list[Row] = [_row(district, counts.get(district.pk, {})) for district in districts]
    whole = {key: sum(row[key] for row in rows) for key in COUNTED}
    return Report(
        title=_("Freshness of the registry"),
        subtitle=_("Active businesses by the day on which somebody last confirmed their data"),
        columns=COLUMNS,
        rows=rows,
        totals=[{"district": str(_("Total")), **whole}] if len(rows) > 1 else [],
        as_of=as_of,
        notes=[_("Confirmed means: somebody asked the business and its data is right. An edit alone confirms nothing.")],
    )


def _counted(user: Any, day: dt.date) -> Any:
    active = Enterprise.objects.for_user(user).filter(is_active=True).order_by()
    return active.values("region").annotate(
        total=Count("pk"),
        fresh=Count("pk", filter=Q(confirmed_on__gte=day)),
        old=Count("pk", filter=Q(confirmed_on__lt=day)),
        never=Count("pk", filter=Q(confirmed_on__isnull=True)),
    )


def _row(district: Region, counted: dict[str, int]) -> Row:
    return {"region": district.pk, "code": district.kemendagri_code, "district": district.name} | {
        key: counted.get(key, 0) for key in COUNTED
    }
