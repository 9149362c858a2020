"""What is made, how it is counted, and which activity makes it."""

from __future__ import annotations

import uuid

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from ikm_program.actions import Refusal, StaleVersion
from production.actions.products import create_product, link_product, unlink_product, update_product
from production.models import ActivityProduct, Product, ProductTarget
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


@pytest.fixture
def herbal(province) -> Product:
    """Bottles of 250 ml."""
    return factories.ProductFactory(
        name="Minuman herbal", unit="botol", pack_size=250, pack_unit="ml", bulk_unit="liter", bulk_factor=1_000
    )


def test_3600_bottles_are_900_litres(herbal):
    target = ProductTarget(product=herbal, total=3_600)
    assert (target.in_bulk, herbal.conversion, herbal.content) == ("3.600 botol = 900 liter", "4 botol = 1 liter", "250 ml")


def test_a_product_without_conversion_says_so(hazmat, staff, client_of):
    page = client_of(staff).get(hazmat.get_absolute_url()).content.decode()
    assert (hazmat.conversion, ProductTarget(product=hazmat, total=950).in_bulk, "no conversion" in page) == ("", "", True)


def test_the_page_of_a_target_shows_the_conversion(herbal, programme, officer, client_of):
    target = factories.ProductTargetFactory(product=herbal, programme=programme, total=3_600, is_approximate=True)
    page = client_of(officer).get(target.get_absolute_url()).content.decode()
    assert ("3.600 botol = 900 liter" in page, "about" in page) == (True, True)


def test_the_province_declares_a_product(province, staff, client_of):
    data = {
        "key": str(uuid.uuid4()),
        "region": province.pk,
        "code": "masker",
        "name": "Masker kain",
        "short_name": "Masker",
        "unit": "lembar",
    }
    answer = client_of(staff).post(
        reverse("production:product_create"), data | {"attribute": "sasirangan", "pieces_per_person_day": "1.500"}
    )
    made = Product.objects.get()
    assert (answer.status_code, answer.url) == (302, made.get_absolute_url())
    assert (made.attribute, made.pieces_per_person_day, made.created_by, made.is_free) == ("sasirangan", 1_500, staff, False)


def test_a_conversion_without_its_content_is_refused(province, staff):
    with pytest.raises(Refusal) as refused:
        create_product(Product, by=staff, region=province, code="x", name="X", short_name="X", unit="botol", bulk_factor=1_000)
    assert str(refused.value) == "Give the content of one unit before its conversion."


def test_the_unit_stays_once_a_target_is_counted_in_it(target, staff):
    product = target.product
    with pytest.raises(Refusal) as refused:
        update_product(product, by=staff, version=1, unit="lembar")
    assert (refused.value.field, Product.objects.get().unit) == ("unit", "set")


def test_a_stale_product_is_refused(hazmat, staff):
    stale = Product.objects.get()
    update_product(hazmat, by=staff, version=1, name="Hazmat")
    with pytest.raises(StaleVersion):
        update_product(stale, by=staff, version=1, name="Baju hazmat")


def test_a_district_may_read_a_product_and_not_change_it(hazmat, officer, client_of):
    with pytest.raises(PermissionDenied):
        update_product(hazmat, by=officer, version=1, name="Lain")
    client = client_of(officer)
    answers = [client.get(hazmat.get_absolute_url()), client.get(reverse("production:product_update", args=[hazmat.pk]))]
    assert [answer.status_code for answer in answers] == [200, 403]


def test_another_province_does_not_find_it(hazmat, client_of):
    client = client_of(factories.user("staf_provinsi", "53"))
    names = ("product_detail", "product_update", "product_link")
    assert [client.get(reverse(f"production:{name}", args=[hazmat.pk])).status_code for name in names] == [404] * 3


# --- which activity makes it --------------------------------------------------------------------------------------------


def test_linking_twice_links_once(hazmat, hazmat_training, staff):
    link_product(hazmat_training, by=staff, product=hazmat)
    assert ActivityProduct.objects.count() == 1


def test_a_product_of_another_province_cannot_be_linked(hazmat_training, staff):
    foreign = factories.ProductFactory(region=factories.region("53"))
    with pytest.raises(Refusal):
        link_product(hazmat_training, by=staff, product=foreign)
    assert ActivityProduct.objects.count() == 0


def test_an_activity_is_linked_and_unlinked_on_the_products_page(hazmat_training, staff, client_of):
    product, client = factories.ProductFactory(), client_of(staff)
    client.post(reverse("production:product_link", args=[product.pk]), {"key": str(uuid.uuid4()), "activity": hazmat_training.pk})
    linked = ActivityProduct.objects.filter(activity=hazmat_training, product=product).count()
    client.post(reverse("production:product_unlink", args=[product.pk, hazmat_training.pk]), {"key": str(uuid.uuid4())})
    assert (linked, ActivityProduct.objects.count()) == (1, 0)


def test_a_product_that_was_made_there_stays_linked(hazmat, hazmat_training, tala_batch, staff, officer):
    hazmat.outputs.create(batch=tala_batch, region=tala_batch.region, made_on="2020-06-02", good=5, created_by=officer)
    with pytest.raises(Refusal):
        unlink_product(hazmat_training, by=staff, product=hazmat)
    assert ActivityProduct.objects.count() == 1
