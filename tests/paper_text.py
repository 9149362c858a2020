"""What stands on a paper, read back by Chromium's own PDF library: quicker than pypdf by far, and what a reader would copy."""

from __future__ import annotations

import pypdfium2

HYPHEN_AT_THE_END = "\ufffe"  # what that library makes of a hyphen at the end of a line


def pages_of(pdf: bytes) -> list[str]:
    """The words of each page in the order in which they were written, with one blank where there are blanks."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        return [" ".join(_written(page).split()) for page in document]
    finally:
        document.close()


def _written(page: pypdfium2.PdfPage) -> str:
    return str(page.get_textpage().get_text_range()).replace(HYPHEN_AT_THE_END, "-")


def text_of(pdf: bytes) -> str:
    """All its pages."""
    return " ".join(pages_of(pdf))
