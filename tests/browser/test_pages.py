"""Every main page of every role, over the demo: accessible, quiet, as wide as its screen, light enough for a phone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit
from zlib import crc32

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.management import call_command
from django.test import TransactionTestCase, override_settings
from django.urls import resolve
from playwright.sync_api import BrowserContext, CDPSession, Page, expect

from ikm_program.demo.people import PASSWORD
from tests.browser.conftest import come_in, settle
from tests.browser.steps import SLOW_LINE, word

pytestmark = pytest.mark.browser

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
QUICK_HASHER = "django.contrib.auth.hashers.MD5PasswordHasher"  # that of every test
KIB = 1024
PARTS = 4  # of the walk over all pages, for several workers
FIRST_PAGE, LATER_PAGE = 120 * KIB, 15 * KIB


@pytest.fixture(scope="module")
def demo(django_db_setup: None, django_db_blocker: Any, server: str) -> Iterator[str]:
    """The programme of 2020, once for all tests of this module: they only look."""
    with django_db_blocker.unblock(), override_settings(DEMO_MODE=True, PASSWORD_HASHERS=[QUICK_HASHER]):
        call_command("seed_demo", verbosity=0)
        yield server
        TransactionTestCase()._fixture_teardown()


@pytest.fixture
def transactional_db(demo: str) -> str:
    """In place of the emptied database of other tests: the demo, which stays. By this name the database is set up at all."""
    return demo


@pytest.fixture
def visit(
    transactional_db: str, settings: Any, static_files: dict[str, Any], open_context: Callable[..., BrowserContext]
) -> Callable[..., Page]:
    settle(settings, transactional_db, static_files)

    def at_home(username: str, **options: Any) -> Page:
        page = open_context(base_url=transactional_db, **options).new_page()
        come_in(page, username, PASSWORD)
        return page

    return at_home


# --- every page -----------------------------------------------------------------------------------------------------------


def places(page: Page) -> list[str]:
    """What the navigation offers to this person."""
    page.goto("/")
    links: list[str] = page.eval_on_selector_all("nav.rail a", "all => all.map(link => link.getAttribute('href'))")
    return list(dict.fromkeys(links))


def further(page: Page) -> list[str]:
    """From a list: its first record, and the form for a new one."""
    links: list[str] = page.eval_on_selector_all(FURTHER, "all => all.map(link => link.getAttribute('href'))")
    return [link for link in links if link and link.startswith("/")]


def opened(page: Page, path: str) -> tuple[int, list[str]]:
    """What `goto` answers, and what `further` finds there."""
    answer = page.goto(path)
    assert answer is not None
    return answer.status, further(page)


def glance(page: Page, path: str) -> tuple[int, list[str]]:
    """The same without drawing the page: another part opens it and looks closely."""
    status, links = page.evaluate(FETCH, [path, FURTHER])
    return status, [link for link in links if link and link.startswith("/")]


FURTHER = (
    "main #list tbody tr:first-child a:not([download], [href$='/pdf/']),"
    "main .page-actions a:is([href$='/baru/'], [href$='/catat/'], [href$='/ubah/'], [href$='/bagi/'])"
)
FETCH = """async ([path, links]) => {
    const answer = await fetch(path);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    return [answer.status, Array.from(page.querySelectorAll(links), link => link.getAttribute("href"))];
}"""


def faults(page: Page, looks: tuple[tuple[int, str], ...] = ((1440, "light"), (390, "dark"))) -> list[str]:
    """What is wrong with the page as it stands, in words."""
    found = []
    for width, scheme in looks:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        page.evaluate("document.getAnimations().forEach(animation => animation.finish())")  # no colour half-way
        found += [f"{width} {scheme}: {fault}" for fault in violations(page)]
    for width in (320, 390, 768, 1024, 1280, 1440):
        page.set_viewport_size({"width": width, "height": 900})
        wide = page.evaluate("document.documentElement.scrollWidth")
        if wide > width:
            found.append(f"{width}: scrolls sideways, {wide} px wide")
    return found


EVERY_LOOK = ((1440, "light"), (1440, "dark"), (390, "dark"), (390, "light"))


def violations(page: Page) -> list[str]:
    options = {"runOnly": {"type": "tag", "values": RULES}, "resultTypes": ["violations"]}
    answer = Axe().run(page, options=options).response
    return [f"{rule['id']} at {node['html'][:160]}" for rule in answer["violations"] for node in rule["nodes"][:2]]


@pytest.mark.parametrize("part", range(PARTS))
def test_every_page_of_every_role_is_accessible_and_quiet(visit: Callable[..., Page], part: int) -> None:
    """Nobody is walked twice over the same kind of page; the home page is each role's own. Each part looks closely at its share."""
    seen: set[str] = set()
    found: list[str] = []
    for username in ("staf.kalsel", "petugas.tala", "pejabat.tala", "admin.kalsel"):
        page = visit(username)
        waiting = places(page)
        assert len(waiting) > 10
        while waiting:
            path = waiting.pop(0)
            name = resolve(urlsplit(path).path).view_name
            kind = f"{name} {username}" if name == "home" else name
            if kind in seen:
                continue
            seen.add(kind)
            is_ours = crc32(kind.encode()) % PARTS == part
            status, links = opened(page, path) if is_ours else glance(page, path)
            if status != 200:
                found.append(f"{username} {path}: answers {status}")
                continue
            waiting += links
            if is_ours:
                found += [f"{username} {path} {fault}" for fault in (faults(page, EVERY_LOOK) if name == "home" else faults(page))]
        page.context.close()
    assert "\n".join(found) == ""
    assert len(seen) > 40


