"""A photo is kept as a small upright JPEG; what is no photo is refused in words, before it costs memory."""

from __future__ import annotations

import io
import struct
import zlib

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from ikm_program.images import clean_photo, sha256_of

RED, BLUE = (200, 30, 30), (30, 30, 200)
ORIENTATION, CAMERA, GPS = 0x0112, 0x010F, 0x8825


def picture(size: tuple[int, int] = (80, 40), *, mode: str = "RGB", file_format: str = "JPEG", **options) -> bytes:
    """Left half red, right half blue."""
    image = Image.new("RGB", size, RED)
    image.paste(BLUE, (size[0] // 2, 0, *size))
    output = io.BytesIO()
    image.convert(mode).save(output, file_format, **options)
    return output.getvalue()


def sent(content: bytes, name: str = "foto.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def opened(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content))


def code_of(content: bytes) -> str:
    with pytest.raises(ValidationError) as refused:
        clean_photo(sent(content))
    return refused.value.code


def png_claiming(width: int, height: int) -> bytes:
    """The first bytes of a picture that would be huge when unpacked."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")


@pytest.mark.parametrize("file_format", ["JPEG", "PNG", "WEBP"])
def test_three_formats_become_a_jpeg(file_format: str) -> None:
    photo = clean_photo(sent(picture(file_format=file_format)))
    assert (opened(photo.content).format, photo.width, photo.height) == ("JPEG", 80, 40)
    assert photo.sha256 == sha256_of(photo.content)


@pytest.mark.parametrize(
    ("mode", "file_format"), [("L", "JPEG"), ("CMYK", "JPEG"), ("P", "PNG"), ("1", "PNG"), ("LA", "PNG"), ("RGBA", "WEBP"), ("I;16", "PNG")]
)
def test_every_colour_mode_becomes_a_jpeg(mode: str, file_format: str) -> None:
    source = picture(mode="L" if mode == "I;16" else mode, file_format=file_format)
    if mode == "I;16":
        output = io.BytesIO()
        opened(source).convert("I;16").save(output, "PNG")
        source = output.getvalue()
    assert opened(clean_photo(sent(source)).content).mode == "RGB"


def test_the_camera_and_the_place_are_forgotten_and_the_picture_is_turned_upright() -> None:
    exif = Image.Exif()
    exif[ORIENTATION], exif[CAMERA] = 6, "CONTOH KAMERA"
    exif.get_ifd(GPS)[1] = "S"
    source = picture(exif=exif, comment=b"rahasia")
    assert b"CONTOH KAMERA" in source

    photo = clean_photo(sent(source))
    kept = opened(photo.content)
    assert (photo.width, photo.height, dict(kept.getexif())) == (40, 80, {})
    assert "comment" not in kept.info
    assert b"CONTOH KAMERA" not in photo.content
    top, bottom = kept.getpixel((20, 5)), kept.getpixel((20, 75))
    assert top[0] > top[2]
    assert bottom[2] > bottom[0]


def test_what_hides_behind_the_picture_is_not_kept() -> None:
    assert b"<script>" not in clean_photo(sent(picture() + b"<script>alert(1)</script>")).content


@pytest.mark.parametrize(("size", "kept"), [((3200, 1000), (1600, 500)), ((900, 1800), (800, 1600)), ((1600, 1200), (1600, 1200))])
def test_a_large_photo_is_made_smaller_and_a_small_one_is_not_blown_up(size: tuple[int, int], kept: tuple[int, int]) -> None:
    photo = clean_photo(sent(picture(size)))
    assert (photo.width, photo.height) == kept


def test_a_transparent_picture_lies_on_white() -> None:
    output = io.BytesIO()
    Image.new("RGBA", (10, 10), (0, 0, 0, 0)).save(output, "PNG")
    assert opened(clean_photo(sent(output.getvalue())).content).getpixel((5, 5)) == (255, 255, 255)


@pytest.mark.parametrize(("mode", "colour"), [("L", 0), ("RGB", (0, 0, 0)), ("P", 0)])
def test_a_colour_declared_transparent_lies_on_white_too(mode: str, colour: int | tuple[int, int, int]) -> None:
    output = io.BytesIO()
    Image.new(mode, (10, 10), colour).save(output, "PNG", transparency=colour)
    assert opened(clean_photo(sent(output.getvalue())).content).getpixel((5, 5)) == (255, 255, 255)


def test_the_same_file_gives_the_same_hash() -> None:
    source = picture()
    assert clean_photo(sent(source)).sha256 == clean_photo(sent(source, "lain.jpg")).sha256


@pytest.mark.parametrize(
    "content",
    [
        b"bukan gambar",
        b"%PDF-1.7\n%%EOF",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        picture(file_format="GIF"),
        picture(file_format="BMP"),
    ],
    ids=["text", "pdf", "svg", "gif", "bmp"],
)
def test_other_files_are_refused_whatever_they_are_called(content: bytes) -> None:
    assert code_of(content) == "photo_format"


def test_an_empty_file_is_refused() -> None:
    assert code_of(b"") == "empty"


def test_half_a_photo_is_refused() -> None:
    whole = picture((800, 600))
    assert code_of(whole[: len(whole) // 2]) == "photo_damaged"


@pytest.mark.parametrize(("width", "height"), [(5_001, 5_000), (12_000, 12_000), (60_000, 60_000)])
def test_too_many_pixels_are_refused_from_the_header(width: int, height: int) -> None:
    assert code_of(png_claiming(width, height)) == "photo_pixels"


def test_25_megapixels_are_still_looked_at() -> None:
    assert code_of(png_claiming(5_000, 5_000)) == "photo_damaged"


def test_a_file_of_the_largest_size_is_accepted(settings) -> None:
    content = picture()
    settings.PHOTO_MAX_BYTES = len(content)
    assert clean_photo(sent(content)).width == 80


def test_a_file_that_is_too_large_is_refused_whatever_size_it_claims(settings) -> None:
    settings.PHOTO_MAX_BYTES = 1024 * 1024
    upload = sent(picture() + b"\0" * (1024 * 1024))
    upload.size = 10
    with translation.override("en"), pytest.raises(ValidationError) as refused:
        clean_photo(upload)
    with translation.override("en"):
        assert refused.value.messages == ["The file is larger than 1 MB. Send a smaller one."]


def test_a_photo_already_read_is_read_from_its_start() -> None:
    upload = sent(picture())
    upload.read()
    assert clean_photo(upload).width == 80


_EXIF = Image.Exif()
_EXIF[ORIENTATION] = 6
SOURCES = [picture(exif=_EXIF), picture(file_format="PNG", exif=_EXIF), picture(file_format="WEBP", exif=_EXIF)]


@pytest.mark.filterwarnings("ignore::UserWarning")  # Pillow's remarks on damaged EXIF: the picture itself may be sound
@settings(deadline=None, max_examples=200)
@given(st.sampled_from(SOURCES), st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 255)), max_size=8), st.integers(0, 10_000))
def test_a_damaged_file_is_read_or_refused_and_nothing_else(source: bytes, damage: list[tuple[int, int]], cut: int) -> None:
    content = bytearray(source)
    for position, value in damage:
        content[position % len(content)] = value
    try:
        photo = clean_photo(sent(bytes(content[: len(content) - cut % len(content)])))
    except ValidationError:
        return
    assert opened(photo.content).format == "JPEG"
