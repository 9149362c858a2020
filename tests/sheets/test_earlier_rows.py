"""Two new rows of one sheet that perhaps say the same: asked about, settled, and told in the returned workbook."""

from __future__ import annotations

import pytest

from ikm_program.sheets import actions
from tests import factories
from tests.sheets import files
from tests.sheets.conftest import checked, entered, outcomes
from trainings.models import Enterprise, User

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


@pytest.mark.parametrize(
    ("again", "outcome"),
    [
        ({"Kode IKM": None, "NIB": None}, "mirip"),  # once with its numbers and once without
        ({"Kode IKM": None, "NIB": None, "No. HP": None, "Nama Usaha": "UD. Usaha CONTOH 1"}, "mirip"),
        ({"Kode IKM": None, "NIB": None, "Nama Usaha": "Nama Lain", "Nama Pemilik": None}, "mirip"),  # under the same telephone
        ({"Kode IKM": None, "NIB": None, "Nama Pemilik": "Orang Lain", "No. HP": None, "Alamat": None}, "baru"),
        ({"NIB": None, "Kode IKM": "K-77777"}, "baru"),  # two numbers of the district are two businesses
        ({"Kode IKM": None, "NIB": None, "Nama Usaha": "Usaha CONTOH 2", "No. HP": None}, "baru"),
    ],
)
def test_two_new_rows_of_a_sheet_that_say_the_same_are_asked_about(send, officer: User, again, outcome) -> None:
    made = send(officer, files.table(files.ikm(1), files.ikm(1, **again)))
    assert outcomes(made) == {2: "baru", 3: outcome}
    label = made.rows.get(number=3).twin_label
    assert label == ("row 2 of this sheet (Usaha CONTOH 1 · Pemilik 1)" if outcome == "mirip" else "")


def test_what_looks_like_another_row_is_a_new_one_or_left_out(send, officer: User, client_of) -> None:
    made = send(officer, files.table(files.ikm(1), files.ikm(1, **{"Kode IKM": None, "NIB": None})))
    page = client_of(officer).get(made.get_absolute_url()).content.decode()
    assert "Similar to row 2 of this sheet (Usaha CONTOH 1 · Pemilik 1)." in page
    assert ("1 of the rejected waits for your decision" in page, "It is this one" in page, "A new one" in page) == (True, False, True)
    assert ("All are the ones they resemble" in page, "All are new ones" in page) == (False, True)
    actions.settle_all(made, by=officer, version=made.version, which="mirip", outcome="sama")  # which one? there is no record to be it
    made = checked(made)
    assert outcomes(made) == {2: "baru", 3: "mirip"}
    actions.settle_row(made, by=officer, version=made.version, number=3, outcome="baru")
    entered(made := checked(made), officer)
    assert Enterprise.objects.count() == 2


def test_a_row_that_changes_a_record_is_remembered_for_those_below_it(send, officer: User) -> None:
    factories.EnterpriseFactory(region=officer.region, name="Nama Lama", owner_name="X", code="K-00001", address="Z")
    made = send(officer, files.table(files.ikm(1), files.ikm(1, **{"Kode IKM": None, "NIB": None})))
    assert outcomes(made) == {2: "berubah", 3: "mirip"}


def test_a_nik_in_a_name_is_masked_in_what_a_row_resembles(send, officer: User) -> None:
    row = {"Kode IKM": None, "NIB": None, "Nama Pemilik": "Siti 6301011506850001"}
    made = send(officer, files.table(files.ikm(1, **row), files.ikm(1, **row | {"No. HP": "081999999999", "Alamat": "Lain"})))
    assert "6301011506850001" not in "".join(made.rows.values_list("twin_label", flat=True))


def test_of_two_rows_alike_one_left_out_asks_nothing(send, officer: User) -> None:
    made = send(officer, files.table(files.ikm(1), files.ikm(1, **{"Kode IKM": None, "NIB": None})))
    actions.settle_row(made, by=officer, version=made.version, number=2, outcome="dilewati")
    assert outcomes(checked(made)) == {2: "dilewati", 3: "baru"}


def test_a_name_that_many_rows_share_asks_about_the_first_of_them_only(send, officer: User) -> None:
    nameless = {"Kode IKM": None, "NIB": None, "Nama Usaha": "Kerupuk", "Nama Pemilik": None}
    made = send(officer, files.table(*(files.ikm(number, **nameless) for number in range(1, 41))))
    assert [number for number, outcome in outcomes(made).items() if outcome == "mirip"] == [3, 4, 5, 6]
