"""Who sees which rows, and what a screen costs."""

from __future__ import annotations

import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ikm_program.actions import Refusal
from tests import factories
from trainings import actions
from trainings.models import Activity, ActivityDistrict, Batch, Programme, User

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


@pytest.fixture
def three_worlds(tala, banjar, kupang) -> dict[str, dict[str, object]]:
    """The same rows here, in another district and in another province: two of the three could leak."""
    worlds = {}
    for region in (tala, banjar, kupang):
        enterprise = factories.EnterpriseFactory(region=region, name=f"IKM {region.short_name}")
        worlds[region.short_name] = {
            "peserta": factories.ParticipantFactory(region=region, name=f"Orang {region.short_name}", enterprise=enterprise),
            "ikm": enterprise,
            "instruktur": factories.InstructorFactory(region=region, name=f"Guru {region.short_name}"),
            "pejabat": factories.OfficialFactory(office=factories.OfficeFactory(region=region), name=f"Pejabat {region.short_name}"),
        }
    return worlds


@pytest.mark.parametrize("noun", ["peserta", "ikm", "instruktur", "pejabat"])
def test_everybody_sees_the_own_region_and_what_lies_below(three_worlds, officer, other_officer, staff, client_of, noun: str) -> None:
    answers = {
        person.username: [
            client_of(person).get(three_worlds[place][noun].get_absolute_url()).status_code
            for place in ("Tala", "Kab. Banjar", "Kab. Kupang")
        ]
        for person in (officer, other_officer, staff)
    }
    assert answers == {"petugas.tala": [200, 404, 404], "petugas.banjar": [404, 200, 404], "staf.kalsel": [200, 200, 404]}


@pytest.mark.parametrize("noun", ["peserta", "ikm", "instruktur", "pejabat"])
def test_a_list_shows_the_rows_within_reach(three_worlds, officer, staff, client_of, noun: str) -> None:
    def shown(person: User) -> list[str]:
        rows = client_of(person).get(f"/{noun}/").context["object_list"]
        return sorted(row.name for row in rows)

    names = {place: three_worlds[place][noun].name for place in three_worlds}
    assert shown(officer) == [names["Tala"]]
    assert shown(staff) == sorted([names["Tala"], names["Kab. Banjar"]])


@pytest.mark.parametrize("field", ["region", "enterprise"])
def test_a_posted_row_of_another_district_is_refused_at_its_field(three_worlds, officer: User, client_of, field: str) -> None:
    elsewhere = three_worlds["Kab. Banjar"]["ikm"]
    sent = {"key": str(uuid.uuid4()), "name": "Orang", "region": officer.region.pk}
    sent[field] = elsewhere.region.pk if field == "region" else elsewhere.pk
    answer = client_of(officer).post("/peserta/baru/", sent)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])


LISTS = ["program", "kegiatan", "angkatan", "peserta", "ikm", "instruktur", "instansi", "pejabat", "pengguna"]


def one_more() -> None:
    """A row on every list, with everything that hangs on it."""
    batch = factories.BatchFactory()
    person = factories.ParticipantFactory(enterprise=factories.EnterpriseFactory())
    factories.EnrolmentFactory(batch=batch, participant=person)
    factories.InstructorAssignmentFactory(batch=batch)
    factories.OfficialFactory()
    factories.UserFactory(roles=["petugas_kabupaten"])


@pytest.mark.parametrize("address", LISTS)
def test_a_list_asks_the_same_number_of_questions_for_one_row_and_three(admin: User, client_of, address: str) -> None:
    browser = client_of(admin)
    one_more()
    browser.get(f"/{address}/")  # content types and the like are remembered from here on

    def questions() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert browser.get(f"/{address}/").status_code == 200
        return len(queries)

    for_one = questions()
    one_more()
    one_more()
    assert questions() == for_one


def test_a_batch_page_asks_the_same_number_of_questions_for_one_participant_and_three(officer: User, tala_batch: Batch, client_of) -> None:
    browser, counts = client_of(officer), []
    browser.get(tala_batch.get_absolute_url())
    for number in (1, 2):
        for _ in range(number):
            enterprise = factories.EnterpriseFactory()
            factories.EnrolmentFactory(batch=tala_batch, participant=factories.ParticipantFactory(enterprise=enterprise))
            factories.InstructorAssignmentFactory(batch=tala_batch)
        with CaptureQueriesContext(connection) as queries:
            browser.get(tala_batch.get_absolute_url())
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_the_batch_page_says_how_many_of_how_many(officer: User, tala_batch: Batch, client_of) -> None:
    for _ in range(5):
        factories.EnrolmentFactory(batch=tala_batch)
    assert "5 of 7" in client_of(officer).get(tala_batch.get_absolute_url()).content.decode()


