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


NGINX = (ROOT / "deploy" / "nginx.conf").read_text()
MEGABYTE = 1024 * 1024


def let_through(address: str) -> int:
    """Bytes that deploy/nginx.conf takes at an address: what its location says, otherwise the server."""
    places = re.findall(r"location ~ (\S+) \{(.*?)\n    \}", NGINX, re.DOTALL)
    inside = next((body for pattern, body in places if re.search(pattern, address)), "")
    limits = re.findall(r"client_max_body_size (\d+)m;", inside) or re.findall(r"\n    client_max_body_size (\d+)m;", NGINX)
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


@pytest.mark.parametrize(("place", "sentence"), [("too_large", "Kiriman terlalu besar"), ("away", "Sistem sedang tidak dapat dihubungi")])
def test_what_the_proxy_says_itself_is_a_sentence_and_no_address(place: str, sentence: str) -> None:
    body = NGINX.split(f"location @{place} {{")[1].split("\n    }\n")[0]
    assert [
        part in body
        for part in (f"<h1>{sentence}</h1>", 'lang="id"', "access_log off;", "Strict-Transport-Security", "Content-Security-Policy")
    ] == [True] * 5
    assert re.search(rf"error_page [\d ]+ @{place};", NGINX)


def test_the_proxy_keeps_tokens_out_of_both_logs_and_what_a_client_claims_out_of_the_application() -> None:
    secret = NGINX.split("location ~ ^/(konfirmasi|kata-sandi)/ {")[1].split("}")[0]
    assert ("access_log off;" in secret, "error_log /dev/null;" in secret) == (True, True)
    assert re.findall(r"proxy_set_header (\S+) (\S+);", NGINX) == [
        ("Host", "$host"),
        ("X-Forwarded-For", "$remote_addr"),
        ("X-Forwarded-Proto", "$scheme"),
    ]


def unit(name: str) -> str:
    return (ROOT / "deploy" / "systemd" / name).read_text()


def test_no_unit_holds_a_password_where_everybody_may_read_it() -> None:
    """`systemctl show` tells everybody what stands in Environment=; of an EnvironmentFile= it tells the name."""
    units = [path.name for path in (ROOT / "deploy" / "systemd").iterdir()]
    assert [name for name in units if re.search(r"Environment=.*(_URL|SECRET|PASSWORD)", unit(name))] == []
    assert "EnvironmentFile=-/opt/ikm/.env.owner" in unit("ikm-backup.service")


def how_gunicorn_is_started(text: str) -> set[str]:
    """Its options, whether they are written for a shell or as Docker's list; how many and where is each place's own."""
    told = re.sub(r'[",\\\s]+', " ", text.split("ikm_program.wsgi:application")[1])
    return set(
        re.findall(r"--(?:worker-class|keep-alive|max-requests|max-requests-jitter|timeout|graceful-timeout) \w+|--no-control-socket", told)
    )


def test_whoever_starts_gunicorn_starts_the_same() -> None:
    places = (ROOT / "script" / "server", ROOT / "deploy" / "Dockerfile", ROOT / "deploy" / "systemd" / "ikm-web.service")
    server, image, service = (how_gunicorn_is_started(path.read_text()) for path in places)
    assert (server == image == service, len(server)) == (True, 7)


def run_backup(tmp_path: Path, **environment: str) -> list[str]:
    """What deploy/backup.sh does, with a Python that only says what it was asked."""
    python = tmp_path / "python"
    python.write_text('#!/bin/sh\necho "$DATABASE_URL $2"\n[ "$2" != "${BREAKS:-}" ]\n')
    python.chmod(0o755)
    given = {"PATH": os.environ["PATH"], "PYTHON": str(python), "BACKUPS": "b", "HEAD_FILE": "h", "DATABASE_URL": "app"} | environment
    return subprocess.run(["sh", "deploy/backup.sh"], capture_output=True, text=True, check=False, cwd=ROOT, env=given).stdout.splitlines()


def test_the_nights_work_is_done_by_the_owner_and_ends_where_it_fails(tmp_path: Path) -> None:
    assert run_backup(tmp_path) == ["app backup", "app restore_drill", "app verify_audit"]
    assert run_backup(tmp_path, DATABASE_OWNER_URL="own", BREAKS="restore_drill") == ["own backup", "own restore_drill"]


def test_the_owners_address_is_read_from_its_own_file(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("DATABASE_URL=postgres://app@localhost/ikm\n")
    (tmp_path / ".env.owner").write_text("DATABASE_OWNER_URL=postgres://owner@localhost/ikm\n")
    command = f'source script/_lib.sh; cd "{tmp_path}"; load_env; echo "$DATABASE_URL $DATABASE_OWNER_URL"'
    environment = {name: value for name, value in os.environ.items() if not name.startswith("DATABASE_")}
    told = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=True, cwd=ROOT, env=environment)
    assert told.stdout == "postgres://app@localhost/ikm postgres://owner@localhost/ikm\n"


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
    "path", [".env", "deploy/.env", "deploy/.env.real", ".env.local", ".env.owner", "data/ikm.sqlite3", "data/secret_key", ".git/config"]
)
def test_no_secret_gets_into_the_image(path: str) -> None:
    assert left_out(path)


def test_what_the_image_needs_gets_into_it_and_nothing_else() -> None:
    kept = subprocess.run(["git", "ls-files"], check=True, capture_output=True, text=True, cwd=ROOT).stdout.splitlines()
    tops = {path.split("/")[0] for path in kept if not left_out(path)}
    apps = {"ikm_program", "trainings", "production", "distribution"}
    assert tops == apps | {"manage.py", "pyproject.toml", "requirements.txt", "static", "templates"}
    assert not any(left_out(path) for path in kept if path.split("/")[0] in apps | {"static", "templates"})
