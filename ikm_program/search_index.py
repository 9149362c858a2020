"""What makes a search quick: a trigram index on PostgreSQL, an FTS5 table of trigrams on SQLite, kept by triggers.

SQLite drops a table's triggers whenever a migration rebuilds it, so both are put up after every migrate; what was missing is filled
then. A system check lists what is missing, `rebuild` fills the table again after rows came in past the triggers.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any

from django.apps import apps
from django.core import checks
from django.db import DatabaseError, connections, models, router
from django.db.backends.base.base import BaseDatabaseWrapper

from ikm_program.likeness import literal_runs
from ikm_program.searching import Searched

KINDS = ("insert", "update", "delete")
MANY = 5_000  # hits of an index


def searched_models() -> list[type[models.Model]]:
    return [model for model in apps.get_models() if issubclass(model, Searched)]


def words_table(model: type[models.Model]) -> str:
    return f"{model._meta.db_table}_words"


def index_name(model: type[models.Model]) -> str:
    return f"{model._meta.db_table}_trigrams"


def sqlite_keys(alias: str, model: type[models.Model], choices: Sequence[Sequence[str]]) -> list[int] | None:
    """The keys of rows in which of each list at least one text may stand; None when they are so many that an index is no help."""
    table = words_table(model)
    asked = " AND ".join(_any_of(tuple(texts)) for texts in choices)
    with connections[alias].cursor() as cursor:
        cursor.execute(f'SELECT rowid FROM "{table}" WHERE "{table}" MATCH %s LIMIT {MANY + 1}', [asked])  # noqa: S608  (our own table)
        keys = [key for (key,) in cursor.fetchall()]
    return None if len(keys) > MANY else keys


@lru_cache(maxsize=512)
def _any_of(texts: tuple[str, ...]) -> str:
    """What FTS5 is asked: a text all of whose parts lie in those of another brings nothing more, and is left out."""
    asked: list[tuple[str, ...]] = []
    for runs in sorted({tuple(literal_runs(text)) for text in texts}, key=lambda runs: (len(runs), sum(map(len, runs)), runs)):
        if not any(_brings(known, runs) for known in asked):  # short ones first: they bring the most
            asked.append(runs)
    return "(" + " OR ".join("(" + " AND ".join(f'"{run}"' for run in runs) + ")" for runs in asked) + ")"


def _brings(wide: tuple[str, ...], narrow: tuple[str, ...]) -> bool:
    """Whether every text with the parts of `narrow` has those of `wide` too."""
    return all(any(run in longer for longer in narrow) for run in wide)


def install(connection: BaseDatabaseWrapper) -> None:
    """Put up what is missing, filled; harmless when everything stands."""
    tables = set(connection.introspection.table_names())
    for model in searched_models():
        if model._meta.db_table in tables and missing(connection, [model]):
            (_install_postgresql if connection.vendor == "postgresql" else _install_sqlite)(connection, model)


def rebuild(connection: BaseDatabaseWrapper, model: type[models.Model]) -> None:
    """Read the whole table again: quicker than the triggers when much of it is new."""
    if connection.vendor == "sqlite":
        table = words_table(model)
        with connection.cursor() as cursor:
            cursor.execute(f'INSERT INTO "{table}"("{table}") VALUES (\'rebuild\')')  # noqa: S608  (the name of our own table)


def lift(connection: BaseDatabaseWrapper, model: type[models.Model]) -> None:
    """Take SQLite's triggers off before a bulk load; `install` puts them back and fills the table."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            for kind in KINDS:
                cursor.execute(f'DROP TRIGGER IF EXISTS "{words_table(model)}_{kind}"')


