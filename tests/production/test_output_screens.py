"""The officer's phone: recording with a poor line, and whose reports answer at all."""

from __future__ import annotations

import re
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from production.actions.output import MakerPart
from production.actions.verification import return_output
from production.models import OutputEntry, OutputPhoto
from tests import factories
from tests.production.conftest import DAY, jpeg

pytestmark = pytest.mark.usefixtures("in_english", "hazmat")
CREATE = "/produksi/catat/"


def value_of(page: str, name: str) -> str:
    field = re.search(rf'<(?:input|textarea)[^>]*name="{name}"[^>]*?>([^<]*)', page)
    assert field is not None, name
    return (re.search(r'value="([^"]*)"', field[0]) or [field[1], field[1]])[1]


def typed(product: Any, **changes: Any) -> dict[str, Any]:
    return {"key": str(uuid4()), "product": product.pk, "made_on": DAY.isoformat(), "good": "10", "langkah": "ajukan", **changes}


def queries_of(client: Client, url: str) -> int:
    with CaptureQueriesContext(connection) as seen:
        assert client.get(url).status_code == 200
    return len(seen)


# --- the form -------------------------------------------------------------------------------------------------------------


def test_the_only_batch_and_the_only_product_are_chosen_already(officer: Any, client_of: Any, hazmat: Any):
    page = client_of(officer).get(CREATE).content.decode()

    assert value_of(page, "product") == str(hazmat.pk)
    assert "Good (set)" in page
    assert 'inputmode="numeric"' in page


def test_with_two_batches_the_page_asks_which_one(officer: Any, client_of: Any, tala_batch: Any):
    second = factories.BatchFactory(activity=tala_batch.activity, region=tala_batch.region, number=2)
    client = client_of(officer)

    assert f"?angkatan={second.pk}" in client.get(CREATE).content.decode()
    assert 'name="made_on"' in client.get(CREATE, {"angkatan": second.pk}).content.decode()


def test_without_a_batch_the_page_says_what_comes_first(other_officer: Any, client_of: Any):
    assert "There is no batch to record output for." in client_of(other_officer).get(CREATE).content.decode()


def test_ajukan_submits_and_says_what_was_recorded(officer: Any, client_of: Any, hazmat: Any, makers: Any):
    answer = client_of(officer).post(CREATE, typed(hazmat, **{f"maker_{makers[0].pk}": "4"}), follow=True)

    entry = OutputEntry.objects.get()
    assert entry.status == "diajukan"
    assert [(line.maker_name, line.good) for line in entry.lines.all()] == [("Penjahit 1", 4), ("not broken down", 6)]
    assert "10 set Hazmat recorded" in answer.content.decode()
    assert f"{CREATE}?angkatan={entry.batch_id}" in answer.content.decode()


def test_simpan_draf_keeps_a_draft(officer: Any, client_of: Any, hazmat: Any):
    answer = client_of(officer).post(CREATE, typed(hazmat, langkah="draf"), follow=True)

    assert OutputEntry.objects.get().status == "draf"
    assert "Kept as a draft" in answer.content.decode()


def test_a_failed_form_keeps_what_was_typed_its_key_and_its_photos(officer: Any, client_of: Any, hazmat: Any):
    client, form = client_of(officer), typed(hazmat, good="sepuluh", note="lembur")

    answer = client.post(CREATE, {**form, "photos": [jpeg("red"), jpeg("blue")]})

    page = answer.content.decode()
    assert answer.status_code == 422
    assert (value_of(page, "good"), value_of(page, "note").strip(), value_of(page, "key")) == ("sepuluh", "lembur", form["key"])
    assert page.count("already sent") == 2

    client.post(CREATE, {**form, "good": "10"})
    assert OutputEntry.objects.get().photos.count() == 2


def test_a_photo_ticked_off_does_not_come_into_the_report(officer: Any, client_of: Any, hazmat: Any):
    client, form = client_of(officer), typed(hazmat, good="sepuluh")
    client.post(CREATE, {**form, "photos": [jpeg("red"), jpeg("blue")]})
    blurred, sharp = OutputPhoto.objects.all()

    client.post(CREATE, {**form, "good": "10", "remove_photo": [blurred.pk]})

    assert list(OutputEntry.objects.get().photos.all()) == [sharp]


