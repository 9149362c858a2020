"""Goals 1 and 2: a BAST from a warm process, beside warm headless Chromium and beside WeasyPrint used the plain way."""

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
from ikm_program import paper_content
from tests.distribution import papers

NAME = "pdf"

ROUNDS = 20
PROCESSES = 2
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
        _row(2, ours_pace, browser_pace, f"warm Chromium x {PROCESSES}", "ms a BAST", 0.7),
        _row(2, ours_memory, browser_memory, f"warm Chromium x {PROCESSES}", "MB", 0.75),
    ]


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


def _best(*makes: Make) -> list[float]:
    """Milliseconds of each at its least disturbed, measured in turns so that a busy machine hurts all alike."""
    for make in makes:
        make()
    times: list[list[float]] = [[] for _ in makes]
    for _ in range(ROUNDS):
        for make, measured in zip(makes, times, strict=True):
            started = time.perf_counter()
            make()
            measured.append((time.perf_counter() - started) * 1000)
    return [min(measured) for measured in times]


# --- the peers ----------------------------------------------------------------------------------------------------------


def _page() -> str:
    """The same document for the peers: everything in the page, the fonts from files."""
    snapshot = papers.bast()
    issue = snapshot["issue"]
    context = documents.paper_context(snapshot)
    html = render_to_string("distribution/pdf/bast.html", {**context, "title": "BAST", "language": "id"})
    qr = base64.b64encode(paper_content.qr_png(issue["verification_url"])).decode() if issue else ""
    static = Path(settings.BASE_DIR) / "static"
    css = (static / "css" / "paper.css").read_text().replace("asset:", f"{(static / 'fonts').as_uri()}/")
    head = f"<style>{css} @page {{ size: A4 }}</style></head>"
    return html.replace("</head>", head).replace("asset:qr", f"data:image/png;base64,{qr}")


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


def _side_by_side(maker: str) -> tuple[float, float]:
    """Milliseconds a document and megabytes of all workers together, with whatever processes they started."""
    command = [sys.executable, __file__, maker]
    workers = [subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(PROCESSES)]
    _meet(workers)  # all are warm
    started = time.perf_counter()
    _meet(workers)  # all have made their documents, and are still there to be weighed
    elapsed = time.perf_counter() - started
    memory = sum(_megabytes(worker.pid) for worker in workers)
    for worker in workers:
        worker.communicate("leave\n")
    return elapsed * 1000 / (ROUNDS * PROCESSES), memory


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


def _work(make: Make) -> None:
    make()
    print("warm", flush=True)
    sys.stdin.readline()
    for _ in range(ROUNDS):
        make()
    print("done", flush=True)
    sys.stdin.readline()  # go
    sys.stdin.readline()  # leave


def _worker(maker: str) -> None:
    if maker == "ours":
        _work(lambda: documents.pdf_bytes(papers.bast()))
        return
    with chromium(_page()) as print_page:
        _work(print_page)


if __name__ == "__main__":
    import django

    django.setup()
    _worker(sys.argv[1])
