"""Uploaded files against the hash their record keeps: missing ones, and others than were sent."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any

from distribution.models import Receipt, ReceiverStatement, SignedScan
from production.models import OutputPhoto, PurchaseAgreement
from trainings.models import Decree, OccasionFile, PaymentList, PaymentReceipt, PipelineStep, Session, WithdrawnReceipt


def uploads() -> Iterator[str]:
    for receipt in Receipt.objects.exclude(evidence="").only("evidence", "evidence_sha256").order_by("pk").iterator():
        yield from _differences(f"receipt {receipt.pk}: the evidence", receipt.evidence, receipt.evidence_sha256)
    for statement in ReceiverStatement.objects.exclude(photo="").only("photo", "photo_sha256").order_by("pk").iterator():
        yield from _differences(f"statement {statement.pk} of a receiver: the photo", statement.photo, statement.photo_sha256)
    for scan in SignedScan.objects.only("file", "sha256").order_by("pk").iterator():
        yield from _differences(f"scan {scan.pk} of a signed paper", scan.file, scan.sha256)
    for agreement in PurchaseAgreement.objects.exclude(file="").only("file", "file_sha256").order_by("pk").iterator():
        yield from _differences(f"agreement {agreement.pk}: the file", agreement.file, agreement.file_sha256)
    for decree in Decree.objects.exclude(file="").only("file", "file_sha256").order_by("pk").iterator():
        yield from _differences(f"decree {decree.pk}: the file", decree.file, decree.file_sha256)
    for session in Session.objects.exclude(scan="").only("scan", "scan_sha256").order_by("pk").iterator():
        yield from _differences(f"training day {session.pk}: the signed list", session.scan, session.scan_sha256)
    for photo in OutputPhoto.objects.only("image", "sha256").order_by("pk").iterator():
        yield from _differences(f"photo {photo.pk}: the picture", photo.image, photo.sha256)
    for scanned in PaymentList.objects.exclude(scan="").only("scan", "scan_sha256").order_by("pk").iterator():
        yield from _differences(f"payment list {scanned.pk}: the signed list", scanned.scan, scanned.scan_sha256)
    for paid in PaymentReceipt.objects.exclude(evidence="").only("evidence", "evidence_sha256").order_by("pk").iterator():
        yield from _differences(f"payment receipt {paid.pk}: the evidence", paid.evidence, paid.evidence_sha256)
    for back in WithdrawnReceipt.objects.exclude(evidence="").only("evidence", "evidence_sha256").order_by("pk").iterator():
        yield from _differences(f"payment receipt taken back {back.pk}: the evidence", back.evidence, back.evidence_sha256)
    for step in PipelineStep.objects.exclude(document="").only("document", "document_sha256").order_by("pk").iterator():
        yield from _differences(f"step {step.pk} of a mentoring: the document", step.document, step.document_sha256)
    for kept in OccasionFile.objects.only("file", "sha256").order_by("pk").iterator():
        yield from _differences(f"file {kept.pk} of an event", kept.file, kept.sha256)


def _differences(what: str, file: Any, expected: str) -> Iterator[str]:
    try:
        with file.storage.open(file.name, "rb") as opened:
            found = hashlib.file_digest(opened, "sha256").hexdigest()
    except OSError as error:
        yield f"{what} cannot be read ({type(error).__name__})"
        return
    if found != expected:
        yield f"{what} on the disk is not the one that was sent"
