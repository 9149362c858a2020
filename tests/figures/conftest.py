"""The demo of 2020, built once and taken back after the last test here; every test works in a savepoint of its own."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client, override_settings
from django.utils import translation

from distribution.reports.reconciliation import Reconciliation, Row, reconcile
from ikm_program import guards
from ikm_program.management.commands.seed_demo import seed
from trainings.models import User
from trainings.tasks import render_missing

JUNE_22 = dt.date(2020, 6, 22)
HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(scope="package")
def demo(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: Any) -> Iterator[Path]:
    media = tmp_path_factory.mktemp("media")
    with django_db_blocker.unblock(), override_settings(DEMO_MODE=True, PASSWORD_HASHERS=HASHERS, MEDIA_ROOT=media), transaction.atomic():
        with translation.override("id"):
            seed()
            render_missing()
        yield media
        transaction.set_rollback(True)


@pytest.fixture
def _django_db_helper(demo: Path) -> Iterator[None]:
    """What `django_db` means here: pytest-django's own would close the connection, and the demo with it, after every test."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def in_demo_mode(settings_of_tests: None, settings: Any, demo: Path) -> None:
    """The example accounts sign in nowhere else, and the scans of the demo lie where it put them."""
    settings.MEDIA_ROOT = demo
    settings.DEMO_MODE = True


@pytest.fixture
def person() -> Callable[[str], User]:
    def found(username: str) -> User:
        return User.objects.select_related("region").get(username=username)

    return found


@pytest.fixture
def browser(client_of: Callable[..., Client], person: Callable[[str], User]) -> Callable[..., Client]:
    """Signed in as that account of the demo."""
    return lambda username, language="en": client_of(person(username), language)


@pytest.fixture
def june() -> Reconciliation:
    """What the books say of 22 June 2020."""
    return reconcile(as_of=JUNE_22)


@pytest.fixture
def lifted() -> None:
    """The database lets itself be damaged; the savepoint puts the triggers back."""
    guards.lift(connection)


def row_of(result: Reconciliation, product: str, code: str) -> Row:
    return next(row for row in result.rows if (row.product.code, row.region.kemendagri_code) == (product, code))
