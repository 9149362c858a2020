"""Long work: asked for at once, done by the worker, watched by whoever asked and by nobody else."""

from __future__ import annotations

import datetime as dt
import io

import pytest
from django.core.management import call_command
from django.utils import timezone
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
    assert ("ValueError" in caplog.text, "test_jobs.py" in caplog.text, "6301011506850000" in caplog.text) == (True, True, False)


def test_the_page_asks_again_until_it_is_over(officer: User, client_of) -> None:
    job, browser = Job.objects.create(by=officer, kind="Counting", status="berjalan", done=1, total=4), client_of(officer)
    running = browser.get(job.get_absolute_url()).content.decode()
    Job.objects.filter(pk=job.pk).update(status="selesai", message="Four.", url="/ikm/")
    part = browser.get(job.get_absolute_url(), headers={"HX-Request": "true", "HX-Target": "pekerjaan"}).content.decode()
    assert ("every 1s" in running, "Look again" in running) == (True, True)
    assert ("<html" in part, "every 1s" in part, "Four." in part, 'href="/ikm/"' in part) == (False, False, True, True)


@pytest.mark.parametrize(("minutes", "status"), [(20, "berjalan"), (40, "gagal")])
def test_work_whose_worker_was_killed_is_told_as_failed(officer: User, minutes: int, status: str) -> None:
    job = Job.objects.create(by=officer, kind="Counting")
    with jobs.doing(job.pk) as running:
        jobs.count(running, 2)
        long_ago = timezone.now() - dt.timedelta(minutes=minutes)
        Job.objects.filter(pk=job.pk).update(started_at=long_ago - dt.timedelta(hours=1), touched_at=long_ago)
        jobs.fail_lost()
        job.refresh_from_db()
        assert (job.status, job.done) == (status, 2)
    job.refresh_from_db()
    assert job.status == "selesai"  # a worker that was only slow has the last word


def test_lost_work_says_that_it_is_to_be_started_again_and_what_waits_goes_on_waiting(officer: User, client_of) -> None:
    long_ago = timezone.now() - dt.timedelta(hours=2)
    lost, waiting = (Job.objects.create(by=officer, kind="Counting", status=status, url="/ikm/") for status in ("berjalan", "menunggu"))
    Job.objects.update(created_at=long_ago, started_at=None)  # as a job of an earlier version: nothing was written down of it
    call_command("run_due", stdout=io.StringIO())
    pages = [client_of(officer).get(job.get_absolute_url()).content.decode() for job in (lost, waiting)]
    assert ["Mulai kembali" in page for page in pages] == [True, False]
    assert ["hx-trigger" in page for page in pages] == [False, True]
    assert [word in pages[1] for word in ("every 60s", "has not answered")] == [True, True]  # nobody asks every second for ever


def test_nobody_else_sees_it(officer: User, staff: User, other_officer: User, client_of) -> None:
    job = Job.objects.create(by=officer, kind="Counting")
    assert [client_of(person).get(job.get_absolute_url()).status_code for person in (officer, staff, other_officer)] == [200, 404, 404]
