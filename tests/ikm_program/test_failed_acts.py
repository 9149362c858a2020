"""An act that failed left nothing: neither in the database nor on the record in hand, which a page shows and a retry acts on."""

from __future__ import annotations

from typing import Any
from unittest import mock

import pytest
from django.db import OperationalError

from ikm_program import transactions
from ikm_program.actions import Refusal, action
from ikm_program.states import advance
from tests import factories
from trainings.models import Programme, User

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("in_english")]


class Deadlock(Exception):
    sqlstate = "40P01"


@action("trainings.close_programme")
def close(programme: Programme, *, by: Any, trouble: list[Exception]) -> Programme:
    advance(programme, Programme.Status.CLOSED, by=by)
    if trouble:
        raise trouble.pop()
    return programme


def test_after_a_deadlock_the_act_is_tried_again_from_where_it_began(admin: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transactions.time, "sleep", mock.Mock())
    programme = factories.ProgrammeFactory()
    deadlock = OperationalError("deadlock detected")
    deadlock.__cause__ = Deadlock()

    close(programme, by=admin, trouble=[deadlock])

    assert (programme.status, programme.version, Programme.objects.get().version) == ("ditutup", 2, 2)


def test_after_a_refusal_the_record_in_hand_is_as_it_was(admin: User) -> None:
    programme = factories.ProgrammeFactory()

    with pytest.raises(Refusal):
        close(programme, by=admin, trouble=[Refusal("Not today.")])

    assert (programme.status, programme.version, Programme.objects.get().status) == ("dibuka", 1, "dibuka")
