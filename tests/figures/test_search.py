from __future__ import annotations

import pytest

from trainings.models import Participant

pytestmark = pytest.mark.django_db


def hits(page):
    return {str(group.source.label): [str(record) for record, _detail in group.hits] for group in page.context["groups"]}


def test_a_number_finds_its_paper(browser):
    assert hits(browser("staf.kalsel").get("/cari/?q=002/BAST"))["Issued documents"] == ["530/002/BAST-IKM/Diskoperindag-BTL/VI/2020"]


def test_a_word_finds_recipients_regions_and_batches(browser):
    found = hits(browser("staf.kalsel").get("/cari/?q=Kotabaru"))
    assert found["Regions"] == ["Kabupaten Kotabaru"]
    assert found["Recipients"] == ["Dinas Kesehatan Kabupaten Kotabaru", "Pemerintah Kabupaten Kotabaru"]
    assert len(found["Batches"]) == 2


def test_at_most_ten_of_a_kind_and_the_way_to_the_rest(browser):
    client = browser("staf.kalsel")
    group = next(group for group in client.get("/cari/?q=CONTOH").context["groups"] if str(group.source.label) == "Participants")
    assert len(group.hits) == 10
    assert client.get(group.more_url).status_code == 200


def test_a_hit_opens_its_page(browser):
    client = browser("staf.kalsel")
    groups = client.get("/cari/?q=Banjar").context["groups"]
    assert {client.get(record.get_absolute_url()).status_code for group in groups for record, _detail in group.hits[:2]} == {200}


def test_another_districts_people_and_papers_are_not_found(browser):
    other = Participant.objects.filter(region__kemendagri_code="63.02").first()
    client = browser("petugas.tala")
    assert "Participants" not in hits(client.get("/cari/", {"q": other.name}))
    assert "Issued documents" not in hits(client.get("/cari/?q=Kotabaru"))


def test_the_role_decides_what_is_searched(browser):
    assert set(hits(browser("instruktur.tala").get("/cari/?q=Tanah"))) <= {"Batches", "Participants", "Production reports"}


@pytest.mark.parametrize(("text", "words"), [("", "Number of a document"), ("a", "at least two letters"), ("zzzz", "Nothing found")])
def test_it_says_what_comes_next(browser, text, words):
    assert words in browser("staf.kalsel").get("/cari/", {"q": text}).content.decode()


def test_what_was_asked_is_shown_as_text(browser):
    assert "<b>x</b>" not in browser("staf.kalsel").get("/cari/", {"q": "<b>x</b>"}).content.decode()


def test_a_search_costs_few_queries_however_much_it_finds(browser, django_assert_max_num_queries):
    client = browser("staf.kalsel")
    for text in ("Kotabaru", "zzzz", "CONTOH"):
        with django_assert_max_num_queries(36):  # many kinds of records, each asked on its own
            client.get("/cari/", {"q": text})


def test_goods_find_their_product_their_reports_and_the_papers_that_name_them(browser):
    found = hits(browser("staf.kalsel").get("/cari/?q=hazmat"))
    assert found["Products"] == ["Pakaian hazmat"]
    assert len(found["Production reports"]) == 5
    assert [number for number in found["Issued documents"] if "/BAST-IKM/" in number] != []
    assert len(set(found["Issued documents"])) == len(found["Issued documents"])


def test_a_kind_of_recipient_finds_its_papers(browser):
    client = browser("staf.kalsel", "id")
    papers = next(group for group in client.get("/cari/?q=bencana").context["groups"] if group.source.model.__name__ == "IssuedDocument")
    assert {paper.handover.recipient.kind for paper, _detail in papers.hits} == {"bpbd"}
    register = client.get("/register/?periode=semua&jenis_penerima=bpbd")
    assert {document.handover.recipient.kind for document in register.context["object_list"]} == {"bpbd"}


def test_another_districts_reports_are_not_found(browser):
    assert "Production reports" not in hits(browser("petugas.tala").get("/cari/?q=Kotabaru"))
