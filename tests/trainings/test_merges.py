"""Two records become one with everything that points to them, and two again while nothing stands in the way."""

from __future__ import annotations

import uuid

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from ikm_program.actions import Refusal, StaleVersion
from ikm_program.integrity import counts, trail
from ikm_program.models import AppendOnly, AuditEvent
from production.actions.output import MakerPart, record_and_submit_output
from production.actions.verification import verify_output
from production.models import OutputLine
from tests import factories
from trainings import actions
from trainings.actions.merging import references_to
from trainings.models import ActivityDistrict, DuplicatePair, Enterprise, Licence, Merge, Participant, User

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]

NIB = "1234567890123"
NIK = "6301034604910007"  # a structurally sound number that a test made up


@pytest.fixture
def twins(tala) -> DuplicatePair:
    """A full record and a poor one of the same business; the poor one has the NIB, a licence, a participant."""
    full = factories.EnterpriseFactory(name="Sasirangan Indah", owner_name="Siti", address="Jalan A", main_product="kain")
    poor = factories.EnterpriseFactory(name="Sasirangan Indh", nib=NIB)
    for enterprise in (full, poor):
        factories.LicenceFactory(enterprise=enterprise, kind="pirt", number="1")
    factories.LicenceFactory(enterprise=poor, kind="halal", number="2")
    factories.ParticipantFactory(enterprise=poor, name="Orang Poor")
    return factories.pair(full, poor)


def both(pair: DuplicatePair) -> list[Enterprise | None]:
    return [Enterprise.objects.filter(pk=pk).first() for pk in (pair.left_pk, pair.right_pk)]


def state() -> dict[str, object]:
    """Everything about businesses and people, versions apart."""
    return {
        model.__name__: sorted(
            tuple(sorted((k, str(v)) for k, v in row.items() if k not in ("version",))) for row in model.objects.values()
        )
        for model in (Enterprise, Participant, Licence, OutputLine)
    }


def test_everything_that_pointed_to_one_points_to_the_other(officer: User, twins) -> None:
    merge = actions.merge_enterprises(twins, by=officer, keep={"nib": "right", "name": "left"})
    survivor, gone = both(twins)
    assert (gone, survivor.nib, survivor.name, survivor.owner_name) == (None, NIB, "Sasirangan Indah", "Siti")
    assert [person.name for person in survivor.participants.all()] == ["Orang Poor"]
    assert sorted(survivor.licences.values_list("kind", "number")) == [("halal", "2"), ("pirt", "1")]
    assert "indah" in survivor.participants.get().search_key
    assert merge.content["fields"]["name"] == "Sasirangan Indh"
    assert dict(merge.carried) == {"licence": 1, "participant": 1}
    twins.refresh_from_db()
    assert (twins.status, twins.decided_by) == ("digabung", officer)


def test_it_is_on_record_with_before_and_after(officer: User, twins) -> None:
    actions.merge_enterprises(twins, by=officer, keep={"nib": "right"})
    survivor = both(twins)[0]
    events = {event.verb: event for event in AuditEvent.objects.about(survivor)}
    assert (events["changed"].before, events["changed"].after) == ({"nib": ""}, {"nib": NIB})
    assert events["merged"].after["record"] == "Sasirangan Indh"
    assert AuditEvent.objects.filter(verb="merged_away", object_id=str(twins.right_pk)).count() == 1


def test_undo_brings_both_back_as_they_were(officer: User, twins) -> None:
    before = state()
    merge = actions.merge_enterprises(twins, by=officer, keep={"nib": "right", "name": "right"})
    assert state() != before
    assert [*trail.records(), *counts.tallies()] == []
    actions.undo_enterprise_merge(merge, by=officer, reason="Keliru")
    assert state() == before
    assert [*trail.records(), *counts.tallies()] == []
    twins.refresh_from_db()
    assert (twins.status, Merge.objects.get().status) == ("menunggu", "diurungkan")
    again = actions.merge_enterprises(twins, by=officer, keep={"nib": "right"})
    assert again.pk != merge.pk


