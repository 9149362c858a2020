"""The whole way of a spreadsheet: template, filled in, sent, one fault corrected on the page, confirmed, undone."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from django.utils import translation
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from ikm_program.models import SheetImport
from ikm_program.sheets import tasks
from tests.browser.steps import follow, press, word
from trainings.imports.enterprises import EnterpriseIntake
from trainings.models import Enterprise

pytestmark = pytest.mark.browser


def column(page: Any, key: str) -> int:
    with translation.override("id"):
        label = str(EnterpriseIntake.field_of(key).label)
    return next(cell.column for cell in page[1] if cell.value == label)


def filled_template(page: Page, folder: Path) -> Path:
    """Two businesses, the second with a number that is too short."""
    page.goto("/impor/baru/")
    with page.expect_download() as download:
        page.get_by_role("link", name=word("empty template")).first.click()
    download.value.save_as(folder / "templat.xlsx")
    book = load_workbook(folder / "templat.xlsx")
    sheet = book["Data IKM"]
    for row, (name, nib) in enumerate((("Sasirangan CONTOH", "0000000000001"), ("Anyaman CONTOH", "123")), start=2):
        sheet.cell(row, column(sheet, "name")).value = name
        sheet.cell(row, column(sheet, "nib")).value = nib
    path = folder / "ikm-tala.xlsx"
    book.save(path)
    return path


def work() -> None:
    """What the worker does with whatever waits."""
    for made in SheetImport.objects.all():
        tasks.check_import.call(made.pk, made.version)
        tasks.enter_import.call(made.pk, made.version)


@pytest.mark.parametrize("options", [{}, {"phone": True}, {"javascript": False}], ids=["desktop", "phone", "without-javascript"])
def test_a_workbook_comes_in_and_is_taken_back(world: Any, sign_in: Any, tmp_path: Path, options: dict[str, bool]) -> None:
    page = sign_in("petugas.tala", **options)
    path = filled_template(page, tmp_path)
    page.set_input_files("[name=file]", path)
    press(page, "Upload")
    page.wait_for_url(re.compile(r"/impor/\d+/$"))
    expect(page.locator("main")).to_contain_text(word("Being checked"))
    work()
    address = page.url
    page.goto(address)
    expect(page.locator(".sheet-tabs [aria-current]")).to_contain_text(word("Faulty"))
    expect(page.locator("main")).to_contain_text("“123”")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    page.locator(".sheet-rows").get_by_role("link", name=word("Correct")).click()
    page.fill("[name=nib]", "0000000000002")
    press(page, "Save and check")
    page.wait_for_url(lambda url: url.startswith(address) and "baris" not in url)
    expect(page.locator(".sheet-tabs")).not_to_contain_text(word("Faulty"))
    assert not Enterprise.objects.exists()
    follow(page, "Enter")
    expect(page.locator("main")).to_contain_text("2 data baru")
    press(page, "Enter everything")
    page.wait_for_url(address)
    work()
    page.goto(address)
    expect(page.locator("h1")).to_contain_text(word("Entered"))
    assert sorted(Enterprise.objects.values_list("nib", flat=True)) == ["0000000000001", "0000000000002"]
    follow(page, "Undo this import")
    page.fill("[name=reason]", "Salah kirim")
    press(page, "Undo")
    page.wait_for_url(address)
    expect(page.locator("h1")).to_contain_text(word("Undone"))
    assert not Enterprise.objects.exists()
