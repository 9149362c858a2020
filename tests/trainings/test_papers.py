"""A kind of paper that nobody had thought of is numbered, frozen, chained, rendered, listed, downloaded and checked like any other."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.db import transaction
from django.db.models import Q
from django.test import Client

from ikm_program import audit, papers
from ikm_program.integrity import CHECKS
from ikm_program.models import AuditEvent
from ikm_program.paper_content import frame_context, paper_bytes
from ikm_program.papers import Entry, Paper, PublicFact, Standing, State
from tests import factories
from tests.paper_text import text_of
from trainings import registers, snapshots
from trainings.models import IssuedDocument, Office, User
from trainings.tasks import render_document, render_missing

pytestmark = pytest.mark.usefixtures("in_english")
ON = dt.date(2020, 6, 25)
REGISTER = "/register/"


def render(snapshot: Any, arms: bytes | None = None) -> bytes:
    return paper_bytes(snapshot, "_fragments/pdf/paper.html", frame_context(snapshot, "Piagam Uji"), arms=arms)


TRIAL = Paper(
    kind="piagam-uji",
    letters="PIAGAM",
    title="Trial charter",
    render=render,
    entry=lambda snapshot: Entry(snapshot["letterhead"]["office"], snapshot["holder"], "Piagam menjahit"),
    public=lambda snapshot: [PublicFact("Holder", [snapshot["holder"]])],
    states=(State("dicabut", "Withdrawn", Q(second_party="Citra")), State(papers.VOID, "Cancelled", Q(second_party="Dewi"))),
)


@pytest.fixture(autouse=True)
def trial_kind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(papers, "_registered", dict(papers._registered))
    papers.add(TRIAL)


@pytest.fixture
def office(db: None) -> Office:
    return factories.OfficeFactory(
        region=factories.region("63.01"), name="Dinas CONTOH", abbreviation="DisCONTOH", address="Jalan Rahasia 7"
    )


@pytest.fixture
def official(db: None) -> User:
    return factories.user("pejabat_kabupaten", "63.01")


@pytest.fixture
def issue(office: Office, official: User) -> Callable[..., IssuedDocument]:
    def made(holder: str = "Penjahit CONTOH", *, regions: Any = ()) -> IssuedDocument:
        def content(issue: Any) -> dict[str, Any]:
            return {**snapshots.frame("piagam-uji", office, ON, "Pelaihari", issue), "holder": holder}

        with transaction.atomic(), audit.collecting():
            return registers.issue_document(office, "piagam-uji", subject=office, on=ON, by=official, content=content, regions=regions)

    return made


def listed(client: Client, **query: str) -> list[str]:
    return sorted(document.second_party for document in client.get(REGISTER, {"periode": "semua", **query}).context["object_list"])


def test_it_has_a_register_and_a_chain_of_its_own(issue: Any, office: Office) -> None:
    assert registers.next_number(office, "piagam-uji", ON) == "530/001/PIAGAM-IKM/DisCONTOH/VI/2020"
    first, second = issue(), issue()
    assert [first.sequence, second.sequence, second.previous_hash] == [1, 2, first.sha256]
    assert [first.number, registers.next_number(office, "bast", ON)] == [
        "530/001/PIAGAM-IKM/DisCONTOH/VI/2020",
        "530/001/BAST-IKM/DisCONTOH/VI/2020",
    ]


def test_it_is_rendered_once_and_downloaded_as_it_was_stored(issue: Any, official: User, client_of: Any) -> None:
    document = issue()
    browser = client_of(official)
    assert [browser.get(document.file_url).status_code, render_missing()] == [202, 1]
    render_document.call(document.pk)
    answer = browser.get(document.file_url)
    text = text_of(answer.content)
    assert [word in text for word in ("PIAGAM UJI", document.number, "DRAF")] == [True, True, False]
    assert answer["Content-Disposition"] == 'inline; filename="piagam-uji-530-001-piagam-ikm-discontoh-vi-2020.pdf"'
    assert AuditEvent.objects.filter(verb="download", object_id=str(document.pk)).count() == 1


def test_the_register_lists_finds_and_prints_it(issue: Any, official: User, client_of: Any) -> None:
    for holder in ("Anna", "Budi", "Citra", "Dewi"):
        issue(holder)
    browser = client_of(official)
    assert listed(browser, jenis="piagam-uji") == listed(browser, q="menjahit") == ["Anna", "Budi", "Citra", "Dewi"]
    assert listed(browser, jenis="bast") == []
    assert listed(browser, q="budi piagam") == ["Budi"]
    assert listed(browser, status="dicabut") == ["Citra"]
    assert listed(browser, status="berlaku") == ["Anna", "Budi", "Citra"]
    page = browser.get(REGISTER).content.decode()
    assert [word in page for word in ("Trial charter", "Withdrawn", "In force")] == [True] * 3
    rows = b"".join(browser.get("/register/laporan/", {"format": "csv", "jenis": "piagam-uji"}).streaming_content).decode("utf-8-sig")
    assert [rows.count("Trial charter"), rows.count("Piagam menjahit")] == [4, 4]


def test_who_may_read_it_is_frozen_with_it(issue: Any, client_of: Any) -> None:
    """The region whose people it carries, besides the office's own; nobody else."""
    document = issue(regions=[factories.region("63.03"), factories.region("63.03")])
    readers = {code: client_of(factories.user("pejabat_kabupaten", code, username=f"p{code}")) for code in ("63.03", "63.05")}
    assert {code: listed(browser) for code, browser in readers.items()} == {"63.03": ["Penjahit CONTOH"], "63.05": []}
    assert {code: browser.get(document.file_url).status_code for code, browser in readers.items()} == {"63.03": 202, "63.05": 404}
    event = AuditEvent.objects.get(verb="document_issued")
    assert event.after["regions"] == ["63.03"]


def test_anybody_may_check_it_and_reads_what_its_kind_makes_public(issue: Any, client: Client) -> None:
    document = issue()
    page = client.get(document.verification_url, headers={"accept-language": "en"}).content.decode()
    assert [word in page for word in ("In force", "Trial charter", document.number, "Holder", "Penjahit CONTOH")] == [True] * 5
    assert "Jalan Rahasia 7" in str(document.snapshot)
    assert "Jalan Rahasia 7" not in page


def test_what_became_of_it_is_its_kind_s_to_say(issue: Any, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = issue(), issue()
    withdrawn = Standing("Withdrawn", "danger", is_void=True, void_on=ON, voided_by=second)
    monkeypatch.setitem(papers._registered, TRIAL.kind, Paper(**{**vars(TRIAL), "standing": lambda document: withdrawn}))
    page = client.get(first.verification_url, headers={"accept-language": "en"}).content.decode()
    assert ["CANCELLED" in page, second.number in page, second.token in page] == [True, True, False]


def test_the_books_know_it(issue: Any) -> None:
    issue()
    issue()
    render_missing()
    out = io.StringIO()
    call_command("verify_documents", stdout=out)
    assert out.getvalue() == "2 issued document(s), nothing differs\n"
    assert [difference for check in CHECKS.values() for difference in check()] == []


@pytest.mark.parametrize("kind", ["Piagam", "piagam/uji", "p" * 21, "piagam-uji"])
def test_a_kind_needs_a_name_of_its_own_that_fits_into_an_address(kind: str) -> None:
    with pytest.raises(ImproperlyConfigured):
        papers.add(Paper(**{**vars(TRIAL), "kind": kind, "letters": "LAIN"}))
