"""Evidence that people send: a scanned PDF, kept byte for byte, or a picture of the paper, written anew like every photo."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from ikm_program.images import MEGABYTE, Sent, clean_photo, read_at_most, sha256_of

EVIDENCE_MAX_BYTES: Final = 10 * MEGABYTE
SCAN_MAX_SIDE: Final = 3_508  # A4 at 300 dots an inch: small print of a scan stays legible

_TAIL: Final = 2_048

# For files that people sent: taken for what we say they are, and in a box without rights, whatever is hidden in them.
SENT_BY_PEOPLE: Final = {
    "Content-Security-Policy": "default-src 'none'; sandbox; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
}


@dataclass(frozen=True)
class Evidence:
    """What is stored. The type comes from the bytes; the name and type that the sender claims are not used."""

    content: bytes
    sha256: str
    content_type: str
    extension: str


def read_evidence(sent: Sent) -> Evidence:
    """Raises `ValidationError` in words when the file can not be kept."""
    content = read_at_most(sent, EVIDENCE_MAX_BYTES)
    if content.startswith(b"%PDF-"):
        if b"%%EOF" not in content[-_TAIL:]:
            raise ValidationError(_("The PDF is incomplete. Send it again."), code="pdf_incomplete")
        return Evidence(content, sha256_of(content), "application/pdf", "pdf")
    if not _looks_like_picture(content):
        raise ValidationError(_("Send a PDF, or a picture in JPEG, PNG or WebP format."), code="evidence_format")
    picture = clean_photo(sent, max_side=SCAN_MAX_SIDE)
    return Evidence(picture.content, picture.sha256, "image/jpeg", "jpg")


def _looks_like_picture(content: bytes) -> bool:
    return content.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")) or (content[:4] == b"RIFF" and content[8:12] == b"WEBP")
