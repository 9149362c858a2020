"""Who has been asked within a year, and who has not."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from django.utils import timezone

from ikm_program.actions import Refusal, StaleVersion
from ikm_program.models import AuditEvent
from tests import factories
from trainings import actions
from trainings.models import Enterprise, User

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
