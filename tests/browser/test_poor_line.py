"""A line that drops: what was typed and photographed stays, is sent again, and is recorded once."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from production.models import OutputEntry, OutputPhoto
from tests.browser.conftest import Watch
from tests.browser.steps import press, wait_for_photo, word
from tests.browser.world import BrowserWorld, photo

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


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


@ONCE
def test_a_report_that_could_not_be_sent_stays_and_is_recorded_once(
    world: BrowserWorld, sign_in: Callable[..., Page], watch: Watch, accident: Callable[[Route], None]
) -> None:
    watch.expected = re.compile("Failed to load resource")
    officer = sign_in("petugas.tala", phone=True)
    officer.goto("/produksi/catat/")
    officer.fill("[name=good]", "12")
    officer.fill("[name=note]", "Dikirim dari bengkel CONTOH")
    officer.route("**/produksi/catat/**", accident, times=1)
    press(officer, "Submit")
    expect(officer.locator(".sending")).to_contain_text(
        word("Not sent yet: the line is down. Everything typed is kept, and it is sent again by itself.")
    )
    assert officer.input_value("[name=good]") == "12"
    assert officer.input_value("[name=note]") == "Dikirim dari bengkel CONTOH"
    officer.wait_for_url("**/tercatat/")
    assert list(OutputEntry.objects.values_list("good", "status")) == [(12, OutputEntry.Status.SUBMITTED)]


@pytest.mark.parametrize("accident", [never_leaves, answer_is_lost])
def test_a_photo_that_could_not_be_sent_is_sent_again_and_kept_once(
    world: BrowserWorld, sign_in: Callable[..., Page], watch: Watch, tmp_path: Path, accident: Callable[[Route], None]
) -> None:
    watch.expected = re.compile("Failed to load resource")
    officer = sign_in("petugas.tala", phone=True)
    officer.goto("/produksi/catat/")
    officer.route("**/produksi/foto/kirim/**", accident, times=1)
    officer.fill("[name=good]", "12")
    officer.set_input_files("[name=photos]", photo(tmp_path))
    expect(officer.locator("ul.photos li [role=status]")).to_have_text(word("not sent yet, will be tried again"))
    wait_for_photo(officer)
    press(officer, "Submit")
    officer.wait_for_url("**/tercatat/")
    assert [kept.entry_id for kept in OutputPhoto.objects.all()] == [OutputEntry.objects.get().pk]


def test_what_was_typed_survives_a_reload_and_is_gone_once_it_arrived(world: BrowserWorld, sign_in: Callable[..., Page]) -> None:
    officer = sign_in("petugas.tala", phone=True)
    officer.on("dialog", lambda dialog: dialog.accept())
    officer.goto("/produksi/catat/")
    officer.locator("[name=good]").press_sequentially("31")
    officer.reload()
    expect(officer.locator("[name=good]")).to_have_value("31")
    press(officer, "Submit")
    officer.wait_for_url("**/tercatat/")
    officer.goto("/produksi/catat/")
    expect(officer.locator("[name=good]")).to_have_value("")
