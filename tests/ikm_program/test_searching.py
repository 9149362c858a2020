"""What a record is found by: its words in one form, written with it."""

from __future__ import annotations

import pytest

from ikm_program.searching import normalised, search_key
from tests import factories
from trainings import actions
from trainings.models import Enterprise, Participant, Region, User


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("H. Dahnial, S.E.", "h dahnial s e"),
        ("  Sasirangan\u00a0INDAH ", "sasirangan indah"),
        ("Café Kopi", "cafe kopi"),
        ("P-IRT/2020", "p irt 2020"),
        ("", ""),
    ],
)
def test_case_accents_and_punctuation_make_no_difference(text: str, words: str) -> None:
    assert normalised(text) == words


def test_the_words_of_the_name_stand_together_as_well() -> None:
    assert search_key("Sasi Rangan", ["Jl. A. Yani"]) == " sasi rangan jl a yani sasirangan "
    assert search_key("Sasirangan") == " sasirangan "


@pytest.mark.django_db
def test_a_record_is_found_by_what_it_is_called_now(tala: Region, officer: User) -> None:
    business = actions.create_enterprise(Enterprise, by=officer, region=tala, name="Sasirangan Indah", owner_name="Hj. Aminah")
    assert (business.sort_name, business.search_key) == ("sasirangan indah", " sasirangan indah hj aminah sasiranganindah ")
    maker = factories.ParticipantFactory(region=tala, name="Rusdiana", enterprise=business)
    actions.update_enterprise(business, by=officer, name="Kain Bordir")
    found = Enterprise.objects.values_list("sort_name", "search_key").get()
    assert found == ("kain bordir", " kain bordir hj aminah kainbordir ")
    assert Participant.objects.get(pk=maker.pk).search_key == " rusdiana kain bordir "
