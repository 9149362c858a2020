"""Participants, their places, targets and output by sheet: by the rules of the actions, taken back the same way."""

from __future__ import annotations

import datetime as dt

import pytest

from ikm_program.actions import Refusal
from ikm_program.models import RowKey
from ikm_program.sheets import actions
from ikm_program.sheets.kinds import kinds
from production.actions.output import submit_output
from production.models import OutputEntry
from tests import factories
from tests.sheets import files
from tests.sheets.conftest import checked, entered, faults, outcomes
from trainings.models import Activity, ActivityDistrict, Batch, Enrolment, Participant, User

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]

PEOPLE = ("Nama Lengkap", "NIK", "Jenis Kelamin", "Tanggal Lahir", "No HP", "Usaha")
BORN = dt.date(1985, 6, 15)
KEY = "00000000-0000-4000-8000-00000000000{}"


@pytest.fixture(autouse=True)
def example_numbers(settings) -> None:
    """Tests use numbers that nobody was given."""
    settings.DEMO_MODE = True


def people(*rows):
    return files.table(*rows, header=PEOPLE)


# --- participants -------------------------------------------------------------------------------------------------------


def test_people_come_in_and_are_found_again(send, officer: User) -> None:
    factories.EnterpriseFactory(name="Sasirangan CONTOH", region=officer.region)
    rows = people(
        ["Aminah", factories.nik(), "L", BORN, "0812-3456-7890", "sasirangan contoh"], ["Rusdi", None, "L", "15 Juni 1990", None, None]
    )
    made = entered(send(officer, rows, "peserta"), officer)
    assert outcomes(made) == {2: "baru", 3: "baru"}
    aminah = Participant.objects.get(name="Aminah")
    assert (aminah.nik, aminah.birth_date, aminah.phone, aminah.enterprise_name) == (
        factories.nik(),
        BORN,
        "+6281234567890",
        "Sasirangan CONTOH",
    )
    again = send(
        officer,
        people(["Aminah Binti", factories.nik(), None, None, None, None], ["Rusdi", None, "L", "15/06/1990", None, None]),
        "peserta",
    )
    assert outcomes(again) == {2: "berubah", 3: "sama"}


def test_two_of_one_name_with_different_telephones_are_two(send, officer: User) -> None:
    rows = people(["Siti", None, "P", None, "0812-0000-0001", None], ["Siti", None, "P", None, "0812-0000-0002", None])
    made = entered(send(officer, rows, "peserta"), officer)
    assert (outcomes(made), Participant.objects.filter(name="Siti").count()) == ({2: "baru", 3: "baru"}, 2)


def test_a_nik_as_a_number_is_refused(send, officer: User) -> None:
    made = send(officer, people(["Aminah", int(factories.nik()), "L", BORN, None, None]), "peserta")
    assert "rounds long numbers" in faults(made)[2]["nik"]


def test_a_nik_must_agree_with_the_birth_date(send, officer: User) -> None:
    made = send(
        officer,
        people(["Aminah", factories.nik(), "P", BORN, None, None], ["Rusdi", factories.nik(sequence=2), "L", "16/06/1985", None, None]),
        "peserta",
    )
    assert outcomes(made) == {2: "salah", 3: "salah"}
    assert set(faults(made)[2]) == {"nik"}


def test_a_nik_is_masked_on_the_page(send, officer: User, client_of) -> None:
    made = send(officer, people(["Aminah", factories.nik(), "P", BORN, None, None]), "peserta")
    body = client_of(officer).get(made.get_absolute_url()).content.decode()
    assert factories.nik() not in body
    assert factories.nik()[:6] + "******0000" in body


def test_an_import_of_people_is_undone(send, officer: User) -> None:
    known = factories.ParticipantFactory(name="Rusdi", birth_date=BORN, region=officer.region, phone="+628111111111")
    made = entered(
        send(
            officer,
            people(["Aminah", factories.nik(), "L", BORN, None, None], ["Rusdi", None, None, BORN, "0812-3456-7890", None]),
            "peserta",
        ),
        officer,
    )
    known.refresh_from_db()
    assert known.phone == "+6281234567890"
    actions.undo(made, by=officer, version=made.version)
    known.refresh_from_db()
    assert (known.phone, list(Participant.objects.values_list("name", flat=True))) == ("+628111111111", ["Rusdi"])


# --- places in batches --------------------------------------------------------------------------------------------------

PLACES = ("Kegiatan", "Angkatan", "Nama", "NIK", "Tanggal Lahir")


