"""Goals 5 and 7: 83,000 x 12 read beside openpyxl's read-only mode; file -> checked -> stored beside django-import-export with use_bulk."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))  # a measurement is this file, started by itself on its own database

NAME = "import"
ROWS = int(os.environ.get("BENCH_IMPORT_ROWS", "83000"))
COLUMNS = (
    "code",
    "name",
    "owner_name",
    "region",
    "address",
    "phone",
    "nib",
    "kbli",
    "main_product",
    "workers_male",
    "workers_female",
    "investment",
)
HEADER = (
    "Kode IKM", "Nama Usaha", "Pemilik", "Kabupaten/Kota", "Alamat", "Telepon", "NIB", "KBLI", "Produk Utama", "TK L", "TK P",
    "Nilai Investasi",
)  # fmt: skip

Row = dict[str, Any]


def run() -> list[Row]:
    with tempfile.TemporaryDirectory(prefix="ikm-bench-import-") as folder:
        path = Path(folder) / "ikm.xlsx"
        write_workbook(path)
        engines = {"SQLite": f"sqlite:///{folder}/bench.sqlite3", "PostgreSQL": os.environ.get("BENCH_POSTGRES_URL", "")}
        engines = {name: url for name, url in engines.items() if os.environ.get("BENCH_ENGINE") in ("", None, name.lower())}
        rows = [reading_row(path, folder)]
        for engine, url in engines.items():
            if url:
                rows += storing_rows(path, folder, engine, url)
        return rows


def write_workbook(path: Path) -> None:
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    page = book.create_sheet("Data IKM")
    page.append(HEADER)
    for number in range(ROWS):
        page.append(sample(number))
    book.save(path)


def sample(number: int) -> list[Any]:
    district = f"63.{1 + number % 11:02d}"
    return [
        f"K-{number:06d}", f"Sasirangan Contoh {number}", f"Pemilik {number % 30_011}", district,
        f"Jl. Contoh No. {number % 200} RT {number % 9}",
        f"0812{number:08d}", f"{1_000_000_000_000 + number}", "13132", "Kain sasirangan", number % 12, number % 7, 1_000_000 + number,
    ]  # fmt: skip


def reading_row(path: Path, folder: str) -> Row:
    ours = measured("read_ours", path, folder, "")
    peer = measured("read_openpyxl", path, folder, "")
    print(f"    read: {ours['megabytes']:.0f} MB against {peer['megabytes']:.0f} MB", file=sys.stderr)
    return row(5, ours["seconds"], peer["seconds"], "openpyxl read-only", f"s for {ROWS} rows", 0.15)


def storing_rows(path: Path, folder: str, engine: str, url: str) -> list[Row]:
    first = measured("store_ours", path, folder, url)
    again = measured("store_ours_again", path, folder, url)
    measured("empty", path, folder, url)
    peer = measured("store_peer", path, folder, url)
    print(
        f"    {engine}: {first['megabytes']:.0f} MB, {first['parts']}; again {again['parts']}; rewritten {again['rewritten']}",
        file=sys.stderr,
    )
    unit = f"s, {engine}"
    return [
        row(7, first["seconds"], peer["seconds"], "django-import-export, use_bulk", unit, 0.04),
        row(7, again["seconds"], first["seconds"], "our first import", f"{unit}, nothing changed", 0.7),
        {**row(7, again["rewritten"], 1, "-", f"rows rewritten, {engine}", 0), "met": again["rewritten"] == 0},
    ]


def row(number: int, ours: float, peer: float, peer_name: str, unit: str, goal: float) -> Row:
    ratio = ours / peer
    return {
        "goal_number": number, "ours": ours, "peer": peer, "peer_name": peer_name, "unit": unit,
        "ratio": ratio, "goal": goal, "met": ratio <= goal,
    }  # fmt: skip


def measured(what: str, path: Path, folder: str, url: str) -> dict[str, Any]:
    """In a process of its own, so that memory is that of one thing, on the database named."""
    environment = {**os.environ, "DATA_DIR": f"{folder}/data", "DJANGO_SETTINGS_MODULE": "ikm_program.settings", "LOG_LEVEL": "WARNING"}
    if url:
        environment["DATABASE_URL"] = url
    answer = subprocess.run(
        [sys.executable, __file__, what, str(path)], env=environment, stdout=subprocess.PIPE, check=True, text=True, cwd=ROOT
    )
    found: dict[str, Any] = json.loads(answer.stdout.splitlines()[-1])
    return found


# --- in the process of its own ------------------------------------------------------------------------------------------


def read_ours(path: Path) -> dict[str, Any]:
    from ikm_program.sheets.reading import Book

    started = time.perf_counter()
    count = sum(1 for _row in Book.opened(path).rows("Data IKM"))
    assert count == ROWS + 1
    return {"seconds": time.perf_counter() - started}


def read_openpyxl(path: Path) -> dict[str, Any]:
    from openpyxl import load_workbook

    started = time.perf_counter()
    book = load_workbook(path, read_only=True)
    count = sum(1 for _row in book["Data IKM"].iter_rows(values_only=True))
    assert count == ROWS + 1
    return {"seconds": time.perf_counter() - started}


def prepare() -> Any:
    """The tables, the regions, and somebody of the province who may enter."""
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    from tests import factories
    from trainings.models import User
    from trainings.regions import read_regions

    for region in read_regions():
        if region.kemendagri_code.startswith("63"):
            factories.region(region.kemendagri_code)
    known = User.objects.filter(username="bench").first()
    person = known or factories.user("staf_provinsi", username="bench")
    return User.objects.select_related("region").get(pk=person.pk)


def store_ours(path: Path) -> dict[str, Any]:
    from django.core.files.uploadedfile import SimpleUploadedFile

    from ikm_program.models import SheetImport
    from ikm_program.sheets import actions, tasks

    person, content = prepare(), path.read_bytes()
    clock = [time.perf_counter()]
    made = actions.upload(SheetImport, by=person, kind="ikm", file=SimpleUploadedFile("ikm.xlsx", content), is_again=True)
    clock.append(time.perf_counter())
    tasks.check_import.call(made.pk, made.version)
    made.refresh_from_db()
    clock.append(time.perf_counter())
    outcomes = made.outcomes
    if made.rows.to_enter().exists():
        actions.confirm(made, by=person, version=made.version)
        tasks.enter_import.call(made.pk, made.version)
        made.refresh_from_db()
    clock.append(time.perf_counter())
    names = ("upload", "check", "enter")
    parts = {name: round(after - before, 2) for name, before, after in zip(names, clock, clock[1:], strict=False)}
    return {"seconds": clock[-1] - clock[0], "parts": {**parts, **outcomes, "status": made.status}}


def store_ours_again(path: Path) -> dict[str, Any]:
    from django.db.models import Sum

    from trainings.models import Enterprise

    found = store_ours(path)
    assert Enterprise.objects.count() == ROWS
    return {**found, "rewritten": Enterprise.objects.aggregate(n=Sum("version"))["n"] - ROWS}


def empty(path: Path) -> dict[str, Any]:
    from trainings.models import Enterprise

    prepare()
    Enterprise.objects.all()._raw_delete("default")
    return {"seconds": 0}


def store_peer(path: Path) -> dict[str, Any]:
    """The same rows through django-import-export: openpyxl to a dataset, a widget for each column, its own bulk writes."""
    prepare()
    from import_export import fields, resources, widgets
    from tablib import Dataset

    from trainings.models import Enterprise, Region

    class EnterpriseResource(resources.ModelResource):
        region = fields.Field("region", "region", widgets.ForeignKeyWidget(Region, "kemendagri_code"))

        class Meta:
            model = Enterprise
            fields = COLUMNS
            import_id_fields = ("code",)
            use_bulk = True
            batch_size = 1_000
            skip_unchanged = True
            use_transactions = True

    started = time.perf_counter()
    data = Dataset().load(path.read_bytes(), format="xlsx")
    data.headers = list(COLUMNS)
    result = EnterpriseResource().import_data(data, raise_errors=True)
    assert not result.has_errors()
    assert Enterprise.objects.count() == ROWS
    return {"seconds": time.perf_counter() - started}


def main() -> None:
    import django

    django.setup()
    steps = {step.__name__: step for step in (read_ours, read_openpyxl, store_ours, store_ours_again, empty, store_peer)}
    found = steps[sys.argv[1]](Path(sys.argv[2]))
    found["megabytes"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    sys.stdout.write(json.dumps(found) + "\n")


if __name__ == "__main__":
    main()
