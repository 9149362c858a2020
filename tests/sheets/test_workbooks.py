"""Workbooks that we hand out come back as they should: the template, the marked sheet, the workbook of the field."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import translation
from openpyxl import Workbook, load_workbook

from ikm_program.models import SheetImport
from ikm_program.sheets import actions, workbooks
from ikm_program.sheets.kinds import kinds
from production.imports.field_workbook import ROWS_EACH, field_workbook
from production.imports.outputs import OutputIntake
from production.models import OutputEntry
from tests import factories
from tests.sheets import files
from tests.sheets.conftest import checked, entered, outcomes
from trainings.imports.enrolments import EnrolmentIntake
from trainings.imports.enterprises import EnterpriseIntake
from trainings.models import Batch, Enrolment, User

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


def opened(content: bytes) -> Workbook:
    return load_workbook(io.BytesIO(content))


def column_of(page: Any, name: str) -> int:
    return next(cell.column for cell in page[1] if cell.value == name)


def heading(kind: Any, key: str) -> str:
    with translation.override("id"):
        return str(kind.field_of(key).label)


@pytest.mark.parametrize("kind", ["ikm", "peserta", "kepesertaan", "kehadiran", "target", "hasil"])
def test_every_template_has_a_guide_and_is_understood_without_matching(kind: str, send, staff: User) -> None:
    content = workbooks.template(kinds()[kind])
    assert opened(content).sheetnames[:2] == ["Petunjuk", kinds()[kind].title_in_book]
    made = send(staff, content, kind)
    assert set(made.mapping) == {field.key for field in kinds()[kind].fields}
    assert (made.status, made.rows_in) == ("ditolak", made.blank)  # nobody has filled it in


def test_identifiers_are_text_and_choices_drop_down() -> None:
    book = opened(workbooks.template(EnterpriseIntake))
    page = book["Data IKM"]
    assert page.cell(2, column_of(page, "NIB")).number_format == "@"
    assert len(page.data_validations.dataValidation) > 3
    assert book["Daftar"].sheet_state == "hidden"


def test_a_filled_template_sent_back_untouched_changes_nothing(send, officer: User, banjar) -> None:
    factories.EnterpriseFactory(
        region=officer.region,
        name="=Usaha CONTOH",
        owner_name="Ani",
        investment=5_000_000,
        latitude="-3.8",
        longitude="114.7",
        has_siinas_account=True,
        owner_nik="6301011506850000",
    )
    factories.EnterpriseFactory(region=banjar, name="RAHASIA")
    intake = EnterpriseIntake(officer)
    content = workbooks.template(EnterpriseIntake, intake.own_rows(), intake=intake)
    assert [row.number for row in send(officer, content).rows.filter(outcome="sama")] == [2]
    text = " ".join(str(cell.value) for row in opened(content)["Data IKM"].iter_rows() for cell in row if cell.value)
    assert "RAHASIA" not in text
    assert "6301011506850000" not in text


def test_the_marked_sheet_says_in_each_cell_what_is_wrong(send, officer: User) -> None:
    made = send(officer, files.table(files.ikm(1), files.ikm(2, NIB="123"), files.ikm(3, Investasi="=1+1")))
    page = opened(workbooks.marked(made))["Data"]
    nib = page.cell(3, column_of(page, "NIB"))
    assert (nib.value, nib.comment.text, nib.fill.fgColor.rgb) == ("123", "An NIB has 13 digits.", "FFF4C7C3")
    assert page.cell(2, column_of(page, "NIB")).comment is None
    assert "formula" in page.cell(4, column_of(page, "Investasi")).comment.text
    nib.value, page.cell(4, column_of(page, "Investasi")).value = "0000000000002", 5
    corrected = io.BytesIO()
    page.parent.save(corrected)
    assert outcomes(send(officer, corrected.getvalue())) == {2: "baru", 3: "baru", 4: "baru"}


def test_the_marked_sheet_says_what_a_row_resembles(send, officer: User) -> None:
    made = send(officer, files.table(files.ikm(1), files.ikm(1, **{"Kode IKM": None, "NIB": None})))
    page = opened(workbooks.marked(made))["Data"]
    name = page.cell(3, column_of(page, "Nama Usaha"))
    assert "row 2 of this sheet (Usaha CONTOH 1 · Pemilik 1)" in name.comment.text  # as it was said when it was checked
    assert name.fill.fgColor.rgb == "FFFBE8B8"
    assert page.cell(2, column_of(page, "Nama Usaha")).comment is None


@pytest.fixture
def tala_makes(tala_batch: Batch, banjar_batch: Batch) -> Batch:
    product = factories.ProductFactory(name="Pakaian hazmat", short_name="Hazmat")
    factories.ActivityProductFactory(activity=tala_batch.activity, product=product)
    factories.EnrolmentFactory(batch=tala_batch, participant=factories.ParticipantFactory(name="Penjahit CONTOH", region=tala_batch.region))
    factories.EnrolmentFactory(batch=banjar_batch, participant=factories.ParticipantFactory(name="RAHASIA", region=banjar_batch.region))
    return tala_batch


def upload_field(officer: User, book: Workbook, name: str) -> dict[str, SheetImport]:
    content = io.BytesIO()
    book.save(content)
    actions.upload(SheetImport, by=officer, kind=actions.FIELD_WORKBOOK, file=SimpleUploadedFile(name, content.getvalue()))
    return {made.kind: checked(made) for made in SheetImport.objects.filter(name=name)}


def test_the_sheets_of_one_workbook_are_looked_at_one_after_the_other(officer: User, tala_makes: Batch, client_of: Any) -> None:
    book = opened(field_workbook(officer))
    people, made = book["Kepesertaan"], book["Hasil Produksi"]
    for key, value in (("activity", "Bimtek Hazmat"), ("name", "Siti CONTOH")):
        people.cell(3, column_of(people, heading(EnrolmentIntake, key))).value = value
    for key, value in (("good", 50), ("made_on", "15/06/2020")):
        made.cell(2, column_of(made, heading(OutputIntake, key))).value = value
    content, page = io.BytesIO(), client_of(officer)
    book.save(content)
    file = SimpleUploadedFile("senin.xlsx", content.getvalue())
    form = page.get(reverse("sheets:import_create")).context["form"]
    sent = {"kind": actions.FIELD_WORKBOOK, "file": file, "key": form["key"].value()}
    there = page.post(reverse("sheets:import_create"), sent, follow=True)
    together = list(SheetImport.objects.order_by("pk"))
    assert len(together) == 2
    assert there.redirect_chain[-1][0] == together[0].get_absolute_url()
    for one in together:
        shown = page.get(one.get_absolute_url())
        assert list(shown.context["together"]) == together
        assert all(f'href="{other.get_absolute_url()}"' in shown.content.decode() for other in together)
    SheetImport.objects.filter(pk=together[0].pk).update(status="dibuang")
    assert list(page.get(together[1].get_absolute_url()).context["together"]) == together[1:]  # what was thrown away is no part
    SheetImport.objects.filter(pk=together[0].pk).update(status="siap", created_at=together[0].created_at - dt.timedelta(hours=1))
    assert list(page.get(together[1].get_absolute_url()).context["together"]) == together[1:]  # another upload of the same file


def test_a_week_offline_lands_once(officer: User, tala_makes: Batch) -> None:
    book = opened(field_workbook(officer))
    people, made = book["Kepesertaan"], book["Hasil Produksi"]
    assert [people.cell(2, column_of(people, heading(EnrolmentIntake, "name"))).value, people.cell(3, 1).value] == ["Penjahit CONTOH", None]
    assert made.max_row >= ROWS_EACH
    assert made.column_dimensions["A"].hidden
    for key, value in (("activity", "Bimtek Hazmat"), ("name", "Siti CONTOH")):
        people.cell(3, column_of(people, heading(EnrolmentIntake, key))).value = value
    good, day = column_of(made, heading(OutputIntake, "good")), column_of(made, heading(OutputIntake, "made_on"))
    made.cell(2, good).value, made.cell(2, day).value = 50, "15/06/2020"
    first = upload_field(officer, book, "senin.xlsx")
    assert outcomes(first["kepesertaan"]) == {2: "sama", 3: "baru"}
    assert outcomes(first["hasil"]) == {2: "baru"}
    assert sorted(first) == ["hasil", "kepesertaan"]  # no training day yet, so nothing of attendance
    for kind in ("kepesertaan", "hasil"):
        entered(first[kind], officer)
    made.cell(3, good).value, made.cell(3, day).value = 7, "16/06/2020"
    second = upload_field(officer, book, "selasa.xlsx")
    assert outcomes(second["kepesertaan"]) == {2: "sama", 3: "sama"}
    assert outcomes(second["hasil"]) == {2: "sama", 3: "baru"}
    entered(second["hasil"], officer)
    assert sorted(OutputEntry.objects.values_list("good", flat=True)) == [7, 50]
    assert Enrolment.objects.filter(participant__name="Siti CONTOH").count() == 1


def test_the_workbook_of_the_field_holds_no_other_district(officer: User, tala_makes: Batch) -> None:
    text = " ".join(str(cell.value) for page in opened(field_workbook(officer)) for row in page.iter_rows() for cell in row if cell.value)
    assert "Penjahit CONTOH" in text
    assert "RAHASIA" not in text
    assert "Banjar" not in text