@contextlib.contextmanager
def taking_in(model: type[models.Model]) -> Iterator[None]:
    """Around many new rows in one transaction: SQLite's table takes them in one statement, which costs a fifth of one for each row."""
    connection = connections[router.db_for_write(model)]
    if connection.vendor != "sqlite":
        yield
        return
    source, table, key = model._meta.db_table, words_table(model), model._meta.pk.column
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT COALESCE(MAX("{key}"), 0) FROM "{source}"')  # noqa: S608  (our own names)
        newest = cursor.fetchone()[0]
        cursor.execute(f'DROP TRIGGER IF EXISTS "{table}_insert"')  # comes back with a rollback, too
        yield
        cursor.execute(
            f'INSERT INTO "{table}"(rowid, search_key) SELECT "{key}", search_key FROM "{source}" WHERE "{key}" > %s',  # noqa: S608
            [newest],
        )
        _install_triggers(cursor, model)


def missing(connection: BaseDatabaseWrapper, of: Sequence[type[models.Model]] | None = None) -> list[str]:
    """Names of indexes, tables and triggers that should stand and do not, for tables that exist."""
    is_postgresql = connection.vendor == "postgresql"
    source = "SELECT indexname FROM pg_indexes" if is_postgresql else "SELECT name FROM sqlite_master"
    with connection.cursor() as cursor:
        cursor.execute(source)
        present = {row[0] for row in cursor.fetchall()}
    tables = set(connection.introspection.table_names())
    wanted = [model for model in (searched_models() if of is None else of) if model._meta.db_table in tables]
    names = [[index_name(model)] if is_postgresql else _sqlite_names(model) for model in wanted]
    return [name for group in names for name in group if name not in present]


def _sqlite_names(model: type[models.Model]) -> list[str]:
    return [words_table(model), *(f"{words_table(model)}_{kind}" for kind in KINDS)]


def _install_postgresql(connection: BaseDatabaseWrapper, model: type[models.Model]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        cursor.execute(
            f'CREATE INDEX IF NOT EXISTS "{index_name(model)}" ON "{model._meta.db_table}" USING gin (search_key gin_trgm_ops)',
        )


def _install_sqlite(connection: BaseDatabaseWrapper, model: type[models.Model]) -> None:
    source, table, key = model._meta.db_table, words_table(model), model._meta.pk.column
    with connection.cursor() as cursor:
        cursor.execute(
            f'CREATE VIRTUAL TABLE IF NOT EXISTS "{table}" USING fts5('
            f"search_key, content='{source}', content_rowid='{key}', tokenize='trigram', columnsize=0)"
        )
        _install_triggers(cursor, model)
    rebuild(connection, model)


def _install_triggers(cursor: Any, model: type[models.Model]) -> None:
    source, table, key = model._meta.db_table, words_table(model), model._meta.pk.column
    add = f'INSERT INTO "{table}"(rowid, search_key) VALUES (new."{key}", new.search_key);'  # noqa: S608  (our own names)
    remove = f'INSERT INTO "{table}"("{table}", rowid, search_key) VALUES (\'delete\', old."{key}", old.search_key);'  # noqa: S608
    for kind, when, acts in (
        ("insert", "INSERT", add),
        ("update", "UPDATE OF search_key", remove + add),
        ("delete", "DELETE", remove),
    ):
        cursor.execute(f'CREATE TRIGGER IF NOT EXISTS "{table}_{kind}" AFTER {when} ON "{source}" BEGIN {acts} END')


def install_after_migrate(*, using: str, **kwargs: Any) -> None:
    install(connections[using])


@checks.register(checks.Tags.database)
def check_indexes(*, databases: Sequence[str] | None = None, **kwargs: Any) -> list[checks.CheckMessage]:
    """Run with `manage.py check --database default`."""
    found: list[checks.CheckMessage] = []
    for alias in databases or []:
        try:
            absent = missing(connections[alias])
        except DatabaseError:
            continue  # a database that cannot be reached is reported by Django's own checks
        found += [
            checks.Error(f"{name}, which searches need, is missing.", hint="Run manage.py migrate.", id="ikm.E002") for name in absent
        ]
    return found
