"""Papers as files: the PDF's text and QR code, the stored bytes and their hash, the chain of the register."""

from __future__ import annotations

from io import StringIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import connection
from django.urls import reverse

from ikm_program import guards
from ikm_program.models import AuditEvent
from ikm_program.paper_content import sha256_hex
from tests.paper_text import text_of
from trainings.models import IssuedDocument, IssuedFile
from trainings.reports.chains import document_differences

pytestmark = pytest.mark.usefixtures("in_english")
SCAN = b"%PDF-1.4\n1 0 obj\n%%EOF\n"


def damage(model: type[Any], pk: int, **values: Any) -> None:
    """What somebody with the database in hand could do."""
    guards.lift(connection)
    try:
        model.objects.filter(pk=pk).update(**values)
    finally:
        guards.install(connection)


@pytest.fixture
def handover(world, issue):
    world.stock(50)
    return issue(50)


def test_the_paper_says_what_was_handed_over(world, handover, printed):
    text = text_of(bytes(printed(handover).file.content))
    assert handover.number in text
    assert "lima puluh" in text
    assert "Kamis, tanggal dua puluh lima bulan Juni tahun dua ribu dua puluh (25-06-2020)" in text
    assert world.recipient.name in text
    assert "DRAF" not in text


def test_a_preview_is_marked_and_numbered_by_nothing(world, client_of):
    world.stock(5)
    draft = world.draft(5)
    answer = client_of(world.officer).get(reverse("distribution:handover_preview", args=[draft.pk]))
    assert answer["Content-Type"] == "application/pdf"
    assert "DRAF" in text_of(answer.content)
    assert IssuedDocument.objects.count() == 0


def test_the_code_on_the_paper_opens_the_verification_page(handover, client):
    issue = handover.document.snapshot["issue"]
    path = reverse("trainings:verify", args=[handover.document.token])
    assert issue["verification_url"] == f"http://testserver{path}"
    assert client.get(path).status_code == 200


def test_the_download_is_the_stored_file_and_on_record(world, handover, printed, client_of):
    document = printed(handover)
    answer = client_of(world.officer).get(document.file_url)
    assert sha256_hex(answer.content) == document.file.sha256
    assert answer["Content-Disposition"] == 'inline; filename="bast-530-001-bast-ikm-discontoh-vi-2020.pdf"'
    event = AuditEvent.objects.filter(verb="download").get()
    assert [event.by, event.object_id, event.after["sha256"]] == [world.officer, str(document.pk), document.file.sha256]


def test_a_flipped_byte_is_refused_and_reported(world, handover, printed, client_of):
    document = printed(handover)
    content = bytearray(document.file.content)
    content[100] ^= 1
    damage(IssuedFile, document.file.pk, content=bytes(content))
    answer = client_of(world.officer).get(document.file_url)
    assert [answer.status_code, answer["Content-Type"]] == [500, "text/html; charset=utf-8"]
    assert AuditEvent.objects.filter(verb="file_damaged").count() == 1
    assert [difference.what for difference in document_differences()] == ["the stored PDF does not have its hash"]


def test_while_the_pdf_is_missing_the_page_looks_again(world, handover, client_of):
    answer = client_of(world.officer).get(handover.document.file_url)
    assert [answer.status_code, answer["Refresh"]] == [202, "3"]
    assert handover.number in answer.content.decode()


def test_the_evidence_is_kept_and_served_to_its_district_only(world, handover, acknowledge, client_of, stranger):
    acknowledge(handover, evidence=SimpleUploadedFile("scan.pdf", SCAN, "application/pdf"))
    address = reverse("distribution:receipt_evidence", args=[handover.pk])
    assert client_of(world.officer).get(address).content == SCAN
    assert client_of(stranger).get(address).status_code == 404


def test_evidence_that_changed_on_the_disk_is_not_sent(world, handover, acknowledge, client_of):
    after = acknowledge(handover, evidence=SimpleUploadedFile("scan.pdf", SCAN, "application/pdf"))
    with after.receipt.evidence.storage.open(after.receipt.evidence.name, "wb") as file:
        file.write(SCAN + b" ")
    assert client_of(world.officer).get(reverse("distribution:receipt_evidence", args=[handover.pk])).status_code == 500


def test_sound_registers_have_no_differences(world, handover, issue, printed):
    world.stock(5)
    for thing in (handover, issue(5)):
        printed(thing)
    out = StringIO()
    call_command("verify_documents", stdout=out)
    assert out.getvalue() == "2 issued document(s), nothing differs\n"


def test_a_changed_snapshot_breaks_the_chain(world, handover, issue, printed):
    world.stock(5)
    second = issue(5)
    for thing in (handover, second):
        printed(thing)
    snapshot = handover.document.snapshot
    snapshot["lines"][0]["quantity"] = 60
    damage(IssuedDocument, handover.document.pk, snapshot=snapshot)
    assert [str(difference) for difference in document_differences()] == [f"{handover.number}: the content does not have its hash"]
    with pytest.raises(CommandError, match=r"1 difference"):
        call_command("verify_documents", stderr=StringIO())


def test_a_missing_paper_leaves_a_gap_and_a_missing_pdf_is_listed(world, handover, issue):
    world.stock(5)
    second = issue(5)
    damage(IssuedDocument, second.document.pk, sequence=3)
    found = [difference.what for difference in document_differences()]
    assert found == [
        "the PDF is missing",
        "gap in the register: 3 stands where 2 is expected",
        "the number in the register is not the one on the paper",
        "the PDF is missing",
    ]
