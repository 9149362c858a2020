"""The province sets a total and divides it; districts read it and wait for what nobody has set."""

from __future__ import annotations

import uuid

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ikm_program.actions import Refusal, StaleVersion
from ikm_program.models import AuditEvent
from production.actions.targets import allocate, create_target, update_target
from production.models import DistrictTarget, ProductTarget
from production.standing_targets import by_cell, standing_targets
from tests import factories
from trainings.models import Region

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]

Weights, Ties = ProductTarget.Weights, ProductTarget.Ties


def parts(target: ProductTarget) -> dict[str, int | None]:
    return dict(target.districts.values_list("region__kemendagri_code", "quantity"))


def more_than(target: ProductTarget, quantity: int) -> list[str]:
    return sorted(code for code, part in parts(target).items() if part > quantity)


def ids(*codes: str) -> list[int]:
    return [Region.objects.get(kemendagri_code=code).pk for code in codes]


def update(target, staff, *, total):
    return update_target(target, by=staff, version=target.version, total=total, is_approximate=False, standing="usulan", basis="")


# --- division by rule ---------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("all_districts")
def test_950_suits_give_tala_74_and_the_other_twelve_73(target, staff):
    allocate(target, by=staff, version=1)
    assert (len(parts(target)), sum(parts(target).values()), more_than(target, 73)) == (13, 950, ["63.01"])


@pytest.mark.usefixtures("all_districts")
def test_6034_masks_give_two_districts_one_more(target, staff):
    target = update(target, staff, total=6_034)
    allocate(target, by=staff, version=target.version)
    assert (sorted(parts(target).values()), more_than(target, 464)) == ([464] * 11 + [465] * 2, ["63.01", "63.02"])


@pytest.mark.usefixtures("all_districts")
def test_a_tie_may_go_to_the_larger_population(target, staff):
    allocate(target, by=staff, version=1, ties=Ties.POPULATION)
    assert more_than(target, 73) == ["63.71"]


@pytest.mark.usefixtures("all_districts")
def test_the_population_gives_banjarmasin_150(target, staff):
    allocate(target, by=staff, version=1, weights=Weights.POPULATION)
    assert (parts(target)["63.71"], parts(target)["63.01"], sum(parts(target).values())) == (150, 82, 950)


def test_population_needs_one_for_every_district(target, staff, banjar):
    Region.objects.filter(pk=banjar.pk).update(population=None)
    with pytest.raises(Refusal) as refused:
        allocate(target, by=staff, version=1, weights=Weights.POPULATION)
    assert (refused.value.field, parts(target)) == ("weights", {})


def test_only_districts_that_make_the_product_get_a_part(target, staff):
    factories.ActivityDistrictFactory(region=factories.region("63.02"))  # takes part in something else
    allocate(target, by=staff, version=1)
    assert parts(target) == {"63.01": 475, "63.03": 475}


def test_a_district_that_left_keeps_no_part(target, staff, hazmat_training, banjar):
    target = allocate(target, by=staff, version=1)
    hazmat_training.districts.filter(region=banjar).delete()
    allocate(target, by=staff, version=target.version)
    assert parts(target) == {"63.01": 950}


# --- typed by hand ------------------------------------------------------------------------------------------------------


def test_typed_quantities_that_add_up_are_kept(target, staff):
    tala, banjar = ids("63.01", "63.03")
    allocate(target, by=staff, version=1, weights=Weights.TYPED, quantities={tala: 900, banjar: 50})
    assert parts(target) == {"63.01": 900, "63.03": 50}


def test_a_sum_that_differs_is_refused_with_the_difference(target, staff):
    tala, banjar = ids("63.01", "63.03")
    with pytest.raises(Refusal) as refused:
        allocate(target, by=staff, version=1, weights=Weights.TYPED, quantities={tala: 900, banjar: 45})
    assert str(refused.value) == "The allocation (945) does not equal the target (950). Difference 5."
    assert parts(target) == {}


def test_an_empty_quantity_is_unknown_and_not_zero(target, staff):
    tala, banjar = ids("63.01", "63.03")
    with pytest.raises(Refusal) as refused:
        allocate(target, by=staff, version=1, weights=Weights.TYPED, quantities={tala: 950, banjar: None})
    assert str(refused.value) == "Fill in a quantity for every district: an empty one is unknown, not zero."


def test_a_district_that_makes_nothing_cannot_be_given_a_part(target, staff):
    factories.region("63.02")
    tala, banjar, kotabaru = ids("63.01", "63.03", "63.02")
    with pytest.raises(Refusal):
        allocate(target, by=staff, version=1, weights=Weights.TYPED, quantities={tala: 900, banjar: 40, kotabaru: 10})
    assert parts(target) == {}


