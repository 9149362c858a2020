"""Registers: the next number of an office, kind and year, given in the issuing transaction together with the frozen content."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import asdict
from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.urls import reverse
from django.utils import timezone

from ikm_program import audit, counters, number_patterns, papers
from ikm_program.paper_content import Issue, canonical_json, sha256_hex
from ikm_program.screens import Text
from trainings import tasks
from trainings.models import DocumentRegion, IssuedDocument, Office, Region
from trainings.models.document import new_token
from trainings.snapshots import arms_of


def counter_name(office: Office, kind: str, year: int) -> str:
    return f"register:{office.pk}:{kind}:{year}"


def next_number(office: Office, kind: str, on: dt.date) -> str:
    """What the next paper would be called: a preview, not a promise."""
    return _number(office, kind, on, counters.peek(counter_name(office, kind, on.year)))


def next_numbers(office: Office, on: dt.date) -> list[tuple[Text, str]]:
    """The same for every kind of paper, with what each is called; `office` may be one that is still being typed."""
    kinds = papers.registered()
    names = {kind.kind: counter_name(office, kind.kind, on.year) for kind in kinds}
    values = counters.peek_many(names.values())
    return [(kind.title, _number(office, kind.kind, on, values[names[kind.kind]])) for kind in kinds]


def issue_document(
    office: Office,
    kind: str,
    *,
    subject: models.Model,
    on: dt.date,
    by: Any,
    content: Callable[[Issue], Any],
    regions: Iterable[Region] = (),
    second_number: str = "",
) -> IssuedDocument:
    """Number a paper, freeze its content and chain it to the one before. The PDF is made after the commit.

    `subject` is what it is about: a saved record, which takes the document in the same transaction (`advance(..., document=...)`).
    `regions` are those whose goods or people the paper carries: besides the office's own they may read it.
    """
    sequence = counters.next_value(counter_name(office, kind, on.year))  # from here on this register waits for us
    token = new_token()
    issue = _issue(office, kind, on, sequence, token, second_number)
    snapshot = content(issue)
    document = IssuedDocument.objects.create(
        kind=kind,
        office=office,
        year=on.year,
        sequence=sequence,
        number=issue["number"],
        document_on=on,
        **asdict(papers.paper_of(kind).entry(snapshot)),
        snapshot=snapshot,
        arms=arms_of(office, snapshot["letterhead"]),
        sha256=sha256_hex(canonical_json(snapshot)),
        previous_hash=issue["previous_sha256"],
        token=token,
        issued_at=timezone.now(),
        issued_by=by,
    )
    reach = _open_to(document, regions)
    audit.record("document_issued", document, by=by, after=_noted(document, subject, reach))
    transaction.on_commit(lambda: tasks.enqueue_rendering(document.pk), robust=True)  # a queue that is away undoes nothing
    return document


def _open_to(document: IssuedDocument, regions: Iterable[Region]) -> list[Region]:
    reach = sorted({region.pk: region for region in regions}.values(), key=lambda region: region.kemendagri_code)
    DocumentRegion.objects.bulk_create(DocumentRegion(document=document, region=region) for region in reach)
    return reach


def _noted(document: IssuedDocument, subject: models.Model, reach: list[Region]) -> dict[str, Any]:
    """What the trail keeps of an issued paper; the token stands in its content, which has the hash."""
    names = ("kind", "year", "sequence", "number", "document_on", "sha256", "previous_hash")
    return {name: getattr(document, name) for name in names} | {
        "subject": f"{subject._meta.label_lower} {subject.pk}",
        "regions": [region.kemendagri_code for region in reach],
    }


def _issue(office: Office, kind: str, on: dt.date, sequence: int, token: str, second_number: str) -> Issue:
    """What the paper gets by being issued: its number, its place in the chain, its address."""
    previous = IssuedDocument.objects.in_register(office, kind, on.year).last()
    return Issue(
        number=_number(office, kind, on, sequence),
        second_number=second_number,
        register=f"{office} · {papers.paper_of(kind).letters} · {on.year}",
        position=sequence,
        previous_sha256=previous.sha256 if previous else "",
        code=typed_code(token),
        verification_url=settings.SITE_URL + reverse("trainings:verify", args=[token]),
    )


def typed_code(token: str) -> str:
    """What a person without a camera types: the whole token in groups of four. Anything shorter could be guessed."""
    return "-".join(token[start : start + 4].upper() for start in range(0, len(token), 4))


def _number(office: Office, kind: str, on: dt.date, sequence: int) -> str:
    return number_patterns.render(
        office.number_pattern,
        sequence=sequence,
        classification=office.classification,
        kind=papers.paper_of(kind).letters,
        unit=office.unit_code,
        office=office.abbreviation,
        on=on,
    )
