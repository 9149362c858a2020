"""An act on many rows, done by the worker."""

from __future__ import annotations

from django_tasks import task

from ikm_program import bulk, jobs


@task()
def act_on_many(job_id: int, path: str, query: str, sent: str) -> None:
    """The rows are chosen again by the same filter, and each chunk is one transaction: what is done stays done."""
    with jobs.doing(job_id) as job:
        screen = bulk.screen_again(path, query, sent, job.by)
        act, arguments = bulk.asked_act(screen)
        outcome, seen = bulk.Outcome(), 0
        pks = list(bulk.picked(screen).values_list("pk", flat=True))
        for start in range(0, len(pks), bulk.CHUNK):
            some = pks[start : start + bulk.CHUNK]
            part = bulk.perform(act, screen.get_queryset().filter(pk__in=some), by=job.by, arguments=arguments)
            outcome.done, outcome.refused, seen = outcome.done + part.done, outcome.refused + part.refused, seen + len(some)
            jobs.count(job, seen)
        job.message = outcome.in_words()
