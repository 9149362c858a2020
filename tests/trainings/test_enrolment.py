"""Seven people are enrolled and the eighth is refused."""

from __future__ import annotations

import threading

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection, connections

from ikm_program.actions import Refusal
from ikm_program.models import AuditEvent
from tests import factories
from trainings import actions
from trainings.models import Activity, ActivityDistrict, Batch, Enrolment, Participant, Region, User

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


def enrolled(activity: Activity, code: str) -> int:
    return ActivityDistrict.objects.get(activity=activity, region__kemendagri_code=code).enrolled


def test_seven_are_enrolled_and_the_eighth_is_told_that_the_quota_is_full(officer: User, tala_batch: Batch) -> None:
    people = factories.ParticipantFactory.create_batch(8)
    for person in people[:7]:
        actions.enrol(tala_batch, by=officer, participant=person)
    with pytest.raises(Refusal) as refused:
        actions.enrol(tala_batch, by=officer, participant=people[7])
    assert str(refused.value) == "The participant quota of this kabupaten/kota is already full (7 of 7)."
    assert refused.value.field == "participant"
    assert (tala_batch.enrolments.active().count(), enrolled(tala_batch.activity, "63.01")) == (7, 7)


def test_somebody_who_has_moved_meanwhile_takes_no_place_of_the_old_district(staff: User, tala_batch: Batch, banjar: Region) -> None:
    seen = factories.ParticipantFactory()
    actions.update_participant(Participant.objects.get(), by=staff, region=banjar)
    with pytest.raises(Refusal, match="does not come from the region of the batch"):
        actions.enrol(tala_batch, by=staff, participant=seen)
    assert (enrolled(tala_batch.activity, "63.01"), enrolled(tala_batch.activity, "63.03")) == (0, 0)


def test_who_left_and_moved_does_not_come_back_on_the_new_districts_quota(staff: User, tala_batch: Batch, banjar: Region) -> None:
    place = actions.enrol(tala_batch, by=staff, participant=factories.ParticipantFactory())
    actions.withdraw(place, by=staff)
    actions.update_participant(Participant.objects.get(), by=staff, region=banjar)
    with pytest.raises(Refusal, match="does not come from the region of the batch"):
        actions.re_enrol(Enrolment.objects.get(), by=staff)
    assert (enrolled(tala_batch.activity, "63.01"), enrolled(tala_batch.activity, "63.03")) == (0, 0)


def test_a_second_batch_of_the_district_shares_its_quota(officer: User, tala_batch: Batch) -> None:
    second = factories.BatchFactory(activity=tala_batch.activity, region=tala_batch.region, number=2)
    for batch, number in ((tala_batch, 4), (second, 3)):
        for person in factories.ParticipantFactory.create_batch(number):
            actions.enrol(batch, by=officer, participant=person)
    with pytest.raises(Refusal, match=r"\(7 of 7\)"):
        actions.enrol(second, by=officer, participant=factories.ParticipantFactory())


def test_the_quota_is_counted_at_the_participants_own_district(staff: User, hazmat_training: Activity, province, tala, banjar) -> None:
    mixed = factories.BatchFactory(activity=hazmat_training, region=province)
    actions.enrol(mixed, by=staff, participant=factories.ParticipantFactory(region=banjar))
    assert (enrolled(hazmat_training, "63.01"), enrolled(hazmat_training, "63.03")) == (0, 1)


def test_a_quota_that_nobody_set_permits_enrolment(officer: User, tala_batch: Batch) -> None:
    tala_batch.activity.districts.update(quota=None)
    for person in factories.ParticipantFactory.create_batch(9):
        actions.enrol(tala_batch, by=officer, participant=person)
    assert enrolled(tala_batch.activity, "63.01") == 9


def test_somebody_who_leaves_frees_the_place_and_may_come_back_while_there_is_one(officer: User, tala_batch: Batch) -> None:
    tala_batch.activity.districts.update(quota=1)
    first, second = factories.ParticipantFactory.create_batch(2)
    place = actions.enrol(tala_batch, by=officer, participant=first)
    actions.withdraw(place, by=officer, reason="pindah")
    actions.enrol(tala_batch, by=officer, participant=second)
    with pytest.raises(Refusal, match=r"full \(1 of 1\)"):
        actions.re_enrol(place, by=officer)
    place.refresh_from_db()
    assert (place.status, enrolled(tala_batch.activity, "63.01")) == (Enrolment.Status.WITHDRAWN, 1)


