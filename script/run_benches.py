"""Runs the benches that script/bench names and prints their goals as a table.

A bench finds an empty SQLite database by default and a throw-away PostgreSQL in BENCH_POSTGRES_URL.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import sys
import traceback
from pathlib import Path
from types import ModuleType
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
BENCHES = Path(__file__).resolve().parent / "benches"
COLUMNS = ("name", "goal_number", "ours", "peer", "unit", "peer_name", "ratio", "goal", "met")

Row = dict[str, Any]


def load(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"benches_{path.stem}", path)
    if spec is None or spec.loader is None:
        raise ImportError(f"{path} cannot be loaded")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def chosen(names: list[str]) -> dict[str, ModuleType]:
    modules = [load(path) for path in sorted(BENCHES.glob("[!_]*.py"))]
    found = {module.NAME: module for module in modules}
    if unknown := [name for name in names if name not in found]:
        sys.exit(f"Unknown: {', '.join(unknown)}. There are: {', '.join(found) or 'none yet'}")
    return {name: found[name] for name in names or found}


def shown(value: object) -> str:
    match value:
        case None:
            return "-"
        case bool():
            return "yes" if value else "NO"
        case float():
            return f"{value:.3g}" if abs(value) < 1000 else f"{value:.0f}"
        case _:
            return str(value)


def table(rows: list[Row]) -> str:
    lines = [COLUMNS, *(tuple(shown(row.get(column)) for column in COLUMNS) for row in rows)]
    widths = [max(len(line[index]) for line in lines) for index in range(len(COLUMNS))]
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines)


def main() -> int:
    parser = argparse.ArgumentParser(prog="script/bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME")
    parser.add_argument("--json", type=Path, metavar="FILE", dest="json_file")
    parser.add_argument("--rows", type=int, metavar="N", help="enterprises in the registry: 83000 (the default), 1000000")
    parser.add_argument("--outputs", type=int, metavar="N", help="reports of output beside them; none by default")
    parser.add_argument("--import-rows", type=int, metavar="N", help="rows of the workbook that is imported: 83000 by default")
    parser.add_argument("--engine", choices=("sqlite", "postgresql"), help="only this database")
    options = parser.parse_args()
    sizes = {"BENCH_ROWS": options.rows, "BENCH_OUTPUTS": options.outputs, "BENCH_IMPORT_ROWS": options.import_rows}
    os.environ |= {name: str(value) for name, value in sizes.items() if value is not None}
    os.environ["BENCH_ENGINE"] = options.engine or ""

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ikm_program.settings")
    if "DATABASE_URL" in os.environ:
        os.environ["BENCH_POSTGRES_URL"] = os.environ.pop("DATABASE_URL")
    sys.path.insert(0, str(ROOT))
    import django  # after its environment is set

    django.setup()

    rows: list[Row] = []
    broken = 0
    for name, module in chosen(options.names).items():
        print(f"... {name}", file=sys.stderr, flush=True)
        try:
            rows += [{"name": name, **row} for row in module.run()]
        except Exception:  # noqa: BLE001  one broken bench must not hide the figures of the others
            broken += 1
            traceback.print_exc()
    print(table(rows))
    if options.json_file:
        options.json_file.write_text(json.dumps(rows, indent=2, default=str) + "\n")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
