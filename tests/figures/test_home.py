from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from distribution.actions.cancellations import request_cancellation
from distribution.actions.handovers import issue_handover
from distribution.actions.receipts import Outcome, acknowledge_handover
from distribution.models import Cancellation, Handover, Receipt
from production.models import OutputEntry
from trainings.models import Batch, IssuedDocument, PaymentList, Programme, SuperiorProduct

pytestmark = pytest.mark.django_db

ROLES = {
    "petugas.tala": 13,
    "pejabat.tala": 14,
    "staf.kalsel": 14,
    "pejabat.kalsel": 14,
    "admin.kalsel": 14,
    "pengawas.kalsel": 14,
    "instruktur.tala": 7,  # one asks as whom the person teaches
}


def work_on(page):
    return [(str(item.text), item.count) for item in page.context["work"]]


def words_of(page):
    return " ".join(re.sub(r"<[^>]+>", " ", page.content.decode()).split())


# --- what waits


def test_a_district_officer_sees_single_things(browser, person):
    page = browser("petugas.hsu").get("/")
    assert [text.split(" · ")[0] for text, _count in work_on(page)] == ["Awaiting confirmation of receipt"]
    assert work_on(page)[0][1] is None


def test_a_draft_waits_until_it_is_issued(browser, person):
    drafts = Handover.objects.filter(store__region__kemendagri_code="63.01", status="draf")
    client, waiting = browser("petugas.tala"), "Draft BAST waiting to be issued"
    assert [text.split(",")[0] for text, _count in work_on(client.get("/"))].count(waiting) == drafts.count() > 0
    for draft in drafts:
        issue_handover(draft, by=person("pejabat.tala"), version=draft.version)
    others = ("Mentoring", "Ends on")
    assert {text.split(" · ")[0] for text, _count in work_on(client.get("/")) if not text.startswith(others)} == {
        "Awaiting confirmation of receipt",
        "Draft not submitted yet",
    }


@pytest.mark.parametrize(("ended_days_ago", "words"), [(1, ["No recent report"]), (31, [])])
def test_a_quiet_batch_is_reminded_while_something_is_expected_of_it(browser, ended_days_ago, words):
    today = timezone.localdate()
    batch = Batch.objects.filter(region__kemendagri_code="63.02", activity__programme__is_example=False).first()
    Batch.objects.filter(pk=batch.pk).update(starts_on=today - timedelta(days=40), ends_on=today - timedelta(days=ended_days_ago))
    assert [text.split(" · ")[0] for text, _count in work_on(browser("petugas.kotabaru").get("/"))] == words


def test_a_returned_report_says_why(browser):
    page = browser("petugas.banjarbaru").get("/")
    assert [item.detail for item in page.context["work"]] == ["75 lembar · Foto belum ada; mohon dirinci per IKM."]
    assert page.context["work"][0].href == OutputEntry.objects.get(status="dikembalikan").get_absolute_url()


def test_the_province_sees_counts(browser, person):
    staff = person("staf.kalsel")
    assert work_on(browser("staf.kalsel").get("/")) == [
        ("Reports returned", OutputEntry.objects.filter(status="dikembalikan").count()),
        ("Reports to verify", OutputEntry.objects.filter(status="diajukan").count()),
        ("Draft BAST waiting to be issued", Handover.objects.filter(status="draf").count()),
        ("Evaluations that are not decided on yet", 1),
        ("BAST awaiting confirmation of receipt", Handover.objects.filter(status="diterbitkan").count()),
        ("Receipts whose evidence is not uploaded yet", Receipt.objects.for_user(staff).without_evidence().count()),
        ("Payment lists to lock", PaymentList.objects.filter(status="draf").count()),
        ("Nominations to decide on", 1),
        ("Mentoring that is late", 1),
        ("Next actions of mentoring this week", 1),
        ("Licences that end within 90 days", 1),
        ("Superior products to decide on", SuperiorProduct.objects.waiting().count()),
    ]


def test_an_official_sees_what_is_to_be_issued(browser):
    assert ("BAST to issue", Handover.objects.filter(status="draf").count()) in work_on(browser("pejabat.kalsel").get("/"))


def test_a_count_opens_as_many_rows(browser):
    client = browser("staf.kalsel")
    for item in client.get("/").context["work"]:
        assert client.get(item.href).status_code == 200
    returned = next(item for item in client.get("/").context["work"] if str(item.text) == "Reports returned")
    assert len(client.get(returned.href).context["object_list"]) == returned.count
    for item in client.get("/").context["work"][-4:]:
        assert (str(item.text), len(client.get(item.href).context["object_list"])) == (str(item.text), item.count)


def test_a_request_for_cancellation_waits_for_somebody_else(browser, person):
    handover = Handover.objects.filter(store__region__kemendagri_code="63.08", status="diterbitkan").get()
    request_cancellation(handover, by=person("petugas.hsu"), version=handover.version, reason="Salah alamat")
    assert Cancellation.objects.filter(status="diajukan").count() == 1
    texts = {name: [text for text, _count in work_on(browser(name).get("/"))] for name in ("petugas.hsu", "pejabat.hsu")}
    assert [text for text in texts["pejabat.hsu"] if text.startswith("Cancellation asked for")] != []
    assert [text for text in texts["petugas.hsu"] if text.startswith("Cancellation")] == []


def test_nobody_waits_for_a_supervisor(browser):
    assert work_on(browser("pengawas.kalsel").get("/")) == []


def test_the_work_of_another_district_is_not_shown(browser):
    assert browser("petugas.batola").get("/").context["work"] == []


# --- how far it is


