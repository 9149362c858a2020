"""The audit chain, walked from its first event; and its end, kept outside the database, so that a tail cut off is noticed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from ikm_program.audit import GENESIS, chain_hash
from ikm_program.models import AuditEvent, AuditHead


@dataclass(frozen=True)
class Head:
    """The end of the chain: the last event's sequence and hash."""

    sequence: int = 0
    hash: str = GENESIS

    def __str__(self) -> str:
        return f"{self.sequence} {self.hash}"

    @classmethod
    def read(cls, path: Path) -> Head | None:
        """The head kept in a file; None when there is none yet. A damaged file is an error, not a fresh start."""
        if not path.exists():
            return None
        sequence, _space, digest = path.read_text().strip().partition(" ")
        if not sequence.isdecimal() or len(digest) != len(GENESIS):
            raise ValueError(f"{path} does not hold the head of an audit chain")
        return cls(int(sequence), digest)

    def write(self, path: Path) -> None:
        """Whole or not at all: written beside it, then moved into place."""
        fresh = path.with_name(f"{path.name}.new")
        fresh.write_text(f"{self}\n")
        fresh.replace(path)


def walk(kept: Iterable[Head] = ()) -> Iterator[str]:
    """Everything that was edited, deleted, inserted, reordered or cut off. `kept`: ends of the chain noted outside the database."""
    last = Head()
    outside = {head.sequence: head for head in kept}
    for event in AuditEvent.objects.order_by("sequence").iterator(chunk_size=1000):
        if event.sequence != last.sequence + 1:
            yield f"event {event.sequence} follows event {last.sequence}: something was deleted or moved in between"
        if event.previous_hash != last.hash:
            yield f"event {event.sequence} does not continue the event before it: inserted, reordered or its predecessor changed"
        if chain_hash(event.previous_hash, event.body()) != event.hash:
            yield f"event {event.sequence} was edited: its content does not have its hash"
        last = Head(event.sequence, event.hash)
        if event.hash != outside.pop(event.sequence, last).hash:
            yield f"event {event.sequence} is not the one whose hash was kept outside: the chain was written anew"
    noted = recorded_head()
    if last != noted:
        yield f"the chain ends at event {last.sequence}, the database's own head says {noted.sequence}: its end was cut off or added to"
    if lost := max((sequence for sequence in outside if sequence > last.sequence), default=None):
        yield f"the chain ends at event {last.sequence}; the head kept outside is event {lost}: its end was cut off"


def recorded_head() -> Head:
    head = AuditHead.objects.first()
    return Head(head.sequence, head.hash) if head else Head()