def test_places_are_taken_within_the_quota(send, officer: User, tala_batch: Batch, hazmat_training: Activity) -> None:
    ActivityDistrict.objects.filter(activity=hazmat_training).update(quota=2)
    known = factories.ParticipantFactory(name="Rusdi", nik=factories.nik(sequence=2), region=officer.region)
    rows = [
        ["Bimtek Hazmat", 1, "Aminah", None, None],
        ["Bimtek Hazmat", None, "Rusdi", known.nik, None],
        ["Bimtek Hazmat", 1, "Siti", None, None],
    ]
    made = send(officer, files.table(*rows, header=PLACES), "kepesertaan")
    assert outcomes(made) == {2: "baru", 3: "baru", 4: "salah"}
    assert "quota" in faults(made)[4]["activity"]
    actions.settle_row(made, by=officer, version=made.version, number=4, outcome="dilewati")
    made = entered(checked(made), officer)
    assert sorted(Enrolment.objects.active().values_list("participant__name", flat=True)) == ["Aminah", "Rusdi"]
    assert ActivityDistrict.objects.get(activity=hazmat_training, region=officer.region).enrolled == 2
    again = send(officer, files.table(rows[1], header=PLACES), "kepesertaan")
    assert outcomes(again) == {2: "sama"}
    actions.undo(made, by=officer, version=made.version)
    assert not Enrolment.objects.active().exists()
    assert ActivityDistrict.objects.get(activity=hazmat_training, region=officer.region).enrolled == 0


@pytest.mark.usefixtures("hazmat_training")
def test_who_was_recognised_stays_recognised_and_takes_one_place(send, officer: User, tala_batch: Batch) -> None:
    known = factories.ParticipantFactory(name="Aminah", region=officer.region)
    header = ("Kegiatan", "Angkatan", "Nama", "Jenis Kelamin", "Tanggal Lahir", "No HP")
    another = ["Bimtek Hazmat", 1, "Aminah", "P", dt.date(1990, 1, 1), None]
    made = send(officer, files.table(another, ["Bimtek Hazmat", 1, "Aminah", "P", None, "081234567890"], header=header), "kepesertaan")
    assert outcomes(made) == {2: "mirip", 3: "mirip"}
    for number, outcome in ((2, "baru"), (3, "sama")):
        actions.settle_row(made, by=officer, version=made.version, number=number, outcome=outcome)
        made = checked(made)
    assert outcomes(made) == {2: "baru", 3: "baru"}
    entered(made, officer)
    assert (Participant.objects.filter(name="Aminah").count(), Enrolment.objects.get(participant=known).batch) == (2, tala_batch)


@pytest.mark.usefixtures("hazmat_training", "tala_batch")
def test_one_person_in_two_rows_takes_one_place(send, officer: User) -> None:
    factories.ParticipantFactory(name="Aminah", region=officer.region)
    header = ("Kegiatan", "Angkatan", "Nama", "No HP")
    rows = [["Bimtek Hazmat", 1, "Aminah", f"08123456789{number}"] for number in range(2)]
    made = send(officer, files.table(*rows, header=header), "kepesertaan")
    actions.settle_all(made, by=officer, version=made.version, which="mirip", outcome="sama")
    assert faults(checked(made)) == {3: {"name": "The same as in row 2 of this sheet."}}


@pytest.mark.usefixtures("hazmat_training", "tala_batch")
def test_two_people_on_record_of_one_name_are_two(send, officer: User) -> None:
    nik = factories.nik()
    factories.ParticipantFactory(name="Aminah", region=officer.region, nik=nik)
    factories.ParticipantFactory(name="Aminah", region=officer.region, birth_date=dt.date(1970, 5, 5))
    header = ("Kegiatan", "Angkatan", "Nama", "NIK", "Tanggal Lahir")
    rows = [["Bimtek Hazmat", 1, "Aminah", nik, None], ["Bimtek Hazmat", 1, "Aminah", None, dt.date(1970, 5, 5)]]
    assert outcomes(send(officer, files.table(*rows, header=header), "kepesertaan")) == {2: "baru", 3: "baru"}


def test_an_unknown_activity_is_said(send, officer: User, tala_batch: Batch) -> None:
    made = send(officer, files.table(["Bimtek Lain", 1, "Aminah", None, None], header=PLACES), "kepesertaan")
    assert set(faults(made)[2]) == {"activity"}


# --- output -------------------------------------------------------------------------------------------------------------

MADE = ("Kunci", "Kegiatan", "Angkatan", "Produk", "Tanggal Produksi", "Baik", "Rusak", "Pembuat")


@pytest.fixture
def maker(tala_batch: Batch) -> Participant:
    product = factories.ProductFactory(name="Pakaian hazmat", short_name="Hazmat")
    factories.ActivityProductFactory(activity=tala_batch.activity, product=product)
    person = factories.ParticipantFactory(name="Penjahit CONTOH", region=tala_batch.region)
    factories.EnrolmentFactory(batch=tala_batch, participant=person)
    return person


