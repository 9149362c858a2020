"""A person before the preview: every row can be opened, corrected, left out and taken in again; what was not mended stays refused."""

from __future__ import annotations

import datetime as dt
import io
import uuid
from typing import Any

import pytest
from django.utils import timezone
from openpyxl import load_workbook

from ikm_program.models import SheetImport
from ikm_program.sheets import actions
from ikm_program.sheets.workbooks import marked
from production.models import OutputEntry
from tests import factories
from tests.sheets import files
from tests.sheets.conftest import checked, entered, faults, fresh, outcomes
from trainings.models import Enterprise, Region, User

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]

HEADER = ("Nama Usaha", "Pemilik", "NIK Pemilik", "TK L", "Nama Pimpinan", "No")


def test_the_workbook_of_faults_sent_back_as_it_is_has_the_same_faults(send: Any, officer: User) -> None:
    """A rounded NIK stays the number that it was, a formula stays one: neither may pass as text."""
    rows = [
        ["Usaha A", "Ani", 6301015506850000, 2, "x", 1],
        ["Usaha B", "=A1", None, "=1+1", "x", 2],
        ["Usaha C", "Cici", None, 3.5, "x", 3],
    ]
    made = send(officer, files.table(*rows, header=HEADER))
    assert {number: set(said) for number, said in faults(made).items()} == {
        2: {"owner_nik"}, 3: {"owner_name", "workers_male"}, 4: {"workers_male"},
    }  # fmt: skip
    again = send(officer, marked(made), name="perbaiki.xlsx")
    assert faults(again) == faults(made)
    page = load_workbook(io.BytesIO(marked(made))).active
    assert (page["C2"].value, page["C2"].number_format, page["B3"].value) == (6301015506850000, "0", "=NA()")


def row_page(client: Any, made: SheetImport, number: int) -> Any:
    return client.get(f"{made.get_absolute_url()}baris/{number}/")


def test_a_sound_row_is_shown_as_it_could_be_typed_and_saving_it_leaves_it_sound(send: Any, officer: User, client_of: Any) -> None:
    header = ("Nama Usaha", "Pemilik", "Kabupaten/Kota", "Tanggal Konfirmasi", "Cara Konfirmasi")
    made = send(officer, files.table(["Usaha A", "Ani", "Kabupaten Tanah Laut", None, None], header=header))
    assert outcomes(made) == {2: "baru"}
    client = client_of(officer)
    form = row_page(client, made, 2).context["form"]
    assert form["region"].value() == "Kabupaten Tanah Laut"
    sent = {name: form[name].value() or "" for name in form.fields} | {"version": made.version, "name": "Usaha B"}
    assert client.post(f"{made.get_absolute_url()}baris/2/", sent).status_code == 302
    again = checked(fresh(made)) if fresh(made).is_busy else fresh(made)
    assert (outcomes(again), again.rows.get().cells["name"]) == ({2: "baru"}, "Usaha B")


@pytest.mark.django_db(transaction=True)
def test_a_wrong_private_number_that_nobody_knows_better_is_emptied(send: Any, client_of: Any) -> None:
    officer = factories.user("petugas_kabupaten", "63.01", username="petugas.tala")
    made = send(officer, files.table(["Usaha A", "Ani", "12345", 2, "", 1], header=HEADER))
    assert faults(made).keys() == {2}
    client = client_of(officer)
    form = row_page(client, made, 2).context["form"]
    assert form["owner_nik"].value() is None
    sent = {"name": "Usaha A", "owner_name": "Ani", "owner_nik": "", "workers_male": "2", "version": made.version, "key": uuid.uuid4()}
    still = client.post(f"{made.get_absolute_url()}baris/2/", sent, follow=True)
    assert still.status_code == 200, still.context["form"].errors
    assert "Row 2 is still faulty." in still.content.decode()
    assert still.redirect_chain[-1][0].endswith("/baris/2/")
    client.post(
        f"{made.get_absolute_url()}baris/2/", sent | {"owner_nik-kosong": "on", "version": fresh(made).version, "key": uuid.uuid4()}
    )
    assert outcomes(fresh(made)) == {2: "baru"}
    assert "owner_nik" not in fresh(made).rows.get().cells


@pytest.mark.django_db(transaction=True)
def test_any_row_can_be_left_out_and_taken_in_again(send: Any, client_of: Any) -> None:
    officer = factories.user("petugas_kabupaten", "63.01", username="petugas.tala")
    made = send(officer, files.table(files.ikm(1), ["", "JUMLAH", *[None] * 9]))
    client = client_of(officer)
    assert f"{made.get_absolute_url()}baris/3/" in client.get(f"{made.get_absolute_url()}?hasil=baru").content.decode()
    settle = f"{made.get_absolute_url()}baris/3/putuskan/"
    client.post(settle, {"outcome": "dilewati", "version": made.version, "key": uuid.uuid4()})
    assert outcomes(fresh(made)) == {2: "baru", 3: "dilewati"}
    page = row_page(client, made, 3).content.decode()
    assert ("This row is left out" in page, "Take this row in after all" in page) == (True, True)
    client.post(settle, {"outcome": "periksa", "version": fresh(made).version, "key": uuid.uuid4()})
    assert outcomes(fresh(made)) == {2: "baru", 3: "baru"}


