"""What an action keeps of a file that was sent: bytes judged and written anew, with their hash."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File

from ikm_program.actions import Refusal
from ikm_program.uploads import read_evidence


def accepted(sent: File[bytes], *, field: str) -> tuple[ContentFile[bytes], str]:
    """The file as it is stored, and its SHA-256; what cannot be kept is refused in words."""
    try:
        kept = read_evidence(sent)
    except ValidationError as error:
        raise Refusal(error.messages[0], field) from None
    return ContentFile(kept.content, name=f"berkas.{kept.extension}"), kept.sha256
