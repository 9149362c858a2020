"""How the businesses of the registry came through the pandemic, and what others published about it, each for itself."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count
from django.utils.translation import gettext_lazy as _

from ikm_program.figure_records import Contribution, records_report
from ikm_program.reporting import Column, Report, Row
from production.models import PublishedFigure
from trainings.models import Enterprise, Region, WorkforceReport

NOBODY_SAID = _("no data yet")
COUNTED = ("kept", "furloughed", "laid_off")
COLUMNS = (
    Column(key="district", label=_("Kabupaten/kota"), width=4),
    Column(key="total", label=_("Active businesses"), kind="integer", width=2),
    Column(key="affected", label=_("Affected"), kind="integer", width=2),
    Column(key="spared", label=_("Not affected"), kind="integer", width=2),
    Column(key="unknown", label=_("Nothing known"), kind="integer", width=2),
    Column(key="kept", label=_("Kept (workers)"), kind="integer", unknown=NOBODY_SAID, width=2),
    Column(key="furloughed", label=_("Furloughed (workers)"), kind="integer", unknown=NOBODY_SAID, width=2),
    Column(key="laid_off", label=_("Laid off (workers)"), kind="integer", unknown=NOBODY_SAID, width=2),
)
Said = dict[str, Any]  # measure -> what was last said of it


@dataclass
class Word:
    """What was last said of a business, and as of which days."""

    region: int
    said: Said = field(default_factory=dict)
    on: dict[str, dt.date] = field(default_factory=dict)


def affected(user: Any, *, as_of: dt.date) -> Report:
    """Every district within reach. Sums add what was said; where nobody said anything nothing stands, not 0."""
    active = Enterprise.objects.for_user(user).filter(is_active=True).order_by()
    totals = dict(active.values_list("region").annotate(n=Count("pk")))
    said = _last_said(user, as_of)
    districts = Region.objects.districts().owned_by(user).order_by("kemendagri_code")
    rows: list[Row] = [_row(district, totals.get(district.pk, 0), said[district.pk]) for district in districts]
    return Report(
        title=_("Businesses hit by the pandemic, and their workers"),
        subtitle=_("From the registry: the latest word on each active business"),
        columns=COLUMNS,
        rows=rows,
        totals=[_total(rows)] if len(rows) > 1 else [],
        as_of=as_of,
        notes=[
            _("Furloughed (dirumahkan) and laid off (PHK) are two figures and are never added together."),
            *_cited(user, as_of),
        ],
    )


def _cited(user: Any, as_of: dt.date) -> list[Any]:
    found = citations(user, as_of=as_of)
    return [_("Published figures, cited below; they are not computed and never added to the table:"), *found] if found else []


def citations(user: Any, *, as_of: dt.date) -> list[str]:
    """Published figures about businesses and workers, each with its definition, source and dates."""
    figures = PublishedFigure.objects.for_user(user).exclude(topic=PublishedFigure.Topic.PRODUCTION)
    known = figures.exclude(event_on__gt=as_of).order_by("topic", "event_on", "pk")
    return [figure.citation for figure in known]


def _last_said(user: Any, as_of: dt.date) -> Mapping[int, list[Said]]:
    """By district: of each active business the last word on each measure."""
    by_district: dict[int, list[Said]] = defaultdict(list)
    for word in _words(user, as_of).values():
        by_district[word.region].append(word.said)
    return by_district


def _words(user: Any, as_of: dt.date) -> Mapping[int, Word]:
    found: dict[int, Word] = {}
    reports = WorkforceReport.objects.for_user(user).filter(as_of__lte=as_of, enterprise__is_active=True)
    names = ("is_affected", *COUNTED)
    for pk, region, on, *values in reports.order_by("as_of", "pk").values_list("enterprise", "enterprise__region", "as_of", *names):
        word = found.setdefault(pk, Word(region))
        for name, value in zip(names, values, strict=True):
            if value is not None:
                word.said[name], word.on[name] = value, on
    return found


def worker_records(user: Any, figure: str, *, as_of: dt.date, region: Region | None = None) -> Report:
    """The businesses of which somebody said how many workers, each with the last word."""
    words = {pk: word for pk, word in _words(user, as_of).items() if word.said.get(figure) and (region is None or word.region == region.pk)}
    businesses = Enterprise.objects.for_user(user).select_related("region").in_bulk(list(words))
    lines = [
        Contribution(
            record=one.name, quantity=words[pk].said[figure], detail=one.region.name, on=words[pk].on[figure], url=one.get_absolute_url()
        )
        for pk, one in sorted(businesses.items(), key=lambda item: (item[1].region.kemendagri_code or "", item[1].name, item[0]))
    ]
    title = next(column.label for column in COLUMNS if column.key == figure)
    return records_report(title, lines, subtitle=region.name if region else _("All districts"), as_of=as_of, what=_("Business"))


def _row(district: Region, total: int, said: list[Said]) -> Row:
    words = Counter(one.get("is_affected") for one in said)
    sums = {name: [one[name] for one in said if name in one] for name in COUNTED}
    return {
        "region": district.pk,
        "code": district.kemendagri_code,
        "district": district.name,
        "total": total,
        "affected": words[True],
        "spared": words[False],
        "unknown": total - words[True] - words[False],
        **{name: sum(values) if values else None for name, values in sums.items()},
    }


def _total(rows: list[Row]) -> Row:
    whole: dict[str, Any] = {name: sum(row[name] for row in rows) for name in ("total", "affected", "spared", "unknown")}
    for name in COUNTED:
        known = [row[name] for row in rows if row[name] is not None]
        whole[name] = sum(known) if known else None
    return {"district": str(_("Total")), **whole}
