"""Sheets of small industries: what is new, changed, the same, perhaps there already, or faulty; entered whole, and taken back."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import connection

from ikm_program import search_index
from ikm_program.actions import Refusal, StaleVersion
from ikm_program.integrity import counts, trail
from ikm_program.models import AuditEvent, SheetImport
from ikm_program.sheets import actions, bulk, entering
from tests import factories
from tests.sheets import files
from tests.sheets.conftest import checked, entered, faults, fresh, outcomes
from trainings.actions import create_enterprise
from trainings.duplicates import compare
from trainings.models import Enterprise, User
from trainings.reports.freshness import freshness

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


def test_an_office_style_sheet_comes_in_whole(send, officer: User) -> None:
    made = send(officer, files.office_style())
    assert (made.status, made.rows_in, made.accepted, made.rejected, made.blank) == ("siap", 4, 2, 0, 2)
    made = entered(made, officer)
    assert made.status == "dimasukkan"
    first, second = Enterprise.objects.order_by("pk")
    assert (first.name, first.owner_name, first.address) == ("Sasirangan Indah", "Aminah", "Jl. A. Yani No. 1")
    assert (first.workers_male, first.workers_female, first.investment, first.subdistrict) == (2, 1500, 25_000_000, "Pelaihari")
    assert (second.address, second.workers_female, second.region) == ("", None, officer.region)
    assert first.search_columns() == {"sort_name": first.sort_name, "search_key": first.search_key}
    assert (first.created_by, first.version, first.kbli_edition, first.is_active) == (officer, 1, "2015", True)


def test_everything_faulty_is_said_at_once_with_its_cell(send, officer: User) -> None:
    made = send(
        officer,
        files.table(
            files.ikm(1, **{"TK L": "1,5", "NIB": 12345, "Nama Usaha": None}),
            files.ikm(2, Investasi="=1+1"),
            files.ikm(3),
        ),
    )
    assert outcomes(made) == {2: "salah", 3: "salah", 4: "baru"}
    assert set(faults(made)[2]) == {"name", "workers_male", "nib"}
    assert "formula" in faults(made)[3]["investment"]
    assert (made.rows_in, made.accepted, made.rejected, made.blank) == (3, 1, 2, 0)


def test_nothing_enters_while_something_is_unsettled(send, officer: User) -> None:
    made = send(officer, files.table(files.ikm(1), files.ikm(2, NIB="123")))
    with pytest.raises(Refusal, match="faulty"):
        actions.confirm(made, by=officer, version=made.version)
    assert not Enterprise.objects.exists()


def test_a_fault_is_typed_over_and_judged_again(send, officer: User) -> None:
    made = send(officer, files.table(files.ikm(1), files.ikm(2, NIB="123")))
    actions.correct_row(made, by=officer, version=made.version, number=3, cells={"nib": "0000000000002"})
    made = checked(made)
    assert outcomes(made) == {2: "baru", 3: "baru"}
    entered(made, officer)
    assert sorted(Enterprise.objects.values_list("nib", flat=True)) == ["0000000000001", "0000000000002"]


def test_what_is_faulty_can_be_left_out_on_purpose(send, officer: User) -> None:
    made = send(officer, files.table(files.ikm(1), files.ikm(2, NIB="123")))
    actions.settle_all(made, by=officer, version=made.version, which="salah", outcome="dilewati")
    made = entered(checked(made), officer)
    assert outcomes(made) == {2: "baru", 3: "dilewati"}
    assert (made.rows_in, made.accepted, made.rejected, made.blank) == (2, 1, 1, 0)
    assert Enterprise.objects.count() == 1


def test_a_second_time_only_what_differs_is_written(send, officer: User) -> None:
    entered(send(officer, files.table(files.ikm(1), files.ikm(2))), officer)
    again = send(officer, files.table(files.ikm(1), files.ikm(2, Alamat="Jl. Baru"), files.ikm(3)))
    assert outcomes(again) == {2: "sama", 3: "berubah", 4: "baru"}
    assert again.rows.get(number=3).changes == [["address", "Jl. Contoh 2", "Jl. Baru"]]
    entered(again, officer)
    assert list(Enterprise.objects.order_by("code").values_list("address", "version")) == [
        ("Jl. Contoh 1", 1),
        ("Jl. Baru", 2),
        ("Jl. Contoh 3", 1),
    ]
    changed = Enterprise.objects.get(code="K-00002")
    assert " jl baru " in changed.search_key


def test_an_empty_cell_says_nothing(send, officer: User) -> None:
    entered(send(officer, files.table(files.ikm(1))), officer)
    again = send(officer, files.table(files.ikm(1, Alamat=None, Investasi=None)))
    assert outcomes(again) == {2: "sama"}


def test_the_same_row_twice_in_a_file(send, officer: User) -> None:
    made = send(officer, files.table(files.ikm(1), files.ikm(2, NIB="0000000000001")))
    assert faults(made) == {3: {"nib": "The same as in row 2 of this sheet."}}


def test_a_likely_twin_waits_for_a_word(send, officer: User) -> None:
    known = factories.EnterpriseFactory(name="UD Usaha CONTOH 1", owner_name="Pemilik 2", phone="+628120000001", region=officer.region)
    made = send(officer, files.table(files.ikm(1)))
    assert outcomes(made) == {2: "mirip"}
    assert made.rows.get().twin_label == "UD Usaha CONTOH 1 · Pemilik 2"
    with pytest.raises(Refusal):
        actions.confirm(made, by=officer, version=made.version)
    actions.settle_row(made, by=officer, version=made.version, number=2, outcome="sama")
    made = checked(made)
    assert outcomes(made) == {2: "berubah"}
    entered(made, officer)
    known.refresh_from_db()
    assert (known.owner_name, known.code, Enterprise.objects.count()) == ("Pemilik 1", "K-00001", 1)


def test_a_likely_twin_may_be_another_business(send, officer: User) -> None:
    factories.EnterpriseFactory(name="Usaha CONTOH 1", region=officer.region)
    made = send(officer, files.table(files.ikm(1)))
    actions.settle_row(made, by=officer, version=made.version, number=2, outcome="baru")
    entered(checked(made), officer)
    assert Enterprise.objects.count() == 2


@pytest.mark.parametrize(
    ("known", "outcome"),
    [
        ({"name": "Usaha CONTOH 1", "owner_name": "Orang Lain"}, "baru"),  # the same name is no twin when the owner is another one
        ({"name": "Usaha CONTOH 1", "owner_name": ""}, "mirip"),
        ({"name": "Nama Lain", "phone": "+628120000001"}, "mirip"),
        ({"name": "Usaha CONTOH 1", "code": "K-77777"}, "baru"),  # two numbers of the district are two businesses
        ({"name": "Usaha CONTOH 1", "nib": "0000000000077"}, "baru"),
    ],
)
def test_a_twin_is_what_the_scorer_of_duplicates_calls_one(send, officer: User, known, outcome) -> None:
    record = factories.EnterpriseFactory(region=officer.region, **{"owner_name": "", **known})
    made = send(officer, files.table(files.ikm(1)))
    assert outcomes(made) == {2: outcome}
    line = Enterprise(region=officer.region, name="Usaha CONTOH 1", owner_name="Pemilik 1", address="Jl. Contoh 1", phone="+628120000001")
    line.nib = f"{1:013d}"
    assert compare(line.traits(), record.traits()).is_likely is (outcome == "mirip" or "code" in known)


def test_a_telephone_of_an_office_makes_no_twins(send, officer: User) -> None:
    for number in range(26):
        factories.EnterpriseFactory(name=f"Binaan {number}", phone="+628120000001", region=officer.region)
    assert outcomes(send(officer, files.table(files.ikm(1)))) == {2: "baru"}


def test_another_district_is_neither_written_nor_shown(send, officer: User, banjar) -> None:
    theirs = factories.EnterpriseFactory(name="Usaha CONTOH 1", owner_name="Pemilik 1", nib="0000000000001", region=banjar)
    header = (*files.HEADER, "Kabupaten/Kota")
    made = send(officer, files.table([*files.ikm(1), "Kabupaten Banjar"], [*files.ikm(2), "Tala"], header=header))
    assert outcomes(made) == {2: "salah", 3: "baru"}
    assert faults(made)[2] == {"region": "Kabupaten Banjar lies outside your region."}
    actions.settle_all(made, by=officer, version=made.version, which="salah", outcome="dilewati")
    entered(checked(made), officer)
    theirs.refresh_from_db()
    assert theirs.version == 1
    again = send(officer, files.table(files.ikm(1)))
    assert outcomes(again) == {2: "baru"}
    assert not again.rows.filter(record_id=theirs.pk).exists()


def test_a_row_knows_its_business_before_it_is_entered_and_nobody_else_gets_that_key(send, officer: User) -> None:
    made = send(officer, files.table(*(files.ikm(number) for number in (1, 2, 3))))
    promised = list(made.rows.order_by("number").values_list("record_id", "record_version"))
    meanwhile = create_enterprise(Enterprise, by=officer, region=officer.region, name="Datang Sendiri")
    assert meanwhile.pk not in {pk for pk, _version in promised}
    made = entered(made, officer)
    assert (made.status, made.problem[:18]) == ("siap", "Records were added")
    made = entered(again_checked(made, officer), officer)
    assert made.status == "dimasukkan"
    rows = made.rows.order_by("number").values_list("record_id", "record_version", "cells")
    stands = Enterprise.objects.in_bulk()
    assert [(stands[pk].code, stands[pk].version, version) for pk, version, _cells in rows] == [
        (cells["code"], 1, 1) for _pk, _version, cells in rows
    ]
    later = create_enterprise(Enterprise, by=officer, region=officer.region, name="Datang Kemudian")
    assert later.pk > max(pk for pk, _version, _cells in rows)


def again_checked(made: SheetImport, officer: User) -> SheetImport:
    actions.check_again(made, by=officer, version=made.version)
    return checked(fresh(made))


@pytest.mark.postgres
def test_the_planner_knows_of_the_rows_that_came_in(send, officer: User, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without it, taking such an import back looked through a whole index for each row."""
    monkeypatch.setattr(entering, "MANY", 20)
    entered(send(officer, files.table(*(files.ikm(number) for number in range(1, 31)))), officer)
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples FROM pg_class WHERE relname = %s", [Enterprise._meta.db_table])
        assert cursor.fetchone()[0] >= 30


