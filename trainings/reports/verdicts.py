"""The public verdict on one paper, of whatever kind."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

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


def is_file_of_ours(sha256: str) -> bool:
    return IssuedFile.objects.filter(sha256=sha256).exists()
