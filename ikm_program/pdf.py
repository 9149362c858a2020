"""Templates become PDF: tagged, archivable, from a fixed set of assets. The engine is loaded by whoever makes a document."""

from __future__ import annotations

import ctypes
import datetime as dt
import hashlib
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, TypedDict

from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.template.loader import render_to_string
from django.utils import translation

if TYPE_CHECKING:
    from ikm_program.reporting import Report

Paper = Literal["A4", "F4"]
Orientation = Literal["portrait", "landscape"]


class Layout(TypedDict):
    """How an office sets its pages; pages that are set for themselves (payment lists, certificates) keep their margins."""

    margins: list[int]  # millimetres, clockwise from the top
    font_size: int  # points


@dataclass(frozen=True)
class Data:
    """What a document was made of, carried inside it as JSON: machines read it back, and a file saved anew still names its paper."""

    content: bytes
    on: dt.date  # of the document: the same content gives the same file


PDF_CONTENT_TYPE = "application/pdf"


class DocumentNotRendered(Exception):
    """No PDF came out: a template asked for an unknown asset, or a library is missing. The message is safe to show."""


def render(
    template_name: str,
    context: Mapping[str, Any],
    *,
    title: str,
    paper: Paper = "A4",
    orientation: Orientation = "portrait",
    language: str = "id",
    images: Mapping[str, bytes] | None = None,
    layout: Layout | None = None,
    data: Data | None = None,
) -> bytes:
    """The template as PDF bytes; the same input gives the same bytes.

    `images` are reachable as `asset:<name>` in this document only (office arms, QR code); no other address is ever opened.
    """
    with translation.override(language):
        html = render_to_string(template_name, {**context, "title": title, "language": language})
    try:
        # 0.75 s and 30 MB: only the process that makes documents pays.
        from ikm_program import pdf_engine
    except OSError as error:
        raise DocumentNotRendered(f"Missing on this machine: {' '.join(missing_packages())}") from error
    part = pdf_engine.Part(html, paper, orientation, images or {}, _laid_out(layout))
    return pdf_engine.write_bound([part], data=data)[0]


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """A document that is bound together with others into one file."""

    template_name: str
    context: Mapping[str, Any]
    title: str
    paper: Paper = "A4"
    orientation: Orientation = "portrait"
    language: str = "id"
    images: Mapping[str, bytes] = field(default_factory=dict)
    layout: Layout | None = None
    bookmark: str = ""  # the one entry it gets below the bookmark before it; without it its headings are the bookmarks
    mark: str = ""  # a word at the head of each of its pages


def bind(sheets: Sequence[Sheet], *, data: Data | None = None, laid_out: Callable[[int], None] = lambda _count: None) -> tuple[bytes, int]:
    """Several documents as one PDF with bookmarks, and how many pages it has. Each keeps its paper, its images and its own count
    of pages; `laid_out` hears how many are done."""
    try:
        from ikm_program import pdf_engine
    except OSError as error:
        raise DocumentNotRendered(f"Missing on this machine: {' '.join(missing_packages())}") from error
    return pdf_engine.write_bound([pdf_engine.Part(*_part_of(sheet)) for sheet in sheets], data=data, laid_out=laid_out)


def _part_of(sheet: Sheet) -> tuple[str, Paper, Orientation, Mapping[str, bytes], str]:
    """The engine knows a picture by its address alone, so two documents' "qr" get addresses of their own: the hash of their bytes."""
    with translation.override(sheet.language):
        html: str = render_to_string(sheet.template_name, {**sheet.context, "title": sheet.title, "language": sheet.language})
    images = {}
    for name, content in sheet.images.items():
        own = hashlib.sha256(content).hexdigest()
        html = html.replace(f'"asset:{name}"', f'"asset:{own}"')
        images[own] = content
    return html, sheet.paper, sheet.orientation, images, _style_of(sheet)


def _style_of(sheet: Sheet) -> str:
    style = _laid_out(sheet.layout)
    if sheet.bookmark:
        style += f"h1, h2, h3 {{ bookmark-level: none }} .title h1 {{ bookmark-level: 2; bookmark-label: {_quoted(sheet.bookmark)} }}"
    if sheet.mark:
        style += f' @page {{ @top-right {{ font: bold 10pt "Liberation Sans"; content: {_quoted(sheet.mark)} }} }}'
    return style


def _laid_out(layout: Layout | None) -> str:
    """The office's margins and letters, as a style sheet after the house's own. Only numbers get into it."""
    if layout is None:
        return ""
    margins = " ".join(f"{int(margin)}mm" for margin in layout["margins"])
    points = int(layout["font_size"])
    return f"@page {{ margin: {margins} }} html {{ font-size: {points}pt }} .goods {{ font-size: {points - 1}pt }}"


def _quoted(words: str) -> str:
    """As a string of a style sheet."""
    return '"' + words.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ") + '"'


def render_report(report: Report, *, paper: Paper = "A4", data: Data | None = None) -> bytes:
    """Any report as a table, in the language that is active."""
    return render(
        "_fragments/pdf/report.html",
        {"report": report},
        title=str(report.title),
        paper=paper,
        orientation=report.orientation,
        language=translation.get_language() or settings.LANGUAGE_CODE,
        images={"arms": report.arms} if report.arms else None,
        data=data,
    )


# --- what the machine must have ---------------------------------------------------------------------------------------

_LIBRARIES = {
    "libpango-1.0.so.0": "libpango-1.0-0",
    "libpangoft2-1.0.so.0": "libpangoft2-1.0-0",
    "libharfbuzz-subset.so.0": "libharfbuzz-subset0",
}


def missing_packages() -> list[str]:
    """The Debian packages without which no PDF can be made here."""
    if sys.platform != "linux":
        return []  # other systems name their libraries otherwise; WeasyPrint's own message says what it wants
    return [package for library, package in _LIBRARIES.items() if not _can_load(library)]


def _can_load(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


@register()
def check_pdf_libraries(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    """No Python package bundles Pango: say what to install before an officer meets the gap."""
    packages = missing_packages()
    if not packages:
        return []
    hint = f"apt-get install --no-install-recommends {' '.join(packages)}"
    return [Error("PDF documents cannot be made on this machine.", hint=hint, id="ikm_program.E101")]
