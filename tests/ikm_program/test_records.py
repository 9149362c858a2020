"""Writing one record: refused in words at its field, by validation and by the database itself."""

from __future__ import annotations

from unittest import mock

import pytest

from ikm_program import records
from ikm_program.actions import Refusal, StaleVersion
from ikm_program.models import AuditEvent
from tests import factories
from trainings.models import Enterprise, User

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


def test_a_new_row_knows_who_made_it_and_is_on_record(officer: User, tala) -> None:
    row = records.create(Enterprise, by=officer, region=tala, name="Sasirangan Indah", nib="")
    event = AuditEvent.objects.about(row).get()
    assert (row.created_by, row.version, event.after) == (officer, 1, {"region": "Kabupaten Tanah Laut", "name": "Sasirangan Indah"})


def test_only_what_differs_is_saved_and_recorded(officer: User) -> None:
    row = factories.EnterpriseFactory(name="Lama", main_product="kain")
    records.update(row, by=officer, version=1, name="Baru", main_product="kain")
    event = AuditEvent.objects.about(row).get()
    assert (row.version, event.before, event.after) == (2, {"name": "Lama"}, {"name": "Baru"})


def test_a_save_over_somebody_elses_is_refused_and_the_record_stays_as_it_was_read(officer: User) -> None:
    row = factories.EnterpriseFactory(name="Lama")
    records.update(Enterprise.objects.get(pk=row.pk), by=officer, version=1, name="Pertama")
    with pytest.raises(StaleVersion):
        records.update(row, by=officer, version=1, name="Kedua")
    assert (row.name, Enterprise.objects.get(pk=row.pk).name) == ("Lama", "Pertama")


def test_nothing_changed_writes_nothing(officer: User) -> None:
    row = factories.EnterpriseFactory(name="Sama")
    records.update(row, by=officer, version=1, name="Sama")
    assert (row.version, AuditEvent.objects.about(row).count()) == (1, 0)


@pytest.mark.parametrize("is_validated", [True, False], ids=["by validation", "by the database after a race"])
@pytest.mark.parametrize(
    ("values", "field", "sentence"),
    [
        ({"nib": "1234567890123"}, "nib", "This NIB is already registered in this kabupaten/kota."),
        ({"investment": -1}, None, "The investment cannot be negative."),
    ],
)
def test_a_constraint_says_no_in_its_own_words(officer: User, tala, values, field, sentence: str, is_validated: bool) -> None:
    factories.EnterpriseFactory(region=tala, nib="1234567890123")
    wraps = {"wraps": records.validate} if is_validated else {}
    with mock.patch.object(records, "validate", **wraps), pytest.raises(Refusal) as refused:
        records.create(Enterprise, by=officer, region=tala, name="Kedua", **values)
    assert (str(refused.value), refused.value.field) == (sentence, field)
    assert Enterprise.objects.count() == 1  # the surrounding transaction goes on


def test_a_missing_value_is_refused_at_its_field(officer: User, tala) -> None:
    with pytest.raises(Refusal) as refused:
        records.create(Enterprise, by=officer, region=tala, name="")
    assert refused.value.field == "name"
