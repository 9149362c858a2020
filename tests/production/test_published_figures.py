"""What others printed stands beside what the house computes, and is never mixed with it."""

from __future__ import annotations

import uuid

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from production.actions.figures import create_figure, update_figure
from production.models import PublishedFigure
from production.standing_targets import by_cell, standing_targets
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


def data(programme, province, **values):
    given = {
        "programme": programme.pk,
        "region": province.pk,
        "topic": "produksi",
        "kind": "hasil",
        "definition": "Botol herbal yang jadi",
        "source": "Media CONTOH",
    }
    return given | {"key": str(uuid.uuid4())} | values


def test_the_day_it_happened_and_the_day_it_was_printed_are_kept_apart(programme, province, staff, client_of):
    sent = data(programme, province, quantity="3.597", unit="botol", event_on="2019-02-27", published_on="2021-04-13")
    client_of(staff).post(reverse("production:published_figure_create"), sent)
    made = PublishedFigure.objects.get()
    assert (made.quantity, str(made.event_on), str(made.published_on)) == (3_597, "2019-02-27", "2021-04-13")


def test_a_source_without_a_number_has_none(programme, province, staff, client_of):
    client = client_of(staff)
    client.post(reverse("production:published_figure_create"), data(programme, province, quantity=""))
    made = PublishedFigure.objects.get()
    assert (made.quantity, "the source names no number" in client.get(made.get_absolute_url()).content.decode()) == (None, True)


def test_a_published_target_is_no_target(programme, hazmat, province, tala, staff):
    create_figure(
        PublishedFigure,
        by=staff,
        programme=programme,
        region=tala,
        kind="target",
        definition="Target",
        source="X",
        product=hazmat,
        quantity=60,
    )
    assert by_cell(standing_targets(programme.targets.all())) == {}


def test_it_stands_on_the_page_of_its_target_in_words_of_its_own(target, province, staff, client_of):
    factories.PublishedFigureFactory(
        programme=target.programme, product=target.product, region=province, definition="Realisasi 963", quantity=963
    )
    other = factories.PublishedFigureFactory(programme=target.programme, region=province)  # about no product
    page = client_of(staff).get(target.get_absolute_url()).content.decode()
    assert ("Realisasi 963" in page, other.definition in page, "Quoted from their sources" in page) == (True, False, True)


def test_the_list_is_filtered_by_kind_product_and_district(target, tala, banjar, staff, client_of):
    programme, product = target.programme, target.product
    here = factories.PublishedFigureFactory(programme=programme, product=product, region=tala, kind="klaim")
    factories.PublishedFigureFactory(programme=programme, product=product, region=banjar, kind="klaim")
    factories.PublishedFigureFactory(programme=programme, product=product, region=tala, kind="hasil")
    factories.PublishedFigureFactory(programme=programme, region=tala, kind="klaim")
    query = {"jenis": "klaim", "produk": product.pk, "wilayah": tala.pk}
    answer = client_of(staff).get(reverse("production:published_figure_list"), query)
    assert [figure.pk for figure in answer.context["object_list"]] == [here.pk]


def test_a_district_does_not_see_the_figures_of_another(programme, banjar, officer, client_of):
    figure = factories.PublishedFigureFactory(programme=programme, region=banjar, definition="Hanya Banjar")
    client = client_of(officer)
    listed = client.get(reverse("production:published_figure_list")).content.decode()
    assert (client.get(figure.get_absolute_url()).status_code, "Hanya Banjar" in listed) == (404, False)


def test_a_district_reads_the_provinces_figures_and_changes_none(programme, province, officer, client_of):
    figure = factories.PublishedFigureFactory(programme=programme, region=province)
    with pytest.raises(PermissionDenied):
        update_figure(figure, by=officer, version=1, quantity=1)
    client = client_of(officer)
    edit = reverse("production:published_figure_update", args=[figure.pk])
    assert [client.get(figure.get_absolute_url()).status_code, client.get(edit).status_code] == [200, 403]


def test_a_stale_edit_keeps_what_was_typed(programme, province, staff, client_of):
    figure = factories.PublishedFigureFactory(programme=programme, region=province)
    update_figure(figure, by=staff, version=1, quantity=10)
    address = reverse("production:published_figure_update", args=[figure.pk])
    answer = client_of(staff).post(address, data(programme, province, version=1, quantity="11", definition="Diketik ulang"))
    assert (answer.status_code, "Diketik ulang" in answer.content.decode()) == (409, True)
    assert PublishedFigure.objects.get().quantity == 10
