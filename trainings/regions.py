"""The tree of regions, told from codes alone, and the reference file it is loaded from.

Names are never parsed or matched: "Kabupaten Kotabaru" is no kota, "Banjar" begins Banjarmasin and Banjarbaru, and another province has a
Kota Banjar. The Kemendagri code says everything; BPS numbers many districts differently.
"""

from __future__ import annotations

import csv
import datetime as dt
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import IntEnum
from pathlib import Path
from typing import Final, TypeVar

from ikm_program.formatting import tanggal

REFERENCE_FILE: Final = Path(__file__).parent / "data" / "regions.csv"
COUNTRY_CODE: Final = "00"
ROOT_PATH: Final = "/"

T = TypeVar("T")


class Level(IntEnum):
    COUNTRY = 0
    PROVINCE = 1
    DISTRICT = 2


@dataclass(frozen=True)
class RegionRow:
    """One line of the reference file. `note` keeps what the capital used to be."""

    kemendagri_code: str
    bps_code: str
    kind: str
    name: str
    short_name: str
    capital: str
    note: str
    latitude: Decimal | None
    longitude: Decimal | None
    grid_column: int | None
    grid_row: int | None
    area_km2: Decimal | None
    population: int | None
    valid_from: dt.date | None
    valid_until: dt.date | None

    @property
    def path(self) -> str:
        return path_of(self.kemendagri_code)

    @property
    def has_own_short_name(self) -> bool:
        """Told apart from one that was made from the full name, which must not replace "Tala"."""
        return self.short_name != self.name.removeprefix(_KINDS[self.kind][1])

    @property
    def parent_code(self) -> str | None:
        return parent_code(self.kemendagri_code)


@dataclass(frozen=True)
class CellError:
    line: int
    column: str
    value: str
    expected: str

    def __str__(self) -> str:
        return f"line {self.line}, {self.column}: {self.value!r}, expected {self.expected}"


class RegionFileError(ValueError):
    """Everything that is wrong with the file, so that it is corrected once."""

    def __init__(self, errors: list[CellError]) -> None:
        super().__init__("\n".join(map(str, errors)))
        self.errors = errors


# --- the tree ----------------------------------------------------------------------------------------------------------


def level(code: str) -> Level:
    if code == COUNTRY_CODE:
        return Level.COUNTRY
    if re.fullmatch(r"[1-9][0-9]", code):
        return Level.PROVINCE
    if re.fullmatch(r"[1-9][0-9]\.(0[1-9]|[1-9][0-9])", code):
        return Level.DISTRICT
    raise ValueError(f"{code!r} is not the Kemendagri code of a country, province or district")


def parent_code(code: str) -> str | None:
    """63.01 lies in 63, 63 in 00, and 00 in nothing."""
    return {Level.COUNTRY: None, Level.PROVINCE: COUNTRY_CODE, Level.DISTRICT: code[:2]}[level(code)]


def path_of(code: str) -> str:
    """00 -> "/", 63 -> "/63/", 63.01 -> "/63/63.01/": what lies in a region has a path that starts with the region's."""
    parent = parent_code(code)
    return ROOT_PATH if parent is None else f"{path_of(parent)}{code}/"


def ancestors(path: str) -> list[str]:
    """The paths above, from the country down: "/63/63.01/" -> ["/", "/63/"]."""
    steps = path.strip("/").split("/") if path != ROOT_PATH else []
    return [f"/{'/'.join(steps[:depth])}/" if depth else ROOT_PATH for depth in range(len(steps))]


# --- the file ----------------------------------------------------------------------------------------------------------

_COLUMNS: Final = ("kemendagri_code", "bps_code", "kind", "name")
# The heading that offices know from Indonesian code lists.
_INDONESIAN: Final = {
    "kode_kemendagri": "kemendagri_code",
    "kode_bps": "bps_code",
    "jenis": "kind",
    "nama": "name",
    "nama_singkat": "short_name",
    "ibukota": "capital",
    "lat": "latitude",
    "lng": "longitude",
    "berlaku_mulai": "valid_from",
    "berlaku_sampai": "valid_until",
}
# What a kind is called in front of the name, and the level its code must have. A kota's last two digits start at 71.
_KINDS: Final = {
    "negara": (Level.COUNTRY, ""),
    "provinsi": (Level.PROVINCE, "Provinsi "),
    "kabupaten": (Level.DISTRICT, "Kabupaten "),
    "kota": (Level.DISTRICT, "Kota "),
}
_FIRST_KOTA: Final = 71
_MOVED_CAPITAL: Final = re.compile(r"(?P<former>.+) until (?P<until>\d{4}-\d{2}-\d{2}); (?P<current>.+) since")
_POPULATION: Final = re.compile(r"population(_\d{4})?")


