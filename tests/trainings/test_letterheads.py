"""An office's letterhead: which one heads a paper of a day, what it sets, and that issued papers keep theirs."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image
from pypdf import PdfReader

from ikm_program.actions import Refusal
from ikm_program.models import AuditEvent
from tests import factories
from tests.paper_text import text_of
from trainings import actions, snapshots
from trainings.models import Letterhead, Office, User
from trainings.views.letterheads import shown_on_paper

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]

JUNE, JULY = dt.date(2020, 6, 15), dt.date(2020, 7, 1)
LINES = {"government_line": "Pemerintah CONTOH", "office_line": "Dinas CONTOH Baru", "city": "Pelaihari"}


@pytest.fixture
def office(tala: Any) -> Office:
    return factories.OfficeFactory(region=tala, name="Dinas CONTOH Lama", address="Jalan Lama 1", paper="A4")


def picture(colour: str = "#0b5d5b") -> SimpleUploadedFile:
    sent = io.BytesIO()
    Image.new("RGB", (60, 80), colour).save(sent, "PNG")
    return SimpleUploadedFile("lambang.png", sent.getvalue())


@pytest.fixture
def typed() -> Callable[..., dict[str, Any]]:
    def form(**changes: Any) -> dict[str, Any]:
        facts = {"paper": "F4", "font_size": 11, "first_party_term": "PERTAMA", "copies": 3, "closing": "dipergunakan"}
        margins = {"margin_top": 20, "margin_right": 21, "margin_bottom": 22, "margin_left": 30}
        address = "Jalan Baru 1\nGedung Contoh"
        return {**LINES, **facts, **margins, "valid_from": "2020-07-01", "address": address, "key": "0" * 31 + "1", **changes}

    return form


def test_a_paper_bears_the_letterhead_of_its_day(staff: User, office: Office) -> None:
    actions.create_letterhead(office, by=staff, valid_from=JULY, address="Jalan Baru 1\nGedung B", **LINES)
    before, after = (snapshots.letterhead_of(office, day) for day in (JUNE, JULY))
    assert [before["office"], before["address"]] == ["Dinas CONTOH Lama", ["Jalan Lama 1"]]
    assert [after["office"], after["address"]] == ["Dinas CONTOH Baru", ["Jalan Baru 1", "Gedung B"]]


def test_the_newer_one_ends_the_one_that_was_open(staff: User, office: Office) -> None:
    first = actions.create_letterhead(office, by=staff, valid_from=dt.date(2020, 1, 1), **LINES)
    second = actions.create_letterhead(office, by=staff, valid_from=JULY, **LINES | {"office_line": "Dinas CONTOH Kedua"})
    first.refresh_from_db()
    assert [first.valid_until, second.valid_until] == [dt.date(2020, 6, 30), None]
    assert AuditEvent.objects.about(first).filter(verb="changed").get().after == {"valid_until": "2020-06-30"}


def test_two_letterheads_never_hold_on_one_day(staff: User, office: Office) -> None:
    actions.create_letterhead(office, by=staff, valid_from=JUNE, valid_until=JULY, **LINES)
    other = actions.create_letterhead(office, by=staff, valid_from=JULY + dt.timedelta(1), **LINES)
    with pytest.raises(Refusal, match=r"Another letterhead is valid") as refused:
        actions.create_letterhead(office, by=staff, valid_from=JULY, valid_until=JULY, **LINES)
    assert refused.value.field == "valid_from"
    with pytest.raises(Refusal, match=r"Another letterhead is valid"):
        actions.update_letterhead(other, by=staff, valid_from=JULY)


def test_arms_go_on_until_others_are_sent_or_none_are_wanted(staff: User, office: Office) -> None:
    actions.set_office_arms(office, by=staff, arms=picture())
    kept = actions.create_letterhead(office, by=staff, valid_from=JUNE, **LINES)
    assert bytes(kept.arms or b"") == bytes(office.arms or b"")
    others = actions.create_letterhead(office, by=staff, valid_from=JULY, arms=picture("#aa0000"), **LINES)
    assert others.arms not in (None, kept.arms)
    actions.update_letterhead(others, by=staff, without_arms=True)
    assert Letterhead.objects.get(pk=others.pk).arms is None
    letterhead = snapshots.letterhead_of(office, JUNE)
    assert snapshots.arms_of(office, letterhead) == bytes(kept.arms or b"")


def test_what_is_no_picture_is_refused_at_its_field(staff: User, office: Office) -> None:
    with pytest.raises(Refusal) as refused:
        actions.create_letterhead(office, by=staff, valid_from=JUNE, arms=SimpleUploadedFile("x.png", b"<svg/>"), **LINES)
    assert [refused.value.field, Letterhead.objects.count()] == ["arms", 0]


@pytest.mark.parametrize(("field", "value"), [("margin_left", 2), ("margin_bottom", 10), ("font_size", 30), ("copies", 0)])
def test_a_page_that_nobody_could_read_is_refused_at_its_field(staff: User, office: Office, field: str, value: int) -> None:
    with pytest.raises(Refusal) as refused:
        actions.create_letterhead(office, by=staff, valid_from=JUNE, **LINES, **{field: value})
    assert refused.value.field == field


def test_an_officer_of_another_province_is_not_asked(office: Office) -> None:
    stranger = factories.user("staf_provinsi", "53")
    with pytest.raises(Refusal, match="outside your region"):
        actions.create_letterhead(office, by=stranger, valid_from=JUNE, **LINES)


def test_it_is_seen_before_it_is_saved(staff: User, office: Office, client_of: Any, typed: Any) -> None:
    browser = client_of(staff)
    now = browser.get(f"/instansi/{office.pk}/kop/contoh/")
    assert "DINAS CONTOH LAMA" in text_of(now.content)
    shown = browser.post(f"/instansi/{office.pk}/kop/contoh/", typed(arms=picture()))
    page = PdfReader(io.BytesIO(shown.content)).pages[0]
    text = text_of(shown.content)
    assert [shown["X-Frame-Options"], Letterhead.objects.count()] == ["SAMEORIGIN", 0]
    assert [round(float(side) * 25.4 / 72) for side in page.mediabox.upper_right] == [215, 330]
    words = ("DINAS CONTOH BARU Jalan Baru 1 Gedung Contoh", "PIHAK PERTAMA", "rangkap 3 (tiga)", "sebagaimana mestinya", "DRAF")
    assert [word in text for word in words] == [True] * len(words)
    assert len(page.images) == 1


def test_what_cannot_be_shown_says_why_in_its_frame(staff: User, office: Office, client_of: Any, typed: Any) -> None:
    refused = client_of(staff).post(f"/instansi/{office.pk}/kop/contoh/", typed(margin_left=2))
    assert [refused.status_code, refused["X-Frame-Options"]] == [422, "SAMEORIGIN"]
    assert "Left margin (mm): Ensure this value is greater than or equal to 8" in refused.content.decode()


def test_it_is_saved_with_its_form_and_shown_on_its_page(staff: User, office: Office, client_of: Any, typed: Any) -> None:
    browser = client_of(staff)
    opened = browser.get(f"/instansi/{office.pk}/kop/baru/").context["form"]
    assert [opened["office_line"].value(), opened["address"].value(), opened["paper"].value()] == [
        "Dinas CONTOH Lama",
        "Jalan Lama 1",
        "A4",
    ]
    answer = browser.post(f"/instansi/{office.pk}/kop/baru/", typed(arms=picture()))
    made = Letterhead.objects.get()
    assert [answer.status_code, answer["Location"], made.margins, made.created_by] == [302, f"/kop/{made.pk}/", [20, 21, 22, 30], staff]
    assert "DINAS CONTOH BARU" in text_of(browser.get(f"/kop/{made.pk}/contoh.pdf").content)
    assert f"/kop/{made.pk}/" in browser.get(f"/instansi/{office.pk}/").content.decode()


def test_the_office_s_margins_and_letters_are_those_of_the_page(staff: User, office: Office) -> None:
    def left_and_size(**facts: Any) -> tuple[int, int]:
        heading = Letterhead(office=office, **LINES, paper="A4", **facts)
        found: list[tuple[int, int]] = []

        def seen(text: str, cm: Any, tm: Any, font: Any, size: float) -> None:
            if text.startswith("Pada hari ini"):
                found.append((round((cm[0] * tm[4] + cm[4]) * 25.4 / 72), round(size * abs(cm[0]) * 100 / 75)))

        PdfReader(io.BytesIO(shown_on_paper(heading).content)).pages[0].extract_text(visitor_text=seen)
        return found[0]

    usual, wide = left_and_size(), left_and_size(margin_left=40, font_size=13)
    assert [usual[0], wide[0]] == [25, 40]
    assert wide[1] > usual[1]
