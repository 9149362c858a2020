"""Evidence is what its bytes say it is: a PDF is kept as it came, a picture is written anew."""

from __future__ import annotations

import hashlib
import io

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from ikm_program import uploads
from ikm_program.uploads import read_evidence

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


def sent(content: bytes, name: str = "bast.pdf", content_type: str = "application/pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type)


def scan(size: tuple[int, int], file_format: str = "PNG") -> bytes:
    output = io.BytesIO()
    Image.new("RGB", size, "white").save(output, file_format)
    return output.getvalue()


def code_of(content: bytes) -> str:
    with pytest.raises(ValidationError) as refused:
        read_evidence(sent(content))
    return refused.value.code


def test_a_signed_pdf_is_kept_byte_for_byte() -> None:
    evidence = read_evidence(sent(PDF, "surat.exe", "text/html"))
    assert (evidence.content, evidence.content_type, evidence.extension) == (PDF, "application/pdf", "pdf")
    assert evidence.sha256 == hashlib.sha256(PDF).hexdigest()


@pytest.mark.parametrize("file_format", ["JPEG", "PNG", "WEBP"])
def test_a_picture_of_the_paper_is_written_anew(file_format: str) -> None:
    source = scan((60, 80), file_format)
    evidence = read_evidence(sent(source))
    assert (evidence.content_type, evidence.extension, evidence.content[:3]) == ("image/jpeg", "jpg", b"\xff\xd8\xff")
    assert evidence.sha256 == hashlib.sha256(evidence.content).hexdigest() != hashlib.sha256(source).hexdigest()


def test_a_scan_keeps_more_detail_than_a_photo() -> None:
    evidence = read_evidence(sent(scan((2_480, 3_508))))
    assert Image.open(io.BytesIO(evidence.content)).size == (2_480, 3_508)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (PDF.replace(b"%%EOF", b""), "pdf_incomplete"),
        (b"GIF89a" + PDF, "evidence_format"),  # readers forgive what stands before the header; we do not
        (b"<html>", "evidence_format"),
        (b"PK\x03\x04", "evidence_format"),
        (b"RIFF\0\0\0\0WAVE", "evidence_format"),
        (b"\x89PNG\r\n\x1a\nabc", "photo_format"),
        (scan((200, 200))[:100], "photo_damaged"),
    ],
)
def test_what_cannot_be_evidence_is_refused(content: bytes, code: str) -> None:
    assert code_of(content) == code


def test_evidence_has_a_largest_size(monkeypatch) -> None:
    monkeypatch.setattr(uploads, "EVIDENCE_MAX_BYTES", len(PDF))
    assert read_evidence(sent(PDF)).content == PDF
    assert code_of(PDF + b"\n") == "too_large"