def test_undo_says_what_stands_in_the_way(officer: User, twins) -> None:
    merge = actions.merge_enterprises(twins, by=officer, keep={"nib": "right"})
    survivor = both(twins)[0]
    actions.update_enterprise(survivor, by=officer, nib="9999999999999")
    with pytest.raises(Refusal, match="“NIB” was changed after the merge"):
        actions.undo_enterprise_merge(merge, by=officer)
    actions.update_enterprise(survivor, by=officer, nib=NIB, address="Jalan Baru")
    person = Participant.objects.get()
    actions.update_participant(person, by=officer, enterprise=factories.EnterpriseFactory())
    with pytest.raises(Refusal, match="given to somebody else"):
        actions.undo_enterprise_merge(merge, by=officer)
    actions.update_participant(person, by=officer, enterprise=survivor)
    actions.undo_enterprise_merge(merge, by=officer)
    assert [row.address for row in both(twins)] == ["Jalan Baru", ""]  # what was not part of the merge stays


def test_a_chain_of_merges_is_undone_from_its_end(officer: User, tala) -> None:
    first, second, third = (factories.EnterpriseFactory(name="Jaya", owner_name="Siti"[: 3 + n], address=f"{n}"[:n]) for n in (1, 0, 1))
    one = actions.merge_enterprises(factories.pair(first, second), by=officer, keep={})
    two = actions.merge_enterprises(factories.pair(Enterprise.objects.get(pk=one.survivor_pk), third), by=officer, keep={})
    if two.loser_pk == one.survivor_pk:
        with pytest.raises(Refusal, match="itself merged"):
            actions.undo_enterprise_merge(one, by=officer)
    actions.undo_enterprise_merge(two, by=officer)
    actions.undo_enterprise_merge(one, by=officer)
    assert Enterprise.objects.count() == 3


def test_pairs_of_the_other_one_follow_it_and_come_back(officer: User, twins) -> None:
    full, poor = both(twins)
    third, fourth = factories.EnterpriseFactory(name="Ketiga"), factories.EnterpriseFactory(name="Keempat")
    with_third, poor_fourth, full_fourth = factories.pair(poor, third), factories.pair(poor, fourth), factories.pair(full, fourth)
    actions.mark_distinct(with_third, by=officer)
    before = sorted(DuplicatePair.objects.values_list("left_pk", "right_pk"))
    merge = actions.merge_enterprises(twins, by=officer, keep={})
    with_third.refresh_from_db()
    assert (with_third.left_pk, with_third.right_pk, with_third.status) == (full.pk, third.pk, "bukan_duplikat")
    assert not DuplicatePair.objects.filter(pk=poor_fourth.pk).exists()
    actions.undo_enterprise_merge(merge, by=officer)
    assert sorted(DuplicatePair.objects.values_list("left_pk", "right_pk")) == before
    assert DuplicatePair.objects.filter(pk=full_fourth.pk).exists()


def test_what_was_seen_must_still_hold(officer: User, twins) -> None:
    actions.update_enterprise(both(twins)[1], by=officer, address="Baru")
    with pytest.raises(StaleVersion):
        actions.merge_enterprises(twins, by=officer, keep={}, seen="1.1")
    actions.mark_distinct(twins, by=officer)
    with pytest.raises(Refusal, match="cannot become"):
        actions.merge_enterprises(twins, by=officer, keep={})
    assert Enterprise.objects.count() == 2


# --- people ---------------------------------------------------------------------------------------------------------------


