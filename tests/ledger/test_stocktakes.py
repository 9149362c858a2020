"""A store counted by hand: what is missing goes, what is found again comes back, and nothing is made that nobody verified."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from distribution.actions.cancellations import approve_cancellation, request_cancellation
from distribution.actions.handovers import issue_handover
from distribution.reports.reconciliation import reconcile
from ikm_program.actions import Refusal, StaleVersion
from production import stocktake_documents
from production.actions.inspections import Examined, Member
from production.actions.stocktakes import (
    Counted,
    cancel_stocktake,
    discard_stocktake,
    draft_stocktake,
    edit_stocktake,
    issue_stocktake,
    line_field,
    obstacles,
)
from production.models import IN_STORE, Account, StockBalance, StockMovement, Stocktake
from production.stock_card import stock_card
from tests import factories
from tests.ledger.gates import TEAM, inspect, lot_of
from tests.ledger.test_evaluations import decide
from tests.ledger.world import World, wrong
from trainings.models import IssuedDocument, Official

DAY = dt.timedelta(days=1)
LATE = {"backdating_reason": "Dihitung kemarin"}


def counted(world: World, quantity: int, damaged: int = 0, remark: str = "") -> Counted:
    return Counted(world.programme, world.product, quantity, damaged, remark)


def draft(world: World, *parts: Counted, by: Any = None, members: Any = TEAM, **facts: Any) -> Stocktake:
    values = {"counted_on": world.today, "place": "Gudang Tala", "signer": world.signer, **facts}
    made: Stocktake = draft_stocktake(world.store, by=by or world.officer, counted=parts, members=members, **values)
    return made


def count(world: World, quantity: int, damaged: int = 0, remark: str = "", **facts: Any) -> Stocktake:
    made = draft(world, counted(world, quantity, damaged, remark), **facts)
    issued: Stocktake = issue_stocktake(made, by=world.official, version=made.version)
    return issued


def standing(world: World) -> dict[str, int]:
    rows = StockBalance.objects.filter(store=world.store, quantity__gt=0).order_by("account")
    found: dict[str, int] = {}
    for account, quantity in rows.values_list("account", "quantity"):
        found[account] = found.get(account, 0) + quantity
    return found


def figures(world: World) -> dict[str, int | None]:
    result = reconcile(world.staff)
    assert result.is_balanced
    return result.totals["hazmat"]


def test_a_count_without_difference_moves_nothing_and_is_a_numbered_paper(world: World) -> None:
    world.stock(30)
    issued = count(world, 30)

    assert (issued.status, standing(world)) == ("diterbitkan", {"persediaan": 30})
    assert issued.number.split("/")[2].startswith("BA-OPNAME")
    assert not StockMovement.objects.filter(kind="opname").exists()
    frozen = issued.document.snapshot
    assert [(line["book"], line["counted"], line["missing"]) for line in frozen["lines"]] == [(30, 30, 0)]
    assert wrong() == []


def test_what_is_missing_is_written_off_from_the_oldest_lot(world: World) -> None:
    world.stock(20, made_on=world.today)
    world.stock(10, made_on=world.today - DAY)
    issued = count(world, 18, remark="Dus rusak terkena banjir")

    assert standing(world) == {"persediaan": 18, "afkir": 12}
    assert [(draw.lot.made_on, draw.quantity) for draw in issued.lines.get().draws.select_related("lot").order_by("lot__made_on")] == [
        (world.today - DAY, 10),
        (world.today, 2),
    ]
    found = figures(world)
    assert (found["verified"], found["stock"], found["written_off"]) == (30, 18, 12)
    card = stock_card(world.store, world.product, world.staff)
    assert [(row["outgoing"], row["document"]) for row in card.rows[-1:]] == [(12, issued.number)]
    assert card.rows[-1]["description"].lower().count("stocktake") == 1
    assert card.totals[0]["balance"] == 18
    assert wrong() == []


def test_what_was_missing_and_is_found_again_comes_back_and_a_surplus_beyond_it_does_not(world: World) -> None:
    world.stock(30)
    count(world, 25, remark="Lima tidak ditemukan")
    issued = count(world, 32, remark="Ditemukan di rak lain")

    line = issued.lines.prefetch_related("draws").get()
    assert (line.difference, line.found_again, line.unrecorded) == (7, 5, 2)
    assert standing(world) == {"persediaan": 30}
    found = figures(world)
    assert (found["verified"], found["stock"], found["written_off"]) == (30, 30, 0)
    assert stocktake_documents.paper_context(issued.document.snapshot)["conclusions"] == [
        "ditemukan kembali 5 (lima) set Pakaian hazmat yang dihapuskan pada stock opname terdahulu; dicatat kembali sebagai persediaan",
        "lebih 2 (dua) set Pakaian hazmat yang belum pernah dilaporkan; belum dicatat sebagai persediaan sampai laporan produksinya "
        "diverifikasi",
    ]
    assert count(world, 30).result.endswith("no difference")  # found once, and not again
    assert wrong() == []


def test_what_an_inspection_or_handover_wrote_off_is_not_found_again(world: World) -> None:
    """Only what a count missed can be found by a count."""
    lot = lot_of(world.stock(10))
    inspect(world, Examined(lot, Account.STOCK, 10, 7, 0, 3))
    issued = count(world, 10, remark="Tiga lebih")

    assert standing(world) == {"persediaan": 7, "afkir": 3}
    assert issued.lines.prefetch_related("draws").get().unrecorded == 3
    assert wrong() == []


def test_damaged_pieces_are_held_and_still_counted_as_stock(world: World) -> None:
    world.stock(30)
    count(world, 30, damaged=4)
    assert standing(world) == {"persediaan": 26, "perbaikan": 4}
    assert figures(world)["stock"] == 30

    count(world, 29, damaged=5, remark="Satu hilang")  # four of the five are held already
    assert standing(world) == {"persediaan": 24, "perbaikan": 5, "afkir": 1}
    assert wrong() == []


def test_pieces_behind_a_gate_are_in_the_books_too(gated: World) -> None:
    gated.stock(10)
    count(gated, 8, remark="Dua hilang")
    assert standing(gated) == {"pemeriksaan": 8, "afkir": 2}
    count(gated, 10, remark="Ditemukan")
    assert standing(gated) == {"pemeriksaan": 10}
    assert wrong() == []


def test_a_difference_is_explained_and_the_count_is_complete(world: World) -> None:
    world.stock(30)
    refused: dict[str, tuple[Any, dict[str, Any]]] = {
        "Explain the difference": ([counted(world, 29)], {}),
        "No more can be damaged": ([counted(world, 30, damaged=31)], {}),
        "at least one product": ([], {}),
        "at least one member": ([counted(world, 30)], {"members": []}),
        "cannot lie in the future": ([counted(world, 30)], {"counted_on": world.today + DAY}),
        "reason for a date before today": ([counted(world, 30)], {"counted_on": world.today - DAY}),
        "belong to different regions": ([counted(world, 30)], {"signer": _stranger()}),
    }
    for words, (parts, facts) in refused.items():
        with pytest.raises(Refusal, match=words):
            draft(world, *parts, **facts)
    assert not Stocktake.objects.exists()


def _stranger() -> Official:
    made: Official = factories.OfficialFactory(office=factories.OfficeFactory(region=factories.region("63.05")))
    return made


def test_who_counted_does_not_acknowledge_the_count(world: World) -> None:
    world.stock(10)
    twice = [*TEAM, Member(f"H. {world.signer.name}", "Anggota")]
    with pytest.raises(Refusal, match="and cannot acknowledge its document as well") as no:
        draft(world, counted(world, 10), members=twice)
    assert no.value.field == "members-3-name"
    made = draft(world, counted(world, 10))
    made.members.create(name=world.signer.name, position="Anggota")
    assert ["cannot acknowledge" in words for words in obstacles(made)] == [True]
    with pytest.raises(Refusal, match="cannot acknowledge"):
        issue_stocktake(made, by=world.official, version=made.version)


def test_what_never_lay_there_cannot_be_counted_in(world: World) -> None:
    with pytest.raises(Refusal, match="never lay in this store"):
        draft(world, counted(world, 3, remark="Ada tiga"))


def test_somebody_else_issues_it(world: World) -> None:
    world.stock(10)
    made = draft(world, counted(world, 10))
    world.official.groups.add(*world.officer.groups.all())
    edited = edit_stocktake(made, by=world.official, version=made.version, counted=[counted(world, 9, remark="Kurang")], members=TEAM)

    with pytest.raises(Refusal, match="Nobody issues"):
        issue_stocktake(edited, by=world.official, version=edited.version)
    with pytest.raises(PermissionDenied):
        issue_stocktake(edited, by=world.officer, version=edited.version)
    with pytest.raises(IntegrityError), transaction.atomic():
        Stocktake.objects.filter(pk=made.pk).update(status="diterbitkan", issued_by=world.official, issued_at=made.created_at)
    assert standing(world) == {"persediaan": 10}


def test_the_difference_that_was_explained_is_the_one_that_is_booked(world: World) -> None:
    """A handover issued between the count and its paper: the draft is looked at again."""
    world.stock(30)
    made = draft(world, counted(world, 28, remark="Dua hilang"))
    issue_handover(world.draft(5), by=world.official, version=1)

    with pytest.raises(Refusal, match="said 30 set when the count was written and say 25 now"):
        issue_stocktake(made, by=world.official, version=made.version)
    edited = edit_stocktake(made, by=world.officer, version=made.version, counted=[counted(world, 23, remark="Dua hilang")], members=TEAM)
    issue_stocktake(edited, by=world.official, version=edited.version)
    assert standing(world) == {"persediaan": 23, "afkir": 2, "menunggu": 5}
    assert wrong() == []


def test_two_counts_of_one_store(world: World) -> None:
    world.stock(30)
    one, two = (draft(world, counted(world, 28, remark="Dua hilang")) for _n in range(2))
    issue_stocktake(one, by=world.official, version=1)

    with pytest.raises(Refusal, match="say 28 now"):
        issue_stocktake(two, by=world.official, version=1)
    with pytest.raises(StaleVersion):
        issue_stocktake(Stocktake.objects.get(pk=one.pk), by=world.official, version=1)
    discard_stocktake(two, by=world.officer, version=1)
    assert standing(world) == {"persediaan": 28, "afkir": 2}


def test_a_count_of_yesterday_does_not_take_what_left_today(world: World) -> None:
    world.stock(10, made_on=world.today - 2 * DAY)
    issue_handover(world.draft(8), by=world.official, version=1)
    made = draft(world, counted(world, 7, remark="Tiga hilang"), counted_on=world.today - DAY, **LATE)

    with pytest.raises(Refusal, match="1 set of the difference left the store after"):
        issue_stocktake(made, by=world.official, version=made.version)
    assert standing(world) == {"persediaan": 2, "menunggu": 8}
    assert not Stocktake.objects.issued().exists()


def test_cancelled_everything_lies_where_the_books_had_it(world: World) -> None:
    world.stock(20)
    issued = count(world, 15, damaged=2, remark="Hilang")
    with pytest.raises(Refusal, match="Say why"):
        cancel_stocktake(issued, by=world.official, version=issued.version, reason=" ")

    cancel_stocktake(issued, by=world.official, version=issued.version, reason="Salah hitung")
    assert standing(world) == {"persediaan": 20}
    count(world, 25, remark="Lebih")  # nothing is left to be found again
    assert standing(world) == {"persediaan": 20}
    assert wrong() == []


def test_a_difference_that_two_people_booked_is_not_undone_by_the_one_who_issued_it(world: World) -> None:
    """Where somebody else may: another official of the district, or of the province above it. The province may always."""
    world.stock(20)
    issued = count(world, 15, remark="Hilang")
    factories.user("pejabat_kabupaten", "63.03")  # who may there, and not here
    second = factories.user("pejabat_kabupaten", "63.01")
    with pytest.raises(Refusal, match="by another official than the one who issued it"):
        cancel_stocktake(issued, by=world.official, version=issued.version, reason="Salah hitung")
    second.is_active = False
    second.save()
    province = factories.user("pejabat_provinsi")
    with pytest.raises(Refusal, match="by another official than the one who issued it"):
        cancel_stocktake(issued, by=world.official, version=issued.version, reason="Salah hitung")
    cancel_stocktake(issued, by=province, version=issued.version, reason="Salah hitung")
    assert standing(world) == {"persediaan": 20}


def test_where_nobody_else_may_the_one_who_issued_it_cancels_it(world: World) -> None:
    world.stock(20)
    issued = count(world, 15, remark="Hilang")
    assert cancel_stocktake(issued, by=world.official, version=issued.version, reason="Salah hitung").status == "dibatalkan"


def test_a_count_whose_pieces_were_found_again_is_cancelled_after_that_one(world: World) -> None:
    world.stock(20)
    first = count(world, 15, remark="Hilang")
    second = count(world, 20, remark="Ditemukan")

    with pytest.raises(Refusal, match="A later stocktake found some of these pieces again"):
        cancel_stocktake(first, by=world.official, version=first.version, reason="Salah")
    cancel_stocktake(second, by=world.official, version=second.version, reason="Salah")
    cancel_stocktake(Stocktake.objects.get(pk=first.pk), by=world.official, version=first.version, reason="Salah")
    assert standing(world) == {"persediaan": 20}
    assert wrong() == []


def test_an_issued_one_is_not_changed(world: World) -> None:
    world.stock(20)
    issued = count(world, 20)
    with pytest.raises(Refusal, match="Use a cancellation"):
        edit_stocktake(issued, by=world.officer, version=issued.version, counted=[counted(world, 20)], members=TEAM)
    with pytest.raises(Refusal, match="Use a cancellation"):
        discard_stocktake(issued, by=world.officer, version=issued.version)


def test_the_store_holds_its_pieces_through_any_row_of_counts(world: World) -> None:
    """Whatever is counted, in the end every verified piece is in the store or written off, and never more than there were."""
    world.stock(40)
    for quantity, damaged in ((37, 0), (40, 3), (10, 1), (12, 12), (0, 0), (60, 2)):
        count(world, quantity, damaged=damaged, remark="Uji")
        found = standing(world)
        assert sum(found.values()) == 40
        assert sum(found.get(account, 0) for account in IN_STORE) == min(quantity, 40)
    assert wrong() == []


def test_rejects_of_an_inspection_do_not_stand_in_for_pieces_that_were_found_again(world: World) -> None:
    """Both lie in one account of what was written off; only the draws of the counts tell them apart."""
    inspect(world, Examined(lot_of(world.stock(20)), Account.STOCK, 20, 15, 0, 5))
    first = count(world, 10, remark="Hilang")
    count(world, 15, remark="Ditemukan")
    assert standing(world) == {"persediaan": 15, "afkir": 5}

    with pytest.raises(Refusal, match="found some of these pieces again"):
        cancel_stocktake(first, by=world.official, version=first.version, reason="Salah")
    assert standing(world) == {"persediaan": 15, "afkir": 5}


def test_what_was_missed_again_does_not_stand_in_for_what_was_found(world: World) -> None:
    """Missed, found, missed again: without the first, the second would have found what nobody had missed."""
    world.stock(20)
    first, second, _third = (count(world, quantity, remark="Uji") for quantity in (15, 20, 15))

    with pytest.raises(Refusal, match="found some of these pieces again"):
        cancel_stocktake(first, by=world.official, version=first.version, reason="Salah")
    for one in (second, first):
        cancel_stocktake(Stocktake.objects.get(pk=one.pk), by=world.official, version=one.version, reason="Salah")
    assert standing(world) == {"persediaan": 15, "afkir": 5}  # as the third has it
    assert wrong() == []


def test_what_is_held_does_not_change_which_lot_is_found_again_first(world: World) -> None:
    """The last one written off comes back first, also where a later count holds damaged pieces of a lot that was missed before it."""
    _old, new = lot_of(world.stock(10, made_on=world.today - DAY)), lot_of(world.stock(10))
    count(world, 16, remark="Hilang")  # four of the old lot
    given = issue_handover(world.draft(6), by=world.official, version=1)  # the rest of it
    count(world, 8, remark="Hilang")  # two of the new one
    asked = request_cancellation(given, by=world.official, version=given.version, reason="Salah barang")
    approve_cancellation(asked, by=factories.user("pejabat_kabupaten", "63.01", username="pejabat2.tala"), version=asked.version)
    count(world, 14, damaged=3)  # of the old lot, which is back
    found = count(world, 15, damaged=3, remark="Ditemukan").lines.get().draws.get()
    assert (found.origin, found.lot, found.quantity) == (Account.WRITTEN_OFF, new, 1)


def test_nobody_counts_before_a_count_that_was_issued(world: World) -> None:
    """It would miss the same pieces twice, or find twice what was missed."""
    world.stock(20, made_on=world.today - 9 * DAY)
    early = draft(world, counted(world, 15, remark="Hilang"), counted_on=world.today - 4 * DAY, **LATE)
    later = count(world, 15, remark="Hilang", counted_on=world.today - 2 * DAY, **LATE)

    for attempt in (
        lambda: issue_stocktake(early, by=world.official, version=early.version),
        lambda: draft(world, counted(world, 15, remark="Hilang"), counted_on=world.today - 3 * DAY, **LATE),
        lambda: edit_stocktake(early, by=world.officer, version=early.version, counted=[counted(world, 20)], members=TEAM),
    ):
        with pytest.raises(Refusal, match=r"was counted on .* already") as no:
            attempt()
        assert no.value.field == "counted_on"
    assert standing(world) == {"persediaan": 15, "afkir": 5}

    cancel_stocktake(later, by=world.official, version=later.version, reason="Salah")
    issue_stocktake(early, by=world.official, version=early.version)
    assert standing(world) == {"persediaan": 15, "afkir": 5}
    assert wrong() == []


def test_a_closed_programme_loses_nothing_by_a_count(world: World) -> None:
    world.stock(20)
    made = draft(world, counted(world, 15, remark="Hilang"))
    type(world.programme).objects.filter(pk=world.programme.pk).update(status="ditutup")
    world.programme.refresh_from_db()
    with pytest.raises(Refusal, match="The programme is closed"):
        issue_stocktake(Stocktake.objects.get(pk=made.pk), by=world.official, version=made.version)
    with pytest.raises(Refusal, match="The programme is closed") as no:
        draft(world, counted(world, 20, damaged=1))
    assert no.value.field == line_field(world.programme.pk, world.product.pk)  # of several programmes the one
    with pytest.raises(Refusal, match="The programme is closed"):
        edit_stocktake(made, by=world.officer, version=made.version, counted=[counted(world, 14, remark="Hilang")], members=TEAM)
    same = draft(world, counted(world, 20))
    assert issue_stocktake(same, by=world.official, version=same.version).number


def test_the_district_of_origin_sees_the_count_that_wrote_its_goods_off(world: World, sent: Any, client_of: Any) -> None:
    decide(world, sent, accepted=50)
    part = [counted(world, 40, remark="Hilang")]
    facts = {"counted_on": world.today, "place": "Banjarbaru", "signer": world.province_signer}
    made = draft_stocktake(world.province_store, by=world.staff, counted=part, members=TEAM, **facts)
    head = factories.user("pejabat_provinsi", username="kepala.kalsel")
    issued = issue_stocktake(made, by=head, version=made.version)
    assert issued.store.region != world.officer.region
    assert Stocktake.objects.for_user(world.officer).get() == issued
    assert IssuedDocument.objects.for_user(world.officer).filter(pk=issued.document_id).exists()
    assert client_of(world.officer).get(issued.get_absolute_url()).status_code == 200
    assert not Stocktake.objects.for_user(factories.user("petugas_kabupaten", "63.03", username="petugas.banjar")).exists()
