"""The same job with JavaScript switched off: longer ways, nothing missing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from distribution.models import Handover
from production.models import OutputEntry
from tests.browser.steps import acknowledge, draft_handover, issue, press, record_output, word
from tests.browser.world import BrowserWorld, photo
from trainings.tasks import render_missing

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_output_is_recorded_verified_and_handed_over(world: BrowserWorld, sign_in: Callable[..., Page], tmp_path: Path) -> None:
    officer = sign_in("petugas.tala", phone=True, javascript=False)
    record_output(officer, "100", picture=photo(tmp_path), sent_ahead=False)
    entry = OutputEntry.objects.get()
    assert (entry.status, entry.good, entry.photos.count()) == (OutputEntry.Status.SUBMITTED, 100, 1)

    staff = sign_in("staf.kalsel", javascript=False)
    staff.goto("/verifikasi/")
    staff.locator("[data-evidence]").click()
    expect(staff.locator("main")).to_contain_text("100 set")
    press(staff, "Verify")
    expect(staff.locator("main")).to_contain_text(word("Nothing waits for verification."))
    entry.refresh_from_db()
    assert entry.status == OutputEntry.Status.VERIFIED

    draft_handover(officer, world, "50")
    official = sign_in("pejabat.tala", javascript=False)
    handover = Handover.objects.get()
    issue(official, handover)
    render_missing()
    assert official.request.get(f"{handover.get_absolute_url()}bast.pdf").body().startswith(b"%PDF-")
    acknowledge(official, handover)


def test_a_list_is_filtered_sorted_and_searched_by_its_address(world: BrowserWorld, sign_in: Callable[..., Page]) -> None:
    staff = sign_in("staf.kalsel", javascript=False)
    staff.goto("/peserta/")
    expect(staff.locator("#list tbody tr")).to_have_count(7)
    staff.fill(".filter-search input", "CONTOH 3")
    staff.locator(".filter-search input").press("Enter")
    expect(staff.locator("#list tbody tr")).to_have_count(1)
