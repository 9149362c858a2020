"""Reads an old workbook (.xls, .ods) in a process of its own, with a limit on memory and time that ends it and nothing else.

How far such a sheet reaches cannot be told before it is opened, and the reader makes room for all of it. Started as a file, without
Django: its rows leave as lines of JSON.
"""

from __future__ import annotations

import datetime as dt
import json
import resource
import sys
from typing import Any

MEMORY_BYTES = 700 * 1024 * 1024
SECONDS = 30


def plain(value: Any) -> Any:
    """Days and hours have no form of their own in JSON: they are marked."""
    if isinstance(value, dt.datetime):
        return {"datetime": value.isoformat()}
    if isinstance(value, dt.date):
        return {"date": value.isoformat()}
    if isinstance(value, (dt.time, dt.timedelta)):
        return str(value)
    return value


def main(path: str, wanted: str) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    from python_calamine import SheetVisibleEnum, load_workbook  # after the limits are set

    book = load_workbook(path)
    shown = [[part.name, part.visible != SheetVisibleEnum.Visible] for part in book.sheets_metadata]
    sys.stdout.write(json.dumps(shown) + "\n")
    if wanted:
        sheet = book.get_sheet_by_name(wanted)
        left = sheet.start[1] if sheet.start else 0
        for row in sheet.iter_rows():
            sys.stdout.write(json.dumps([""] * left + [plain(value) for value in row]) + "\n")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else "")
