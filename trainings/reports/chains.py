"""Whether every issued paper is still what was issued: content, place in the chain, number, stored file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from ikm_program.models import AuditEvent, Counter
from ikm_program.paper_content import canonical_json, sha256_hex
from trainings.models import IssuedDocument


@dataclass(frozen=True)
class Difference:
    """Something about a paper that is not as it was issued."""

    number: str
    what: str

    def __str__(self) -> str:
        return f"{self.number}: {self.what}"


def document_differences() -> Iterator[Difference]:
    """Walk every register's chain in order: content, hash of the one before, gaps, file. Nothing found: nothing yielded."""
    previous: IssuedDocument | None = None
    documents = IssuedDocument.objects.order_by("office", "kind", "year", "sequence").select_related("file")
    for document in documents.iterator(chunk_size=100):
        if previous is not None and _register_of(previous) != _register_of(document):
            previous = None
        expected = previous.sequence + 1 if previous else 1
        if document.sequence != expected:
            words = _("gap in the register: %(found)s stands where %(expected)s is expected")
            yield Difference(document.number, words % {"found": document.sequence, "expected": expected})
        yield from _content_differences(document, previous.sha256 if previous else "")
        yield from _file_differences(document)
        previous = document


def missing_documents() -> Iterator[Difference]:
    """What a chain cannot show by itself, because its end is gone: numbers that were given out, papers whose issue is on record."""
    last = {(row.office_id, row.kind, row.year): row.sequence for row in _ends()}
    for name, value in Counter.objects.filter(name__startswith="register:").order_by("name").values_list("name", "value"):
        _word, office, kind, year = name.split(":")
        found = last.get((int(office), kind, int(year)), 0)
        if found < value:
            words = _("the register ends at %(found)s, but numbers up to %(given)s were given out")
            yield Difference(f"{kind} {year}", words % {"found": found, "given": value})
    issued = AuditEvent.objects.filter(model=IssuedDocument._meta.label_lower, verb="document_issued").order_by("sequence")
    there = {str(pk) for pk in IssuedDocument.objects.values_list("pk", flat=True)}
    for pk, after in issued.values_list("object_id", "after"):
        if pk not in there:
            yield Difference(after["number"], _("the audit trail says that it was issued, and it is not there"))


def heads(documents: Any) -> list[IssuedDocument]:
    """The last paper of each register of the queryset: whoever has its hash on paper knows when one before it was changed or taken out."""
    return list(_ends(documents).select_related("office__region").defer("snapshot", "arms", "office__arms"))


def _ends(documents: Any = None) -> Any:
    every = IssuedDocument.objects.all() if documents is None else documents
    register = {name: OuterRef(name) for name in ("office", "kind", "year")}
    later = IssuedDocument.objects.filter(**register, sequence__gt=OuterRef("sequence"))
    return every.filter(~Exists(later)).order_by("office", "kind", "year")


def is_intact(document: IssuedDocument) -> bool:
    """One paper's content, number and link to the one before it; its file is checked when it is sent."""
    return not list(_content_differences(document, _previous_hash(document)))


def _register_of(document: IssuedDocument) -> tuple[int, str, int]:
    return document.office_id, document.kind, document.year


def _previous_hash(document: IssuedDocument) -> str:
    before = IssuedDocument.objects.in_register(document.office, document.kind, document.year)
    return before.filter(sequence=document.sequence - 1).values_list("sha256", flat=True).first() or ""


def _content_differences(document: IssuedDocument, previous_sha256: str) -> Iterator[Difference]:
    if sha256_hex(canonical_json(document.snapshot)) != document.sha256:
        yield Difference(document.number, _("the content does not have its hash"))
    issue = document.snapshot.get("issue") or {}
    if document.previous_hash != previous_sha256 or issue.get("previous_sha256") != document.previous_hash:
        yield Difference(document.number, _("the chain is broken: the hash of the one before differs"))
    if issue.get("number") != document.number or issue.get("position") != document.sequence:
        yield Difference(document.number, _("the number in the register is not the one on the paper"))


def _file_differences(document: IssuedDocument) -> Iterator[Difference]:
    if not document.has_file:
        yield Difference(document.number, _("the PDF is missing"))
    elif sha256_hex(bytes(document.file.content)) != document.file.sha256:
        yield Difference(document.number, _("the stored PDF does not have its hash"))
