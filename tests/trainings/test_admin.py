"""Django's admin: entered by role, scoped, silent about what is append-only."""

from __future__ import annotations

import pytest
from django.contrib.admin import site
from django.contrib.contenttypes.models import ContentType
from django.test import Client

from distribution.models import Recipient
from ikm_program.admin import ReadOnlyAdmin, ScopedAdmin
from ikm_program.models import AuditEvent
from production.models import Product, Store
from tests import factories
from trainings.models import Activity, Instructor, Office, Official, Programme, Sentra, User

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
    choices = browser.get("/admin/production/store/add/").content.decode()
    assert ("Kabupaten Tanah Laut" in choices, "Kabupaten Kupang" in choices) == (True, False)


def test_a_change_counts_the_version_up_and_is_on_record(admin: User, tala, client_of) -> None:
    store = Store.objects.create(region=tala, name="Lama", is_default=False)
    sent = {"region": tala.pk, "name": "Baru", "address": "", "seen_version": 1}
    assert client_of(admin).post(f"/admin/production/store/{store.pk}/change/", sent).status_code == 302
    store.refresh_from_db()
    event = AuditEvent.objects.about(store).get()
    assert (store.name, store.version, event.before, event.after) == ("Baru", 2, {"name": "Lama"}, {"name": "Baru"})


def test_of_two_open_forms_the_second_save_is_refused(admin: User, tala, client_of) -> None:
    store = Store.objects.create(region=tala, name="Lama", address="Jalan Lama", is_default=False)
    browser, address = client_of(admin), f"/admin/production/store/{store.pk}/change/"
    assert 'name="seen_version" value="1"' in browser.get(address).content.decode()
    first = browser.post(address, {"name": "Baru", "address": "Jalan Lama", "seen_version": 1})
    second = browser.post(address, {"name": "Lama", "address": "Jalan Baru", "seen_version": 1})
    store.refresh_from_db()
    assert (first.status_code, second.status_code, store.name, store.address) == (302, 200, "Baru", "Jalan Lama")
    assert "Somebody else changed this record" in second.content.decode()


def test_what_ledgers_and_papers_stand_on_is_set_once(admin: User, tala, banjar, client_of) -> None:
    store = Store.objects.create(region=tala, name="Gudang Tala")
    sent = {"name": "Gudang", "region": banjar.pk, "seen_version": 1}
    assert client_of(admin).post(f"/admin/production/store/{store.pk}/change/", sent).status_code == 302
    store.refresh_from_db()
    assert (store.name, store.region) == ("Gudang", tala)


ON_A_SCREEN = (
    (Office, "number_pattern", factories.OfficeFactory),
    (Official, "can_sign", factories.OfficialFactory),
    (Instructor, "name", factories.InstructorFactory),
    (Sentra, "name", factories.SentraFactory),
    (Programme, "ends_on", factories.ProgrammeFactory),
    (Activity, "name", factories.ActivityFactory),
    (Product, "unit", factories.ProductFactory),
    (Recipient, "name", lambda: Recipient.objects.create(region=factories.region("63.01"), kind="masyarakat", name="Warga Tala")),
)


@pytest.mark.parametrize(("model", "name", "factory"), ON_A_SCREEN, ids=[model.__name__ for model, _name, _factory in ON_A_SCREEN])
def test_what_a_screen_changes_is_only_looked_up_here(admin: User, client_of, model, name: str, factory) -> None:
    """The admin asks no action: an office would take another's numbering, a programme end before its last report."""
    record, browser = factory(), client_of(admin)
    before = model.objects.filter(pk=record.pk).values(name).get()
    address = f"/admin/{model._meta.app_label}/{model._meta.model_name}"
    answers = [
        browser.get(f"{address}/{record.pk}/change/"),
        browser.get(f"{address}/add/"),
        browser.post(f"{address}/{record.pk}/change/"),
    ]
    assert [answer.status_code for answer in answers] == [200, 403, 403]
    page = answers[0].content.decode()
    assert (str(record) in page, f'name="{name}"' in page) == (True, False)
    assert model.objects.filter(pk=record.pk).values(name).get() == before


def test_no_other_model_is_written_past_its_action() -> None:
    """What may be saved in the admin has no screen; whoever adds a model here decides."""
    kept = {model.__name__ for model, one in site._registry.items() if isinstance(one, ScopedAdmin) and not isinstance(one, ReadOnlyAdmin)}
    assert kept == {"Region", "Store", "StampDuty"}


def test_the_nik_of_an_official_is_masked_here_too(admin: User, tala, client_of) -> None:
    nik = factories.nik("63.01", 7)
    signer = factories.OfficialFactory(office__region=tala, identity_kind=Official.IdentityKind.NIK, identity_number=nik)
    page = client_of(admin).get(f"/admin/trainings/official/{signer.pk}/change/").content.decode()
    assert (nik in page, signer.shown_number in page) == (False, True)


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
