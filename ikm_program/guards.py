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

PG_BODY = "BEGIN RAISE EXCEPTION 'append-only: % on % is refused', TG_OP, TG_TABLE_NAME USING ERRCODE = 'restrict_violation'; END"
PG_FUNCTION = f"CREATE OR REPLACE FUNCTION ikm_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $${PG_BODY}$$"
KINDS = ("update", "delete", "truncate")  # the last on PostgreSQL only
PG_TYPES = {"update": 19, "delete": 11, "truncate": 34}  # pg_trigger.tgtype: row, before, and the event


def guarded_models() -> list[type[models.Model]]:
    """Every model whose rows are only ever inserted."""
    return [model for model in apps.get_models() if issubclass(model, AppendOnly)]


def trigger_names(table: str, vendor: str) -> list[str]:
    return [f"{table}_no_{kind}" for kind in (KINDS if vendor == "postgresql" else KINDS[:2])]


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
    """Names of triggers, on tables that exist, that do not stand as we put them there: dropped, switched off, or made to do nothing."""
    tables = set(connection.introspection.table_names()) & {model._meta.db_table for model in guarded_models()}
    wanted = {
        name: (table, kind) for table in sorted(tables) for name, kind in zip(trigger_names(table, connection.vendor), KINDS, strict=False)
    }
    stands = _stands_on_postgresql if connection.vendor == "postgresql" else _stands_on_sqlite
    with connection.cursor() as cursor:
        sound = stands(cursor, wanted)
    return [name for name in wanted if name not in sound]


def _stands_on_postgresql(cursor: Any, wanted: dict[str, tuple[str, str]]) -> set[str]:
    cursor.execute(
        "SELECT tgname, relname, tgtype, tgenabled, prosrc FROM pg_trigger "
        "JOIN pg_class ON pg_class.oid = tgrelid JOIN pg_proc ON pg_proc.oid = tgfoid WHERE NOT tgisinternal"
    )
    return {
        name
        for name, table, kind, enabled, source in cursor.fetchall()
        if name in wanted and (table, kind) == (wanted[name][0], PG_TYPES[wanted[name][1]]) and enabled in ("O", "A") and source == PG_BODY
    }


def _stands_on_sqlite(cursor: Any, wanted: dict[str, tuple[str, str]]) -> set[str]:
    cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
    return {name for name, sql in cursor.fetchall() if name in wanted and sql.endswith(_sqlite_body(*wanted[name]))}


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
        statement
        for kind in KINDS[:2]
        for statement in (
            f'DROP TRIGGER IF EXISTS "{table}_no_{kind}"',
            f'CREATE TRIGGER "{table}_no_{kind}" {_sqlite_body(table, kind)}',
        )
    ]


def _sqlite_body(table: str, kind: str) -> str:
    event = kind.upper()
    return f"BEFORE {event} ON \"{table}\" BEGIN SELECT RAISE(ABORT, 'append-only: {event} on {table} is refused'); END"


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
            checks.Error(f"The append-only trigger {name} is missing or does nothing.", hint="Run manage.py migrate.", id="ikm.E001")
            for name in absent
        ]
    return messages
