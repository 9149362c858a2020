"""The rows that may be the same business or person as something typed: few, and found by indexes on both databases."""

from __future__ import annotations

from typing import Self, TypeVar

from django.db import models
from django.db.models import Q

from ikm_program.finding import SearchedQuerySet
from ikm_program.searching import normalised
from trainings.duplicates import NOISE, TYPO_LENGTH, Traits

M = TypeVar("M", bound=models.Model)
CANDIDATES = 100  # of each kind of likeness
PREFIX = 4


class ResemblingQuerySet(SearchedQuerySet[M]):
    """Each block is a query of its own with a limit: an OR over several indexes would read the whole table."""

    def resembling(self, traits: Traits) -> Self:
        """Candidates for `trainings.duplicates.compare`: the same number anywhere within reach, a similar name in the district."""
        found: set[int] = set()
        for column, number in traits.numbers.items():
            if number:
                same = self.exclude(**{column: ""}) if not self.model._meta.get_field(column).null else self  # the condition of its index
                found |= same._first(Q(**{column: number}))
        if traits.region is not None:
            here = self.filter(region=traits.region)
            for block in _name_blocks(traits):
                found |= here._first(block)
            found |= {row.pk for row in here.search(" ".join(_telling(traits.name))).first(CANDIDATES)}  # a typing error anywhere
        return self.filter(pk__in=found)

    def _first(self, block: Q) -> set[int]:
        return set(self.filter(block).order_by().values_list("pk", flat=True)[:CANDIDATES])


def _name_blocks(traits: Traits) -> list[Q]:
    """Names that begin alike (a range of the index of names), and rows of the district with the longest words of name or owner."""
    blocks = []
    if start := normalised(traits.name)[:PREFIX]:
        blocks.append(Q(sort_name__gte=start, sort_name__lt=f"{start}~"))
    longest = [max(_telling(text), key=len, default="") for text in (traits.name, traits.owner)]
    return blocks + [Q(search_key__contains=f" {word} ") for word in dict.fromkeys(longest) if len(word) >= TYPO_LENGTH]


def _telling(text: str) -> list[str]:
    """As written, not in the spelling of today: that is how the search column holds them."""
    return [word for word in normalised(text).split() if word not in NOISE]
