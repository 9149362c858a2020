"""QR codes on the pages of a scan: a PDF page by page, or a photo, however it was turned. Called by the worker: PDFium knows one thread."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from typing import Final

from PIL import Image

MOST_PAGES: Final = 100
SIDES: Final = (2_000, 3_600)  # points of the longer side: the smaller one reads most codes in a third of the time


class Unreadable(Exception):
    """The file is no PDF or picture that can be opened, or has too many pages."""


def codes_on_pages(content: bytes) -> list[list[str]]:
    """What the QR codes of each page say; an empty list for a page without one that can be read."""
    if content.startswith(b"%PDF-"):
        return list(_of_pdf(content))
    with Image.open(io.BytesIO(content), formats=("JPEG",)) as picture:
        return [_codes(picture.convert("L"), SIDES)]


def pages_of(content: bytes, pages: Sequence[int]) -> bytes:
    """Some pages of a PDF as a PDF of their own."""
    import pypdfium2

    source, part = pypdfium2.PdfDocument(content), pypdfium2.PdfDocument.new()
    try:
        part.import_pages(source, list(pages))
        output = io.BytesIO()
        part.save(output)
        return output.getvalue()
    finally:
        part.close()
        source.close()


def _of_pdf(content: bytes) -> Iterator[list[str]]:
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        raise Unreadable from error
    try:
        if not 0 < len(document) <= MOST_PAGES:
            raise Unreadable
        for page in document:
            yield _of_page(page)
    finally:
        document.close()


def _of_page(page: object) -> list[str]:
    longest = max(page.get_size())  # type: ignore[attr-defined]
    for side in SIDES:
        picture = page.render(scale=min(side / longest, 8), grayscale=True).to_pil()  # type: ignore[attr-defined]
        if found := _codes(picture.convert("L"), ()):
            return found
    return []


def _codes(picture: Image.Image, sides: Sequence[int]) -> list[str]:
    """As it is, then in other sizes: a photo from across a desk shows a small code, one from close by a huge and blurred one."""
    import zxingcpp

    for side in (max(picture.size), *sides):
        scale = side / max(picture.size)
        tried = picture if scale == 1 else picture.resize((round(picture.width * scale), round(picture.height * scale)))
        codes = zxingcpp.read_barcodes(tried, formats=zxingcpp.BarcodeFormat.QRCode)  # type: ignore[arg-type]  # one is as good as several
        if found := [code.text for code in codes]:
            return found
    return []
