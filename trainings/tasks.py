"""PDFs of issued papers, made by the worker after the commit."""

from __future__ import annotations

import logging

from django.db import IntegrityError
from django_tasks import task

from ikm_program import audit
from ikm_program.paper_content import sha256_hex
from ikm_program.transactions import write_transaction
from trainings.models import IssuedDocument, IssuedFile

log = logging.getLogger(__name__)


def enqueue_rendering(document_id: int) -> None:
    """Ask the worker for the PDF. Should the queue be away, the nightly job finds what is missing."""
    render_document.enqueue(document_id)


@task()
def render_document(document_id: int) -> None:
    """Make the PDF of an issued document from its frozen content and store it once; a second run changes nothing.

    The trail keeps the hash of the file, so that one replaced together with its own hash is found.
    """
    document = IssuedDocument.objects.get(pk=document_id)
    if IssuedFile.objects.filter(document=document).exists():
        return
    arms = bytes(document.arms) if document.arms else None
    content = document.paper.render(document.snapshot, arms)
    try:
        write_transaction(lambda: _store(document, content))
    except IntegrityError:
        log.info("document %s was rendered meanwhile", document_id)


def _store(document: IssuedDocument, content: bytes) -> None:
    with audit.collecting():
        file = IssuedFile.objects.create(document=document, content=content, sha256=sha256_hex(content))
        audit.record("file_stored", document, by=None, after={"file_sha256": file.sha256})


def render_missing() -> int:
    """Make every PDF that is still missing; returns how many."""
    missing = IssuedDocument.objects.filter(file__isnull=True).values_list("pk", flat=True)
    for document_id in missing:
        render_document.call(document_id)
    return len(missing)
