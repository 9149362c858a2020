"""A correction takes away at most what its line still has, when it is entered and when it is sent again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from distribution.reports.reconciliation import as_report, reconcile
from ikm_program.actions import Refusal
from production.actions.output import MakerPart, amend_correction, record_correction, submit_output, withdraw_output
from production.actions.verification import verify_output
from production.models import OutputEntry, ReportMovement
from tests.production.conftest import DAY
from trainings.models import User

pytestmark = pytest.mark.usefixtures("in_english")


def refused(act: Callable[..., Any], *subject: Any, **facts: Any) -> tuple[str, str | None]:
    with pytest.raises(Refusal) as caught:
        act(*subject, **facts)
    return str(caught.value), caught.value.field


def at_most(left: int) -> tuple[str, str]:
    return f"At most −{left}: that is what this line still has, less the corrections that wait.", "difference"


def test_more_than_the_line_has_is_refused_at_the_field(client_of: Callable[[User], Client], officer: User, verified: Any):
    entry = verified(100)
    form = {"key": str(uuid4()), "line": entry.lines.get().pk, "difference": "-500", "corrected_on": DAY.isoformat(), "reason": "Salah"}

    answer = client_of(officer).post(reverse("production:output_correct", args=[entry.pk]), form)

    assert (answer.status_code, answer.context["form"].errors["difference"]) == (422, [at_most(100)[0]])
    assert not entry.corrections.exists()


def test_a_maker_gives_back_no_more_than_the_own_part(officer: User, verified: Any, makers: Any):
    line = verified(100, parts=[MakerPart(makers[0], 20)]).lines.get(participant=makers[0])

    assert refused(record_correction, line, by=officer, difference=-21, reason="salah") == at_most(20)
    assert record_correction(line, by=officer, difference=-20, reason="salah").status == OutputEntry.Status.SUBMITTED


def test_what_was_corrected_and_what_waits_counts(officer: User, staff: User, verified: Any):
    line = verified(100).lines.get()
    done = record_correction(line, by=officer, difference=-30, reason="salah")
    verify_output(done, by=staff, version=done.version)
    record_correction(line, by=officer, difference=-60, reason="salah")
    record_correction(line, by=officer, difference=50, reason="terlewat")  # nobody has accepted these yet

    assert refused(record_correction, line, by=officer, difference=-11, reason="salah") == at_most(10)
    record_correction(line, by=officer, difference=-10, reason="salah")
    words = "Nothing of this line is left that a correction could take away."
    assert refused(record_correction, line, by=officer, difference=-1, reason="salah") == (words, "difference")


def test_a_withdrawn_correction_is_asked_again_when_it_is_changed_and_sent(officer: User, verified: Any):
    line = verified(100).lines.get()
    first = record_correction(line, by=officer, difference=-60, reason="salah")
    withdraw_output(first, by=officer, version=first.version)
    record_correction(line, by=officer, difference=-70, reason="salah")

    assert refused(submit_output, first, by=officer, version=first.version) == at_most(30)
    assert refused(amend_correction, first, by=officer, version=first.version, difference=-31, reason="salah") == at_most(30)
    amended = amend_correction(first, by=officer, version=first.version, difference=-30, reason="salah")
    assert submit_output(amended, by=officer, version=amended.version).status == OutputEntry.Status.SUBMITTED


def test_pieces_that_wait_to_be_taken_away_are_told_in_words(client_of: Callable[[User], Client], officer: User, verified: Any):
    record_correction(verified(100).lines.get(), by=officer, difference=-60, reason="salah")

    sheet = as_report(reconcile(officer))
    shown = [cell.text for row in sheet.table() for cell in row if cell.column.key == "pending"]
    assert "correction of −60 waits for verification" in shown
    assert [row["pending"] for row in sheet.rows if row["pending"]] == [-60]
    assert sum(movement.pending for movement in ReportMovement.objects.all()) == -60
    assert "correction of -60 waits for verification" in client_of(officer).get("/").content.decode()
