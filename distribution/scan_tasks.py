"""Scans of signed papers are read by the worker: a page takes a second."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import partial

from django.utils.translation import gettext as _
from django_tasks import task

from distribution.models import SignedScan
from ikm_program import audit, jobs
from ikm_program.formatting import jumlah
from ikm_program.logs import without_values
from ikm_program.transactions import write_transaction

log = logging.getLogger(__name__)


@task()
def read_scans(job_id: int, scan_ids: list[int]) -> None:
    with jobs.doing(job_id) as job:
        filed = 0
        for done, pk in enumerate(scan_ids, 1):
            filed += _tried(pk)
            jobs.count(job, done)
        job.message = _("%(filed)s signed papers filed. The list says what became of each file.") % {"filed": jumlah(filed)}


def _tried(pk: int) -> int:
    """Each file by itself: one that breaks is for a person to look at, and the next ones are read."""
    from distribution.actions import scans  # the action that asks for this work imports this module

    try:
        return write_transaction(partial(_done, scans.read_scan, pk))
    except Exception as error:  # noqa: BLE001  whatever it is, the next file is another one
        log.error("scan %s cannot be read: %s", pk, without_values(error))
        return write_transaction(partial(_done, scans.set_aside, pk))


def _done(step: Callable[[SignedScan], int], pk: int) -> int:
    with audit.collecting():
        return step(SignedScan.objects.select_related("created_by__region").get(pk=pk))
