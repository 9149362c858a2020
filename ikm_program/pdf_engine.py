"""WeasyPrint behind a fetcher that opens nothing. Imported inside `pdf.render` only: loading it is dear."""

from __future__ import annotations

import datetime as dt
import logging
import threading
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from io import BytesIO
from pathlib import Path
from typing import Any, Final, cast

from django.conf import settings
from PIL import ImageFile

from ikm_program import garbage
from ikm_program.pdf import Data, DocumentNotRendered, Orientation, Paper

logging.getLogger("weasyprint.progress").setLevel(logging.WARNING)  # seven lines a document say nothing to an operator

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # "No fonts configured": ours are shipped
    from weasyprint import CSS, HTML, Attachment
    from weasyprint.css import ColorProfile
    from weasyprint.css.counters import CounterStyle
    from weasyprint.document import Document
    from weasyprint.text.fonts import FontConfiguration
    from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

ImageFile.LOAD_TRUNCATED_IMAGES = False  # WeasyPrint switches it on for the whole process; half a photo is refused here

# F4 is the folio of Indonesian offices, which no standard names.
SIZES: Final[dict[Paper, tuple[int, int]]] = {"A4": (210, 297), "F4": (215, 330)}

# Archivable and tagged for screen readers: an office keeps these files for decades.
VARIANT: Final = "pdf/a-3a"

# The archive format wants its colours explained.
COLOURS: Final = "--srgb"

DATA_NAME: Final = "data.json"

# How templates and style sheets name their assets; it leads nowhere outside the process.
ASSET_SCHEME: Final = "asset:"

_STATIC = Path(settings.BASE_DIR) / "static"
_FONT_FILES = tuple(f"LiberationSans-{face}.ttf" for face in ("Regular", "Bold", "Italic", "BoldItalic"))

# Pango's font map belongs to one thread at a time.
_rendering = threading.Lock()


@dataclass(frozen=True)
class Part:
    """The pages of one document; `stylesheet` is added to the house's own."""

    html: str
    paper: Paper
    orientation: Orientation
    images: Mapping[str, bytes]
    stylesheet: str = ""


def write(html: str, *, paper: Paper, orientation: Orientation, images: Mapping[str, bytes]) -> bytes:
    return write_bound([Part(html, paper, orientation, images)])[0]


def write_bound(
    parts: Sequence[Part], *, data: Data | None = None, laid_out: Callable[[int], None] = lambda _count: None
) -> tuple[bytes, int]:
    """The pages of all parts as one file, which bears the title of the first, and how many; each part counts its own."""
    documents = []
    with _rendering, garbage.not_collected():
        try:
            for count, part in enumerate(parts, 1):
                documents.append(_laid_out(part))
                laid_out(count)
            pages = [page for document in documents for page in document.pages]
            attachments = [_attached(data)] if data else None
            content = documents[0].copy(pages).write_pdf(pdf_variant=VARIANT, output_intent=COLOURS, attachments=attachments)
        except FatalURLFetchingError as error:  # a BaseException: it would walk past every handler above us
            raise DocumentNotRendered(str(error)) from error
    return cast(bytes, content), len(pages)


def _laid_out(part: Part) -> Document:
    shared = _shared()
    fetcher = AssetFetcher(part.images)
    own = [CSS(string=part.stylesheet, url_fetcher=fetcher)] if part.stylesheet else []
    return HTML(string=part.html, base_url=ASSET_SCHEME, url_fetcher=fetcher).render(
        stylesheets=[shared.stylesheet, _page_stylesheet(part.paper, part.orientation), *own],
        font_config=shared.fonts,
        counter_style=shared.counters,
        color_profiles={COLOURS: shared.colours},
        output_intent=COLOURS,
        pdf_variant=VARIANT,
    )


def _attached(data: Data) -> Attachment:
    """As the archive format asks for it: named, dated, and said to be what the document was made of."""
    day = dt.datetime.combine(data.on, dt.time())
    return Attachment(
        string=data.content, url_fetcher=AssetFetcher({}), name=DATA_NAME, description="Data sumber dokumen ini (JSON)",
        created=day, modified=day, relationship="Source",
    )  # fmt: skip


class AssetFetcher(URLFetcher):
    """Looks names up in a dictionary. WeasyPrint's own fetcher once put /etc/passwd into a certificate."""

    _fail_on_errors = True

    def __init__(self, images: Mapping[str, bytes]) -> None:
        # Without the parent's handlers for http, ftp and file: they are a risk, and from Python 3.12 an SSL context a document.
        self._images = images

    def fetch(self, url: str, headers: object = None) -> URLFetcherResponse:
        name = url.removeprefix(ASSET_SCHEME)
        body = self._images.get(name) or _fonts().get(name)
        if body is None or name == url:
            raise LookupError("not an asset of this document")
        return URLFetcherResponse(url, body)

    __call__ = fetch


class StandardColours(ColorProfile):
    """WeasyPrint's own profile as the same bytes each time (it would open its file for every document, and rewrite the profile)."""

    content = (files("weasyprint.pdf") / "sRGB2014.icc").read_bytes()

    def __init__(self) -> None:
        super().__init__(BytesIO(self.content), "sRGB2014.icc", "relative-colorimetric", (["r"], ["g"], ["b"]))


@dataclass(frozen=True)
class _Shared:
    """What all documents of a process share; making it costs as much as a document."""

    fonts: FontConfiguration
    counters: CounterStyle
    colours: ColorProfile
    stylesheet: CSS


@cache
def _shared() -> _Shared:
    fonts, counters = FontConfiguration(), CounterStyle()
    stylesheet = CSS(
        string=(_STATIC / "css" / "paper.css").read_text(),
        base_url=ASSET_SCHEME,
        font_config=fonts,
        counter_style=counters,
        url_fetcher=AssetFetcher({}),
    )
    return _Shared(fonts, counters, StandardColours(), stylesheet)


@cache
def _page_stylesheet(paper: Paper, orientation: Orientation) -> CSS:
    short, long = SIZES[paper]
    width, height = (short, long) if orientation == "portrait" else (long, short)
    across = f"@page across {{ size: {long}mm {short}mm }}"  # a wide table within an upright document
    return CSS(string=f"@page {{ size: {width}mm {height}mm }} {across}", url_fetcher=AssetFetcher({}))


@cache
def _fonts() -> dict[str, Any]:
    return {name: (_STATIC / "fonts" / name).read_bytes() for name in _FONT_FILES}
