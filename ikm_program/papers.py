"""The kinds of numbered papers. Each app adds its own when it is ready; numbering, freezing, rendering, registers, downloads and the
public check know a kind only by what it declares here.

    papers.add(Paper(kind="bast", letters="BAST", title=_("Handover record (BAST)"), subject="handover",
                     render=documents.pdf_bytes, entry=documents.entry, public=documents.public_facts))  # in AppConfig.ready()
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ikm_program.paper_content import file_name
from ikm_program.screens import Text

Snapshot = Any  # a TypedDict that extends paper_content.Frame; each kind knows its own
VOID = "dibatalkan"  # the state whose papers are no longer in force
IN_FORCE: Text = _("In force")


@dataclass(frozen=True)
class Entry:
    """How the register lists a paper. Frozen beside its content, so that a list or a search reads no content."""

    first_party: str
    second_party: str = ""
    matter: str = ""  # what it is about: "50 set Pakaian hazmat"


@dataclass(frozen=True)
class PublicFact:
    """One line of what anybody with the paper in hand may read: never a NIK, NIP, phone or address."""

    label: Text
    values: Sequence[str]


@dataclass(frozen=True)
class Standing:
    """What became of a paper since it was issued. The other papers are issued documents, or None."""

    word: Text = IN_FORCE
    tone: str = "ok"
    is_void: bool = False
    void_on: dt.date | None = None
    voided_by: Any = None
    replaced_by: Any = None
    makes_void: Any = None
    amended_by: Sequence[Any] = ()  # in force, in the order in which they were issued
    amends: Any = None
    caveat: Text = ""  # what whoever checks it reads beside "in force": a word or two
    caveat_note: Text = ""  # and the sentence that explains them


@dataclass(frozen=True)
class State:
    """A choice of the register's status filter; kinds that name the same state are found together."""

    name: str
    label: Text
    condition: Q  # on the issued document


def always_in_force(document: Any) -> Standing:
    return Standing()


@dataclass(frozen=True)
class Paper:
    """A kind of paper: what the engine must know of it, and nothing else."""

    kind: str  # its register's name too; stands in addresses and file names
    letters: str  # in numbers: "BAST"
    title: Text  # what screens call it
    render: Callable[[Snapshot, bytes | None], bytes]  # frozen content and arms -> PDF
    entry: Callable[[Snapshot], Entry]
    public: Callable[[Snapshot], Sequence[PublicFact]]
    subject: str = ""  # how the issued document finds what it is about: the related name of the subject's `document`
    standing: Callable[[Any], Standing] = always_in_force
    filename: Callable[[Snapshot], str] = file_name
    states: Sequence[State] = ()
    filters: Mapping[str, Any] = field(default_factory=dict)  # further filters of the register, by their name in the address
    search_fields: Sequence[str] = ()  # where the register's search looks besides
    related: Sequence[str] = ()  # the subject and what `standing` reads of it, for lists: select_related of the issued document
    prefetched: Sequence[Any] = ()  # and prefetch_related
    unread: Sequence[str] = ()  # large columns among the related that nobody reads there


_registered: dict[str, Paper] = {}


def add(paper: Paper) -> None:
    if not re.fullmatch(r"[a-z0-9-]{1,20}", paper.kind):
        raise ImproperlyConfigured(f"{paper.kind!r} does not fit into an address and the register's column")
    if _registered.get(paper.kind, paper) != paper:
        raise ImproperlyConfigured(f"There are two kinds of paper called {paper.kind}")
    _registered[paper.kind] = paper


def paper_of(kind: str) -> Paper:
    return _registered[kind]


def registered() -> list[Paper]:
    return list(_registered.values())


def choices() -> list[tuple[str, Text]]:
    """For the model's field and the register's filter; a kind that is added later needs no migration."""
    return [(paper.kind, paper.title) for paper in registered()]


def states() -> list[tuple[str, Text]]:
    """Every state that a kind knows, each once."""
    return list({state.name: (state.name, state.label) for paper in registered() for state in paper.states}.values())


def in_state(name: str) -> Q:
    """Which issued documents stand so, of whatever kind."""
    found = [Q(kind=paper.kind) & state.condition for paper in registered() for state in paper.states if state.name == name]
    condition = Q(pk__in=[])
    for one in found:
        condition |= one
    return condition