def test_a_row_on_its_way_in_that_asks_the_database_is_stopped(officer: User) -> None:
    """On PostgreSQL both sides would wait for each other, for ever."""
    rows = ((name, Enterprise.objects.count()) for name in ("a", "b"))
    with pytest.raises(RuntimeError, match="on its way"):
        bulk.insert(Enterprise, ("name", "region_id"), rows)


def test_the_province_says_which_district(send, staff: User, tala, banjar) -> None:
    header = (*files.HEADER, "Kode Wilayah")
    made = send(staff, files.table([*files.ikm(1), "63.01"], [*files.ikm(2), 63.03], [*files.ikm(3), ""], header=header))
    assert outcomes(made) == {2: "baru", 3: "baru", 4: "salah"}


def test_production_within_capacity_is_asked_before(send, officer: User) -> None:
    header = ("Nama Usaha", "Kapasitas Terpasang", "Produksi")
    made = send(officer, files.table(["A CONTOH", 100, 101], ["B CONTOH", 100, 100], header=header))
    assert faults(made) == {2: {"installed_capacity": "Production cannot be more than the installed capacity."}}


def test_the_same_file_twice_says_so_and_lets_go_on(send, officer: User) -> None:
    content = files.table(files.ikm(1))
    send(officer, content)
    with pytest.raises(Refusal, match="already uploaded"):
        send(officer, content)
    assert send(officer, content, is_again=True).status == "siap"