def test_the_programme_of_2020_is_shown_not_the_exercise(browser):
    assert browser("staf.kalsel").get("/").context["choice"].programme.code == "apd-pangan-2020"


def test_another_programme_is_remembered(browser):
    client = browser("staf.kalsel")
    exercise = Programme.objects.get(code="latihan")
    client.get(f"/?program={exercise.pk}")
    assert client.get("/").context["choice"].programme == exercise


def test_on_22_june_the_page_says_what_the_office_said(browser):
    words = words_of(browser("staf.kalsel").get("/?per=2020-06-22"))
    assert "363 / 950 set · 38,21%" in words
    assert "8 of 13" in words
    assert "as of 22 June 2020" in words


def test_before_anything_happened_nothing_is_reported_and_nothing_is_zero(browser):
    page = browser("staf.kalsel").get("/?per=2020-05-01")
    assert {one.has_reported for one in page.context["figures"].products} == {False}
    assert "13 of 13" in words_of(page)


def test_the_district_sees_its_own_target(browser):
    words = words_of(browser("petugas.tala").get("/"))
    assert "100 / 74 set · 135,14%" in words
    assert "950" not in words


def test_the_map_has_a_place_for_every_district(browser):
    page = browser("staf.kalsel").get("/?per=2020-06-22").content.decode()
    assert len(re.findall(r'class="tile tile-column-\d tile-row-\d', page)) == 13
    assert page.count('is-silent"') == 8 + 1  # and the legend
    assert "tile-column-2 tile-row-4 tint-5" in page  # Tala, past its target


def test_the_map_follows_the_chosen_product(browser):
    page = browser("staf.kalsel").get("/?per=2020-06-22&produk=herbal")
    assert len(page.context["chosen"].tiles) == 5


def test_published_figures_stand_beside_the_computed_ones(browser):
    shown = {figure.definition: computed for figure, computed in browser("pengawas.kalsel").get("/").context["published"]}
    said = next(computed for definition, computed in shown.items() if definition.startswith("Hazmat disebut"))
    assert (said.name, said.value) == ("verified", 363)
    assert shown["IKM tercatat pada Rakernis 2019"] is None


def test_an_official_has_the_latest_papers_with_their_pdf(browser):
    papers = browser("pejabat.tala").get("/").context["papers"]
    own = set(IssuedDocument.objects.filter(office__region__kemendagri_code="63.01"))
    assert own <= set(papers)  # and those that others have issued to its people
    assert len(own) >= 2
    assert all(paper.has_file for paper in papers)
    assert [paper.document_on for paper in papers] == sorted((paper.document_on for paper in papers), reverse=True)


def test_every_number_opens_its_records(browser):
    client = browser("staf.kalsel")
    _hazmat, figures = client.get("/").context["figures"].table[0]
    assert {client.get(figure.href).status_code for figure in figures} == {200}


def places(figures):
    return {figure.name: figure.value or 0 for figure in figures}


def test_every_row_shows_all_places_of_what_was_verified(browser, person):
    """50 pieces in evaluation, and 2 of the practice programme that are written off, stand where the eye can add them up."""
    officer, official = person("petugas.tala"), person("pejabat.tala")
    draft = Handover.objects.get(status="draf", store__region=officer.region)
    paper = issue_handover(draft, by=official, version=draft.version)
    line = paper.lines.get()
    facts = {"receiver_name": "CONTOH", "received_on": draft.handed_over_on, "shortfall_reason": "CONTOH", "no_evidence_reason": "CONTOH"}
    acknowledge_handover(
        paper, by=official, version=paper.version, outcomes={line.pk: Outcome(line.quantity - 2, returned=0, written_off=2)}, **facts
    )
    assert places(browser("staf.kalsel").get("/?produk=hazmat").context["chosen"].places)["in_evaluation"] == 50
    page = browser("staf.kalsel").get(f"/?program={draft.programme_id}&produk={line.product.code}")
    products, chosen = page.context["figures"].table, page.context["chosen"]
    assert places(chosen.places)["written_off"] == 2
    for one, shown in products:
        values = places(shown)
        assert sum(values[name] for name in values if name not in ("target", "reported", "verified")) == values["verified"], one.product
    for tile in chosen.tiles:
        assert [place.name for place in tile.places] == [place.name for place in chosen.places]
        assert sum(places(tile.places).values()) == (tile.verified or 0)
    written_off = next(place for place in chosen.places if place.name == "written_off")
    assert [row["quantity"] for row in browser("staf.kalsel").get(written_off.href).context["report"].rows] == [2]
    assert "2 written off" in words_of(browser("petugas.tala").get(f"/?program={draft.programme_id}"))


def test_a_place_that_holds_nothing_has_no_column(browser):
    shown = [place.name for place in browser("staf.kalsel").get("/?produk=masker&per=2020-06-22").context["chosen"].places]
    assert shown == ["handed_over", "stock"]


# --- who and how dear


@pytest.mark.parametrize(("account", "most"), ROLES.items())
def test_home_costs_a_fixed_number_of_queries(browser, django_assert_num_queries, account, most):
    client = browser(account)
    with django_assert_num_queries(most):
        client.get("/")


def test_nothing_of_another_district_is_on_the_page(browser):
    page = browser("petugas.tala").get("/?per=2020-06-22").content.decode()
    assert [name for name in ("Kotabaru", "Batola", "Banjarbaru", "Tapin") if name in page] == []


def test_without_a_sign_in_there_is_no_home(demo):
    assert Client().get("/").status_code == 302


def test_an_impossible_date_is_not_obeyed(browser):
    assert browser("staf.kalsel").get("/?per=31-02-2020&program=abc&produk=tidak-ada").status_code == 200
