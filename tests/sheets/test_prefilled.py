"""What we hand out is recognised when it comes back: by a hidden key, or where a list was exported, by all that it says."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook

from ikm_program.actions import Refusal
from ikm_program.sheets import actions, workbooks
from ikm_program.sheets.models import SheetImport
from production.imports.field_workbook import field_workbook
from tests import factories
from tests.sheets import files
from tests.sheets.conftest import checked, entered, faults, fresh, outcomes
from trainings.imports.enterprises import EnterpriseIntake
from trainings.models import Enterprise, Region, User

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
LABELS = {"name": "Nama usaha", "phone": "Telepon", "record": "Kunci data"}


def prefilled(by: User) -> Any:
    intake = EnterpriseIntake(by)
    return load_workbook(io.BytesIO(workbooks.template(EnterpriseIntake, intake.own_rows(), intake=intake)))


def column_of(page: Any, label: str) -> int:
    return next(cell.column for cell in page[1] if str(cell.value).lower() == label.lower())


@pytest.fixture
def nameless(officer: User) -> list[Enterprise]:
    """Businesses of which nobody knows a number or an owner; two of them are called the same."""
    names = ("Penjahit Contoh", "Penjahit Contoh", "Sasirangan Contoh")
    return [
        factories.EnterpriseFactory(name=name, region=officer.region, code="", nib="", owner_name="", phone="", address=f"Jl. {number}")
        for number, name in enumerate(names)
    ]


def test_our_own_rows_are_found_again_whatever_was_changed_in_them(send, officer: User, nameless: list[Enterprise]) -> None:
    book = prefilled(officer)
    page = book["Data IKM"]
    name, phone, key = (column_of(page, LABELS[one]) for one in ("name", "phone", "record"))
    assert page.column_dimensions[page.cell(1, key).column_letter].hidden
    rows = {page.cell(number, key).value: number for number in range(2, 5)}
    page.cell(rows[str(nameless[0].pk)], phone).value = "0812-0000-0001"
    page.cell(rows[str(nameless[1].pk)], name).value = "Penjahit Contoh Dua"

    made = send(officer, files.saved(book))

    assert sorted(outcomes(made).values()) == ["berubah", "berubah", "sama"]
    entered(made, officer)
    assert list(Enterprise.objects.order_by("pk").values_list("name", "phone")) == [
        ("Penjahit Contoh", "+6281200000001"),
        ("Penjahit Contoh Dua", ""),
        ("Sasirangan Contoh", ""),
    ]


def test_a_copied_row_a_lost_record_and_another_district_are_refused(
    send, officer: User, nameless: list[Enterprise], tala: Region, banjar: Region
) -> None:
    theirs = factories.EnterpriseFactory(region=banjar)
    header = ("Kunci data", "Nama usaha", "Kabupaten/Kota")
    one = str(nameless[0].pk)
    rows = [[one, "A", "Tala"], [one, "B", "Tala"], ["999999", "C", "Tala"], [str(theirs.pk), "D", "Tala"], ["x", "E", "Tala"]]
    made = send(officer, files.table(*rows, header=header))
    assert outcomes(made) == {2: "berubah", 3: "salah", 4: "salah", 5: "salah", 6: "salah"}
    said = {number: found["record"] for number, found in faults(made).items()}
    assert said[3].startswith("A copy of row 2")
    assert said[4] == said[5] == "The business of this row is no longer on record, or lies outside your region."
    assert said[6].startswith("The hidden key of this row is damaged")


def test_a_key_in_a_registry_that_is_empty_is_cleared_in_the_page(send, officer: User, client_of: Any) -> None:
    """A sheet of another installation: its keys mean nothing here, its businesses may well be new."""
    made = send(officer, files.table(["41", "A", "Tala"], ["", "B", "Tala"], header=("Kunci data", "Nama usaha", "Kabupaten/Kota")))
    assert (outcomes(made), set(faults(made)[2])) == ({2: "salah", 3: "baru"}, {"record"})
    address = reverse("sheets:row_correct", args=[made.pk, 2])
    page = client_of(officer)
    form = page.get(address).context["form"]
    assert form["record"].value() == "41"
    page.post(address, {"key": form["key"].value(), "version": made.version, "record": "", "name": "A", "region": "Tala"})
    made = entered(checked(fresh(made)), officer)
    assert sorted(Enterprise.objects.values_list("name", flat=True)) == ["A", "B"]


def test_the_province_does_not_move_a_business_by_a_sheet(send, staff: User, nameless: list[Enterprise], banjar: Region) -> None:
    header = ("Kunci data", "Nama usaha", "Kabupaten/Kota")
    made = send(staff, files.table([str(nameless[0].pk), "A", "Kabupaten Banjar"], header=header))
    assert faults(made) == {2: {"region": "The business is on record in another kabupaten/kota. It is moved on its own page."}}


def test_an_export_of_those_without_a_number_comes_back_the_same(send, officer: User, nameless: list[Enterprise]) -> None:
    """By its name alone where one record bears it and nothing differs; of two with one name nobody can tell which."""
    header = ("Nama usaha", "Alamat")
    made = send(officer, files.table(["Sasirangan Contoh", "Jl. 2"], ["Penjahit Contoh", "Jl. 0"], header=header))
    assert outcomes(made) == {2: "sama", 3: "mirip"}
    again = files.table(["Sasirangan Contoh", "Jl. 2"], ["Sasirangan Contoh", ""], ["Sasirangan Contoh", "Jl. 9"], header=header)
    assert outcomes(send(officer, again)) == {2: "sama", 3: "mirip", 4: "mirip"}


def test_all_likely_ones_are_taken_for_what_they_resemble(send, officer: User, nameless: list[Enterprise]) -> None:
    made = send(officer, files.table(["Sasirangan Contoh", "Jl. 9"], header=("Nama usaha", "Alamat")))
    actions.settle_all(made, by=officer, version=made.version, which="mirip", outcome="sama")
    entered(checked(made), officer)
    assert (Enterprise.objects.count(), Enterprise.objects.get(name="Sasirangan Contoh").address) == (3, "Jl. 9")


def test_two_rows_that_would_change_one_record_are_told_before(send, officer: User, nameless: list[Enterprise]) -> None:
    header = ("Nama usaha", "Alamat")
    made = send(officer, files.table(["Sasirangan Contoh", "Jl. 8"], ["Sasirangan Contoh", "Jl. 9"], header=header))
    actions.settle_all(made, by=officer, version=made.version, which="mirip", outcome="sama")
    made = checked(made)
    assert outcomes(made) == {2: "berubah", 3: "salah"}
    assert faults(made)[3]["address"].startswith("Row 2 changes this record already: Sasirangan Contoh")


@pytest.mark.parametrize(
    ("name", "owner"),
    [
        ("UD Sasirangan Bunga Tanjung", "Siti Rahmah"),
        ("Sasirangan Bunga Tanjung (CONTOH)", "Siti Rahmah"),
        ("Sasirangn Bunga Tanjung", "Siti Rahmah"),
        ("Bunga Tanjung Sasirangan", "Hj. Siti Rahmah"),
    ],
)
def test_a_sheet_finds_the_likely_ones_that_the_form_finds(send, officer: User, name: str, owner: str) -> None:
    factories.EnterpriseFactory(name="Sasirangan Bunga Tanjung", owner_name="Siti Rahmah", region=officer.region)
    made = send(officer, files.table([name, owner], header=("Nama usaha", "Nama pemilik")))
    assert outcomes(made) == {2: "mirip"}


def test_a_year_that_has_not_come_is_refused(send, officer: User) -> None:
    made = send(officer, files.table(["A", 2099], ["B", 2015], header=("Nama usaha", "Tahun berdiri")))
    assert faults(made) == {2: {"started_year": "This year has not come yet."}}


def test_a_year_is_read_from_a_sheet_as_the_form_reads_it(send, officer: User) -> None:
    written = [12, 20233, "dua ribu", -5, 2015.5, dt.date(2015, 6, 1), 1899, 2015, "2015", "2.015"]
    rows = [[f"Usaha {number}", year] for number, year in enumerate(written)]
    found = faults(send(officer, files.table(*rows, header=("Nama usaha", "Tahun berdiri"))))
    digits, early = "Write the year with four digits, for example 2015.", "The year cannot be before 1900."
    assert found == {**{row: {"started_year": digits} for row in range(2, 8)}, 8: {"started_year": early}}


def test_a_sheet_with_nothing_but_headings_is_rejected_in_words(send, officer: User) -> None:
    made = send(officer, files.table(["", ""], header=("Nama usaha", "Alamat")))
    assert (made.status, made.problem) == ("ditolak", "No row below the headings is filled in: there is nothing to enter.")


def test_an_empty_workbook_of_the_field_is_said_at_once_and_leaves_nothing(officer: User, tala_batch: Any) -> None:
    file = SimpleUploadedFile("kertas-kerja.xlsx", field_workbook(officer))
    with pytest.raises(Refusal, match="No sheet of this workbook is filled in") as no:
        actions.upload(SheetImport, by=officer, kind=actions.FIELD_WORKBOOK, file=file)
    assert (no.value.field, SheetImport.objects.count()) == ("file", 0)


def test_the_page_of_an_import_leads_to_what_became_of_its_rows(send, officer: User, client_of: Any) -> None:
    made = send(officer, files.table(files.ikm(1)))
    page = client_of(officer)
    before = page.get(made.get_absolute_url()).content.decode()
    assert ("Will be a new record" in before, "Open the record" in before, "25000000" in before) == (True, False, True)
    made = entered(made, officer)
    after = page.get(made.get_absolute_url()).content.decode()
    assert ("Became a new record" in after, Enterprise.objects.get().get_absolute_url() in after) == (True, True)
    actions.undo(made, by=officer, version=made.version)
    undone = page.get(fresh(made).get_absolute_url()).content.decode()
    assert ("Was a new record, taken back" in undone, "Open the record" in undone) == (True, False)
