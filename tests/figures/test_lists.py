"""Whoever finds a row in a list can open it."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from ikm_program.views import ListScreen
from production.models import OutputEntry

pytestmark = pytest.mark.django_db

PAGES_OF_THEIR_OWN = {"audit_list", "production:stock_list"}  # events open what they are about; stock opens a store's product
# Their rows are opened in tests/sheets and tests/browser, in tests/production and in tests/distribution.
EMPTY_IN_THE_DEMO = {
    "sheets:import_list",
    "production:material_write_off_list",
    "distribution:delivery_list",
    "distribution:scan_list",
    "trainings:bundle_list",
}


def lists():
    """The url name of every ListScreen of the house."""

    def walk(patterns, prefix):
        for pattern in patterns:
            if isinstance(pattern, URLResolver):
                yield from walk(pattern.url_patterns, f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix)
            elif isinstance(pattern, URLPattern):
                view = getattr(pattern.callback, "view_class", None)
                if isinstance(view, type) and issubclass(view, ListScreen):
                    yield f"{prefix}{pattern.name}"

    return sorted(set(walk(get_resolver().url_patterns, "")) - PAGES_OF_THEIR_OWN - EMPTY_IN_THE_DEMO)


@pytest.mark.parametrize("name", lists())
def test_every_row_leads_to_its_page(browser, name):
    pages = (browser(who).get(reverse(name)) for who in ("admin.kalsel", "staf.kalsel", "staf.ntt"))  # NTT buys back, Kalsel does not
    page = next((found for found in pages if found.status_code == 200 and found.context["object_list"]), None)
    assert page is not None
    rows, body = list(page.context["object_list"]), page.content.decode()
    wanted = {
        reverse("production:verification_detail", kwargs={"pk": row.pk}) if name.endswith("queue") else row.get_absolute_url()
        for row in rows
    }
    assert [url for url in sorted(wanted) if f'href="{url}' not in body] == []


def test_a_draft_is_found_from_home(browser):
    draft = OutputEntry.objects.filter(status="draf").first()
    page = browser(f"petugas.{draft.region.short_name.lower()}").get("/")
    mine = [item for item in page.context["work"] if item.href == draft.get_absolute_url()]
    assert len(mine) == 1
    assert str(draft.good) in mine[0].detail


def test_the_badge_and_the_programme_are_on_every_page(browser):
    client = browser("staf.kalsel")
    home, elsewhere = client.get("/"), client.get("/produksi/")
    assert home.context["roof"]["task_count"] == elsewhere.context["roof"]["task_count"] > 0
    assert "top-switcher" in elsewhere.content.decode()


def test_the_badge_is_counted_again_as_soon_as_anything_was_recorded(browser):
    client = browser("petugas.tala")
    waiting = client.get("/produksi/").context["roof"]["task_count"]
    draft = OutputEntry.objects.filter(status="draf", region__kemendagri_code="63.01").first()
    key = str(client.get(f"/produksi/{draft.pk}/ajukan/").context["form"]["key"].value())
    assert client.post(f"/produksi/{draft.pk}/ajukan/", {"key": key, "version": draft.version}).status_code == 302
    assert client.get("/produksi/").context["roof"]["task_count"] == waiting - 1


def test_the_badge_costs_one_question_while_nothing_happens(browser):
    client = browser("petugas.tala")
    client.get("/produksi/")
    with CaptureQueriesContext(connection) as queries:
        client.get("/produksi/")
    assert not any("UNION" in query["sql"] for query in queries)
    assert sum("audithead" in query["sql"] for query in queries) == 1


def test_another_person_has_another_badge(browser):
    """Kept by person, and by what the person may do."""
    for who in ("petugas.tala", "staf.kalsel", "pejabat.kalsel"):
        client = browser(who)
        assert client.get("/produksi/").context["roof"]["task_count"] == client.get("/").context["roof"]["task_count"], who


def test_a_new_handover_opens_with_the_programme_one_works_in(browser):
    client = browser("petugas.tala")
    practice = next(one for one in client.get("/").context["choice"].programmes if one.is_example)
    client.get(f"/?program={practice.pk}")
    assert client.get("/serah-terima/baru/").context["form"]["program"].value() == practice.pk
