"""The papers of materials: numbered in the office's register, frozen, and read as the two parties would."""

from __future__ import annotations

from typing import Any

import pytest

from production.actions.material_handovers import cancel_handover, issue_handover
from production.material_snapshots import of_material_handover
from production.models import MaterialHandover
from tests import factories
from tests.paper_text import text_of
from tests.production.materials import GIVEN_ON, Cloth
from trainings.models import IssuedDocument

pytestmark = pytest.mark.usefixtures("in_english")


@pytest.fixture
def stocked(cloth: Cloth) -> Cloth:
    cloth.buy(500)
    cloth.to_district(300)
    return cloth


def words_of(document: IssuedDocument) -> str:
    return text_of(document.paper.render(document.snapshot, None))


def paper_of(handover: MaterialHandover) -> IssuedDocument:
    return IssuedDocument.objects.get(material_handover=handover)


def test_giving_names_two_parties_amounts_in_words_and_the_left_overs(stocked: Cloth) -> None:
    given = stocked.give(273, return_due_on=GIVEN_ON, batch=stocked.batch)
    text = words_of(paper_of(given))
    for words in (
        "BERITA ACARA PENYERAHAN BAHAN",
        "dua ratus tujuh puluh tiga meter",
        "Ketua kelompok",
        f"peserta {stocked.batch.activity.name} Angkatan 1 di Kabupaten Tanah Laut",
        "wajib dikembalikan oleh PIHAK KEDUA kepada PIHAK KESATU paling lambat tanggal 1 Juni 2020",
    ):
        assert words in text


def test_no_day_agreed_is_no_day_printed(stocked: Cloth) -> None:
    assert "paling lambat" not in words_of(paper_of(stocked.give(10)))


def test_a_return_is_signed_by_the_makers_first_and_says_scrap_only_where_there_is_some(stocked: Cloth) -> None:
    stocked.give(273)
    plain, full = stocked.bring_back(1), stocked.bring_back(2, scrap=150)
    paper = paper_of(plain)
    assert paper.snapshot["first_party"]["name"] == "Ketua kelompok"
    assert paper.snapshot["second_party"]["name"] == stocked.official(stocked.district).name
    assert ("Sisa potong" in words_of(paper), "1,5 meter" in words_of(paper_of(full))) == (False, True)
    assert "BERITA ACARA PENGEMBALIAN SISA BAHAN" in words_of(paper)


def test_between_offices_two_officials_sign_and_the_district_reads_it(stocked: Cloth, client_of: Any) -> None:
    document = IssuedDocument.objects.get(kind="ba-bahan", office__region=stocked.province_store.region)
    assert document.second_party == str(stocked.official(stocked.district).office)
    assert client_of(stocked.officer).get("/register/?periode=2020").context["object_list"][0] == document
    assert "dengan berita acara tersendiri" in words_of(document)


def test_each_kind_has_its_register_and_a_cancelled_number_stays_used(stocked: Cloth) -> None:
    first = stocked.give(10)
    back = stocked.bring_back(1)
    cancel_handover(back, by=stocked.provincial, version=back.version, reason="Salah")
    again, second = stocked.bring_back(2), stocked.give(10)
    numbers = [(paper_of(one).kind, paper_of(one).sequence) for one in (first, second, back, again)]
    assert numbers == [("ba-bahan", 1), ("ba-bahan", 2), ("ba-sisa-bahan", 1), ("ba-sisa-bahan", 2)]
    assert (paper_of(back).standing.is_void, paper_of(again).standing.is_void) == (True, False)


def test_a_person_behind_a_business_is_not_public(stocked: Cloth, client: Any) -> None:
    business = factories.EnterpriseFactory(region=stocked.district, name="Penjahit Siti Rahasia")
    paper = paper_of(stocked.give(10, enterprise=business))
    page = client.get(paper.verification_url).content.decode()
    assert ("Kain spunbond" in page, "Siti Rahasia" in page, "Ketua kelompok" in page) == (True, False, False)


def test_a_draft_has_a_mark_and_no_number(stocked: Cloth, client_of: Any) -> None:
    draft = stocked.draft(stocked.store, 100, by=stocked.officer, batch=stocked.batch)
    assert of_material_handover(draft, None)["issue"] is None
    answer = client_of(stocked.officer).get(f"{draft.get_absolute_url()}pratinjau.pdf")
    assert (answer.headers["Content-Type"], "DRAF" in text_of(answer.content)) == (
        "application/pdf",
        True,
    )
    issue_handover(draft, by=stocked.issuer, version=draft.version)
    assert draft.number == paper_of(draft).number != ""


def test_a_renamed_material_changes_no_issued_paper(stocked: Cloth) -> None:
    paper = paper_of(stocked.give(10))
    type(stocked.material).objects.update(name="Kain lain")
    assert "Kain spunbond" in words_of(IssuedDocument.objects.get(pk=paper.pk))