def test_undo_takes_back_what_was_made_and_sets_back_what_was_changed(send, officer: User) -> None:
    entered(send(officer, files.table(files.ikm(1))), officer)
    made = entered(send(officer, files.table(files.ikm(1, Alamat="Jl. Baru"), files.ikm(2))), officer)
    actions.undo(made, by=officer, version=made.version)
    assert fresh(made).status == "dibatalkan"
    assert list(Enterprise.objects.values_list("code", "address")) == [("K-00001", "Jl. Contoh 1")]
    assert " jl contoh 1 " in Enterprise.objects.get().search_key


def test_the_trail_and_the_tallies_agree_with_what_an_import_made_changed_and_took_back(send, officer: User, tala) -> None:
    create_enterprise(Enterprise, by=officer, region=tala, name="Usaha Contoh 1", code="K-00001", address="Jl. Lama")
    made = entered(send(officer, files.table(files.ikm(1, Alamat="Jl. Baru"), files.ikm(2))), officer)
    assert [*trail.records(), *counts.tallies()] == []
    actions.undo(made, by=officer, version=made.version)
    assert Enterprise.objects.get().address == "Jl. Lama"
    assert [*trail.records(), *counts.tallies()] == []


def test_undo_says_what_stands_in_the_way(send, officer: User) -> None:
    made = entered(send(officer, files.table(files.ikm(1), files.ikm(2))), officer)
    factories.ParticipantFactory(enterprise=Enterprise.objects.get(code="K-00001"))
    with pytest.raises(Refusal, match="row 2 is used by a participant"):
        actions.undo(made, by=officer, version=made.version)
    assert (fresh(made).status, Enterprise.objects.count()) == ("dimasukkan", 2)


