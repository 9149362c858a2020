from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from ikm_program import backups
from ikm_program.integrity.audit_chain import Head, recorded_head, walk
from ikm_program.transactions import one_moment


class Command(BaseCommand):
    help = "Walk the hash chain of the audit trail. Exits non-zero when an event was edited, deleted, inserted, reordered or cut off."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--head-file",
            type=Path,
            help="keep the end of the chain in this file, outside the database; the next run compares, then moves it on"
            f" (one at {settings.DATA_DIR / backups.HEAD} is compared in any case)",
        )
        parser.add_argument(
            "--backups", type=Path, default=settings.DATA_DIR / "backups", help="whose manifests are compared (default: %(default)s)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path | None = options["head_file"]
        try:
            noted = [Head.read(kept) for kept in {path or settings.DATA_DIR / backups.HEAD, settings.DATA_DIR / backups.HEAD}]
            kept = [head for head in [*noted, *backups.heads(options["backups"])] if head is not None]
        except (ValueError, backups.BackupError) as error:
            raise CommandError(str(error)) from error
        with one_moment():
            found, head = list(walk(kept)), recorded_head()
        for sentence in found:
            self.stderr.write(sentence)
        if found:
            raise CommandError(f"{len(found)} break(s) in the audit trail")
        if path:
            head.write(path)
        self.stdout.write(f"The audit trail is whole: {head.sequence} event(s), {len(kept)} head(s) compared. Head: {head}")
