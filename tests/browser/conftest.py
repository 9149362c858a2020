"""A real browser before the real pages: people who sign in, phones on a poor line, pictures of what failed."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.core.management import call_command
from django.db import connection
from django.test import override_settings
from django.test.testcases import LiveServerThread
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.browser.steps import word
from tests.browser.world import PASSWORD, BrowserWorld, build

# A container has no sandbox, no graphics card and nobody to update the browser for.
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
DESKTOP = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
RESULTS = Path("test-results")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium, or Playwright's own where the distribution has none. `CHROMIUM` names the program."""
    system = os.environ.get("CHROMIUM") or ("/usr/bin/chromium" if Path("/usr/bin/chromium").exists() else None)
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        # Playwright keeps an event loop in this thread; the queries of a test are plain synchronous ones all the same.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        browser = playwright.chromium.launch(executable_path=system, args=list(FLAGS))
        yield browser
        browser.close()


class Watch:
    """What a page complained about: errors in its console, exceptions of its scripts, breaches of the content policy."""

    def __init__(self) -> None:
        self.complaints: list[str] = []
        self.expected: re.Pattern[str] | None = None

    def follow(self, page: Page) -> None:
        page.on("console", lambda said: self.note(f"{page.url}: {said.text}") if said.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: self.note(f"{page.url}: {error}"))

    def note(self, complaint: str) -> None:
        if not (self.expected and self.expected.search(complaint)):
            self.complaints.append(complaint)


@pytest.fixture
def watch() -> Iterator[Watch]:
    """Every test ends with quiet consoles; what is meant to fail says so in `watch.expected`."""
    made = Watch()
    yield made
    assert made.complaints == []


@pytest.fixture
def open_context(chromium: Browser, watch: Watch, request: pytest.FixtureRequest) -> Iterator[Callable[..., BrowserContext]]:
    """A fresh browser: `open_context(phone=True, javascript=False)`. When the test fails its pages are photographed."""
    opened: list[BrowserContext] = []

    def fresh(*, phone: bool = False, javascript: bool = True, **options: Any) -> BrowserContext:
        screen: dict[str, Any] = {"viewport": PHONE, "has_touch": True, "is_mobile": True} if phone else {"viewport": DESKTOP}
        context = chromium.new_context(locale="id-ID", java_script_enabled=javascript, accept_downloads=True, **{**screen, **options})
        context.set_default_timeout(20_000)
        context.on("page", watch.follow)
        opened.append(context)
        return context

    yield fresh
    has_failed = getattr(request.node, "has_failed", False)
    for number, context in enumerate(opened):
        for page in context.pages if has_failed else ():
            RESULTS.mkdir(exist_ok=True)
            page.screenshot(path=RESULTS / f"{request.node.name}-{number}.png", full_page=True)
        context.close()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.failed:
        item.has_failed = True  # type: ignore[attr-defined]  # read by open_context
    return report


@pytest.fixture(scope="session")
def static_files(tmp_path_factory: pytest.TempPathFactory, django_db_setup: None) -> Iterator[dict[str, Any]]:
    """Hashed and compressed as an installation has them; the settings that lead there."""
    changed = {"STATIC_ROOT": tmp_path_factory.mktemp("static"), "STORAGES": django_settings.STORAGES}
    with override_settings(**changed):
        call_command("collectstatic", interactive=False, verbosity=0)
        yield changed


@pytest.fixture(scope="session")
def server(static_files: dict[str, Any], django_db_blocker: Any) -> Iterator[str]:
    """The application itself with WhiteNoise in front, in a thread of this process and on the same database."""
    if connection.vendor != "postgresql":
        pytest.fail("The browser tests share a database with a server: run them with script/test --browser, on PostgreSQL.")
    thread = LiveServerThread("127.0.0.1", lambda application: application)
    thread.daemon = True
    thread.start()
    thread.is_ready.wait()
    if thread.error:
        raise thread.error
    yield f"http://127.0.0.1:{thread.port}"
    thread.terminate()
    with (
        django_db_blocker.unblock(),
        connection.cursor() as cursor,
    ):  # a last request may hold its session still: the database is dropped now
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


def settle(settings: Any, server: str, static_files: dict[str, Any]) -> str:
    """The settings of an installation that is reached at this address; the QR codes lead there too."""
    settings.ALLOWED_HOSTS = ["127.0.0.1", "testserver"]
    settings.SITE_URL = server
    settings.DEMO_MODE = True  # the example accounts sign in nowhere else
    for name, value in static_files.items():
        setattr(settings, name, value)
    return server


@pytest.fixture
def site(settings: Any, settings_of_tests: None, transactional_db: None, server: str, static_files: dict[str, Any]) -> str:
    """An empty installation."""
    return settle(settings, server, static_files)


@pytest.fixture
def world(site: str) -> BrowserWorld:
    return build()


@pytest.fixture
def sign_in(site: str, open_context: Callable[..., BrowserContext]) -> Callable[..., Page]:
    """`sign_in("petugas.tala", phone=True)`: that person's own browser, after the sign-in page."""

    def at_home(username: str, **options: Any) -> Page:
        page = open_context(base_url=site, **options).new_page()
        come_in(page, username, PASSWORD)
        return page

    return at_home


def come_in(page: Page, username: str, password: str, *, there: bool = False) -> None:
    """Through the sign-in page, or the one that is open already (`there`) and leads back."""
    if not there:
        page.goto("/masuk/")
    page.fill("[name=username]", username)
    page.fill("[name=password]", password)
    page.get_by_role("button", name=word("Sign in"), exact=True).click()
    page.wait_for_url(lambda url: "/masuk/" not in url)
