"""Any metre of cloth can be followed: bought, given, used, brought back, written off; and the same refused at each wrong turn."""

from __future__ import annotations

import datetime as dt

import pytest
from django.contrib.auth.models import Group

from ikm_program.actions import Refusal
from production import material_ledger as ledger
from production.actions.material_handovers import (
    MaterialLine,
    cancel_handover,
    discard_handover,
    edit_handover,
    issue_handover,
    receive_handover,
)
from production.actions.materials import (
    approve_write_off,
    cancel_receipt,
    cancel_write_off,
    propose_write_off,
    refuse_write_off,
)
from production.models import MaterialAccount, MaterialBalance, MaterialHandover, MaterialHolder, MaterialMovement
from tests import factories
from tests.production.materials import BACK_ON, BOUGHT_ON, GIVEN_ON, Cloth

pytestmark = pytest.mark.usefixtures("in_english")
DAY = dt.timedelta(days=1)


def there(owner, account: str = "ada") -> int:
    """Centimetres in an account of an owner."""
    rows = MaterialBalance.objects.filter(holder__in=MaterialHolder.objects.of(owner), account=account)
    return sum(rows.values_list("quantity", flat=True))


def test_cloth_goes_from_the_province_to_the_district_to_the_batch_and_back(cloth: Cloth):
    cloth.buy(500)
    cloth.to_district(300)
    cloth.give(273)
    cloth.bring_back(21, scrap=100, used=25_000)

    assert [there(cloth.province_store), there(cloth.store), there(cloth.batch)] == [20_000, 2_700 + 2_100, 27_300 - 2_100 - 25_100]
    assert [there(cloth.batch, account) for account in ("terpakai", "sisa_potong", "perjalanan")] == [25_000, 100, 0]
    assert sum(MaterialBalance.objects.values_list("quantity", flat=True)) == 50_000


def test_what_is_issued_is_in_transit_until_it_is_received(cloth: Cloth):
    cloth.buy(100)
    handover = cloth.draft(cloth.province_store, 4_000, by=cloth.staff, other_store=cloth.store)
    assert there(cloth.province_store) == 10_000
    issue_handover(handover, by=cloth.provincial, version=handover.version)
    assert [there(cloth.province_store), there(cloth.province_store, "perjalanan"), there(cloth.store)] == [6_000, 4_000, 0]
    receive_handover(handover, by=cloth.officer, version=handover.version, received_on=GIVEN_ON)
    assert [there(cloth.province_store, "perjalanan"), there(cloth.store), handover.status] == [0, 4_000, "diterima"]


def test_more_than_there_is_is_refused_with_what_there_is(cloth: Cloth):
    cloth.buy(10)
    draft = cloth.draft(cloth.province_store, 1_050, by=cloth.staff, other_store=cloth.store)
    with pytest.raises(Refusal, match="Available 10 meter, requested 10,5 meter"):
        issue_handover(draft, by=cloth.provincial, version=draft.version)
    assert (there(cloth.province_store), MaterialHandover.objects.get().status) == (1_000, "draf")


def test_a_day_on_which_it_was_not_there_yet_is_refused(cloth: Cloth):
    cloth.buy(10, on=GIVEN_ON + DAY)
    draft = cloth.draft(cloth.province_store, 500, by=cloth.staff, other_store=cloth.store)
    with pytest.raises(Refusal, match="Available 0 meter"):
        issue_handover(draft, by=cloth.provincial, version=draft.version)


def test_what_was_handed_on_since_cannot_be_taken_away_on_an_earlier_day(cloth: Cloth):
    cloth.buy(10)
    cloth.to_district(10, on=GIVEN_ON)
    holder = ledger.holder_of(cloth.province_store)
    move = ledger.Move(cloth.material.pk, holder.pk, MaterialAccount.ON_HAND, 500)
    receipt = cloth.buy(5, on=GIVEN_ON + DAY)
    back = [
        ledger.Move(move.material_id, move.holder_id, account, sign * 500)
        for account, sign in ((move.account, -1), (MaterialAccount.SCRAP, 1))
    ]
    handover = MaterialHandover.objects.get()
    with pytest.raises(Refusal, match="5 meter came later"):
        ledger.post(back, kind=MaterialMovement.Kind.SETTLEMENT, programme=cloth.programme, effective_on=BOUGHT_ON + DAY, source=handover)
    assert receipt.status == "tercatat"


