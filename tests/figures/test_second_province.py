"""Nusa Tenggara Timur beside Kalimantan Selatan: everything it made is bought, paid and given away, and neither sees the other."""

from __future__ import annotations

import datetime as dt

import pytest

from distribution.models import Handover
from distribution.reports.reconciliation import reconcile
from production.models import MaterialHandover, Purchase
from trainings.models import PaymentList, Programme, Region

pytestmark = pytest.mark.django_db

LISTS = ("/serah-terima/", "/pembelian/", "/pembayaran/", "/peserta/")


@pytest.fixture
def programme() -> Programme:
    found: Programme = Programme.objects.get(code="ntt-2020")
    return found


def test_the_store_is_empty(programme):
    rows = [row for row in reconcile(programmes=[programme]).rows if row["verified"]]
    assert [(row["stock"], row["handed_over"]) for row in rows] == [(0, row["verified"]) for row in rows]
    assert sorted(row.product.code for row in rows) == ["ntt_garam_spa", "ntt_masker", "ntt_sabun", "ntt_teh_kelor"]


def test_masks_are_bought_from_every_maker_and_paid(programme):
    masks = Purchase.objects.filter(programme=programme, product__code="ntt_masker")
    assert set(masks.values_list("quantity", "unit_price", "amount")) == {(100, 2_500, 250_000)}
    assert masks.count() == 20
    assert not Purchase.objects.filter(programme=programme).to_pay().exists()
    paid = PaymentList.objects.get(programme=programme)
    assert (paid.status, paid.net) == ("selesai", sum(Purchase.objects.filter(programme=programme).values_list("amount", flat=True)))


def test_materials_were_given_to_the_four_batches(programme):
    given = MaterialHandover.objects.filter(programme=programme)
    assert sorted(given.values_list("batch__region__kemendagri_code", flat=True)) == ["53.01", "53.02", "53.04", "53.71"]


def test_every_quantity_says_that_it_is_an_example(programme):
    for notes in (Handover.objects.filter(programme=programme), Purchase.objects.filter(programme=programme)):
        assert all("CONTOH" in note for note in notes.values_list("note", flat=True))


def test_the_masks_went_to_a_task_force_that_was_dissolved_by_then(programme):
    handover = Handover.objects.select_related("recipient").get(programme=programme, recipient__kind="gtpp_kabupaten")
    assert handover.handed_over_on == dt.date(2020, 8, 24) > handover.recipient.valid_until


@pytest.mark.parametrize(("account", "own", "other"), [("staf.kalsel", "63", "53"), ("staf.ntt", "53", "63")])
def test_neither_sees_the_other(browser, account, own, other):
    client = browser(account)
    hidden = set(Region.objects.filter(kemendagri_code__startswith=f"{other}.").values_list("name", flat=True))
    for address in LISTS:
        page = client.get(address)
        assert page.status_code == 200
        assert not [name for name in hidden if name in page.content.decode()], address
    groups = client.get("/cari/?q=CONTOH").context["groups"]
    assert groups
    records = [record for group in groups for record, _detail in group.hits]
    assert not [record for record in records if getattr(getattr(record, "region", None), "kemendagri_code", own)[:2] == other]


def test_a_paper_of_the_other_province_is_missing(browser, programme):
    handover = Handover.objects.filter(programme=programme).first()
    payment = PaymentList.objects.get(programme=programme)
    client = browser("staf.kalsel")
    assert [client.get(one.get_absolute_url()).status_code for one in (handover, payment, programme)] == [404, 404, 404]
