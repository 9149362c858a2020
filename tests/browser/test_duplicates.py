"""A business that looks like another: the form asks, the officer saves it deliberately, merges the two after all, and undoes that."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests import factories
from tests.browser.accidents import offer_of
from tests.browser.steps import follow, press, word
from tests.browser.world import BrowserWorld
from trainings.models import Enterprise, Merge

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize(("phone", "javascript"), [(False, True), (True, False)])
def test_asked_saved_merged_and_undone(world: BrowserWorld, sign_in: Callable[..., Page], phone: bool, javascript: bool, watch) -> None:
    watch.expected = re.compile("422")  # the browser notes that the form was asked back
    known = factories.EnterpriseFactory(name="Sasirangan Indah", owner_name="Siti Rahmah", subdistrict="Pelaihari")
    officer = sign_in("petugas.tala", phone=phone, javascript=javascript)
    officer.goto("/ikm/baru/")
    officer.fill("[name=name]", "UD Sasirangan Indh")
    officer.fill("[name=subdistrict]", "Pelaihari")
    officer.fill("[name=phone]", "0812-3456-7890")
    press(officer, "Save")
    expect(officer.locator(".alike")).to_contain_text("Sasirangan Indah")
    expect(officer.locator(".alike").get_by_role("link")).to_have_attribute("href", known.get_absolute_url())
    officer.check("[name=is_distinct]")
    press(officer, "Save")
    officer.wait_for_url(re.compile(r"/ikm/\d+/$"))  # not the form itself, which is sent in the background
    made = Enterprise.objects.exclude(pk=known.pk).get()

    officer.goto("/duplikat/")
    expect(officer.locator("main")).to_contain_text(word("No likely duplicate."))
    officer.goto("/duplikat/?status=bukan_duplikat")
    officer.locator("#list tbody tr a").first.click()
    follow(officer, "Take back: may be a duplicate")
    press(officer, "Take back")
    officer.locator("#list tbody tr a").first.click()
    expect(officer.locator(".compare-row")).not_to_have_count(0)
    press(officer, "Merge")
    officer.wait_for_url("**/penggabungan/ikm/*/")
    left = Enterprise.objects.get()
    assert (left.phone, left.owner_name) == ("+6281234567890", "Siti Rahmah")
    gone = made if left.pk == known.pk else known
    officer.goto(gone.get_absolute_url())
    officer.wait_for_url(f"**{left.get_absolute_url()}")

    officer.goto(Merge.objects.get().get_absolute_url())
    follow(officer, "Undo the merge")
    press(officer, "Undo the merge")
    officer.wait_for_url("**/penggabungan/ikm/*/")
    assert sorted(Enterprise.objects.values_list("name", flat=True)) == ["Sasirangan Indah", "UD Sasirangan Indh"]


# --- what was typed for a new record and taken over into the one on file


@pytest.fixture
def known(world: BrowserWorld) -> Enterprise:
    return factories.EnterpriseFactory(name="Sasirangan Indah", owner_name="Siti Rahmah", subdistrict="Pelaihari")


@pytest.fixture
def officer(known: Enterprise, sign_in: Callable[..., Page], watch) -> Page:
    """Has typed a business that is on file, and takes that one with what was typed."""
    watch.expected = re.compile("422")  # the browser notes that the form was asked back
    page = sign_in("petugas.tala", phone=True)
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto("/ikm/baru/")
    for name, text in (("name", "UD Sasirangan Indh"), ("subdistrict", "Pelaihari"), ("phone", "0812-3456-7890")):
        page.locator(f"[name={name}]").press_sequentially(text)
    press(page, "Save")
    page.locator(".alike").get_by_role("button", name=word("Use this one, with what I typed")).click()
    page.wait_for_url(f"**{known.get_absolute_url()}ubah/")
    return page


def test_what_was_taken_over_and_saved_is_not_offered_again(known: Enterprise, officer: Page) -> None:
    press(officer, "Save")
    officer.wait_for_url(f"**{known.get_absolute_url()}")
    known.refresh_from_db()
    assert known.phone == "+6281234567890"
    officer.goto("/ikm/baru/")
    expect(officer.locator("[name=name]")).to_have_value("")
    expect(offer_of(officer)).to_have_count(0)


def test_what_was_taken_over_is_not_offered_again_once_the_record_was_saved_another_way(known: Enterprise, officer: Page) -> None:
    officer.goto(known.get_absolute_url())
    follow(officer, "Edit")
    officer.fill("[name=main_product]", "kain sasirangan")
    press(officer, "Save")
    officer.wait_for_url(f"**{known.get_absolute_url()}")
    officer.goto("/ikm/baru/")
    expect(offer_of(officer)).to_have_count(0)


@pytest.mark.parametrize("ending", ["left", "closed without saving", "another record saved"])
def test_what_was_taken_over_and_not_saved_is_still_there(known: Enterprise, officer: Page, ending: str) -> None:
    if ending == "closed without saving":
        follow(officer, "Close without saving")
        officer.wait_for_url(f"**{known.get_absolute_url()}")
    if ending == "another record saved":
        other = factories.EnterpriseFactory(name="Kerupuk Berkah")
        officer.goto(f"{other.get_absolute_url()}ubah/")
        officer.fill("[name=main_product]", "kerupuk")
        press(officer, "Save")
        officer.wait_for_url(f"**{other.get_absolute_url()}")
    officer.goto("/ikm/baru/")
    press(officer, "Put it back")
    expect(officer.locator("[name=name]")).to_have_value("UD Sasirangan Indh")
    expect(officer.locator("[name=subdistrict]")).to_have_value("Pelaihari")
