"""Light and dark, two languages, and pages for when something is wrong."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template.loader import render_to_string
from django.test import Client

TEMPLATES = [
    path for path in Path(settings.BASE_DIR, "templates").rglob("*.html") if "/pdf/" not in str(path) and "/mail/" not in str(path)
]


def choose(client, theme, back="/masuk/"):
    return client.post("/tampilan/", {"theme": theme, "next": back})


@pytest.mark.django_db
def test_the_chosen_theme_is_in_the_first_byte_of_the_next_page():
    client = Client()
    choose(client, "dark")
    assert 'data-bs-theme="dark"' in client.get("/masuk/").content.decode()


@pytest.mark.django_db
def test_without_a_choice_the_device_decides():
    assert "data-bs-theme" not in Client().get("/masuk/").content.decode()


def test_an_unknown_theme_is_not_kept():
    client = Client()
    choose(client, '"><script>')
    assert dict(client.cookies) == {}


@pytest.mark.parametrize("back", ["https://example.org/", "//example.org/", "javascript:alert(1)"])
def test_the_switch_never_leads_away(back):
    assert choose(Client(), "dark", back)["Location"] == "/"


@pytest.mark.django_db
def test_english_by_a_switch():
    client = Client()
    client.post("/bahasa/", {"language": "en", "next": "/masuk/"})
    assert '<html lang="en"' in client.get("/masuk/").content.decode()


@pytest.mark.django_db
def test_bahasa_indonesia_comes_first():
    assert '<html lang="id"' in Client(headers={"accept-language": "fr"}).get("/masuk/").content.decode()


@pytest.mark.django_db
def test_what_is_missing_is_said_inside_the_frame(client_of, staff):
    response = client_of(staff).get("/tidak-ada/")
    assert (response.status_code, "Data not found" in response.content.decode()) == (404, True)


@pytest.mark.parametrize("page", ["500.html", "503.html"])
def test_pages_for_trouble_need_nothing_to_be_drawn(page):
    assert "<h1>" in render_to_string(page)


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_no_template_carries_inline_style_or_script(template):
    """The strict CSP would drop it silently."""
    text = template.read_text()
    inline_script = re.search(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)", text)
    assert (re.findall(r"<[^>]*\sstyle=", text), re.findall(r"<[^>]*\son[a-z]+=", text), "<style" in text, inline_script) == (
        [],
        [],
        False,
        None,
    )


@pytest.mark.parametrize("css", ["app.css", "parts.css"])
def test_nothing_is_loaded_from_another_host(css):
    assert re.findall(r"url\([\"']?(?:https?:)?//", Path(settings.BASE_DIR, "static/css", css).read_text()) == []
