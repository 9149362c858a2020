"""The same paper brings its material once: the second entry is refused with the way to the first."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest

from production.actions.materials import AlreadyBought, cancel_receipt
from production.models import MaterialReceipt, Store
from tests.production.materials import BOUGHT_ON, Cloth

pytestmark = pytest.mark.usefixtures("in_english")


def test_the_same_number_supplier_and_day_is_refused_with_a_link(cloth: Cloth, client_of: Any) -> None:
    first = cloth.buy(500, document_number="KTR-7")
    form = {"key": uuid.uuid4(), "store": cloth.province_store.pk, "programme": cloth.programme.pk, "received_on": BOUGHT_ON.isoformat()}
    form |= {"supplier": "cv contoh", "document_number": " ktr-7", "lines-TOTAL_FORMS": "1", "lines-INITIAL_FORMS": "0"}
    form |= {"lines-0-material": cloth.material.pk, "lines-0-amount": "500"}

    answer = client_of(cloth.staff).post("/bahan/pembelian/baru/", form)

    words = "A purchase with this number is already recorded for this supplier and day."
    assert (answer.status_code, answer.context["form"].errors["document_number"]) == (422, [words])
    assert f'<a href="{first.get_absolute_url()}">' in answer.content.decode()
    assert MaterialReceipt.objects.count() == 1


def test_another_store_of_the_region_is_the_same_office(cloth: Cloth) -> None:
    cloth.buy(500, document_number="KTR-7")
    cloth.province_store = Store.objects.create(region=cloth.province_store.region, name="Gudang kedua", is_default=False)
    with pytest.raises(AlreadyBought):
        cloth.buy(500, document_number="KTR-7")


def test_a_second_delivery_and_one_after_a_cancellation_are_taken(cloth: Cloth) -> None:
    first = cloth.buy(500, document_number="KTR-7")
    cloth.buy(500, BOUGHT_ON + dt.timedelta(days=1), document_number="KTR-7")
    cancel_receipt(first, by=cloth.provincial, version=first.version, reason="salah")
    assert cloth.buy(400, document_number="KTR-7").status == MaterialReceipt.Status.RECORDED


def test_whoever_cannot_cancel_reads_who_can(cloth: Cloth, client_of: Any) -> None:
    page, words = cloth.buy(500).get_absolute_url(), "who did not record it can cancel it"
    assert words in client_of(cloth.staff).get(page).content.decode()
    assert words not in client_of(cloth.provincial).get(page).content.decode()
