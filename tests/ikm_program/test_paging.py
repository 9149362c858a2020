"""Pages of a big table: walked by their sort key, numbered all the same, and the same place again from the address."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ikm_program import paging, tallies
from ikm_program.actions import Refusal, action
from ikm_program.integrity import counts
from ikm_program.views import ListScreen
from tests import factories
from tests.matrix import addresses
from trainings import actions
from trainings.models import Enterprise, Participant, Region, User

ADDRESSES = sorted(addresses())


def walk(rows, order: str, size: int) -> list[list[str]]:
    """Forward to the end by the addresses of the pages, then back to the beginning."""
    key, pages, asked, way = paging.SortKey.of(order.split()), [], "", "next"
    while True:
        found: dict[str, str] = {}

        def url_with(found=found, **changes) -> str:
            found["kursor"] = changes["kursor"]
            return changes["kursor"]

        portion = paging.walked(rows, key, asked=asked, size=size, url_with=url_with, total=lambda: 7)
        pages.append([f"{row.name}" for row in portion.rows] + [portion.words])
        if way == "next" and not portion.next:
            way = "previous"
        asked = portion.next if way == "next" else portion.previous
        if not asked:
            return pages


@pytest.mark.django_db
@pytest.mark.parametrize("order", ["sort_name", "-sort_name", "pk", "-pk", "region_id sort_name", "-region_id -sort_name"])
def test_every_row_once_forward_and_back(tala: Region, order: str, in_english: None) -> None:
    """Names that are the same are told apart by their key."""
    for name in ("A", "B", "B", "B", "B", "C", "D"):
        factories.EnterpriseFactory(region=tala, name=name)
    pages = walk(Enterprise.objects.all(), order, 3)
    names = list("ABBBBCD") if not order.startswith("-") else list("DCBBBBA")
    assert pages == [
        [*names[:3], "1–3 of 7"],
        [*names[3:6], "4–6 of 7"],
        [*names[6:], "7–7 of 7"],
        [*names[3:6], "4–6 of 7"],
        [*names[:3], "1–3 of 7"],
    ]


@pytest.mark.django_db
@pytest.mark.parametrize(("order", "names"), [("region_id sort_name", "ACEBDF"), ("-region_id -sort_name", "FDBECA")])
def test_within_a_district_the_names_are_in_order(tala: Region, banjar: Region, order: str, names: str, in_english: None) -> None:
    regions = sorted((tala, banjar), key=lambda region: region.pk)
    for number, name in enumerate("ABCDEF"):
        factories.EnterpriseFactory(region=regions[number % 2], name=name)
    pages = walk(Enterprise.objects.all(), order, 2)
    assert [name for page in pages[:3] for name in page[:-1]] == list(names)
    assert pages[3:] == [[*names[2:4], "3–4 of 7"], [*names[:2], "1–2 of 7"]]
    chunks = paging.in_chunks(Enterprise.objects.all(), order.split(), size=2)
    assert [row.name for chunk in chunks for row in chunk] == list(names)


@pytest.mark.parametrize(
    ("order", "is_walked"),
    [
        ("region_id sort_name", True),
        ("region_id -sort_name", False),
        ("confirmed_on", False),
        ("pk sort_name", False),
        ("region__name", False),
        ("", False),
    ],
)
def test_only_columns_of_the_table_that_are_never_empty_are_walked(order: str, is_walked: bool) -> None:
    assert paging.can_be_walked(Enterprise, order.split()) is is_walked


@pytest.mark.django_db
def test_a_row_that_went_or_came_meanwhile_shifts_nothing(tala: Region) -> None:
    for name in "ABCDEFG":
        factories.EnterpriseFactory(region=tala, name=name)
    key, rows = paging.SortKey.of(("sort_name",)), Enterprise.objects.all()
    facts = {"size": 2, "url_with": lambda **changes: changes["kursor"], "total": lambda: None}
    first = paging.walked(rows, key, asked="", **facts)
    Enterprise.objects.filter(name="B").delete()
    factories.EnterpriseFactory(region=tala, name="AA")
    assert [row.name for row in paging.walked(rows, key, asked=first.next, **facts).rows] == ["C", "D"]


@pytest.mark.django_db
@pytest.mark.parametrize("asked", ["x", "W10", "WyI-IiwxLCJhIl0", "bnVsbA", "WyI-IiwiYSIsImIiLDFd", "é"])
def test_a_wild_cursor_opens_the_first_page(tala: Region, asked: str) -> None:
    factories.EnterpriseFactory(region=tala, name="A")
    facts = {"size": 2, "url_with": lambda **changes: "", "total": lambda: None}
    portion = paging.walked(Enterprise.objects.all(), paging.SortKey.of(("sort_name",)), asked=asked, **facts)
    assert [row.name for row in portion.rows] == ["A"]


def big_lists() -> list[type[ListScreen]]:
    assert ADDRESSES  # reading them has loaded every screen
    return [screen for screen in all_screens(ListScreen) if screen.is_big]


def all_screens(base: type) -> list[type]:
    return [below for screen in base.__subclasses__() for below in (screen, *all_screens(screen))]


def test_the_big_tables_are_walked() -> None:
    assert sorted(screen.__name__ for screen in big_lists()) == ["AuditTrail", "EnterpriseList", "OutputList", "ParticipantList"]


@pytest.mark.parametrize("screen", big_lists(), ids=lambda screen: screen.__name__)
def test_the_sortable_columns_of_a_big_table_are_never_empty_and_lead_an_index(screen: type[ListScreen]) -> None:
    meta = screen.model._meta
    indexes = [tuple(meta.get_field(name).attname for name in index.fields) for index in meta.indexes if not index.condition]
    indexes += [(field.attname,) for field in meta.fields if field.unique or field.db_index] + [("pk",)]
    sorts = {(column.sort, *column.sort_then) for column in screen.columns if column.sort} | {(screen.ordering[0].removeprefix("-"),)}
    led = {sort: any(index[: len(sort)] == sort for index in indexes) for sort in sorts}
    assert {sort: (paging.can_be_walked(screen.model, sort), led[sort]) for sort in sorts} == dict.fromkeys(sorts, (True, True))


@pytest.mark.django_db
def test_a_page_neither_counts_nor_skips(tala: Region, officer: User, client_of) -> None:
    for number in range(30):
        factories.EnterpriseFactory(region=tala, name=f"Usaha {number:02}")
    browser = client_of(officer)
    page = browser.get("/ikm/").context["page"]
    with CaptureQueriesContext(connection) as queries:
        second = browser.get(page.next).context["page"]
    asked = [query["sql"] for query in queries if 'FROM "trainings_enterprise"' in query["sql"]]
    assert (page.words, second.words, len(asked)) == ("1–25 of 30", "26–30 of 30", 1)
    assert not re.search(r"COUNT\(|OFFSET", asked[0])


@pytest.mark.django_db
def test_a_filter_is_counted_only_as_far_as_it_is_cheap(tala: Region, officer: User, client_of, monkeypatch) -> None:
    monkeypatch.setattr(paging, "COUNTED_UP_TO", 27)
    for number in range(30):
        factories.EnterpriseFactory(region=tala, name=f"Usaha {number:02}", is_active=number < 27)
    factories.EnterpriseFactory(region=tala, name="Tahu")
    browser = client_of(officer)
    words = [browser.get(f"/ikm/?{query}").context["page"].words for query in ("is_active=1", "is_active=0", f"region={tala.pk}")]
    assert words == ["1–25 of more than 27", "3 rows", "1–25 of 31"]


@pytest.mark.django_db
def test_one_comes_back_to_the_same_place_of_the_list(tala: Region, officer: User, client_of) -> None:
    for number in range(30):
        factories.EnterpriseFactory(region=tala, name=f"Usaha {number:02}")
    browser = client_of(officer)
    second = browser.get("/ikm/?is_active=1").context["page"].next
    row = browser.get(second).context["object_list"][0]
    crumbs = dict(browser.get(row.get_absolute_url()).context["breadcrumb"])
    assert second in crumbs.values()
    assert browser.get("/ikm/baru/").context["cancel_url"] == second
    assert "/peserta/" in dict(browser.get("/peserta/baru/").context["breadcrumb"]).values()


@pytest.mark.django_db
def test_a_made_up_place_is_ignored(officer: User, client_of) -> None:
    browser = client_of(officer)
    browser.cookies["tempat"] = "trainings:enterprise_list?x=%22%3E<script>"
    assert "<script>" not in browser.get("/ikm/baru/").content.decode().partition("<main")[2]


# --- tallies


@action("trainings.add_enterprise")
def add_two_and_fail_once(model, *, by, region):
    actions.create_enterprise(Enterprise, by=by, region=region, name="Satu")
    with pytest.raises(Refusal):
        create_and_refuse(Enterprise, by=by, region=region)
    return actions.create_enterprise(Enterprise, by=by, region=region, name="Dua")


@action("trainings.add_enterprise")
def create_and_refuse(model, *, by, region):
    actions.create_enterprise(Enterprise, by=by, region=region, name="Tidak jadi")
    raise Refusal("no")


@pytest.mark.django_db
def test_a_tally_follows_what_is_made_moved_and_taken_back(tala: Region, banjar: Region, province: Region, staff: User) -> None:
    add_two_and_fail_once(Enterprise, by=staff, region=tala)
    moved = actions.create_enterprise(Enterprise, by=staff, region=tala, name="Pindah")
    actions.update_enterprise(moved, by=staff, region=banjar)
    assert [tallies.total(Enterprise, region.path) for region in (tala, banjar, province)] == [2, 1, 3]
    assert list(counts.tallies()) == []


@pytest.mark.django_db
def test_a_tally_that_is_wrong_is_told_and_put_right(tala: Region) -> None:
    factories.ParticipantFactory(region=tala)
    tallies.count(Participant, tala.path, by=3)
    assert list(counts.tallies()) == [f"trainings.participant in {tala.path}: the tally says 4, there are 1"]
    tallies.recount(Participant)
    assert list(counts.tallies()) == []
