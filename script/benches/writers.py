"""Goal 13: eight processes that write to one SQLite file at once, beside Django as it comes and beside IMMEDIATE transactions alone."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve()
sys.path[:0] = [str(HERE.parents[2])]  # a writer is this file, started by itself

NAME = "writers"
WRITERS, SECONDS = 8, 10.0
WAYS = ("ours", "immediate", "django")

Row = dict[str, Any]


def run() -> list[Row]:
    with tempfile.TemporaryDirectory(prefix="ikm-bench-writers.") as directory:
        empty = Path(directory) / "empty.sqlite3"
        subprocess.run([sys.executable, str(HERE), "make", str(empty)], env=_environment(empty), check=True)
        of = {way: _together(way, empty, Path(directory) / f"{way}.sqlite3") for way in WAYS}
    for way, found in of.items():
        print(f"    {way}: {found}", file=sys.stderr)
    ours, immediate, django = (of[way] for way in WAYS)
    beside = f"{WRITERS} writers on SQLite"
    return [
        {**_row(ours["failed"], django["failed"], "Django's defaults", f"failed, {beside}", 0), "met": ours["failed"] == 0},
        _row(ours["apart"], django["apart"], "Django's defaults", f"ms from commit to commit, {beside}", 1 / 3),
        _row(ours["longest"], immediate["longest"], "IMMEDIATE alone", f"ms, the longest wait of {beside}", 0.1),
    ]


def _row(ours: float, peer: float, peer_name: str, unit: str, goal: float) -> Row:
    ratio = ours / peer if peer else None
    return {
        "goal_number": 13, "ours": ours, "peer": peer, "peer_name": peer_name, "unit": unit, "ratio": ratio, "goal": goal,
        "met": ratio is not None and ratio <= goal,
    }  # fmt: skip


def _environment(path: Path) -> dict[str, str]:
    return {**os.environ, "DATABASE_URL": f"sqlite:///{path}", "DJANGO_SETTINGS_MODULE": "ikm_program.settings", "LOG_LEVEL": "CRITICAL"}


def _together(way: str, empty: Path, path: Path) -> dict[str, float]:
    """All writers begin at one moment; what they say, summed up."""
    shutil.copy(empty, path)
    if way == "django":
        with sqlite3.connect(path) as plain:
            plain.execute("PRAGMA journal_mode=DELETE")  # kept in the file
    begin = time.time() + 8  # all have started by then
    command = [sys.executable, str(HERE), way, str(begin)]
    running = [subprocess.Popen(command, env=_environment(path), stdout=subprocess.PIPE, text=True) for _ in range(WRITERS)]
    said = [json.loads(process.communicate()[0]) for process in running]
    done = sum(one["done"] for one in said)
    return {
        "done": done,
        "failed": sum(one["failed"] for one in said),
        "apart": SECONDS * 1000 / done,
        "longest": max(one["longest"] for one in said) * 1000,
    }


# --- in a process of its own


def make() -> None:
    from django.core.management import call_command
    from django.db import connection

    from ikm_program.models import Counter

    call_command("migrate", verbosity=0)
    Counter.objects.create(name="bangku")
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def write(way: str, begin: float) -> dict[str, float]:
    """What an action does, again and again: read, change what was read, add a row."""
    from django.db import OperationalError, connection, transaction

    from ikm_program.models import Counter
    from ikm_program.transactions import write_transaction

    if way == "django":
        connection.settings_dict["OPTIONS"] = {}

    def work() -> None:
        counter = Counter.objects.get(name="bangku")
        counter.value += 1
        counter.save()
        Counter.objects.create(name=f"{os.getpid()}-{counter.value}")

    def alone() -> None:
        with transaction.atomic():
            work()

    found = {"done": 0, "failed": 0, "longest": 0.0}
    time.sleep(max(begin - time.time(), 0))
    end = time.perf_counter() + SECONDS
    while time.perf_counter() < end:
        started = time.perf_counter()
        try:
            write_transaction(work) if way == "ours" else alone()
            found["done"] += 1
        except OperationalError:
            found["failed"] += 1
        found["longest"] = max(found["longest"], time.perf_counter() - started)
    return found


def main() -> None:
    import django

    django.setup()
    if sys.argv[1] == "make":
        make()
    else:
        sys.stdout.write(json.dumps(write(sys.argv[1], float(sys.argv[2]))) + "\n")


if __name__ == "__main__":
    main()
