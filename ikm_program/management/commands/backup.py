from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from ikm_program import backups


class Command(BaseCommand):
    help = "Writes a consistent backup of database and uploaded files while people work, and removes the oldest."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--to", type=Path, default=settings.DATA_DIR / "backups", help="directory of the backups (default: %(default)s)"
        )
        parser.add_argument("--keep", type=int, default=14, help="how many to keep, 0 for all (default: %(default)s)")

    def handle(self, *args: Any, to: Path, keep: int, **options: Any) -> None:
        try:
            with backups.ended_cleanly():
                made = backups.make(to)
        except (backups.BackupError, OSError) as error:
            raise CommandError(f"No backup was made: {error}") from error
        removed = backups.prune(to, keep)
        self.stdout.write(str(made))
        for path in removed:
            self.stderr.write(f"removed {path}")
