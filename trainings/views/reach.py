"""Whether a record lies where the person may change it: a step that would answer 404 is not offered."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ikm_program.screens import follow


def within_reach(path: str) -> Callable[[Any, Any], bool]:
    """For `NextStep(when=...)`; `path` is the way from the record to its region."""

    def is_within(obj: Any, user: Any) -> bool:
        region = follow(obj, path)
        return region is not None and user.region is not None and bool(user.region.covers(region))

    return is_within
