"""Scans of signed papers are read by the worker: a page takes a second."""

from __future__ import annotations

from functools import partial

from django.utils.translation import gettext as _
from django_tasks import task

from distribution.models import SignedScan
from ikm_program import audit, jobs
from ikm_program.formatting import jumlah
from ikm_program.transactions import write_transaction


@task()
def read_scans(job_id: int, scan_ids: list[int]) -> None:
    with jobs.doing(job_id) as job:
        filed = 0
        for done, pk in enumerate(scan_ids, 1):
            filed += write_transaction(partial(_read, pk))
            jobs.count(job, done)
        job.message = _("%(filed)s signed papers filed. The list says what became of each file.") % {"filed": jumlah(filed)}


def _read(pk: int) -> int:
    from distribution.actions.scans import read_scan  # the action that asks for this work imports this module

    with audit.collecting():
        return read_scan(SignedScan.objects.select_related("created_by__region").get(pk=pk))
