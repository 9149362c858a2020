"""Long work with a progress page: asked for in a request, done by the worker, watched by the person who asked.

    job = jobs.ask_for(_("Import"), by=user, total=83_000, work=run_import, import_id=7)   # answers at once
    return HttpResponseRedirect(job.get_absolute_url())

    @task()
    def run_import(job_id: int, import_id: int) -> None:
        with jobs.doing(job_id) as job:
            ...
            jobs.count(job, 500)
            job.message, job.url = "...", "..."

`count` writes at once: inside one long transaction nobody sees it before the commit, so work that is all or nothing counts
while it prepares, and writes at the end.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import logging
from collections.abc import Iterator
from typing import Any

from django.db import transaction
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ikm_program.actions import Refusal
from ikm_program.logs import without_values
from ikm_program.models import Job
from ikm_program.transactions import write_transaction
from ikm_program.views import DetailScreen

log = logging.getLogger(__name__)
LOST_AFTER = dt.timedelta(minutes=30)
LOST = _("The work was interrupted: the background worker was ended in the middle of it. What was done until then stays. Start it again.")
WENT_WRONG = _("Something went wrong. Nothing more was done; the administrator finds the reason in the log.")


def ask_for(kind: str | Promise, *, by: Any, work: Any, total: int = 0, url: str = "", **arguments: Any) -> Job:
    """A job for the worker: the task `work` gets its number as `job_id`, and the arguments."""
    job = write_transaction(lambda: Job.objects.create(kind=str(kind), by=by, total=total, url=url))
    transaction.on_commit(lambda: work.enqueue(job_id=job.pk, **arguments))
    return job


@contextlib.contextmanager
def doing(job_id: int) -> Iterator[Job]:
    """The job while it is being done: started, and in the end finished or failed, with a sentence. In the office's language."""
    job = Job.objects.select_related("by__region").get(pk=job_id)
    _save(job, status=Job.Status.RUNNING, started_at=timezone.now())
    try:
        with translation.override("id"):
            yield job
    except Exception as error:  # noqa: BLE001  whatever it is, whoever asked is told that it failed
        message = str(error if isinstance(error, Refusal) else WENT_WRONG)
        _save(job, status=Job.Status.FAILED, message=message, finished_at=timezone.now())
        if not isinstance(error, Refusal):
            log.error("job %s failed: %s", job_id, without_values(error))
        return
    _save(job, status=Job.Status.DONE, message=job.message, url=job.url, done=max(job.done, job.total), finished_at=timezone.now())


def count(job: Job, done: int) -> None:
    """Say how far it is."""
    _save(job, done=done)


def fail_lost() -> int:
    """Work that nobody does any more is told as failed, so that it is started again; returns how much. What waits is done later."""
    with translation.override("id"):
        failed = {"status": Job.Status.FAILED, "message": str(LOST), "finished_at": timezone.now()}
    running = Job.objects.filter(status=Job.Status.RUNNING).alias(heard_at=Coalesce("touched_at", "started_at", "created_at"))
    return write_transaction(lambda: running.filter(heard_at__lt=timezone.now() - LOST_AFTER).update(**failed))


def _save(job: Job, **values: Any) -> None:
    values["touched_at"] = timezone.now()
    write_transaction(lambda: Job.objects.filter(pk=job.pk).update(**values))
    for name, value in values.items():
        setattr(job, name, value)


class JobScreen(DetailScreen):
    """How far it is. The page asks again until it is over; without JavaScript a link does."""

    model = Job
    permission = "trainings.view_programme"  # everybody has it; the job itself is only its own person's
    place = "job_detail"
    template_name = "jobs/detail.html"
    has_history = False

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if getattr(request, "htmx", None) and request.htmx.target == "pekerjaan":  # type: ignore[attr-defined]
            self.template_name = "jobs/_progress.html"
        response = super().get(request, *args, **kwargs)
        response.headers["Vary"] = "HX-Request, HX-Target, Cookie"
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(tells_status_itself=True, **kwargs)  # the heading is not asked for again