def test_nobody_issues_what_they_drafted_or_changed(cloth: Cloth):
    cloth.buy(10)
    cloth.to_district(10)
    draft = cloth.draft(cloth.store, 100, by=cloth.officer, batch=cloth.batch)
    second = factories.user("pejabat_kabupaten", "63.01")
    MaterialHandover.objects.filter(pk=draft.pk).update(edited_by=cloth.issuer)
    draft.refresh_from_db()
    with pytest.raises(Refusal, match="Nobody issues"):
        issue_handover(draft, by=cloth.issuer, version=draft.version)
    issue_handover(draft, by=second, version=draft.version)
    assert draft.status == "diterbitkan"


def test_the_sender_does_not_record_the_receipt_and_nobody_before_the_day(cloth: Cloth, staff):
    cloth.buy(10)
    sent = cloth.draft(cloth.province_store, 100, by=cloth.staff, other_store=cloth.store)
    issue_handover(sent, by=cloth.provincial, version=sent.version)
    for sender in (cloth.provincial, cloth.staff):
        with pytest.raises(Refusal, match="Whoever sent"):
            receive_handover(sent, by=sender, version=sent.version, received_on=GIVEN_ON)
    with pytest.raises(Refusal, match="lies between"):
        receive_handover(sent, by=cloth.officer, version=sent.version, received_on=GIVEN_ON - DAY)
    stranger = factories.user("petugas_kabupaten", "63.03")
    with pytest.raises(Refusal, match="by the side that receives"):
        receive_handover(sent, by=stranger, version=sent.version, received_on=GIVEN_ON)


def test_a_wrong_paper_is_cancelled_by_another_with_a_reason_and_everything_goes_back(cloth: Cloth):
    cloth.buy(100)
    cloth.to_district(100)
    given = cloth.give(60)
    back = cloth.bring_back(10, scrap=50, used=100)
    with pytest.raises(Refusal, match="what they recorded themselves"):
        cancel_handover(
            back,
            by=as_official(cloth),
            version=back.version,
            reason="x",
        )
    with pytest.raises(Refusal, match="by another official than the one who issued it"):
        cancel_handover(back, by=cloth.issuer, version=back.version, reason="x")
    cancel_handover(back, by=cloth.provincial, version=back.version, reason="Salah hitung", cancelled_on=BACK_ON)
    assert [there(cloth.store), there(cloth.batch), there(cloth.batch, "terpakai"), back.status] == [4_000, 6_000, 0, "dibatalkan"]
    cancel_handover(given, by=cloth.provincial, version=given.version, reason="Salah angkatan", cancelled_on=BACK_ON)
    assert [there(cloth.store), there(cloth.batch)] == [10_000, 0]


def as_official(cloth: Cloth):
    """The drafter, with the right to cancel besides: still not his own."""
    cloth.officer.groups.add(Group.objects.get(name="pejabat_kabupaten"))
    return type(cloth.officer).objects.select_related("region").get(pk=cloth.officer.pk)


def test_what_was_handed_on_or_used_is_not_taken_back(cloth: Cloth):
    receipt = cloth.buy(100)
    sent = cloth.to_district(100)
    cloth.give(60)
    with pytest.raises(Refusal, match="handed on or used meanwhile"):
        cancel_handover(sent, by=cloth.provincial, version=sent.version, reason="Salah")
    with pytest.raises(Refusal, match="handed on or used meanwhile"):
        cancel_receipt(receipt, by=cloth.provincial, version=receipt.version, reason="Salah")
    assert [there(cloth.store), receipt.status, sent.status] == [4_000, "tercatat", "diterima"]


def test_a_receipt_is_cancelled_by_another(cloth: Cloth):
    receipt = cloth.buy(100)
    with pytest.raises(Refusal, match="Say why"):
        cancel_receipt(receipt, by=cloth.provincial, version=receipt.version, reason=" ")
    cancel_receipt(receipt, by=cloth.provincial, version=receipt.version, reason="Dicatat dua kali")
    assert (there(cloth.province_store), receipt.status) == (0, "dibatalkan")


