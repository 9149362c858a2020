"""A line that drops: what was typed and photographed stays, is sent again, and is recorded once."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from production.models import OutputEntry, OutputPhoto
from tests.browser.accidents import ONCE, WAITING, answer_is_lost, end_session, never_leaves, offer_of
from tests.browser.conftest import Watch, come_in
from tests.browser.steps import follow, press, wait_for_photo, word
from tests.browser.world import PASSWORD, BrowserWorld, photo
from trainings.models import Participant

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


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
    expect(officer.locator(".sending")).to_contain_text(word(WAITING))
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
    expect(officer.locator("[name=good]")).to_have_value("")
    press(officer, "Put it back")
    expect(officer.locator("[name=good]")).to_have_value("31")
    press(officer, "Submit")
    officer.wait_for_url("**/tercatat/")
    officer.goto("/produksi/catat/")
    expect(officer.locator("[name=good]")).to_have_value("")
    expect(offer_of(officer)).to_have_count(0)


def test_what_was_thrown_away_or_closed_without_saving_is_not_offered_again(world: BrowserWorld, sign_in: Callable[..., Page]) -> None:
    officer = sign_in("petugas.tala", phone=True)
    officer.on("dialog", lambda dialog: dialog.accept())
    for ending in ("button", "link"):
        officer.goto("/peserta/baru/")
        officer.locator("[name=name]").press_sequentially("Siti CONTOH")
        if ending == "button":
            officer.reload()
            press(officer, "Throw it away")
        else:
            follow(officer, "Close without saving")
            officer.wait_for_url("**/peserta/")
        officer.goto("/peserta/baru/")
        expect(officer.locator("[name=name]")).to_have_value("")
        expect(offer_of(officer)).to_have_count(0)


def test_an_ordinary_form_stays_while_the_line_is_down_and_is_sent_when_it_is_back(
    world: BrowserWorld, sign_in: Callable[..., Page], watch: Watch
) -> None:
    watch.expected = re.compile("Failed to load resource")
    officer = sign_in("petugas.tala", phone=True)
    officer.goto("/peserta/baru/")
    officer.fill("[name=name]", "Siti CONTOH")
    officer.select_option("[name=sex]", "P")
    officer.context.set_offline(True)
    press(officer, "Save")
    expect(officer.locator(".sending")).to_contain_text(word(WAITING))
    assert officer.input_value("[name=name]") == "Siti CONTOH"
    officer.context.set_offline(False)
    officer.wait_for_url(re.compile(r"/peserta/\d+/$"))
    assert Participant.objects.filter(name="Siti CONTOH").count() == 1


def test_an_answer_that_was_lost_is_offered_as_the_same_form(world: BrowserWorld, sign_in: Callable[..., Page], watch: Watch) -> None:
    """The page was closed before the retry: what is put back carries its old key, so it is one record."""
    watch.expected = re.compile("Failed to load resource")
    officer = sign_in("petugas.tala", phone=True)
    officer.on("dialog", lambda dialog: dialog.accept())
    officer.goto("/peserta/baru/")
    officer.fill("[name=name]", "Siti CONTOH")
    officer.fill("[name=nik]", "6301")
    officer.fill("[name=nik]", "")
    officer.route("**/peserta/baru/", answer_is_lost, times=1)
    press(officer, "Save")
    expect(officer.locator(".sending")).to_contain_text(word("Try again now"))
    officer.goto("/peserta/baru/")
    press(officer, "Put it back")
    press(officer, "Save")
    officer.wait_for_url(re.compile(r"/peserta/\d+/$"))
    assert Participant.objects.filter(name="Siti CONTOH").count() == 1


def test_a_private_number_is_never_kept_and_added_rows_are(world: BrowserWorld, sign_in: Callable[..., Page]) -> None:
    officer = sign_in("petugas.tala", phone=True)
    officer.on("dialog", lambda dialog: dialog.accept())
    officer.goto("/ikm/baru/")
    officer.fill("[name=name]", "Konveksi CONTOH")
    officer.evaluate("() => document.querySelectorAll('.form-fold').forEach((fold) => { fold.open = true; })")
    officer.fill("[name=npwp]", "091234567890123")
    last = int(officer.input_value("[name=licences-TOTAL_FORMS]"))
    press(officer, "Add a licence")
    officer.fill(f"[name=licences-{last}-number]", "IZIN/CONTOH/9")
    assert "091234567890123" not in str(officer.evaluate("() => JSON.stringify(sessionStorage)"))
    officer.reload()
    press(officer, "Put it back")
    expect(officer.locator("[name=name]")).to_have_value("Konveksi CONTOH")
    expect(officer.locator(f"[name=licences-{last}-number]")).to_have_value("IZIN/CONTOH/9")
    expect(officer.locator("[name=npwp]")).to_have_value("")


# --- an expired session


def test_an_expired_session_is_said_and_the_form_is_sent_after_signing_in(
    world: BrowserWorld, sign_in: Callable[..., Page], watch: Watch
) -> None:
    watch.expected = re.compile("Failed to load resource")
    officer = sign_in("petugas.tala", phone=True)
    officer.goto("/produksi/catat/")
    officer.fill("[name=good]", "12")
    end_session(officer)
    press(officer, "Submit")
    expect(officer.locator(".sending")).to_contain_text(word("Your session has ended. Please sign in again."))
    with officer.context.expect_page() as opened:
        officer.locator(".sending").get_by_role("link", name=word("Sign in"), exact=True).click()
    other = opened.value
    come_in(other, "petugas.tala", PASSWORD, there=True)
    other.close()
    officer.bring_to_front()
    officer.evaluate("() => window.dispatchEvent(new Event('focus'))")  # what a phone does by itself
    officer.wait_for_url("**/tercatat/")
    assert list(OutputEntry.objects.values_list("good", "created_by__username")) == [(12, "petugas.tala")]


def test_a_form_is_not_sent_in_the_name_of_somebody_else(world: BrowserWorld, sign_in: Callable[..., Page], watch: Watch) -> None:
    watch.expected = re.compile("Failed to load resource")
    officer = sign_in("petugas.tala", phone=True)
    officer.goto("/produksi/catat/")
    officer.fill("[name=good]", "12")
    end_session(officer)
    other = officer.context.new_page()
    come_in(other, "pejabat.tala", PASSWORD)
    press(officer, "Submit")
    expect(officer.locator(".sending")).to_contain_text(
        word("Somebody else is signed in now, so this was not sent. Sign in again as yourself.")
    )
    assert (OutputEntry.objects.count(), officer.input_value("[name=good]")) == (0, "12")


def test_whoever_was_sent_to_sign_in_finds_what_was_typed_and_nobody_else_does(
    world: BrowserWorld, sign_in: Callable[..., Page], watch: Watch
) -> None:
    watch.expected = re.compile("403")  # the official records no output
    officer = sign_in("petugas.tala", phone=True)
    officer.on("dialog", lambda dialog: dialog.accept())
    for comes_back, offers in (("petugas.tala", 1), ("pejabat.tala", 0), ("petugas.tala", 0)):
        officer.goto("/produksi/catat/")
        if offers:
            officer.locator("[name=good]").press_sequentially("31")
        end_session(officer)
        officer.reload()
        come_in(officer, comes_back, PASSWORD, there=True)
        officer.wait_for_url("**/produksi/catat/" if comes_back == "petugas.tala" else re.compile("."))
        expect(offer_of(officer)).to_have_count(offers)


def test_signing_out_leaves_nothing(world: BrowserWorld, sign_in: Callable[..., Page]) -> None:
    officer = sign_in("petugas.tala")
    officer.on("dialog", lambda dialog: dialog.accept())
    officer.goto("/produksi/catat/")
    officer.locator("[name=good]").press_sequentially("31")
    officer.locator("form[action='/keluar/']").evaluate("(form) => form.requestSubmit()")
    officer.wait_for_url("**/masuk/")
    assert officer.evaluate("() => sessionStorage.length") == 0
