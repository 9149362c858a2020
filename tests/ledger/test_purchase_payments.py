"""What was bought is paid once, on the lists that everything is paid on."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import F

from distribution.actions.handovers import issue_handover
from distribution.reports.reconciliation import reconcile
from ikm_program import guards
from ikm_program.actions import Refusal
from production.actions.purchase_payments import list_purchases
from production.actions.purchases import approve_purchase, cancel_purchase
from production.models import Purchase, PurchaseAgreement
from production.payment_reports import purchases_to_pay
from tests import factories
from tests.ledger.gates import enter, made_by, makers
from tests.ledger.world import World, wrong
from trainings.actions.payment_steps import approve_list, cancel_list, lock_list, pay_list, record_receipts
from trainings.models import IssuedDocument, Official, PaymentLine, PaymentList, User

PAYMENTS = "payments of purchases are those of their purchases"


@pytest.fixture
def treasurer(db: None) -> User:
    return factories.user("bendahara", username="bendahara.kalsel")


@pytest.fixture
def signers(buying: World) -> dict[str, Official]:
    office = buying.province_office
    return {name: factories.OfficialFactory(office=office, name=name) for name in ("ppk", "treasurer")}


def bought(world: World, agreement: PurchaseAgreement, ppk: User, people: int = 2, each: int = 10) -> list[Purchase]:
    persons = makers(world, people)
    made_by(world, persons, each)
    return [approve_purchase(purchase, by=ppk, version=1) for purchase in enter(world, agreement, {person.pk: each for person in persons})]


def listed(world: World, signers: dict[str, Official], **facts: Any) -> PaymentList:
    values = {"by": world.staff, "region": world.tala, "office": world.province_office, **signers, **facts}
    made: PaymentList = list_purchases(world.programme, **values)
    return made


def paid(payment_list: PaymentList, world: World, ppk: User, treasurer: User) -> PaymentList:
    lock_list(payment_list, by=world.staff, version=payment_list.version)
    approve_list(payment_list, by=ppk, version=payment_list.version)
    pay_list(payment_list, by=treasurer, version=payment_list.version, paid_on=world.today)
    return payment_list


def again(purchase: Purchase) -> Purchase:
    return Purchase.objects.with_names().get(pk=purchase.pk)


def test_eighty_people_eight_thousand_masks_are_paid_received_and_given_away(
    buying: World, agreement: PurchaseAgreement, ppk: User, treasurer: User, signers: dict[str, Official]
) -> None:
    """NTT's figures: Rp20,000,000, Rp250,000 each; paid by another than who approved; the store is empty."""
    bought(buying, agreement, ppk, people=80, each=100)

    payment_list = listed(buying, signers)

    lines = list(payment_list.lines.all())
    assert (len(lines), {line.net for line in lines}, payment_list.net) == (80, {250_000}, 20_000_000)
    assert lines[0].description.startswith("100 set Hazmat @ Rp2.500,00 (kwitansi ")
    paid(payment_list, buying, ppk, treasurer)
    everybody = payment_list.lines.all()
    record_receipts(payment_list, by=treasurer, version=payment_list.version, lines=everybody, received_on=buying.today, how="kwitansi")
    issue_handover(buying.draft(8000), by=buying.official, version=1)
    row = reconcile(programmes=[buying.programme]).rows[0]
    assert (payment_list.status, row["verified"], row["stock"], row["handed_over"]) == ("selesai", 8000, 0, 8000)
    assert all(again(purchase).payment == payment_list for purchase in Purchase.objects.all())
    assert wrong() == []


