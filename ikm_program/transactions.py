"""Write transactions: retried where the database asks for it, queued where it has only one writer."""

from __future__ import annotations

import contextlib
import fcntl
import random
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

from django.db import OperationalError, connection, connections, transaction

R = TypeVar("R")

ATTEMPTS = 4
# PostgreSQL: serialization failure, deadlock detected, lock not available (lock_timeout).
RETRIABLE_STATES = frozenset({"40001", "40P01", "55P03"})

_here = threading.local()  # work that runs on commit still stands at the head of the queue, and may write again


def write_transaction(work: Callable[[], R]) -> R:
    """Run `work` in one transaction. Inside another one it is a savepoint; outermost it is retried up to three times with jitter."""
    if connection.in_atomic_block:
        with transaction.atomic():
            return work()
    for attempt in range(1, ATTEMPTS + 1):
        try:
            with _sqlite_queue(), transaction.atomic():
                return work()
        except OperationalError as error:
            if attempt == ATTEMPTS or not _is_retriable(error):
                raise
            time.sleep(random.uniform(0.02, 0.08) * attempt)  # noqa: S311  (jitter, not a secret)
    raise AssertionError("unreachable")  # pragma: no cover


def _is_retriable(error: OperationalError) -> bool:
    state = getattr(error.__cause__, "sqlstate", None)
    return state in RETRIABLE_STATES


@contextlib.contextmanager
def one_moment() -> Iterator[None]:
    """Whatever is read inside is of one moment, however many write meanwhile, and nobody waits for it. Nothing can be written inside.

    What is inside somebody else's transaction already is left as it is.
    """
    if connection.in_atomic_block:
        yield
        return
    if connection.vendor == "postgresql":
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield
        return
    with _reading_only(), transaction.atomic():
        yield


@contextlib.contextmanager
def _reading_only() -> Iterator[None]:
    """SQLite: a transaction that begins as a reader's and stays one."""
    wrapper: Any = connections["default"]
    with connection.cursor() as cursor:
        mode = wrapper.transaction_mode  # known once it is connected
        cursor.execute("PRAGMA query_only = ON")
        wrapper.transaction_mode = "DEFERRED"
        try:
            yield
        finally:
            wrapper.transaction_mode = mode
            cursor.execute("PRAGMA query_only = OFF")


@contextlib.contextmanager
def _sqlite_queue() -> Iterator[None]:
    """SQLite lets a waiting writer starve for seconds; a file lock makes writers queue fairly across threads and processes."""
    name = str(connection.settings_dict["NAME"])
    if connection.vendor != "sqlite" or ":memory:" in name or "mode=memory" in name or getattr(_here, "is_first", False):
        yield
        return
    with Path(f"{name}.queue").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        _here.is_first = True
        try:
            yield
        finally:
            _here.is_first = False
