"""What a row says is judged beside what is on record and beside the other rows, before anything enters; and each fault names its row."""

from __future__ import annotations

import datetime as dt
import gc
import io
from typing import Any

import pytest
from openpyxl import load_workbook

from ikm_program.sheets import actions, workbooks
from ikm_program.sheets.checking import Column, read_lines
from ikm_program.sheets.reading import delimiter_of
from tests import factories
from tests.sheets import files
from tests.sheets.conftest import checked, entered, faults, fresh, outcomes
from tests.sheets.test_attendance_sheets import HEADER, row
from tests.sheets.test_kinds import BORN, people
from trainings.actions.attendance import record_day
from trainings.imports.enterprises import EnterpriseIntake
from trainings.models import Activity, Attendance, Batch, Enrolment, Enterprise, Participant, Session, User

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
PLACES = ("Kegiatan", "Angkatan", "Nama", "Jenis Kelamin", "Tanggal Lahir")


# --- attendance


def test_a_mark_that_somebody_corrected_meanwhile_is_not_written_over(send, officer: User, day: Session) -> None:
    entered(send(officer, files.table(row("Siti", "H"), header=HEADER), "kehadiran"), officer)
    made = send(officer, files.table(row("Siti", "sakit"), header=HEADER), "kehadiran")
    siti = Attendance.objects.get()
    session = Session.objects.select_related("batch__activity__programme").get()
    record_day(session, by=officer, version=session.version, marks={siti.enrolment_id: "izin"})
    made = entered(made, officer)
    assert (made.status, Attendance.objects.get().mark) == ("siap", "izin")
    assert made.problem.startswith("Row 2: somebody changed the record")


def test_a_person_twice_on_a_day_is_told_with_the_number_of_the_batch_or_without(send, officer: User, day: Session) -> None:
    rows = [row("Aminah", "hadir"), ["Bimtek Hazmat", None, "08/06/2020", "Aminah", "alpa"]]
    made = send(officer, files.table(*rows, header=HEADER), "kehadiran")
    assert faults(made) == {3: {"name": "The same as in row 2 of this sheet."}}


def test_every_name_that_is_not_there_is_told_at_once(send, officer: User, day: Session) -> None:
    made = send(officer, files.table(row("Rusdi", "kadang", "09/06/2020"), header=HEADER), "kehadiran")
    assert sorted(faults(made)[2]) == ["held_on", "mark", "name"]
    assert faults(made)[2]["name"] == "Nobody of this name has a place in this batch."


# --- people


def test_somebody_twice_in_a_sheet_is_one_person(send, officer: User) -> None:
    twice = ["Rusdi", None, "L", BORN, None, None]
    made = send(officer, people(twice, twice, ["Rusdi", None, "L", dt.date(1990, 1, 1), None, None]), "peserta")
    assert outcomes(made) == {2: "baru", 3: "salah", 4: "baru"}
    assert faults(made)[3] == {"name": "The same as in row 2 of this sheet."}


def test_one_person_once_with_a_nik_and_once_without_is_asked_about(send: Any, officer: User, settings: Any) -> None:
    settings.DEMO_MODE = True  # numbers that nobody was given
    rusdi, other_day = ["Rusdi", factories.nik(), "L", BORN, None, None], dt.date(1990, 1, 1)
    rows = [rusdi, ["Rusdi", None, "L", BORN, None, None], ["Rusdi", None, "L", other_day, None, None]]
    made = send(officer, people(*rows), "peserta")
    assert outcomes(made) == {2: "baru", 3: "mirip", 4: "baru"}
    assert made.rows.get(number=3).twin_label == "row 2 of this sheet (Rusdi)"


@pytest.mark.parametrize("born", [BORN, None])
def test_somebody_twice_in_a_sheet_takes_one_place(send, officer: User, hazmat_training: Activity, tala_batch: Batch, born: Any) -> None:
    one = ["Bimtek Hazmat", 1, "Aminah", "P", born]
    made = send(officer, files.table(one, one, header=PLACES), "kepesertaan")
    assert outcomes(made) == {2: "baru", 3: "salah"}


def test_somebody_on_record_is_asked_about_and_enrolled_not_recorded_anew(
    send, officer: User, hazmat_training: Activity, tala_batch: Batch
) -> None:
    known = factories.ParticipantFactory(name="Aminah", region=officer.region)
    sheet = files.table(["Bimtek Hazmat", 1, "Aminah", "P", None], header=PLACES)
    made = send(officer, sheet, "kepesertaan")
    assert outcomes(made) == {2: "mirip"}
    actions.settle_row(made, by=officer, version=made.version, number=2, outcome="sama")
    made = entered(checked(made), officer)
    assert (made.status, Participant.objects.count(), Enrolment.objects.get().participant) == ("dimasukkan", 1, known)

    again = send(officer, sheet, "kepesertaan", is_again=True)
    assert outcomes(again) == {2: "sama"}


def test_somebody_of_the_same_name_may_be_another_person(send, officer: User, hazmat_training: Activity, tala_batch: Batch) -> None:
    factories.ParticipantFactory(name="Aminah", region=officer.region)
    made = send(officer, files.table(["Bimtek Hazmat", 1, "Aminah", "P", None], header=PLACES), "kepesertaan")
    actions.settle_row(made, by=officer, version=made.version, number=2, outcome="baru")
    entered(checked(made), officer)
    assert Participant.objects.filter(name="Aminah").count() == 2


