"""On PostgreSQL the serving role is weaker than the owner: a superuser passes every grant, so the tests put the role on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import DatabaseError, connection, transaction

from ikm_program.guards import guarded_models
from tests import factories
from tests.sheets import files
from tests.sheets.conftest import entered, send
from trainings.models import User

__all__ = ["send"]  # a fixture of the sheets

pytestmark = [pytest.mark.postgres, pytest.mark.django_db]
INSERT_ONLY = [model._meta.db_table for model in guarded_models()]


@pytest.fixture
def app_role() -> Iterator[str]:
    role = "ikm_app_of_the_test"
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE ROLE {role}")  # rolled back with the test
        database = connection.ops.quote_name(connection.settings_dict["NAME"])
        cursor.execute(f"REVOKE ALL ON DATABASE {database} FROM PUBLIC")  # as deploy/roles.sh does
        call_command("grant_app_role", role)
        cursor.execute(f"SET ROLE {role}")
        yield role
        cursor.execute("RESET ROLE")


def refused(statement: str) -> bool:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    except DatabaseError as error:
        return "permission denied" in str(error)
    return False


def test_there_is_something_to_guard():
    assert INSERT_ONLY != []


@pytest.mark.parametrize("table", INSERT_ONLY)
def test_the_serving_role_cannot_change_what_is_insert_only(app_role: str, table: str):
    assert refused(f'DELETE FROM "{table}"')
    assert refused(f'UPDATE "{table}" SET id = id')
    assert refused(f'TRUNCATE "{table}" CASCADE')


@pytest.mark.parametrize("table", INSERT_ONLY)
def test_the_serving_role_can_read_what_is_insert_only(app_role: str, table: str):
    assert not refused(f'SELECT count(*) FROM "{table}"')


def test_the_serving_role_can_change_what_changes(app_role: str):
    assert not refused("UPDATE django_session SET session_key = session_key")


def test_the_serving_role_brings_in_a_changed_row(officer: User, app_role: str, send: Any):
    enterprise = factories.EnterpriseFactory(region=officer.region, name="Nama Lama", code="K-00001")
    made = entered(send(officer, files.table(files.ikm(1))), officer)
    enterprise.refresh_from_db()
    assert (made.status, made.outcomes, enterprise.name) == ("dimasukkan", {"berubah": 1}, "Usaha CONTOH 1")


def test_the_role_may_be_named_by_its_address():
    with connection.cursor() as cursor:
        cursor.execute("CREATE ROLE ikm_app_by_url")
    call_command("grant_app_role", for_url="postgres://ikm_app_by_url:secret@127.0.0.1/ikm")
    with connection.cursor() as cursor:
        cursor.execute("SELECT has_table_privilege('ikm_app_by_url', 'django_session', 'INSERT')")
        assert cursor.fetchone() == (True,)


def test_a_role_must_be_named():
    with pytest.raises(CommandError):
        call_command("grant_app_role")