def test_the_pages_before_the_sign_in_are_accessible(
    visit: Callable[..., Page], open_context: Callable[..., BrowserContext], demo: str
) -> None:
    page = open_context(base_url=demo).new_page()
    found = []
    for path in ("/masuk/", "/periksa/"):
        page.goto(path)
        found += [f"{path} {fault}" for fault in faults(page)]
    assert "\n".join(found) == ""


# --- weight ---------------------------------------------------------------------------------------------------------------


class Meter:
    """The bytes that came over the line."""

    def __init__(self, page: Page) -> None:
        self.session: CDPSession = page.context.new_cdp_session(page)
        self.session.send("Network.enable")
        self.session.on("Network.loadingFinished", lambda event: self._add(event["encodedDataLength"]))
        self.bytes = 0.0

    def _add(self, size: float) -> None:
        self.bytes += size

    def slow(self) -> None:
        self.session.send("Network.emulateNetworkConditions", SLOW_LINE)

    def of(self, page: Page, path: str) -> tuple[int, float]:
        """Bytes and seconds until the page can be used."""
        self.bytes = 0
        page.goto(path)
        seconds = page.evaluate("performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd") / 1000
        page.wait_for_load_state("networkidle")
        return int(self.bytes), seconds


def test_pages_are_light_enough_for_a_poor_line(
    visit: Callable[..., Page], open_context: Callable[..., BrowserContext], demo: str, record_property: Callable[[str, object], None]
) -> None:
    fresh = open_context(base_url=demo, phone=True).new_page()
    meter = Meter(fresh)
    meter.slow()
    weights = {"first": meter.of(fresh, "/masuk/")}
    come_in(fresh, "petugas.tala", PASSWORD)
    for path in ("/produksi/catat/", "/", "/produksi/", "/stok/", "/serah-terima/", "/serah-terima/baru/"):
        fresh.goto(path)  # its own style sheet is there after the first time
        weights[path] = meter.of(fresh, path)
    for path, (size, seconds) in weights.items():
        print(f"{path:24} {size / KIB:6.1f} KB  {seconds:5.2f} s at 400 kbit/s")
        record_property(path, f"{size} bytes, {seconds:.2f} s")
    assert weights.pop("first")[0] <= FIRST_PAGE
    assert {path: size for path, (size, _seconds) in weights.items() if size > LATER_PAGE} == {}


# --- keyboard -------------------------------------------------------------------------------------------------------------


def has_visible_focus(page: Page) -> bool:
    return bool(
        page.evaluate(
            "(() => { const style = getComputedStyle(document.activeElement);"
            " return style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2 || style.boxShadow !== 'none'; })()"
        )
    )


def test_a_page_can_be_used_with_the_keyboard_alone(visit: Callable[..., Page]) -> None:
    page = visit("staf.kalsel")
    page.goto("/peserta/")
    page.keyboard.press("Tab")
    expect(page.locator("a.skip")).to_be_focused()
    expect(page.locator("a.skip")).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    for _step in range(6):
        page.keyboard.press("Tab")
        assert has_visible_focus(page), page.evaluate("document.activeElement.outerHTML")
    page.locator("main").focus()
    page.keyboard.press("/")
    expect(page.locator("header input[type=search]")).to_be_focused()


def test_menus_open_and_close_with_the_keyboard(visit: Callable[..., Page]) -> None:
    page = visit("staf.kalsel")
    summary = page.locator("header details[data-menu] summary").last
    summary.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name=word("Sign out"))).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name=word("Change password")).last).to_be_focused()
    page.keyboard.press("Escape")
    expect(summary).to_be_focused()
    expect(page.get_by_role("button", name=word("Sign out"))).to_be_hidden()


def test_everything_is_within_reach_on_a_phone(visit: Callable[..., Page]) -> None:
    page = visit("petugas.tala", phone=True)
    page.locator("nav.bottom > details > summary").click()
    register = page.locator("nav.bottom").get_by_role("link", name=word("Register of papers"), exact=True)
    register.scroll_into_view_if_needed()
    register.click()
    page.wait_for_url("**/register/**")
    small = page.eval_on_selector_all(
        "nav.bottom > a, nav.bottom > details > summary, .page-actions .btn",
        "all => all.filter(item => item.offsetParent && item.getBoundingClientRect().height < 44).map(item => item.outerHTML)",
    )
    assert small == []
