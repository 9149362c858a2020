"""An import of people and their batches: what it may bring, and what is left when it is taken back."""

from __future__ import annotations

import pytest

from ikm_program.actions import Refusal
from ikm_program.models import AuditEvent
from ikm_program.sheets import actions
from tests import factories
from tests.sheets import files
from tests.sheets.conftest import entered, faults, outcomes
from trainings.actions.participants import enrol, update_participant
from trainings.actions.selection import accept
from trainings.models import Activity, ActivityDistrict, Batch, Enrolment, Participant, User

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english", "tala_batch")]
PLACES = ("Kegiatan", "Angkatan", "Nama", "NIK", "Tanggal Lahir")


@pytest.fixture(autouse=True)
def example_numbers(settings) -> None:
    """Tests use numbers that nobody was given."""
    settings.DEMO_MODE = True


@pytest.fixture
def nominating(hazmat_training: Activity) -> Activity:
    """The districts nominate, the province decides."""
    hazmat_training.is_by_nomination = True
    hazmat_training.save(update_fields=["is_by_nomination"])
    return hazmat_training


@pytest.fixture
def two(send, officer: User):
    """Aminah, who is new, and Rusdi, who is on record already."""
    known = factories.ParticipantFactory(name="Rusdi", nik=factories.nik(sequence=2), region=officer.region)
    rows = (["Bimtek Hazmat", 1, "Aminah", None, None], ["Bimtek Hazmat", 1, "Rusdi", known.nik, None])
    return lambda: entered(send(officer, files.table(*rows, header=PLACES), "kepesertaan"), officer)


def names() -> list[str]:
    return list(Participant.objects.order_by("name").values_list("name", flat=True))


def test_what_the_import_made_is_gone_and_who_was_on_record_stays(two, nominating: Activity, officer: User, client_of) -> None:
    made = two()
    browser, url = client_of(officer), f"{made.get_absolute_url()}batalkan/"
    assert "and with them the people it recorded" in browser.get(url).content.decode()
    actions.undo(made, by=officer, version=made.version)
    assert (Enrolment.objects.count(), names()) == (0, ["Rusdi"])
    told = AuditEvent.objects.filter(verb="deleted").order_by("sequence").values_list("model", "label")
    assert [(model.rpartition(".")[2], label.partition(" ·")[0]) for model, label in told] == [
        ("enrolment", "Rusdi"), ("enrolment", "Aminah"), ("participant", "Aminah"),
    ]  # fmt: skip


@pytest.mark.usefixtures("hazmat_training")
def test_a_place_that_was_taken_is_free_again(two, officer: User) -> None:
    made = two()
    assert ActivityDistrict.objects.get(region=officer.region).enrolled == 2
    actions.undo(made, by=officer, version=made.version)
    assert (ActivityDistrict.objects.get(region=officer.region).enrolled, names()) == (0, ["Rusdi"])


def test_once_somebody_has_decided_it_is_refused_whole(two, nominating: Activity, officer: User, staff: User) -> None:
    made = two()
    place = Enrolment.objects.get(participant__name="Aminah")
    accept(place, by=staff, version=place.version)
    with pytest.raises(Refusal, match="row 2 was changed since"):
        actions.undo(made, by=officer, version=made.version)
    assert (Enrolment.objects.count(), names()) == (2, ["Aminah", "Rusdi"])


@pytest.mark.parametrize("what", ["used", "changed"])
def test_whom_somebody_has_used_or_changed_since_stays(what: str, two, nominating: Activity, officer: User) -> None:
    made = two()
    aminah = Participant.objects.get(name="Aminah")
    if what == "used":
        other = factories.ActivityFactory(programme=nominating.programme)
        factories.ActivityDistrictFactory(activity=other, region=officer.region)
        enrol(factories.BatchFactory(activity=other, region=officer.region), by=officer, participant=aminah)
    else:
        update_participant(aminah, by=officer, version=aminah.version, phone="081234567890")
    actions.undo(made, by=officer, version=made.version)
    assert (Enrolment.objects.filter(activity=nominating).count(), names()) == (0, ["Aminah", "Rusdi"])


def test_people_of_another_import_or_form_are_left_alone(send, two, nominating: Activity, officer: User) -> None:
    """Who was recorded before by somebody else's sheet is no work of this one."""
    first = entered(send(officer, files.table(["Siti", "P"], header=("Nama Lengkap", "Jenis Kelamin")), "peserta"), officer)
    assert outcomes(first) == {2: "baru"}
    made = two()
    factories.ParticipantFactory(name="Zainab", region=officer.region)
    actions.undo(made, by=officer, version=made.version)
    assert names() == ["Rusdi", "Siti", "Zainab"]


def test_nominations_may_exceed_the_places_as_on_the_page(send, nominating: Activity, tala_batch: Batch, officer: User) -> None:
    ActivityDistrict.objects.filter(activity=nominating, region=officer.region).update(quota=7, enrolled=5)
    rows = [["Bimtek Hazmat", 1, name, None, None] for name in ("Aminah", "Rusdi", "Siti")]
    made = entered(send(officer, files.table(*rows, header=PLACES), "kepesertaan"), officer)
    assert outcomes(made) == {2: "baru", 3: "baru", 4: "baru"}
    assert Enrolment.objects.filter(batch=tala_batch).nominated().count() == 3
    assert ActivityDistrict.objects.get(activity=nominating, region=officer.region).enrolled == 5


def test_who_decides_takes_places_and_is_told_how_many_are_left(send, nominating: Activity, officer: User, staff: User) -> None:
    ActivityDistrict.objects.filter(activity=nominating, region=officer.region).update(quota=7, enrolled=5)
    rows = [["Bimtek Hazmat", 1, name, None, None, officer.region.name] for name in ("Aminah", "Rusdi", "Siti")]
    made = send(staff, files.table(*rows, header=(*PLACES, "Kabupaten")), "kepesertaan")
    assert outcomes(made) == {2: "baru", 3: "baru", 4: "salah"}
    assert "5 of 7 are taken" in faults(made)[4]["activity"]