def test_a_purchase_is_on_one_list_until_that_is_cancelled(
    buying: World, agreement: PurchaseAgreement, ppk: User, signers: dict[str, Official]
) -> None:
    first, second = bought(buying, agreement, ppk)
    one = listed(buying, signers, purchases=[first])
    with pytest.raises(Refusal, match="on a payment list already") as no:
        listed(buying, signers, purchases=[first, second])
    assert no.value.field == "purchases"
    other = listed(buying, signers)  # what is open
    assert list(other.lines.values_list("participant", flat=True)) == [second.seller_id]
    with pytest.raises(Refusal, match="nothing was bought"):
        listed(buying, signers)

    lock_list(one, by=buying.staff, version=one.version)
    cancel_list(one, by=buying.staff, version=one.version, reason="Salah rekening")
    assert list(Purchase.objects.to_pay()) == [first]
    anew = listed(buying, signers)

    assert (again(first).payment, wrong()) == (anew, [])
    with pytest.raises(IntegrityError), transaction.atomic():
        Purchase.objects.filter(pk=first.pk).update(payment_line=other.lines.get())


def test_no_purchase_is_paid_before_it_was_made(
    buying: World, agreement: PurchaseAgreement, ppk: User, signers: dict[str, Official]
) -> None:
    bought(buying, agreement, ppk)
    one = listed(buying, signers)
    lock_list(one, by=buying.staff, version=one.version)
    yesterday = buying.today - dt.timedelta(days=1)
    with pytest.raises(Refusal, match="before the last day that the list pays for"):
        approve_list(one, by=ppk, version=one.version, approved_on=yesterday, backdating_reason="Dicatat kemudian")
    assert approve_list(one, by=ppk, version=one.version, approved_on=buying.today).status == "disetujui"


def test_what_is_on_a_list_is_not_cancelled(
    buying: World, agreement: PurchaseAgreement, ppk: User, treasurer: User, signers: dict[str, Official]
) -> None:
    (purchase,) = bought(buying, agreement, ppk, people=1)
    draft = listed(buying, signers)
    cancel = {"by": ppk, "reason": "Salah harga"}
    with pytest.raises(Refusal, match=r"on a payment list \(.*Draft\)\. Cancel the list first"):
        cancel_purchase(again(purchase), version=again(purchase).version, **cancel)

    cancel_list(draft, by=buying.staff, version=draft.version, reason="Belum waktunya")
    paid(listed(buying, signers), buying, ppk, treasurer)
    with pytest.raises(Refusal, match="was paid on"):
        cancel_purchase(again(purchase), version=again(purchase).version, **cancel)
    assert wrong() == []


def test_a_purchase_of_a_cancelled_list_can_be_cancelled(
    buying: World, agreement: PurchaseAgreement, ppk: User, signers: dict[str, Official]
) -> None:
    (purchase,) = bought(buying, agreement, ppk, people=1)
    draft = listed(buying, signers)
    cancel_list(draft, by=buying.staff, version=draft.version, reason="Belum waktunya")
    kept = again(purchase)
    cancel_purchase(kept, by=ppk, version=kept.version, reason="Salah harga")
    with pytest.raises(Refusal, match="nothing was bought"):
        listed(buying, signers)
    assert wrong() == []


def test_drafts_other_regions_and_officials_of_another_office_are_not_paid(
    buying: World, agreement: PurchaseAgreement, ppk: User, signers: dict[str, Official]
) -> None:
    persons = makers(buying, 1)
    made_by(buying, persons, 10)
    (draft,) = enter(buying, agreement, {persons[0].pk: 10})
    with pytest.raises(Refusal, match="not approved, or are on a payment list"):
        listed(buying, signers, purchases=[draft])
    approve_purchase(draft, by=ppk, version=1)
    with pytest.raises(Refusal, match="nothing was bought"):
        listed(buying, signers, region=factories.region("63.02"))
    with pytest.raises(Refusal, match="does not belong to the paying office"):
        listed(buying, {**signers, "ppk": buying.signer})


@pytest.mark.parametrize(
    ("model", "values"),
    [
        (Purchase, {"unit_price": F("unit_price") * 2, "amount": F("amount") * 2}),
        (Purchase, {"payment_line": None}),
        (PaymentLine, {"pays_for": None}),
        (PaymentLine, {"gross": 1, "net": 1}),
        (PaymentLine, {"kind": "kuota", "rate": F("gross")}),
    ],
)
def test_a_payment_that_is_not_its_purchase_is_found(
    buying: World, agreement: PurchaseAgreement, ppk: User, signers: dict[str, Official], model: Any, values: dict[str, Any]
) -> None:
    bought(buying, agreement, ppk, people=1)
    lock_list(one := listed(buying, signers), by=buying.staff, version=one.version)
    assert wrong() == []
    guards.lift(connection)
    assert model.objects.update(**values)
    assert PAYMENTS in {what for what, _sentence in wrong()}
    guards.install(connection)


