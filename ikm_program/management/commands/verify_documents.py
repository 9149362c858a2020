from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from trainings.models import IssuedDocument
from trainings.reports.chains import document_differences


class Command(BaseCommand):
    help = "Walk every register: content hash, chain, gaps, stored PDF. Exits non-zero when anything differs from what was issued."

    def handle(self, *args: Any, **options: Any) -> None:
        differences = list(document_differences())
        for difference in differences:
            self.stderr.write(str(difference))
        if differences:
            raise CommandError(f"{len(differences)} difference(s) found")
        self.stdout.write(f"{IssuedDocument.objects.count()} issued document(s), nothing differs")