def test_columns_that_nobody_reads_are_named_before_anything_enters(send: Any, officer: User, client_of: Any) -> None:
    made = send(officer, files.table(["Usaha A", "Ani", None, 2, "Budi", 1], header=HEADER))
    assert made.unused == ["Nama Pimpinan"]
    assert "1 column is not used: Nama Pimpinan." in client_of(officer).get(made.get_absolute_url()).content.decode()
    mapping = made.mapping | {"address": 4}
    actions.match(made, by=officer, version=made.version, sheet=made.sheet, header_row=made.header_row, mapping=mapping)
    assert fresh(made).unused == []


def test_what_entering_would_refuse_of_a_change_is_said_by_the_check(send: Any, officer: User, tala_batch: Any) -> None:
    product = factories.ProductFactory(region=officer.region.parent, name="Pakaian hazmat")
    factories.ActivityProductFactory(activity=tala_batch.activity, product=product)
    yesterday, tomorrow = (timezone.localdate() + dt.timedelta(days=days) for days in (-1, 1))
    header = ("Kegiatan", "Produk", "Tanggal Produksi", "Jumlah Baik", "Kunci Baris")
    row = [tala_batch.activity.name, "Pakaian hazmat", yesterday, 5, "00000000-0000-4000-8000-000000000001"]
    entered(send(officer, files.table(row, header=header), "hasil"), officer)
    assert OutputEntry.objects.get().made_on == yesterday
    later = send(officer, files.table([*row[:2], tomorrow, *row[3:]], header=header), "hasil")
    assert (outcomes(later), [*faults(later)[2]]) == ({2: "salah"}, ["made_on"])
    assert OutputEntry.objects.get().made_on == yesterday  # a rehearsal leaves nothing


def test_what_was_put_back_is_checked_again_first(send: Any, officer: User, client_of: Any) -> None:
    made = send(officer, files.table(files.ikm(1)))
    client = client_of(officer)
    assert client.get(made.get_absolute_url()).context["usual_step"][0].label == "Enter"
    factories.EnterpriseFactory(region=officer.region)
    assert entered(made, officer).status == SheetImport.Status.READY
    assert client.get(made.get_absolute_url()).context["usual_step"][0].label == "Check again"


def test_a_sheet_that_says_nothing_new_says_so(send: Any, officer: User, client_of: Any) -> None:
    entered(send(officer, files.table(files.ikm(1))), officer)
    again = send(officer, files.table(files.ikm(1)), is_again=True)
    assert outcomes(again) == {2: "sama"}
    assert "There is nothing to enter" in client_of(officer).get(again.get_absolute_url()).content.decode()


def test_a_likely_twin_is_named_with_the_way_to_it(send: Any, officer: User, client_of: Any) -> None:
    twin = factories.EnterpriseFactory(name="UD Usaha CONTOH 1", owner_name="Pemilik 2", phone="+628120000001", region=officer.region)
    made = send(officer, files.table(files.ikm(1)))
    assert outcomes(made) == {2: "mirip"}
    assert f'href="{twin.get_absolute_url()}" target="_blank"' in client_of(officer).get(made.get_absolute_url()).content.decode()


@pytest.mark.parametrize("words", ["Tanah Laut", "tanah laut", "Kab. Tanah Laut", "63.01"])
def test_a_district_is_known_by_its_bare_name_where_no_two_share_it(send: Any, officer: User, words: str) -> None:
    made = send(officer, files.table(["Usaha A", "Ani", words], header=("Nama Usaha", "Pemilik", "Kabupaten/Kota")))
    assert (outcomes(made), made.rows.get().cells["region"]) == ({2: "baru"}, officer.region_id)


def test_a_bare_name_that_two_districts_share_is_not_guessed(send: Any, staff: User) -> None:
    for code, kind, name in (("63.12", "kabupaten", "Kabupaten Contoh"), ("63.73", "kota", "Kota Contoh")):
        path = f"{staff.region.path}{code}/"
        Region.objects.create(
            kemendagri_code=code, bps_code=code.replace(".", ""), kind=kind, name=name, short_name=name, path=path, parent=staff.region
        )
    made = send(staff, files.table(["Usaha A", "Ani", "Contoh"], header=("Nama Usaha", "Pemilik", "Kabupaten/Kota")))
    assert "There is no kabupaten/kota" in faults(made)[2]["region"]
    assert not Enterprise.objects.exists()