def test_undo_after_somebody_edited_a_record(send, officer: User) -> None:
    from trainings.actions import update_enterprise

    made = entered(send(officer, files.table(files.ikm(1))), officer)
    update_enterprise(Enterprise.objects.get(), by=officer, address="Jl. Lain")
    with pytest.raises(Refusal, match="row 2 was changed since"):
        actions.undo(made, by=officer, version=made.version)


def test_records_added_since_the_check_are_noticed(send, officer: User) -> None:
    first, second = send(officer, files.table(files.ikm(1))), send(officer, files.table(files.ikm(1), files.ikm(2)))
    entered(first, officer)
    second = entered(second, officer)
    assert second.status == "siap"
    assert "Check it again" in second.problem or "Periksa" in second.problem
    assert Enterprise.objects.count() == 1


def test_a_record_changed_since_the_check_is_noticed(send, officer: User) -> None:
    entered(send(officer, files.table(files.ikm(1))), officer)
    made = send(officer, files.table(files.ikm(1, Alamat="Jl. Baru"), files.ikm(2, Alamat="Jl. Baru 2")))
    Enterprise.objects.update(version=7)
    made = entered(made, officer)
    assert (made.status, Enterprise.objects.count()) == ("siap", 1)


def test_what_came_in_is_found_and_the_index_follows_what_comes_after(send, officer: User, tala) -> None:
    entered(send(officer, files.table(files.ikm(1, **{"Nama Usaha": "Sasirangan Tasya CONTOH"}))), officer)
    assert [row.name for row in Enterprise.objects.for_user(officer).search("tasya").first(5)] == ["Sasirangan Tasya CONTOH"]
    factories.EnterpriseFactory(region=tala, name="Amplang Rukmini CONTOH")
    Enterprise.objects.filter(name__startswith="Sasirangan").update(search_key=" lain sekali ")
    assert [row.name for row in Enterprise.objects.for_user(officer).search("rukmini").first(5)] == ["Amplang Rukmini CONTOH"]
    assert Enterprise.objects.for_user(officer).search("tasya").first(5) == []
    assert search_index.missing(connection) == []


def test_the_index_stands_after_an_import_that_was_refused(send, officer: User) -> None:
    made = send(officer, files.table(files.ikm(1), files.ikm(2)))
    made.rows.update(
        cells={"region": officer.region_id, "name": "Usaha CONTOH", "investment": -1}
    )  # what the check would never have let through
    answer = entered(made, officer)
    assert (answer.status, Enterprise.objects.count(), search_index.missing(connection)) == ("siap", 0, [])


def test_confirming_twice_is_one_import(send, officer: User) -> None:
    made = send(officer, files.table(files.ikm(1)))
    seen = made.version
    made = entered(made, officer)
    with pytest.raises(StaleVersion):
        actions.confirm(made, by=officer, version=seen)
    assert Enterprise.objects.count() == 1


def test_one_event_tells_the_whole_import(send, officer: User) -> None:
    made = entered(send(officer, files.table(files.ikm(1), files.ikm(2))), officer)
    event = AuditEvent.objects.get(verb="imported")
    assert event.after == {"baru": 2, "rows": 2, "sha256": made.sha256}
    assert not AuditEvent.objects.filter(model="trainings.enterprise").exists()


def test_who_may_not_enter_may_not_import(send, auditor: User) -> None:
    with pytest.raises(PermissionDenied):
        send(auditor, files.table(files.ikm(1)))


def test_a_hostile_file_is_kept_nowhere(send, officer: User, settings) -> None:
    with pytest.raises(Refusal, match="far more"):
        send(officer, files.bomb())
    assert not SheetImport.objects.exists()
    assert not [path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()]


def test_what_a_workbook_changed_counts_in_the_freshness_of_those_days(send, officer: User, tala) -> None:
    """Recorded on the 2nd; a workbook entered on the 4th closes it, taken back on the 6th it is open again."""

    def june(day: int) -> Any:
        return time_machine.travel(dt.datetime(2020, 6, day, 2, tzinfo=dt.UTC), tick=False)

    with june(2):
        create_enterprise(Enterprise, by=officer, region=tala, name="Usaha Contoh 1", code="K-00001")
    with june(4):
        rows = [["Kode IKM", "Nama Usaha", "Aktif"], ["K-00001", "Usaha Contoh 1", "tidak"]]
        made = entered(send(officer, files.xlsx(("Data IKM", rows))), officer)
        assert not Enterprise.objects.get().is_active
    with june(6):
        actions.undo(made, by=officer, version=made.version)

    assert [freshness(officer, as_of=dt.date(2020, 6, day)).rows[0]["total"] for day in range(1, 8)] == [0, 1, 1, 0, 0, 1, 1]
    assert Enterprise.objects.get().is_active
