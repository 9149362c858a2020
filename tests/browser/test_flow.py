"""The programme from a target to a cancelled paper, as its three people do it."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from distribution.models import Handover
from ikm_program.paper_content import canonical_json
from production.models import DistrictTarget, OutputEntry, StockBalance
from production.models.ledger import Account
from tests.browser.conftest import Watch
from tests.browser.steps import acknowledge, draft_handover, follow, issue, on_a_slow_line, press, record_output, word
from tests.browser.world import BrowserWorld, photo
from tests.distribution.papers import saved_anew
from tests.paper_text import text_of
from trainings.tasks import render_missing

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def stock_of(world: BrowserWorld) -> int:
    lying = StockBalance.objects.filter(store=world.store, account=Account.STOCK)
    return sum(lying.values_list("quantity", flat=True))


def set_target(page: Page, world: BrowserWorld) -> None:
    """Provincial staff: 950 for the programme, divided over thirteen districts."""
    page.goto("/target/baru/")
    page.select_option("[name=programme]", str(world.programme.pk))
    page.select_option("[name=product]", str(world.product.pk))
    page.fill("[name=total]", "950")
    page.locator("main form.form button.btn-primary").click()
    page.wait_for_url(re.compile(r"/target/\d+/$"))
    page.goto(page.url + "bagi/")
    page.locator("main form.form button.btn-primary").click()
    page.wait_for_url(re.compile(r"/target/\d+/$"))
    parts = dict(DistrictTarget.objects.values_list("region__kemendagri_code", "quantity"))
    assert (parts["63.01"], sum(parts.values()), len(parts)) == (74, 950, 13)


def download(page: Page, handover: Handover) -> bytes:
    answer = page.request.get(f"{handover.get_absolute_url()}bast.pdf")
    assert (answer.status, answer.headers["content-type"]) == (200, "application/pdf")
    return answer.body()


def verification_url(content: bytes) -> str:
    """Where the QR code of the paper leads, as a phone reads it from the printed page."""
    import pypdfium2
    import zxingcpp

    document = pypdfium2.PdfDocument(content)
    try:
        found = [code.text for page in document for code in zxingcpp.read_barcodes(page.render(scale=3).to_pil())]
    finally:
        document.close()
    assert len(found) == 1
    return found[0]


def test_three_people_do_their_whole_job(
    world: BrowserWorld, sign_in: Callable[..., Page], open_context: Callable[..., BrowserContext], site: str, tmp_path: Path, watch: Watch
) -> None:
    watch.expected = re.compile("422")  # an output above the target is asked about
    staff, officer, official = sign_in("staf.kalsel"), sign_in("petugas.tala", phone=True), sign_in("pejabat.tala")
    stranger = open_context(phone=True).new_page()
    set_target(staff, world)
    report_and_verify(officer, staff, tmp_path)

    draft_handover(officer, world, "50")
    issue(official, Handover.objects.get())
    first = Handover.objects.select_related("document").get()
    assert (first.status, stock_of(world)) == (Handover.Status.ISSUED, 50)

    render_missing()  # what the worker does within seconds
    paper = download(official, first)
    read_paper(paper, first)
    address = verification_url(paper)
    assert address.startswith(f"{site}/periksa/")
    check_paper(stranger, address, first, paper, tmp_path)

    acknowledge(official, first)
    in_two_clicks(official, first)
    cancel(officer, official, first)
    stranger.goto(address)
    expect(stranger.locator(".verdict-word")).to_have_text(word("CANCELLED"))
    assert stock_of(world) == 100

    second = reissue(officer, official, first)
    assert second.document.sequence == first.document.sequence + 1
    stranger.goto(address)
    expect(stranger.locator(".verdict")).to_contain_text(second.number)


def report_and_verify(officer: Page, staff: Page, folder: Path) -> None:
    """A hundred suits with a photo, over a slow line; the province accepts them."""
    on_a_slow_line(officer)
    record_output(officer, "100", picture=photo(folder), is_odd=True)  # the target is 74
    expect(officer.locator("main")).to_contain_text("100 set")
    reported = OutputEntry.objects.get()
    assert (reported.status, reported.good, reported.photos.count()) == (OutputEntry.Status.SUBMITTED, 100, 1)
    verify_by_keyboard(staff, reported)
    officer.goto(reported.get_absolute_url())
    expect(officer.locator("h1, .page-head").first).to_contain_text(word("Verified"))


def read_paper(content: bytes, handover: Handover) -> None:
    said = text_of(content)
    assert handover.number in said
    assert "lima puluh set" in said
    assert [name for name in ("Kepala Dinas CONTOH", "Sekretaris CONTOH", "Gugus Tugas CONTOH Tanah Laut") if name not in said] == []


def verify_by_keyboard(page: Page, entry: OutputEntry) -> None:
    """Down to the report, back up, verify: no mouse."""
    page.goto("/verifikasi/")
    expect(page.locator("#bukti")).to_contain_text("100 set")
    page.keyboard.press("j")
    page.keyboard.press("k")
    expect(page.locator("tr.is-current [data-evidence]")).to_be_focused()
    page.wait_for_timeout(400)  # the evidence follows the row a moment later
    page.keyboard.press("v")
    expect(page.locator("main")).to_contain_text(word("Nothing waits for verification."))
    entry.refresh_from_db()
    assert (entry.status, entry.verified_quantity) == (OutputEntry.Status.VERIFIED, 100)


def check_paper(page: Page, address: str, handover: Handover, paper: bytes, folder: Path) -> None:
    """Somebody with a phone and no account: is it genuine, and is this file the one that was issued?"""
    page.goto(address)
    expect(page.locator(".verdict-ok .verdict-word")).to_have_text(word("In force"))
    expect(page.locator("main")).to_contain_text(handover.number)
    expect(page.locator("main")).to_contain_text("50 set Pakaian hazmat")
    assert page.context.cookies() == []
    data = canonical_json(handover.document.snapshot)
    files = {
        "same": paper,
        "resaved": paper[:-20] + bytes([paper[-20] ^ 1]) + paper[-19:],
        "altered": saved_anew(paper, data.replace(b'"quantity":50', b'"quantity":90')),
        "different": b"%PDF-1.7 " + handover.number.encode(),
    }
    for answer, content in files.items():
        file = folder / f"{answer}.pdf"
        file.write_bytes(content)
        page.set_input_files("[name=berkas]", file)
        expect(page.locator(f"[data-answer={answer}]")).to_be_visible()
        assert page.locator("[data-answer]:visible").count() == 1


def in_two_clicks(page: Page, handover: Handover) -> None:
    """Home, register, paper."""
    page.goto("/")
    page.locator("main").get_by_role("link", name=word("Register of papers"), exact=True).click()
    handover.refresh_from_db()
    with page.expect_response(f"**{handover.document.file_url}") as answered:
        page.get_by_role("row").filter(has_text=handover.number).get_by_role("link", name="PDF").click()
    assert answered.value.status == 200


def cancel(officer: Page, official: Page, handover: Handover) -> None:
    """One person asks, another one decides."""
    officer.goto(handover.get_absolute_url())
    follow(officer, "Ask for cancellation")
    officer.fill("[name=reason]", "Jumlah pada naskah salah")
    press(officer, "Ask for cancellation")
    officer.wait_for_url(f"**{handover.get_absolute_url()}")
    official.goto(handover.get_absolute_url())
    follow(official, "Approve the cancellation")
    press(official, "Cancel the document")
    official.wait_for_url(f"**{handover.get_absolute_url()}")
    handover.refresh_from_db()
    assert handover.status == Handover.Status.CANCELLED


def reissue(officer: Page, official: Page, cancelled: Handover) -> Handover:
    officer.goto(cancelled.get_absolute_url())
    follow(officer, "Make the replacement")
    press(officer, "Make the replacement draft")
    officer.wait_for_url(lambda url: not url.endswith("/ganti/"))
    draft = Handover.objects.get(replaces=cancelled)
    issue(official, draft)
    return Handover.objects.select_related("document").get(pk=draft.pk)