# --- what nobody has set ------------------------------------------------------------------------------------------------


def test_a_total_that_nobody_set_is_null_and_cannot_be_divided(programme, hazmat, staff):
    target = create_target(ProductTarget, by=staff, programme=programme, product=hazmat, total=None)
    with pytest.raises(Refusal):
        allocate(target, by=staff, version=1)
    assert (ProductTarget.objects.get().total, by_cell(standing_targets(programme.targets.all()))) == (None, {})


def test_an_unknown_total_reads_not_determined_and_never_zero(programme, hazmat, staff, client_of):
    target = factories.ProductTargetFactory(programme=programme, product=hazmat, total=None)
    page = client_of(staff).get(target.get_absolute_url()).content.decode()
    assert ("not determined" in page, "0 <span" in page) == (True, False)


def test_the_cells_of_a_programme_are_its_own(target, staff, tala, banjar):
    factories.DistrictTargetFactory(region=tala, quantity=9)  # of another programme
    allocate(target, by=staff, version=1)
    product = target.product_id
    assert by_cell(standing_targets(target.programme.targets.all())) == {(product, tala.pk): 475, (product, banjar.pk): 475}


# --- changing the total -------------------------------------------------------------------------------------------------


def test_a_division_by_rule_follows_the_total(target, staff):
    target = allocate(target, by=staff, version=1)
    update(target, staff, total=11)
    assert parts(target) == {"63.01": 6, "63.03": 5}


def test_typed_quantities_become_unknown_when_the_total_changes(target, staff):
    tala, banjar = ids("63.01", "63.03")
    target = allocate(target, by=staff, version=1, weights=Weights.TYPED, quantities={tala: 900, banjar: 50})
    update(target, staff, total=951)
    assert parts(target) == {"63.01": None, "63.03": None}


def test_a_total_withdrawn_takes_the_parts_with_it(target, staff):
    target = allocate(target, by=staff, version=1)
    update(target, staff, total=None)
    assert parts(target) == {"63.01": None, "63.03": None}


# --- two at once, and the trail -----------------------------------------------------------------------------------------


def test_a_division_of_a_stale_target_is_refused_even_when_nothing_differs(target, staff):
    allocate(ProductTarget.objects.get(), by=staff, version=1)
    with pytest.raises(StaleVersion):
        allocate(target, by=staff, version=1)


def test_a_division_leaves_what_was_and_what_is(target, staff):
    allocate(target, by=staff, version=1)
    event = AuditEvent.objects.get(verb="allocated")
    assert (event.by, event.before, event.after) == (
        staff,
        {"weights": "rata", "ties": "kode"},
        {"63.01": 475, "63.03": 475, "weights": "rata", "ties": "kode"},
    )


def test_the_same_form_sent_twice_makes_one_target(programme, hazmat, staff):
    key = uuid.uuid4()
    first = create_target(ProductTarget, by=staff, key=key, programme=programme, product=hazmat, total=950)
    again = create_target(ProductTarget, by=staff, key=key, programme=programme, product=hazmat, total=950)
    assert (first == again, ProductTarget.objects.count()) == (True, 1)


def test_a_closed_programme_keeps_its_targets(target, staff):
    type(target.programme).objects.update(status="ditutup")
    with pytest.raises(Refusal) as refused:
        allocate(ProductTarget.objects.get(), by=staff, version=1)
    assert str(refused.value) == "The programme is closed."


# --- who may, and where -------------------------------------------------------------------------------------------------


def test_a_district_officer_may_not_divide(target, officer):
    with pytest.raises(PermissionDenied):
        allocate(target, by=officer, version=1)
    assert DistrictTarget.objects.count() == 0


def test_a_district_officer_reads_the_target_and_finds_no_way_to_change_it(target, officer, client_of):
    client = client_of(officer)
    page = client.get(target.get_absolute_url())
    edit = reverse("production:target_update", args=[target.pk])
    divide = reverse("production:target_allocate", args=[target.pk])
    assert (page.status_code, "950" in page.content.decode(), divide in page.content.decode()) == (200, True, False)
    assert [client.get(edit).status_code, client.get(divide).status_code, client.post(divide).status_code] == [403, 403, 403]


def test_another_province_finds_nothing(target, client_of):
    client = client_of(factories.user("staf_provinsi", "53"))
    names = ("target_detail", "target_update", "target_allocate", "allocation_report")
    assert [client.get(reverse(f"production:{name}", args=[target.pk])).status_code for name in names] == [404] * 4


