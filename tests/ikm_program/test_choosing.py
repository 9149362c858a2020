"""Choosing one of very many: typed, suggested within reach, and asked again where it is not clear."""

from __future__ import annotations

import uuid

import pytest

from tests import factories
from trainings.models import Enterprise, Participant, Region, User

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


@pytest.fixture
def businesses(tala: Region, banjar: Region) -> dict[str, Enterprise]:
    rows = [("Kain Bordir", tala), ("Kain Mawar", tala), ("Sasirangan Indah", tala), ("Kain Rahasia", banjar)]
    return {name: factories.EnterpriseFactory(region=region, name=name) for name, region in rows}


def sent(officer: User, client_of, **fields):
    answer = client_of(officer).post("/peserta/baru/", {"key": str(uuid.uuid4()), "region": officer.region.pk, "name": "Siti", **fields})
    person = Participant.objects.first()
    return answer, person and person.enterprise_name


def test_suggestions_lie_within_reach_and_forgive_a_typing_error(businesses, officer: User, client_of) -> None:
    html = client_of(officer).get("/ikm/pilihan/?enterprise_cari=kaim").content.decode()
    assert ("Kain Bordir" in html, "Kain Mawar" in html, "Rahasia" in html) == (True, True, False)


def test_what_was_chosen_is_taken(businesses, officer: User, client_of) -> None:
    chosen = businesses["Kain Mawar"]
    assert sent(officer, client_of, enterprise=chosen.pk, enterprise_cari="Kain Mawar")[1] == "Kain Mawar"


@pytest.mark.parametrize(("typed", "name"), [("kain mawar", "Kain Mawar"), ("sasirngan", "Sasirangan Indah"), ("", "")])
def test_without_javascript_the_one_hit_is_taken(businesses, officer: User, client_of, typed: str, name: str) -> None:
    assert sent(officer, client_of, enterprise="", enterprise_cari=typed)[1] == name


def test_of_several_the_form_asks_which_and_takes_the_answer(businesses, officer: User, client_of) -> None:
    asked, _person = sent(officer, client_of, enterprise="", enterprise_cari="kain")
    html = asked.content.decode()
    assert (asked.status_code, asked.context["form"].errors["enterprise"], html.count("enterprise_pilih")) == (
        422,
        ["Several match. Choose one."],
        2,
    )
    assert sent(officer, client_of, enterprise_cari="kain", enterprise_pilih=businesses["Kain Bordir"].pk)[1] == "Kain Bordir"


@pytest.mark.parametrize("fields", [{"enterprise_cari": "Kain Rahasia"}, {"enterprise_cari": "zzzz"}, {"enterprise": "banjar"}])
def test_what_lies_beyond_reach_is_like_what_does_not_exist(businesses, officer: User, client_of, fields) -> None:
    fields = {name: businesses["Kain Rahasia"].pk if value == "banjar" else value for name, value in fields.items()}
    answer, _person = sent(officer, client_of, **fields)
    assert (answer.status_code, list(answer.context["form"].errors), "Rahasia</" in answer.content.decode()) == (422, ["enterprise"], False)


def test_an_edit_opens_with_the_name(businesses, officer: User, client_of) -> None:
    person = factories.ParticipantFactory(name="Siti", enterprise=businesses["Kain Mawar"])
    html = client_of(officer).get(f"/peserta/{person.pk}/ubah/").content.decode()
    assert 'value="Kain Mawar"' in html
    assert "Kain Bordir" not in html  # no drop-down with everything
