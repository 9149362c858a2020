"""Searching: a part of a word, whatever its case and spacing, one typing error, and numbers by all their digits.

The same tests run on SQLite and PostgreSQL; the expected hits stand here, so that both must agree with them and with each other.
"""

from __future__ import annotations

import re
import string

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ikm_program import finding, search_index
from ikm_program.likeness import Wanted, grade_of, is_near, patterns
from ikm_program.searching import search_key
from tests import factories
from trainings import actions
from trainings.models import Enterprise, Participant, Region, User

LETTERS = string.ascii_lowercase


@pytest.fixture
def registry(tala: Region, banjar: Region) -> None:
    rows = [
        ("Sasirangan Indah", "Hj. Aminah", "Jl. A. Yani Km 5"),
        ("Sasi Rangan Berkah", "Rusdi", ""),
        ("Kain Bordir Mawar", "Siti Rahmah", ""),
        ("Mawar Merah", "Indah Sari", ""),
        ("UD Dahnial", "H. Dahnial, S.E.", "Desa Pelaihari"),
        ("Tahu Tempe Pak Udin", "", ""),
    ]
    for name, owner, address in rows:
        factories.EnterpriseFactory(region=tala, name=name, owner_name=owner, address=address)
    factories.EnterpriseFactory(region=banjar, name="Sasirangan Banjar")


def names(found: finding.Found) -> list[str]:
    return [row.name for row in found.first(20)]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("text", "hits"),
    [
        ("sasirangan", ["Sasirangan Indah", "Sasi Rangan Berkah"]),  # the words of a name run together are its beginning
        ("SASI  rangan", ["Sasi Rangan Berkah", "Sasirangan Indah"]),  # whole words before the beginning of one
        ("rangan", ["Sasi Rangan Berkah", "Sasirangan Indah"]),
        ("sasirnagan", ["Sasi Rangan Berkah", "Sasirangan Indah"]),  # swapped
        ("sasirngan", ["Sasi Rangan Berkah", "Sasirangan Indah"]),  # left out
        ("indah", ["Sasirangan Indah", "Mawar Merah"]),  # the name before the owner
        ("mawar", ["Mawar Merah", "Kain Bordir Mawar"][::-1]),
        ("mawra", ["Kain Bordir Mawar", "Mawar Merah"]),  # a short word with an error, whole
        ("kani bordir", ["Kain Bordir Mawar"]),
        ("tmpe", ["Tahu Tempe Pak Udin"]),
        ("dahnail", ["UD Dahnial"]),
        ("ud", ["UD Dahnial", "Tahu Tempe Pak Udin"]),  # two letters alone
        ("h dahnial", ["UD Dahnial"]),
        ("pelaihari", ["UD Dahnial"]),
        ("yani km", ["Sasirangan Indah"]),
        ("xyz", []),
        ("...", []),
        ("tah tempe mawar", []),
    ],
)
def test_what_is_found_and_in_which_order(registry: None, officer: User, text: str, hits: list[str]) -> None:
    assert names(Enterprise.objects.for_user(officer).search(text)) == hits


@pytest.mark.django_db
def test_a_search_stays_within_what_was_scoped_and_filtered(registry: None, officer: User, other_officer: User, staff: User) -> None:
    found = {person.username: names(Enterprise.objects.for_user(person).search("sasirnagan"))[-1:] for person in (officer, other_officer)}
    assert found == {"petugas.tala": ["Sasirangan Indah"], "petugas.banjar": ["Sasirangan Banjar"]}
    assert names(Enterprise.objects.for_user(staff).filter(owner_name="Rusdi").search("sasi")) == ["Sasi Rangan Berkah"]


@pytest.mark.django_db
def test_a_nib_is_found_by_all_its_digits_only(tala: Region, officer: User) -> None:
    factories.EnterpriseFactory(region=tala, name="Punya NIB", nib="1234567890123")
    rows = Enterprise.objects.for_user(officer)
    found = [names(rows.search(text)) for text in ("1234567890123", "12.345.678.901 23", "1234567890124", "123456789012")]
    assert found == [["Punya NIB"], ["Punya NIB"], [], []]


@pytest.mark.django_db
def test_a_nik_is_found_only_by_who_may_see_it(tala: Region, banjar: Region, officer: User, staff: User) -> None:
    number = factories.nik("63.01")
    factories.ParticipantFactory(region=tala, name="Siti CONTOH", nik=number)
    factories.EnterpriseFactory(region=tala, name="Usaha Siti", owner_nik=number)
    answers = [
        names(model.objects.for_user(person).search(number, by=by))
        for model in (Participant, Enterprise)
        for person, by in ((staff, staff), (staff, None), (officer, officer))
    ]
    assert answers == [["Siti CONTOH"], [], [], ["Usaha Siti"], [], []]
    assert names(Participant.objects.for_user(staff).search(number[:15], by=staff)) == []
    assert names(Participant.objects.for_user(factories.user("staf_provinsi", "53")).search(number, by=staff)) == []


