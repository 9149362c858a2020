"""Goods that the programme buys back: once bought they can be handed over, and they still name who made them."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction

from distribution.actions.handovers import issue_handover
from distribution.models import HandoverDraw
from distribution.reports.reconciliation import reconcile
from ikm_program.actions import Refusal
from production import ledger
from production.actions.inspections import issue_inspection
from production.actions.purchases import (
    approve_purchase,
    cancel_purchase,
    create_agreement,
    create_price,
    discard_purchase,
    update_price,
)
from production.models import Account, Lot, Purchase, PurchaseAgreement, PurchasePrice, StockBalance
from tests.ledger.gates import DAY, draft, enter, examined, made_by, makers
from tests.ledger.world import World, wrong
from trainings.models import Programme, User


def standing(world: World) -> dict[str, int]:
    found: dict[str, int] = {}
    for account, quantity in StockBalance.objects.filter(quantity__gt=0).values_list("account", "quantity"):
        found[account] = found.get(account, 0) + quantity
    return found


def test_eighty_people_eight_thousand_masks(buying: World, agreement: PurchaseAgreement, ppk: User) -> None:
    """NTT's figures: Rp20,000,000, Rp250,000 each; all of it given away, the store is empty."""
    people = makers(buying, 80)
    made_by(buying, people, 100)
    assert standing(buying) == {"belum_dibeli": 8000}

    entered = enter(buying, agreement, {person.pk: 100 for person in people})
    for purchase in entered:
        approve_purchase(purchase, by=ppk, version=1)

    assert (len(entered), {purchase.amount for purchase in entered}, sum(p.amount for p in entered)) == (80, {250_000}, 20_000_000)
    assert standing(buying) == {"persediaan": 8000}
    issue_handover(buying.draft(8000), by=buying.official, version=1)
    row = reconcile(programmes=[buying.programme]).rows[0]
    assert (row["verified"], row["stock"], row["handed_over"]) == (8000, 0, 8000)
    assert {draw.lot.line.participant for draw in HandoverDraw.objects.all()} == set(people)
    assert wrong() == []


def test_what_is_not_bought_is_not_given_away(buying: World, agreement: PurchaseAgreement, ppk: User) -> None:
    (person,) = makers(buying, 1)
    made_by(buying, [person], 100)
    (purchase,) = enter(buying, agreement, {person.pk: 40})

    with pytest.raises(Refusal, match="Available 0 set"):
        issue_handover(buying.draft(1), by=buying.official, version=1)
    approve_purchase(purchase, by=ppk, version=1)

    free = ledger.available_lots(store=buying.store, programme=buying.programme, product=buying.product, on=buying.today)
    assert (list(free.values()), standing(buying)) == ([40], {"belum_dibeli": 60, "persediaan": 40})


def test_oldest_lots_first_and_never_twice(buying: World, agreement: PurchaseAgreement) -> None:
    (person,) = makers(buying, 1)
    made_by(buying, [person], 10, made_on=buying.today - 5 * DAY)
    made_by(buying, [person], 20, made_on=buying.today - 2 * DAY)

    (first,) = enter(buying, agreement, {person.pk: 15})

    assert [(line.lot.made_on, line.quantity) for line in first.lines.all()] == [
        (buying.today - 5 * DAY, 10),
        (buying.today - 2 * DAY, 5),
    ]
    with pytest.raises(Refusal, match=r"15 set wait to be bought, not 16") as no:
        enter(buying, agreement, {person.pk: 16})
    assert no.value.field == f"maker-{person.pk}"