def read_regions(path: Path = REFERENCE_FILE) -> Iterator[RegionRow]:
    """The rows in the file's order; when it is read to its end and something was wrong, all of it is raised. Load within a transaction."""
    errors: list[CellError] = []
    seen: set[str] = set()
    with path.open(encoding="utf-8-sig", newline="") as file:  # spreadsheets put a byte order mark first
        reader = csv.DictReader(file)
        reader.fieldnames = [_INDONESIAN.get(name.strip().lower(), name.strip()) for name in reader.fieldnames or ()]
        if missing := [name for name in _COLUMNS if name not in (reader.fieldnames or ())]:
            raise RegionFileError([CellError(1, name, "", "this column") for name in missing])
        for cells in reader:
            row = _RowReader(reader.line_num, cells)
            region = row.region()
            if region.kemendagri_code in seen:
                row.refuse("kemendagri_code", "a code that is not in the file yet")
            seen.add(region.kemendagri_code)
            if row.errors:
                errors += row.errors
            else:
                yield region
    if errors:
        raise RegionFileError(errors)


def of_province(rows: Iterable[RegionRow], code: str) -> list[RegionRow]:
    """A province with the country above and the districts below it."""
    return [row for row in rows if row.path == ROOT_PATH or row.path.startswith(path_of(code))]


class _RowReader:
    """Reads the cells of one line and collects what is wrong with them."""

    def __init__(self, line: int, cells: Mapping[str | None, str | list[str] | None]) -> None:
        self.line = line
        self.cells = {name: value.strip() for name, value in cells.items() if name and isinstance(value, str)}
        self.errors: list[CellError] = []
        if None in cells:
            self.refuse("", "no more cells than the heading")

    def refuse(self, column: str, expected: str) -> None:
        self.errors.append(CellError(self.line, column, self.cells.get(column, ""), expected))

    def region(self) -> RegionRow:
        population = next(filter(_POPULATION.fullmatch, self.cells), "population")
        capital, note = self._capital()
        self._check_code_kind_and_name()
        return RegionRow(
            kemendagri_code=self._text("kemendagri_code"),
            bps_code=self._bps_code(),
            kind=self._text("kind"),
            name=self._text("name"),
            short_name=self._short_name(),
            capital=capital,
            note=note,
            latitude=self._optional("latitude", _degrees(90), "degrees from -90 to 90"),
            longitude=self._optional("longitude", _degrees(180), "degrees from -180 to 180"),
            grid_column=self._optional("grid_column", _count, "a whole number"),
            grid_row=self._optional("grid_row", _count, "a whole number"),
            area_km2=self._optional("area_km2", _area, "a number above zero with a decimal point"),
            population=self._optional(population, _count, "a whole number"),
            valid_from=self._optional("valid_from", dt.date.fromisoformat, "a date as 2020-06-15"),
            valid_until=self._optional("valid_until", dt.date.fromisoformat, "a date as 2020-06-15"),
        )

    def _text(self, column: str) -> str:
        value = self.cells.get(column, "")
        if not value:
            self.refuse(column, "a value")
        return value

    def _short_name(self) -> str:
        """As given; a list without that column gets the full name without its kind."""
        if "short_name" in self.cells:
            return self._text("short_name")
        _level, prefix = _KINDS.get(self.cells.get("kind", ""), (None, ""))
        return self.cells.get("name", "").removeprefix(prefix)

    def _optional(self, column: str, read: Callable[[str], T], expected: str) -> T | None:
        value = self.cells.get(column)
        if not value:
            return None
        try:
            return read(value)
        except (ValueError, InvalidOperation):
            self.refuse(column, expected)
            return None

    def _capital(self) -> tuple[str, str]:
        """The capital now, and in words what it was before."""
        capital = self.cells.get("capital", "")
        moved = _MOVED_CAPITAL.fullmatch(capital)
        if not moved:
            return capital, ""
        until = self._optional("capital", lambda _: dt.date.fromisoformat(moved["until"]), "a real date after 'until'")
        return moved["current"], f"Ibu kota {moved['former']} sampai {tanggal(until)}" if until else ""

    def _bps_code(self) -> str:
        code = self.cells.get("bps_code", "")
        if code and not re.fullmatch(r"[0-9]{2}([0-9]{2})?", code):
            self.refuse("bps_code", "2 or 4 digits, or nothing")
        return code

    def _check_code_kind_and_name(self) -> None:
        code, kind, name = (self.cells.get(column, "") for column in ("kemendagri_code", "kind", "name"))
        try:
            code_level = level(code)
        except ValueError:
            self.refuse("kemendagri_code", "a code as 63 or 63.01")
            return
        if kind not in _KINDS:
            self.refuse("kind", ", ".join(_KINDS))
            return
        kind_level, prefix = _KINDS[kind]
        if code_level != kind_level or (code_level is Level.DISTRICT and (int(code[3:]) >= _FIRST_KOTA) != (kind == "kota")):
            self.refuse("kind", f"the kind that the code {code} has")
        if not name.startswith(prefix) or name == prefix.strip():
            self.refuse("name", f"the full name, starting with {prefix.strip()}")


def _count(text: str) -> int:
    if not re.fullmatch(r"[0-9]+", text):  # 369.818 is a population typed for the eye, and int() would take 1_000
        raise ValueError(text)
    return int(text)


def _area(text: str) -> Decimal:
    area = Decimal(text)
    if not area.is_finite() or area <= 0:
        raise ValueError(text)
    return area


def _degrees(limit: int) -> Callable[[str], Decimal]:
    def read(text: str) -> Decimal:
        degrees = Decimal(text)
        if not degrees.is_finite() or abs(degrees) > limit:
            raise ValueError(text)
        return degrees

    return read
