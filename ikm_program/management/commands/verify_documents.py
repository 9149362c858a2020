from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from trainings.models import IssuedDocument
from trainings.reports.chains import document_differences, heads, missing_documents


class Command(BaseCommand):
    help = "Walk every register: content, chain, gaps, a cut end, stored PDF. Exits non-zero when anything differs from what was issued."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--heads", action="store_true", help="list the last paper of each register, to compare with a printed register")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["heads"]:
            for end in heads(IssuedDocument.objects.all()):
                self.stdout.write(f"{end.office} · {end.get_kind_display()} · {end.year}: {end.sequence} {end.number} {end.sha256}")
        differences = [*document_differences(), *missing_documents()]
        for difference in differences:
            self.stderr.write(str(difference))
        if differences:
            raise CommandError(f"{len(differences)} difference(s) found")
        self.stdout.write(f"{IssuedDocument.objects.count()} issued document(s), nothing differs")
