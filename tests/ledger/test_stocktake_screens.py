"""A stocktake as people do it on the screens, its paper, and what verify_integrity says when somebody changes one."""

from __future__ import annotations

import datetime as dt
import io
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from openpyxl import load_workbook

from ikm_program import guards
from ikm_program.actions import Refusal
from ikm_program.chapters import Asked
from ikm_program.dashboard.work import work_of
from ikm_program.formatting import tanggal_layar
from ikm_program.scoping import Reach
from production import snapshots, stocktake_documents
from production.actions.output import record_correction
from production.actions.stocktakes import cancel_stocktake, issue_stocktake
from production.actions.verification import verify_output
from production.chapters import stocktakes
from production.models import StockBalance, StockMovement, Stocktake, StocktakeDraw, StocktakeLine, StocktakeMember
from tests import factories
from tests.ledger.test_gate_screens import members
from tests.ledger.test_races import at_once, issue, only_postgresql
from tests.ledger.test_stocktakes import count, counted, draft, standing
from tests.ledger.world import World, wrong
from tests.paper_text import text_of
from trainings.models import Programme


def cells(world: World, **values: Any) -> dict[str, Any]:
    return {f"{name}-{world.programme.pk}-{world.product.pk}": value for name, value in values.items()}


def test_a_count_is_typed_refused_without_explanation_and_issued(world: World, client_of: Any) -> None:
    world.stock(100)
    browser, url = client_of(world.officer), f"/stok-opname/baru/?gudang={world.store.pk}&tanggal={world.today}"
    assert f'name="counted-{world.programme.pk}-{world.product.pk}"' in browser.get(url).content.decode()
    form = browser.get(url).context["form"]
    assert (str(form.formsets["members"].heading), str(form.fields["note"].label)) == ("Counted by", "Note")  # as the page calls them
    typed = {"key": str(uuid.uuid4()), "place": "Gudang", "signer": world.signer.pk, **members("Ani", "Budi")}
    refused = browser.post(url, typed | cells(world, counted="97", damaged="2", remark=""))
    page = refused.content.decode()
    assert refused.status_code == 422
    assert "the books say 100 set, counted were 97. Explain the difference." in page
    assert 'value="97"' in page  # nothing typed is lost
    at_once = browser.post(url, typed | {"signer": "", "place": ""} | cells(world, counted="97", remark="")).context["form"].errors
    assert set(at_once) == {"place", "signer", f"counted-{world.programme.pk}-{world.product.pk}"}  # all of it at once
    assert "Fill in the count of at least one product" in browser.post(url, typed | cells(world, counted="")).content.decode()

    made = browser.post(url, typed | cells(world, counted="97", damaged="2", remark="Tiga dus basah"))

    page = browser.get(made.headers["Location"]).content.decode()
    assert [words in page for words in ("1 product counted, 1 with a difference", "Tiga dus basah")] == [True, True]
    stocktake = Stocktake.objects.get()
    desk = client_of(world.official)
    issued = desk.post(f"/stok-opname/{stocktake.pk}/terbitkan/", {"key": str(uuid.uuid4()), "version": stocktake.version})
    assert (issued.status_code, standing(world)) == (302, {"persediaan": 95, "perbaikan": 2, "afkir": 3})
    assert wrong() == []


def test_a_wrong_number_of_a_member_is_told_in_that_row(world: World, client_of: Any) -> None:
    world.stock(10)
    browser, url = client_of(world.officer), f"/stok-opname/baru/?gudang={world.store.pk}&tanggal={world.today}"
    typed = {"key": str(uuid.uuid4()), "place": "Gudang", "signer": world.signer.pk, **members("Ani", "", "Budi"), "members-1-position": ""}
    answer = browser.post(url, typed | cells(world, counted="10") | {"members-2-nip": "123"})
    form = answer.context["form"]
    assert (form.non_field_errors(), form.formsets["members"].forms[2].errors) == ([], {"nip": ["A NIP has 18 digits."]})
    assert '<a href="#id_members-2-nip">NIP (row 3): A NIP has 18 digits.</a>' in answer.content.decode()


def test_who_may_not_issue_sees_no_button_and_another_district_sees_nothing(world: World, client_of: Any) -> None:
    world.stock(10)
    made = draft(world, counted(world, 10))
    own = client_of(world.officer).get(f"/stok-opname/{made.pk}/").content.decode()
    assert "somebody else issues it" in own
    stranger = factories.user("petugas_kabupaten", "63.05", username="petugas.tapin")
    assert client_of(stranger).get(f"/stok-opname/{made.pk}/").status_code == 404
    assert client_of(stranger).get("/stok-opname/").content.decode().count("/stok-opname/1/") == 0


def test_the_sheet_to_count_with_leaves_the_books_out_unless_asked(world: World, client_of: Any) -> None:
    world.stock(1234)
    browser, url = client_of(world.officer), f"/stok-opname/lembar-hitung/?gudang={world.store.pk}"
    assert "1.234" not in browser.get(url).content.decode()
    assert "1.234" in browser.get(f"{url}&buku=on").content.decode()
    workbook = load_workbook(io.BytesIO(browser.get(f"{url}&format=xlsx").content))
    found = [value for row in workbook.active.values for value in row]  # type: ignore[union-attr]
    assert ("Pakaian hazmat" in found, 1234 in found) == (True, False)
    assert "Choose a store" in browser.get("/stok-opname/lembar-hitung/").content.decode()


