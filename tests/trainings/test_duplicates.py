"""What looks like one and the same, in words; and what the forms ask before a second record is made."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from ikm_program import records
from ikm_program.actions import Refusal
from tests import factories
from trainings import actions
from trainings.duplicates import Traits, block_keys, compare, is_one_typo_apart, name_words, words_agree
from trainings.likely import likely_duplicates
from trainings.models import DuplicatePair, Enterprise, Participant, User

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]

NIB = "1234567890123"
ROWS = {"licences-TOTAL_FORMS": "0", "licences-INITIAL_FORMS": "0", "kbli_edition": "2015", "is_active": "on"}


def business(name: str, **values: object) -> Traits:
    return Traits(**{"kind": "enterprise", "name": name, "region": 1} | values)


def person(name: str, **values: object) -> Traits:
    return Traits(**{"kind": "participant", "name": name, "region": 1} | values)


@pytest.mark.parametrize(
    ("one", "other", "agreement"),
    [
        ("Sasirangan Indah", "UD. SASIRANGAN  INDAH", "same"),
        ("Sasirangan Indah", "Indah Sasirangan", "same"),
        ("Sasirangan Indah", "Sasi Rangan Indah", "same"),
        ("Tjahaja Baroe", "Cahaya Baru", "alike"),
        ("Sasirangan Indah", "Sasirangan Indh", "alike"),
        ("Sasirangan Indah", "Sasirangan Indah Jaya", "alike"),
        ("Sasirangan Indah", "Sasirangan Indra", ""),
        ("Penjahit 1", "Penjahit 2", ""),
        ("Indah", "Indah Jaya", ""),
        ("Ani", "Adi", ""),
        ("", "Indah", ""),
    ],
)
def test_names_agree_as_a_clerk_would_say(one: str, other: str, agreement: str) -> None:
    first, second = name_words(one), name_words(other)
    assert (words_agree(first, second), words_agree(second, first)) == (agreement, agreement)


@pytest.mark.parametrize(
    ("one", "other", "reasons", "is_likely"),
    [
        (business("A", numbers={"nib": NIB}), business("B", numbers={"nib": NIB}), "same NIB", True),
        (
            business("Jaya Baru", subdistrict="Bati-Bati"),
            business("Jaya Barru", subdistrict="bati bati"),
            "similar name, same sub-district",
            True,
        ),
        (business("Jaya Baru"), business("Jaya Barru"), "similar name", False),
        (business("Jaya Baru", owner="Siti"), business("Jaya Baru", owner="Budi"), "same name", False),
        (business("Jaya Baru"), business("Jaya Baru", region=2), "same name", False),
        (business("Jaya", numbers={"phone": "+62811"}), business("Maju", numbers={"phone": "+62811"}), "same telephone", True),
        (
            business("Jaya", numbers={"owner_nik": "1" * 16, "nib": NIB}),
            business("Jaya", numbers={"owner_nik": "1" * 16, "nib": "9" * 13}),
            "same NIK, same name",
            True,
        ),
        (person("Siti Aminah"), person("Siti Aminah"), "same name", False),
        (person("Siti Aminah", birth_date=dt.date(1991, 4, 6)), person("Siti Aminh", birth_date=dt.date(1991, 4, 6)), "", True),
        (person("Siti Aminah", enterprise=3), person("Siti Aminah", enterprise=3), "same name, of the same business", True),
        (person("Siti", sex="P", numbers={"phone": "+6281"}), person("Siti", sex="L", numbers={"phone": "+6281"}), "", False),
        (person("Siti", numbers={"nik": "1" * 16}), person("Siti", numbers={"nik": "2" * 16}), "same name", False),
    ],
)
def test_the_score_has_its_reasons(one: Traits, other: Traits, reasons: str, is_likely: bool) -> None:
    found = compare(one, other)
    assert found == compare(other, one) or set(found.reasons) == set(compare(other, one).reasons)
    words = ", ".join(str(reason.label) for reason in found.reasons)
    assert found.is_likely is is_likely
    assert not reasons or words == reasons


LETTERS = st.text("abcdefghij", min_size=4, max_size=9)


@given(LETTERS, st.data())
def test_any_one_typing_error_is_forgiven(word: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(word) - 1))
    letter = data.draw(st.sampled_from("klmn"))
    other = data.draw(st.sampled_from([word[:place] + letter + word[place:], word[:place] + letter + word[place + 1 :]]))
    assert is_one_typo_apart(word, other)
    assert is_one_typo_apart(other, word)
    assert not is_one_typo_apart(word, f"{word}xyz")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (business("Sasirangan Indah"), business("Sasirangan Indh")),
        (business("Sasirangan Indah"), business("Sasirangan Indah Jaya")),
        (business("Sasirangan Indah"), business("Sasirangan Indag")),
        (business("A", numbers={"phone": "+62811"}), business("B", numbers={"phone": "+62811"}, region=2)),
        (business("A", owner="Siti Aminah"), business("B", owner="Siti Amina h")),
    ],
)
def test_what_is_likely_meets_under_a_key(one: Traits, other: Traits) -> None:
    assert bool(block_keys(one) & block_keys(other)) is (other.owner != "Siti Amina h")


# --- on entry -----------------------------------------------------------------------------------------------------------


def test_the_form_shows_what_is_alike_and_saves_once_it_is_ticked(officer: User, tala, client_of) -> None:
    known = factories.EnterpriseFactory(name="Sasirangan Indah", subdistrict="Pelaihari", phone="+6281234567890")
    browser, form = client_of(officer), {"key": str(uuid.uuid4()), "region": tala.pk, "name": "UD Sasirangan Indah", **ROWS}
    asked = browser.post("/ikm/baru/", form)
    page = asked.content.decode()
    assert (asked.status_code, list(asked.context["form"].errors), Enterprise.objects.count()) == (422, ["is_distinct"], 1)
    assert (known.get_absolute_url() in page, "same name" in page, 'name="is_distinct"' in page) == (True, True, True)
    assert browser.post("/ikm/baru/", form | {"is_distinct": "on"}).status_code == 302
    pair = DuplicatePair.objects.get()
    assert (pair.status, pair.left_pk, pair.decided_by, pair.reason_words) == ("bukan_duplikat", known.pk, officer, "same name")


def test_a_form_without_a_double_is_never_asked(officer: User, tala, client_of) -> None:
    page = client_of(officer).get("/ikm/baru/").content.decode()
    assert "is_distinct" not in page
    assert client_of(officer).post("/ikm/baru/", {"key": str(uuid.uuid4()), "region": tala.pk, "name": "Baru", **ROWS}).status_code == 302


def test_a_retry_of_a_saved_form_is_not_its_own_double(officer: User, tala, client_of) -> None:
    form = {"key": str(uuid.uuid4()), "region": tala.pk, "name": "Sasirangan Indah", **ROWS}
    answers = [client_of(officer).post("/ikm/baru/", form) for _ in range(2)]
    assert ([answer.status_code for answer in answers], Enterprise.objects.count()) == ([302, 302], 1)


def test_people_are_asked_for_too(officer: User, tala, tala_batch, client_of) -> None:
    known = factories.ParticipantFactory(name="Siti Aminah", birth_date=dt.date(1991, 4, 6))
    typed = {"region": tala.pk, "name": "Siti Aminh", "birth_date": "1991-04-06"}
    for address in ("/peserta/baru/", f"/angkatan/{tala_batch.pk}/peserta/"):
        form = typed | {"key": str(uuid.uuid4())}
        asked = client_of(officer).post(address, form)
        assert (asked.status_code, known.get_absolute_url() in asked.content.decode()) == (422, True)
        assert client_of(officer).post(address, form | {"is_distinct": "on"}).status_code == 302
    assert (Participant.objects.count(), DuplicatePair.objects.filter(status="bukan_duplikat").count()) == (3, 3)


@pytest.mark.parametrize(
    ("known", "typed", "is_asked"),
    [
        ({"name": "Kerupuk Berkah"}, {"name": "Krupuk Berkah"}, True),  # a typing error in the first letters, and nothing else known
        ({"name": "Kerupuk Berkah", "owner_name": "Hj. Siti Aminah"}, {"name": "Kerupuk Berkah", "owner_name": "Aminah"}, True),
        ({"name": "Kerupuk Berkah", "owner_name": "Siti"}, {"name": "Krupuk Berkah", "owner_name": "Budi"}, False),
        ({"name": "Kerupuk Berkah"}, {"name": "Kerupuk Barokah Jaya"}, False),
    ],
)
def test_on_entry_a_similar_name_is_enough_to_ask(officer: User, tala, client_of, known, typed, is_asked) -> None:
    factories.EnterpriseFactory(region=tala, **{"owner_name": "", **known})
    answer = client_of(officer).post("/ikm/baru/", {"key": str(uuid.uuid4()), "region": tala.pk, **typed, **ROWS})
    assert answer.status_code == (422 if is_asked else 302)


def test_what_was_typed_goes_along_to_the_record_on_file(officer: User, tala, client_of) -> None:
    known = factories.EnterpriseFactory(region=tala, name="Kerupuk Berkah", owner_name="Siti", phone="", address="Jl. Lama 1", nib=NIB)
    factories.LicenceFactory(enterprise=known, number="P-IRT 1")
    browser, nik = client_of(officer), "6301011506850000"
    form = {"key": str(uuid.uuid4()), "region": tala.pk, "name": "Kerupuk Berkah", "owner_name": "", "phone": "081234567890",
            "address": "Jl. Baru 2", "owner_nik": nik, **ROWS, "licences-TOTAL_FORMS": "1", "licences-0-kind": "pirt",
            "licences-0-number": "P-IRT 2"}  # fmt: skip
    edit = f"{known.get_absolute_url()}ubah/"
    assert f'formaction="{edit}"' in browser.post("/ikm/baru/", form).content.decode()
    opened = browser.post(edit, form | {"dilengkapi": "1"})
    page, shown = opened.content.decode(), opened.context["form"]
    told = {name: [str(label) for label in labels] for name, labels in shown.taken_up.items()}
    assert told == {
        "filled": ["Telephone", "Licences"],
        "differing": ["Address"],
        "kept": [],
        "same": ["Business name"],
        "private": ["NIK of the owner"],
    }
    assert ("Stored now: <strong>Jl. Lama 1</strong>" in page, nik in page) == (True, False)
    assert [shown[name].value() for name in ("owner_name", "phone", "address", "nib")] == ["Siti", "081234567890", "Jl. Baru 2", NIB]
    assert [row.initial["number"] for row in shown.formsets["licences"].initial_forms] == ["P-IRT 1", "P-IRT 2"]
    known.refresh_from_db()
    assert (known.phone, known.address) == ("", "Jl. Lama 1")  # nothing is saved yet
    sent = form | {"owner_name": "Siti", "nib": NIB, "version": known.version, "key": str(uuid.uuid4()), "owner_nik": ""}
    assert browser.post(edit, sent).status_code == 302
    known.refresh_from_db()
    assert (known.phone, known.address, known.owner_name) == ("+6281234567890", "Jl. Baru 2", "Siti")


def test_of_typed_rows_only_what_is_new_goes_along_and_is_told(officer: User, tala, client_of) -> None:
    known = factories.EnterpriseFactory(region=tala, name="Kerupuk Berkah", kbli="", kbli_edition="2020")
    factories.LicenceFactory(enterprise=known, kind="pirt", number="P-IRT 1")
    form = {"region": tala.pk, "name": "Kerupuk Berkah", "kbli": "10794", **ROWS, "licences-TOTAL_FORMS": "2", "dilengkapi": "1"}
    for place, number in enumerate(("P-IRT 1", "P-IRT 2")):
        form |= {f"licences-{place}-kind": "pirt", f"licences-{place}-number": number}
    shown = client_of(officer).post(f"{known.get_absolute_url()}ubah/", form).context["form"]
    assert [row.initial["number"] for row in shown.formsets["licences"].initial_forms] == ["P-IRT 1", "P-IRT 2"]
    assert [str(label) for label in shown.taken_up["filled"]] == ["KBLI", "Licences"]
    assert [str(label) for label in shown.taken_up["differing"]] == ["KBLI edition"]  # a code means nothing without its edition
    assert shown["kbli_edition"].value() == "2015"


def test_a_name_on_record_stays_when_a_similar_one_was_typed(officer: User, tala, client_of) -> None:
    known = factories.EnterpriseFactory(region=tala, name="Kerupuk Berkah")
    form = {"region": tala.pk, "name": "Krupuk Berkah", **ROWS, "dilengkapi": "1"}
    answer = client_of(officer).post(f"{known.get_absolute_url()}ubah/", form)
    assert answer.context["form"]["name"].value() == "Kerupuk Berkah"
    assert "Stays as it is on record: Business name." in answer.content.decode()


def test_what_was_carried_along_never_follows(officer: User, staff: User, tala, client_of) -> None:
    known = factories.EnterpriseFactory(region=tala, name="Kerupuk Berkah", main_product="kerupuk ikan")
    form = {"region": tala.pk, "name": "Kerupuk Berkah", "main_product": "kerupuk ikan", **ROWS, "dilengkapi": "1"}
    edit = f"{known.get_absolute_url()}ubah/"
    shown = client_of(officer).post(edit, form).context["form"]
    records.update(Enterprise.objects.get(), by=staff, main_product="lain")
    sent = {bound.html_name: bound.value() for bound in shown if bound.value() not in (None, False)}
    assert client_of(officer).post(edit, ROWS | sent).context["form"]["main_product"].value() == "kerupuk ikan"


def test_a_record_out_of_reach_is_not_filled_up(officer: User, other_officer: User, tala, client_of) -> None:
    known = factories.EnterpriseFactory(region=tala, name="Kerupuk Berkah")
    assert client_of(other_officer).post(f"{known.get_absolute_url()}ubah/", {"name": "X", "dilengkapi": "1"}).status_code == 404


def test_whoever_is_on_record_is_enrolled_with_one_tap(officer: User, tala_batch, client_of) -> None:
    known = factories.ParticipantFactory(name="Siti Aminah")
    address, form = f"/angkatan/{tala_batch.pk}/peserta/", {"key": str(uuid.uuid4()), "name": "Siti Aminah"}
    assert f'name="participant" value="{known.pk}"' in client_of(officer).post(address, form).content.decode()
    assert client_of(officer).post(address, form | {"participant": known.pk}).status_code == 302
    assert (tala_batch.enrolments.get().participant, Participant.objects.count()) == (known, 1)


def test_nobody_is_offered_who_cannot_be_enrolled_and_what_was_typed_stays(
    staff: User, officer: User, tala_batch, banjar, client_of
) -> None:
    elsewhere = factories.ParticipantFactory(name="Siti Aminah", region=banjar, phone="+6281234567890")
    taking_part = factories.ParticipantFactory(name="Siti Aminah", region=tala_batch.region)
    factories.EnrolmentFactory(batch=tala_batch, participant=taking_part)
    address, form = f"/angkatan/{tala_batch.pk}/peserta/", {"key": str(uuid.uuid4()), "name": "Siti Aminah", "phone": "081234567890"}
    page = client_of(staff).post(address, form).content.decode()
    for person in (elsewhere, taking_part):
        assert (person.get_absolute_url() in page, f'name="participant" value="{person.pk}"' in page) == (True, False)
    refused = client_of(officer).post(address, form | {"address": "Jl. Panjang 17", "participant": taking_part.pk})
    assert (refused.status_code, "Jl. Panjang 17" in refused.content.decode()) == (422, True)


def test_another_districts_records_are_never_named(other_officer: User, staff: User, banjar, client_of) -> None:
    known = factories.EnterpriseFactory(name="Rahasia Tala", nib=NIB, phone="+6281234567890")
    form = {"key": str(uuid.uuid4()), "region": banjar.pk, "name": "Rahasia Tala", "nib": NIB, "phone": "081234567890", **ROWS}
    answer = client_of(other_officer).post("/ikm/baru/", form)
    assert (answer.status_code, DuplicatePair.objects.count()) == (302, 0)
    made = Enterprise.objects.get(region=banjar)
    assert [match.record for match in likely_duplicates(made, user=staff)] == [known]
    assert likely_duplicates(made, user=other_officer) == []


def test_candidates_cost_a_handful_of_queries_however_many_rows(officer: User, tala) -> None:
    counts = []
    for _ in range(2):
        factories.EnterpriseFactory.create_batch(5)
        typed = Enterprise(region=tala, name="IKM CONTOH", owner_name="Siti", nib=NIB, phone="+62811", owner_nik="1" * 16)
        with CaptureQueriesContext(connection) as queries:
            likely_duplicates(typed, user=officer)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 8


# --- remembered -----------------------------------------------------------------------------------------------------------


def test_no_duplicate_is_remembered_and_taken_back(officer: User, tala, other_officer: User) -> None:
    one, other = factories.EnterpriseFactory(name="Jaya"), factories.EnterpriseFactory(name="Jaya")
    pair = factories.pair(one, other)
    actions.mark_distinct(pair, by=officer, reason="Kakak beradik")
    with pytest.raises(Refusal, match="outside your region"):
        actions.take_back_distinct(pair, by=other_officer)
    actions.take_back_distinct(pair, by=officer)
    pair.refresh_from_db()
    assert (pair.status, pair.decided_by) == ("menunggu", None)
