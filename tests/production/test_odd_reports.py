"""Reports that a programme or a verifier does not simply take."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from ikm_program.actions import Refusal
from production.actions.verification import verify_many
from production.models import OutputEntry
from tests import factories
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


# --- the author is asked the same -------------------------------------------------------------------------------------------


def sent(client: Client, product: Any, step: str, **changes: Any) -> Any:
    form = {"key": str(uuid4()), "product": product.pk, "made_on": DAY.isoformat(), "good": "10", "langkah": step, **changes}
    return client.post("/produksi/catat/", form, follow=True)


def test_a_report_far_above_the_target_is_asked_about_and_sent_all_the_same(
    officer: Any, client_of: Any, hazmat: Any, target: Any, tala: Any
):
    factories.DistrictTargetFactory(target=target, region=tala, quantity=465)
    client = client_of(officer)

    asked = sent(client, hazmat, "ajukan", good="9.999.999")
    page = asked.content.decode()
    assert (asked.status_code, OutputEntry.objects.count()) == (422, 0)
    assert "9.999.999, above the target of 465 set." in page
    assert ("Submit all the same" in page, 'value="9.999.999"' in page) == (True, True)
    assert ("There is a question to answer" in page, "This could not be saved yet" in page) == (True, False)

    sent(client, hazmat, "tetap", good="9.999.999")
    assert OutputEntry.objects.get().status == OutputEntry.Status.SUBMITTED


def test_a_report_sent_twice_is_asked_about_and_a_draft_of_it_is_not(officer: Any, client_of: Any, hazmat: Any, report: Any):
    report(10)
    client = client_of(officer)

    assert "looks like a duplicate" in sent(client, hazmat, "ajukan").content.decode()
    sent(client, hazmat, "draf")
    draft = OutputEntry.objects.get(status=OutputEntry.Status.DRAFT)

    edit = {"key": str(uuid4()), "version": draft.version, "made_on": DAY.isoformat(), "good": "10", "langkah": "ajukan"}
    assert client.post(reverse("production:output_update", args=[draft.pk]), edit).status_code == 422
    page = client.get(reverse("production:output_submit", args=[draft.pk])).content.decode()
    assert ("looks like a duplicate" in page, "Submit all the same" in page) == (True, True)


def test_what_is_wrong_with_a_report_is_no_question(officer: Any, client_of: Any, hazmat: Any):
    page = sent(client_of(officer), hazmat, "ajukan", good="sepuluh").content.decode()

    assert ("There is a question to answer" in page, "This could not be saved yet" in page) == (False, True)


def test_what_is_only_missing_is_no_question(officer: Any, client_of: Any, hazmat: Any):
    answer = sent(client_of(officer), hazmat, "ajukan")

    assert OutputEntry.objects.get().status == OutputEntry.Status.SUBMITTED
    assert "Submit all the same" not in answer.content.decode()
