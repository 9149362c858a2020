"""New rows of a sheet that perhaps say the same thing twice: once with a number and once without, or twice under one telephone."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from django.utils.translation import gettext as _

from ikm_program import audit

SHARED_BY_AT_MOST = 5  # what more rows have in common tells nothing: the telephone of an office, a name without a name
_BETWEEN = "\x1f"  # no cell holds it


class TellsApart(Protocol):
    """What a kind of sheet says about two new rows."""

    told_apart_by: tuple[str, ...]

    def meetings(self, values: Mapping[str, Any]) -> Iterable[Hashable]: ...

    def likeness_of_rows(self, one: Mapping[str, str], other: Mapping[str, str]) -> int: ...


@dataclass
class EarlierRows:
    """The new rows so far, by what they may be met under; of each only what tells it apart is kept, as one text."""

    intake: TellsApart
    met: dict[int, tuple[int, ...]] = field(default_factory=dict)
    kept: dict[int, str] = field(default_factory=dict)

    def twin_of(self, number: int, values: Mapping[str, Any]) -> str:
        """In words, the earlier row that this one resembles most; nothing when there is none. From now on it is an earlier one itself."""
        alike = self.note(number, values)
        if not alike:
            return ""
        here = self._values(number)
        scored = [(self.intake.likeness_of_rows(here, self._values(other)), -other) for other in alike]
        likeness, nearest = max(scored)
        return self._in_words(-nearest) if likeness else ""

    def note(self, number: int, values: Mapping[str, Any]) -> set[int]:
        """Keep it for those that come after it; the earlier rows that it meets."""
        keys, alike = self.intake.told_apart_by, set[int]()
        if not keys:
            return alike
        for key in self.intake.meetings(values):
            place = hash(key)
            those = self.met.get(place, ())
            if len(those) < SHARED_BY_AT_MOST:
                alike.update(those)
                self.met[place] = (*those, number)
        said = map(values.get, keys)
        self.kept[number] = _BETWEEN.join([value if type(value) is str else str(value or "") for value in said])
        return alike

    def _values(self, number: int) -> dict[str, str]:
        return dict(zip(self.intake.told_apart_by, self.kept[number].split(_BETWEEN), strict=True))

    def _in_words(self, number: int) -> str:
        values = self._values(number)
        label = " · ".join(filter(None, (values.get("name"), values.get("owner_name"))))
        return _("row %(row)s of this sheet (%(label)s)") % {"row": number, "label": audit.masked(label)}
