from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from ikm_program.integrity import CHECKS
from ikm_program.transactions import one_moment


class Command(BaseCommand):
    help = "Recompute ledgers, balances, documents, registers and counters. Reads only; exits non-zero when anything differs."

    def handle(self, *args: Any, **options: Any) -> None:
        total = 0
        with one_moment():
            for name, check in CHECKS.items():
                found = list(check())
                total += len(found)
                self.stdout.write(f"{'ok   ' if not found else 'DIFF '}{name}")
                for sentence in found:
                    self.stderr.write(f"       {sentence}")
        if total:
            raise CommandError(f"{total} difference(s) found")
        self.stdout.write("Nothing differs.")
