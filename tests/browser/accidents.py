"""What happens on a poor line, and what a page says of it."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, Route

WAITING = "Not sent yet: the line is down. Everything typed is kept, and it is sent again by itself."


def never_leaves(route: Route) -> None:
    """The line is down."""
    route.abort("connectionfailed")


def answer_is_lost(route: Route) -> None:
    """It arrives and is recorded, but the line drops before the answer is back."""
    route.fetch()
    route.abort("connectionreset")


def gateway_answers(route: Route) -> None:
    """The sign-in page of somebody's Wi-Fi comes instead."""
    route.fulfill(status=200, content_type="text/html", body="<html><body>Selamat datang di Wi-Fi CONTOH</body></html>")


def server_is_away(route: Route) -> None:
    route.fulfill(status=503, content_type="text/html", body="<html><body>503</body></html>")


ONCE = pytest.mark.parametrize("accident", [never_leaves, answer_is_lost, gateway_answers, server_is_away])


def offer_of(page: Page) -> Locator:
    """What was typed earlier and not sent, offered again."""
    return page.locator("[data-draft]")


def end_session(page: Page) -> None:
    page.context.clear_cookies(name="sessionid")
