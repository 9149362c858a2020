"""A person's name without the titles around it: "H. Masturi, S.E." and "Masturi" are one and the same."""

from __future__ import annotations

from typing import Final

_BEFORE: Final = frozenset({"apt", "dr", "dra", "drg", "drh", "drs", "h", "haji", "hajah", "hj", "ir", "kh", "ns", "prof"})


def bare_name(name: str) -> str:
    """For comparing: in small letters, without the titles before it and without what stands behind a comma."""
    words = name.casefold().partition(",")[0].replace(".", " ").split()
    while len(words) > 1 and words[0] in _BEFORE:
        del words[0]
    return " ".join(words)
