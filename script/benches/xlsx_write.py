"""Goal 6: a workbook of 83,000 x 12 cells, beside openpyxl's write-only mode: seconds, and megabytes over the data."""

from __future__ import annotations

import datetime as dt
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve()
sys.path[:0] = [str(HERE.parents[2]), str(HERE.parent)]  # the measured process is this file, started by itself

NAME = "xlsx_write"
ROWS, ROUNDS = 83_000, 3

Row = dict[str, Any]


def run() -> list[Row]:
    ours, openpyxl = [min((_measured(maker) for _ in range(ROUNDS)), key=lambda one: one["seconds"]) for maker in ("ours", "openpyxl")]
    ratio = ours["seconds"] / openpyxl["seconds"]
    return [
        {"goal_number": 6, "ours": ours["seconds"], "peer": openpyxl["seconds"], "peer_name": "openpyxl write-only",
         "unit": "s, 83,000 x 12 cells", "ratio": ratio, "goal": 0.25, "met": ratio <= 0.25},
        {"goal_number": 6, "ours": ours["megabytes"], "peer": 15.0, "peer_name": "the limit", "unit": "MB over the data",
         "ratio": ours["megabytes"] / 15, "goal": 1.0, "met": ours["megabytes"] <= 15},
    ]  # fmt: skip


def _measured(maker: str) -> dict[str, float]:
    done = subprocess.run([sys.executable, str(HERE), maker], stdout=subprocess.PIPE, text=True, check=True)
    return dict(json.loads(done.stdout.splitlines()[-1]))


def data() -> list[tuple[Any, ...]]:
    import _registry

    day = dt.date(2020, 6, 15)
    return [
        (number, row["name"], row["owner_name"], row["address"], row["kbli"], f"{number:013}", row["main_product"], row["workers_male"],
         row["workers_female"], row["investment"], day, "Aktif" if row["is_active"] else "Nonaktif")
        for number, row in enumerate(_registry.rows(ROWS, [1]))
    ]  # fmt: skip


KINDS = ("integer", *("text",) * 6, "integer", "integer", "money", "date", "text")


def _ours(rows: list[tuple[Any, ...]], path: Path) -> None:
    from ikm_program import xlsx

    keys = [str(at) for at in range(len(KINDS))]
    columns = [xlsx.SheetColumn(key=key, label=f"Kolom {key}", kind=kind) for key, kind in zip(keys, KINDS, strict=True)]

    def mapped() -> Iterator[dict[str, Any]]:
        return (dict(zip(keys, row, strict=True)) for row in rows)

    with path.open("wb") as file:
        for piece in xlsx.workbook(xlsx.Sheet(title="Usaha IKM", columns=columns, rows=mapped())):
            file.write(piece)


def _openpyxl(rows: list[tuple[Any, ...]], path: Path) -> None:
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet("Data")
    sheet.append([f"Kolom {at}" for at in range(len(KINDS))])
    for row in rows:
        sheet.append(row)
    book.save(path)


def _work(maker: str) -> dict[str, float]:
    make, rows = {"ours": _ours, "openpyxl": _openpyxl}[maker], data()
    with tempfile.TemporaryDirectory() as directory:
        make(rows[:10], Path(directory) / "warm.xlsx")
        before, started = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.perf_counter()
        make(rows, Path(directory) / "full.xlsx")
        seconds = time.perf_counter() - started
    return {"seconds": seconds, "megabytes": (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024}


if __name__ == "__main__":
    import os

    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ikm_program.settings")
    django.setup()
    print(json.dumps(_work(sys.argv[1])))
