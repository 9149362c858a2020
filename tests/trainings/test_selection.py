"""The district nominates; the province accepts within the quota, keeps in reserve, rejects with a reason, replaces."""

from __future__ import annotations

import threading

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection, connections
from django.utils import translation

from ikm_program.actions import Refusal
from ikm_program.models import AuditEvent
from tests import factories
from trainings import actions
from trainings.models import Activity, ActivityDistrict, Batch, Enrolment, User

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
Status = Enrolment.Status


def enrolled(activity: Activity) -> int:
    return ActivityDistrict.objects.get(activity=activity, region__kemendagri_code="63.01").enrolled


def nominated(batch: Batch, by: User, count: int = 1) -> list[Enrolment]:
    return [actions.enrol(batch, by=by, participant=person) for person in factories.ParticipantFactory.create_batch(count)]


def test_a_district_nominates_and_takes_no_place(officer: User, tala_batch: Batch, nominating: Activity) -> None:
    place = nominated(tala_batch, officer)[0]
    assert (place.status, enrolled(nominating)) == (Status.NOMINATED, 0)


def test_whoever_runs_the_programme_enrols_directly(staff: User, tala_batch: Batch, nominating: Activity) -> None:
    place = nominated(tala_batch, staff)[0]
    assert (place.status, enrolled(nominating)) == (Status.ACTIVE, 1)


def test_a_district_fills_the_places_of_its_own_programme(officer: User, tala_batch: Batch, nominating: Activity) -> None:
    nominating.programme.region = officer.region
    nominating.programme.save(update_fields=["region"])
    tala_batch.refresh_from_db()
    assert nominated(tala_batch, officer)[0].status == Status.ACTIVE


def test_the_eighth_of_seven_is_refused_in_words(officer: User, staff: User, tala_batch: Batch, nominating: Activity) -> None:
    places = nominated(tala_batch, officer, 8)
    for place in places[:7]:
        actions.accept(place, by=staff, version=place.version)
    with pytest.raises(Refusal, match=r"already full \(7 of 7\)"):
        actions.accept(places[7], by=staff, version=places[7].version)
    assert (Enrolment.objects.get(pk=places[7].pk).status, enrolled(nominating)) == (Status.NOMINATED, 7)


def test_all_who_fit_are_accepted_in_the_order_of_nomination(officer: User, staff: User, tala_batch: Batch, nominating: Activity) -> None:
    places = nominated(tala_batch, officer, 9)
    accepted = actions.accept_all(tala_batch, by=staff)
    assert ([row.pk for row in accepted], enrolled(nominating)) == ([row.pk for row in places[:7]], 7)
    assert tala_batch.enrolments.nominated().count() == 2


def test_only_the_province_decides(officer: User, official: User, tala_batch: Batch, nominating: Activity) -> None:
    place = nominated(tala_batch, officer)[0]
    for person in (officer, official):
        with pytest.raises(PermissionDenied):
            actions.accept(place, by=person, version=place.version)


def test_a_rejection_says_why(officer: User, staff: User, tala_batch: Batch, nominating: Activity) -> None:
    place = nominated(tala_batch, officer)[0]
    with pytest.raises(Refusal, match="Say why"):
        actions.reject(place, by=staff, version=place.version, reason=" ")
    actions.reject(place, by=staff, version=place.version, reason="Sudah ikut tahun lalu")
    assert (place.status, place.decision_reason) == (Status.REJECTED, "Sudah ikut tahun lalu")
    assert nominated(tala_batch, officer)[0].status == Status.NOMINATED  # somebody else
    again = actions.enrol(tala_batch, by=officer, participant=place.participant)  # and the same person anew
    assert again.pk != place.pk


def test_who_waits_holds_the_nik_of_the_activity(officer: User, staff: User, tala_batch: Batch, nominating: Activity) -> None:
    """Nominated and in reserve count as well: nobody stands twice on the lists of one activity."""
    person = factories.ParticipantFactory(nik=factories.nik())
    place = actions.enrol(tala_batch, by=officer, participant=person)
    actions.put_in_reserve(place, by=staff, version=place.version)
    twin = factories.ParticipantFactory(region=factories.region("63.03"), nik=factories.nik())
    with pytest.raises(Refusal, match="This NIK is already registered"):
        actions.enrol(factories.BatchFactory(activity=nominating, region=twin.region), by=staff, participant=twin)


def test_who_leaves_before_the_decision_frees_nothing(officer: User, staff: User, tala_batch: Batch, nominating: Activity) -> None:
    kept, waiting = nominated(tala_batch, officer, 2)
    actions.accept(kept, by=staff, version=kept.version)
    actions.withdraw(waiting, by=officer)
    assert enrolled(nominating) == 1


def test_who_comes_back_is_nominated_again(officer: User, staff: User, tala_batch: Batch, nominating: Activity) -> None:
    place = nominated(tala_batch, officer)[0]
    actions.accept(place, by=staff, version=place.version)
    actions.re_enrol(actions.withdraw(place, by=officer), by=officer)
    assert (place.status, enrolled(nominating)) == (Status.NOMINATED, 0)