@pytest.fixture
def makers(officer: User, staff: User, tala_batch) -> DuplicatePair:
    """Two records of one tailor: one with the NIK, the other enrolled and with verified output."""
    known = factories.ParticipantFactory(name="Siti Aminah", nik=NIK, sex="P", address="Jalan A", education="sma")
    typed = factories.ParticipantFactory(name="Siti Aminh", phone="+6281234567890")
    actions.enrol(tala_batch, by=officer, participant=typed)
    product = factories.ProductFactory()
    factories.ActivityProductFactory(activity=tala_batch.activity, product=product)
    parts = [MakerPart(typed, 30)]
    entry = record_and_submit_output(tala_batch, by=officer, good=30, parts=parts, product=product, made_on=timezone.localdate())
    verify_output(entry, by=staff, version=entry.version)
    return factories.pair(known, typed)


def test_enrolments_and_verified_output_are_carried_over_and_back(officer: User, makers, tala_batch) -> None:
    before = state()
    merge = actions.merge_participants(makers, by=officer, keep={"name": "left", "nik": "left"})
    person = Participant.objects.get()
    place = person.enrolments.get()
    assert (person.pk, place.batch, place.nik) == (makers.left_pk, tala_batch, NIK)
    assert [line.verified_quantity for line in person.output_lines.all()] == [30]
    assert ActivityDistrict.objects.get(activity=tala_batch.activity, region=person.region).enrolled == 1
    actions.undo_participant_merge(merge, by=officer)
    assert state() == before
    assert Participant.objects.get(pk=makers.right_pk).enrolments.get().nik is None


def test_two_who_take_part_in_one_activity_are_refused_in_words(officer: User, makers, tala_batch) -> None:
    place = actions.enrol(tala_batch, by=officer, participant=Participant.objects.get(pk=makers.left_pk))
    with pytest.raises(Refusal, match="Both take part in “Bimtek Hazmat”"):
        actions.merge_participants(makers, by=officer, keep={})
    assert Participant.objects.count() == 2
    actions.withdraw(place, by=officer)
    actions.merge_participants(makers, by=officer, keep={})
    assert sorted(Participant.objects.get().enrolments.values_list("status", flat=True)) == ["aktif", "mundur"]


def test_two_makers_of_one_report_are_refused_in_words(officer: User, tala_batch) -> None:
    one, other = (factories.ParticipantFactory(name="Siti") for _ in range(2))
    for person in (one, other):
        factories.EnrolmentFactory(batch=tala_batch, participant=person)
    product = factories.ProductFactory()
    factories.ActivityProductFactory(activity=tala_batch.activity, product=product)
    parts = [MakerPart(one, 3), MakerPart(other, 4)]
    record_and_submit_output(tala_batch, by=officer, good=7, parts=parts, product=product, made_on=timezone.localdate())
    actions.withdraw(other.enrolments.get(), by=officer)
    with pytest.raises(Refusal, match="maker's part: This maker is listed twice"):
        actions.merge_participants(factories.pair(one, other), by=officer, keep={})
    assert Participant.objects.count() == 2


def test_people_of_two_districts_with_a_place_are_refused(staff: User, officer: User, tala_batch, banjar) -> None:
    here, there = factories.ParticipantFactory(name="Siti"), factories.ParticipantFactory(name="Siti", region=banjar)
    actions.enrol(tala_batch, by=officer, participant=here)
    with pytest.raises(Refusal, match="Withdraw it first"):
        actions.merge_participants(factories.pair(here, there), by=staff, keep={})


def test_nothing_append_only_points_to_a_person_or_a_business() -> None:
    """A row that can never change cannot be carried over: such a model keeps the name it was written with instead."""
    pointing = {field.model for model in (Enterprise, Participant) for field in references_to(model)}
    assert [model for model in pointing if issubclass(model, AppendOnly)] == []
    assert {model._meta.label for model in pointing} >= {"trainings.Enrolment", "production.OutputLine", "trainings.Licence"}
    assert apps.get_model("trainings.Participant") in pointing


# --- screens --------------------------------------------------------------------------------------------------------------


