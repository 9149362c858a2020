"""What is due, run every quarter of an hour: missing PDFs, things nobody needs any more, once a day the search for duplicates.

Harmless to run twice.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.files.storage import default_storage
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.utils import timezone

from distribution.actions.monthly import prepare_due
from distribution.models import Receipt, ReceiverStatement
from ikm_program.models import Attempt
from production import day_sums
from production.models import OutputPhoto
from trainings.actions.bundles import remove_expired
from trainings.actions.duplicate_search import search_duplicates, search_is_due
from trainings.models import Bundle, OccasionFile, PipelineStep
from trainings.tasks import render_missing

KEPT_FOR = dt.timedelta(days=2)  # a photo sent ahead may wait that long for its form
TASKS_KEPT_FOR = 14  # days


class Command(BaseCommand):
    help = "Make missing PDFs; search for duplicates once a day; remove photos without a report, old sign-in counts, ended sessions."

    def handle(self, *args: Any, **options: Any) -> None:
        old = timezone.now() - KEPT_FOR
        OutputPhoto.objects.filter(entry=None, uploaded_at__lt=old).delete()
        files = sum(remove_orphans(folder, known, old) for folder, known in known_files().items())
        remove_expired(timezone.now())
        Attempt.objects.filter(window_started_at__lt=old).delete()
        call_command("clearsessions")
        call_command("prune_db_task_results", min_age_days=TASKS_KEPT_FOR, verbosity=0)
        today = timezone.localdate()
        search = search_duplicates(today) if search_is_due(today) else None
        reports = prepare_due(today)
        day_sums.add_up()
        rendered = render_missing()  # last: a document that cannot be rendered does not keep the rest from being done
        self.stdout.write(f"{rendered} document(s) rendered, {files} file(s) without a record removed.")
        if reports:
            self.stdout.write(f"{reports} monthly report(s) prepared.")
        if search is not None:
            self.stdout.write(f"Searched for duplicates: {search.compared} pair(s) compared, {search.found} new.")


def known_files() -> dict[str, set[str]]:
    """Which uploaded files a record still points to, by folder."""
    return {
        "photos": set(OutputPhoto.objects.values_list("image", flat=True)),
        "evidence": {
            *Receipt.objects.exclude(evidence="").values_list("evidence", flat=True),
            *ReceiverStatement.objects.exclude(photo="").values_list("photo", flat=True),
        },
        "bundles": set(Bundle.objects.exclude(file="").values_list("file", flat=True)),
        "mentoring": set(PipelineStep.objects.exclude(document="").values_list("document", flat=True)),
        "occasions": set(OccasionFile.objects.values_list("file", flat=True)),
    }


def remove_orphans(folder: str, known: set[str], old: dt.datetime) -> int:
    """Delete files that no record names. Young ones stay: their record may be about to be committed."""
    if not default_storage.exists(folder):
        return 0
    names = [f"{folder}/{name}" for name in default_storage.listdir(folder)[1]]
    orphans = [name for name in names if name not in known and default_storage.get_modified_time(name) < old]
    for name in orphans:
        default_storage.delete(name)
    return len(orphans)
