"""Photos as they are kept: verified, upright, small and written anew, so that nothing of the sent file survives but the picture."""

from __future__ import annotations

import hashlib
import io
import struct
import zlib
from dataclasses import dataclass
from typing import IO, Any, Final, Protocol

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps

from ikm_program.formatting import jumlah

PHOTO_MAX_SIDE: Final = 1600
MEGABYTE: Final = 1024 * 1024

_FORMATS: Final = ("JPEG", "PNG", "WEBP")
_QUALITY: Final = 82
# What Pillow raises on damaged or hostile files: a named list, because a silent `except Exception` would hide our own mistakes.
_UNREADABLE: Final = (OSError, ValueError, SyntaxError, EOFError, OverflowError, TypeError, KeyError, IndexError, struct.error, zlib.error)


class Sent(Protocol):
    """An uploaded file, or any file opened for reading bytes."""

    def read(self, size: int = -1, /) -> bytes: ...

    def seek(self, offset: int, whence: int = 0, /) -> Any: ...


@dataclass(frozen=True)
class Photo:
    """A JPEG without metadata; the hash is that of the bytes kept."""

    content: bytes
    sha256: str
    width: int
    height: int


def clean_photo(sent: Sent, *, max_side: int = PHOTO_MAX_SIDE) -> Photo:
    """Raises `ValidationError` in words when the file is no photo that can be kept."""
    content = read_at_most(sent, settings.PHOTO_MAX_BYTES)
    try:
        image = Image.open(io.BytesIO(content), formats=_FORMATS)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):  # the warning too, where warnings are errors
        raise _too_many_pixels() from None
    except _UNREADABLE:
        raise ValidationError(_("This is not a photo in JPEG, PNG or WebP format."), code="photo_format") from None
    with image:
        if image.width * image.height > settings.PHOTO_MAX_PIXELS:  # known from the header: nothing has been unpacked yet
            raise _too_many_pixels()
        try:
            upright = _upright(image, max_side)
        except _UNREADABLE:
            raise ValidationError(_("The photo is damaged or incomplete. Take or send it again."), code="photo_damaged") from None
    output = io.BytesIO()
    upright.save(output, "JPEG", quality=_QUALITY, optimize=True, progressive=True)
    kept = output.getvalue()
    return Photo(kept, sha256_of(kept), upright.width, upright.height)


def read_at_most(sent: Sent | IO[bytes], limit: int) -> bytes:
    """The file from its start, refused when it is empty or longer than `limit`; the size that the sender claims is not believed."""
    sent.seek(0)
    content = sent.read(limit + 1)
    if not content:
        raise ValidationError(_("The file is empty."), code="empty")
    if len(content) > limit:
        raise ValidationError(
            _("The file is larger than %(limit)s MB. Send a smaller one."), code="too_large", params={"limit": limit // MEGABYTE}
        )
    return content


def sha256_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _upright(image: Image.Image, max_side: int) -> Image.Image:
    """At most `max_side` long, turned as the camera was held, on white, in a picture of its own: comments and profiles stay behind."""
    if image.mode in {"P", "PA", "LA"} or (image.mode in {"L", "RGB"} and "transparency" in image.info):
        image = image.convert("RGBA")
    elif image.mode == "1":
        image = image.convert("L")  # a scan in black and white is made smaller in greys, or its letters break
    image.thumbnail((max_side, max_side))  # before turning: a JPEG is then never unpacked larger than needed
    turned = ImageOps.exif_transpose(image)
    clean = Image.new("RGB", turned.size, "white")
    clean.paste(turned.convert("RGB"), mask=turned.getchannel("A") if turned.mode == "RGBA" else None)
    return clean


def _too_many_pixels() -> ValidationError:
    return ValidationError(
        _("The photo has more than %(limit)s megapixels. Send a smaller one."),
        code="photo_pixels",
        params={"limit": jumlah(settings.PHOTO_MAX_PIXELS // 1_000_000)},
    )