def test_from_the_report_over_the_form_to_the_list_and_back(
    buying: World, agreement: PurchaseAgreement, ppk: User, signers: dict[str, Official], client_of: Any
) -> None:
    first, second = bought(buying, agreement, ppk)
    desk = client_of(buying.staff)
    form = f"/pembelian/belum-dibayar/{buying.programme.pk}/?wilayah={buying.tala.pk}"
    assert form in desk.get("/pembelian/belum-dibayar/").content.decode()
    page = desk.get(form).content.decode()
    assert [words in page for words in ("Rp50.000", first.seller.name, second.seller.name)] == [True, True, True]
    head = {"office": buying.province_office.pk, "ppk": signers["ppk"].pk, "treasurer": signers["treasurer"].pk}

    made = desk.post(form, {"key": str(uuid.uuid4()), "purchases": [first.pk], **head})

    payment_list = PaymentList.objects.get()
    assert made.headers["Location"] == payment_list.get_absolute_url()
    back = f"/pembelian/?daftar={payment_list.pk}"
    assert back in desk.get(payment_list.get_absolute_url()).content.decode()
    only_first = desk.get(back).content.decode()
    assert (first.seller.name in only_first, second.seller.name in only_first) == (True, False)
    open_ones = desk.get("/pembelian/?bayar=belum").content.decode()
    assert (first.seller.name in open_ones, second.seller.name in open_ones) == (False, True)
    detail = desk.get(first.get_absolute_url()).content.decode()
    assert payment_list.get_absolute_url() in detail
    assert client_of(buying.officer).get(form).status_code == 403
    stranger = f"/pembelian/belum-dibayar/{buying.programme.pk}/?wilayah={factories.region('53.01').pk}"
    assert desk.get(stranger).status_code == 404


def test_what_is_to_be_paid_stands_as_of_a_day(
    buying: World, agreement: PurchaseAgreement, ppk: User, treasurer: User, signers: dict[str, Official]
) -> None:
    """One purchase listed twice: the first list was cancelled, the second one paid."""

    def on(day: dt.date) -> tuple[int, ...]:
        rows = purchases_to_pay(buying.staff, as_of=day).rows
        return tuple(rows[0][key] for key in ("bought", "listed", "paid", "open", "money_open")) if rows else ()

    (purchase,) = bought(buying, agreement, ppk, people=1)
    first, today = listed(buying, signers), buying.today
    cancel_list(first, by=buying.staff, version=first.version, reason="Salah rekening")
    second = paid(listed(buying, signers), buying, ppk, treasurer)
    day = {number: today + dt.timedelta(days=number) for number in (-1, 1, 2, 3, 4, 5)}
    days_of(first, created_at=day[1], cancelled_at=day[2])
    days_of(second, created_at=day[3], locked_at=day[3], paid_at=day[4], paid_on=day[4])
    guards.lift(connection)
    IssuedDocument.objects.filter(pk=second.document_id).update(document_on=day[3])
    guards.install(connection)

    assert purchase.amount == 25_000
    assert {number: on(when) for number, when in {**day, 0: today}.items()} == {
        -1: (),
        0: (1, 0, 0, 1, 25_000),
        1: (1, 1, 0, 0, 0),
        2: (1, 0, 0, 1, 25_000),
        3: (1, 1, 0, 0, 0),
        4: (1, 0, 1, 0, 0),
        5: (1, 0, 1, 0, 0),
    }


def days_of(payment_list: PaymentList, **days: dt.date) -> None:
    moments = {name: day if name.endswith("_on") else dt.datetime.combine(day, dt.time(3), dt.UTC) for name, day in days.items()}
    PaymentList.objects.filter(pk=payment_list.pk).update(**moments)
