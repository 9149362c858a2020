"""Backups that are known to come back: database, uploaded files, checksums and row counts in one directory.

Copying the .sqlite3 file loses committed work silently (it stays in the -wal file beside it); SQLite's backup API and
pg_dump are consistent while people work.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from types import FrameType
from typing import Any
from urllib.parse import quote

import environ
from django.apps import apps
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.db.utils import ConnectionHandler
from django.utils import timezone

from ikm_program.integrity.audit_chain import Head
from ikm_program.models import AuditHead

PREFIX = "ikm-"
UNFINISHED = ".unfinished-"
SCRATCH = "ikm-drill-"
DRILL = "ikm_drill_"
SURELY_OVER = dt.timedelta(hours=12)  # no backup and no drill runs that long
MANIFEST = "manifest.json"
MEDIA = "media"
HEAD = "audit_head"  # in the manifest, and the file that a restored copy is compared with


Dumped = tuple[str, dict[str, int], dict[str, Any]]  # name of the dump, rows per table, end of the audit trail


class BackupError(Exception):
    """A backup that cannot be made or would not come back; the message says which and why."""


def make(directory: Path) -> Path:
    """Write one complete backup below `directory` and answer where. Unfinished ones never carry a backup's name."""
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    _remove_left_behind(directory, UNFINISHED)
    made_at = timezone.now()
    finished = directory / f"{PREFIX}{made_at:%Y%m%d-%H%M%S-%f}"
    with tempfile.TemporaryDirectory(prefix=UNFINISHED, dir=directory) as name:
        unfinished = Path(name) / "backup"
        unfinished.mkdir(mode=0o700)  # personal data: for the owner's eyes only
        dump = _dump_postgresql if connection.vendor == "postgresql" else _dump_sqlite
        database, rows, head = dump(unfinished)
        if settings.MEDIA_ROOT.exists():  # after the database: every row of the dump then finds its file
            shutil.copytree(settings.MEDIA_ROOT, unfinished / MEDIA)
        manifest = {
            "made_at": made_at.isoformat(),
            "engine": connection.vendor,
            "database": database,
            "rows": rows,
            HEAD: head,
            "sha256": {str(path.relative_to(unfinished)): _sha256(path) for path in sorted(unfinished.rglob("*")) if path.is_file()},
        }
        (unfinished / MANIFEST).write_text(json.dumps(manifest, indent=2))
        unfinished.rename(finished)
    return finished


@contextmanager
def ended_cleanly() -> Iterator[None]:
    """Told to stop (SIGTERM of systemd), the block is left as by any error: what it began is taken away, and then the process ends."""

    def leave(number: int, _frame: FrameType | None) -> None:
        signal.signal(number, signal.SIG_IGN)  # told twice, the tidying up goes on
        sys.exit(128 + number)

    earlier = signal.signal(signal.SIGTERM, leave)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, earlier)


def _remove_left_behind(directory: Path, prefix: str) -> None:
    """What a killed process began and nobody finishes any more: personal data, and as large as the rest together."""
    over = time.time() - SURELY_OVER.total_seconds()
    for path in directory.glob(f"{prefix}*"):
        facts = path.lstat()
        if path.is_dir() and facts.st_uid == os.getuid() and facts.st_mtime < over:
            shutil.rmtree(path)


def all_in(directory: Path) -> list[Path]:
    """Finished backups, oldest first."""
    return sorted(path.parent for path in directory.glob(f"{PREFIX}*/{MANIFEST}"))


def prune(directory: Path, keep: int) -> list[Path]:
    superfluous = all_in(directory)[:-keep] if keep > 0 else []
    for backup in superfluous:
        shutil.rmtree(backup)
    return superfluous


def read_manifest(backup: Path) -> dict[str, Any]:
    """The manifest of a backup whose files are what they were when it was made."""
    try:
        manifest: dict[str, Any] = json.loads((backup / MANIFEST).read_text())
    except (OSError, ValueError) as error:
        raise BackupError(f"{backup}: no readable {MANIFEST} ({error})") from error
    for name, expected in manifest["sha256"].items():
        if not (backup / name).exists():
            raise BackupError(f"{backup}: {name} is missing")
        if _sha256(backup / name) != expected:
            raise BackupError(f"{backup}: {name} has changed since the backup was made")
    return manifest


def heads(directory: Path) -> list[Head]:
    """Where the audit trail ended in each of the backups: what was written then is written still."""
    found = []
    for backup in all_in(directory):
        try:
            head = json.loads((backup / MANIFEST).read_text()).get(HEAD)  # the first backups had none
        except (OSError, ValueError) as error:
            raise BackupError(f"{backup}: no readable {MANIFEST} ({error})") from error
        if head:
            found.append(Head(int(head["sequence"]), str(head["hash"])))
    return found


