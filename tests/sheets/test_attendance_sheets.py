"""Attendance by spreadsheet: prefilled with the open days and their people, entered like on the page, and taken back."""

from __future__ import annotations

import datetime as dt
import io

import pytest
from django.utils import timezone
from openpyxl import load_workbook

from ikm_program.actions import Refusal
from ikm_program.sheets import actions, workbooks
from production.imports.field_workbook import field_workbook
from tests import factories
from tests.sheets import files
from tests.sheets.conftest import entered, faults, outcomes
from trainings.actions.attendance import close_day
from trainings.imports.attendances import AttendanceIntake
from trainings.models import Attendance, Batch, Session, User

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
HEADER = ("Kegiatan", "Angkatan", "Tanggal", "Nama Peserta", "Kehadiran")


def row(name: str, mark: str | None, on: str = "08/06/2020") -> list[object]:
    return ["Bimtek Hazmat", 1, on, name, mark]


def test_marks_are_entered_changed_and_taken_back(send, officer: User, day: Session) -> None:
    first = entered(send(officer, files.table(row("Aminah", "Hadir"), row("Siti", "H"), header=HEADER), "kehadiran"), officer)
    assert sorted(Attendance.objects.values_list("mark", flat=True)) == ["hadir", "hadir"]
    second = send(officer, files.table(row("aminah", "hadir"), row("Siti", "sakit"), header=HEADER), "kehadiran")
    assert outcomes(second) == {2: "sama", 3: "berubah"}
    second = entered(second, officer)
    assert Attendance.objects.get(enrolment__participant__name="Siti").mark == "sakit"
    with pytest.raises(Refusal, match="can no longer be undone"):
        actions.undo(first, by=officer, version=first.version)
    actions.undo(second, by=officer, version=second.version)
    assert sorted(Attendance.objects.values_list("mark", flat=True)) == ["hadir", "hadir"]


def test_what_does_not_fit_is_said_in_its_cell(send, officer: User, day: Session) -> None:
    future = f"{timezone.localdate() + dt.timedelta(days=2):%d/%m/%Y}"
    factories.SessionFactory(batch=day.batch, held_on=timezone.localdate() + dt.timedelta(days=2))
    rows = [
        row("Aminah", "kadang"), row("Rusdi", "hadir"), row("Siti", "hadir", "09/06/2020"), row("Siti", "hadir", future),
        row("Siti", "hadir"), row("Siti", "alpa"),
    ]  # fmt: skip
    found = faults(send(officer, files.table(*rows, header=HEADER), "kehadiran"))
    assert {number: set(keys) for number, keys in found.items()} == {
        2: {"mark"}, 3: {"name"}, 4: {"held_on"}, 5: {"held_on"}, 7: {"name"},
    }  # fmt: skip


def test_a_closed_day_is_not_changed_by_a_sheet(send, officer: User, day: Session) -> None:
    entered(send(officer, files.table(row("Aminah", "Hadir"), row("Siti", "Hadir"), header=HEADER), "kehadiran"), officer)
    close_day(Session.objects.select_related("batch__activity__programme").get(), by=officer, version=Session.objects.get().version)
    again = send(officer, files.table(row("Aminah", "Hadir"), row("Siti", "alpa"), header=HEADER), "kehadiran")
    assert (outcomes(again), set(faults(again)[3])) == ({2: "sama", 3: "salah"}, {"held_on"})


def test_the_template_holds_the_open_days_and_comes_back_as_it_is(send, officer: User, day: Session, banjar_batch: Batch) -> None:
    factories.EnrolmentFactory(batch=banjar_batch, participant=factories.ParticipantFactory(region=banjar_batch.region, name="RAHASIA"))
    factories.SessionFactory(batch=banjar_batch, held_on=dt.date(2020, 6, 8))
    intake = AttendanceIntake(officer)
    content = workbooks.template(AttendanceIntake, intake.own_rows(), intake=intake)
    page = load_workbook(io.BytesIO(content))["Kehadiran"]
    names = [page.cell(number, 4).value for number in (2, 3, 4)]
    assert names == ["Aminah", "Siti", None]
    made = send(officer, content, "kehadiran")
    assert (made.rows_in, made.blank) == (made.blank, made.rows_in)  # rows without a mark say nothing


def test_the_workbook_of_the_field_has_the_days_too(officer: User, day: Session) -> None:
    book = load_workbook(io.BytesIO(field_workbook(officer)))
    assert [name for name in book.sheetnames if name != "Daftar"] == ["Petunjuk", "Kepesertaan", "Kehadiran", "Hasil Produksi"]
    assert [book["Kehadiran"].cell(2, column).value for column in (1, 2, 4)] == ["Bimtek Hazmat", 1, "Aminah"]
