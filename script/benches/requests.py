"""Goal 12: pages a second of the web server as it is deployed, beside gunicorn's sync workers with a connection for each request and a
stock list, over 83,000 rows of PostgreSQL. Eight people ask at once, each again as soon as the answer is there."""

from __future__ import annotations

import http.client
import os
import re
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve()
ROOT = HERE.parents[2]
sys.path[:0] = [str(ROOT), str(HERE.parent)]  # the preparation is this file, started by itself

NAME = "requests"
ROWS = int(os.environ.get("BENCH_ROWS", "83000"))
PEOPLE, WARM, SECONDS = 8, 2.0, 8.0
UNIT = ROOT / "deploy" / "systemd" / "ikm-web.service"
STOCK = "--workers 2 --worker-class sync --timeout 60"

Row = dict[str, Any]


def run() -> list[Row]:
    url = os.environ.get("BENCH_POSTGRES_URL", "")
    if not url or os.environ.get("BENCH_ENGINE") not in ("", None, "postgresql"):
        return []
    with tempfile.TemporaryDirectory(prefix="ikm-bench-requests.") as directory:
        environment = {
            **os.environ, "DATABASE_URL": url, "DATA_DIR": directory, "DATABASE_WEB_TIMEOUTS": "true", "LOG_LEVEL": "WARNING",
            "DJANGO_SETTINGS_MODULE": "ikm_program.settings", "SITE_URL": "http://127.0.0.1:8000", "PYTHONPATH": str(HERE.parent),
        }  # fmt: skip
        made = subprocess.run([sys.executable, str(HERE)], env=environment, stdout=subprocess.PIPE, text=True, check=True)
        cookie = made.stdout.splitlines()[-1]
        found = {
            "ours": _served("ikm_program.wsgi:application", _deployed(), environment, cookie),
            "stock": _served("_stock:application", STOCK.split(), environment, cookie),
        }
    for name, (per_second, size) in found.items():
        print(f"    {name}: {per_second:.1f} pages a second, {size / 1000:.0f} kB each", file=sys.stderr)
    ours, peer = (1000 / found[name][0] for name in ("ours", "stock"))
    return [
        {
            "goal_number": 12, "ours": ours, "peer": peer, "peer_name": "gunicorn sync, CONN_MAX_AGE=0, a stock list",
            "unit": f"ms a page, {PEOPLE} people, {ROWS} IKM, postgresql", "ratio": ours / peer, "goal": 0.25, "met": ours / peer <= 0.25,
        }
    ]  # fmt: skip


def _deployed() -> list[str]:
    """How the service file starts gunicorn, but for the address and for the restarts after a thousand pages."""
    words = UNIT.read_text().replace("\\\n", " ")
    started = re.search(r"ExecStart=.*?--bind \S+ (.*)", words)
    assert started is not None
    return re.sub(r"--max-requests(-jitter)? \d+", "", started[1]).split()


def _served(application: str, options: list[str], environment: dict[str, str], cookie: str) -> tuple[float, int]:
    """(pages a second, bytes of one)"""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "gunicorn", application, "--bind", f"127.0.0.1:{port}", "--log-level", "warning", *options]
    with _running(command, environment):
        _wait_for(port, cookie)
        _asked(port, cookie, WARM)
        count, size, seconds = _asked(port, cookie, SECONDS)
    return count / seconds, size


@contextmanager
def _running(command: list[str], environment: dict[str, str]) -> Iterator[None]:
    server = subprocess.Popen(command, env=environment, cwd=ROOT, stdout=subprocess.DEVNULL)
    try:
        yield
    finally:
        server.terminate()
        server.wait(timeout=30)


def _wait_for(port: int, cookie: str) -> None:
    until = time.monotonic() + 60
    while True:
        try:
            _page(port, cookie)
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.2)
        else:
            return


def _page(port: int, cookie: str) -> int:
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        line.request("GET", "/ikm/", headers={"Cookie": cookie, "Accept-Language": "id"})
        answer = line.getresponse()
        content = answer.read()
    finally:
        line.close()
    assert (answer.status, b"CONTOH" in content) == (200, True), answer.status
    return len(content)


def _asked(port: int, cookie: str, seconds: float) -> tuple[int, int, float]:
    """(pages, bytes of the last, seconds)"""
    until, counts, sizes = time.monotonic() + seconds, [0] * PEOPLE, [0] * PEOPLE

    def person(number: int) -> None:
        while time.monotonic() < until:
            sizes[number] = _page(port, cookie)
            counts[number] += 1

    people = [threading.Thread(target=person, args=(number,)) for number in range(PEOPLE)]
    began = time.monotonic()
    for thread in people:
        thread.start()
    for thread in people:
        thread.join()
    assert all(counts), "somebody was never answered"
    return sum(counts), max(sizes), time.monotonic() - began


def _prepare() -> str:
    """The registry, and somebody who is signed in: the cookie."""
    import _registry
    from django.conf import settings
    from django.core.management import call_command
    from django.test import Client

    person = _registry.fill(ROWS)
    call_command("collectstatic", interactive=False, verbosity=0)
    settings.ALLOWED_HOSTS = ["testserver"]
    client = Client()
    client.force_login(person)
    return "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items())


if __name__ == "__main__":
    import django

    django.setup()
    print(_prepare())
