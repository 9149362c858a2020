"""A business that looks like another: the form asks, the officer saves it deliberately, merges the two after all, and undoes that."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests import factories
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
