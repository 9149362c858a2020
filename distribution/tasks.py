"""Long work of this app, done by the worker after the commit."""

from __future__ import annotations

import logging

from django.db import IntegrityError, transaction
from django_tasks import task

from distribution.documents import pdf_bytes, sha256_hex
from distribution.models import IssuedDocument, IssuedFile

log = logging.getLogger(__name__)


def enqueue_rendering(document_id: int) -> None:
    """Ask the worker for the PDF. Should the queue be away, the nightly job finds what is missing."""
    render_document.enqueue(document_id)


@task()
def render_document(document_id: int) -> None:
    """Make the PDF of an issued document from its frozen content and store it once; a second run changes nothing."""
    document = IssuedDocument.objects.get(pk=document_id)
    if IssuedFile.objects.filter(document=document).exists():
        return
    arms = bytes(document.arms) if document.arms else None
    content = pdf_bytes(document.snapshot, arms=arms)
    try:
        with transaction.atomic():
            IssuedFile.objects.create(document=document, content=content, sha256=sha256_hex(content))
    except IntegrityError:
        log.info("document %s was rendered meanwhile", document_id)


def render_missing() -> int:
    """Make every PDF that is still missing; returns how many."""
    missing = IssuedDocument.objects.filter(file__isnull=True).values_list("pk", flat=True)
    for document_id in missing:
        render_document.call(document_id)
    return len(missing)
