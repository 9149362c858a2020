"""Charts say the same as the table beside them, know what is unknown, and can be drawn again from frozen values."""

from __future__ import annotations

import datetime as dt
from xml.etree import ElementTree

import pytest

from ikm_program import charts
from ikm_program.charts import Bar, Line, Stack

pytestmark = pytest.mark.usefixtures("in_english")
DAY = dt.date(2020, 6, 22)


def bars() -> charts.Chart:
    return charts.bars("Hazmat <b>", [Bar("Tala", 100, 74), Bar("HSU", None, 73), Bar("Lain", 5)], unit="set", unknown="not reported")


def stacked() -> charts.Chart:
    rows = [Stack("Hazmat", {"stock": 0, "out": 313, "eval": 50})]
    return charts.stacked("Where", rows, places={"stock": "S", "out": "O", "eval": "E"})


def progress() -> charts.Chart:
    line = Line("Verified", [(dt.date(2020, 6, 13), 165), (DAY, 363)])
    return charts.progress("Growth", [line], until=DAY, unit="set", target=950)


@pytest.fixture(params=[bars, stacked, progress], ids=lambda made: made.__name__)
def chart(request: pytest.FixtureRequest, in_english: None) -> charts.Chart:
    return request.param()


def drawing(chart: charts.Chart) -> ElementTree.Element:
    return ElementTree.fromstring(chart.svg)


def words(chart: charts.Chart) -> list[str]:
    return [element.text for element in drawing(chart).iter("{http://www.w3.org/2000/svg}text")]


def test_a_bar_says_value_target_and_share_or_that_nothing_is_known():
    assert words(bars()) == ["Tala", "100 / 74 set · 135,14%", "HSU", "not reported", "Lain", "5 set"]
    assert bars().rows == [["Tala", "74", "100", "135,14%"], ["HSU", "73", "not reported", "–"], ["Lain", "–", "5", "–"]]


def test_a_drawing_is_named_described_and_carries_no_style(chart: charts.Chart):
    svg = drawing(chart)
    title, description = svg[0], svg[1]
    assert (title.text, description.text) == (chart.title, chart.description)
    assert svg.attrib["aria-labelledby"] == f"{title.attrib['id']} {description.attrib['id']}"
    assert not [element for element in svg.iter() if "style" in element.attrib or element.tag.endswith(("style", "script"))]


def test_only_places_that_hold_something_are_in_the_legend():
    assert words(stacked()) == ["O", "E", "Hazmat", "363"]
    assert stacked().rows == [["Hazmat", "313", "50", "363"]]


def test_a_running_sum_stands_beside_its_target():
    assert "Target 950 set" in words(progress())
    assert progress().rows == [["13 June 2020", "165"], ["22 June 2020", "363"]]


def test_nothing_at_all_is_drawn_without_a_fault():
    empty = [
        charts.bars("A", [], unit="set", unknown="-"),
        charts.stacked("B", [Stack("x", {})], places={"s": "S"}),
        charts.progress("C", [], until=DAY, unit="set"),
    ]
    assert [bool(drawing(chart).attrib["viewBox"]) for chart in empty] == [True] * 3


def test_a_chart_is_drawn_again_from_its_values(chart: charts.Chart):
    assert charts.drawn(chart.data) == chart
