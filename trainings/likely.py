"""Who may already be on record: the likely duplicates of something that is about to be entered, within a person's reach."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise

from trainings.duplicates import Likeness, Traits, compare, in_words
from trainings.models import Enterprise, Participant

SHOWN = 5


@dataclass(frozen=True)
class Match:
    """A record on file that looks like what was typed."""

    record: Enterprise | Participant
    likeness: Likeness

    @property
    def reason_words(self) -> str | Promise:
        return ", ".join(str(word) for word in in_words(self.likeness.reasons))


def likely_duplicates(record: Enterprise | Participant, *, user: Any) -> list[Match]:
    """The closest first; `record` may be unsaved. What lies outside the person's reach is never named."""
    return [match for match in worth_asking(record, user=user) if match.likeness.is_likely]


def worth_asking(record: Enterprise | Participant, *, user: Any) -> list[Match]:
    """The same, and whose name is similar though nothing else tells: whoever enters a record can look."""
    traits: Traits = record.traits()
    rows: Any = type(record).objects.for_user(user).resembling(traits).exclude(pk=record.pk).select_related("region")
    found = [Match(row, compare(traits, row.traits())) for row in rows]
    asked = [match for match in found if match.likeness.is_worth_asking]
    return sorted(asked, key=lambda match: (-match.likeness.score, match.record.pk))[:SHOWN]
