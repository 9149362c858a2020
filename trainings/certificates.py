"""What a training certificate says, frozen when it is issued, and the PDF made of exactly that: never a NIK.

The page has no letterhead but the arms and the name of the office inside a border of sasirangan; the topics are on the back.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, Final, TypedDict

from django.utils.translation import gettext_lazy as _

from ikm_program import formatting, papers, pdf
from ikm_program.paper_content import Frame, Official, frame_context, qr_png, sha256_hex, source_data

KIND: Final = "sertifikat"
SCHEMA: Final = 1
TEMPLATE: Final = "trainings/pdf/certificate.html"
HEADING: Final = "Sertifikat"
MOST_LETTERS: Final = 230  # of names and posts; with more the front is set smaller, so that the signature stays inside the border


class Topic(TypedDict):
    topic: str
    date: str  # ISO
    hours: int
    instructors: str  # "" when not recorded


class Snapshot(Frame):
    holder: str
    business: str  # "" for somebody on his or her own
    district: str
    activity: str
    batch: int
    year: int
    first_day: str  # ISO
    last_day: str  # ISO
    venue: str  # "" when not recorded
    hours: int | None  # lesson hours in all; None when no topic is recorded
    days: int
    days_present: int
    topics: list[Topic]
    signer: Official


def pdf_bytes(snapshot: Snapshot, arms: bytes | None = None) -> bytes:
    """One certificate, recto and verso."""
    return many_pdf_bytes([(snapshot, arms)])


def many_pdf_bytes(certificates: Sequence[tuple[Snapshot, bytes | None]]) -> bytes:
    """Several in one file, each from its own frozen content."""
    images: dict[str, bytes] = {}
    pages = []
    for number, (snapshot, arms) in enumerate(certificates, start=1):
        page = _context(snapshot) | {"qr": "", "arms": "", "frame": border(snapshot["paper"])}
        if expected := snapshot["letterhead"]["arms_sha256"]:
            if arms is None or sha256_hex(arms) != expected:
                raise pdf.DocumentNotRendered("The arms of the letterhead are not the image that was frozen")
            page["arms"] = f"arms{number}"
            images[page["arms"]] = arms
        if snapshot["issue"]:
            page["qr"] = f"qr{number}"
            images[page["qr"]] = qr_png(snapshot["issue"]["verification_url"])
        pages.append(page)
    first = certificates[0][0]
    title = f"{HEADING} {pages[0]['number']}" if len(pages) == 1 else f"{HEADING} {first['activity']}"
    data = source_data(first) if len(pages) == 1 else None
    return pdf.render(TEMPLATE, {"pages": pages}, title=title, paper=first["paper"], orientation="landscape", images=images, data=data)


def entry(snapshot: Snapshot) -> papers.Entry:
    matter = f"{snapshot['activity']} Angkatan {snapshot['batch']}"
    return papers.Entry(first_party=snapshot["letterhead"]["office"], second_party=snapshot["holder"], matter=matter)


def public_facts(snapshot: Snapshot) -> list[papers.PublicFact]:
    """What anybody with the paper in hand may read."""
    days = [_written(snapshot["first_day"]), _written(snapshot["last_day"])]
    facts = [
        papers.PublicFact(_("Holder"), [snapshot["holder"]]),
        papers.PublicFact(_("Issued by"), [snapshot["letterhead"]["office"]]),
        papers.PublicFact(_("Training"), [f"{snapshot['activity']} · Angkatan {snapshot['batch']}"]),
        papers.PublicFact(_("Held"), [" s.d. ".join(dict.fromkeys(days))]),
    ]
    return [*facts, papers.PublicFact(_("Lesson hours (JP)"), [formatting.jumlah(snapshot["hours"])])] if snapshot["hours"] else facts


def _context(snapshot: Snapshot) -> dict[str, Any]:
    same_day = snapshot["first_day"] == snapshot["last_day"]
    until = "" if same_day else f" s.d. {_written(snapshot['last_day'])}"
    origin = " · ".join(part for part in (snapshot["business"], snapshot["district"]) if part)
    letters = len(snapshot["holder"]) * 2 + len(origin) + len(snapshot["signer"]["position"]) + len(snapshot["signer"]["name"])
    return frame_context(snapshot, HEADING) | {
        "is_crowded": letters > MOST_LETTERS,
        "origin": origin,
        "held": f"pada tanggal {_written(snapshot['first_day'])}{until}",
        "hours": formatting.jumlah_terbilang(snapshot["hours"]) if snapshot["hours"] else "",
        "topics": [{**topic, "date": _written(topic["date"])} for topic in snapshot["topics"]],
        "has_instructors": any(topic["instructors"] for topic in snapshot["topics"]),
        "hours_in_all": snapshot["hours"],
    }


def _written(iso: str) -> str:
    return formatting.tanggal(dt.date.fromisoformat(iso))


# --- the border -------------------------------------------------------------------------------------------------------

PAGE: Final = {"A4": (297, 210), "F4": (330, 215)}  # millimetres, landscape
EDGE: Final = 8  # from the paper's edge
BAND: Final = 9
TOOTH: Final = 6


def border(paper: str) -> Mapping[str, Any]:
    """Gigi haruan along the four sides and kulat karikit in between: points of an SVG in millimetres."""
    width, height = PAGE[paper]
    inner_width, inner_height = width - 2 * EDGE, height - 2 * EDGE
    corner = EDGE + BAND + 1.5  # the bands end where they would meet
    across, down = round((width - 2 * corner) / TOOTH), round((height - 2 * corner) / TOOTH)
    step_x, step_y = (width - 2 * corner) / across, (height - 2 * corner) / down
    top = [(corner + step_x * half / 2, _tooth(half)) for half in range(2 * across + 1)]
    left = [(_tooth(half), corner + step_y * half / 2) for half in range(2 * down + 1)]
    lozenges = [(corner + step_x * number, EDGE + BAND * 0.78) for number in range(across + 1)]
    upright = [(EDGE + BAND * 0.78, corner + step_y * number) for number in range(down + 1)]
    middle = EDGE + (BAND + 1.5) / 2
    return {
        "width": width,
        "height": height,
        "outer": (EDGE, EDGE, inner_width, inner_height),
        "inner": (corner, corner, width - 2 * corner, height - 2 * corner),
        "zigzags": [_points(top), _points(_flipped_y(top, height)), _points(left), _points(_flipped_x(left, width))],
        "lozenges": [_lozenge(point) for point in _everywhere(lozenges, upright, width, height)],
        "corners": [_lozenge(point, 3.2) for x in (middle, width - middle) for point in ((x, middle), (x, height - middle))],
    }


def _tooth(half: int) -> float:
    return EDGE + (BAND if half % 2 else BAND * 0.35)


def _everywhere(across: list[tuple[float, float]], down: list[tuple[float, float]], width: int, height: int) -> list[tuple[float, float]]:
    return [*across, *_flipped_y(across, height), *down, *_flipped_x(down, width)]


def _flipped_y(points: list[tuple[float, float]], height: int) -> list[tuple[float, float]]:
    return [(x, height - y) for x, y in points]


def _flipped_x(points: list[tuple[float, float]], width: int) -> list[tuple[float, float]]:
    return [(width - x, y) for x, y in points]


def _points(points: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{x:.2f},{y:.2f}" for x, y in points)


def _lozenge(centre: tuple[float, float], size: float = 1.1) -> str:
    x, y = centre
    return _points([(x, y - size), (x + size * 0.85, y), (x, y + size), (x - size * 0.85, y)])
