"""`manage.py import_regions [csv]`: load or refresh the tree of regions; running it again changes nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from trainings.imports import Loaded, MissingParentError, load_regions
from trainings.models import Region, User
from trainings.regions import REFERENCE_FILE, RegionFileError, read_regions


class Command(BaseCommand):
    help = "Loads regions from a CSV file (default: the reference file of both provinces); idempotent."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("csv", nargs="?", type=Path, default=REFERENCE_FILE, help="file with a heading, UTF-8")
        parser.add_argument("--when-empty", action="store_true", help="only where there are no regions yet")

    def handle(self, *args: Any, **options: Any) -> None:
        if not (options["when_empty"] and Region.objects.exists()):
            self._tell(self._load(options["csv"]), options["verbosity"])
        # Whoever was made before there was a country belongs to it, too: without a region nobody sees or changes anything.
        User.objects.filter(is_superuser=True, region=None).update(region=Region.objects.filter(kind=Region.Kind.COUNTRY).first())

    def _tell(self, loaded: Loaded, verbosity: int) -> None:
        for title, codes in (("created", loaded.created), ("changed", loaded.changed)):
            if codes and verbosity > 1:
                self.stdout.write(f"{title}: {', '.join(codes)}")
        self.stdout.write(f"Regions: {len(loaded.created)} created, {len(loaded.changed)} changed, {len(loaded.unchanged)} unchanged.")

    def _load(self, path: Path) -> Loaded:
        try:
            return load_regions(read_regions(path))
        except FileNotFoundError as error:
            raise CommandError(f"{path} does not exist.") from error
        except (RegionFileError, MissingParentError) as error:
            raise CommandError(str(error)) from error
