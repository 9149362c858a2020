"""What is put on a server: files that whoever serves may read, and no secret inside the image."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path
from uuid import UUID

import pytest
from django.conf import settings
from django.urls import reverse_lazy

from distribution.actions import scans
from ikm_program.sheets.precheck import MAX_FILE_BYTES
from ikm_program.uploads import EVIDENCE_MAX_BYTES
from trainings.views import verification

ROOT = Path(__file__).resolve().parent.parent


def test_static_files_that_an_administrator_collected_are_read_by_whoever_serves(tmp_path: Path) -> None:
    target = tmp_path / "static"
    environment = os.environ | {"STATIC_ROOT": str(target), "DATA_DIR": str(tmp_path), "SECRET_KEY": "only-for-this-test"}
    command = ["bash", "-c", "umask 027; source script/_lib.sh; collect_static"]
    subprocess.run(command, check=True, capture_output=True, cwd=ROOT, env=environment)

    modes = {path: path.stat().st_mode & 0o777 for path in (target, *target.rglob("*"))}
    assert target / "staticfiles.json" in modes
    assert any(path.suffix == ".gz" for path in modes)
    assert {mode for path, mode in modes.items() if path.is_file()} == {0o644}
    assert {mode for path, mode in modes.items() if path.is_dir()} == {0o755}


MEGABYTE = 1024 * 1024


def let_through(address: str) -> int:
    """Bytes that deploy/nginx.conf takes at an address: what its location says, otherwise the server."""
    conf = (ROOT / "deploy" / "nginx.conf").read_text()
    places = re.findall(r"location ~ (\S+) \{(.*?)\n    \}", conf, re.DOTALL)
    inside = next((body for pattern, body in places if re.search(pattern, address)), "")
    limits = re.findall(r"client_max_body_size (\d+)m;", inside) or re.findall(r"\n    client_max_body_size (\d+)m;", conf)
    return int(limits[0]) * MEGABYTE


@pytest.mark.parametrize(
    ("address", "most"),
    [
        (reverse_lazy("sheets:import_create"), MAX_FILE_BYTES),
        (reverse_lazy("trainings:verify", args=["a" * 40]), verification.MAX_BYTES),
        (reverse_lazy("distribution:scans_upload"), scans.MOST * EVIDENCE_MAX_BYTES),
        (reverse_lazy("production:output_create"), 20 * settings.PHOTO_MAX_BYTES),
        (reverse_lazy("production:output_update", args=[17]), 20 * settings.PHOTO_MAX_BYTES),
        (reverse_lazy("production:photo_upload", args=[UUID(int=1)]), settings.PHOTO_MAX_BYTES),
    ],
)
def test_the_proxy_lets_through_what_the_application_takes(address: str, most: int) -> None:
    assert most < let_through(str(address)) <= most + 12 * MEGABYTE


def test_uploads_are_not_for_everybody_on_the_machine() -> None:
    assert (settings.FILE_UPLOAD_PERMISSIONS, settings.FILE_UPLOAD_DIRECTORY_PERMISSIONS) == (0o640, 0o750)


def left_out(path: str) -> bool:
    """Does .dockerignore keep it, or a directory it stands in, out of the image?"""
    lines = [line for line in (ROOT / ".dockerignore").read_text().splitlines() if line and not line.startswith("#")]
    parts = path.split("/")
    above = ["/".join(parts[:depth]) for depth in range(1, len(parts) + 1)]
    return any(re.fullmatch(_pattern(line), name) for line in lines for name in above)


def _pattern(line: str) -> str:
    """As Docker reads a line: from the root of the checkout, `**/` any directories, `*` anything but a slash."""
    return re.escape(line).replace(r"\*\*/", "(?:.*/)?").replace(r"\*", "[^/]*")


@pytest.mark.parametrize(
    "path", [".env", "deploy/.env", "deploy/.env.real", ".env.local", "data/ikm.sqlite3", "data/secret_key", ".git/config"]
)
def test_no_secret_gets_into_the_image(path: str) -> None:
    assert left_out(path)


def test_what_the_image_needs_gets_into_it_and_nothing_else() -> None:
    kept = subprocess.run(["git", "ls-files"], check=True, capture_output=True, text=True, cwd=ROOT).stdout.splitlines()
    tops = {path.split("/")[0] for path in kept if not left_out(path)}
    apps = {"ikm_program", "trainings", "production", "distribution"}
    assert tops == apps | {"manage.py", "pyproject.toml", "requirements.txt", "static", "templates"}
    assert not any(left_out(path) for path in kept if path.split("/")[0] in apps | {"static", "templates"})
