"""Offices, officials and programmes: what an edit asks, and who is in office when."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import uuid
from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.utils import timezone
from PIL import Image

from ikm_program.actions import Refusal
from ikm_program.models import AuditEvent, Counter
from tests import factories
from trainings import actions
from trainings.models import Batch, Office, Official, Programme, Region, User

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


def official(by: User, office: Office, **values) -> Official:
    return actions.create_official(Official, by=by, office=office, **({"name": "Kepala CONTOH", "position": "Kepala Dinas"} | values))


def test_a_nip_is_kept_as_digits_and_shown_as_printed(staff: User) -> None:
    made = official(staff, factories.OfficeFactory(), identity_number="19860926 201505 1 001")
    assert (made.identity_number, made.shown_number) == ("198609262015051001", "19860926 201505 1 001")


def test_the_arms_of_the_letterhead_are_written_anew_and_on_record(staff: User, client_of) -> None:
    office, sent = factories.OfficeFactory(), io.BytesIO()
    Image.new("RGBA", (60, 80), (0, 90, 90, 0)).save(sent, "PNG")
    file = SimpleUploadedFile("lambang.png", sent.getvalue())
    answer = client_of(staff).post(f"/instansi/{office.pk}/lambang/", {"key": str(uuid.uuid4()), "version": "1", "arms": file})
    office.refresh_from_db()
    event = AuditEvent.objects.about(office).get()
    assert (answer.status_code, office.version, event.before, event.after) == (
        302,
        2,
        {"arms": None},
        {"arms": hashlib.sha256(bytes(office.arms)).hexdigest()},
    )
    assert Image.open(io.BytesIO(bytes(office.arms))).getpixel((5, 5)) == (255, 255, 255)


def test_what_is_no_picture_is_refused_at_its_field(staff: User) -> None:
    with pytest.raises(Refusal) as refused:
        actions.set_office_arms(factories.OfficeFactory(), by=staff, arms=SimpleUploadedFile("lambang.png", b"<svg onload=alert(1)>"))
    assert refused.value.field == "arms"


@pytest.mark.parametrize(("kind", "number"), [("nip", "12345"), ("nrp", "ABC"), ("nik", "123")])
def test_a_wrong_number_is_refused_at_its_field(staff: User, kind: str, number: str) -> None:
    with pytest.raises(Refusal) as refused:
        official(staff, factories.OfficeFactory(), identity_kind=kind, identity_number=number)
    assert refused.value.field == "identity_number"


def test_an_official_may_have_no_number_at_all(staff: User) -> None:
    assert official(staff, factories.OfficeFactory(), identity_kind="tanpa", identity_number="").identity_number == ""


def test_the_end_of_office_is_not_before_its_beginning(staff: User) -> None:
    with pytest.raises(Refusal, match="end of validity cannot be before"):
        official(staff, factories.OfficeFactory(), valid_from=dt.date(2020, 6, 1), valid_until=dt.date(2020, 5, 1))


def test_lists_tell_who_is_in_office_and_who_no_longer(staff: User, tala, client_of) -> None:
    office = factories.OfficeFactory(region=tala)
    now, before = factories.OfficialFactory(office=office), factories.OfficialFactory(office=office, valid_until=dt.date(2021, 1, 1))
    browser = client_of(staff)
    shown = {standing: list(browser.get(f"/pejabat/?standing={standing}").context["object_list"]) for standing in ("kini", "berakhir")}
    assert shown == {"kini": [now], "berakhir": [before]}


def test_a_number_pattern_that_would_repeat_numbers_is_refused_at_its_field(staff: User) -> None:
    office = factories.OfficeFactory()
    with pytest.raises(Refusal) as refused:
        actions.update_office(office, by=staff, number_pattern="{klas}/{instansi}")
    assert refused.value.field == "number_pattern"


def test_the_office_of_a_district_is_not_the_officers_to_change(officer: User) -> None:
    with pytest.raises(PermissionDenied):
        actions.update_office(factories.OfficeFactory(), by=officer, city="Pelaihari")


def test_a_programme_is_closed_and_opened_again_with_a_reason(staff: User, programme: Programme, client_of) -> None:
    actions.close_programme(programme, by=staff, reason="tahun anggaran selesai")
    with pytest.raises(Refusal, match="cannot become"):
        actions.close_programme(programme, by=staff)
    actions.open_programme(programme, by=staff, reason="koreksi")
    assert Programme.objects.get(pk=programme.pk).is_open


def test_a_programme_without_a_code_is_called_after_name_and_year(staff: User, province) -> None:
    made = actions.create_programme(Programme, by=staff, region=province, name="Program Sasirangan", year=2021, fund="apbn")
    assert (made.code, made.created_by) == ("program-sasirangan-2021", staff)


def test_a_batch_gets_the_next_number_and_its_instructors(officer: User, tala_batch: Batch, tala) -> None:
    teacher = factories.InstructorFactory()
    made = actions.create_batch(Batch, by=officer, activity=tala_batch.activity, region=tala, instructors=[teacher])
    assert (made.number, list(made.instructors.all())) == (2, [teacher])


def test_a_district_without_a_part_in_the_activity_gets_no_batch(staff: User, tala_batch: Batch) -> None:
    with pytest.raises(Refusal) as refused:
        actions.create_batch(Batch, by=staff, activity=tala_batch.activity, region=factories.region("63.05"))
    assert refused.value.field == "region"


def test_regions_are_loaded_once_and_a_second_time_changes_nothing(db, capsys) -> None:
    call_command("import_regions")
    call_command("import_regions")
    assert capsys.readouterr().out.splitlines() == [
        "Regions: 38 created, 0 changed, 0 unchanged.",
        "Regions: 0 created, 0 changed, 38 unchanged.",
    ]
    assert Region.objects.get(kemendagri_code="63.01").parent == Region.objects.get(kemendagri_code="63")


def test_an_installation_begins_with_regions_and_what_an_office_corrected_stays(db, capsys) -> None:
    early = User.objects.create_superuser("kepala", "", "not-for-anybody-1")  # before there was a country: nobody could invite anybody
    call_command("import_regions", "--when-empty")
    Region.objects.filter(kemendagri_code="63.01").update(capital="Pelaihari CONTOH")
    call_command("import_regions", "--when-empty")
    early.refresh_from_db()
    assert capsys.readouterr().out.splitlines() == ["Regions: 38 created, 0 changed, 0 unchanged."]
    assert (Region.objects.get(kemendagri_code="63.01").capital, early.region.kind) == ("Pelaihari CONTOH", Region.Kind.COUNTRY)


def test_a_list_with_the_indonesian_heading_adds_a_province_and_keeps_what_it_leaves_out(db, tmp_path: Path, capsys) -> None:
    call_command("import_regions")
    file = tmp_path / "wilayah.csv"
    file.write_text(
        "kode_kemendagri,kode_bps,jenis,nama,ibukota,lat,lng,berlaku_mulai,berlaku_sampai\n"
        "93,93,provinsi,Provinsi Papua Selatan,Merauke,,,2022-07-25,\n"
        "63.01,6301,kabupaten,Kabupaten Tanah Laut,Kota Pelaihari,,,,\n"
    )
    call_command("import_regions", file)
    assert capsys.readouterr().out.splitlines()[-1] == "Regions: 1 created, 1 changed, 0 unchanged."
    tala, papua = Region.objects.get(kemendagri_code="63.01"), Region.objects.get(kemendagri_code="93")
    assert (tala.capital, tala.short_name, tala.population) == ("Kota Pelaihari", "Tala", 369_818)
    assert (papua.path, papua.valid_from, papua.short_name) == ("/93/", dt.date(2022, 7, 25), "Papua Selatan")


def test_a_file_with_a_mistake_loads_nothing(db, tmp_path: Path) -> None:
    file = tmp_path / "wilayah.csv"
    file.write_text("kode_kemendagri,kode_bps,jenis,nama\n93,93,provinsi,Provinsi Papua Selatan\n93.1,9301,kabupaten,Kabupaten Merauke\n")
    with pytest.raises(CommandError, match="line 3, kemendagri_code"):
        call_command("import_regions", file)
    assert not Region.objects.exists()


def test_two_offices_never_give_two_papers_the_same_number(staff: User) -> None:
    first = factories.OfficeFactory(abbreviation="Diskoperindag")
    other = {"name": "Dinas CONTOH", "abbreviation": "Diskoperindag", "government_line": "PEMERINTAH CONTOH", "city": "Marabahan"}
    with pytest.raises(Refusal, match="Choose another abbreviation") as refused:
        actions.create_office(Office, by=staff, region=factories.region("63.04"), **other)
    assert refused.value.field == "abbreviation"
    second = actions.create_office(Office, by=staff, region=factories.region("63.04"), **other | {"abbreviation": "Diskoperindag-BTL"})
    with pytest.raises(Refusal):
        actions.update_office(second, by=staff, version=second.version, abbreviation=first.abbreviation)
    actions.update_office(second, by=staff, version=second.version, city="Banjarmasin")


def test_the_next_numbers_are_seen_while_the_pattern_is_typed(staff: User, tala, client_of) -> None:
    office = factories.OfficeFactory(region=tala, abbreviation="DisCONTOH")
    Counter.objects.create(name=f"register:{office.pk}:bast:{timezone.localdate().year}", value=41)
    browser, address = client_of(staff), f"/instansi/{office.pk}/ubah/"

    def numbers(**typed: str) -> dict[str, str]:
        facts = {"number_pattern": "{urut:4}/{jenis}/{instansi}/{tahun}", "abbreviation": "DisCONTOH", "hitung": "hitung", **typed}
        return {str(title): number for title, number in browser.post(address, facts).context["numbers"]}

    year = timezone.localdate().year
    assert numbers()["Handover record (BAST)"] == f"0042/BAST/DisCONTOH/{year}"
    assert numbers(abbreviation="Baru")["Training certificate"] == f"0001/SERT/Baru/{year}"
    assert [numbers(number_pattern=pattern) for pattern in ("{instansi}", "{urut}/{unit}/{tahun}")] == [{}, {}]
    assert "must contain {urut}" in browser.post(address, {"number_pattern": "{tahun}", "hitung": "hitung"}).content.decode()
    assert Office.objects.get(pk=office.pk).number_pattern == office.number_pattern
