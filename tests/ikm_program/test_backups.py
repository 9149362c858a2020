"""A backup counts only when it comes back."""

from __future__ import annotations

import datetime as dt
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from django.utils import timezone

from ikm_program import audit, backups
from ikm_program.integrity.audit_chain import recorded_head

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def photo(settings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "media"
    path = settings.MEDIA_ROOT / "photos" / "one.jpg"
    path.parent.mkdir(parents=True)
    path.write_bytes(b"a photo")
    return path


@pytest.fixture
def backup(photo: Path, tmp_path: Path) -> Path:
    call_command("backup", to=tmp_path / "backups")
    return backups.all_in(tmp_path / "backups")[0]


def rows_of_the_running_database(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT count(*) FROM "{table}"')
        return cursor.fetchone()[0]


def test_what_was_backed_up_comes_back(backup: Path, capsys: pytest.CaptureFixture[str]):
    call_command("restore_drill", backup)

    rows = json.loads((backup / "manifest.json").read_text())["rows"]
    assert rows["auth_permission"] == rows_of_the_running_database("auth_permission") > 0
    assert f"{sum(rows.values())} rows in {len(rows)} tables came back" in capsys.readouterr().out


def test_the_manifest_notes_where_the_audit_trail_ended_and_the_copy_is_compared_with_it(photo: Path, tmp_path: Path):
    audit.record("download", None, by=None)
    call_command("backup", to=tmp_path / "backups")
    [backup] = backups.all_in(tmp_path / "backups")
    assert backups.heads(tmp_path / "backups") == [recorded_head()]

    manifest = json.loads((backup / "manifest.json").read_text())
    manifest["audit_head"]["sequence"] += 1  # as if the dump had been made of a database whose last event was cut off
    (backup / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(CommandError, match="its end was cut off"):
        call_command("restore_drill", backup)


def test_uploaded_files_come_back_too(backup: Path):
    with backups.restored(backup) as environment:
        assert (Path(environment["MEDIA_ROOT"]) / "photos" / "one.jpg").read_bytes() == b"a photo"


def test_a_backup_that_lost_rows_is_found(backup: Path):
    manifest = json.loads((backup / "manifest.json").read_text())
    manifest["rows"]["auth_permission"] += 1
    (backup / "manifest.json").write_text(json.dumps(manifest))

    with pytest.raises(CommandError, match=r"auth_permission: \d+ rows, expected \d+"):
        call_command("restore_drill", backup)


@pytest.mark.parametrize("harm", ["changed", "missing"])
def test_a_damaged_file_is_found(backup: Path, harm: str):
    damaged = backup / "media" / "photos" / "one.jpg"
    damaged.write_bytes(b"another") if harm == "changed" else damaged.unlink()

    with pytest.raises(CommandError, match=f"one.jpg .*{harm}"):
        call_command("restore_drill", backup)


def test_only_its_owner_can_read_a_backup(backup: Path):
    assert backup.stat().st_mode & 0o077 == 0


def test_the_oldest_backups_are_removed(photo: Path, tmp_path: Path):
    directory = tmp_path / "backups"
    for _ in range(3):
        call_command("backup", to=directory, keep=2)
        newest = backups.all_in(directory)[-1]

    assert len(backups.all_in(directory)) == 2
    assert backups.all_in(directory)[-1] == newest


@pytest.mark.parametrize(("hours", "is_left"), [(1, True), (13, False)])
def test_a_backup_that_was_killed_in_the_middle_is_removed_by_the_next_one(photo: Path, tmp_path: Path, hours: int, is_left: bool):
    unfinished = tmp_path / "backups" / ".unfinished-abc" / "backup"
    unfinished.mkdir(parents=True)
    (unfinished / "database.sqlite3").write_bytes(b"half of it")
    begun = time.time() - hours * 3_600
    os.utime(unfinished.parent, (begun, begun))
    call_command("backup", to=tmp_path / "backups")
    assert (unfinished.parent.exists(), len(backups.all_in(tmp_path / "backups"))) == (is_left, 1)


STOPPED = """
import django, os, signal, sys
django.setup()
from pathlib import Path
from django.core.management import call_command
from ikm_program import backups
def stopped(target):
    (target / "half").write_bytes(b"of it")
    os.kill(os.getpid(), signal.SIGTERM)
    signal.pause()
backups._dump_sqlite = backups._dump_postgresql = stopped
call_command("backup", to=Path(sys.argv[1]))
"""


def test_told_to_stop_it_takes_away_what_it_began(tmp_path: Path):
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "ikm_program.settings"}
    outcome = subprocess.run([sys.executable, "-c", STOPPED, str(tmp_path)], check=False, env=environment, cwd=settings.BASE_DIR)
    assert (outcome.returncode, list(tmp_path.iterdir())) == (128 + signal.SIGTERM, [])


@pytest.mark.postgres
def test_the_databases_of_killed_drills_are_dropped(backup: Path):
    now = timezone.now()
    running = f"ikm_drill_{now - dt.timedelta(hours=1):%Y%m%d%H%M%S}_12"
    left = (f"ikm_drill_{now - dt.timedelta(hours=13):%Y%m%d%H%M%S}_12", "ikm_drill_1234_101112000000")
    for name in (running, *left):
        backups._run_postgresql(["createdb", "--template=template0", name])
    with connection.cursor() as cursor, backups.restored(backup):
        cursor.execute("SELECT datname FROM pg_database WHERE datname LIKE 'ikm_drill_%'")
        present = {row[0] for row in cursor.fetchall()}
    backups._run_postgresql(["dropdb", running])
    assert (running in present, present & {*left}) == (True, set())


def test_without_a_backup_the_drill_says_so(tmp_path: Path):
    with pytest.raises(CommandError, match="There is no backup"):
        call_command("restore_drill", directory=tmp_path)
