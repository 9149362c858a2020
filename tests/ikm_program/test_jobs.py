"""Long work: asked for at once, done by the worker, watched by whoever asked and by nobody else."""

from __future__ import annotations

import pytest
from django_tasks import task

from ikm_program import jobs
from ikm_program.actions import Refusal
from ikm_program.models import Job
from trainings.models import User

pytestmark = pytest.mark.django_db


@task()
def count_to(job_id: int, end: int) -> None:
    with jobs.doing(job_id) as job:
        jobs.count(job, end // 2)
        assert Job.objects.get(pk=job_id).done == end // 2
        job.message = f"{end} done"


def test_a_job_is_asked_for_now_and_done_later(officer: User, django_capture_on_commit_callbacks) -> None:
    with django_capture_on_commit_callbacks() as callbacks:
        job = jobs.ask_for("Counting", by=officer, total=4, work=count_to, end=4)
    assert (job.status, len(callbacks)) == ("menunggu", 1)
    count_to.call(job.pk, 4)
    job.refresh_from_db()
    assert (job.status, job.done, job.message, job.finished_at >= job.started_at) == ("selesai", 4, "4 done", True)


def test_what_a_rule_refuses_is_told_and_what_breaks_is_not(officer: User, caplog) -> None:
    told = {}
    for error in (Refusal("The quota is full."), ValueError("NIK 6301011506850000")):
        job = Job.objects.create(by=officer, kind="Counting")
        with jobs.doing(job.pk):
            raise error
        job.refresh_from_db()
        told[type(error).__name__] = (job.status, job.message[:18])
    assert told == {"Refusal": ("gagal", "The quota is full."), "ValueError": ("gagal", str(jobs.WENT_WRONG)[:18])}


def test_the_page_asks_again_until_it_is_over(officer: User, client_of) -> None:
    job, browser = Job.objects.create(by=officer, kind="Counting", status="berjalan", done=1, total=4), client_of(officer)
    running = browser.get(job.get_absolute_url()).content.decode()
    Job.objects.filter(pk=job.pk).update(status="selesai", message="Four.", url="/ikm/")
    part = browser.get(job.get_absolute_url(), headers={"HX-Request": "true", "HX-Target": "pekerjaan"}).content.decode()
    assert ("every 1s" in running, "Look again" in running) == (True, True)
    assert ("<html" in part, "every 1s" in part, "Four." in part, 'href="/ikm/"' in part) == (False, False, True, True)


def test_nobody_else_sees_it(officer: User, staff: User, other_officer: User, client_of) -> None:
    job = Job.objects.create(by=officer, kind="Counting")
    assert [client_of(person).get(job.get_absolute_url()).status_code for person in (officer, staff, other_officer)] == [200, 404, 404]
