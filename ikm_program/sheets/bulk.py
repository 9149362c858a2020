"""Thousands of rows at once: COPY on PostgreSQL, one prepared statement on SQLite. Values are what the database itself takes."""

from __future__ import annotations

import contextlib
import json
import logging
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.db import DatabaseError, connection, models
from django.db.backends.base.base import BaseDatabaseWrapper

log = logging.getLogger(__name__)


@models.Field.register_lookup
class OneOf(models.Lookup[Any]):
    """One of thousands of texts, sent as one parameter: `in` makes a parameter of each, which costs more than the search itself."""

    lookup_name = "one_of"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        column, parameters = self.process_lhs(compiler, connection)
        values = json.dumps(list(self.rhs))
        return f"{column} IN (SELECT value FROM json_each(%s))", (*parameters, values)  # noqa: S608  (a column of our own)

    def as_postgresql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        column, parameters = self.process_lhs(compiler, connection)
        return f"{column} = ANY(%s)", (*parameters, list(self.rhs))


def insert(model: type[models.Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Insert rows given in the order of `columns` (names in the database); nothing else is filled in.

    Rows that are made meanwhile are made while the database takes in those before. Making one asks the database nothing: PostgreSQL
    would wait for the rest of the rows, and we for its answer.
    """
    insert_into(model._meta.db_table, columns, rows)


def insert_into(table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    with connection.cursor() as cursor, connection.wrap_database_errors, connection.execute_wrapper(_refuse_questions):
        if connection.vendor == "postgresql":
            with _told_without_rows(), cursor.cursor.copy(_copy(table, columns)) as copy:
                for row in rows:
                    copy.write_row(row)
            return
        quoted = ", ".join(f'"{name}"' for name in columns)
        marks = ", ".join(["?"] * len(columns))
        _sqlite(cursor).executemany(f'INSERT INTO "{table}" ({quoted}) VALUES ({marks})', rows)  # noqa: S608  names of our own models


@contextlib.contextmanager
def inserting_apart(model: type[models.Model], columns: Sequence[str]) -> Iterator[Apart]:
    """Insert rows over a connection of its own, into which PostgreSQL takes them while this one reads, judges and asks.

    Nobody sees a row before `keep`; a block that ends without it, or is killed, leaves none. What the rows point to is on record: this
    connection's own transaction is not seen there.
    """
    beside = connection.copy()
    try:
        beside.set_autocommit(False)
        with beside.cursor() as cursor, beside.wrap_database_errors, _told_without_rows(), contextlib.ExitStack() as until_kept:
            cursor.execute("SET statement_timeout = 0")  # it lasts as long as the reading
            yield Apart(beside, until_kept, until_kept.enter_context(cursor.cursor.copy(_copy(model._meta.db_table, columns))))
    finally:
        beside.close()


class Apart:
    """Rows on their way in, apart from what this connection does."""

    def __init__(self, beside: BaseDatabaseWrapper, copying: contextlib.ExitStack, copy: Any) -> None:
        self._beside, self._copying, self._copy = beside, copying, copy
        self._outcome = ""

    def add(self, rows: Iterable[Sequence[Any]]) -> None:
        for row in rows:
            self._copy.write_row(row)

    def keep(self) -> None:
        """All of them, or a `DatabaseError`. Asked again it tells the same."""
        if not self._outcome:
            self._outcome = "lost"
            self._copying.close()
            self._beside.commit()
            self._outcome = "kept"
        if self._outcome == "lost":
            raise DatabaseError("The rows were not stored.")


@contextlib.contextmanager
def _told_without_rows() -> Iterator[None]:
    """PostgreSQL quotes the row at which a COPY broke, and people's numbers would stand in our log."""
    try:
        yield
    except connection.Database.Error as error:  # type: ignore[attr-defined]  # the driver's own, which Django has not wrapped yet
        told = (type(error).__name__, f"SQLSTATE {error.sqlstate}", error.diag.constraint_name)  # by its name `records` knows the sentence
        raise type(error)(", ".join(filter(None, told))) from None


def _copy(table: str, columns: Sequence[str]) -> str:
    quoted = ", ".join(f'"{name}"' for name in columns)
    return f'COPY "{table}" ({quoted}) FROM STDIN'


def _refuse_questions(*_question: Any) -> Any:
    raise RuntimeError("The database was asked something by a row that is on its way into it.")


def update(model: type[models.Model], columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> int:
    """Set `columns` of the rows that still have their version, and count it up; each row is (id, version, *values). Answers how many."""
    return _set(model, ("id", "version"), columns, rows, ', "version" = {}"version" + 1')


def set_by_id(model: type[models.Model], columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> int:
    """Set `columns` of rows that nobody else writes; each row is (id, *values)."""
    return _set(model, ("id",), columns, rows, "")


def _set(model: type[models.Model], keys: Sequence[str], columns: Sequence[str], rows: Sequence[Sequence[Any]], also: str) -> int:
    table = model._meta.db_table
    if connection.vendor != "postgresql":
        sets = ", ".join(f'"{name}" = ?' for name in columns) + also.format("")
        where = " AND ".join(f'"{name}" = ?' for name in keys)
        with connection.cursor() as cursor, connection.wrap_database_errors:
            plain = _sqlite(cursor)
            statement = f'UPDATE "{table}" SET {sets} WHERE {where}'  # noqa: S608  names of our own models
            plain.executemany(statement, [(*row[len(keys) :], *row[: len(keys)]) for row in rows])
            return int(plain.rowcount)
    names = ", ".join(f'"{name}"' for name in (*keys, *columns))
    sets = ", ".join(f'"{name}" = staged."{name}"' for name in columns) + also.format("kept.")
    where = " AND ".join(f'kept."{name}" = staged."{name}"' for name in keys)
    with connection.cursor() as cursor:
        cursor.execute(f'CREATE TEMP TABLE staged ON COMMIT DROP AS SELECT {names} FROM "{table}" WHERE false')  # noqa: S608
        insert_into("staged", (*keys, *columns), rows)
        cursor.execute(f'UPDATE "{table}" AS kept SET {sets} FROM staged WHERE {where}')  # noqa: S608
        changed = cursor.rowcount
        cursor.execute("DROP TABLE staged")
    return int(changed)


def new_ids(model: type[models.Model], count: int) -> list[int]:
    """Ids that nobody else gets, so that what is to be inserted is known by number. Inside a write transaction."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT pg_get_serial_sequence(%s, 'id')", [f'"{table}"'])
            cursor.execute("SELECT nextval(%s) FROM generate_series(1, %s)", [cursor.fetchone()[0], count])
            return [row[0] for row in cursor.fetchall()]
        cursor.execute("UPDATE sqlite_sequence SET seq = seq + %s WHERE name = %s RETURNING seq", [count, table])
        last = cursor.fetchone()
        if last is None:  # nothing was ever inserted
            cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [table, count])
        first = (last[0] if last else count) - count + 1
        return list(range(first, first + count))


def analyse(model: type[models.Model]) -> None:
    """After much was added: PostgreSQL plans by what a table held when it last looked, and by itself it looks again a minute later.

    A role that does not own the table is warned and skipped: there autovacuum's minute remains.
    """
    if connection.vendor == "postgresql":
        table, key = model._meta.db_table, model._meta.pk.column
        try:
            with connection.cursor() as cursor:
                cursor.execute(f'ANALYZE "{table}" ("{key}")')
        except DatabaseError:  # what came in is in: this only makes the next questions quicker
            log.warning("%s was not analysed", table, exc_info=True)


def prepared(field: models.Field[Any, Any], value: Any) -> Any:
    """A value of a model's field as this database takes it."""
    return field.get_db_prep_save(value, connection)


def _sqlite(cursor: Any) -> Any:
    """Django's cursor rewrites every statement and logs every row of an executemany. Whoever goes past it wraps the errors."""
    return cursor.connection.cursor()
