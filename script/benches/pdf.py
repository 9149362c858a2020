"""Goals 1 to 3: a BAST from a warm process, beside warm headless Chromium and beside WeasyPrint used the plain way; long tables."""

from __future__ import annotations

import base64
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))  # a worker of goal 2 is this file, started by itself

from django.conf import settings
from django.template.loader import render_to_string

from distribution import documents
from ikm_program import paper_content, reporting
from tests.distribution import papers

NAME = "pdf"

ROUNDS = 20
LONG_ROUNDS = 2
PROCESSES = 2
LONG_LIST = 1_000  # what ReportScreen still prints
LONG_PAPER = 60  # lines of a BAST
CHROMIUM_SWITCHES = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

Make = Callable[[], bytes]
Row = dict[str, Any]


def run() -> list[Row]:
    page = _page()
    with chromium(page) as print_page:
        ours, browser, naive = _best(lambda: documents.pdf_bytes(papers.bast()), print_page, lambda: plain_weasyprint(page))
    rows = [
        _row(1, ours, browser, "warm Chromium", "ms a BAST", 1.3),
        _row(1, ours, naive, "plain WeasyPrint", "ms a BAST", 0.8),
    ]
    ours_pace, ours_memory = _side_by_side("ours")
    browser_pace, browser_memory = _side_by_side("chromium")
    return [
        *rows,
        *_long_tables(),
        _row(2, ours_pace, browser_pace, f"warm Chromium x {PROCESSES}", "ms a BAST", 0.7),
        _row(2, ours_memory, browser_memory, f"warm Chromium x {PROCESSES}", "MB", 0.75),
    ]


def _long_tables() -> list[Row]:
    """A BAST of sixty lines and a report of a thousand rows: time beside Chromium, and the most memory of the process that makes it."""
    found = []
    for words, number, goal, page, make in (
        (f"ms a BAST of {LONG_PAPER} lines", 1, 1.3, _page(_long_paper()), lambda: documents.pdf_bytes(_long_paper())),
        (f"ms a list of {LONG_LIST:,} rows", 3, 0.25, _list_page(), lambda: reporting.to_pdf(_list())),
    ):
        with chromium(page) as print_page:
            ours, browser = _best(make, print_page, rounds=LONG_ROUNDS)
        found.append(_row(number, ours, browser, "warm Chromium", words, goal))
    (_pace, ours_memory), (_pace, browser_memory) = (_side_by_side(f"{maker} list", processes=1) for maker in ("ours", "chromium"))
    return [*found, _row(3, ours_memory, browser_memory, "warm Chromium", f"MB, {LONG_LIST:,} rows", 1)]


def _row(number: int, ours: float, peer: float, peer_name: str, unit: str, goal: float) -> Row:
    ratio = ours / peer
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


def _best(*makes: Make, rounds: int = ROUNDS) -> list[float]:
    """Milliseconds of each at its least disturbed, measured in turns so that a busy machine hurts all alike."""
    for make in makes:
        make()
    times: list[list[float]] = [[] for _ in makes]
    for _ in range(rounds):
        for make, measured in zip(makes, times, strict=True):
            started = time.perf_counter()
            make()
            measured.append((time.perf_counter() - started) * 1000)
    return [min(measured) for measured in times]


# --- the peers ----------------------------------------------------------------------------------------------------------


def _long_paper() -> documents.Snapshot:
    names = [f"Barang CONTOH {number}" for number in range(1, LONG_PAPER + 1)]
    return papers.bast(lines=[papers.line(product=name) for name in names], makers=[papers.maker(maker=name) for name in names])


def _list() -> reporting.Report:
    """As wide as the register of papers."""
    columns = [reporting.Column(key=f"kolom{number}", label=f"Kolom {number}", width=3) for number in range(1, 9)]
    rows = [{column.key: f"Isi {row} {column.key} CONTOH" for column in columns} for row in range(LONG_LIST)]
    return reporting.Report(title="Daftar panjang", columns=columns, rows=rows)


def _list_page() -> str:
    html = render_to_string("_fragments/pdf/report.html", {"report": _list(), "title": "Daftar panjang", "language": "id"})
    return _with_style(html, "A4 landscape")


def _page(snapshot: documents.Snapshot | None = None) -> str:
    """The same document for the peers: everything in the page, the fonts from files."""
    snapshot = snapshot or papers.bast()
    issue = snapshot["issue"]
    context = documents.paper_context(snapshot)
    html = render_to_string("distribution/pdf/bast.html", {**context, "title": "BAST", "language": "id"})
    qr = base64.b64encode(paper_content.qr_png(issue["verification_url"])).decode() if issue else ""
    return _with_style(html, "A4").replace("asset:qr", f"data:image/png;base64,{qr}")


def _with_style(html: str, size: str) -> str:
    static = Path(settings.BASE_DIR) / "static"
    css = (static / "css" / "paper.css").read_text().replace("asset:", f"{(static / 'fonts').as_uri()}/")
    return html.replace("</head>", f"<style>{css} @page {{ size: {size} }}</style></head>")


def plain_weasyprint(page: str) -> bytes:
    from weasyprint import HTML

    return HTML(string=page).write_pdf(pdf_variant="pdf/a-3a")


@contextmanager
def chromium(page: str) -> Iterator[Make]:
    """A browser that is already open, and prints the page again and again."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=os.environ.get("CHROMIUM") or None, args=CHROMIUM_SWITCHES)
        tab = browser.new_page()

        def print_page() -> bytes:
            tab.set_content(page)
            return tab.pdf(prefer_css_page_size=True, tagged=True)

        yield print_page
        browser.close()


# --- two at a time ------------------------------------------------------------------------------------------------------


def _side_by_side(maker: str, *, processes: int = PROCESSES) -> tuple[float, float]:
    """Milliseconds a document and megabytes of all workers together, with whatever processes they started."""
    command = [sys.executable, __file__, *maker.split()]
    workers = [subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(processes)]
    _meet(workers)  # all are warm
    started = time.perf_counter()
    _meet(workers)  # all have made their documents, and are still there to be weighed
    elapsed = time.perf_counter() - started
    memory = sum(_megabytes(worker.pid) for worker in workers)
    for worker in workers:
        worker.communicate("leave\n")
    return elapsed * 1000 / (ROUNDS * processes), memory


def _meet(workers: list[subprocess.Popen[str]]) -> None:
    for worker in workers:
        if worker.stdout is None or not worker.stdout.readline():
            raise RuntimeError("A worker stopped")
    for worker in workers:
        if worker.stdin is not None and worker.poll() is None:
            worker.stdin.write("go\n")
            worker.stdin.flush()


def _megabytes(pid: int) -> float:
    """Proportional memory: what several processes share is counted once."""
    parent = psutil.Process(pid)
    return sum(process.memory_full_info().pss for process in [parent, *parent.children(recursive=True)]) / 2**20


def _work(make: Make, rounds: int = ROUNDS) -> None:
    make()
    print("warm", flush=True)
    sys.stdin.readline()
    for _ in range(rounds):
        make()
    print("done", flush=True)
    sys.stdin.readline()  # go
    sys.stdin.readline()  # leave


def _worker(maker: str, what: str = "") -> None:
    rounds = 1 if what else ROUNDS
    if maker == "ours":
        _work((lambda: reporting.to_pdf(_list())) if what else lambda: documents.pdf_bytes(papers.bast()), rounds)
        return
    with chromium(_list_page() if what else _page()) as print_page:
        _work(print_page, rounds)


if __name__ == "__main__":
    import django

    django.setup()
    _worker(*sys.argv[1:])
