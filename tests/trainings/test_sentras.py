"""Sentras and the businesses that belong to them."""

from __future__ import annotations

import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ikm_program.actions import Refusal
from tests import factories
from trainings import actions
from trainings.models import Sentra, User

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


def test_a_sentra_is_entered_and_shows_its_members(officer: User, tala, banjar, client_of) -> None:
    browser = client_of(officer)
    form = {"key": str(uuid.uuid4()), "region": tala.pk, "name": "Sentra Sasirangan CONTOH", "commodity": "sasirangan", "units": "1.200"}
    assert browser.post("/sentra/baru/", form).status_code == 302
    sentra = Sentra.objects.get()
    factories.EnterpriseFactory(sentra=sentra, name="Anggota CONTOH")
    factories.EnterpriseFactory(name="Bukan CONTOH")
    page = browser.get(sentra.get_absolute_url()).content.decode()
    assert ("Anggota CONTOH" in page, "Bukan CONTOH" in page, "1.200" in page) == (True, False, True)
    assert [row.member_count for row in browser.get("/sentra/").context["object_list"]] == [1]


def test_another_districts_sentra_is_not_there(other_officer: User, client_of) -> None:
    sentra = factories.SentraFactory()
    assert client_of(other_officer).get(sentra.get_absolute_url()).status_code == 404
    assert list(client_of(other_officer).get("/sentra/").context["object_list"]) == []


def test_a_business_belongs_to_a_sentra_of_its_own_district(staff: User, banjar) -> None:
    enterprise, elsewhere = factories.EnterpriseFactory(), factories.SentraFactory(region=banjar)
    with pytest.raises(Refusal) as refused:
        actions.update_enterprise(enterprise, by=staff, sentra=elsewhere)
    assert refused.value.field == "sentra"


def test_a_sentra_with_members_does_not_move(staff: User, banjar) -> None:
    sentra = factories.SentraFactory()
    factories.EnterpriseFactory(sentra=sentra)
    with pytest.raises(Refusal) as refused:
        actions.update_sentra(sentra, by=staff, region=banjar)
    assert refused.value.field == "region"


def test_one_name_once_a_district(officer: User, tala) -> None:
    factories.SentraFactory(name="Sentra CONTOH")
    with pytest.raises(Refusal, match="already has a sentra of that name"):
        actions.create_sentra(Sentra, by=officer, region=tala, name="Sentra CONTOH")


def test_the_list_asks_the_same_number_of_questions_for_one_row_and_three(officer: User, client_of) -> None:
    browser, counts = client_of(officer), []
    browser.get("/sentra/")
    for number in (1, 2):
        for _ in range(number):
            factories.EnterpriseFactory(sentra=factories.SentraFactory())
        with CaptureQueriesContext(connection) as queries:
            browser.get("/sentra/")
        counts.append(len(queries))
    assert counts[0] == counts[1]
