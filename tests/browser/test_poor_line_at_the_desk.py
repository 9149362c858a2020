"""A line that drops while somebody decides on reports, or on many rows of a list: told, nothing lost, done once."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from uuid import uuid4

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from ikm_program.models import AuditEvent
from production.actions.output import edit_and_submit_output, record_and_submit_output, withdraw_output
from production.models import Lot, OutputEntry
from tests import factories
from tests.browser.accidents import ONCE, WAITING, answer_is_lost, end_session, never_leaves, offer_of
from tests.browser.conftest import Watch, come_in
from tests.browser.steps import press, word
from tests.browser.world import PASSWORD, BrowserWorld
from trainings.models import Enterprise, User

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
QUEUE = "/verifikasi/"
FAILS = re.compile("Failed to load resource")
DAY = dt.date.today() - dt.timedelta(days=3)
REASON = "Foto kurang jelas, ulangi dari dekat"


@pytest.fixture
def waiting(world: BrowserWorld) -> list[OutputEntry]:
    """Two reports of the district, with nothing odd about them."""
    officer = User.objects.get(username="petugas.tala")
    facts = [{"product": world.product, "made_on": DAY + dt.timedelta(days=after), "good": 10 + after} for after in (0, 1)]
    return [record_and_submit_output(world.batch, by=officer, key=uuid4(), **fact) for fact in facts]


@pytest.fixture
def staff(waiting: list[OutputEntry], sign_in: Callable[..., Page], watch: Watch) -> Page:
    """At the desk, on a phone."""
    watch.expected = FAILS
    return sign_in("staf.kalsel", phone=True)


def form_of(page: Page, step: str) -> Locator:
    return page.locator(f"form.form:has(button:text-is('{word(step)}'))")


def open_return(page: Page, entry: OutputEntry) -> None:
    page.goto(f"{QUEUE}{entry.pk}/")
    page.locator("summary[data-hotkey=r]").click()
    page.locator("#alasan-kembali").press_sequentially(REASON)


GAP = """(box, button) => {
    const [above, below, bar] = [box, button, document.querySelector("nav.bottom")].map((one) => one.getBoundingClientRect());
    return { gap: below.top - above.bottom, isInSight: above.top >= 0 && above.bottom <= bar.top };
}"""


def assert_beside(box: Locator, button: Locator) -> None:
    """Right above the button, and seen without scrolling: not behind the bar of the phone either."""
    found = box.evaluate(GAP, button.element_handle())
    assert 0 <= found["gap"] < 40, found
    assert found["isInSight"], found


def tap_again(page: Page, address: str) -> None:
    """Once more while the line is still down, and then it comes back."""
    press(page, "Try again now")
    expect(page.locator(".sending").first).to_contain_text(word(WAITING))
    page.unroute(address)
    page.evaluate("() => window.dispatchEvent(new Event('online'))")  # what a phone does by itself


# --- one report


@ONCE
def test_a_verification_that_could_not_be_sent_is_told_beside_its_button_and_done_once(
    waiting: list[OutputEntry], staff: Page, accident: Callable[[Route], None]
) -> None:
    entry = waiting[0]
    staff.goto(f"{QUEUE}{entry.pk}/")
    line = entry.lines.get()
    staff.fill(f"[name=line_{line.pk}]", "9")
    form = form_of(staff, "Verify")
    form.locator("[name=reason]").press_sequentially("Satu robek")
    staff.route(f"**{QUEUE}{entry.pk}/", accident)
    press(staff, "Verify")
    expect(form.locator(".sending")).to_contain_text(word(WAITING))
    assert_beside(form.locator(".sending"), form.locator("button.btn-primary[data-hotkey=v]"))
    assert [staff.input_value(f"[name=line_{line.pk}]"), form.locator("[name=reason]").input_value()] == ["9", "Satu robek"]
    tap_again(staff, f"**{QUEUE}{entry.pk}/")
    staff.wait_for_url(f"**{QUEUE}?sesudah={entry.pk}")
    expect(staff.locator(".messages")).to_contain_text("9 set")
    entry.refresh_from_db()
    assert (entry.status, entry.verified_quantity, entry.verified_reason) == (OutputEntry.Status.VERIFIED, 9, "Satu robek")
    assert (Lot.objects.count(), AuditEvent.objects.filter(verb="status:diverifikasi").count()) == (1, 1)


@ONCE
def test_a_return_that_could_not_be_sent_keeps_its_reason_and_goes_back_once(
    waiting: list[OutputEntry], staff: Page, accident: Callable[[Route], None]
) -> None:
    entry = waiting[0]
    open_return(staff, entry)
    staff.route(f"**{QUEUE}{entry.pk}/kembalikan/", accident)
    press(staff, "Return")
    form = form_of(staff, "Return")
    expect(form.locator(".sending")).to_contain_text(word(WAITING))
    assert_beside(form.locator(".sending"), form.locator("button.btn-danger"))
    expect(staff.locator("#alasan-kembali")).to_have_value(REASON)
    tap_again(staff, f"**{QUEUE}{entry.pk}/kembalikan/")
    staff.wait_for_url(f"**{QUEUE}?sesudah={entry.pk}")
    entry.refresh_from_db()
    assert (entry.status, entry.returned_reason) == (OutputEntry.Status.RETURNED, REASON)
    assert AuditEvent.objects.filter(verb="status:dikembalikan").count() == 1


def test_of_two_decisions_that_wait_for_the_line_the_last_one_counts(waiting: list[OutputEntry], staff: Page) -> None:
    entry = waiting[0]
    staff.goto(f"{QUEUE}{entry.pk}/")
    staff.route(f"**{QUEUE}{entry.pk}/**", never_leaves)
    press(staff, "Verify")
    expect(form_of(staff, "Verify").locator(".sending")).to_contain_text(word(WAITING))
    staff.locator("summary[data-hotkey=r]").click()
    staff.locator("#alasan-kembali").press_sequentially(REASON)
    staff.wait_for_function("() => !document.querySelector('form[data-is-sending]')")  # between two tries
    press(staff, "Return")
    expect(form_of(staff, "Return").locator(".sending")).to_contain_text(word(WAITING))
    expect(staff.locator(".sending")).to_have_count(1)
    tap_again(staff, f"**{QUEUE}{entry.pk}/**")
    staff.wait_for_url(f"**{QUEUE}?sesudah={entry.pk}")
    entry.refresh_from_db()
    assert (entry.status, entry.returned_reason, Lot.objects.count()) == (OutputEntry.Status.RETURNED, REASON, 0)


def test_a_reason_that_was_typed_is_offered_when_the_report_is_opened_again(waiting: list[OutputEntry], staff: Page) -> None:
    open_return(staff, waiting[0])
    staff.goto(QUEUE)
    staff.goto(f"{QUEUE}{waiting[1].pk}/")
    expect(offer_of(staff)).to_have_count(0)  # it belongs to the other report
    staff.goto(f"{QUEUE}{waiting[0].pk}/")
    expect(offer_of(staff)).to_be_visible()  # although its form is folded away
    press(staff, "Put it back")
    expect(staff.locator("#alasan-kembali")).to_be_visible()
    expect(staff.locator("#alasan-kembali")).to_have_value(REASON)
    press(staff, "Return")
    staff.wait_for_url("**sesudah=*")
    waiting[0].refresh_from_db()
    assert waiting[0].returned_reason == REASON


def test_a_session_that_ended_is_told_and_the_decision_is_sent_after_signing_in(waiting: list[OutputEntry], staff: Page) -> None:
    open_return(staff, waiting[0])
    end_session(staff)
    press(staff, "Return")
    box = form_of(staff, "Return").locator(".sending")
    expect(box).to_contain_text(word("Your session has ended. Please sign in again."))
    assert_beside(box, form_of(staff, "Return").locator("button.btn-danger"))
    with staff.context.expect_page() as opened:
        box.get_by_role("link", name=word("Sign in"), exact=True).click()
    come_in(opened.value, "staf.kalsel", PASSWORD, there=True)
    opened.value.close()
    staff.bring_to_front()
    staff.evaluate("() => window.dispatchEvent(new Event('focus'))")  # what a phone does by itself
    staff.wait_for_url("**sesudah=*")
    waiting[0].refresh_from_db()
    assert (waiting[0].status, waiting[0].returned_reason) == (OutputEntry.Status.RETURNED, REASON)


def test_a_reason_for_a_report_that_changed_meanwhile_serves_for_the_report_as_it_stands_now(
    waiting: list[OutputEntry], staff: Page
) -> None:
    entry, officer = waiting[0], User.objects.get(username="petugas.tala")
    open_return(staff, entry)
    withdraw_output(entry, by=officer, version=entry.version)
    edit_and_submit_output(entry, by=officer, version=entry.version, made_on=entry.made_on, good=12)
    press(staff, "Return")
    expect(staff.locator("main")).to_contain_text(word("This was not done"))
    staff.goto(f"{QUEUE}{entry.pk}/")
    press(staff, "Put it back")
    press(staff, "Return")
    staff.wait_for_url("**sesudah=*")
    entry.refresh_from_db()
    assert (entry.good, entry.status, entry.returned_reason) == (12, OutputEntry.Status.RETURNED, REASON)


def test_beside_the_queue_a_decision_on_its_way_stays_in_sight(
    waiting: list[OutputEntry], sign_in: Callable[..., Page], watch: Watch
) -> None:
    watch.expected = FAILS
    staff = sign_in("staf.kalsel")
    staff.route(f"**{QUEUE}{waiting[0].pk}/", never_leaves)  # before the page is there: nothing is quicker than a key
    staff.goto(QUEUE)
    staff.keyboard.press("v")
    box = staff.locator("#bukti .sending")
    expect(box).to_contain_text(word(WAITING))
    staff.keyboard.press("j")
    staff.keyboard.press("j")
    staff.wait_for_timeout(400)  # the evidence follows the row a moment later
    expect(staff.locator("#bukti")).to_contain_text("10 set")
    expect(box).to_be_visible()
    tap_again(staff, f"**{QUEUE}{waiting[0].pk}/")
    staff.wait_for_url(f"**{QUEUE}?sesudah={waiting[0].pk}")
    expect(staff.locator("#bukti")).to_contain_text("11 set")


def test_beside_the_queue_a_reason_is_offered_when_one_comes_back_to_the_report(
    waiting: list[OutputEntry], sign_in: Callable[..., Page]
) -> None:
    staff = sign_in("staf.kalsel")
    staff.goto(QUEUE)
    staff.locator("summary[data-hotkey=r]").click()
    staff.locator("#alasan-kembali").press_sequentially(REASON)
    for entry in (waiting[1], waiting[0]):
        staff.locator(f"[data-evidence][href^='{QUEUE}{entry.pk}/']").click()
        expect(staff.locator("#bukti")).to_contain_text(f"{entry.good} set")
        expect(offer_of(staff)).to_have_count(int(entry == waiting[0]))
    press(staff, "Put it back")
    expect(staff.locator("#alasan-kembali")).to_have_value(REASON)


# --- many reports


@pytest.mark.parametrize("accident", [never_leaves, answer_is_lost])
@pytest.mark.parametrize("step", ["verifikasi", "kembalikan"])
def test_the_picked_reports_stay_picked_and_are_decided_once(
    waiting: list[OutputEntry], staff: Page, step: str, accident: Callable[[Route], None]
) -> None:
    staff.goto(QUEUE)
    staff.check("[data-pick-all=antrean]")
    if step == "kembalikan":
        staff.locator("#banyak summary").click()
        staff.fill("#alasan-banyak", REASON)
    button = staff.locator(f"#banyak button[value={step}]")
    staff.route(f"**{QUEUE}banyak/**", accident)
    button.click()
    box = staff.locator("#banyak .sending")
    expect(box).to_contain_text(word(WAITING))
    assert_beside(box, button)
    assert staff.locator("[data-pick=antrean]:checked").count() == 2
    assert staff.input_value("#alasan-banyak") == (REASON if step == "kembalikan" else "")
    tap_again(staff, f"**{QUEUE}banyak/**")
    expect(staff.locator("main")).to_contain_text(word("Nothing waits for verification."))
    expect(staff.locator(".messages")).to_contain_text("2 laporan")
    wanted = OutputEntry.Status.VERIFIED if step == "verifikasi" else OutputEntry.Status.RETURNED
    assert list(OutputEntry.objects.values_list("status", flat=True)) == [wanted] * 2
    assert AuditEvent.objects.filter(verb=f"status:{wanted}").count() == 2


def test_reports_are_not_returned_without_a_reason_and_stay_picked(waiting: list[OutputEntry], staff: Page) -> None:
    staff.goto(QUEUE)
    staff.check("[data-pick-all=antrean]")
    staff.locator("#banyak summary").click()
    staff.locator("#banyak button[value=kembalikan]").click()
    expect(staff.locator("#alasan-banyak")).to_be_focused()
    assert staff.locator("[data-pick=antrean]:checked").count() == 2
    assert OutputEntry.objects.waiting().count() == 2


def test_a_reason_for_many_is_offered_with_what_was_picked(waiting: list[OutputEntry], staff: Page) -> None:
    staff.goto(QUEUE)
    staff.locator("[data-pick=antrean]").first.check()
    staff.locator("#banyak summary").click()
    staff.locator("#alasan-banyak").press_sequentially(REASON)
    staff.reload()
    expect(staff.locator("[data-picked-count=antrean]")).to_have_text("0")
    press(staff, "Put it back")
    expect(staff.locator("[data-picked-count=antrean]")).to_have_text("1")
    staff.locator("#banyak button[value=kembalikan]").click()
    expect(staff.locator(".messages")).to_contain_text("1 laporan")
    assert list(OutputEntry.objects.order_by("made_on").values_list("returned_reason", flat=True)) == [REASON, ""]
    expect(offer_of(staff)).to_have_count(0)


# --- many rows of a list


@pytest.fixture
def businesses(world: BrowserWorld) -> list[Enterprise]:
    return [factories.EnterpriseFactory(name=f"Konveksi CONTOH {number:02}") for number in range(30)]


@pytest.fixture
def officer(businesses: list[Enterprise], sign_in: Callable[..., Page], watch: Watch) -> Page:
    watch.expected = FAILS
    page = sign_in("petugas.tala", phone=True)
    page.goto("/ikm/?is_active=true")
    return page


def act(page: Page) -> Locator:
    return page.locator("#banyak button[value=nonaktifkan]")


@ONCE
def test_ticked_rows_stay_ticked_until_the_question_has_come(officer: Page, accident: Callable[[Route], None]) -> None:
    for number in (0, 2):
        officer.locator("[data-pick=list]").nth(number).check()
    officer.route("**/ikm/**", accident)
    act(officer).click()
    box = officer.locator("#banyak .sending")
    expect(box).to_contain_text(word(WAITING))
    assert_beside(box, officer.locator("#banyak > button").first)
    expect(officer.locator("[data-picked-count=list]")).to_have_text("2")
    tap_again(officer, "**/ikm/**")
    expect(officer.locator("main .note-warn")).to_contain_text("2 baris")
    press(officer, "Mark as inactive")
    expect(officer.locator(".messages")).to_contain_text("2 baris selesai")
    names = Enterprise.objects.filter(is_active=False).order_by("name").values_list("name", flat=True)
    assert list(names) == ["Konveksi CONTOH 00", "Konveksi CONTOH 02"]


@pytest.mark.parametrize(("accident", "words"), [
    (never_leaves, "30 baris selesai"),
    (answer_is_lost, "This had arrived the first time and is done; nothing was done twice."),
])  # fmt: skip
def test_what_was_confirmed_for_everything_that_matches_is_done_once(officer: Page, accident: Callable[[Route], None], words: str) -> None:
    officer.check("#banyak [name=semua]")
    act(officer).click()
    expect(officer.locator("main .note-warn")).to_contain_text("30 baris")
    officer.route("**/ikm/**", accident)
    press(officer, "Mark as inactive")
    expect(officer.locator("main form .sending")).to_contain_text(word(WAITING))
    tap_again(officer, "**/ikm/**")
    expect(officer.locator(".messages")).to_contain_text(word(words))
    assert Enterprise.objects.filter(is_active=False).count() == 30
    assert AuditEvent.objects.filter(verb="changed", model="trainings.enterprise").count() == 30


def test_on_the_question_a_session_that_ended_is_told_and_what_was_typed_stays(officer: Page) -> None:
    officer.locator("[data-pick=list]").first.check()
    officer.locator("#banyak button[value=konfirmasi]").click()
    officer.select_option("[name=how]", "telepon")
    end_session(officer)
    press(officer, "Confirm data")
    box = officer.locator("main form .sending")
    expect(box).to_contain_text(word("Your session has ended. Please sign in again."))
    assert officer.input_value("[name=how]") == "telepon"
    with officer.context.expect_page() as opened:
        box.get_by_role("link", name=word("Sign in"), exact=True).click()
    come_in(opened.value, "petugas.tala", PASSWORD, there=True)
    opened.value.close()
    officer.bring_to_front()
    officer.evaluate("() => window.dispatchEvent(new Event('focus'))")  # what a phone does by itself
    expect(officer.locator(".messages")).to_contain_text("1 baris selesai")
    assert Enterprise.objects.filter(confirmed_how="telepon").count() == 1


def test_the_button_back_leads_from_the_question_to_the_ticked_rows(officer: Page) -> None:
    for number in (0, 2):
        officer.locator("[data-pick=list]").nth(number).check()
    act(officer).click()
    expect(officer.locator("main .note-warn")).to_contain_text("2 baris")
    officer.go_back()
    expect(officer.locator("[data-picked-count=list]")).to_have_text("2")
    officer.locator("[data-pick=list]").nth(2).uncheck()
    act(officer).click()
    expect(officer.locator("main .note-warn")).to_contain_text("1 baris")
    press(officer, "Mark as inactive")
    expect(officer.locator(".messages")).to_contain_text("1 baris selesai")
    assert [row.name for row in Enterprise.objects.filter(is_active=False)] == ["Konveksi CONTOH 00"]
