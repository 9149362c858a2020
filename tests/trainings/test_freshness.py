"""Who has been asked within a year, and who has not."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from ikm_program.actions import Refusal, StaleVersion
from ikm_program.models import AuditEvent
from tests import factories
from trainings import actions
from trainings.models import Enterprise, User
from trainings.reports.freshness import freshness

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


def test_a_confirmation_says_by_whom_when_and_how(officer: User, client_of) -> None:
    enterprise, today = factories.EnterpriseFactory(), timezone.localdate()
    form = {"key": str(uuid.uuid4()), "version": "1", "confirmed_on": today.isoformat(), "how": "telepon"}
    assert client_of(officer).post(f"{enterprise.get_absolute_url()}konfirmasi/", form).status_code == 302
    enterprise.refresh_from_db()
    assert (enterprise.confirmed_on, enterprise.confirmed_by, enterprise.confirmed_how) == (today, officer, "telepon")
    assert enterprise.is_fresh
    assert AuditEvent.objects.about(enterprise).get().after["confirmed_how"] == "telepon"


def test_it_lies_neither_in_the_future_nor_before_the_last_one(officer: User) -> None:
    enterprise, today = factories.EnterpriseFactory(confirmed_on=dt.date(2020, 6, 15), confirmed_how="kunjungan"), timezone.localdate()
    for day in (today + dt.timedelta(days=1), dt.date(2020, 6, 14)):
        with pytest.raises(Refusal) as refused:
            actions.confirm_enterprise(enterprise, by=officer, confirmed_on=day, how="telepon")
        assert refused.value.field == "confirmed_on"


def test_a_stale_confirmation_is_refused(officer: User) -> None:
    enterprise = factories.EnterpriseFactory()
    actions.update_enterprise(Enterprise.objects.get(), by=officer, name="Baru")
    with pytest.raises(StaleVersion):
        actions.confirm_enterprise(enterprise, by=officer, confirmed_on=timezone.localdate(), how="telepon", version=1)


def test_an_edit_confirms_nothing_unless_it_says_so(officer: User) -> None:
    enterprise = factories.EnterpriseFactory()
    actions.update_enterprise(enterprise, by=officer, name="Satu")
    assert enterprise.confirmed_on is None
    actions.update_enterprise(enterprise, by=officer, name="Dua", confirmed_how="kunjungan")
    assert (enterprise.confirmed_on, enterprise.confirmed_by) == (timezone.localdate(), officer)


def test_nobody_confirms_for_another_district(other_officer: User, client_of) -> None:
    enterprise = factories.EnterpriseFactory()
    assert client_of(other_officer).get(f"{enterprise.get_absolute_url()}konfirmasi/").status_code == 404
    with pytest.raises(Refusal, match="outside your region"):
        actions.confirm_enterprise(enterprise, by=other_officer, confirmed_on=timezone.localdate(), how="telepon")


# --- the report ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def some_businesses(tala, banjar, kupang) -> None:
    today = timezone.localdate()
    days = {"fresh": today - dt.timedelta(days=365), "old": today - dt.timedelta(days=366), "never": None}
    for region, kinds in ((tala, ["fresh", "old", "old", "never"]), (banjar, ["fresh"]), (kupang, ["never"] * 5)):
        for kind in kinds:
            how = "telepon" if days[kind] else ""
            factories.EnterpriseFactory(region=region, confirmed_on=days[kind], confirmed_how=how, name=f"{kind} {region.short_name}")
    factories.EnterpriseFactory(region=tala, is_active=False)


def figures(answer) -> dict[str, list[int]]:
    rows = [*answer.json()["rows"], *answer.json()["totals"]]
    return {row["district"]: [row[key] for key in ("total", "fresh", "old", "never")] for row in rows}


def test_the_report_counts_active_businesses_by_district(some_businesses, staff: User, officer: User, client_of) -> None:
    of_the_province = figures(client_of(staff).get("/laporan/kemutakhiran-ikm/?format=json"))
    assert of_the_province == {"Kabupaten Tanah Laut": [4, 1, 2, 1], "Kabupaten Banjar": [1, 1, 0, 0], "Total": [5, 2, 2, 1]}
    of_the_district = figures(client_of(officer).get("/laporan/kemutakhiran-ikm/?format=json"))
    assert of_the_district == {"Kabupaten Tanah Laut": [4, 1, 2, 1]}


def test_every_figure_leads_to_its_businesses(some_businesses, staff: User, client_of) -> None:
    browser = client_of(staff)
    report = browser.get("/laporan/kemutakhiran-ikm/").context["report"]
    for row in report.table():
        for cell in row:
            if cell.link:
                assert len(browser.get(cell.link).context["object_list"]) == cell.value, cell.link
    assert sum(bool(cell.link) for row in report.table() for cell in row) == 8


@pytest.mark.parametrize("kind", ["pdf", "xlsx", "csv"])
def test_it_comes_as_a_file_too(some_businesses, staff: User, client_of, kind: str) -> None:
    answer = client_of(staff).get(f"/laporan/kemutakhiran-ikm/?format={kind}")
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    assert (answer.status_code, len(content) > 100) == (200, True)


def test_it_asks_the_same_number_of_questions_for_one_business_and_many(staff: User, tala, client_of) -> None:
    browser, counts = client_of(staff), []
    browser.get("/laporan/kemutakhiran-ikm/")
    for _ in range(2):
        factories.EnterpriseFactory.create_batch(3)
        with CaptureQueriesContext(connection) as queries:
            browser.get("/laporan/kemutakhiran-ikm/")
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 8


# --- of an earlier day --------------------------------------------------------------------------------------------------


def june(day: int) -> Any:
    return time_machine.travel(dt.datetime(2020, 6, day, 2, tzinfo=dt.UTC), tick=False)


def counts(user: User, day: int) -> dict[str, list[int]]:
    rows = freshness(user, as_of=dt.date(2020, 6, day)).rows
    return {row["district"]: [row[key] for key in ("total", "fresh", "old", "never")] for row in rows}


def test_it_says_what_it_said_on_that_day(tala, banjar, staff: User) -> None:
    """Recorded on the 2nd, confirmed on the 4th, closed on the 6th, moved on the 8th, open again on the 10th."""
    with june(2):
        one, other = factories.EnterpriseFactory(region=tala), factories.EnterpriseFactory(region=tala)
    with june(4):
        actions.confirm_enterprise(one, by=staff, confirmed_on=dt.date(2019, 6, 1), how="telepon")
        actions.confirm_enterprise(other, by=staff, confirmed_on=dt.date(2020, 6, 4), how="telepon")
    with june(6):
        actions.update_enterprise(other, by=staff, is_active=False)
    with june(8):
        actions.update_enterprise(one, by=staff, region=banjar)
    with june(10):
        actions.update_enterprise(other, by=staff, is_active=True)
        factories.EnterpriseFactory(region=banjar)

    nothing = [0, 0, 0, 0]
    assert [list(counts(staff, day).values()) for day in (1, 2, 4, 6, 8, 10)] == [
        [nothing, nothing],
        [[2, 0, 0, 2], nothing],
        [[2, 1, 1, 0], nothing],
        [[1, 0, 1, 0], nothing],
        [nothing, [1, 0, 1, 0]],
        [[1, 1, 0, 0], [2, 0, 1, 1]],
    ]
