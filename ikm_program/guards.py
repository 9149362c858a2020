"""The database itself refuses to change what is append-only: triggers on both engines.

SQLite drops a table's triggers whenever a migration rebuilds it, so they are installed after every migrate, and a system
check lists what is missing.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.apps import apps
from django.core import checks
from django.db import DatabaseError, connections, models
from django.db.backends.base.base import BaseDatabaseWrapper

from ikm_program.models import AppendOnly

PG_FUNCTION = """
CREATE OR REPLACE FUNCTION ikm_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'append-only: % on % is refused', TG_OP, TG_TABLE_NAME USING ERRCODE = 'restrict_violation'; END $$
"""


def guarded_models() -> list[type[models.Model]]:
    """Every model whose rows are only ever inserted."""
    return [model for model in apps.get_models() if issubclass(model, AppendOnly)]


def trigger_names(table: str, vendor: str) -> list[str]:
    kinds = ["update", "delete"] + (["truncate"] if vendor == "postgresql" else [])
    return [f"{table}_no_{kind}" for kind in kinds]


def install(connection: BaseDatabaseWrapper) -> None:
    """Put the triggers on every guarded table that exists; harmless when they are there."""
    tables = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(PG_FUNCTION)
        for model in guarded_models():
            table = model._meta.db_table
            if table in tables:
                for statement in _create_statements(table, connection.vendor):
                    cursor.execute(statement)


def lift(connection: BaseDatabaseWrapper) -> None:
    """Take the triggers off. Only the test suite's flush between transactional tests does this."""
    tables = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        for model in guarded_models():
            table = model._meta.db_table
            if table not in tables:
                continue
            for name in trigger_names(table, connection.vendor):
                cursor.execute(f'DROP TRIGGER IF EXISTS "{name}"' + (f' ON "{table}"' if connection.vendor == "postgresql" else ""))


def missing(connection: BaseDatabaseWrapper) -> list[str]:
    """Names of triggers that should stand and do not, on tables that exist."""
    tables = set(connection.introspection.table_names())
    source = (
        "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
        if connection.vendor == "postgresql"
        else "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    )
    with connection.cursor() as cursor:
        cursor.execute(source)
        present = {row[0] for row in cursor.fetchall()}
    wanted = [
        name
        for model in guarded_models()
        if model._meta.db_table in tables
        for name in trigger_names(model._meta.db_table, connection.vendor)
    ]
    return [name for name in wanted if name not in present]


def _create_statements(table: str, vendor: str) -> list[str]:
    if vendor == "postgresql":
        events = {"update": "UPDATE", "delete": "DELETE"}
        statements = [
            f'CREATE OR REPLACE TRIGGER "{table}_no_{kind}" BEFORE {event} ON "{table}" FOR EACH ROW EXECUTE FUNCTION ikm_refuse_change()'
            for kind, event in events.items()
        ]
        return [
            *statements,
            f'CREATE OR REPLACE TRIGGER "{table}_no_truncate" BEFORE TRUNCATE ON "{table}" '
            "FOR EACH STATEMENT EXECUTE FUNCTION ikm_refuse_change()",
        ]
    return [
        f'CREATE TRIGGER IF NOT EXISTS "{table}_no_{event.lower()}" BEFORE {event} ON "{table}" '
        f"BEGIN SELECT RAISE(ABORT, 'append-only: {event} on {table} is refused'); END"
        for event in ("UPDATE", "DELETE")
    ]


def install_after_migrate(*, using: str, **kwargs: Any) -> None:
    install(connections[using])


@checks.register(checks.Tags.database)
def check_triggers(*, databases: Sequence[str] | None = None, **kwargs: Any) -> list[checks.CheckMessage]:
    """Run with `manage.py check --database default`."""
    messages: list[checks.CheckMessage] = []
    for alias in databases or []:
        try:
            absent = missing(connections[alias])
        except DatabaseError:
            continue  # a database that cannot be reached is reported by Django's own checks
        messages += [
            checks.Error(f"The append-only trigger {name} is missing.", hint="Run manage.py migrate.", id="ikm.E001") for name in absent
        ]
    return messages