# --- screens ------------------------------------------------------------------------------------------------------------


def form_data(target, **values):
    return {"key": str(uuid.uuid4()), "version": target.version, "weights": "rata", "ties": "kode"} | values


def test_the_page_refuses_a_wrong_sum_and_keeps_what_was_typed(target, staff, client_of):
    address = reverse("production:target_allocate", args=[target.pk])
    answer = client_of(staff).post(address, form_data(target, weights="manual", **{"jumlah-63.01": "900", "jumlah-63.03": "45"}))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "The allocation (945) does not equal the target (950). Difference 5." in page
    assert ('value="900"' in page, 'value="45"' in page) == (True, True)


def test_calculating_shows_the_division_and_saves_nothing(target, staff, client_of):
    address = reverse("production:target_allocate", args=[target.pk])
    answer = client_of(staff).post(address, form_data(target, hitung="hitung"))
    assert (answer.status_code, answer.content.decode().count("475<"), parts(target)) == (200, 2, {})


def test_calculating_keeps_typed_quantities_under_a_rule(target, staff, client_of):
    address = reverse("production:target_allocate", args=[target.pk])
    typed = {"jumlah-63.01": "901", "jumlah-63.03": "45"}
    page = client_of(staff).post(address, form_data(target, hitung="hitung", **typed)).content.decode()
    assert ('type="hidden" name="jumlah-63.01" value="901"' in page, "475<" in page) == (True, True)


def test_typed_quantities_can_be_stretched_to_the_total(target, staff, client_of):
    address = reverse("production:target_allocate", args=[target.pk])
    typed = {"jumlah-63.01": "1", "jumlah-63.03": "3"}
    page = client_of(staff).post(address, form_data(target, weights="manual", hitung="sesuaikan", **typed)).content.decode()
    assert ('value="238"' in page, 'value="712"' in page) == (True, True)


def test_the_saved_division_is_on_the_page_with_its_rule(target, staff, client_of):
    client = client_of(staff)
    client.post(reverse("production:target_allocate", args=[target.pk]), form_data(target))
    page = client.get(target.get_absolute_url()).content.decode()
    assert "Division: Equal for every district, by largest remainder; equal remainders: Lower region code first." in page


def test_population_is_not_offered_while_one_is_unknown(target, staff, banjar, client_of):
    Region.objects.filter(pk=banjar.pk).update(population=None)
    page = client_of(staff).get(reverse("production:target_allocate", args=[target.pk])).content.decode()
    assert 'value="penduduk"' not in page


def test_a_total_of_another_provinces_programme_is_refused(hazmat, staff, client_of):
    foreign = factories.ProgrammeFactory(region=factories.region("53"))
    data = {"key": str(uuid.uuid4()), "programme": foreign.pk, "product": hazmat.pk, "total": "5", "standing": "usulan"}
    answer = client_of(staff).post(reverse("production:target_create"), data)
    assert (answer.status_code, ProductTarget.objects.count()) == (422, 0)


@pytest.mark.parametrize("name", ["allocation_report", "target_report"])
@pytest.mark.parametrize("file_format", ["pdf", "xlsx", "csv", "json"])
def test_every_printed_form_answers(target, staff, client_of, name, file_format):
    target = allocate(target, by=staff, version=1)
    arguments = [target.pk] if name == "allocation_report" else []
    answer = client_of(staff).get(reverse(f"production:{name}", args=arguments), {"format": file_format})
    assert answer.status_code == 200


def test_the_report_sets_the_programmes_total_beside_the_sum(target, staff, client_of):
    allocate(target, by=staff, version=1)
    ProductTarget.objects.update(total=1_000)  # as if somebody wrote past the action
    answer = client_of(staff).get(reverse("production:allocation_report", args=[target.pk]), {"format": "json"}).json()
    assert [row["quantity"] for row in answer["totals"]] == [950, 1_000]


@pytest.mark.parametrize("name", ["target_list", "product_list", "published_figure_list", "target_report", "progress_report"])
def test_three_rows_ask_no_more_than_one(programme, hazmat_training, staff, client_of, name):
    def row() -> None:
        target = factories.ProductTargetFactory(programme=programme)
        factories.ActivityProductFactory(activity=hazmat_training, product=target.product)
        factories.DistrictTargetFactory(target=target)
        factories.PublishedFigureFactory(programme=programme, product=target.product)

    client, address = client_of(staff), reverse(f"production:{name}")
    row()
    client.get(address)  # what a process reads once is read now
    one = queries_of(client, address)
    row()
    row()
    assert queries_of(client, address) == one


def queries_of(client, address) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)
