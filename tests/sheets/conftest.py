"""Uploading as a person does it, with the worker's part done on the spot."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from ikm_program.sheets import actions, tasks
from ikm_program.sheets.models import SheetImport
from tests import factories
from trainings.models import Batch, Session, User


def checked(sheet_import: SheetImport) -> SheetImport:
    """What the worker does after an upload, a correction or another start."""
    tasks.check_import.call(sheet_import.pk, sheet_import.version)
    return fresh(sheet_import)


def entered(sheet_import: SheetImport, by: User) -> SheetImport:
    actions.confirm(sheet_import, by=by, version=sheet_import.version)
    tasks.enter_import.call(sheet_import.pk, sheet_import.version)
    return fresh(sheet_import)


def fresh(sheet_import: SheetImport) -> SheetImport:
    return SheetImport.objects.select_related("created_by__region", "entered_by").get(pk=sheet_import.pk)


def outcomes(sheet_import: SheetImport) -> dict[int, str]:
    return dict(sheet_import.rows.values_list("number", "outcome"))


def faults(sheet_import: SheetImport) -> dict[int, dict[str, str]]:
    return {row.number: dict(row.faults) for row in sheet_import.rows.exclude(faults=[])}


@pytest.fixture
def send(db: None) -> Callable[..., SheetImport]:
    """`send(officer, content)`: uploaded and checked."""

    def sent(by: User, content: bytes, kind: str = "ikm", name: str = "data.xlsx", **more: Any) -> SheetImport:
        file = SimpleUploadedFile(name, content)
        made = actions.upload(SheetImport, by=by, kind=kind, file=file, **more)
        return checked(made) if made.status == SheetImport.Status.CHECKING else made

    return sent


@pytest.fixture
def day(tala_batch: Batch) -> Session:
    """A training day of two people, with no mark on it."""
    for name in ("Aminah", "Siti"):
        person = factories.ParticipantFactory(region=tala_batch.region, name=name)
        factories.EnrolmentFactory(batch=tala_batch, participant=person)
    session: Session = factories.SessionFactory(batch=tala_batch, held_on=dt.date(2020, 6, 8))
    return session
