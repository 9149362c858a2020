from __future__ import annotations

import datetime as dt
import io
import os
import time

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.utils import timezone

from ikm_program.models import Attempt
from production.models import OutputPhoto
from trainings.models import IssuedDocument, IssuedFile

pytestmark = pytest.mark.django_db

LONG_AGO = time.time() - 3 * 86_400


def run() -> str:
    out = io.StringIO()
    call_command("run_due", stdout=out)
    return out.getvalue()


def test_a_missing_pdf_is_made(lifted):
    IssuedFile.objects.filter(document=IssuedDocument.objects.first()).delete()
    assert run().startswith("1 document(s) rendered")
    assert IssuedFile.objects.count() == IssuedDocument.objects.count()


@pytest.mark.parametrize(("hours", "left"), [(1, 1), (72, 0)])
def test_a_photo_without_its_form_waits_two_days(person, hours, left):
    officer = person("petugas.tala")
    photo = OutputPhoto.objects.create(
        uploaded_by=officer, region=officer.region, upload_key="00000000-0000-4000-8000-000000000001",
        form_key="00000000-0000-4000-8000-000000000002", image="photos/satu.jpg", sha256="0" * 64,
    )  # fmt: skip
    OutputPhoto.objects.filter(pk=photo.pk).update(uploaded_at=timezone.now() - dt.timedelta(hours=hours))
    run()
    assert OutputPhoto.objects.filter(pk=photo.pk).count() == left


def test_only_old_files_without_a_record_are_removed():
    old, young = (default_storage.save(f"photos/{name}.jpg", ContentFile(b"x")) for name in ("lama", "baru"))
    os.utime(default_storage.path(old), (LONG_AGO, LONG_AGO))
    assert "1 file(s)" in run()
    assert (default_storage.exists(old), default_storage.exists(young)) == (False, True)


def test_old_counts_of_sign_in_are_forgotten():
    for key, age in (("lama", 3), ("baru", 0)):
        Attempt.objects.create(key=key, window_started_at=timezone.now() - dt.timedelta(days=age), count=1)
    run()
    assert list(Attempt.objects.values_list("key", flat=True)) == ["baru"]


def test_a_second_run_changes_nothing():
    run()
    assert run() == "0 document(s) rendered, 0 file(s) without a record removed.\n"
