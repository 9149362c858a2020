"""The NIK: checked at its field, masked everywhere, shown in full only on record."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from django.core.exceptions import PermissionDenied

from ikm_program.actions import Refusal, StaleVersion
from ikm_program.models import AuditEvent
from tests import factories
from trainings import actions
from trainings.models import Batch, Enrolment, Participant, User

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]

NIK = "6301034604910007"  # a structurally sound number that a test made up: a woman, 6 April 1991
MASKED = "630103******0007"


def add(by: User, region, **values) -> Participant:
    values = {"name": "Orang CONTOH"} | values
    return actions.create_participant(Participant, by=by, region=region, **values)


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"nik": "63010346049100"}, "A NIK has 16 digits."),
        ({"nik": "6301034613910007"}, "The date of birth in the NIK does not exist."),
        ({"nik": NIK, "sex": "L"}, "The NIK does not agree with the date of birth or the sex entered."),
        ({"nik": NIK, "birth_date": dt.date(1991, 4, 7)}, "The NIK does not agree with the date of birth or the sex entered."),
        ({"nik": factories.nik()}, "An example NIK (sequence 0000) is accepted in demo mode only."),
    ],
)
def test_a_wrong_nik_is_refused_at_its_field(officer: User, tala, values, sentence: str) -> None:
    with pytest.raises(Refusal) as refused:
        add(officer, tala, **values)
    assert (refused.value.field, str(refused.value)) == ("nik", sentence)


def test_an_old_card_is_excepted_on_record(officer: User, tala) -> None:
    person = add(officer, tala, nik=NIK, birth_date=dt.date(1991, 4, 7), nik_exception="KTP lama")
    assert (person.nik, person.nik_exception) == (NIK, "KTP lama")


def test_an_exception_does_not_excuse_the_sex(officer: User, tala) -> None:
    with pytest.raises(Refusal, match="does not agree"):
        add(officer, tala, nik=NIK, sex="L", nik_exception="KTP lama")


def test_another_regions_code_warns_and_is_saved(staff: User, banjar) -> None:
    person = add(staff, banjar, nik=NIK)
    assert [str(sentence)[:37] for sentence in person.nik_warnings] == ["The region code of the NIK differs fr"]


def test_demo_mode_accepts_example_numbers(officer: User, tala, settings) -> None:
    settings.DEMO_MODE = True
    assert add(officer, tala, nik=factories.nik()).masked_nik == "630101******0000"


def test_the_form_keeps_what_was_typed_and_complains_at_the_nik(officer: User, tala, client_of) -> None:
    typed = {
        "key": str(uuid.uuid4()),
        "region": tala.pk,
        "name": "Siti CONTOH",
        "sex": "L",
        "nik": "6301 0346 0491 0007",
        "phone": "0812-3456-7890",
    }
    answer = client_of(officer).post("/peserta/baru/", typed)
    form = answer.context["form"]
    assert (answer.status_code, form.errors) == (422, {"nik": ["The NIK does not agree with the date of birth or the sex entered."]})
    assert {name: form[name].value() for name in ("name", "sex", "nik", "phone")} == {
        name: typed[name] for name in ("name", "sex", "nik", "phone")
    }
    assert not Participant.objects.exists()


def test_saving_says_what_is_odd(staff: User, banjar, client_of) -> None:
    sent = {"key": str(uuid.uuid4()), "region": banjar.pk, "name": "Siti CONTOH", "nik": NIK}
    page = client_of(staff).post("/peserta/baru/", sent, follow=True).content.decode()
    assert "The region code of the NIK differs" in page


def test_the_nik_is_masked_on_every_page(staff: User, officer: User, tala_batch: Batch, client_of) -> None:
    person = factories.ParticipantFactory(nik=NIK)
    actions.enrol(tala_batch, by=officer, participant=person)
    another = factories.ParticipantFactory(nik="6301034604910008")
    addresses = ["/peserta/", person.get_absolute_url(), f"{person.get_absolute_url()}ubah/", tala_batch.get_absolute_url()]
    for address in [*addresses, f"/angkatan/{tala_batch.pk}/peserta/"]:
        page = client_of(staff).get(address).content.decode()
        assert (NIK in page, another.nik in page) == (False, False), address
        assert MASKED in page or "630103******0008" in page, address


def test_showing_the_nik_is_a_post_with_the_permission_and_on_record(staff: User, officer: User, client_of) -> None:
    person = factories.ParticipantFactory(nik=NIK)
    address = f"{person.get_absolute_url()}nik/"
    assert client_of(officer).post(address).status_code == 403
    browser = client_of(staff)
    assert browser.get(address).status_code == 405
    assert NIK in browser.post(address).content.decode()
    event = AuditEvent.objects.about(person).get(verb="reveal")
    assert (event.by, event.after) == (staff, {"nik": MASKED})


def test_an_edit_without_a_nik_keeps_the_one_on_record(officer: User) -> None:
    person = factories.ParticipantFactory(nik=NIK)
    actions.update_participant(person, by=officer, name="Nama Baru")
    person.refresh_from_db()
    assert (person.name, person.nik) == ("Nama Baru", NIK)


def test_the_number_on_record_must_agree_with_a_new_birth_date(officer: User) -> None:
    person = factories.ParticipantFactory(nik=NIK)
    with pytest.raises(Refusal, match="does not agree"):
        actions.update_participant(person, by=officer, birth_date=dt.date(1980, 1, 1))


def test_a_corrected_nik_is_corrected_in_the_enrolment_too(officer: User, tala_batch: Batch) -> None:
    person = factories.ParticipantFactory(nik=NIK)
    place = actions.enrol(tala_batch, by=officer, participant=person)
    actions.update_participant(person, by=officer, nik="6301034604910008")
    assert Enrolment.objects.get(pk=place.pk).nik == "6301034604910008"


def test_somebody_with_a_place_does_not_move_to_another_district(staff: User, tala_batch: Batch, banjar) -> None:
    person = factories.ParticipantFactory()
    actions.enrol(tala_batch, by=staff, participant=person)
    with pytest.raises(Refusal) as refused:
        actions.update_participant(person, by=staff, region=banjar)
    assert refused.value.field == "region"


def test_a_stale_save_is_refused(officer: User) -> None:
    person = factories.ParticipantFactory()
    actions.update_participant(Participant.objects.get(pk=person.pk), by=officer, version=1, name="Pertama")
    with pytest.raises(StaleVersion):
        actions.update_participant(Participant.objects.get(pk=person.pk), by=officer, version=1, name="Kedua")
    assert Participant.objects.get(pk=person.pk).name == "Pertama"


def test_before_and_after_are_on_record_with_the_number_masked(officer: User) -> None:
    person = factories.ParticipantFactory(name="Lama")
    actions.update_participant(person, by=officer, name="Baru", nik=NIK)
    event = AuditEvent.objects.about(person).get(verb="changed")
    assert (event.before, event.after) == ({"name": "Lama", "nik": None}, {"name": "Baru", "nik": MASKED})


def test_an_officer_of_another_district_does_not_write_here(other_officer: User, officer: User, tala) -> None:
    with pytest.raises(Refusal, match="outside your region"):
        add(other_officer, tala)
    with pytest.raises(PermissionDenied):
        add(factories.user("pengawas"), tala)
