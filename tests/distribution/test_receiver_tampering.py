"""Somebody with the database's own password changes what a receiver has signed for: verify_integrity says so."""

from __future__ import annotations

import pytest
from django.db import connection

from distribution.models import HandoverLine, ReceiverStatement, StatementLine
from ikm_program import guards
from ikm_program.integrity import CHECKS
from tests.distribution.receivers import confirmed_by_link

SAID = "what receivers said stands as it was sent"


@pytest.fixture
def statement(world, issue) -> ReceiverStatement:
    world.stock(30)
    made = confirmed_by_link(issue(30), world.official, "CONTOH")
    assert list(CHECKS[SAID]()) == []
    guards.lift(connection)
    return made


def test_a_changed_name_or_quantity_is_found(statement):
    ReceiverStatement.objects.update(name="Orang Lain")
    assert list(CHECKS[SAID]()) == [f"statement {statement.pk} of a receiver: its content is not the one that was sent"]


def test_a_receipt_with_other_quantities_is_found(statement):
    StatementLine.objects.update(quantity=29)
    HandoverLine.objects.update(acknowledged=30)
    assert [sentence.split(": ")[1] for sentence in CHECKS[SAID]()] == [
        "its content is not the one that was sent", "other quantities than the receiver signed for",
    ]  # fmt: skip
