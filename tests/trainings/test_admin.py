"""Django's admin: entered by role, scoped, silent about what is append-only."""

from __future__ import annotations

import pytest
from django.contrib.contenttypes.models import ContentType
from django.test import Client

from ikm_program.models import AuditEvent
from production.models import Store
from tests import factories
from trainings.models import Office, User

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


def test_only_those_who_keep_master_data_enter(admin: User, staff: User, officer: User, auditor: User, client_of) -> None:
    answers = {person.username: client_of(person).get("/admin/", follow=True).status_code for person in (admin, staff, officer, auditor)}
    assert answers == {"admin.kalsel": 200, "staf.kalsel": 200, "petugas.tala": 403, "pengawas.kalsel": 403}


def test_there_is_one_sign_in_and_the_admin_has_none_of_its_own() -> None:
    answer = Client().post("/admin/login/", {"username": "admin.kalsel", "password": "x"})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/masuk/?next=%2Fadmin%2F")


def test_rows_and_choices_are_those_within_reach(admin: User, tala, kupang, client_of) -> None:
    here, there = factories.OfficeFactory(region=tala), factories.OfficeFactory(region=kupang)
    browser = client_of(admin)
    page = browser.get("/admin/trainings/office/").content.decode()
    assert (here.name in page, there.name in page) == (True, False)
    assert browser.get(f"/admin/trainings/office/{there.pk}/change/").status_code == 302  # as for a missing one
    choices = browser.get("/admin/trainings/office/add/").content.decode()
    assert ("Kabupaten Tanah Laut" in choices, "Kabupaten Kupang" in choices) == (True, False)


def test_a_change_counts_the_version_up_and_is_on_record(admin: User, tala, client_of) -> None:
    instructor = factories.InstructorFactory(region=tala, name="Lama")
    sent = {"region": tala.pk, "name": "Baru", "expertise": "", "phone": "", "seen_version": 1}
    assert client_of(admin).post(f"/admin/trainings/instructor/{instructor.pk}/change/", sent).status_code == 302
    instructor.refresh_from_db()
    event = AuditEvent.objects.about(instructor).get()
    assert (instructor.name, instructor.version, event.before, event.after) == ("Baru", 2, {"name": "Lama"}, {"name": "Baru"})


def test_of_two_open_forms_the_second_save_is_refused(admin: User, tala, client_of) -> None:
    instructor = factories.InstructorFactory(region=tala, name="Lama", expertise="menjahit")
    browser, address = client_of(admin), f"/admin/trainings/instructor/{instructor.pk}/change/"
    assert 'name="seen_version" value="1"' in browser.get(address).content.decode()
    first = browser.post(address, {"name": "Baru", "expertise": "menjahit", "phone": "", "seen_version": 1})
    second = browser.post(address, {"name": "Lama", "expertise": "sasirangan", "phone": "", "seen_version": 1})
    instructor.refresh_from_db()
    assert (first.status_code, second.status_code, instructor.name, instructor.expertise) == (302, 200, "Baru", "menjahit")
    assert "Somebody else changed this record" in second.content.decode()


def test_what_ledgers_and_papers_stand_on_is_set_once(admin: User, tala, banjar, client_of) -> None:
    product, store = factories.ProductFactory(region=tala, unit="set"), Store.objects.create(region=tala, name="Gudang Tala")
    browser = client_of(admin)
    sent = {"name": "Gudang", "region": banjar.pk, "seen_version": 1}
    assert browser.post(f"/admin/production/store/{store.pk}/change/", sent).status_code == 302
    sent = {"name": "Hazmat", "short_name": "Hazmat", "unit": "kodi", "region": banjar.pk, "seen_version": 1}
    assert browser.post(f"/admin/production/product/{product.pk}/change/", sent).status_code == 302
    store.refresh_from_db()
    product.refresh_from_db()
    assert (store.name, store.region, product.unit, product.region) == ("Gudang", tala, "set", tala)


def test_a_kind_that_the_code_denies_is_refused(admin: User, client_of) -> None:
    sent = {"kemendagri_code": "63.99", "kind": "provinsi", "name": "Provinsi Baru", "short_name": "Baru"}
    page = client_of(admin).post("/admin/trainings/region/add/", sent)
    assert (page.status_code, "The kind does not fit the code" in page.content.decode()) == (200, True)


def test_filters_and_redirects_tell_nothing_of_another_province(admin: User, ntt, client_of) -> None:
    there = factories.ProductFactory(region=ntt, name="RAHASIA NTT")
    browser = client_of(admin)
    for page in ("lot", "reportmovement"):
        assert "RAHASIA" not in browser.get(f"/admin/production/{page}/").content.decode()
    kind = ContentType.objects.get_for_model(there).pk
    assert browser.get(f"/admin/r/{kind}/{there.pk}/").status_code == 404


def test_nothing_is_deleted_and_no_password_is_shown(admin: User, officer: User, tala, client_of) -> None:
    office = factories.OfficeFactory(region=tala)
    browser = client_of(admin)
    assert browser.post(f"/admin/trainings/office/{office.pk}/delete/", {"post": "yes"}).status_code == 403
    assert Office.objects.filter(pk=office.pk).exists()
    page = browser.get(f"/admin/trainings/user/{officer.pk}/change/").content.decode()
    assert (officer.username in page, "password" in page.split("<main")[1].split("</main>")[0]) == (True, False)


APPEND_ONLY = (
    "production/stockmovement",
    "production/reportmovement",
    "production/stockbalance",
    "production/lot",
    "trainings/issueddocument",
    "trainings/issuedfile",
    "ikm_program/auditevent",
)


@pytest.mark.parametrize("model", APPEND_ONLY)
def test_ledger_papers_and_audit_are_looked_at_only(admin: User, client_of, model: str) -> None:
    browser = client_of(admin)
    assert [browser.get(f"/admin/{model}/").status_code, browser.get(f"/admin/{model}/add/").status_code] == [200, 403]


def test_a_region_outside_the_own_is_not_added(admin: User, client_of) -> None:
    sent = {"kemendagri_code": "53.99", "kind": "kabupaten", "name": "Kabupaten Baru", "short_name": "Baru"}
    page = client_of(admin).post("/admin/trainings/region/add/", sent)
    assert "This lies outside your region." in page.content.decode()
