"""Reports that a programme or a verifier does not simply take."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from ikm_program.actions import Refusal
from production.actions.verification import verify_many
from production.models import OutputEntry
from tests.production.conftest import DAY

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


def test_what_is_made_after_the_programmes_end_is_refused(report: Any, tala_batch: Any):
    programme = tala_batch.activity.programme
    programme.ends_on = DAY - dt.timedelta(days=1)
    programme.save()
    with pytest.raises(Refusal, match="The programme ended on") as refused:
        report(5)
    assert refused.value.field == "made_on"
    programme.ends_on = DAY
    programme.save()
    assert report(5).status == OutputEntry.Status.SUBMITTED


def test_a_report_that_looks_odd_is_left_out_of_many_and_listed(report: Any, staff: Any):
    first, twin, sound = report(10), report(10), report(7)
    result = verify_many([first, twin, sound], by=staff)
    assert result.done == [sound]
    assert {entry for entry, reason in result.refused if "looks like a duplicate" in reason} == {first, twin}
