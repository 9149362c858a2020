"""Badges, progress and icons: a word beside every colour, and what is unknown is said."""

from __future__ import annotations

import pytest
from django.template import Context, Template
from django.utils import translation

from ikm_program.screens import Fact
from ikm_program.templatetags import office


def render(source, **context):
    return Template(source).render(Context(context))


def words(html):
    import re

    return " ".join(re.sub(r"<[^>]*>", " ", html).split())


@pytest.fixture(autouse=True)
def english(in_english):
    return None


def test_progress_beyond_the_target_has_a_mark():
    html = render('{% progress 100 74 "set" "Hazmat" "/hazmat/" %}')
    assert (words(html), 'class="bar-mark" x="74"' in html) == ("Hazmat 100 / 74 set · 135,14%", True)


def test_nothing_reported_is_not_zero():
    assert words(render('{% progress made 464 "lembar" "Masker" %}', made=None)) == "Masker not reported yet · target 464 lembar"


def test_zero_is_zero():
    assert words(render('{% progress 0 74 "set" %}')) == "0 / 74 set · 0,00%"


def test_a_target_that_nobody_set_is_said():
    assert words(render('{% progress 12 none "buah" %}', none=None)) == "12 buah · no target set"


def test_a_badge_has_an_icon_and_a_word():
    html = str(office.badge("Diverifikasi", "ok"))
    assert ("#check" in html, words(html)) == (True, "Diverifikasi")


def test_figures_are_indonesian_on_an_english_screen():
    with translation.override("en"):
        assert render("{{ n|jumlah }} {{ n|rupiah }} {{ n|persen:n }}", n=12500) == "12.500 Rp12.500,00 100,00%"


def test_what_is_unknown_prints_words():
    html = str(office.shown(Fact("Stock", "stock", kind="number", unknown="not counted"), {"stock": None}))
    assert html == '<span class="unknown">not counted</span>'


def test_a_value_is_escaped():
    assert str(office.shown(Fact("Name", "name"), {"name": "<script>"})) == "&lt;script&gt;"


def test_a_long_text_is_escaped_too():
    assert "<b>" not in str(office.shown(Fact("Note", "note", kind="longtext"), {"note": "<b>tebal</b>"}))


def test_a_way_through_something_missing_is_unknown():
    fact = Fact("Office", "recipient.office.name", unknown="none")
    assert words(str(office.shown(fact, {"recipient": None}))) == "none"
