"""Each district says how far it is with each product."""

from __future__ import annotations

import uuid

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from ikm_program.actions import Refusal, StaleVersion
from ikm_program.models import AuditEvent
from production.actions.progress import record_progress
from production.models import DistrictProgress
from production.reports import progress_matrix
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]

Status = DistrictProgress.Status


def say(product, region, by, status, **values):
    programme = product.activities.get().activity.programme
    return record_progress(DistrictProgress, by=by, programme=programme, product=product, region=region, status=status, **values)


def address(programme, product, region) -> str:
    return reverse("production:progress_update", args=[programme.pk, product.pk, region.pk])


def test_the_first_word_makes_the_row_and_the_step_is_on_the_trail(hazmat, tala, officer):
    progress = say(hazmat, tala, officer, Status.RUNNING)
    event = AuditEvent.objects.get()
    assert (progress.status, progress.created_by, event.verb, event.by) == ("berjalan", officer, "status:berjalan", officer)


def test_nobody_said_anything_means_not_started(programme, hazmat, tala, officer):
    matrix = progress_matrix(programme, officer, timezone.localdate())
    assert [(region, [cell.progress.status for cell in cells]) for region, cells in matrix.rows] == [(tala, ["belum"])]


def test_finished_does_not_go_back_to_not_started(hazmat, tala, officer):
    say(hazmat, tala, officer, Status.DONE)
    with pytest.raises(Refusal):
        say(hazmat, tala, officer, Status.NOT_STARTED)
    assert DistrictProgress.objects.get().status == "selesai"


def test_a_stale_word_is_refused(hazmat, tala, officer):
    say(hazmat, tala, officer, Status.RUNNING)
    with pytest.raises(StaleVersion):
        say(hazmat, tala, officer, Status.DONE, version=1)


def test_a_district_that_does_not_make_it_has_no_progress(hazmat, staff):
    with pytest.raises(Refusal):
        say(hazmat, factories.region("63.02"), staff, Status.RUNNING)
    assert DistrictProgress.objects.count() == 0


def test_a_district_speaks_for_itself_only(programme, hazmat, banjar, officer, client_of):
    with pytest.raises(PermissionDenied):
        say(hazmat, banjar, officer, Status.DONE)
    sent = {"key": str(uuid.uuid4()), "status": "selesai"}
    assert client_of(officer).post(address(programme, hazmat, banjar), sent).status_code == 404
    assert DistrictProgress.objects.count() == 0


def test_the_province_sees_every_district_and_a_district_its_own(programme, hazmat, tala, banjar, staff, officer):
    seen = [[region for region, _cells in progress_matrix(programme, person, timezone.localdate()).rows] for person in (staff, officer)]
    assert seen == [[tala, banjar], [tala]]


def test_the_form_records_and_returns_to_the_matrix(programme, hazmat, tala, officer, client_of):
    client = client_of(officer)
    opened = client.get(address(programme, hazmat, tala)).context["form"]
    sent = {"key": str(opened["key"].value()), "version": opened["version"].value(), "status": "selesai"}
    answer = client.post(address(programme, hazmat, tala), sent)
    page = client.get(answer.url).content.decode()
    assert (answer.status_code, DistrictProgress.objects.get().status, "Finished" in page) == (302, "selesai", True)


def test_an_auditor_reads_the_matrix_and_may_change_nothing(programme, hazmat, tala, auditor, client_of):
    client = client_of(auditor)
    page = client.get(reverse("production:progress_report")).content.decode()
    change = address(programme, hazmat, tala)
    assert ("Not started" in page, change in page, client.get(change).status_code) == (True, False, 403)


def test_the_matrix_can_be_printed(programme, hazmat, staff, client_of):
    answer = client_of(staff).get(reverse("production:progress_report"), {"format": "json"}).json()
    key = f"product_{hazmat.pk}"
    assert [row[key] for row in answer["rows"]] == ["Not started", "Not started"]