def test_the_paper_says_what_was_counted_and_a_draft_what_it_would_move(world: World) -> None:
    world.stock(50)
    made = draft(world, counted(world, 45, 2, "Terendam air"))
    sentence = "kurang 5 (lima) set Pakaian hazmat dari catatan; dihapuskan dari persediaan"
    drawn = text_of(stocktake_documents.pdf_bytes(snapshots.of_stocktake(made, None)))
    assert ("DRAF" in drawn, sentence in drawn) == (True, True)
    assert not StocktakeDraw.objects.exists()

    issued = issue_stocktake(made, by=world.official, version=made.version)
    content = text_of(stocktake_documents.pdf_bytes(issued.document.snapshot))
    for words in (issued.number, "Terendam air", sentence, "Yang menghitung", "ditahan sampai diperiksa kembali", "Pemeriksa 1 (CONTOH)"):
        assert words in content, words
    facts = {str(fact.label): list(fact.values) for fact in stocktake_documents.public_facts(issued.document.snapshot)}
    assert facts["Counted"] == ["45 set Pakaian hazmat"]
    assert facts["Difference"] == ["−5 set Pakaian hazmat"]


def test_no_word_of_the_goods_breaks_where_all_columns_are_there(world: World) -> None:
    world.stock(50)
    world.product.name = "Masker kain (CONTOH)"
    world.product.save()
    made = draft(world, counted(world, 45, 2, "Terendam air"))
    assert (
        "(CONTOH)"
        in text_of(stocktake_documents.pdf_bytes(snapshots.of_stocktake(made, None))).split("Penjelasan")[1].split("Kesimpulan")[0]
    )


def waits(world: World, client_of: Any) -> tuple[bool, bool, list[str]]:
    """Whether the page says that something is to be reported, whether the list finds it, and what the work list says."""
    client, made = client_of(world.officer), Stocktake.objects.latest("pk")
    listed = client.get("/stok-opname/?lebih=belum").context["page"].rows
    work = [str(work.text) for work in work_of(world.officer) if "More was counted" in str(work.text)]
    return "They are not in stock until somebody reports them" in client.get(made.get_absolute_url()).content.decode(), bool(listed), work


def test_a_surplus_waits_until_it_is_reported(world: World, client_of: Any) -> None:
    world.stock(50)
    issued = count(world, 53, remark="Tiga belum dilaporkan")
    page = client_of(world.officer).get(f"/stok-opname/{issued.pk}/").content.decode()
    assert "3 set Pakaian hazmat more than the books were counted" in page
    assert waits(world, client_of) == (True, True, [f"More was counted than was reported, {tanggal_layar(world.today)}"])
    assert [
        work
        for work in work_of(factories.user("petugas_kabupaten", "63.03", username="petugas.banjar"))
        if "More was counted" in str(work.text)
    ] == []
    world.stock(2)
    assert waits(world, client_of)[:2] == (True, True)  # one is still nobody's
    world.stock(1)
    assert waits(world, client_of) == (False, False, [])
    page = client_of(world.officer).get(f"/stok-opname/{issued.pk}/").content.decode()
    assert "3 set Pakaian hazmat more than the books were counted. Nothing of it waits any more" in page


def test_a_surplus_that_was_reported_before_the_count_was_issued_does_not_wait(world: World, client_of: Any) -> None:
    yesterday = world.today - dt.timedelta(days=1)
    world.stock(50, made_on=yesterday)
    made = draft(world, counted(world, 53, remark="Tiga belum dilaporkan"), counted_on=yesterday, backdating_reason="Dihitung kemarin")
    entry = world.report(3, made_on=yesterday)
    verify_output(entry, by=world.staff, version=entry.version, verified_on=world.today)
    issue_stocktake(made, by=world.official, version=made.version)
    assert waits(world, client_of) == (False, False, [])


def test_what_was_made_after_the_count_is_not_what_was_counted(world: World, client_of: Any) -> None:
    yesterday = world.today - dt.timedelta(days=1)
    world.stock(50, made_on=yesterday)
    count(world, 53, remark="Tiga belum dilaporkan", counted_on=yesterday, backdating_reason="Dihitung kemarin")
    world.stock(10)
    assert waits(world, client_of)[:2] == (True, True)


def test_a_correction_of_the_report_that_was_short_settles_it(world: World, client_of: Any) -> None:
    entry = world.stock(50)
    count(world, 53, remark="Tiga belum dilaporkan")
    corrected = record_correction(entry.lines.get(), by=world.officer, difference=3, reason="Tiga terlewat")
    verify_output(corrected, by=world.staff, version=corrected.version, verified_on=world.today)
    assert waits(world, client_of) == (False, False, [])


