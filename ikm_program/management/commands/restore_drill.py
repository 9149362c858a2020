from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import get_commands
from django.core.management.base import BaseCommand, CommandError, CommandParser

from ikm_program import backups

CHECKS = ("verify_integrity", "verify_audit")


class Command(BaseCommand):
    help = "Restores the newest backup beside the running system, compares every row count, recomputes it, and throws it away."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("backup", type=Path, nargs="?", help="a backup directory (default: the newest one)")
        parser.add_argument(
            "--from", type=Path, dest="directory", default=settings.DATA_DIR / "backups", help="where the newest is looked for"
        )

    def handle(self, *args: Any, backup: Path | None, directory: Path, **options: Any) -> None:
        chosen = backup or next(reversed(backups.all_in(directory)), None)
        if chosen is None:
            raise CommandError(f"There is no backup in {directory}.")
        try:
            expected = backups.read_manifest(chosen)["rows"]
            with backups.ended_cleanly(), backups.restored(chosen) as environment:
                self._compare(expected, backups.row_counts(environment["DATABASE_URL"], list(expected)))
                for name in CHECKS:
                    self._recompute(name, environment)
        except (backups.BackupError, OSError) as error:
            raise CommandError(f"The backup does not come back: {error}") from error
        self.stdout.write(f"{chosen}: {sum(expected.values())} rows in {len(expected)} tables came back")

    def _compare(self, expected: dict[str, int], found: dict[str, int]) -> None:
        differences = [f"{table}: {found[table]} rows, expected {rows}" for table, rows in expected.items() if found[table] != rows]
        if differences:
            raise backups.BackupError("; ".join(differences))

    def _recompute(self, name: str, environment: dict[str, str]) -> None:
        """In a process of its own, because a process keeps the database it started with."""
        if name not in get_commands():
            return
        outcome = subprocess.run(  # noqa: S603  our own command
            [sys.executable, str(settings.BASE_DIR / "manage.py"), name],
            env=os.environ | {"SECRET_KEY": settings.SECRET_KEY} | environment,
            capture_output=True,
            text=True,
            check=False,
        )
        if outcome.returncode != 0:
            raise backups.BackupError(f"{name}: {(outcome.stdout + outcome.stderr).strip()}")
