"""A lot is inspected piece by piece: what is accepted can be handed over, and nothing else."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction

from distribution.actions.handovers import issue_handover
from distribution.reports.reconciliation import reconcile
from ikm_program.actions import Refusal, StaleVersion
from production import ledger
from production.actions.criteria import create_criterion, update_criterion
from production.actions.inspections import (
    Examined,
    Finding,
    Member,
    Parts,
    cancel_inspection,
    discard_inspection,
    edit_inspection,
    issue_inspection,
)
from production.actions.output import record_correction
from production.actions.verification import verify_output
from production.models import Account, Inspection, InspectionLine, StockBalance
from tests import factories
from tests.ledger.gates import DAY, TEAM, draft, examined, inspect, lot_of
from tests.ledger.world import World, wrong


def standing(world: World) -> dict[str, int]:
    rows = StockBalance.objects.filter(store=world.store, quantity__gt=0).order_by("account")
    return dict(rows.values_list("account", "quantity"))


def free(world: World) -> int:
    return sum(ledger.available_lots(store=world.store, programme=world.programme, product=world.product, on=world.today).values())


def figures(world: World) -> tuple[int | None, ...]:
    row = reconcile(programmes=[world.programme]).rows[0]
    return tuple(row[name] for name in ("verified", "stock", "handed_over", "written_off"))


def test_only_what_was_accepted_can_be_handed_over(gated: World) -> None:
    lot = lot_of(gated.stock(100))
    assert (standing(gated), free(gated)) == ({"pemeriksaan": 100}, 0)

    inspect(gated, examined(lot, 60, to_repair=10, rejected=5))

    assert standing(gated) == {"pemeriksaan": 25, "perbaikan": 10, "persediaan": 60, "afkir": 5}
    assert (free(gated), figures(gated)) == (60, (100, 95, 0, 5))
    for quantity, is_refused in ((61, True), (60, False)):
        handover = gated.draft(quantity)
        if is_refused:
            with pytest.raises(Refusal, match="Available 60 set, requested 61 set"):
                issue_handover(handover, by=gated.official, version=1)
        else:
            issue_handover(handover, by=gated.official, version=1)
    assert (standing(gated)["menunggu"], free(gated), figures(gated)) == (60, 0, (100, 35, 60, 5))
    assert wrong() == []


def test_nothing_is_handed_over_with_a_date_before_its_inspection(gated: World) -> None:
    lot = lot_of(gated.stock(10, made_on=gated.today - 5 * DAY))
    inspect(gated, examined(lot, 10), inspected_on=gated.today - DAY, backdating_reason="Dicatat kemudian")
    early = gated.draft(10, handed_over_on=gated.today - 2 * DAY, backdating_reason="Dicatat kemudian")

    with pytest.raises(Refusal, match="Available 0 set"):
        issue_handover(early, by=gated.official, version=1)


def test_repaired_goods_are_examined_again(gated: World) -> None:
    lot = lot_of(gated.stock(20))
    inspect(gated, examined(lot, 12, to_repair=8))

    inspect(gated, examined(lot, 5, to_repair=1, rejected=2, account=Account.REPAIR))

    assert standing(gated) == {"perbaikan": 1, "persediaan": 17, "afkir": 2}
    assert wrong() == []


def test_without_the_gate_what_fails_is_taken_out_of_stock(world: World) -> None:
    lot = lot_of(world.stock(50))

    inspect(world, examined(lot, 40, to_repair=6, rejected=4, account=Account.STOCK))

    assert (standing(world), figures(world)) == ({"perbaikan": 6, "persediaan": 40, "afkir": 4}, (50, 46, 0, 4))
    assert wrong() == []


def test_goods_that_have_left_meanwhile_may_still_have_been_examined_before(world: World) -> None:
    lot = lot_of(world.stock(50, made_on=world.today - 3 * DAY))
    issue_handover(world.draft(50), by=world.official, version=1)
    before = {"inspected_on": world.today - DAY, "backdating_reason": "Dicatat kemudian"}

    inspect(world, examined(lot, 50, account=Account.STOCK), **before)

    assert figures(world) == (50, 0, 50, 0)
    with pytest.raises(Refusal, match="no longer where they were"):
        inspect(world, examined(lot, 49, rejected=1, account=Account.STOCK), **before)
    with pytest.raises(Refusal, match="0 set were there to be examined, not 1"):
        inspect(world, examined(lot, 1, account=Account.STOCK))


@pytest.mark.parametrize(
    ("split", "sentence"),
    [
        ((10, 5, 2, 2), "add up to 9, examined were 10"),
        ((10, 11, 0, -1), "add up to 10, examined were 10"),
        ((0, 0, 0, 0), "add up to 0, examined were 0"),
        ((101, 101, 0, 0), "100 set were there to be examined, not 101"),
    ],
)
def test_a_result_adds_up_to_what_was_examined_and_was_there(gated: World, split: tuple[int, ...], sentence: str) -> None:
    lot = lot_of(gated.stock(100))
    with pytest.raises(Refusal, match=sentence):
        draft(gated, Examined(lot, Account.INSPECTION, *split))


def test_the_database_adds_up_too(gated: World) -> None:
    line = draft(gated, examined(lot_of(gated.stock(10)), 10)).lines.get()
    for values in ({"rejected": 1}, {"examined": 11}):
        with pytest.raises(IntegrityError), transaction.atomic():
            InspectionLine.objects.filter(pk=line.pk).update(**values)


def test_a_standard_of_september_cannot_judge_june(world: World) -> None:
    lot = lot_of(world.stock(10, made_on=dt.date(2020, 6, 10)))
    standard = create_criterion(
        world.product, by=world.staff, name="SNI 8914:2020", requirement="Dua lapis", valid_from=dt.date(2020, 9, 16)
    )
    june = {"inspected_on": dt.date(2020, 6, 12), "backdating_reason": "Dicatat kemudian"}

    for day in (june, {}):  # not in June, and not later either: the goods are those of June
        with pytest.raises(
            Refusal, match=r"“SNI 8914:2020” holds from 16 September 2020 and cannot judge goods made on 10 June 2020"
        ) as no:
            draft(world, examined(lot, 10, account=Account.STOCK), findings=[Finding(standard, "memenuhi")], **day)
        assert no.value.field == f"criterion-{standard.pk}"
    october = lot_of(world.stock(10, made_on=dt.date(2020, 10, 1)))
    draft(world, examined(october, 10, account=Account.STOCK), findings=[Finding(standard, "memenuhi")])


def test_a_criterion_that_was_used_keeps_its_words(world: World) -> None:
    criterion = create_criterion(world.product, by=world.staff, name="Bahan", requirement="Spunbond 75 g")
    update_criterion(criterion, by=world.staff, version=1, requirement="Spunbond 75 g/m²")
    draft(world, examined(lot_of(world.stock(10)), 10, account=Account.STOCK), findings=[Finding(criterion, "memenuhi")])

    with pytest.raises(Refusal, match="Give it an end and add another one"):
        update_criterion(criterion, by=world.staff, version=2, requirement="Spunbond 60 g")
    update_criterion(criterion, by=world.staff, version=2, valid_until=world.today)


def test_somebody_else_issues_it(gated: World) -> None:
    lot = lot_of(gated.stock(10))
    made = draft(gated, examined(lot, 10))
    gated.official.groups.add(*gated.officer.groups.all())
    edited = edit_inspection(
        made, by=gated.official, version=made.version, parts=Parts([examined(lot, 9, rejected=1)], TEAM), note="Dihitung ulang"
    )

    with pytest.raises(Refusal, match="Nobody issues"):
        issue_inspection(edited, by=gated.official, version=edited.version)
    with pytest.raises(PermissionDenied):
        issue_inspection(edited, by=gated.officer, version=edited.version)
    with pytest.raises(IntegrityError), transaction.atomic():
        Inspection.objects.filter(pk=made.pk).update(status="diterbitkan", issued_by=gated.official, issued_at=made.created_at)
    assert standing(gated) == {"pemeriksaan": 10}


def test_a_draft_can_be_thrown_away_and_an_issued_one_cannot_be_changed(gated: World) -> None:
    lot = lot_of(gated.stock(10))
    discard_inspection(draft(gated, examined(lot, 10)), by=gated.officer, version=1)
    issued = inspect(gated, examined(lot, 10))

    assert Inspection.objects.count() == 1
    parts = Parts([examined(lot, 10)], TEAM)
    with pytest.raises(Refusal, match="Use a cancellation"):
        edit_inspection(issued, by=gated.officer, version=issued.version, parts=parts)
    with pytest.raises(Refusal, match="Use a cancellation"):
        discard_inspection(issued, by=gated.officer, version=issued.version)


def test_cancelled_everything_lies_where_it_was_examined(gated: World) -> None:
    lot = lot_of(gated.stock(20))
    issued = inspect(gated, examined(lot, 12, to_repair=5, rejected=3))

    with pytest.raises(Refusal, match="Say why"):
        cancel_inspection(issued, by=gated.official, version=issued.version, reason=" ")
    cancelled = cancel_inspection(issued, by=gated.official, version=issued.version, reason="Salah hitung")

    assert (standing(gated), cancelled.cancelled_reason, free(gated)) == ({"pemeriksaan": 20}, "Salah hitung", 0)
    inspect(gated, examined(lot, 20))  # and can be examined again
    assert wrong() == []


def test_an_inspection_whose_goods_were_given_away_is_not_cancelled(gated: World) -> None:
    lot = lot_of(gated.stock(20))
    issued = inspect(gated, examined(lot, 20))
    issue_handover(gated.draft(1), by=gated.official, version=1)

    with pytest.raises(Refusal, match="no longer where they were"):
        cancel_inspection(issued, by=gated.official, version=issued.version, reason="Salah hitung")
    assert Inspection.objects.get().status == "diterbitkan"


def test_two_who_issue_at_once(gated: World) -> None:
    """Each draft speaks of all twenty: the second finds them gone."""
    lot = lot_of(gated.stock(20))
    one, two = draft(gated, examined(lot, 20)), draft(gated, examined(lot, 0, rejected=20))
    issue_inspection(one, by=gated.official, version=1)

    with pytest.raises(Refusal, match="0 set were there to be examined, not 20"):
        issue_inspection(two, by=gated.official, version=1)
    with pytest.raises(StaleVersion):
        issue_inspection(Inspection.objects.get(pk=one.pk), by=gated.official, version=1)


def test_a_correction_of_inspected_pieces_asks_for_the_inspection_first(gated: World) -> None:
    entry = gated.stock(10)
    issued = inspect(gated, examined(lot_of(entry), 10))
    correction = record_correction(entry.lines.get(), by=gated.officer, difference=-2, reason="Salah hitung")

    with pytest.raises(Refusal, match="Cancel the inspection or the purchase first"):
        verify_output(correction, by=gated.staff, version=correction.version)
    cancel_inspection(issued, by=gated.official, version=issued.version, reason="Salah hitung")
    verify_output(correction, by=gated.staff, version=correction.version)

    assert (standing(gated), wrong()) == ({"pemeriksaan": 8}, [])


def test_a_small_team_is_noticed_and_an_empty_one_refused(gated: World) -> None:
    lot = lot_of(gated.stock(10))
    assert draft(gated, examined(lot, 10), members=TEAM[:2]).has_small_team
    assert not draft(gated, examined(lot, 10)).has_small_team
    with pytest.raises(Refusal, match="at least one member"):
        draft(gated, examined(lot, 10), members=[])


def test_a_nip_is_read_as_one(gated: World) -> None:
    lot = lot_of(gated.stock(10))
    with pytest.raises(Refusal, match="18 digits"):
        draft(gated, examined(lot, 10), members=[Member("Pemeriksa", "Ketua", "123")])


def test_each_of_the_team_is_named_once_and_another_acknowledges(gated: World) -> None:
    lot = lot_of(gated.stock(10))
    for twice, sentence in ((f"{gated.signer.name}, S.T.", "and cannot acknowledge"), ("Ir. Pemeriksa 1 (CONTOH)", "in the team twice")):
        with pytest.raises(Refusal, match=sentence) as no:
            draft(gated, examined(lot, 10), members=[*TEAM, Member(twice, "Anggota")])
        assert no.value.field == "members-3-name"


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"sample_size": 11}, "The sample cannot be larger than what was examined"),
        ({"inspected_on": dt.date(2019, 1, 1)}, "Give the reason for a date before today"),
        ({"decree": "SK 1", "decree_on": dt.date(2999, 1, 1)}, "not later than the inspection"),
    ],
)
def test_facts_that_cannot_be(gated: World, facts: dict[str, Any], sentence: str) -> None:
    lot = lot_of(gated.stock(10))
    with pytest.raises(Refusal, match=sentence):
        draft(gated, examined(lot, 10), **facts)


def test_an_official_of_another_district_does_not_sign(gated: World) -> None:
    lot = lot_of(gated.stock(10))
    stranger = factories.OfficialFactory(office=factories.OfficeFactory(region=factories.region("63.03")))
    with pytest.raises(Refusal, match="different regions"):
        draft(gated, examined(lot, 10), signer=stranger)
    draft(gated, examined(lot, 10), signer=gated.province_signer, by=gated.staff)
    with pytest.raises(Refusal, match="outside your region"):
        draft(gated, examined(lot, 10), signer=gated.province_signer)


def test_goods_in_stock_have_passed_the_gate(gated: World) -> None:
    lot = lot_of(gated.stock(10))
    inspect(gated, examined(lot, 10))
    with pytest.raises(Refusal, match="do not wait for an inspection"):
        draft(gated, examined(lot, 10, account=Account.STOCK))


def test_the_gates_stay_once_goods_are_verified(world: World) -> None:
    from trainings.actions.programmes import update_programme

    changed = update_programme(world.programme, by=world.staff, version=1, requires_inspection=True)
    world.batch.activity.programme = changed
    world.stock(10)

    with pytest.raises(Refusal, match="stays as it is"):
        update_programme(changed, by=world.staff, version=2, requires_inspection=False)
    update_programme(changed, by=world.staff, version=2, name="Nama lain")


def test_the_append_only_ledger_is_still_guarded(gated: World) -> None:
    lot = lot_of(gated.stock(10))
    inspect(gated, examined(lot, 10))
    with pytest.raises(Exception, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM production_stockmovement")