def test_a_returned_report_is_submitted_again_without_the_photo_ticked_off(officer: Any, staff: Any, client_of: Any, hazmat: Any):
    client = client_of(officer)
    client.post(CREATE, {**typed(hazmat), "photos": [jpeg("red")]})
    entry = OutputEntry.objects.get()
    return_output(entry, by=staff, version=entry.version, reason="foto kabur")

    form = typed(hazmat, version=entry.version, remove_photo=[entry.photos.get().pk])
    answer = client.post(reverse("production:output_update", args=[entry.pk]), form)

    entry.refresh_from_db()
    assert (answer.status_code, entry.status, entry.photos.count()) == (302, "diajukan", 0)


def test_a_refused_photo_keeps_the_good_ones_and_the_form(officer: Any, client_of: Any, hazmat: Any):
    answer = client_of(officer).post(CREATE, {**typed(hazmat), "photos": [jpeg(), text_file()]})

    assert answer.status_code == 422
    assert "This is not a photo in JPEG, PNG or WebP format." in answer.content.decode()
    assert (OutputEntry.objects.count(), OutputPhoto.objects.count()) == (0, 1)


def text_file() -> SimpleUploadedFile:
    return SimpleUploadedFile("catatan.txt", b"bukan foto", "text/plain")


def test_the_background_gets_the_forms_own_key_back_and_a_retry_records_once(officer: Any, client_of: Any, hazmat: Any):
    client, form = client_of(officer), typed(hazmat)

    answers = [client.post(CREATE, form, headers={"accept": "application/json"}) for _try in range(2)]

    entry = OutputEntry.objects.get()
    assert [answer.json() for answer in answers] == [{"key": form["key"], "url": f"/produksi/{entry.pk}/tercatat/"}] * 2


def test_the_same_key_with_another_body_answers_422_and_writes_nothing(officer: Any, client_of: Any, hazmat: Any):
    client, form = client_of(officer), typed(hazmat)
    client.post(CREATE, form)

    assert client.post(CREATE, {**form, "good": "11"}).status_code == 422
    assert [entry.good for entry in OutputEntry.objects.all()] == [10]


def test_the_batch_of_another_district_cannot_be_posted(officer: Any, client_of: Any, hazmat: Any, banjar_batch: Any):
    assert client_of(officer).post(f"{CREATE}?angkatan={banjar_batch.pk}", typed(hazmat)).status_code == 404
    assert OutputEntry.objects.count() == 0


def test_a_maker_of_another_batch_is_no_field_of_the_form(officer: Any, client_of: Any, hazmat: Any, banjar_batch: Any):
    stranger = factories.EnrolmentFactory(batch=banjar_batch).participant

    client_of(officer).post(CREATE, typed(hazmat, **{f"maker_{stranger.pk}": "4"}))

    assert [line.participant for line in OutputEntry.objects.get().lines.all()] == [None]


def test_a_province_chooses_the_district_of_a_provincial_batch(
    staff: Any, client_of: Any, hazmat: Any, tala_batch: Any, province: Any, banjar: Any
):
    batch = factories.BatchFactory(activity=tala_batch.activity, region=province)
    client = client_of(staff)

    assert 'name="region"' in client.get(CREATE, {"angkatan": batch.pk}).content.decode()
    client.post(f"{CREATE}?angkatan={batch.pk}", typed(hazmat, region=banjar.pk))
    assert OutputEntry.objects.get().region == banjar


def test_an_edit_keeps_the_parts_and_a_stale_one_is_refused_with_what_was_typed(officer: Any, client_of: Any, report: Any, makers: Any):
    entry = report(10, is_draft=True, parts=[MakerPart(makers[0], 4)])
    client, url = client_of(officer), reverse("production:output_update", args=[entry.pk])
    page = client.get(url).content.decode()
    form = {"made_on": DAY.isoformat(), "good": "12", f"maker_{makers[0].pk}": "5", "version": "1", "langkah": "draf"}
    assert value_of(page, f"maker_{makers[0].pk}") == "4"

    assert client.post(url, {**form, "key": str(uuid4())}).status_code == 302
    stale = client.post(url, {**form, "key": str(uuid4()), "good": "13"})

    assert (stale.status_code, value_of(stale.content.decode(), "good")) == (409, "13")
    assert [(line.maker_name, line.good) for line in entry.lines.all()] == [("Penjahit 1", 5), ("not broken down", 7)]


# --- photos ---------------------------------------------------------------------------------------------------------------


def test_a_photo_sent_again_is_the_same_photo(officer: Any, client_of: Any):
    client, key = client_of(officer), str(uuid4())
    url = reverse("production:photo_upload", args=[uuid4()])

    answers = [client.post(url, {"key": key, "photo": jpeg()}, headers={"accept": "application/json"}) for _try in range(2)]

    assert [(answer.status_code, answer.json()["key"]) for answer in answers] == [(201, key), (200, key)]
    assert OutputPhoto.objects.count() == 1