def test_a_write_off_moves_when_somebody_else_approves_and_can_be_taken_back(cloth: Cloth):
    cloth.buy(100)
    holder = ledger.holder_of(cloth.province_store)
    facts = {"programme": cloth.programme, "material": cloth.material, "happened_on": GIVEN_ON, "reason": "Terkena banjir"}
    lost = propose_write_off(holder, by=cloth.staff, quantity=2_000, **facts)
    assert there(cloth.province_store) == 10_000
    approve_write_off(lost, by=cloth.provincial, version=lost.version)
    assert [there(cloth.province_store), there(cloth.province_store, "dihapus")] == [8_000, 2_000]
    cancel_write_off(lost, by=cloth.provincial, version=lost.version, reason="Ternyata kering")
    assert [there(cloth.province_store), lost.status] == [10_000, "dibatalkan"]
    again = propose_write_off(holder, by=cloth.staff, quantity=1, **facts)
    refuse_write_off(again, by=cloth.provincial, version=again.version, reason="Tidak terbukti")
    assert again.status == "ditolak"
    with pytest.raises(Refusal, match="Available 80 meter, requested 200 meter"):
        propose_write_off(holder, by=cloth.staff, quantity=20_000, **facts)


def test_drafts_are_changed_and_thrown_away_and_issued_papers_are_not(cloth: Cloth):
    cloth.buy(100)
    draft = cloth.draft(cloth.province_store, 100, by=cloth.staff, other_store=cloth.store)
    edit_handover(draft, by=cloth.staff, version=draft.version, lines=[MaterialLine(cloth.material, 250)], place="Banjarbaru")
    assert (draft.lines.get().said, draft.place) == ("2,5 meter", "Banjarbaru")
    discard_handover(cloth.draft(cloth.province_store, 100, by=cloth.staff, other_store=cloth.store), by=cloth.staff, version=1)
    issue_handover(draft, by=cloth.provincial, version=draft.version)
    with pytest.raises(Refusal, match="cannot be changed"):
        edit_handover(draft, by=cloth.staff, version=draft.version, lines=[MaterialLine(cloth.material, 1)])
    assert MaterialHandover.objects.get() == draft


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"batch": None}, "Say who is at the other end"),
        ({"partner_name": ""}, "who signs for the makers"),
        ({"backdating_reason": ""}, "reason for a date before today"),
        ({"on": dt.date(2999, 1, 1)}, "cannot lie in the future"),
        ({"return_due_on": GIVEN_ON - DAY}, "cannot be due before"),
        ({"scrap": 1}, "said when left-overs come back"),
    ],
)
def test_what_a_draft_must_say(cloth: Cloth, wrong, says):
    with pytest.raises(Refusal, match=says):
        cloth.draft(cloth.store, 100, by=cloth.officer, **{"batch": cloth.batch, **wrong})


def test_who_hands_material_over_does_not_sign_for_the_makers_too(cloth: Cloth):
    giver = cloth.official(cloth.store.region)
    with pytest.raises(Refusal, match="cannot be signed for by the same person") as no:
        cloth.draft(cloth.store, 100, by=cloth.officer, batch=cloth.batch, partner_name=f"H. {giver.name}, S.T.")
    assert no.value.field == "partner_name"


def test_makers_of_another_district_are_refused(cloth: Cloth, banjar_batch):
    with pytest.raises(Refusal, match="belong to another region"):
        cloth.draft(cloth.store, 100, by=cloth.officer, batch=banjar_batch)


def test_two_records_of_one_maker_are_drawn_from_together(cloth: Cloth):
    """After a merge a business may stand behind two holders."""
    cloth.buy(100)
    cloth.to_district(100)
    one, other = (factories.EnterpriseFactory(region=cloth.district) for _ in range(2))
    for business in (one, other):
        cloth.give(10, enterprise=business)
    MaterialHolder.objects.filter(enterprise=other).update(enterprise=one)
    cloth.bring_back(15, enterprise=one)
    assert [there(one), there(cloth.store)] == [500, 9_500]