def test_the_pair_is_compared_merged_and_undone_on_the_pages(officer: User, twins, client_of) -> None:
    browser = client_of(officer)
    rows = browser.get("/duplikat/").content.decode()
    assert ("Sasirangan Indh" in rows, "similar name" in rows) == (True, True)
    form = browser.get(twins.get_absolute_url()).context["form"]
    better = {choice.name: choice.better for choice in form.choices}
    assert (better["nib"], better["owner_name"], better["name"]) == ("right", "left", "right")
    sent = {"key": str(uuid.uuid4()), "version": "1", "seen": form["seen"].value()} | {f"keep_{n}": side for n, side in better.items()}
    done = browser.post(twins.get_absolute_url(), sent)
    merge = Merge.objects.get()
    assert (done.status_code, done.headers["Location"]) == (302, merge.get_absolute_url())
    assert both(twins)[0].nib == NIB
    moved = browser.get(f"/ikm/{twins.right_pk}/")
    assert (moved.status_code, moved.headers["Location"]) == (302, f"/ikm/{twins.left_pk}/")
    undo = f"{merge.get_absolute_url()}urungkan/"
    assert f'href="{undo}"' in browser.get(f"/ikm/{twins.left_pk}/").content.decode()
    assert browser.post(undo, {"key": str(uuid.uuid4()), "version": str(merge.version)}).status_code == 302
    assert [row is not None for row in both(twins)] == [True, True]
    assert browser.get(f"/ikm/{twins.right_pk}/").status_code == 200
    assert f'href="{undo}"' not in browser.get(f"/ikm/{twins.left_pk}/").content.decode()


def test_an_incomplete_choice_is_refused(officer: User, twins, client_of) -> None:
    answer = client_of(officer).post(twins.get_absolute_url(), {"key": str(uuid.uuid4()), "version": "1", "seen": "1.1"})
    assert (answer.status_code, "keep_nib" in answer.context["form"].errors, Enterprise.objects.count()) == (422, True, 2)


def test_a_pair_across_districts_is_the_provinces(officer: User, other_officer: User, staff: User, tala, banjar, client_of) -> None:
    here, there = (factories.EnterpriseFactory(region=region, nib=NIB, name=f"Rahasia {region.pk}") for region in (tala, banjar))
    pair = factories.pair(here, there)
    statuses = [client_of(person).get(pair.get_absolute_url()).status_code for person in (officer, other_officer, staff)]
    assert statuses == [404, 404, 200]
    assert [len(client_of(person).get("/duplikat/").context["object_list"]) for person in (officer, other_officer, staff)] == [0, 0, 1]
    with pytest.raises(Refusal, match="outside your region"):
        actions.merge_enterprises(pair, by=officer, keep={})
    actions.merge_enterprises(pair, by=staff, keep={"region": "left", "nib": "left"})
    event = AuditEvent.objects.get(verb="status:digabung")
    assert event.region_path == "/63/"  # neither district reads of the other in its trail


def test_a_business_that_moves_takes_its_pair_along(staff: User, officer: User, banjar, twins, client_of) -> None:
    actions.update_enterprise(both(twins)[1], by=staff, region=banjar)
    assert client_of(officer).get(twins.get_absolute_url()).status_code == 404


def test_the_comparison_masks_the_nik(officer: User, client_of) -> None:
    one, other = factories.ParticipantFactory(name="Siti", nik=NIK), factories.ParticipantFactory(name="Siti", nik="6301034604910008")
    pair = factories.pair(one, other)
    page = client_of(officer).get(pair.get_absolute_url()).content.decode()
    assert (NIK in page, "630103******0007" in page) == (False, True)


def test_the_queue_costs_the_same_for_one_pair_and_three(officer: User, client_of) -> None:
    browser, counts = client_of(officer), []
    browser.get("/duplikat/")
    for number in (1, 2):
        for _ in range(number):
            factories.pair(*(factories.EnterpriseFactory() for _ in range(2)))
            factories.pair(*(factories.ParticipantFactory() for _ in range(2)))
        with CaptureQueriesContext(connection) as queries:
            browser.get("/duplikat/")
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 15
