"""Goals 8, 9, 10, 14 and 15: the lists and their search, beside the Django admin's changelist and icontains on the same rows.

`--rows` says how many enterprises (83000 without it; 1000000 takes minutes), `--outputs` how many reports of output beside them. SQLite
first, then PostgreSQL where BENCH_POSTGRES_URL is set. What needs no search is measured in `_pages`.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve()
sys.path[:0] = [str(HERE.parents[2]), str(HERE.parent)]  # the measured process is this file, started by itself

NAME = "lists"
ROUNDS = 7
ROWS = int(os.environ.get("BENCH_ROWS", "83000"))
OUTPUTS = int(os.environ.get("BENCH_OUTPUTS", "0"))

Row = dict[str, Any]


def run() -> list[Row]:
    """Each database in a process of its own: settings are read once."""
    with tempfile.TemporaryDirectory(prefix="ikm-bench-lists.") as directory:
        urls = {"sqlite": f"sqlite:///{directory}/bench.sqlite3", "postgresql": os.environ.get("BENCH_POSTGRES_URL", "")}
        asked = os.environ.get("BENCH_ENGINE", "")
        return [row for name, url in urls.items() if url and asked in ("", name) for row in _measured(url)]


def _measured(url: str) -> list[Row]:
    environment = {**os.environ, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "ikm_program.settings"}
    done = subprocess.run([sys.executable, str(HERE)], env=environment, stdout=subprocess.PIPE, text=True, check=True)
    return list(json.loads(done.stdout.splitlines()[-1]))


def _best(*makes: Callable[[], object]) -> list[float]:
    """Milliseconds of each at its least disturbed, in turns, so that a busy machine hurts all alike."""
    times: list[list[float]] = [[] for _ in makes]
    for make in makes:
        make()
    for _ in range(ROUNDS):
        for make, measured in zip(makes, times, strict=True):
            started = time.perf_counter()
            make()
            measured.append((time.perf_counter() - started) * 1000)
    return [min(measured) for measured in times]


def _row(number: int, what: str, ours: float, peer: float, peer_name: str, goal: float, unit: str = "ms") -> Row:
    from django.db import connection

    ratio = ours / peer
    unit = f"{unit}, {what}, {connection.vendor}"
    return {
        "goal_number": number,
        "ours": ours,
        "peer": peer,
        "peer_name": peer_name,
        "unit": unit,
        "ratio": ratio,
        "goal": goal,
        "met": ratio <= goal,
    }


def _work() -> list[Row]:
    import _pages
    import _registry
    from django.conf import settings

    settings.ALLOWED_HOSTS = ["testserver"]
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
    person = _registry.fill(ROWS, outputs=OUTPUTS)
    from trainings.views.enterprises import EnterpriseList

    ours, admin = _pages.opener(EnterpriseList, person), _pages.changelist(person)
    middle, last = _cursor(ROWS // 2), _cursor(ROWS - 30)
    rare = _a_rare_word()
    cases = [
        ("first page", "", "", 0.15),
        ("middle page", f"?kursor={middle}", f"?p={ROWS // 50}", 0.15),
        (f"rare search ({rare})", f"?q={rare}", f"?q={rare}", 0.15),
        ("common search (contoh)", "?q=contoh", "?q=contoh", 0.4),
    ]
    found = []
    for what, our_query, admin_query, goal in cases:
        fast, slow = _best(lambda query=our_query: ours(query), lambda query=admin_query: admin(query))
        found.append(_row(8, f"{what}, {ROWS} IKM", fast, slow, "Django admin changelist", goal))
    deep, first = _best(lambda: ours(f"?kursor={last}"), lambda: ours(""))
    found.append(_row(9, f"deepest page, {ROWS} IKM", deep, first, "our first page", 2))
    return [
        *found,
        *_searches(person, rare),
        _row(14, "questions to the database on a page", _questions(ours), 15, "the limit", 1, "queries"),
        *(_row(*measured) for measured in _pages.measured(person, _best)),
    ]


def _cursor(ordinal: int) -> str:
    from ikm_program.paging import Cursor
    from trainings.models import Enterprise

    row = Enterprise.objects.order_by("sort_name", "pk")[ordinal - 1]
    return str(Cursor(False, ordinal, (row.sort_name, row.pk)))


def _a_rare_word() -> str:
    from trainings.models import Enterprise

    words: dict[str, int] = {}
    for name in Enterprise.objects.values_list("sort_name", flat=True).iterator():
        word = name.split()[-2]
        words[word] = words.get(word, 0) + 1
    return min(words, key=lambda word: (words[word], word))


def _searches(person: Any, rare: str) -> Iterator[Row]:
    """The verb alone, with and without a typing error, beside icontains over the same columns."""
    from ikm_program.filters import matching
    from trainings.models import Enterprise

    reach, fields = Enterprise.objects.for_user(person), ("name", "owner_name", "main_product", "address")
    mistyped = f"{rare[:3]}x{rare[4:]}"
    for what, text in (("search", rare), ("search, one typing error", mistyped), ("search, two words", f"kain {rare}")):
        ours, peer = _best(
            lambda text=text: reach.search(text).first(25),
            lambda text=text: list(matching(reach, fields, text).order_by("sort_name", "pk")[:25]),
        )
        yield _row(10, f"{what} ({text}), {ROWS} IKM", ours, peer, "icontains", 0.05)


def _questions(ours: Callable[[str], None]) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as queries:
        ours("?q=contoh")
    return len(queries)


if __name__ == "__main__":
    import django

    django.setup()
    print(json.dumps(_work()))
