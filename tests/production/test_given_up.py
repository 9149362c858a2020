"""A report that was sent by mistake has an end: its author gives it up, with a reason, and nobody is asked about it any more."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.db.models import Sum
from django.test import Client
from django.urls import reverse

from ikm_program.actions import Refusal
from ikm_program.dashboard import waiting
from ikm_program.integrity import ledgers
from production.actions.output import cancel_output, submit_output, withdraw_output
from production.actions.verification import return_output
from production.models import OutputEntry, ReportMovement
from trainings.models import User

pytestmark = pytest.mark.usefixtures("in_english")


@pytest.fixture
def withdrawn(report: Callable[..., OutputEntry], officer: User) -> OutputEntry:
    entry = report(10)
    back: OutputEntry = withdraw_output(entry, by=officer, version=entry.version)
    return back


def test_a_withdrawn_report_is_given_up_with_a_reason(client_of: Callable[[User], Client], officer: User, withdrawn: OutputEntry):
    client, page = client_of(officer), withdrawn.get_absolute_url()
    assert "Cancel the report" in client.get(page).content.decode()
    assert list(waiting.unsubmitted(officer)) == [withdrawn]

    form = {"key": str(uuid4()), "version": withdrawn.version, "reason": "Terkirim dua kali"}
    assert client.post(reverse("production:output_cancel", args=[withdrawn.pk]), form).status_code == 302

    withdrawn.refresh_from_db()
    shown = client.get(page).content.decode()
    assert (withdrawn.status, list(waiting.unsubmitted(officer))) == ("dibatalkan", [])
    assert "Terkirim dua kali" in shown
    assert ("Cancel the report" in shown, client.get(page).context["usual_step"]) == (False, [])
    assert ReportMovement.objects.aggregate(left=Sum("pending"), n=Sum("reported")) == {"left": 0, "n": 0}
    assert list(ledgers.reports()) == []


def test_a_returned_report_is_given_up_as_well(report: Any, officer: User, staff: User):
    entry = report(10)
    back = return_output(entry, by=staff, version=entry.version, reason="ganda")

    given_up = cancel_output(back, by=officer, version=back.version, reason="memang ganda")

    assert list(waiting.returned(officer)) == []
    with pytest.raises(Refusal, match="cannot become"):
        submit_output(given_up, by=officer, version=given_up.version)


def test_what_counts_is_not_given_up_and_what_was_never_sent_is_deleted(report: Any, officer: User):
    sent, draft = report(10), report(7, is_draft=True)

    with pytest.raises(Refusal, match="cannot become"):
        cancel_output(sent, by=officer, version=sent.version, reason="salah")
    with pytest.raises(Refusal, match="This draft was never submitted"):
        cancel_output(draft, by=officer, version=draft.version, reason="salah")
    with pytest.raises(Refusal, match="A reason for the cancellation is required"):
        cancel_output(draft, by=officer, version=draft.version, reason=" ")


def test_a_draft_says_that_it_was_submitted_once(client_of: Callable[[User], Client], officer: User, withdrawn: OutputEntry, report: Any):
    client = client_of(officer)

    assert "Was submitted at" in client.get(withdrawn.get_absolute_url()).content.decode()
    assert "Was submitted at" not in client.get(report(5).get_absolute_url()).content.decode()
