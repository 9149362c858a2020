"""The public verdict on one paper, of whatever kind."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from ikm_program.paper_content import sha256_hex
from ikm_program.papers import PublicFact, Standing
from trainings.models import IssuedDocument, IssuedFile
from trainings.reports.chains import is_intact


@dataclass(frozen=True)
class Verdict:
    """What anybody with the paper in hand may read: what its kind makes public, and what became of it."""

    document: IssuedDocument
    facts: Sequence[PublicFact]
    standing: Standing
    is_intact: bool  # the frozen content still has its hash, and its place in the chain
    register: str
    file_sha256: str  # "" while the PDF is being made


def verdict_on(token: str) -> Verdict | None:
    """The verdict on the paper with this token; it is the only key, and it is 160 random bits."""
    document = IssuedDocument.objects.filter(token=token).with_standing().first()
    if document is None:
        return None
    issue = document.snapshot["issue"]
    return Verdict(
        document=document,
        facts=document.paper.public(document.snapshot),
        standing=document.standing,
        is_intact=is_intact(document),
        register=issue["register"] if issue else "",
        file_sha256=document.file.sha256 if document.has_file else "",
    )


def compared(verdict: Verdict, sha256: str, inside: Sequence[bytes]) -> str:
    """What a file is beside the paper: by its own hash and, where that is no file of ours, by the data inside it.

    The data are what was frozen, byte for byte, so their hash tells them. That they are whole says nothing of the pages around them.
    """
    if sha256 == verdict.file_sha256:
        return "same"
    if IssuedFile.objects.filter(sha256=sha256).exists():
        return "another"
    hashes = [sha256_hex(data) for data in inside]
    if verdict.document.sha256 in hashes:
        return "resaved"
    if IssuedDocument.objects.filter(sha256__in=hashes).exists():
        return "another"
    return "altered" if any(_claims_to_be(verdict.document, data) for data in inside) else "different"


def _claims_to_be(document: IssuedDocument, data: bytes) -> bool:
    try:
        issue = json.loads(data)["issue"]
        return bool(issue["number"] == document.number or document.token in issue["verification_url"])
    except (ValueError, LookupError, TypeError, RecursionError):
        return False
