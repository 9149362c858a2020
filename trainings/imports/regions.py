"""Reading reference files into the database."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from typing import Any

from ikm_program import audit
from ikm_program.transactions import write_transaction
from trainings.models import Region
from trainings.regions import COUNTRY_CODE, RegionRow, level


@dataclass
class Loaded:
    """What a load did, by Kemendagri code."""

    created: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)


class MissingParentError(ValueError):
    """A district whose province is neither in the file nor in the database."""


def load_regions(rows: Iterable[RegionRow], *, by: Any = None) -> Loaded:
    """Bring the tree up to the rows, all or nothing. An empty cell leaves what is known; a second run changes nothing."""
    return write_transaction(lambda: _load(list(rows), by))


def _load(rows: list[RegionRow], by: Any) -> Loaded:
    loaded = Loaded()
    known = {region.kemendagri_code: region for region in Region.objects.all()}
    with audit.collecting():
        for row in sorted(rows, key=lambda row: (level(row.kemendagri_code), row.kemendagri_code)):
            region = known.get(row.kemendagri_code)
            if region is None:
                known[row.kemendagri_code] = _create(row, known, by)
                loaded.created.append(row.kemendagri_code)
            elif _update(region, row, by):
                loaded.changed.append(row.kemendagri_code)
            else:
                loaded.unchanged.append(row.kemendagri_code)
    return loaded


def _create(row: RegionRow, known: dict[str, Region], by: Any) -> Region:
    if row.parent_code and row.parent_code != COUNTRY_CODE and row.parent_code not in known:
        raise MissingParentError(f"{row.kemendagri_code} lies in {row.parent_code}, which is neither in the file nor loaded before")
    region = Region(**asdict(row), path=row.path, parent=known.get(row.parent_code or ""))
    region.save(force_insert=True)
    audit.record("created", region, by=by, after=_given(row))
    return region


def _update(region: Region, row: RegionRow, by: Any) -> bool:
    values = _given(row)
    before, after = audit.changes(region, list(values), values)
    if not after:
        return False
    for name, value in after.items():
        setattr(region, name, value)
    region.save(update_fields=list(after))
    audit.record("changed", region, by=by, before=before, after=after)
    return True


def _given(row: RegionRow) -> dict[str, Any]:
    given = {name: value for name, value in asdict(row).items() if value not in (None, "")}
    return given if row.has_own_short_name else {name: value for name, value in given.items() if name != "short_name"}
