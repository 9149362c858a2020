"""Who signs a paper signs it once: nobody gives and receives, or bears witness to what they sign themselves."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final

from django.utils.translation import gettext_lazy as _

from ikm_program.actions import Refusal, in_row
from trainings.person_names import bare_name


class Part(Enum):
    """As what somebody signs."""

    GIVER = auto()
    RECEIVER = auto()
    ACKNOWLEDGES = auto()
    WITNESS = auto()
    TEAM = auto()


@dataclass(frozen=True)
class Signing:
    """Somebody who signs, and the field in which the name stands."""

    part: Part
    name: str
    field: str | None = None


_SENTENCES: Final = {
    frozenset({Part.GIVER, Part.RECEIVER}): _("The first and the second party cannot be signed for by the same person."),
    frozenset({Part.GIVER, Part.ACKNOWLEDGES}): _("The giver cannot also be the one who acknowledges the document."),
    frozenset({Part.RECEIVER, Part.ACKNOWLEDGES}): _("The receiver cannot also be the one who acknowledges the document."),
    frozenset({Part.GIVER, Part.WITNESS}): _("%(name)s signs for the first party and cannot be a witness as well."),
    frozenset({Part.RECEIVER, Part.WITNESS}): _("%(name)s signs for the second party and cannot be a witness as well."),
    frozenset({Part.ACKNOWLEDGES, Part.WITNESS}): _("%(name)s acknowledges the document and cannot be a witness as well."),
    frozenset({Part.WITNESS}): _("%(name)s is named as a witness twice."),
    frozenset({Part.ACKNOWLEDGES, Part.TEAM}): _("%(name)s belongs to the team and cannot acknowledge its document as well."),
    frozenset({Part.TEAM}): _("%(name)s is named in the team twice."),
}


def refuse_one_person_twice(people: Iterable[Signing], *, standing: Iterable[Signing] = ()) -> None:
    """Of two who are one person, the later is refused at its field. Those `standing` on a paper already are not asked about each other."""
    signed = {bare_name(one.name): one for one in standing}
    for one in people:
        name = bare_name(one.name)
        if name and (other := signed.get(name)):
            raise Refusal(_SENTENCES[frozenset({one.part, other.part})] % {"name": one.name.strip()}, field=one.field)
        signed[name] = one


def rows_signing(part: Part, rows: Iterable[object], *, of: str) -> list[Signing]:
    """Rows of a form, each with a name; `of` is what the form calls them."""
    return [Signing(part, str(row.name), in_row(of, at, "name")) for at, row in enumerate(rows)]  # type: ignore[attr-defined]
