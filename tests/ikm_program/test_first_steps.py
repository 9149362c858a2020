"""An office that has nothing yet is told what to set up, in order, and each page leads on to the next; one at work is not."""

from __future__ import annotations

import pytest
from django.utils.http import urlsafe_base64_encode

from ikm_program.accounts import link_tokens
from ikm_program.dashboard.first_steps import first_steps
from production.models import ActivityProduct
from tests import factories
from trainings.models import User

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


def state(user: User) -> dict[str, tuple[bool, str]]:
    return {str(step.label): (step.is_done, step.href) for step in first_steps(user)}


@pytest.fixture
def staff_of_ntt(ntt) -> User:
    return factories.user("staf_provinsi", "53", username="staf.ntt")


def test_an_empty_province_begins_with_people_and_its_office(ntt, client_of) -> None:
    admin = factories.user("admin_provinsi", "53", username="admin.ntt")
    steps = state(admin)
    assert list(steps)[:4] == ["Accounts", "Office", "Officials who sign", "Programme of the fiscal year"]
    assert not any(is_done for is_done, _href in steps.values())
    assert steps["Accounts"] == (False, "/pengguna/baru/")
    assert steps["Office"] == (False, "/instansi/baru/")
    assert steps["Batches"] == (False, "")  # the staff's
    page = client_of(admin).get("/").content.decode()
    assert "First steps" in page
    assert "Nothing waits for you." not in page
    assert 'href="/instansi/baru/"' in page


def test_what_is_there_is_ticked_and_opens_its_records(staff_of_ntt, ntt, kupang) -> None:
    factories.OfficeFactory(region=ntt)
    programme = factories.ProgrammeFactory(region=ntt)
    product = factories.ProductFactory(region=ntt)
    activity = factories.ActivityFactory(programme=programme)
    factories.user("petugas_kabupaten", "53.01", username="petugas.kupang")
    steps = state(staff_of_ntt)
    assert steps["Accounts"] == (True, "")
    assert steps["Office"] == (True, "/instansi/")
    assert steps["Programme of the fiscal year"] == (True, "/program/")
    assert steps["What the activity makes"] == (False, "/produk/")
    ActivityProduct.objects.create(activity=activity, product=product)
    assert state(staff_of_ntt)["What the activity makes"] == (True, "/produk/")


def test_another_province_counts_for_nothing(staff_of_ntt, hazmat_training) -> None:
    assert state(staff_of_ntt)["Activity"] == (False, "/kegiatan/baru/")


def test_districts_and_readers_are_not_asked_to_set_up(ntt, kupang) -> None:
    assert not first_steps(factories.user("petugas_kabupaten", "53.01", username="petugas.kupang"))
    assert not first_steps(factories.user("pengawas", "53", username="pengawas.ntt"))


def test_they_cost_one_query(staff_of_ntt, django_assert_num_queries) -> None:
    staff_of_ntt.get_all_permissions()
    with django_assert_num_queries(1):
        first_steps(staff_of_ntt)


def test_a_choice_without_anything_to_choose_says_what_comes_first(staff_of_ntt, ntt, client_of) -> None:
    client = client_of(staff_of_ntt)
    page = client.get("/pejabat/baru/").content.decode()
    assert "Nothing to choose from yet. First record: office." in page
    assert '<a href="/instansi/baru/">Record it</a>' in page
    factories.OfficeFactory(region=ntt)
    assert "Nothing to choose from yet" not in client.get("/pejabat/baru/").content.decode()


def test_an_office_leads_to_its_officials(staff_of_ntt, ntt, client_of) -> None:
    client, office = client_of(staff_of_ntt), factories.OfficeFactory(region=ntt)
    address = f"/pejabat/baru/?office={office.pk}"
    assert address in client.get(office.get_absolute_url()).content.decode()
    assert f'<option value="{office.pk}" selected>' in client.get(address).content.decode()


def test_whoever_may_not_add_it_reads_it_without_a_way(staff_of_ntt, kupang, client_of) -> None:
    page = client_of(factories.user("petugas_kabupaten", "53.01", username="petugas.kupang")).get("/angkatan/baru/").content.decode()
    assert "First record: activity." in page
    assert "Record it" not in page


def test_a_programme_leads_to_its_activity_and_that_to_product_and_batch(staff_of_ntt, ntt, client_of) -> None:
    client, programme = client_of(staff_of_ntt), factories.ProgrammeFactory(region=ntt)
    address = f"/kegiatan/baru/?programme={programme.pk}"
    assert address in client.get(programme.get_absolute_url()).content.decode()
    assert f'<option value="{programme.pk}" selected>' in client.get(address).content.decode()
    activity = factories.ActivityFactory(programme=programme)
    page = client.get(activity.get_absolute_url()).content.decode()
    assert f"/angkatan/baru/?activity={activity.pk}" in page
    assert "Link a product" in page
    closed = factories.ActivityFactory(programme=factories.ProgrammeFactory(region=ntt, status="ditutup"))
    assert f"/angkatan/baru/?activity={closed.pk}" not in client.get(closed.get_absolute_url()).content.decode()


def test_only_an_example_says_that_it_is_one(staff_of_ntt, ntt, client_of) -> None:
    client = client_of(staff_of_ntt)
    real, example = factories.OfficeFactory(region=ntt, is_example=False), factories.OfficeFactory(region=ntt, is_example=True)
    assert "Example data" not in client.get(real.get_absolute_url()).content.decode()
    assert "Example data" in client.get(example.get_absolute_url()).content.decode()


def test_whoever_sets_a_password_reads_the_user_name(staff_of_ntt, client) -> None:
    uid = urlsafe_base64_encode(str(staff_of_ntt.pk).encode())
    page = client.get(f"/kata-sandi/{uid}/{link_tokens.make_token(staff_of_ntt)}/", follow=True).content.decode()
    assert "<strong>staf.ntt</strong>" in page
