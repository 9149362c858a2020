"""The register: the newest month first, the cancelled beside what follows, searchable, downloadable."""

from __future__ import annotations

import datetime as dt

import pytest

from distribution.actions.handovers import draft_replacement, issue_handover
from ikm_program import report_screens
from trainings.models import IssuedDocument

pytestmark = pytest.mark.usefixtures("in_english")
REGISTER = "/register/"


@pytest.fixture
def papers(world, issue, cancel):
    """A wrong BAST of June, its cancellation, its replacement; and one of May."""
    world.stock(100, made_on=dt.date(2020, 5, 1))
    issue(10, handed_over_on=dt.date(2020, 5, 20), backdating_reason="dicatat kemudian")
    wrong = cancel(issue(56))
    draft = draft_replacement(wrong, by=world.officer)
    right = issue_handover(draft, by=world.official, version=draft.version)
    record = IssuedDocument.objects.get(kind="ba-batal")
    return {"wrong": wrong.document, "right": right.document, "record": record, "may": IssuedDocument.objects.get(document_on__month=5)}


def numbers(answer) -> set[str]:
    return {document.number for document in answer.context["object_list"]}


def test_it_opens_on_the_newest_month(world, papers, client_of):
    answer = client_of(world.official).get(REGISTER)
    assert answer.context["period"] == "June 2020"
    assert numbers(answer) == {papers[name].number for name in ("wrong", "right", "record")}


def test_the_cancelled_one_stays_with_what_cancelled_and_replaced_it(world, papers, client_of):
    body = client_of(world.official).get(REGISTER).content.decode()
    assert "Cancelled" in body
    for document in papers.values():
        assert (document.file_url in body) == (document != papers["may"])


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"periode": "2020-05"}, {"may"}),
        ({"periode": "semua"}, {"may", "wrong", "right", "record"}),
        ({"periode": "semua", "status": "dibatalkan"}, {"wrong"}),
        ({"periode": "semua", "status": "berlaku"}, {"may", "right", "record"}),
        ({"jenis": "ba-batal"}, {"record"}),
        ({"jenis": "bast"}, {"may", "wrong", "right"}),  # whoever chooses anything looks in every period
        ({"jenis": "bast", "periode": "2020-05"}, {"may"}),
        ({"q": "BA-BATAL"}, {"record"}),
        ({"q": "hazmat", "jenis": "bast"}, {"may", "wrong", "right"}),
        ({"q": "tanah laut", "periode": "2020"}, {"may", "wrong", "right", "record"}),
        ({"q": "tidak ada"}, set()),
    ],
)
def test_it_is_searched_and_filtered(world, papers, client_of, query, expected):
    assert numbers(client_of(world.official).get(REGISTER, query)) == {papers[name].number for name in expected}


def test_the_list_says_which_period_it_shows_as_it_changes(world, papers, client_of):
    """The box stays as it is while the list is fetched anew: what is shown stands in the list itself."""
    htmx = {"HX-Request": "true", "HX-Target": "list"}
    heads = [client_of(world.official).get(REGISTER, query, headers=htmx).content.decode() for query in ({}, {"jenis": "bast"})]
    assert ["June 2020 · " in head for head in heads] == [True, False]
    assert ["Every period · " in head for head in heads] == [False, True]


@pytest.mark.parametrize(("query", "leads"), [({"periode": "2020-05", "jenis": "ba-batal"}, True), ({"q": "nowhere"}, False)])
def test_where_nothing_is_found_in_a_period_every_period_is_offered(world, papers, client_of, query, leads):
    page = client_of(world.official).get(REGISTER, query).content.decode()
    assert "Nothing matches these filters." in page
    assert ("Search in every period" in page) == leads
    if leads:
        assert numbers(client_of(world.official).get(REGISTER, query | {"periode": "semua"})) == {papers["record"].number}


def test_the_download_follows_the_filter(world, papers, client_of):
    answer = client_of(world.official).get("/register/laporan/", {"format": "csv", "periode": "semua", "status": "dibatalkan"})
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    assert papers["wrong"].number in text
    assert f"Replaced by {papers['right'].number}" in text
    assert papers["may"].number not in text


@pytest.mark.parametrize(("format", "start"), [("pdf", b"%PDF-"), ("xlsx", b"PK")])
def test_it_is_printed_and_taken_as_a_workbook(world, papers, client_of, format, start):
    assert client_of(world.official).get("/register/laporan/", {"format": format}).content.startswith(start)


def test_another_district_sees_none_of_it(papers, client_of, stranger):
    answer = client_of(stranger).get(REGISTER, {"periode": "semua"})
    assert numbers(answer) == set()
    assert papers["may"].number not in answer.content.decode()


def test_a_list_that_nobody_would_print_is_offered_as_a_workbook(world, papers, client_of, monkeypatch):
    monkeypatch.setattr(report_screens, "MOST_PRINTED", 3)
    browser = client_of(world.official)
    printed = browser.get("/register/laporan/", {"format": "pdf", "periode": "2020-06"})
    refused = browser.get("/register/laporan/", {"format": "pdf", "periode": "semua"})
    assert [printed.status_code, printed["Content-Type"], refused.status_code] == [200, "application/pdf", 422]
    body = refused.content.decode()
    assert "4 rows are too many for a printed page" in body
    assert [f"format={name}" in body for name in ("xlsx", "csv")] == [True, True]
    assert [link.label for link in refused.context["downloads"]] == ["Excel", "CSV", "JSON"]
    assert [link.label for link in browser.get("/register/laporan/", {"periode": "semua"}).context["downloads"]] == ["Excel", "CSV", "JSON"]
    assert browser.get("/register/laporan/", {"format": "xlsx", "periode": "semua"}).status_code == 200
