"""What every answer carries, and what a script or a broken database gets."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as project
from django.contrib.sessions.backends.db import SessionStore
from django.db import OperationalError
from django.test import Client
from django.urls import reverse

from ikm_program.dashboard.views import Home
from ikm_program.middleware import server_error
from trainings.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def answers(officer: User, client_of: Any, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """One answer of each sort."""
    client = client_of(officer)
    found = {
        "page": client.get("/peserta/"),
        "missing": client.get("/peserta/999999/"),
        "forbidden": client.get("/pengguna/"),
        "wrong method": client.post("/peserta/"),
        "refused form": client.post("/peserta/baru/"),
        "file": client.get(reverse("production:target_report"), {"format": "csv"}),
        "redirect": Client().get("/peserta/"),
        "sign-in": Client().get("/masuk/"),
        "public": Client().get("/periksa/"),
        "script": Client().get("/peserta/", headers={"accept": "application/json"}),
    }
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(officer)
    found["without token"] = strict.post("/peserta/baru/")
    monkeypatch.setattr(Home, "get", lambda *args, **kwargs: 1 / 0)
    breaking = Client(raise_request_exception=False)
    breaking.force_login(officer)
    found["error"] = breaking.get("/")
    return found


def test_each_sort_of_answer_is_there(answers: dict[str, Any]) -> None:
    assert {name: answer.status_code for name, answer in answers.items()} == {
        "page": 200,
        "missing": 404,
        "forbidden": 403,
        "wrong method": 405,
        "refused form": 422,
        "file": 200,
        "redirect": 302,
        "sign-in": 200,
        "public": 200,
        "script": 401,
        "without token": 403,
        "error": 500,
    }


def test_every_answer_carries_the_policies(answers: dict[str, Any]) -> None:
    for name, answer in answers.items():
        policy = answer.headers.get("Content-Security-Policy", "")
        assert ("frame-ancestors 'none'" in policy, "unsafe" in policy, "default-src 'self'" in policy) == (True, False, True), name
        others = [answer.headers.get(header) for header in ("X-Content-Type-Options", "X-Frame-Options", "Referrer-Policy")]
        assert others[:2] == ["nosniff", "DENY"], name
        assert others[2] in ("same-origin", "no-referrer"), name


def test_the_nonce_is_new_every_time_and_the_one_of_the_page(officer: User, client_of: Any) -> None:
    client, seen = client_of(officer), set()
    for _visit in range(2):
        answer = client.get("/peserta/")
        nonce = re.search(r"'nonce-([\w-]{20,})'", answer.headers["Content-Security-Policy"])
        assert nonce is not None
        seen.add(nonce[1])
        assert set(re.findall(r'<script[^>]*nonce="([^"]*)"', answer.content.decode())) <= {nonce[1]}
        assert re.findall(r"<script(?![^>]*(?:src=|application/json))[^>]*>", answer.content.decode()) == []
    assert len(seen) == 2


def test_nothing_of_a_signed_in_person_is_kept(answers: dict[str, Any]) -> None:
    private = ("page", "missing", "forbidden", "wrong method", "refused form", "file", "without token")
    assert {name: "no-store" in answers[name].headers.get("Cache-Control", "") for name in private} == dict.fromkeys(private, True)


def test_a_script_gets_401_and_no_page(answers: dict[str, Any]) -> None:
    assert (answers["script"].json(), "Location" in answers["script"].headers) == ({"error": "sign-in required"}, False)


def test_htmx_is_sent_to_the_sign_in_as_a_whole_page() -> None:
    answer = Client().get("/peserta/", headers={"hx-request": "true"})
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (204, "/masuk/")


def unavailable(*args: Any, **kwargs: Any) -> None:
    raise OperationalError("connection refused")


@pytest.mark.parametrize("place", ["page", "session"])
def test_a_database_that_is_away_answers_503(officer: User, monkeypatch: pytest.MonkeyPatch, place: str) -> None:
    client = Client(raise_request_exception=False)
    client.force_login(officer)
    target: tuple[Any, str] = (Home, "get") if place == "page" else (SessionStore, "load")
    monkeypatch.setattr(*target, unavailable)
    answer = client.get("/")
    assert (answer.status_code, answer.headers.get("Retry-After"), "no-store" in answer.headers["Cache-Control"]) == (503, "10", True)


def test_another_error_is_still_an_error(rf: Any) -> None:
    try:
        raise ZeroDivisionError
    except ZeroDivisionError:
        assert server_error(rf.get("/")).status_code == 500


def test_a_deployment_over_https_has_nothing_to_mend(tmp_path: Path) -> None:
    environment = {**os.environ, "SITE_URL": "https://ikm.example.test", "DATA_DIR": str(tmp_path), "DATABASE_URL": "", "DEBUG": "false"}
    environment.pop("DATABASE_URL")
    command = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
    done = subprocess.run(command, cwd=project.BASE_DIR, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr, "no issues" in done.stdout) == (0, "", True)


@pytest.mark.parametrize("address", ["/peserta/?q=%00", "/cari/?q=a%00b", "/periksa/%00/", "/peserta/?%00=1"])
def test_a_nul_in_an_address_is_a_bad_request(officer: User, client_of: Any, address: str) -> None:
    assert client_of(officer).get(address).status_code == 400
