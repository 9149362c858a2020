"""The figures of a programme as the home page shows them, taken from the reconciliation: nothing is summed a second time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from distribution.reports.reconciliation import LABELS, WHERE, Reconciliation, Row
from ikm_program.dashboard.records import Sheet
from production.models import Product, PublishedFigure
from trainings.models import Programme, Region

ALWAYS = ("handed_over", "stock")  # of the places of the verified pieces; the others where something stands in them
TINTS = (25, 50, 75, 100)  # percent of the target at which a tile takes the next tint


@dataclass(frozen=True)
class Figure:
    """A number and the way to its records. None is "not known"."""

    name: str
    label: Any
    value: int | None
    href: str


@dataclass(frozen=True)
class Tile:
    """A district on the map: where it stands, how far it is, and where its records are."""

    row: Row
    hrefs: dict[str, str]  # figure -> its records
    places: Sequence[Figure]  # where its verified pieces are
    column: int | None = None  # of the map, without the columns and rows that nobody of this product lies in
    line: int | None = None

    @property
    def href(self) -> str:
        return self.hrefs["reported"]

    @property
    def region(self) -> Region:
        return self.row.region

    @property
    def target(self) -> int | None:
        return self.row["target"]

    @property
    def verified(self) -> int | None:
        return self.row["verified"] if self.row.has_reported else None

    @property
    def tint(self) -> int:
        """1 to 5, by the share of the target; 1 where nobody set a target."""
        if not self.target:
            return 1
        share = 100 * (self.verified or 0) / self.target
        return 1 + sum(share >= step for step in TINTS)

    @property
    def bar(self) -> float:
        """Width of its thin bar, 0 to 100."""
        return min(100, round(100 * (self.verified or 0) / self.target, 2)) if self.target else 0


@dataclass(frozen=True)
class ProductFigures:
    """One product of the programme: its own totals, and a row for every district."""

    programme: Programme
    product: Product
    totals: dict[str, int | None]
    rows: Sequence[Row]
    sheet: Sheet
    district: Region | None = None  # set when the figures are one district's own

    def __getitem__(self, name: str) -> int | None:
        return self.totals[name]

    @cached_property
    def by_name(self) -> dict[str, Figure]:
        return {name: self._figure(name, self.totals, self.district) for name in LABELS}

    @cached_property
    def places(self) -> list[Figure]:
        """Where the verified pieces are: together all of them."""
        return [self.by_name[name] for name in places_of([self])]

    def _figure(self, name: str, figures: Mapping[str, int | None], region: Region | None) -> Figure:
        return Figure(name, LABELS[name], figures[name], self.sheet.url(name, self.programme, self.product, region))

    @property
    def silent(self) -> list[Row]:
        """The districts that take part and have not reported."""
        return [row for row in self.rows if not row.has_reported]

    @property
    def has_reported(self) -> bool:
        return any(row.has_reported for row in self.rows)

    @property
    def tiles(self) -> list[Tile]:
        columns = sorted({row.region.grid_column for row in self.rows if row.region.grid_column is not None})
        lines = sorted({row.region.grid_row for row in self.rows if row.region.grid_row is not None})
        return [
            Tile(
                row,
                {name: self.sheet.url(name, self.programme, self.product, row.region) for name in ("target", "reported", "verified")},
                [self._figure(place.name, row.figures, row.region) for place in self.places],
                columns.index(row.region.grid_column) if row.region.grid_column is not None else None,
                lines.index(row.region.grid_row) if row.region.grid_row is not None else None,
            )
            for row in self.rows
        ]

    @property
    def has_map(self) -> bool:
        """A map needs more than one district, and a place for each."""
        placed = [row.region for row in self.rows if row.region.grid_column is not None and row.region.grid_row is not None]
        return len(placed) > 1 and len(placed) == len(self.rows)


@dataclass(frozen=True)
class ProgrammeFigures:
    """All products of one programme, as one person sees them on one day."""

    programme: Programme
    result: Reconciliation
    products: list[ProductFigures] = field(default_factory=list)

    @cached_property
    def columns(self) -> list[str]:
        """The same for all products."""
        return ["target", "reported", "verified", *places_of(self.products)]

    @property
    def table(self) -> list[tuple[ProductFigures, list[Figure]]]:
        return [(one, [one.by_name[name] for name in self.columns]) for one in self.products]

    @property
    def labels(self) -> list[Any]:
        return [LABELS[name] for name in self.columns]

    def chosen(self, code: str) -> ProductFigures | None:
        """The product asked for, or the first one."""
        return next((one for one in self.products if one.product.code == code), self.products[0] if self.products else None)

    @property
    def silent_count(self) -> int:
        """Districts that have reported nothing of anything."""
        regions = {row.region for row in self.result.rows}
        return len(regions - {row.region for row in self.result.rows if row.has_reported})


def places_of(products: Sequence[ProductFigures]) -> list[str]:
    return [name for name in WHERE if name in ALWAYS or any(one.totals[name] for one in products)]


def beside(published: PublishedFigure, figures: ProgrammeFigures | None) -> Figure | None:
    """What was computed for the same thing as a published target or result; None where nothing of the kind is computed."""
    name = {PublishedFigure.Kind.TARGET: "target", PublishedFigure.Kind.RESULT: "verified"}.get(PublishedFigure.Kind(published.kind))
    one = next((one for one in figures.products if one.product == published.product), None) if figures else None
    if name is None or one is None:
        return None
    if not published.region.is_district:
        return one.by_name[name]
    row = next((row for row in one.rows if row.region == published.region), None)
    if row is None:
        return None
    return Figure(name, LABELS[name], row[name], one.sheet.url(name, one.programme, one.product, row.region))


def figures_of(programme: Programme, result: Reconciliation, user: Any) -> ProgrammeFigures:
    """Sort a reconciliation by product. A district's people see their own target, others the programme's."""
    rows = [row for row in result.rows if row.programme == programme]
    district = user.region if user.region.is_district else None
    found = []
    for product in dict.fromkeys(row.product for row in rows):
        own = [row for row in rows if row.product == product]
        totals = own[0].figures if district and len(own) == 1 else result.totals[product.code]
        found.append(ProductFigures(programme, product, totals, own, Sheet(result), district))
    return ProgrammeFigures(programme, result, found)
