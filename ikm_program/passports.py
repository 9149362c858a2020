"""What other apps know of a record: sections on its page, given by apps that the page's own app must not import.

    passports.add("trainings.enterprise", makers.output_of_enterprise, permission="production.view_outputentry")  # in AppConfig.ready()

A giver is a function of the record and the person who looks; it returns a `Section` of rows within that person's reach.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from ikm_program.screens import Column, Link, Text, permitted


@dataclass(frozen=True)
class Section:
    """A related list under the facts of a page."""

    heading: Text
    columns: Sequence[Column]
    rows: Iterable[Any]
    empty: Text = ""
    lead: Text = ""  # one sentence with the figures that sum it up
    link: Link | None = None  # to all of them


Giver = Callable[[Any, Any], Section]
_givers: dict[str, dict[Giver, str]] = {}


def add(model_label: str, giver: Giver, *, permission: str) -> None:
    """`model_label` as in `app.model`; an app adds its givers when it is ready."""
    _givers.setdefault(model_label, {})[giver] = permission


def sections_of(obj: Any, user: Any) -> list[tuple[Section, list[Link]]]:
    """The sections of a record for this person, each with the link that he or she may follow."""
    givers = _givers.get(obj._meta.label_lower, {})
    found = [giver(obj, user) for giver, permission in givers.items() if user.has_perm(permission)]
    return [(section, permitted([section.link] if section.link else [], user)) for section in found]
