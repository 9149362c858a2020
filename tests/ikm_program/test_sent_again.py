"""An act on many whose answer was lost on the way is sent again: it is done once, and told as done."""

from __future__ import annotations

import re
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from ikm_program import bulk
from ikm_program.models import AuditEvent, IdempotencyKey, Job
from tests import factories
from trainings.models import Enterprise, Region, User

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
ACTIVE = "/ikm/?is_active=1"  # what was made inactive is no longer in this list
ALL_INACTIVE = {"langkah": "nonaktifkan", "semua": "1", "pasti": "1"}


@pytest.fixture
def businesses(tala: Region) -> list[Enterprise]:
    return [factories.EnterpriseFactory(region=tala, name=f"IKM {number}") for number in range(3)]


def told(client: Client, url: str, sent: dict[str, Any]) -> list[str]:
    return [str(message) for message in client.post(url, sent, follow=True).context["messages"]]


def changes() -> int:
    return AuditEvent.objects.filter(verb="changed", model="trainings.enterprise").count()


def test_the_confirmation_page_carries_a_key_of_its_own(businesses, officer: User, client_of) -> None:
    browser = client_of(officer)
    pages = [browser.post(ACTIVE, {"langkah": "nonaktifkan", "semua": "1"}).content.decode() for _page in range(2)]
    keys = {re.search(r'name="key" value="([0-9a-f-]{36})"', page)[1] for page in pages}  # type: ignore[index]
    assert len(keys) == 2


def test_everything_that_matches_is_acted_on_once_and_told_as_done(businesses, officer: User, client_of) -> None:
    browser, sent = client_of(officer), ALL_INACTIVE | {"key": str(uuid4())}
    assert told(browser, ACTIVE, sent) == ["3 rows done."]
    assert told(browser, ACTIVE, sent) == ["This had arrived the first time and is done; nothing was done twice."]
    assert (Enterprise.objects.filter(is_active=False).count(), changes()) == (3, 3)


def test_other_contents_under_the_same_key_are_refused(businesses, officer: User, client_of) -> None:
    browser, key = client_of(officer), str(uuid4())
    first, second = ({"langkah": "nonaktifkan", "pilih": [row.pk], "pasti": "1", "key": key} for row in businesses[:2])
    told(browser, "/ikm/", first)
    assert told(browser, "/ikm/", second) == ["This form was already sent with other contents. Open the form again."]
    assert [row.pk for row in Enterprise.objects.filter(is_active=False)] == [businesses[0].pk]


def test_an_act_that_did_nothing_may_be_tried_again(businesses, officer: User, client_of) -> None:
    """What stood in the way is put right, and the same page is sent once more."""
    Enterprise.objects.update(confirmed_on="2026-01-01", confirmed_how="kunjungan")
    browser, sent = client_of(officer), {"langkah": "konfirmasi", "pilih": [businesses[0].pk], "pasti": "1", "key": str(uuid4())}
    sent |= {"confirmed_on": "2020-06-15", "how": "telepon"}
    assert (browser.post("/ikm/", sent).status_code, IdempotencyKey.objects.count()) == (422, 0)
    Enterprise.objects.update(confirmed_on=None, confirmed_how="")
    assert told(browser, "/ikm/", sent) == ["1 row done."]


def test_very_many_are_one_job_however_often_they_are_sent(
    businesses, officer: User, client_of, monkeypatch, django_capture_on_commit_callbacks
) -> None:
    monkeypatch.setattr(bulk, "AT_ONCE", 2)
    browser, sent = client_of(officer), ALL_INACTIVE | {"key": str(uuid4())}
    answers = [browser.post(ACTIVE, sent)]
    Enterprise.objects.filter(pk=businesses[0].pk).update(is_active=False)  # the worker has begun
    answers.append(browser.post(ACTIVE, sent))
    assert [answer.headers["Location"] for answer in answers] == [Job.objects.get().get_absolute_url()] * 2


def test_a_browser_on_a_poor_line_gets_the_key_of_the_confirmation_back(businesses, officer: User, client_of) -> None:
    browser, sent = client_of(officer), ALL_INACTIVE | {"key": str(uuid4())}
    answer = browser.post(ACTIVE, sent, headers={"accept": "application/json"})
    assert (answer.status_code, answer.json()) == (201, {"key": sent["key"], "url": ACTIVE})
    without = browser.post("/ikm/", {"langkah": "nonaktifkan"}, headers={"accept": "application/json"})
    assert (without.status_code, without.json()) == (201, {"key": "", "url": "/ikm/"})