def test_a_replacement_takes_the_place_at_once_and_the_history_stays(
    officer: User, staff: User, tala_batch: Batch, nominating: Activity
) -> None:
    nominating.districts.update(quota=1)
    leaving, waiting = nominated(tala_batch, officer, 2)
    actions.accept(leaving, by=staff, version=leaving.version)
    actions.put_in_reserve(waiting, by=staff, version=waiting.version)
    successor = actions.replace(leaving, by=staff, version=leaving.version, participant=waiting.participant, reason="Sakit")
    leaving.refresh_from_db()
    assert (successor.pk, successor.status, enrolled(nominating)) == (waiting.pk, Status.ACTIVE, 1)
    assert (leaving.status, leaving.replaced_by, successor.replaces) == (Status.REPLACED, successor, leaving)
    assert AuditEvent.objects.get(verb="status:diganti").reason == "Sakit"


def test_somebody_of_the_register_can_be_the_replacement(staff: User, tala_batch: Batch) -> None:
    tala_batch.activity.districts.update(quota=1)
    leaving = actions.enrol(tala_batch, by=staff, participant=factories.ParticipantFactory())
    successor = actions.replace(leaving, by=staff, version=1, participant=factories.ParticipantFactory(), reason="Pindah")
    assert (successor.status, enrolled(tala_batch.activity)) == (Status.ACTIVE, 1)


def test_a_district_does_not_replace_where_the_province_decides(
    officer: User, staff: User, tala_batch: Batch, nominating: Activity
) -> None:
    place = actions.enrol(tala_batch, by=staff, participant=factories.ParticipantFactory())
    with pytest.raises(Refusal, match="The province decides"):
        actions.replace(place, by=officer, version=1, participant=factories.ParticipantFactory(), reason="Pindah")


def test_a_batch_takes_no_more_than_its_capacity(staff: User, tala_batch: Batch) -> None:
    tala_batch.capacity = 2
    tala_batch.save(update_fields=["capacity"])
    first, *_others = nominated(tala_batch, staff, 2)
    with pytest.raises(Refusal, match=r"Every seat of this batch is taken \(2\)"):
        nominated(tala_batch, staff)
    actions.replace(first, by=staff, version=1, participant=factories.ParticipantFactory(), reason="Pindah")  # the seat changes hands
    assert tala_batch.enrolments.active().count() == 2
    with pytest.raises(Refusal, match="2 people have a place"):
        actions.update_batch(tala_batch, by=staff, capacity=1)


@pytest.mark.django_db(transaction=True)
def test_two_who_are_accepted_for_the_last_seat(staff: User, tala_batch: Batch) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer at a time")
    tala_batch.capacity = 1
    tala_batch.save(update_fields=["capacity"])
    places = [factories.EnrolmentFactory(batch=tala_batch, status=Status.NOMINATED) for _number in range(2)]
    start, refused = threading.Barrier(2), []

    def accept(place: Enrolment) -> None:
        start.wait()
        try:
            with translation.override("en"):  # a thread starts in the language of the settings
                actions.accept(place, by=staff, version=place.version)
        except Refusal as refusal:
            refused.append(str(refusal))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=accept, args=(place,)) for place in places]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (tala_batch.enrolments.active().count(), refused) == (1, ["Every seat of this batch is taken (1)."])


# --- on the screens


def test_the_page_says_nominate_to_a_district_and_enrol_to_the_province(
    officer: User, staff: User, tala_batch: Batch, nominating: Activity, client_of
) -> None:
    url = f"/angkatan/{tala_batch.pk}/peserta/"
    pages = [client_of(person).get(url).content.decode() for person in (officer, staff)]
    assert ["Record and nominate" in page for page in pages] == [True, False]
    assert ["Record and enrol" in page for page in pages] == [False, True]


def test_accepting_from_the_page_of_the_batch(officer: User, staff: User, tala_batch: Batch, nominating: Activity, client_of) -> None:
    place = nominated(tala_batch, officer)[0]
    browser = client_of(staff)
    page = browser.get(tala_batch.get_absolute_url()).content.decode()
    assert f"/kepesertaan/{place.pk}/terima/" in page
    assert f"/kepesertaan/{place.pk}/terima/" not in client_of(officer).get(tala_batch.get_absolute_url()).content.decode()
    sent = {"key": "11111111-1111-4111-8111-111111111111", "version": place.version, "reason": ""}
    assert browser.post(f"/kepesertaan/{place.pk}/terima/", sent).status_code == 302
    assert Enrolment.objects.get(pk=place.pk).status == Status.ACTIVE


def test_replacing_asks_for_one_person(staff: User, tala_batch: Batch, client_of) -> None:
    place = actions.enrol(tala_batch, by=staff, participant=factories.ParticipantFactory())
    waiting = factories.EnrolmentFactory(batch=tala_batch, status=Status.RESERVE)
    browser, url = client_of(staff), f"/kepesertaan/{place.pk}/ganti/"
    sent = {"key": "11111111-1111-4111-8111-111111111111", "version": place.version, "reason": "Pindah"}
    assert "waiting" in browser.post(url, sent).context["form"].errors
    assert browser.post(url, sent | {"waiting": waiting.pk}).status_code == 302
    assert Enrolment.objects.get(pk=waiting.pk).status == Status.ACTIVE
