"""Runs of days: so many from a first one, without Sundays and holidays."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

SUNDAY = 6
FARTHEST = 400  # days to look ahead: whoever skips more than that has typed something else than meant


def run_of_days(first: dt.date, count: int, *, skips_sundays: bool, holidays: Collection[dt.date] = ()) -> list[dt.date]:
    """`count` days from `first` on; fewer when there are none left within a year."""
    ahead = (first + dt.timedelta(days=offset) for offset in range(FARTHEST))
    working = [day for day in ahead if not (skips_sundays and day.weekday() == SUNDAY) and day not in holidays]
    return working[:count]


def is_earned(present: int, days: int, share: int) -> bool:
    """Whether `present` of `days` is at least `share` percent; of no day nothing is earned."""
    return days > 0 and present * 100 >= share * days
