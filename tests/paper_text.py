"""What stands on a paper, read back by Chromium's own PDF library: quicker than pypdf by far, and what a reader would copy."""

from __future__ import annotations

import pypdfium2


def pages_of(pdf: bytes) -> list[str]:
    """The words of each page in the order in which they were written, with one blank where there are blanks."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        return [" ".join(page.get_textpage().get_text_range().split()) for page in document]
    finally:
        document.close()


def text_of(pdf: bytes) -> str:
    """All its pages."""
    return " ".join(pages_of(pdf))