@contextmanager
def restored(backup: Path) -> Iterator[dict[str, str]]:
    """Bring a backup back beside the running system, for as long as the block lasts. Gives the environment to reach it."""
    manifest = read_manifest(backup)
    _remove_left_behind(Path(tempfile.gettempdir()), SCRATCH)
    with tempfile.TemporaryDirectory(prefix=SCRATCH) as name:
        scratch = Path(name)
        if (backup / MEDIA).exists():
            shutil.copytree(backup / MEDIA, scratch / MEDIA)
        if head := manifest.get(HEAD):
            Head(**head).write(scratch / HEAD)  # verify_audit finds it there
        here = {"MEDIA_ROOT": str(scratch / MEDIA), "DATA_DIR": str(scratch)}
        if manifest["engine"] == "sqlite":
            copy = scratch / "restored.sqlite3"
            shutil.copyfile(backup / manifest["database"], copy)
            yield here | {"DATABASE_URL": f"sqlite:///{copy}"}
        else:
            with _restored_postgresql(backup / manifest["database"]) as url:
                yield here | {"DATABASE_URL": url}


def row_counts(database_url: str, tables: list[str]) -> dict[str, int]:
    """How many rows the given tables hold in a restored database."""
    restored_database = ConnectionHandler({"default": environ.Env.db_url_config(database_url)})["default"]
    try:
        with restored_database.cursor() as cursor:
            if restored_database.vendor == "sqlite":
                cursor.execute("PRAGMA integrity_check")
                if (verdict := cursor.fetchone()[0]) != "ok":
                    raise BackupError(f"integrity_check: {verdict}")
            return {table: _counted(cursor, table) for table in tables}
    except DatabaseError as error:
        raise BackupError(f"the restored database cannot be read: {error}") from error
    finally:
        restored_database.close()


def _tables() -> list[str]:
    present = set(connection.introspection.table_names())
    return sorted({model._meta.db_table for model in apps.get_models() if model._meta.managed} & present)


def _counted(cursor: Any, table: str) -> int:
    cursor.execute(f'SELECT count(*) FROM "{table}"')  # noqa: S608  names come from our own models, never from people
    return int(cursor.fetchone()[0])


def _head(cursor: Any) -> dict[str, Any]:
    """Where the audit trail of that very snapshot ends."""
    cursor.execute(f'SELECT sequence, hash FROM "{AuditHead._meta.db_table}"')  # noqa: S608  our own model's name
    return asdict(Head(*(cursor.fetchone() or ())))


def _dump_sqlite(target: Path) -> Dumped:
    tables = _tables()
    with sqlite3.connect(str(connection.settings_dict["NAME"]), uri=True, timeout=60) as source:
        copy = sqlite3.connect(target / "database.sqlite3")
        try:
            source.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")  # one file, complete in itself
            rows = {table: _counted(copy.cursor(), table) for table in tables}
            head = _head(copy.cursor())
        finally:
            copy.close()
    return "database.sqlite3", rows, head


def _dump_postgresql(target: Path) -> Dumped:
    tables = _tables()
    # Counted in the very snapshot that pg_dump reads, so the figures agree while people work.
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        cursor.execute("SELECT pg_export_snapshot()")
        snapshot = cursor.fetchone()[0]
        rows = {table: _counted(cursor, table) for table in tables}
        head = _head(cursor)
        name = str(connection.settings_dict["NAME"])
        _run_postgresql(["pg_dump", "--format=custom", f"--snapshot={snapshot}", f"--file={target / 'database.dump'}", name])
    return "database.dump", rows, head


@contextmanager
def _restored_postgresql(dump: Path) -> Iterator[str]:
    _drop_left_behind()
    name = f"{DRILL}{timezone.now():%Y%m%d%H%M%S}_{os.getpid()}"
    _run_postgresql(["createdb", "--template=template0", name])
    try:
        # Roles and grants belong to the server, not to the data.
        _run_postgresql(["pg_restore", "--no-owner", "--no-privileges", "--exit-on-error", f"--dbname={name}", str(dump)])
        given = connection.settings_dict
        account = f"{quote(given['USER'], safe='')}:{quote(given['PASSWORD'], safe='')}@" if given["USER"] else ""
        host = f"{given['HOST'] or 'localhost'}:{given['PORT'] or 5432}"
        yield f"postgres://{account}{host}/{name}"
    finally:
        _run_postgresql(["dropdb", "--if-exists", "--force", name])


def _drop_left_behind() -> None:
    """Databases of drills that were killed. The first drills did not write the day into the name; none of them runs any more."""
    over = f"{DRILL}{timezone.now() - SURELY_OVER:%Y%m%d%H%M%S}"
    with connection.cursor() as cursor:
        cursor.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s) AND pg_get_userbyid(datdba) = current_user", [DRILL])
        names = [str(row[0]) for row in cursor.fetchall()]
    for name in names:
        if not re.fullmatch(rf"{DRILL}\d{{14}}_\d+", name) or name < over:
            _run_postgresql(["dropdb", "--if-exists", "--force", name])


def _run_postgresql(command: list[str]) -> None:
    given = connection.settings_dict
    access = {"PGHOST": given["HOST"], "PGPORT": str(given["PORT"] or ""), "PGUSER": given["USER"], "PGPASSWORD": given["PASSWORD"]}
    try:
        subprocess.run(  # noqa: S603  fixed programs, arguments of our own
            command,
            check=True,
            capture_output=True,
            text=True,
            env=os.environ | {key: value for key, value in access.items() if value},
        )
    except FileNotFoundError as error:
        raise BackupError(f"{command[0]} is not installed (Debian: postgresql-client)") from error
    except subprocess.CalledProcessError as error:
        raise BackupError(f"{command[0]}: {error.stderr.strip()}") from error


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
