"""PDFs of issued papers, made by the worker after the commit."""

from __future__ import annotations

import logging
from collections.abc import Iterable

from django.db import IntegrityError
from django_tasks import task

from ikm_program import audit
from ikm_program.logs import without_values
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


class NotRendered(Exception):
    """Papers whose PDF cannot be made; each is in the log. The others are made."""

    def __init__(self, made: int, missing: int) -> None:
        super().__init__(f"{made} document(s) rendered, {missing} cannot be: the log says which and why.")


def render_missing() -> int:
    """Make every PDF that is still missing; returns how many. Raises `NotRendered` in the end where some cannot be made."""
    missing = list(IssuedDocument.objects.values_list("pk", flat=True).filter(file__isnull=True))
    made = render_each(missing)
    if made < len(missing):
        raise NotRendered(made, len(missing) - made)
    return made


def render_each(document_ids: Iterable[int]) -> int:
    """Make these PDFs; returns how many could be made. One that cannot is logged and keeps no other waiting."""
    made = 0
    for document_id in document_ids:
        try:
            render_document.call(document_id)
            made += 1
        except Exception as error:  # noqa: BLE001  whatever it is, the next paper is another one
            number = IssuedDocument.objects.filter(pk=document_id).values_list("number", flat=True).first()
            log.error("document %s (%s) cannot be rendered: %s", document_id, number, without_values(error))
    return made