@pytest.mark.django_db
def test_what_is_everywhere_is_not_ranked_but_still_narrowed(tala: Region, officer: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finding, "MOST_RANKED", 3)
    for number in range(5):
        factories.EnterpriseFactory(region=tala, name=f"{'DCBAE'[number]} Kain")
    factories.EnterpriseFactory(region=tala, name="Tahu")
    found = Enterprise.objects.for_user(officer).search("kain")
    assert (found.ranked, names(found)) == (None, ["A Kain", "B Kain", "C Kain", "D Kain", "E Kain"])


@pytest.mark.django_db
def test_the_index_follows_every_change(tala: Region, officer: User) -> None:
    def found(text: str) -> list[str]:
        return names(Enterprise.objects.for_user(officer).search(text))

    business = actions.create_enterprise(Enterprise, by=officer, region=tala, name="Kain Pantai")
    actions.update_enterprise(business, by=officer, name="Tahu Bulat")
    assert (found("pantai"), found("bulat")) == ([], ["Tahu Bulat"])
    with transaction.atomic():
        Enterprise.objects.filter(pk=business.pk).update(search_key=" sabun ")
        transaction.set_rollback(True)
    assert found("sabun") == []
    Enterprise.objects.filter(pk=business.pk).delete()
    assert found("bulat") == []


@pytest.mark.django_db
def test_what_is_missing_is_noticed_and_comes_back_filled(registry: None, officer: User) -> None:
    assert search_index.missing(connection) == []
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            search_index.lift(connection, Enterprise)
        else:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # PostgreSQL changes no table while it owes it a check
            cursor.execute(f'DROP INDEX "{search_index.index_name(Enterprise)}"')
    assert [message.id for message in search_index.check_indexes(databases=["default"])] == ["ikm.E002"] * len(
        search_index.missing(connection)
    )
    late = factories.EnterpriseFactory(name="Terlambat Masuk")
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    search_index.install(connection)
    assert (search_index.missing(connection), names(Enterprise.objects.for_user(officer).search("terlambat"))) == ([], [late.name])


@pytest.mark.django_db
def test_a_search_of_a_big_table_uses_its_index(registry: None) -> None:
    """On SQLite the plan names the FTS5 table; on PostgreSQL the trigram index, once a scan of the table is ruled out."""
    rows = Enterprise.objects.all()._containing(Wanted.read("sasirangan")).order_by()
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")
    assert re.search(r"VIRTUAL TABLE INDEX|enterprise_trigrams", rows.explain())


# --- the judge


def one_error(draw: st.DrawFn, word: str) -> str:
    """`word` with one letter wrong, missing, too much or swapped with its neighbour."""
    at, letter = draw(st.integers(0, len(word) - 1)), draw(st.sampled_from(LETTERS))
    return draw(
        st.sampled_from(
            [
                f"{word[:at]}{letter}{word[at + 1 :]}",
                f"{word[:at]}{word[at + 1 :]}",
                f"{word[:at]}{letter}{word[at:]}",
                f"{word[:at]}{word[at + 1 : at + 2]}{word[at]}{word[at + 2 :]}",
            ]
        )
    )


@st.composite
def mistyped(draw: st.DrawFn) -> tuple[str, str]:
    words = draw(st.lists(st.text(LETTERS, min_size=4, max_size=12), min_size=1, max_size=3))
    return " ".join(words), one_error(draw, draw(st.sampled_from(words)))


@given(mistyped())
def test_one_typing_error_in_a_word_of_four_letters_or_more_is_forgiven(pair: tuple[str, str]) -> None:
    name, typed = pair
    assert grade_of(typed, search_key(name)) is not None


@pytest.mark.django_db
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(mistyped())
def test_the_database_brings_everything_that_the_judge_would_take(tala: Region, pair: tuple[str, str]) -> None:
    name, typed = pair
    with transaction.atomic():
        made = factories.EnterpriseFactory(region=tala, name=name)
        assert made.pk in Enterprise.objects.search(typed).ranked
        transaction.set_rollback(True)


@given(st.text(LETTERS, min_size=4, max_size=5), st.text(LETTERS, min_size=1, max_size=12))
def test_a_short_word_is_near_exactly_what_one_edit_makes(word: str, other: str) -> None:
    assert is_near(word, f" {other} ") == within_one_edit(word, other)


def within_one_edit(one: str, other: str) -> bool:
    if len(one) == len(other):
        differing = [at for at in range(len(one)) if one[at] != other[at]]
        swapped = (
            len(differing) == 2
            and differing[1] == differing[0] + 1
            and one[differing[0]] + one[differing[1]] == (other[differing[1]] + other[differing[0]])
        )
        return len(differing) <= 1 or swapped
    short, long = sorted((one, other), key=len)
    return len(long) - len(short) == 1 and any(long[:at] + long[at + 1 :] == short for at in range(len(long)))


@pytest.mark.parametrize("word", ["ab", "123456", "a" * 31])
def test_what_is_too_short_too_long_or_a_number_has_no_typing_errors(word: str) -> None:
    assert patterns(word) == ()