def test_nobody_approves_what_they_entered(buying: World, agreement: PurchaseAgreement, ppk: User) -> None:
    (person,) = makers(buying, 1)
    made_by(buying, [person], 10)
    buying.staff.groups.add(*ppk.groups.all())
    (purchase,) = enter(buying, agreement, {person.pk: 10}, by=buying.staff)

    with pytest.raises(Refusal, match="Nobody approves a purchase they entered themselves"):
        approve_purchase(purchase, by=User.objects.select_related("region").get(pk=buying.staff.pk), version=1)
    with pytest.raises(PermissionDenied):
        approve_purchase(purchase, by=buying.officer, version=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        Purchase.objects.update(status="disetujui", approved_by=buying.staff, approved_at=purchase.created_at)


def test_a_price_holds_for_its_days_and_never_two_at_once(buying: World, agreement: PurchaseAgreement) -> None:
    price = PurchasePrice.objects.get()
    with pytest.raises(Refusal, match="Another price of this product holds"):
        create_price(PurchasePrice, by=buying.staff, programme=buying.programme, product=buying.product, price=3_000)
    update_price(price, by=buying.staff, version=1, valid_until=buying.today - DAY)
    create_price(PurchasePrice, by=buying.staff, programme=buying.programme, product=buying.product, price=3_000, valid_from=buying.today)
    (person,) = makers(buying, 1)
    made_by(buying, [person], 10, made_on=buying.today - 3 * DAY)

    (then,) = enter(buying, agreement, {person.pk: 4}, purchased_on=buying.today - DAY, backdating_reason="Dicatat kemudian")
    (now,) = enter(buying, agreement, {person.pk: 6})

    assert [(bought.unit_price, bought.amount) for bought in (then, now)] == [(2_500, 10_000), (3_000, 18_000)]
    with pytest.raises(Refusal, match="Goods were bought at this price"):
        update_price(PurchasePrice.objects.get(price=3_000), by=buying.staff, version=1, price=3_500)


def test_without_a_price_an_agreement_or_a_buying_programme_nothing_is_bought(buying: World, agreement: PurchaseAgreement) -> None:
    (person,) = makers(buying, 1)
    made_by(buying, [person], 10)
    later = create_agreement(
        PurchaseAgreement, by=buying.staff, region=buying.province, programme=buying.programme, number="2", agreed_on=buying.today
    )
    early = {"purchased_on": buying.today - DAY, "backdating_reason": "Dicatat kemudian"}
    for facts, words in (
        ({"agreement": later, **early}, "The agreement is later than the purchase"),
        ({"quantities": {}}, "at least one maker"),
    ):
        with pytest.raises(Refusal, match=words):
            enter(buying, **{"agreement": agreement, "quantities": {person.pk: 1}, **facts})
    PurchasePrice.objects.all().delete()
    with pytest.raises(Refusal, match="No price of Pakaian hazmat holds"):
        enter(buying, agreement, {person.pk: 1})
    Programme.objects.update(requires_purchase=False)
    buying.programme.refresh_from_db()
    with pytest.raises(Refusal, match="does not buy goods back"):
        enter(buying, agreement, {person.pk: 1})


def test_a_cancelled_purchase_waits_to_be_bought_again(buying: World, agreement: PurchaseAgreement, ppk: User) -> None:
    (person,) = makers(buying, 1)
    made_by(buying, [person], 10)
    (purchase,) = enter(buying, agreement, {person.pk: 10})
    approve_purchase(purchase, by=ppk, version=1)
    with pytest.raises(Refusal, match="Say why"):
        cancel_purchase(purchase, by=ppk, version=purchase.version, reason="")
    cancel_purchase(purchase, by=ppk, version=purchase.version, reason="Salah harga")
    assert standing(buying) == {"belum_dibeli": 10}

    (again,) = enter(buying, agreement, {person.pk: 10})
    approve_purchase(again, by=ppk, version=1)
    issue_handover(buying.draft(10), by=buying.official, version=1)
    with pytest.raises(Refusal, match="no longer there"):
        cancel_purchase(again, by=ppk, version=again.version, reason="Salah harga")
    assert wrong() == []


def test_a_discarded_draft_leaves_the_pieces_to_be_bought(buying: World, agreement: PurchaseAgreement) -> None:
    (person,) = makers(buying, 1)
    made_by(buying, [person], 10)
    (purchase,) = enter(buying, agreement, {person.pk: 10})
    discard_purchase(purchase, by=buying.officer, version=1)
    enter(buying, agreement, {person.pk: 10})
    assert Purchase.objects.count() == 1


def test_both_gates_inspection_first(buying: World, agreement: PurchaseAgreement, ppk: User) -> None:
    Programme.objects.update(requires_inspection=True)
    buying.programme.refresh_from_db()
    (person,) = makers(buying, 1)
    made_by(buying, [person], 10)
    with pytest.raises(Refusal, match="0 set wait to be bought"):
        enter(buying, agreement, {person.pk: 1})
    lot = Lot.objects.select_related("product").get()
    inspection = draft(buying, examined(lot, 6, to_repair=3, rejected=1))
    issue_inspection(inspection, by=buying.official, version=1)
    assert standing(buying) == {"belum_dibeli": 6, "perbaikan": 3, "afkir": 1}

    (purchase,) = enter(buying, agreement, {person.pk: 6})
    approve_purchase(purchase, by=ppk, version=1)
    repaired = draft(buying, examined(lot, 3, account=Account.REPAIR))
    issue_inspection(repaired, by=buying.official, version=1)

    assert (standing(buying), wrong()) == ({"belum_dibeli": 3, "persediaan": 6, "afkir": 1}, [])


def test_the_signed_agreement_is_kept_with_its_hash(buying: World) -> None:
    scan = SimpleUploadedFile("perjanjian.pdf", b"%PDF-1.7 CONTOH %%EOF", "application/pdf")
    facts = {"by": buying.staff, "region": buying.province, "programme": buying.programme, "agreed_on": buying.today}
    kept = create_agreement(PurchaseAgreement, number="3", file=scan, **facts)
    assert (len(kept.file_sha256), kept.file.name.endswith(".pdf"), wrong()) == (64, True, [])
    with pytest.raises(Refusal, match="There is an agreement of this number already"):
        create_agreement(PurchaseAgreement, number="3", **facts)
    kept.file.storage.delete(kept.file.name)
    assert [what for what, _sentence in wrong()] == ["uploaded files are those that were sent"]
