"""Three people and the world they work in: an officer here, an officer of another district, the province."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connections
from django.test import Client, SimpleTestCase, TransactionTestCase
from django.utils import translation

from ikm_program import guards
from tests import factories
from trainings.models import Activity, Batch, Programme, Region, User


@pytest.hookimpl(tryfirst=True)  # before -m chooses
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What may not ask the database (pytest-django refuses it a connection) answers the same on both."""
    for item in items:
        if not may_ask_the_database(item):
            item.add_marker(pytest.mark.no_database)


def may_ask_the_database(item: pytest.Item) -> bool:
    if any(item.get_closest_marker(name) for name in ("django_db", "postgres", "browser")):
        return True
    is_case = issubclass(getattr(item, "cls", None) or object, SimpleTestCase)
    return is_case or not {"db", "transactional_db", "django_db_setup"}.isdisjoint(getattr(item, "fixturenames", ()))


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> Iterator[None]:
    """SQLite is tested as it serves, in a file, because races and WAL do not show in memory."""
    with tempfile.TemporaryDirectory(prefix="ikm-test-database-", ignore_cleanup_errors=True) as directory:
        database = settings.DATABASES["default"]
        if database["ENGINE"] == "django.db.backends.sqlite3":
            database.setdefault("TEST", {})["NAME"] = str(Path(directory) / "test.sqlite3")
        yield


@pytest.fixture(scope="session", autouse=True)
def flush_may_empty_the_ledgers() -> Iterator[None]:
    """The database refuses to delete what is append-only; only for the flush after a transactional test the triggers are lifted."""
    flush = TransactionTestCase._fixture_teardown

    def lifted_flush(case: TransactionTestCase) -> None:
        connection = connections["default"]
        guards.lift(connection)
        try:
            flush(case)
        finally:
            guards.install(connection)

    with mock.patch.object(TransactionTestCase, "_fixture_teardown", lifted_flush):
        yield


@pytest.fixture(autouse=True)
def settings_of_tests(settings: Any, tmp_path: Path) -> None:
    """What an .env of this checkout may say does not reach a test."""
    cache.clear()  # a test writes past the actions, and the next one has the same keys
    settings.DEMO_MODE = False
    settings.SITE_URL = "http://testserver"
    settings.ALLOWED_HOSTS = ["testserver"]
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.STATIC_ROOT = tmp_path  # WhiteNoise warns where nothing was collected
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}


@pytest.fixture
def in_english() -> Iterator[None]:
    """Sentences as they stand in the code; `client_of` asks for the same language."""
    with translation.override("en"):
        yield


@pytest.fixture
def client_of() -> Callable[[User], Client]:
    """A browser in which that person is signed in."""

    def signed_in(person: User, language: str = "en") -> Client:
        client = Client(headers={"accept-language": language})
        client.force_login(person)
        return client

    return signed_in


# --- places -------------------------------------------------------------------------------------------------------------


@pytest.fixture
def country(db: None) -> Region:
    return factories.region("00")


@pytest.fixture
def province(db: None) -> Region:
    """Kalimantan Selatan."""
    return factories.region("63")


@pytest.fixture
def tala(db: None) -> Region:
    """Kabupaten Tanah Laut: here."""
    return factories.region("63.01")


@pytest.fixture
def banjar(db: None) -> Region:
    """Kabupaten Banjar: another district."""
    return factories.region("63.03")


@pytest.fixture
def ntt(db: None) -> Region:
    """Another province."""
    return factories.region("53")


@pytest.fixture
def kupang(db: None) -> Region:
    """A district of another province."""
    return factories.region("53.01")


# --- people -------------------------------------------------------------------------------------------------------------


@pytest.fixture
def officer(tala: Region) -> User:
    """Enters in Tala."""
    return factories.user("petugas_kabupaten", "63.01", username="petugas.tala", full_name="Petugas Tala")


@pytest.fixture
def other_officer(banjar: Region) -> User:
    """Enters in Banjar."""
    return factories.user("petugas_kabupaten", "63.03", username="petugas.banjar", full_name="Petugas Banjar")


@pytest.fixture
def official(tala: Region) -> User:
    """Issues in Tala."""
    return factories.user("pejabat_kabupaten", "63.01", username="pejabat.tala", full_name="Pejabat Tala")


@pytest.fixture
def staff(province: Region) -> User:
    """Enters and verifies for the province."""
    return factories.user("staf_provinsi", username="staf.kalsel", full_name="Staf Kalsel")


@pytest.fixture
def provincial_official(province: Region) -> User:
    """Issues for the province."""
    return factories.user("pejabat_provinsi", username="pejabat.kalsel", full_name="Pejabat Kalsel")


@pytest.fixture
def admin(province: Region) -> User:
    """Invites people and keeps the master data of the province."""
    return factories.user("admin_provinsi", username="admin.kalsel", full_name="Admin Kalsel")


@pytest.fixture
def auditor(province: Region) -> User:
    """Reads everything of the province and changes nothing."""
    return factories.user("pengawas", username="pengawas.kalsel", full_name="Pengawas Kalsel")


@pytest.fixture
def instructor_user(tala: Region) -> User:
    """Teaches in Tala and enters the output of the own batches."""
    return factories.user("instruktur", "63.01", username="instruktur.tala", full_name="Instruktur Tala")


# --- the programme of 2020 ----------------------------------------------------------------------------------------------


@pytest.fixture
def programme(province: Region) -> Programme:
    return factories.ProgrammeFactory(region=province, code="kalsel-2020", name="APD & Pangan")


@pytest.fixture
def hazmat_training(programme: Programme, tala: Region, banjar: Region) -> Activity:
    """Seven participants a district, in Tala and Banjar."""
    activity = factories.ActivityFactory(programme=programme, name="Bimtek Hazmat")
    for district in (tala, banjar):
        factories.ActivityDistrictFactory(activity=activity, region=district, quota=7)
    return activity


@pytest.fixture
def tala_batch(hazmat_training: Activity, tala: Region) -> Batch:
    return factories.BatchFactory(activity=hazmat_training, region=tala)


@pytest.fixture
def banjar_batch(hazmat_training: Activity, banjar: Region) -> Batch:
    return factories.BatchFactory(activity=hazmat_training, region=banjar)
