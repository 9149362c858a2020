"""The rules of an activity: one rate for a kind, a mode and a day."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest

from ikm_program.actions import Refusal
from tests import factories
from tests.payments.conftest import teach
from trainings.actions.allowances import create_scheme, update_scheme
from trainings.forms.payments import PercentField
from trainings.models import AllowanceScheme

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


def test_a_quota_is_for_online_training_unless_somebody_says_otherwise(hazmat_training, staff) -> None:
    rule = create_scheme(hazmat_training, by=staff, kind="kuota", rate=50_000)
    assert (rule.for_online, rule.for_class, rule.for_visit) == (True, False, False)


def test_two_rates_for_the_same_days_are_refused(hazmat_training, staff) -> None:
    facts = {"by": staff, "kind": "uang_harian", "rate": 100_000, "for_visit": True}
    first = create_scheme(hazmat_training, valid_until=dt.date(2020, 6, 30), **facts)
    with pytest.raises(Refusal, match="same mode and time already"):
        create_scheme(hazmat_training, valid_from=dt.date(2020, 6, 30), **facts)
    later = create_scheme(hazmat_training, valid_from=dt.date(2020, 7, 1), **facts)
    create_scheme(hazmat_training, by=staff, kind="uang_harian", rate=90_000, for_online=True)
    create_scheme(hazmat_training, by=staff, kind="konsumsi", rate=40_000, for_visit=True)
    with pytest.raises(Refusal, match="same mode and time already"):
        update_scheme(first, by=staff, valid_until=None)
    assert update_scheme(later, by=staff, rate=110_000).rate == 110_000


def test_a_locked_list_keeps_the_rate_it_was_computed_with(kotabaru, training, brought_to, staff) -> None:
    one = brought_to("terkunci", kotabaru)
    update_scheme(training.schemes.get(kind="uang_harian"), by=staff, rate=200_000)
    one.refresh_from_db()
    assert (one.net, one.lines.first().rate) == (3_400_000, 100_000)


@pytest.mark.parametrize(("typed", "kept"), [("", 0), ("5", 500), ("2,5", 250), ("2.25%", 225), ("0,05", 5)])
def test_a_tax_rate_as_an_office_writes_it(typed: str, kept: int) -> None:
    field = PercentField(required=False)
    assert (field.clean(typed), field.clean(field.prepare_value(kept))) == (kept, kept)


def test_the_rules_stand_on_the_page_of_the_activity(hazmat_training, staff, officer, client_of) -> None:
    sent = {"key": str(uuid.uuid4()), "kind": "uang_harian", "rate": "Rp100.000", "tax_rate": "2,5", "for_visit": "on"}
    page = client_of(staff).post(f"/kegiatan/{hazmat_training.pk}/ketentuan-pembayaran/", sent, follow=True).content.decode()
    assert ("Rp100.000,00" in page, "2,5% · the tax treatment is decided by the treasurer" in page) == (True, True)
    rule = AllowanceScheme.objects.get()
    seen = client_of(officer).get(f"/kegiatan/{hazmat_training.pk}/").content.decode()
    assert ("Rp100.000,00" in seen, f"/ketentuan-pembayaran/{rule.pk}/ubah/" in seen) == (True, False)


def test_meals_alone_make_the_worth_of_an_open_day(programme, staff, client_of) -> None:
    activity = factories.ActivityFactory(programme=programme)
    factories.AllowanceSchemeFactory(activity=activity, kind="konsumsi", rate=40_000)
    teach(activity, people=2, days=3)
    row = client_of(staff).get("/pembayaran/harus-dibayar/?format=json").json()["rows"][0]
    assert (row["open"], row["money_open"], row["open_quotas"]) == (6, 240_000, None)
