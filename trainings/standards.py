"""How long a kind of mentoring takes in a province and how full its year is: the province's own numbers, else the declared ones."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from django.utils.translation import gettext

from ikm_program.formatting import jumlah
from trainings.mentoring import DECLARED, MentoringKind
from trainings.models import MentoringStandard, Pipeline, Region

Level = Literal["", "notice", "warning"]


@dataclass(frozen=True)
class Standard:
    """Of one kind in one province."""

    kind: str
    expected_months: int | None
    notice_from: int | None
    warn_from: int | None

    def level(self, number: int) -> Level:
        """What to say of the so-manieth of a year."""
        if self.warn_from is not None and number >= self.warn_from:
            return "warning"
        return "notice" if self.notice_from is not None and number >= self.notice_from else ""


@dataclass(frozen=True)
class Load:
    """The so-manieth of its kind that a province began in a year, and what its capacity says to that."""

    standard: Standard
    year: int
    number: int
    province: str

    @property
    def level(self) -> Level:
        return self.standard.level(self.number)

    @property
    def tone(self) -> str:
        return "warn" if self.level == "warning" else "info"

    @property
    def words(self) -> str:
        """Empty while there is room."""
        facts = {
            "kind": MentoringKind(self.standard.kind).label,
            "number": jumlah(self.number),
            "year": self.year,
            "province": self.province,
            "few": jumlah((self.standard.notice_from or 1) - 1),
            "many": jumlah((self.standard.warn_from or 1) - 1),
        }
        if self.level == "warning":
            return (
                gettext("%(kind)s: number %(number)s of %(year)s in %(province)s. The yearly capacity of %(many)s businesses is exceeded.")
                % facts
            )
        if self.level == "notice":
            return gettext("%(kind)s: number %(number)s of %(year)s in %(province)s. More than the usual %(few)s of a year.") % facts
        return ""


def province_path(region: Region) -> str:
    """ "/63/63.01/" and "/63/" lie in "/63/"."""
    parts = region.path.strip("/").split("/")
    return f"/{parts[0]}/" if parts[0] else "/"


def standard_of(region: Region, kind: str) -> Standard:
    return standards_of(region, [kind])[kind]


def standards_of(region: Region, kinds: Iterable[str]) -> dict[str, Standard]:
    """Of several kinds, with one query."""
    own = {row.kind: row for row in MentoringStandard.objects.filter(region__path=province_path(region), kind__in=list(kinds))}
    return {
        kind: Standard(kind, source.expected_months, source.notice_from, source.warn_from)
        for kind in kinds
        for source in [own.get(kind) or DECLARED[kind]]
    }


def load_of(pipeline: Pipeline) -> Load:
    """Its own place in its year."""
    region = pipeline.enterprise.region
    year, path = pipeline.started_on.year, province_path(region)
    of_year = Pipeline.objects.of_year(pipeline.kind, province_path=path, year=year)
    before = of_year.filter(started_on__lt=pipeline.started_on) | of_year.filter(started_on=pipeline.started_on, pk__lte=pipeline.pk)
    return Load(standard_of(region, pipeline.kind), year, before.count(), _province_name(region))


def next_loads(region: Region, year: int) -> list[Load]:
    """What would be said to the next one of each kind whose capacity is known."""
    path, found = province_path(region), []
    for kind, standard in standards_of(region, MentoringKind.values).items():
        if standard.notice_from is not None or standard.warn_from is not None:
            number = Pipeline.objects.of_year(kind, province_path=path, year=year).count() + 1
            found.append(Load(standard, year, number, _province_name(region)))
    return found


def _province_name(region: Region) -> str:
    if region.is_district and region.parent is not None:
        return region.parent.name
    return region.name
