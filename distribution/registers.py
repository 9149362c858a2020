"""Registers: the next number of an office, kind and year, given in the issuing transaction together with the frozen content."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from distribution import tasks
from distribution.documents import Issue, Kind, Snapshot, canonical_json, sha256_hex
from distribution.models import Cancellation, Handover, IssuedDocument, Transfer
from distribution.models.document import new_token
from ikm_program import audit, counters, number_patterns
from trainings.models import Office

LETTERS: dict[Kind, str] = {"bast": "BAST", "ba-mutasi": "BA-MUTASI", "ba-batal": "BA-BATAL"}
KINDS: dict[Kind, IssuedDocument.Kind] = {
    "bast": IssuedDocument.Kind.BAST,
    "ba-mutasi": IssuedDocument.Kind.TRANSFER,
    "ba-batal": IssuedDocument.Kind.CANCELLATION,
}


def counter_name(office: Office, kind: Kind, year: int) -> str:
    return f"register:{office.pk}:{kind}:{year}"


def next_number(office: Office, kind: Kind, on: dt.date) -> str:
    """What the next paper would be called: a preview, not a promise."""
    return _number(office, kind, on, counters.peek(counter_name(office, kind, on.year)))


def issue_document(
    office: Office,
    kind: Kind,
    *,
    on: dt.date,
    by: Any,
    content: Callable[[Issue], Snapshot],
    handover: Handover | None = None,
    transfer: Transfer | None = None,
    cancellation: Cancellation | None = None,
    second_number: str = "",
) -> IssuedDocument:
    """Number a paper, freeze its content and chain it to the one before. The PDF is made after the commit."""
    sequence = counters.next_value(counter_name(office, kind, on.year))  # from here on this register waits for us
    token = new_token()
    issue = _issue(office, kind, on, sequence, token, second_number)
    snapshot = content(issue)
    document = IssuedDocument.objects.create(
        kind=KINDS[kind],
        office=office,
        register=kind,
        year=on.year,
        sequence=sequence,
        number=issue["number"],
        document_on=on,
        snapshot=snapshot,
        arms=office.arms,
        sha256=sha256_hex(canonical_json(snapshot)),
        previous_hash=issue["previous_sha256"],
        token=token,
        issued_at=timezone.now(),
        issued_by=by,
        handover=handover,
        transfer=transfer,
        cancellation=cancellation,
    )
    audit.record("document_issued", document, by=by, after=_noted(document))
    transaction.on_commit(lambda: tasks.enqueue_rendering(document.pk), robust=True)  # a queue that is away undoes nothing
    return document


def _noted(document: IssuedDocument) -> dict[str, Any]:
    """What the trail keeps of an issued paper; the token stands in its content, which has the hash."""
    names = ("kind", "register", "year", "sequence", "number", "document_on", "sha256", "previous_hash")
    subject = document.subject
    return {name: getattr(document, name) for name in names} | {"subject": f"{subject._meta.label_lower} {subject.pk}"}


def _issue(office: Office, kind: Kind, on: dt.date, sequence: int, token: str, second_number: str) -> Issue:
    """What the paper gets by being issued: its number, its place in the chain, its address."""
    previous = IssuedDocument.objects.in_register(office, kind, on.year).last()
    return Issue(
        number=_number(office, kind, on, sequence),
        second_number=second_number,
        register=f"{office} · {LETTERS[kind]} · {on.year}",
        position=sequence,
        previous_sha256=previous.sha256 if previous else "",
        code=typed_code(token),
        verification_url=settings.SITE_URL + reverse("distribution:verify", args=[token]),
    )


def typed_code(token: str) -> str:
    """What a person without a camera types: the whole token in groups of four. Anything shorter could be guessed."""
    return "-".join(token[start : start + 4].upper() for start in range(0, len(token), 4))


def _number(office: Office, kind: Kind, on: dt.date, sequence: int) -> str:
    return number_patterns.render(
        office.number_pattern,
        sequence=sequence,
        classification=office.classification,
        kind=LETTERS[kind],
        unit=office.unit_code,
        office=office.abbreviation,
        on=on,
    )
