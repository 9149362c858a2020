"""An office that has nothing yet is told what to set up, in order; one at work is not."""

from __future__ import annotations

import pytest

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
    steps = state(staff_of_ntt)
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