def output(key: str, good: int, maker: str | None = None, day: str = "15/06/2020"):
    return [key, "Bimtek Hazmat", 1, "Hazmat", day, good, None, maker]


def test_output_lands_once_whoever_sends_it_again(send, officer: User, staff: User, maker: Participant) -> None:
    first = [output(KEY.format(1), 50), output(KEY.format(2), 7, "penjahit contoh")]
    entered(send(officer, files.table(*first, header=MADE), "hasil"), officer)
    assert [(entry.good, entry.status, entry.region) for entry in OutputEntry.objects.order_by("pk")] == [
        (50, "draf", officer.region),
        (7, "draf", officer.region),
    ]
    assert OutputEntry.objects.get(good=7).lines.get().participant == maker
    colleague = factories.user("petugas_kabupaten", "63.01", username="kedua.tala")
    again = send(colleague, files.table(*first, output(KEY.format(3), 9), header=MADE), "hasil")
    assert outcomes(again) == {2: "sama", 3: "sama", 4: "baru"}
    entered(again, colleague)
    assert (OutputEntry.objects.count(), RowKey.objects.count()) == (3, 3)


def test_a_row_that_was_handed_in_no_longer_changes(send, officer: User, maker: Participant) -> None:
    entered(send(officer, files.table(output(KEY.format(1), 50), header=MADE), "hasil"), officer)
    changed = send(officer, files.table(output(KEY.format(1), 60), header=MADE), "hasil")
    assert outcomes(changed) == {2: "berubah"}
    entry = OutputEntry.objects.get()
    submit_output(entry, by=officer, version=entry.version)
    changed = send(officer, files.table(output(KEY.format(1), 61), header=MADE), "hasil")
    assert "can no longer be changed" in faults(changed)[2]["good"]


def test_the_rules_of_the_action_speak_before_anything_enters(send, officer: User, maker: Participant) -> None:
    tomorrow = (dt.date.today() + dt.timedelta(days=1)).isoformat()
    made = send(officer, files.table(output(KEY.format(1), 5, day=tomorrow), output(KEY.format(2), 0), header=MADE), "hasil")
    assert faults(made) == {2: {"made_on": "The production date cannot lie in the future."}, 3: {"good": "Fill in how many were made."}}
    assert not OutputEntry.objects.exists()


def test_drafts_are_taken_back_and_reports_stand(send, officer: User, maker: Participant) -> None:
    made = entered(send(officer, files.table(output(KEY.format(1), 50), output(KEY.format(2), 7), header=MADE), "hasil"), officer)
    entry = OutputEntry.objects.get(good=50)
    submit_output(entry, by=officer, version=entry.version)
    with pytest.raises(Refusal, match="row 2"):
        actions.undo(made, by=officer, version=made.version)
    other = entered(send(officer, files.table(output(KEY.format(3), 8), header=MADE), "hasil"), officer)
    actions.undo(other, by=officer, version=other.version)
    assert sorted(OutputEntry.objects.values_list("good", flat=True)) == [7, 50]


# --- targets ------------------------------------------------------------------------------------------------------------

TARGETS = ("Program", "Produk", "Kabupaten/Kota", "Target")


def test_targets_are_a_division(send, staff: User, maker: Participant, programme, tala, banjar) -> None:
    product = maker.enrolments.get().activity.products.get().product
    target = factories.ProductTargetFactory(programme=programme, product=product, total=100)
    wrong = send(
        staff,
        files.table(["kalsel-2020", "Hazmat", "63.01", 60], ["kalsel-2020", "Hazmat", "Kabupaten Banjar", 30], header=TARGETS),
        "target",
    )
    assert outcomes(wrong) == {2: "salah", 3: "salah"}
    right = files.table(["kalsel-2020", "Hazmat", "63.01", 60], ["kalsel-2020", "Hazmat", "Kabupaten Banjar", 40], header=TARGETS)
    entered(send(staff, right, "target"), staff)
    assert sorted(target.districts.values_list("quantity", flat=True)) == [40, 60]
    other = files.table(["kalsel-2020", "Hazmat", "63.01", 70], ["kalsel-2020", "Hazmat", "Kabupaten Banjar", 30], header=TARGETS)
    made = entered(send(staff, other, "target"), staff)
    assert made.status == "dimasukkan"
    actions.undo(made, by=staff, version=made.version)
    assert sorted(target.districts.values_list("quantity", flat=True)) == [40, 60]


def test_every_kind_is_named_once() -> None:
    assert list(kinds()) == ["ikm", "peserta", "kepesertaan", "kehadiran", "target", "hasil"]
