"""The sheet of photos: what was made and how it was handed over, with caption, place and day. Private files, within a person's reach."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.core.files.base import File
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from PIL import Image

from distribution.models import Handover, Receipt
from ikm_program import pdf
from ikm_program.formatting import jumlah, tanggal
from ikm_program.reporting import Column, Report
from production.models import OutputEntry, OutputPhoto
from trainings.models import Programme

AT_MOST: Final = 120  # twenty pages; more are a matter for the screen
A_PAGE: Final = 6
PRINTED_SIDE: Final = 700  # pixels for 80 mm: 220 a inch
QUALITY: Final = 78


@dataclass(frozen=True)
class Shown:
    """A photo, what it shows, where and when, and the file that holds it."""

    caption: str
    place: str
    on: dt.date
    url: str
    file: Any
    sha256: str
    model: str
    pk: int


def photos(viewer: Any, programme: Programme, day: dt.date, *, since: dt.date | None = None) -> list[Shown]:
    """Photos of submitted reports, then of receipts, in the order of the days."""
    found = [*_of_output(viewer, programme, since, day), *_of_receipts(viewer, programme, since, day)]
    return sorted(found, key=lambda photo: photo.on)


def _of_output(viewer: Any, programme: Programme, since: dt.date | None, day: dt.date) -> list[Shown]:
    rows = OutputPhoto.objects.for_user(viewer).filter(
        entry__batch__activity__programme=programme, entry__status__in=OutputEntry.REPORTED, entry__made_on__lte=day
    )
    rows = rows.filter(entry__made_on__gte=since) if since else rows
    found = []
    for photo in rows.select_related("entry__product", "entry__region", "entry__batch").order_by("entry__made_on", "pk"):
        entry = photo.entry
        assert entry is not None  # asked for above
        caption = f"{entry.product.name}, {jumlah(entry.good)} {entry.product.unit}"
        place = ", ".join(part for part in (entry.batch.venue, entry.region.name) if part)
        found.append(
            Shown(caption, place, entry.made_on, photo.get_absolute_url(), photo.image, photo.sha256, photo._meta.label_lower, photo.pk)
        )
    return found


def _of_receipts(viewer: Any, programme: Programme, since: dt.date | None, day: dt.date) -> list[Shown]:
    """Evidence that is a photo; signed scans in PDF belong to the papers."""
    rows = Receipt.objects.for_user(viewer).filter(
        handover__programme=programme, handover__status__in=Handover.LIVE, evidence__endswith=".jpg", received_on__lte=day
    )
    rows = rows.filter(received_on__gte=since) if since else rows
    return [
        Shown(
            f"Serah terima kepada {receipt.handover.recipient}, BAST {receipt.handover.number}",
            receipt.handover.place,
            receipt.received_on,
            f"{receipt.handover.get_absolute_url()}bukti/",
            receipt.evidence,
            receipt.evidence_sha256,
            receipt._meta.label_lower,
            receipt.pk,
        )
        for receipt in rows.select_related("handover__recipient", "handover__document").order_by("received_on", "pk")
    ]


def photo_report(shown: Sequence[Shown], programme: Programme, day: dt.date) -> Report:
    """The list of them, for the page and for a spreadsheet."""
    return Report(
        title=gettext_lazy("Photo documentation"),
        subtitle=str(programme),
        as_of=day,
        columns=[
            Column(key="on", label=gettext_lazy("Date"), kind="date", width=2),
            Column(key="caption", label=gettext_lazy("Photo"), width=6),
            Column(key="place", label=gettext_lazy("Place"), width=4),
        ],
        rows=[{"on": photo.on, "caption": photo.caption, "place": photo.place, "url": photo.url} for photo in shown],
        link=lambda row, column: str(row["url"]) if column.key == "caption" else "",
        notes=[_("The sheet holds the first %(count)s.") % {"count": AT_MOST}] if len(shown) > AT_MOST else [],
    )


def sheet(report: Report, shown: Sequence[Shown], *, paper: pdf.Paper) -> bytes:
    """Six a page, as PDF."""
    printed = printable(shown[:AT_MOST])
    images = {name: content for name, content, _photo in printed if content}
    if report.arms:
        images["arms"] = report.arms
    return pdf.render(
        "distribution/pdf/photos.html",
        {"report": report, "pages": pages([(name if content else "", photo) for name, content, photo in printed])},
        title=str(report.title),
        paper=paper,
        images=images,
    )


def printable(shown: Iterable[Shown]) -> list[tuple[str, bytes, Shown]]:
    """Name, small picture and photo; an empty picture for a file that is damaged or gone: the sheet says so instead of failing."""
    return [(f"photo{index}", small(photo.file, photo.sha256), photo) for index, photo in enumerate(shown)]


def small(file: File[bytes], sha256: str) -> bytes:
    """As large as paper shows it; never what does not have its hash."""
    try:
        with file.open("rb") as opened:
            content = opened.read()
    except OSError:
        return b""
    if hashlib.sha256(content).hexdigest() != sha256:
        return b""
    image = Image.open(io.BytesIO(content), formats=("JPEG",))
    image.thumbnail((PRINTED_SIDE, PRINTED_SIDE))
    out = io.BytesIO()
    image.convert("RGB").save(out, "JPEG", quality=QUALITY)
    return out.getvalue()


def pages(rows: Sequence[tuple[str, Shown]]) -> list[list[dict[str, str]]]:
    cells = [
        {"image": name, "caption": photo.caption, "place": photo.place, "on": tanggal(photo.on), "number": str(index)}
        for index, (name, photo) in enumerate(rows, 1)
    ]
    return [cells[start : start + A_PAGE] for start in range(0, len(cells), A_PAGE)]
