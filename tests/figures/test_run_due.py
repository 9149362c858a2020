from __future__ import annotations

import datetime as dt
import io
import os
import time

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import timezone

from ikm_program.management.commands.run_due import CLEARED, KEPT, files_without_a_record, known_files
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
    assert "1 document(s) rendered" in run()
    assert IssuedFile.objects.count() == IssuedDocument.objects.count()


def test_a_paper_that_cannot_be_rendered_keeps_no_other_waiting_and_is_seen_in_the_exit_code(lifted, caplog):
    broken, whole = IssuedDocument.objects.order_by("pk")[:2]
    IssuedFile.objects.filter(document__in=(broken, whole)).delete()
    IssuedDocument.objects.filter(pk=broken.pk).update(snapshot={"NIK": "6301011506850001"})
    with pytest.raises(CommandError, match="Not done: missing_pdfs"):
        run()
    assert list(IssuedDocument.objects.filter(file=None)) == [broken]
    assert (f"document {broken.pk} ({broken.number}) cannot be rendered: KeyError" in caplog.text, "630101" in caplog.text) == (True, False)


def test_a_step_that_fails_keeps_no_other_from_being_done(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    (tmp_path / "bundles").write_bytes(b"no directory")
    Attempt.objects.create(key="lama", window_started_at=timezone.now() - dt.timedelta(days=3), count=1)
    with pytest.raises(CommandError, match="Not done: files_without_a_record"):
        run()
    assert not Attempt.objects.exists()


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


def test_every_folder_of_uploads_is_decided():
    assert set(known_files()) == CLEARED | KEPT
    assert not CLEARED & KEPT


@pytest.mark.parametrize(("folder", "is_left"), [("agreements", False), ("imports", False), ("attendance", True), ("decrees", True)])
def test_what_no_record_names_goes_unless_it_may_have_been_replaced(folder, is_left):
    name = default_storage.save(f"{folder}/lama.pdf", ContentFile(b"x"))
    os.utime(default_storage.path(name), (LONG_AGO, LONG_AGO))
    files_without_a_record()
    assert default_storage.exists(name) == is_left


def test_old_counts_of_sign_in_are_forgotten():
    for key, age in (("lama", 3), ("baru", 0)):
        Attempt.objects.create(key=key, window_started_at=timezone.now() - dt.timedelta(days=age), count=1)
    run()
    assert list(Attempt.objects.values_list("key", flat=True)) == ["baru"]


def test_a_second_run_changes_nothing():
    run()
    assert run() == "0 document(s) rendered.\n0 file(s) without a record removed.\n"