def test_nothing_waits_in_a_closed_programme(world: World, client_of: Any) -> None:
    world.stock(50)
    count(world, 53, remark="Tiga belum dilaporkan")
    Programme.objects.filter(pk=world.programme.pk).update(status=Programme.Status.CLOSED)
    assert waits(world, client_of) == (False, False, [])


def test_a_surplus_waits_no_longer_when_the_goods_are_counted_again(world: World, client_of: Any) -> None:
    world.stock(50)
    count(world, 53, remark="Tiga belum dilaporkan")
    count(world, 50)
    assert waits(world, client_of) == (False, False, [])
    count(world, 48, remark="Dua hilang")
    count(world, 50, remark="Ditemukan kembali")  # found again is no surplus
    assert waits(world, client_of) == (False, False, [])


def test_whoever_checks_a_cancelled_one_is_told_so(world: World, client: Any) -> None:
    world.stock(10)
    issued = count(world, 9, remark="Hilang")
    address = f"/periksa/{issued.document.token}/"
    assert "In force" in client.get(address, headers={"accept-language": "en"}).content.decode()
    cancel_stocktake(issued, by=world.official, version=issued.version, reason="Salah hitung")
    page = client.get(address, headers={"accept-language": "en"}).content.decode()
    assert ("CANCELLED" in page.upper(), "In force" in page, "Pemeriksa 1" in page) == (True, False, False)


def test_the_final_report_lists_it(world: World) -> None:
    world.stock(50)
    issued = count(world, 45, remark="Terendam air")
    asked = Asked(world.programme, Reach(world.tala), world.today)
    [block] = stocktakes(asked)
    assert [cell["text"] for cell in block["rows"][0]][:1] == [issued.number]
    assert [cell["text"] for cell in block["rows"][0]][-3:] == ["50", "45", "Terendam air"]
    assert stocktakes(Asked(world.programme, Reach(world.tala), world.today - dt.timedelta(days=1))) == []


# --- at the same moment ---


def _issue_count(made: Stocktake, by: Any) -> Any:
    def work() -> Stocktake:
        fresh = Stocktake.objects.get(pk=made.pk)
        issued: Stocktake = issue_stocktake(fresh, by=by, version=fresh.version)
        return issued

    return work


@only_postgresql
def test_a_count_and_a_handover_at_once_come_one_after_the_other(committed_world: World) -> None:
    """Whoever is second finds other books, or too little: a count that stands was made before the handover that stands beside it."""
    world = committed_world
    for _round in range(12):
        world.stock(30)
        there = sum(StockBalance.objects.filter(account="persediaan").values_list("quantity", flat=True))
        made, given = draft(world, counted(world, there - 15, remark="Hilang")), world.draft(10)
        results = at_once(_issue_count(made, world.official), issue(given, world.official))
        refused = [result for result in results if isinstance(result, Refusal)]
        assert len(refused) <= 1
        given.refresh_from_db()
        made.refresh_from_db()
        both = {given.status, made.status} == {"diterbitkan"}
        taken = StockMovement.objects.filter(kind="serah_terima", source_id=given.pk).values_list("pk", flat=True)
        written_off = StockMovement.objects.filter(kind="opname", source_id=made.pk).values_list("pk", flat=True)
        assert not both or max(written_off) < min(taken)
        expected = there - (10 if taken else 0) - (15 if written_off else 0)
        assert standing(world).get("persediaan", 0) == expected
    assert wrong() == []


# --- behind everybody's back ---

ACCOUNTED = "every movement is accounted for"
MOVES = "stocktakes move what they found"
PAPERS = "records of stocktakes say what their records say"
TRAIL = "records are what the audit trail last said"
TIMES = "stock movements were recorded with their act"


@pytest.fixture
def missing(world: World) -> Iterator[World]:
    world.stock(20)
    count(world, 15, damaged=1, remark="Hilang")
    assert wrong() == []
    guards.lift(connection)
    yield world
    guards.install(connection)


@pytest.mark.parametrize(
    ("model", "values", "checks"),
    [
        (StocktakeLine, {"counted": 16}, {MOVES, PAPERS}),
        (StocktakeLine, {"remark": "Dibakar"}, {PAPERS}),
        (StocktakeMember, {"name": "Orang lain"}, {PAPERS}),
        (Stocktake, {"place": "Rumah"}, {TRAIL, PAPERS}),
        (Stocktake, {"counted_on": "2020-06-01"}, {TRAIL, PAPERS, ACCOUNTED}),
        (StocktakeDraw, {"quantity": 4}, {ACCOUNTED, MOVES, PAPERS}),
    ],
)
def test_a_changed_record_is_found(missing: World, model: Any, values: dict[str, Any], checks: set[str]) -> None:
    assert model.objects.update(**values)
    assert checks <= {what for what, _sentence in wrong()}


@pytest.mark.parametrize(
    ("values", "check"), [({"effective_on": "2020-06-01"}, ACCOUNTED), ({"recorded_at": "2020-06-01T00:00:00Z"}, TIMES)]
)
def test_a_changed_movement_is_found(missing: World, values: dict[str, Any], check: str) -> None:
    assert StockMovement.objects.filter(kind="opname").update(**values)
    assert check in {what for what, _sentence in wrong()}