def test_who_is_signed_out_gets_401_json_and_keeps_the_photo(client: Client, db: None):
    answer = client.post(reverse("production:photo_upload", args=[uuid4()]), headers={"accept": "application/json"})

    assert (answer.status_code, answer.headers["Content-Type"]) == (401, "application/json")


def test_what_is_no_photo_is_refused_in_json(officer: Any, client_of: Any):
    url = reverse("production:photo_upload", args=[uuid4()])

    answer = client_of(officer).post(url, {"key": str(uuid4()), "photo": text_file()}, headers={"accept": "application/json"})

    assert (answer.status_code, answer.json()) == (422, {"error": "This is not a photo in JPEG, PNG or WebP format."})


def test_a_photo_is_seen_here_and_by_the_province_and_nowhere_else(
    officer: Any, other_officer: Any, staff: Any, client_of: Any, hazmat: Any
):
    client_of(officer).post(CREATE, {**typed(hazmat), "photos": [jpeg()]})
    url = OutputPhoto.objects.get().get_absolute_url()

    assert [client_of(person).get(url).status_code for person in (officer, staff, other_officer)] == [200, 200, 404]
    small = client_of(officer).get(url, {"ukuran": "kecil"})
    assert (small.status_code, small.headers["Content-Type"], "no-store" in small.headers["Cache-Control"]) == (200, "image/jpeg", True)


# --- who sees what --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["detail", "recorded", "update", "submit", "withdraw", "discard", "correct"])
def test_the_report_of_another_district_answers_like_a_missing_one(other_officer: Any, client_of: Any, verified: Any, name: str):
    assert client_of(other_officer).get(reverse(f"production:output_{name}", args=[verified(10).pk])).status_code == 404


def test_the_list_shows_the_own_district_only(officer: Any, other_officer: Any, client_of: Any, report: Any):
    report(10, note="TANDA-TALA")

    assert "10" in client_of(officer).get("/produksi/").content.decode()
    assert "No production report yet." in client_of(other_officer).get("/produksi/").content.decode()


def test_the_filters_stand_in_the_url(officer: Any, client_of: Any, report: Any):
    report(10, is_draft=True)
    report(20)
    client = client_of(officer)

    def shown(**parameters: str) -> list[int]:
        return [entry.good for entry in client.get("/produksi/", parameters).context["object_list"]]

    assert shown(status="draf") == [10]
    assert shown(status="diajukan", bulan="2020-06") == [20]
    assert shown(bulan="2020-07") == []
    assert shown(status="dilaporkan") == [20]


def test_the_province_does_not_edit_a_districts_draft(staff: Any, client_of: Any, report: Any):
    entry = report(10, is_draft=True)

    assert client_of(staff).get(reverse("production:output_update", args=[entry.pk])).status_code == 404


def test_a_colleague_of_the_same_district_takes_over(client_of: Any, report: Any, tala: Any):
    colleague = factories.user("petugas_kabupaten", "63.01")
    entry = report(10, is_draft=True)

    assert client_of(colleague).get(reverse("production:output_update", args=[entry.pk])).status_code == 200


def test_the_author_reads_why_it_came_back(officer: Any, staff: Any, client_of: Any, report: Any):
    entry = report(10)
    return_output(entry, by=staff, version=entry.version, reason="Foto kurang jelas")

    page = client_of(officer).get(entry.get_absolute_url()).content.decode()

    assert "Foto kurang jelas" in page
    assert [step.label for step in client_of(officer).get(entry.get_absolute_url()).context["usual_step"]] == ["Put right"]


def test_a_correction_is_entered_for_the_line_it_names(officer: Any, client_of: Any, verified: Any):
    entry = verified(10)
    form = {"key": str(uuid4()), "line": entry.lines.get().pk, "difference": "-3", "corrected_on": DAY.isoformat(), "reason": "Salah"}

    answer = client_of(officer).post(reverse("production:output_correct", args=[entry.pk]), form)

    assert answer.status_code == 302
    assert [(row.good, row.status) for row in entry.corrections.all()] == [(-3, "diajukan")]


def test_the_list_asks_as_often_for_three_rows_as_for_one(officer: Any, client_of: Any, report: Any):
    client = client_of(officer)
    report(1)
    one = queries_of(client, "/produksi/")
    report(2)
    report(3)

    assert queries_of(client, "/produksi/") == one
