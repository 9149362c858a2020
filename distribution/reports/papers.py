"""What a paper says and what became of it: in words for lists, and as the public verdict on one paper."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from distribution.documents import Line, Snapshot
from distribution.models import Handover, IssuedDocument, IssuedFile
from distribution.models.handover import HandoverLine
from distribution.reports.chains import is_intact
from ikm_program.formatting import jumlah


def goods_in_words(lines: Iterable[Any], quantity: Callable[[Any], int] = lambda line: line.quantity) -> str:
    """ "50 set Pakaian hazmat, 500 lembar Masker": the whole lines, or the part of each that `quantity` says. None is left out."""
    parts = [(quantity(line), line.product) for line in lines]
    return ", ".join(f"{jumlah(part)} {product.unit} {product.name}" for part, product in parts if part)


def still_out(line: HandoverLine) -> int:
    """What a cancellation brings back: what was acknowledged, or everything while nobody has acknowledged it."""
    return line.quantity if line.acknowledged is None else line.acknowledged


def goods_of(snapshot: Snapshot) -> str:
    """The same, as it is frozen on the paper."""
    return ", ".join(f"{jumlah(line['quantity'])} {line['unit']} {line['product']}" for line in snapshot["lines"])


@dataclass(frozen=True)
class Verdict:
    """What anybody with the paper in hand may read: an allow-list, without names, numbers of persons, phones or addresses."""

    kind: str
    number: str
    on: dt.date
    giver: str
    receiver: str
    lines: Sequence[Line]
    is_intact: bool  # the frozen content still has its hash, and its place in the chain
    is_cancelled: bool
    is_partial: bool  # less arrived than the paper says
    cancelled_by: str  # number of the cancellation record
    cancelled_on: dt.date | None
    successor: str
    cancels: str
    register: str
    position: int
    previous_sha256: str
    sha256: str
    file_sha256: str  # "" while the PDF is being made


def verdict_on(token: str) -> Verdict | None:
    """The verdict on the paper with this token; it is the only key, and it is 160 random bits."""
    found = IssuedDocument.objects.filter(token=token).with_names()
    document = found.prefetch_related("handover__cancellations__document", "handover__successors__document").first()
    if document is None:
        return None
    snapshot: Snapshot = document.snapshot
    second, issue = snapshot["second_party"], snapshot["issue"]
    cancelled, paper, successor = document.approved_cancellation, document.cancelled_by, document.replaced_by
    return Verdict(
        kind=document.kind,
        number=document.number,
        on=document.document_on,
        giver=snapshot["first_party"]["organisation"],
        receiver=second["organisation"] if second else "",
        lines=snapshot["lines"],
        is_intact=is_intact(document),
        is_cancelled=document.handover is not None and document.handover.status == Handover.Status.CANCELLED,
        is_partial=document.handover is not None and document.handover.status == Handover.Status.PARTIAL,
        cancelled_by=paper.number if paper else "",
        cancelled_on=cancelled.cancelled_on if cancelled else None,
        successor=successor.number if successor else "",
        cancels=snapshot["cancels"]["number"] if snapshot["cancels"] else "",
        register=issue["register"] if issue else "",
        position=document.sequence,
        previous_sha256=document.previous_hash,
        sha256=document.sha256,
        file_sha256=document.file.sha256 if document.has_file else "",
    )


def is_file_of_ours(sha256: str) -> bool:
    return IssuedFile.objects.filter(sha256=sha256).exists()
