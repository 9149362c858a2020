"""What people do on the pages, step by step; with and without JavaScript."""

from __future__ import annotations

from pathlib import Path

from django.utils import translation
from playwright.sync_api import Page, expect

from distribution.models import Handover
from tests.browser.world import BrowserWorld

SLOW_LINE = {"offline": False, "latency": 150, "downloadThroughput": 400_000 / 8, "uploadThroughput": 400_000 / 8}


def word(message: str) -> str:
    """What stands on the screen of somebody who reads Bahasa Indonesia."""
    with translation.override("id"):
        return translation.gettext(message)


def on_a_slow_line(page: Page) -> None:
    page.context.new_cdp_session(page).send("Network.emulateNetworkConditions", SLOW_LINE)


def press(page: Page, label: str) -> None:
    page.get_by_role("button", name=word(label), exact=True).click()


def follow(page: Page, label: str) -> None:
    """A link or step of the page; the menu of further actions is opened when the step is in there."""
    link = page.locator("main").get_by_role("link", name=word(label), exact=True)
    if not link.is_visible():
        page.locator(".page-actions details.menu summary").first.click()
    link.click()


def record_output(page: Page, quantity: str, *, picture: Path | None = None, sent_ahead: bool = True, is_odd: bool = False) -> None:
    """A district officer: the quantity of today, perhaps a photo (with JavaScript it is sent ahead), and off it goes.

    One that `is_odd` is asked about first.
    """
    page.goto("/produksi/catat/")
    page.fill("[name=good]", quantity)
    if picture is not None:
        page.set_input_files("[name=photos]", picture)
    if picture is not None and sent_ahead:
        wait_for_photo(page)
    press(page, "Submit")
    if is_odd:
        press(page, "Submit all the same")
    page.wait_for_url("**/tercatat/")


def wait_for_photo(page: Page) -> None:
    expect(page.locator("ul.photos li")).to_have_count(1)
    expect(page.locator("ul.photos li [role=status]")).to_have_text(word("sent"), timeout=30_000)


def draft_handover(page: Page, world: BrowserWorld, quantity: str) -> None:
    page.goto("/serah-terima/baru/")
    page.select_option("[name=penerima]", str(world.recipient.pk))
    press(page, "Continue")
    page.select_option("[name=giver]", str(world.signer.pk))
    page.fill("[name=place]", "Pelaihari")
    page.fill("[name=receiver_name]", "Sekretaris CONTOH")
    page.fill("[name=receiver_position]", "Sekretaris Daerah")
    page.select_option("[name=lines-0-product]", str(world.product.pk))
    page.fill("[name=lines-0-quantity]", quantity)
    press(page, "Save draft and look at the page")
    page.wait_for_url("**/pratinjau/")


def issue(page: Page, handover: Handover) -> None:
    """The official looks at the page and issues it."""
    page.goto(handover.get_absolute_url())
    follow(page, "Check and issue")
    expect(page.locator("main")).to_contain_text("50 set")
    press(page, "Issue")
    page.wait_for_url(f"**{handover.get_absolute_url()}")


def acknowledge(page: Page, handover: Handover) -> None:
    page.goto(handover.get_absolute_url())
    follow(page, "Confirm receipt")
    page.get_by_label(word("Why there is no evidence yet")).fill("Bukti menyusul (CONTOH)")
    press(page, "Confirm receipt")
    page.wait_for_url(f"**{handover.get_absolute_url()}")
    handover.refresh_from_db()
    assert handover.status == Handover.Status.RECEIVED