def test_a_sex_that_the_nik_on_record_denies_is_told_in_its_row(send, officer: User) -> None:
    factories.ParticipantFactory(name="Rusdi", birth_date=BORN, region=officer.region, nik=factories.nik(), sex="L")
    made = send(officer, people(["Rusdi", None, "P", BORN, None, None]), "peserta")
    assert outcomes(made) == {2: "salah"}
    assert set(faults(made)[2]) <= {"sex", "birth_date"}


# --- businesses


def test_columns_that_belong_together_are_judged_with_what_is_on_record(send, officer: User) -> None:
    known = {"latitude": "-3.800000", "longitude": "114.780000", "installed_capacity": 100, "production": 50}
    factories.EnterpriseFactory(name="Usaha X", region=officer.region, code="X-1", **known)
    made = send(officer, files.table(["X-1", "Usaha X", "-3,900000"], header=("Kode IKM", "Nama Usaha", "Lintang")))
    assert outcomes(made) == {2: "berubah"}
    made = send(officer, files.table(["X-1", "Usaha X", 200], header=("Kode IKM", "Nama Usaha", "Produksi")))
    assert faults(made) == {2: {"production": "Production cannot be more than the installed capacity."}}


def test_what_somebody_changed_meanwhile_is_named_by_its_row(send, officer: User) -> None:
    entered(send(officer, files.table(*(files.ikm(number) for number in (1, 2, 3)))), officer)
    again = send(officer, files.table(*(files.ikm(number, Alamat="Baru") for number in (1, 2, 3))), is_again=True)
    third = Enterprise.objects.get(code="K-00003")
    Enterprise.objects.filter(pk=third.pk).update(version=third.version + 1, address="orang lain")
    made = entered(again, officer)
    assert (made.status, made.problem[:6]) == ("siap", "Row 4:")
    assert fresh(made).rows.filter(record_version=None).count() == 0


def test_letters_that_nobody_sees_do_not_come_in(send, officer: User) -> None:
    """A NUL, which PostgreSQL refuses and Excel cannot open again, written as Excel writes it and as a program leaves it in a CSV."""
    header = ("Nama Usaha", "Pemilik", "NIB")
    made = send(officer, files.table(["Sari_x0000_ Rasa", "Ani_x0007_", ""], ["Dua", "Udin", "12_x0000_3"], header=header))
    assert (outcomes(made), faults(made)) == ({2: "baru", 3: "salah"}, {3: {"nib": "An NIB has 13 digits."}})
    assert load_workbook(io.BytesIO(workbooks.marked(made)))["Data"].cell(3, 3).value == "123"
    actions.settle_all(made, by=officer, version=made.version, which="salah", outcome="dilewati")
    entered(checked(fresh(made)), officer)
    shown = files.table(["Tiga", "\u200e0220001234567", "\u202a0812-1234-5678\u202c"], header=("Nama Usaha", "NIB", "Telepon"))
    assert outcomes(send(officer, shown)) == {2: "baru"}  # a number is judged as the page shows it
    rows = "".join(f"Usaha {number};Pemilik {number}\n" for number in range(400))
    entered(send(officer, f"Nama Usaha;Pemilik\n{rows}Usa\x00ha \x00 Baik\u200b;Siti\x07\n".encode(), name="data.csv"), officer)
    names = Enterprise.objects.exclude(owner_name__startswith="Pemilik").order_by("pk").values_list("name", "owner_name")
    assert list(names) == [("Sari Rasa", "Ani"), ("Usaha Baik", "Siti")]


def test_a_faulty_cell_leaves_nothing_behind() -> None:
    """An error holds itself; a wrongly matched column of a long sheet would fill the memory of the worker with them."""
    columns = [Column(0, EnterpriseIntake.field_of("nib"))]
    gc.collect()
    gc.disable()
    try:
        lines, _left_out = read_lines(((number, ["12"]) for number in range(2_000)), columns, {})
        behind = gc.collect()
    finally:
        gc.enable()
    assert (len(lines), len(lines[0].faults)) == (2_000, 1)
    assert behind < 1_000


def test_two_rows_about_one_business_are_told_before(send, officer: User) -> None:
    entered(send(officer, files.table(files.ikm(1))), officer)
    rows = [files.ikm(1, Alamat="A", NIB=None), files.ikm(1, Alamat="B", **{"Kode IKM": None})]
    made = send(officer, files.table(*rows), is_again=True)
    assert outcomes(made) == {2: "berubah", 3: "salah"}
    assert faults(made)[3]["address"].startswith("Row 2 changes this record already")


# --- text files


def test_addresses_with_commas_do_not_make_columns(send, officer: User) -> None:
    rows = [f"Usaha {number};Pemilik {number};Jl. Contoh {number}, RT 01, RW 02, Angsau, Pelaihari" for number in range(1, 6)]
    text = "\r\n".join(["Nama Usaha;Nama Pemilik;Alamat", *rows])
    made = send(officer, text.encode(), name="ikm.csv")
    assert (delimiter_of(text), set(outcomes(made).values())) == (";", {"baru"})


@pytest.mark.parametrize(
    ("text", "mark"),
    [
        ("a,b,c\n1,2,3\n", ","),
        ("Judul\n\na;b\n1;2\n", ";"),
        ("a\tb\n1,5\t2\n", "\t"),
        ('a,b\n"1; 2",3\n"4; 5",6\n', ","),
        ("satu kolom\n", ";"),
    ],
)
def test_the_mark_between_columns_is_the_one_that_divides_evenly(text: str, mark: str) -> None:
    assert delimiter_of(text) == mark
