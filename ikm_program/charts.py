"""Charts as inline SVG, the same on a page and on paper; beside each stands a table that says the same.

Pure functions of figures. Colours are presentation attributes, because the content policy refuses inline styles and the paper
engine hands neither style sheets nor variables to an SVG; a page recolours the text by the classes. None is "not known".
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from ikm_program.formatting import jumlah, persen, tanggal_layar

Text = str | Promise

WIDTH: Final = 340  # of a phone's page and of half a sheet: neither has to shrink the words
LEFT, RIGHT = 2, WIDTH - 2
HALF: Final = 24  # letters of a legend that fit into half of it
ROW, BAR, TEXT = 34, 12, 11
INK, MUTED, RULE, BRAND, PALE = "#17202a", "#56616b", "#c9cfd2", "#0b5d5b", "#e6efee"
FONT: Final = "Liberation Sans"  # on paper; pages use their own
# Light and dark take turns, so that neighbours differ in black and white, too.
PALETTE: Final = ("#0b5d5b", "#e2a310", "#1f4e8c", "#8fc7c4", "#56616b", "#f0cf86", "#b3261e", "#c9cfd2")
SAID_ROWS: Final = 60  # of a chart in words
DASHES: Final = ("", "6 3", "2 3")


@dataclass(frozen=True)
class Chart:
    """A drawing, what it shows in one sentence, and its figures as a table."""

    title: str
    description: str
    svg: SafeString
    headings: Sequence[str]
    rows: Sequence[Sequence[str]]
    data: Mapping[str, Any]  # what `drawn` draws it from again: plain values, for a content that is frozen

    @property
    def in_words(self) -> str:
        """What the drawing shows, for whoever cannot see it: its title and its figures, row by row."""
        said = [
            f"{row[0]}: " + ", ".join(f"{heading} {value}" for heading, value in zip(self.headings[1:], row[1:], strict=True))
            for row in self.rows[:SAID_ROWS]
        ]
        return ". ".join([self.title, "; ".join(said)]) if said else self.title

    @property
    def printed(self) -> SafeString:
        """The drawing for paper: the tags of a PDF take its title for the alternative text, and nothing stands beside it there."""
        title, words = conditional_escape(self.title), conditional_escape(self.in_words)
        return mark_safe(self.svg.replace(f">{title}</title>", f">{words}</title>", 1))  # noqa: S308  both are escaped

    @property
    def labelled_rows(self) -> list[list[tuple[str, str]]]:
        """Each figure with its heading, which a phone shows beside it."""
        return [list(zip(self.headings, row, strict=True)) for row in self.rows]


@dataclass(frozen=True)
class Bar:
    """How much of its target something has reached."""

    label: str
    value: int | None
    target: int | None = None


@dataclass(frozen=True)
class Stack:
    """One thing that lies in several places: what is where, by the key of the place."""

    label: str
    parts: Mapping[str, int]

    @property
    def total(self) -> int:
        return sum(self.parts.values())


@dataclass(frozen=True)
class Line:
    """A running sum: what had come together by each day, in the order of the days."""

    label: str
    points: Sequence[tuple[dt.date, int]]


def bars(title: Text, rows: Sequence[Bar], *, unit: str, unknown: Text) -> Chart:
    """One bar a row against its target: the frame is the target, the filling what was reached."""
    most = max([1, *(row.value or 0 for row in rows), *(row.target or 0 for row in rows)])
    parts = [_bar(index * ROW, row, unit, unknown, most) for index, row in enumerate(rows)]
    description = _("%(count)s rows, each with what was reached beside its target, in %(unit)s.") % {"count": len(rows), "unit": unit}
    return Chart(
        title=str(title),
        description=description,
        svg=_svg(str(title), description, max(1, len(rows)) * ROW, parts),
        headings=[_("Row"), _("Target"), _("Reached"), _("Share")],
        rows=[[row.label, _known(row.target), _known(row.value, unknown), persen(row.value, row.target)] for row in rows],
        data={
            "draw": "bars",
            "title": str(title),
            "unit": unit,
            "unknown": str(unknown),
            "rows": [[row.label, row.value, row.target] for row in rows],
        },
    )


def _bar(top: int, row: Bar, unit: str, unknown: Text, most: int) -> SafeString:
    target, value = _long(row.target, most), _long(row.value, most)
    said = str(unknown) if row.value is None else f"{jumlah(row.value)} {unit}"
    if row.value is not None and row.target:
        said = f"{jumlah(row.value)} / {jumlah(row.target)} {unit} · {persen(row.value, row.target)}"
    frame = _rect(LEFT, top + 17, target, BAR, PALE, stroke=BRAND) if target else ""
    fill = _rect(LEFT, top + 17, value, BAR, BRAND) if value else ""
    passed = target and value > target  # where the target was passed: a mark in the filling
    mark = _line(LEFT + target, top + 16, LEFT + target, top + 18 + BAR, "#ffffff", 2) if passed else ""
    return format_html(
        "{}{}{}{}{}{}",
        _text(LEFT, top + 12, row.label),
        _text(RIGHT, top + 12, said, anchor="end", colour=MUTED if row.value is None else INK),
        _line(LEFT, top + 17 + BAR, RIGHT, top + 17 + BAR, RULE, 1),
        frame, fill, mark,
    )  # fmt: skip


def stacked(title: Text, rows: Sequence[Stack], *, places: Mapping[str, Text], unit: str = "") -> Chart:
    """Where everything is: each row as long as its whole, cut into its places."""
    used = [key for key in places if any(row.parts.get(key) for row in rows)]
    colours = dict(zip(used, PALETTE, strict=False))
    across = 2 if all(len(str(places[key])) <= HALF for key in used) else 1
    legend = [_legend(index, str(places[key]), colours[key], across) for index, key in enumerate(used)]
    head = -(-len(used) // across) * 16 + 4
    drawn = [_stack(head + index * ROW, row, colours, unit) for index, row in enumerate(rows)]
    description = _("%(count)s rows, each cut into the places where its pieces are.") % {"count": len(rows)}
    return Chart(
        title=str(title),
        description=description,
        svg=_svg(str(title), description, head + max(1, len(rows)) * ROW, [*legend, *drawn]),
        headings=[_("Row"), *(str(places[key]) for key in used), _("Total")],
        rows=[[row.label, *(jumlah(row.parts.get(key, 0)) for key in used), jumlah(row.total)] for row in rows],
        data={
            "draw": "stacked",
            "title": str(title),
            "unit": unit,
            "places": {key: str(label) for key, label in places.items()},
            "rows": [[row.label, dict(row.parts)] for row in rows],
        },
    )


def _legend(index: int, label: str, colour: str, across: int) -> SafeString:
    x, y = LEFT + (index % across) * (WIDTH // 2), (index // across) * 16
    return format_html("{}{}", _rect(x, y + 2, 9, 9, colour), _text(x + 14, y + 11, label, size=10))


def _stack(top: int, row: Stack, colours: Mapping[str, str], unit: str) -> SafeString:
    """As shares of its own whole: what is many beside what is few would leave the few unseen."""
    x, cuts = float(LEFT), []
    for key, colour in colours.items():
        wide = (RIGHT - LEFT) * row.parts.get(key, 0) / row.total if row.total else 0
        if wide:
            cuts.append(_rect(x, top + 17, max(wide - 1, 0.8), BAR, colour))
            x += wide
    return format_html(
        "{}{}{}",
        _text(LEFT, top + 12, row.label),
        _text(RIGHT, top + 12, f"{jumlah(row.total)} {unit}".strip(), anchor="end"),
        format_html_join("", "{}", ((cut,) for cut in cuts)),
    )


def progress(title: Text, lines: Sequence[Line], *, until: dt.date, unit: str, target: int | None = None) -> Chart:
    """How running sums grew day by day, as stairs: between two records nothing is guessed."""
    days = sorted({day for line in lines for day, _sum in line.points})
    first = min([*days, until])
    most = max([1, target or 0, *(value for line in lines for _day, value in line.points)])
    head = len(lines) * 16 + (16 if target else 0) + 8
    box = _Box(first, max(until, first), most, head, head + 150)
    parts = [_axes(box, unit)]
    if target:
        parts += [
            _line(LEFT, box.y(target), RIGHT, box.y(target), MUTED, 1, dash="3 3"),
            _key(len(lines), _target_words(target, unit), MUTED, "3 3"),
        ]
    for index, line in enumerate(lines):
        parts += [_key(index, line.label, PALETTE[index], DASHES[index % 3]), _stairs(box, line, PALETTE[index], DASHES[index % 3])]
    description = _("Running sums in %(unit)s from %(first)s to %(last)s.") % {
        "unit": unit, "first": tanggal_layar(box.first), "last": tanggal_layar(box.last),
    }  # fmt: skip
    return Chart(
        title=str(title),
        description=description,
        svg=_svg(str(title), description, box.bottom + 18, parts),
        headings=[_("Date"), *(line.label for line in lines)],
        rows=[[tanggal_layar(day), *(jumlah(_sum_on(line, day)) for line in lines)] for day in days],
        data={
            "draw": "progress",
            "title": str(title),
            "unit": unit,
            "until": until.isoformat(),
            "target": target,
            "lines": [[line.label, [[day.isoformat(), value] for day, value in line.points]] for line in lines],
        },
    )


def drawn(data: Mapping[str, Any]) -> Chart:
    """A chart from its frozen data."""
    title, unit = data["title"], data["unit"]
    if data["draw"] == "bars":
        return bars(title, [Bar(*row) for row in data["rows"]], unit=unit, unknown=data["unknown"])
    if data["draw"] == "stacked":
        return stacked(title, [Stack(*row) for row in data["rows"]], places=data["places"], unit=unit)
    lines = [Line(label, [(dt.date.fromisoformat(day), value) for day, value in points]) for label, points in data["lines"]]
    return progress(title, lines, until=dt.date.fromisoformat(data["until"]), unit=unit, target=data["target"])


@dataclass(frozen=True)
class _Box:
    """Where days and quantities lie on the drawing."""

    first: dt.date
    last: dt.date
    most: int
    top: int
    bottom: int

    def x(self, day: dt.date) -> float:
        span = (self.last - self.first).days or 1
        return LEFT + (RIGHT - LEFT) * (day - self.first).days / span

    def y(self, value: int) -> float:
        return self.bottom - (self.bottom - self.top) * value / self.most


def _axes(box: _Box, unit: str) -> SafeString:
    return format_html(
        "{}{}{}{}{}",
        _line(LEFT, box.bottom, RIGHT, box.bottom, INK, 1),
        _line(LEFT, box.top, RIGHT, box.top, RULE, 1),
        _text(RIGHT, box.top - 3, f"{jumlah(box.most)} {unit}", anchor="end", size=10, colour=MUTED),
        _text(LEFT, box.bottom + 13, tanggal_layar(box.first), size=10, colour=MUTED),
        _text(RIGHT, box.bottom + 13, tanggal_layar(box.last), anchor="end", size=10, colour=MUTED),
    )


def _stairs(box: _Box, line: Line, colour: str, dash: str) -> SafeString:
    path, height = f"M{_n(box.x(box.first))} {_n(box.y(0))}", 0
    for day, value in line.points:
        path += f"H{_n(box.x(day))}V{_n(box.y(value))}"
        height = value
    path += f"H{_n(box.x(box.last))}" if height or line.points else ""
    return format_html('<path d="{}" fill="none" stroke="{}" stroke-width="2"{}/>', path, colour, _dashed(dash))


def _key(index: int, label: str, colour: str, dash: str) -> SafeString:
    y = index * 16
    return format_html("{}{}", _line(LEFT, y + 7, LEFT + 20, y + 7, colour, 2, dash=dash), _text(LEFT + 26, y + 11, label, size=10))


def _target_words(target: int, unit: str) -> str:
    return _("Target %(quantity)s %(unit)s") % {"quantity": jumlah(target), "unit": unit}


def _sum_on(line: Line, day: dt.date) -> int:
    return next((value for on, value in reversed(line.points) if on <= day), 0)


# --- pieces of SVG


def _svg(title: str, description: str, height: float, parts: Sequence[Any]) -> SafeString:
    """`title` is what a screen reader and the tags of a PDF say of the picture."""
    body = format_html_join("", "{}", ((part,) for part in parts))
    name = hashlib.sha256(f"{title}{description}{body}".encode()).hexdigest()[:8]
    return format_html(
        '<svg xmlns="http://www.w3.org/2000/svg" class="chart-drawing" viewBox="0 0 {w} {h}" width="{w}" height="{h}" role="img"'
        ' aria-labelledby="t{n} d{n}"><title id="t{n}">{t}</title><desc id="d{n}">{d}</desc>{body}</svg>',
        w=WIDTH, h=_n(height), n=name, t=title, d=description, body=body,
    )  # fmt: skip


def _rect(x: float, y: float, width: float, height: float, fill: str, *, stroke: str = "") -> SafeString:
    edge = format_html(' stroke="{}" stroke-width="1"', stroke) if stroke else ""
    return format_html('<rect x="{}" y="{}" width="{}" height="{}" fill="{}"{}/>', _n(x), _n(y), _n(width), _n(height), fill, edge)


def _line(x1: float, y1: float, x2: float, y2: float, stroke: str, width: int, *, dash: str = "") -> SafeString:
    return format_html(
        '<line x1="{}" y1="{}" x2="{}" y2="{}" stroke="{}" stroke-width="{}"{}/>',
        _n(x1),
        _n(y1),
        _n(x2),
        _n(y2),
        stroke,
        width,
        _dashed(dash),
    )


def _text(x: float, y: float, words: str, *, anchor: str = "start", size: int = TEXT, colour: str = INK) -> SafeString:
    name = "chart-muted" if colour == MUTED else "chart-ink"
    return format_html(
        '<text x="{}" y="{}" font-family="{}" font-size="{}" fill="{}" text-anchor="{}" class="{}">{}</text>',
        _n(x), _n(y), FONT, size, colour, anchor, name, words,
    )  # fmt: skip


def _dashed(dash: str) -> SafeString | str:
    return format_html(' stroke-dasharray="{}"', dash) if dash else ""


def _long(value: int | None, most: int) -> float:
    return (RIGHT - LEFT) * max(0, value or 0) / most


def _n(value: float) -> str:
    """A number without the decimals that nobody sees; the language of the screen must not put a comma into it."""
    return f"{value:.1f}".removesuffix(".0")


def _known(value: int | None, unknown: Text = "–") -> str:
    return str(unknown) if value is None else jumlah(value)
