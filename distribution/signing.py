"""What a receiver's phone sends as a signature: a small picture of strokes, written anew so that nothing else of it survives."""

from __future__ import annotations

import base64
import binascii
import io
from typing import Final

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps

PREFIX: Final = "data:image/png;base64,"
MAX_TEXT: Final = 400_000  # of the sent text; a signature takes 5 to 40 thousand
MAX_SIDE: Final = 1_600
KEPT: Final = (900, 360)
LEAST_INK: Final = 60  # dark points: less is a slip of the finger


def read_signature(text: str) -> bytes:
    """A PNG in greys of what was drawn; b"" where nothing was sent. Raises `ValidationError` in words."""
    if not text:
        return b""
    image = _opened(text)
    clean = Image.new("RGB", image.size, "white")
    clean.paste(image.convert("RGB"), mask=image.getchannel("A") if image.mode == "RGBA" else None)
    grey = ImageOps.grayscale(clean)
    if sum(grey.histogram()[:128]) < LEAST_INK:
        raise ValidationError(_("The signature is empty. Draw it again, or tick the statement below."), code="signature_empty")
    grey.thumbnail(KEPT)
    output = io.BytesIO()
    grey.save(output, "PNG", optimize=True)
    return output.getvalue()


def _opened(text: str) -> Image.Image:
    unreadable = ValidationError(_("The signature did not arrive whole. Draw it again."), code="signature_damaged")
    if not text.startswith(PREFIX) or len(text) > MAX_TEXT:
        raise unreadable
    try:
        image = Image.open(io.BytesIO(base64.b64decode(text.removeprefix(PREFIX), validate=True)), formats=("PNG",))
        if max(image.size) > MAX_SIDE:  # known from the header: nothing has been unpacked yet
            raise unreadable
        image.load()
    except (binascii.Error, OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        raise unreadable from None
    return image if image.mode == "RGBA" else image.convert("RGBA")
