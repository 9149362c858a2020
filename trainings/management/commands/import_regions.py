"""`manage.py import_regions [csv] [--province 53]`: load or refresh the tree of regions; running it again changes nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from trainings.imports import Loaded, MissingParentError, load_regions
from trainings.models import User
from trainings.regions import REFERENCE_FILE, RegionFileError, RegionRow, of_province, read_regions


class Command(BaseCommand):
    help = "Loads regions from a CSV file (default: the reference file of both provinces); idempotent."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("csv", nargs="?", type=Path, default=REFERENCE_FILE, help="file with a heading, UTF-8")
        parser.add_argument("--province", metavar="CODE", default="", help="only this province and its districts, by Kemendagri code (53)")

    def handle(self, *args: Any, **options: Any) -> None:
        loaded = self._load(options["csv"], options["province"])
        for title, codes in (("created", loaded.created), ("changed", loaded.changed)):
            if codes and options["verbosity"] > 1:
                self.stdout.write(f"{title}: {', '.join(codes)}")
        self.stdout.write(f"Regions: {len(loaded.created)} created, {len(loaded.changed)} changed, {len(loaded.unchanged)} unchanged.")
        if found := User.objects.get_queryset().settle_superusers():
            self.stdout.write(f"Superusers that had no region and now belong to the country: {found}.")

    def _load(self, path: Path, province: str) -> Loaded:
        try:
            return load_regions(self._rows(path, province))
        except FileNotFoundError as error:
            raise CommandError(f"{path} does not exist.") from error
        except (RegionFileError, MissingParentError) as error:
            raise CommandError(str(error)) from error

    def _rows(self, path: Path, province: str) -> list[RegionRow]:
        rows = list(read_regions(path))
        if province and not any(row.kemendagri_code == province for row in rows):
            known = ", ".join(row.kemendagri_code for row in rows if row.kind == "provinsi")
            raise CommandError(f"{path} has no province {province}. It has: {known}. Give a file of your own (docs/operations.md).")
        return of_province(rows, province) if province else rows
