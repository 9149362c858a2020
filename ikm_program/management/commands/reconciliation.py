"""The reconciliation for auditors and scripts: `manage.py reconciliation --as-of 2020-06-22 --format json`."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from distribution.reports.reconciliation import as_report, reconcile
from ikm_program import reporting
from trainings.models import Programme


class Command(BaseCommand):
    help = "Print where every reported piece is, as of a day. Exits non-zero when it does not balance."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--as-of", type=_day, default=None, help="YYYY-MM-DD, by when it happened (default today)")
        parser.add_argument("--known-on", type=_day, default=None, help="YYYY-MM-DD, by what was recorded until then")
        parser.add_argument("--programme", default="", help="code of one programme (default all)")
        parser.add_argument("--format", choices=["json", "csv"], default="json")

    def handle(self, *args: Any, **options: Any) -> None:
        programmes = None
        if options["programme"]:
            programmes = list(Programme.objects.filter(code=options["programme"]))
            if not programmes:
                raise CommandError(f"There is no programme with the code {options['programme']}.")
        result = reconcile(as_of=options["as_of"] or timezone.localdate(), known_on=options["known_on"], programmes=programmes)
        report = as_report(result)
        if options["format"] == "csv":
            for line in reporting.to_csv(report):
                self.stdout.write(line, ending="")
        else:
            self.stdout.write(json.dumps(report.facts, default=str, ensure_ascii=False))
        if not result.is_balanced:
            raise CommandError("\n".join(result.problems), returncode=1)


def _day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)