def test_enrolling_by_search_and_the_eighth_is_refused_on_the_page(officer: User, tala_batch: Batch, client_of) -> None:
    for _ in range(6):
        factories.EnrolmentFactory(batch=tala_batch)
    siti, tuti = factories.ParticipantFactory(name="Siti"), factories.ParticipantFactory(name="Tuti")
    browser, address = client_of(officer), f"/angkatan/{tala_batch.pk}/peserta/"
    assert [hit for hit, _about in browser.get("/peserta/pilihan/?q=sit").context["hits"]] == [siti]
    page = browser.get(address)
    assert (siti in page.context["candidates"], 'role="combobox"' in page.content.decode()) == (True, True)
    done = browser.post(address, {"key": str(uuid.uuid4()), "participant": "", "participant_cari": "sit"}, follow=True)
    assert "Siti is enrolled: 7 of 7." in done.content.decode()
    refused = browser.post(address, {"key": str(uuid.uuid4()), "participant": tuti.pk})
    assert (refused.status_code, refused.context["form"].errors) == (
        422,
        {"participant": ["The participant quota of this kabupaten/kota is already full (7 of 7)."]},
    )


def test_only_people_of_the_batchs_region_are_meant(staff: User, tala_batch: Batch, banjar, client_of) -> None:
    factories.ParticipantFactory(name="Siti Banjar", region=banjar)
    sent = {"key": str(uuid.uuid4()), "participant": "", "participant_cari": "siti"}
    answer = client_of(staff).post(f"/angkatan/{tala_batch.pk}/peserta/", sent)
    assert (answer.status_code, list(answer.context["form"].errors), tala_batch.enrolments.count()) == (422, ["participant"], 0)


def test_a_retry_of_the_same_form_enrols_once(officer: User, tala_batch: Batch, client_of) -> None:
    sent = {"key": str(uuid.uuid4()), "name": "Siti CONTOH"}
    browser = client_of(officer)
    answers = [browser.post(f"/angkatan/{tala_batch.pk}/peserta/", sent).status_code for _ in range(2)]
    assert (answers, tala_batch.enrolments.count()) == ([302, 302], 1)


def test_quotas_of_all_districts_are_edited_in_one_form(staff: User, hazmat_training: Activity, client_of) -> None:
    browser, address = client_of(staff), f"/kegiatan/{hazmat_training.pk}/ubah/"
    sent = {
        "key": str(uuid.uuid4()),
        "version": "1",
        "name": hazmat_training.name,
        "attendance_share": "80",
        "takes_part_63.01": "on",
        "quota_63.01": "10",
        "takes_part_63.03": "on",
        "quota_63.03": "",
    }
    assert browser.post(address, sent).status_code == 302
    assert list(hazmat_training.districts.values_list("region__kemendagri_code", "quota")) == [("63.01", 10), ("63.03", None)]
    answer = browser.post(address, sent | {"key": str(uuid.uuid4()), "quota_63.01": "12"})
    assert (answer.status_code, answer.context["form"]["quota_63.01"].value()) == (409, "12")


def test_the_quota_is_never_below_who_is_enrolled(staff: User, tala_batch: Batch, tala) -> None:
    for _ in range(3):
        factories.EnrolmentFactory(batch=tala_batch)
    with pytest.raises(Refusal) as refused:
        actions.put_district(tala_batch.activity, by=staff, region=tala, quota=2)
    assert str(refused.value) == "Kabupaten Tanah Laut: the quota cannot be lower than the number of people enrolled (3)."
    assert ActivityDistrict.objects.get(activity=tala_batch.activity, region=tala).quota == 7


def test_why_a_district_was_chosen_is_kept_with_it(staff: User, programme: Programme, tala) -> None:
    activity = actions.create_activity(
        Activity, by=staff, programme=programme, name="Herbal", districts=[{"region": tala, "quota": None, "reason": "potensi industri"}]
    )
    assert list(activity.districts.values_list("quota", "reason")) == [(None, "potensi industri")]


def test_a_district_with_people_does_not_leave_the_activity(staff: User, tala_batch: Batch, banjar) -> None:
    factories.EnrolmentFactory(batch=tala_batch)
    with pytest.raises(Refusal, match="cannot leave it"):
        actions.update_activity(tala_batch.activity, by=staff, districts=[{"region": banjar, "quota": 7, "reason": ""}])


def test_a_district_of_another_province_takes_no_part(staff: User, hazmat_training: Activity, kupang) -> None:
    with pytest.raises(Refusal, match="not a kabupaten/kota of this programme"):
        actions.put_district(hazmat_training, by=staff, region=kupang, quota=7)


def test_an_edit_does_not_take_the_record_for_its_own_double(officer: User, client_of) -> None:
    enterprise = factories.EnterpriseFactory(nib="1234567890123")
    sent = {
        "key": str(uuid.uuid4()),
        "version": "1",
        "region": enterprise.region_id,
        "name": "Nama Baru",
        "nib": "1234567890123",
        "kbli_edition": "2015",
        "licences-TOTAL_FORMS": "0",
        "licences-INITIAL_FORMS": "0",
    }
    assert client_of(officer).post(f"/ikm/{enterprise.pk}/ubah/", sent).status_code == 302
    enterprise.refresh_from_db()
    assert (enterprise.name, enterprise.version) == ("Nama Baru", 2)
