"""Does a record match what was typed, and how well: the one judge of every search, the same on both databases.

A database index only brings candidates. What it leaves out is decided by `patterns`, which say in LIKE what `is_near` says in Python.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property, lru_cache

from ikm_program.searching import normalised

MOST_WORDS = 8
TRIGRAM = 3  # the shortest text that an index of trigrams can look up
SHORTEST_WITH_A_TYPO = 4  # letters, of what was typed or of what was meant
WHOLE_WORDS_UP_TO = 5  # letters; in so short a word a typing error is looked for in whole words only
LONGEST_WITH_A_TYPO = 30


class Grade(IntEnum):
    """How well a typed word stands in a record; the lower the better."""

    WORD = 0
    START = 1
    PART = 2
    NEAR = 3


@dataclass(frozen=True)
class Wanted:
    """What somebody typed, as words."""

    words: tuple[str, ...]

    @classmethod
    def read(cls, text: str) -> Wanted:
        return cls(tuple(dict.fromkeys(normalised(text).split()))[:MOST_WORDS])

    @cached_property
    def indexed(self) -> tuple[str, ...]:
        """The words an index can help with."""
        return tuple(word for word in self.words if len(word) >= TRIGRAM)

    @cached_property
    def can_err(self) -> bool:
        return any(patterns(word) for word in self.words)

    def rank(self, sort_name: str, search_key: str) -> tuple[int, int, int, str] | None:
        """Where a record belongs among the hits, or None when it is none: the worst word decides, the name before other texts."""
        name = f" {sort_name} {sort_name.replace(' ', '')} "
        grades, outside = [], 0
        for word in self.words:
            grade = grade_of(word, search_key)
            if grade is None:
                return None
            grades.append(grade)
            outside += grade_of(word, name) != grade
        return max(grades), sum(grades), outside, sort_name


def grade_of(word: str, text: str) -> Grade | None:
    """How well `word` stands in `text`, which has a space around each of its words."""
    if word in text:
        return Grade.WORD if f" {word} " in text else Grade.START if f" {word}" in text else Grade.PART
    return Grade.NEAR if is_near(word, text) else None


def is_near(word: str, text: str) -> bool:
    """Whether one wrong, missing, superfluous or swapped letter makes the difference."""
    judge = _judge(word)
    return judge is not None and judge.search(text) is not None


@lru_cache(maxsize=512)
def _judge(word: str) -> re.Pattern[str] | None:
    near = patterns(word)
    return re.compile("|".join(pattern.replace("_", _ONE_CHARACTER[" " in pattern]) for pattern in near)) if near else None


# In a whole word an unknown character is no space: "to ko" is two words, not one with an error.
_ONE_CHARACTER = {True: "[^ ]", False: "."}


@lru_cache(maxsize=512)
def patterns(word: str) -> tuple[str, ...]:
    """The texts one typing error away from `word`, `_` for any character; those of a short word with the spaces around it."""
    size = len(word)
    if word.isdigit() or not TRIGRAM <= size <= LONGEST_WITH_A_TYPO:
        return ()
    missing = [f"{word[:at]}_{word[at:]}" for at in range(size + 1)]
    near = list(missing)
    if size >= SHORTEST_WITH_A_TYPO:
        near += [f"{word[:at]}_{word[at + 1 :]}" for at in range(size)]
        near += [f"{word[:at]}{word[at + 1 :]}" for at in range(size)]
        near += [f"{word[:at]}{word[at + 1]}{word[at]}{word[at + 2 :]}" for at in range(size - 1)]
    if size <= WHOLE_WORDS_UP_TO:
        return tuple(dict.fromkeys(f" {text} " for text in near))
    return tuple(dict.fromkeys(text for text in near if text not in (f"_{word}", f"{word}_")))


def literal_runs(pattern: str) -> list[str]:
    """The parts of a pattern that an index of trigrams can look up."""
    return [run for run in pattern.split("_") if len(run) >= TRIGRAM]
