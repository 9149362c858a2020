"""A receiver with a phone and no account: scans the code, counts, signs with a finger, sends; on a poor line it is recorded once."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page, expect

from distribution.actions.drafts import GoodsLine
from distribution.actions.handovers import draft_handover, issue_handover
from distribution.models import Handover, Receipt, ReceiverStatement
from production.actions.output import record_and_submit_output
from production.actions.verification import verify_output
from tests.browser.conftest import Watch
from tests.browser.steps import press, word
from tests.browser.test_poor_line import answer_is_lost, never_leaves
from tests.browser.world import BrowserWorld, photo
from trainings.models import User

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def handover(world: BrowserWorld) -> Handover:
    today = timezone.localdate()
    officer, official, staff = (User.objects.get(username=name) for name in ("petugas.tala", "pejabat.tala", "staf.kalsel"))
    entry = record_and_submit_output(world.batch, by=officer, product=world.product, made_on=today, good=50)
    verify_output(entry, by=staff, version=entry.version)
    draft = draft_handover(
        world.store, by=officer, lines=[GoodsLine(world.product, 50)], programme=world.programme, recipient=world.recipient,
        handed_over_on=today, place="Pelaihari", giver_office=world.office, giver=world.signer,
        receiver_name="Sekda CONTOH", receiver_position="Sekretaris Daerah",
    )  # fmt: skip
    issued: Handover = issue_handover(draft, by=official, version=draft.version)
    return issued


@pytest.fixture
def address(handover: Handover, sign_in: Callable[..., Page]) -> str:
    """The official opens the page with the code, as it is shown to the receiver."""
    official = sign_in("pejabat.tala")
    official.goto(f"/serah-terima/{handover.pk}/tautan-penerima/")
    press(official, "Make the link")
    return official.locator(".slip-address").inner_text()


def fill_in(page: Page, quantity: str = "50") -> None:
    page.locator("input.is-number").fill(quantity)
    page.fill("[name=name]", "Sekretaris CONTOH")
    page.fill("[name=position]", "Sekretaris Gugus Tugas")


def sign(page: Page) -> None:
    box = page.locator("canvas")
    box.scroll_into_view_if_needed()
    frame = box.bounding_box()
    assert frame is not None
    page.mouse.move(frame["x"] + 30, frame["y"] + 90)
    page.mouse.down()
    for right, down in ((80, 30), (150, 110), (260, 40)):
        page.mouse.move(frame["x"] + right, frame["y"] + down, steps=4)
    page.mouse.up()


@pytest.mark.parametrize("accident", [never_leaves, answer_is_lost])
def test_the_receiver_confirms_on_a_phone_with_a_poor_line(
    address: str,
    handover: Handover,
    open_context: Callable[..., BrowserContext],
    watch: Watch,
    tmp_path: Path,
    accident: Callable[..., None],
) -> None:
    watch.expected = re.compile("Failed to load resource")
    context = open_context(phone=True)
    phone = context.new_page()
    phone.goto(address)
    assert handover.number in phone.inner_text("main")
    fill_in(phone)
    press(phone, "Send the confirmation")  # without a signature: said at its place, nothing is lost
    expect(phone.locator("main")).to_contain_text(word("Draw your signature, or tick the statement below."))
    assert phone.input_value("[name=name]") == "Sekretaris CONTOH"
    sign(phone)
    phone.set_input_files("[name=photo]", photo(tmp_path))
    phone.route("**/konfirmasi/**", accident, times=1)
    press(phone, "Send the confirmation")
    expect(phone.locator("h1")).to_have_text(word("Thank you"), timeout=15_000)
    assert "50" in phone.inner_text("main")
    statement = ReceiverStatement.objects.get()
    assert [statement.is_drawn, bool(statement.photo), Receipt.objects.get().statement, phone.context.cookies()] == [
        True, True, statement, [],
    ]  # fmt: skip
    assert phone.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    phone.goto(address)
    expect(phone.locator("main")).to_contain_text(
        word("This link has been used. Ask the office for a new one if something is to be put right.")
    )


def test_the_address_is_copied_from_a_phone_on_the_office_network(handover: Handover, sign_in: Callable[..., Page]) -> None:
    """Over plain http a browser neither shares nor has a clipboard of its own."""
    official = sign_in("pejabat.tala", phone=True)
    official.add_init_script("for (const name of ['share', 'clipboard']) Object.defineProperty(navigator, name, { value: undefined });")
    official.goto(f"/serah-terima/{handover.pk}/tautan-penerima/")
    press(official, "Make the link")
    official.evaluate("document.addEventListener('copy', () => { window.copied = getSelection().toString().trim(); })")
    press(official, "Share or copy the address")
    expect(official.locator("[data-hand-on]")).to_have_text(word("Handed on"))
    assert official.evaluate("window.copied") == official.locator(".slip-address").inner_text()


def test_without_javascript_the_typed_name_stands(address: str, handover: Handover, open_context: Callable[..., BrowserContext]) -> None:
    phone = open_context(phone=True, javascript=False).new_page()
    phone.goto(address)
    assert not phone.locator("canvas").is_visible()
    fill_in(phone)
    phone.check("[name=stands_for_signature]")
    press(phone, "Send the confirmation")
    expect(phone.locator("main")).to_contain_text(word("typed name with a statement, not drawn"))
    assert [ReceiverStatement.objects.get().is_drawn, Handover.objects.get().status] == [False, Handover.Status.RECEIVED]