def test_coming_back_takes_a_place_again(officer: User, tala_batch: Batch) -> None:
    place = actions.enrol(tala_batch, by=officer, participant=factories.ParticipantFactory())
    actions.re_enrol(actions.withdraw(place, by=officer), by=officer)
    assert (place.status, enrolled(tala_batch.activity, "63.01")) == (Enrolment.Status.ACTIVE, 1)


def test_the_same_nik_is_refused_in_the_same_activity(staff: User, tala_batch: Batch, banjar_batch: Batch) -> None:
    """The same card, recorded in two districts."""
    here = factories.ParticipantFactory(region=tala_batch.region, nik=factories.nik())
    there = factories.ParticipantFactory(region=banjar_batch.region, nik=factories.nik())
    actions.enrol(tala_batch, by=staff, participant=here)
    with pytest.raises(Refusal) as refused:
        actions.enrol(banjar_batch, by=staff, participant=there)
    assert str(refused.value) == "This NIK is already registered for this activity."
    assert enrolled(tala_batch.activity, "63.03") == 0


def test_the_same_person_is_refused_twice(officer: User, tala_batch: Batch) -> None:
    person = factories.ParticipantFactory()
    actions.enrol(tala_batch, by=officer, participant=person)
    with pytest.raises(Refusal, match="already takes part"):
        actions.enrol(tala_batch, by=officer, participant=person)


def test_a_district_that_does_not_take_part_sends_nobody(staff: User, hazmat_training: Activity, province) -> None:
    mixed = factories.BatchFactory(activity=hazmat_training, region=province)
    stranger = factories.ParticipantFactory(region=factories.region("63.05"))
    with pytest.raises(Refusal, match="does not take part"):
        actions.enrol(mixed, by=staff, participant=stranger)


def test_a_participant_of_another_district_is_not_enrolled_here(staff: User, tala_batch: Batch, banjar) -> None:
    with pytest.raises(Refusal, match="does not come from the region of the batch"):
        actions.enrol(tala_batch, by=staff, participant=factories.ParticipantFactory(region=banjar))


def test_a_closed_programme_enrols_nobody(officer: User, staff: User, tala_batch: Batch) -> None:
    actions.close_programme(tala_batch.activity.programme, by=staff)
    with pytest.raises(Refusal, match="programme is closed"):
        actions.enrol(tala_batch, by=officer, participant=factories.ParticipantFactory())


def test_a_new_person_is_recorded_and_enrolled_at_once(officer: User, tala_batch: Batch) -> None:
    place = actions.enrol_new(tala_batch, by=officer, name="Penjahit CONTOH", sex="P")
    assert (place.participant.name, place.participant.region, place.status) == ("Penjahit CONTOH", tala_batch.region, "aktif")


@pytest.mark.django_db(transaction=True)
def test_a_full_quota_records_no_new_person(officer: User, tala_batch: Batch) -> None:
    tala_batch.activity.districts.update(quota=0)
    with pytest.raises(Refusal, match=r"\(0 of 0\)"):
        actions.enrol_new(tala_batch, by=officer, name="Penjahit CONTOH")
    assert not Participant.objects.filter(name="Penjahit CONTOH").exists()


def test_the_auditor_enrols_nobody(auditor: User, tala_batch: Batch) -> None:
    with pytest.raises(PermissionDenied):
        actions.enrol(tala_batch, by=auditor, participant=factories.ParticipantFactory())


def test_an_enrolment_leaves_its_trace(officer: User, tala_batch: Batch) -> None:
    place = actions.enrol(tala_batch, by=officer, participant=factories.ParticipantFactory(nik=factories.nik()))
    event = AuditEvent.objects.about(place).get()
    assert (event.verb, event.by, event.after["nik"]) == ("created", officer, "630101******0000")


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_officers_take_the_last_place_at_once_and_one_gets_it(staff: User, tala_batch: Batch) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("shown on PostgreSQL; SQLite has one writer at a time")
    tala_batch.activity.districts.update(quota=1)
    answers: list[str] = []
    together = threading.Barrier(4)

    def attempt(person: Participant) -> None:
        together.wait()
        try:
            actions.enrol(tala_batch, by=staff, participant=person)
            answers.append("enrolled")
        except Refusal:
            answers.append("refused")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=attempt, args=(person,)) for person in factories.ParticipantFactory.create_batch(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == ["enrolled", "refused", "refused", "refused"]
    assert (tala_batch.enrolments.active().count(), enrolled(tala_batch.activity, "63.01")) == (1, 1)
