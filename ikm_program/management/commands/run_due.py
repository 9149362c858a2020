"""What is due, run every quarter of an hour: missing PDFs, things nobody needs any more, once a day the search for duplicates.

Harmless to run twice.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable
from typing import Any

from django.apps import apps
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import models
from django.utils import timezone

from distribution.actions.monthly import prepare_due
from ikm_program import jobs
from ikm_program.logs import without_values
from ikm_program.models import Attempt
from production import day_sums
from production.models import OutputPhoto
from trainings.actions.bundles import remove_expired
from trainings.actions.duplicate_search import search_duplicates, search_is_due
from trainings.tasks import NotRendered, render_missing

KEPT_FOR = dt.timedelta(days=2)  # a photo sent ahead may wait that long for its form
TASKS_KEPT_FOR = 14  # days
# What no record names was left by an act that came to nothing, and goes ...
CLEARED = frozenset({"agreements", "bundles", "evidence", "imports", "mentoring", "occasions", "payments", "photos", "scans"})
# ... but where a file may be replaced, the earlier one is evidence that the audit trail names by its hash.
KEPT = frozenset({"attendance", "decrees"})

log = logging.getLogger(__name__)
Step = Callable[[], str | None]


class Command(BaseCommand):
    help = "Make missing PDFs; search for duplicates once a day; remove photos without a report, old sign-in counts, ended sessions."

    def handle(self, *args: Any, **options: Any) -> None:
        """Each step by itself: one that fails keeps no other from being done, and whoever watches sees it in the exit code."""
        failed = [step.__name__ for step in STEPS if not self._done(step)]
        if failed:
            raise CommandError(f"Not done: {', '.join(failed)}. The log says why; everything else is done.")

    def _done(self, step: Step) -> bool:
        try:
            told = step()
        except NotRendered as error:  # it has told of each paper
            log.error("run_due: %s", str(error))
            return False
        except Exception as error:  # noqa: BLE001  whatever it is, the next step is another one
            log.error("run_due: %s failed: %s", step.__name__, without_values(error))
            return False
        if told:
            self.stdout.write(told)
        return True


def missing_pdfs() -> str:
    return f"{render_missing()} document(s) rendered."


def photos_without_a_report() -> None:
    OutputPhoto.objects.filter(entry=None, uploaded_at__lt=timezone.now() - KEPT_FOR).delete()


def files_without_a_record() -> str:
    old = timezone.now() - KEPT_FOR
    files = sum(remove_orphans(folder, known, old) for folder, known in known_files().items() if folder in CLEARED)
    return f"{files} file(s) without a record removed."


def expired_bundles() -> None:
    remove_expired(timezone.now())


def old_counts_of_sign_in() -> None:
    Attempt.objects.filter(window_started_at__lt=timezone.now() - KEPT_FOR).delete()


def ended_sessions() -> None:
    call_command("clearsessions")


def finished_tasks() -> None:
    call_command("prune_db_task_results", min_age_days=TASKS_KEPT_FOR, verbosity=0)


def lost_work() -> str:
    lost = jobs.fail_lost()
    return f"{lost} interrupted job(s) told as failed." if lost else ""


def duplicates() -> str:
    today = timezone.localdate()
    if not search_is_due(today):
        return ""
    search = search_duplicates(today)
    return f"Searched for duplicates: {search.compared} pair(s) compared, {search.found} new."


def monthly_reports() -> str:
    reports = prepare_due(timezone.localdate())
    return f"{reports} monthly report(s) prepared." if reports else ""


def sums_by_day() -> None:
    day_sums.add_up()


STEPS: tuple[Step, ...] = (
    missing_pdfs, lost_work, photos_without_a_report, files_without_a_record, expired_bundles, old_counts_of_sign_in, ended_sessions,
    finished_tasks, duplicates, monthly_reports, sums_by_day,
)  # fmt: skip


def known_files() -> dict[str, set[str]]:
    """Which uploaded files a record still points to, by folder."""
    known: dict[str, set[str]] = {}
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, models.FileField):
                folder = field.generate_filename(model(), "x.pdf").partition("/")[0]
                names = model._base_manager.exclude(**{field.name: ""}).values_list(field.name, flat=True)
                known.setdefault(folder, set()).update(names)
    return known


def remove_orphans(folder: str, known: set[str], old: dt.datetime) -> int:
    """Delete files that no record names. Young ones stay: their record may be about to be committed."""
    if not default_storage.exists(folder):
        return 0
    names = [f"{folder}/{name}" for name in default_storage.listdir(folder)[1]]
    orphans = [name for name in names if name not in known and default_storage.get_modified_time(name) < old]
    for name in orphans:
        default_storage.delete(name)
    return len(orphans)
