"""A report made today about an earlier day says what it said then: targets and an office's own words are read back from the trail."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from distribution.reports.reconciliation import reconcile
from ikm_program.formatting import tanggal_layar
from production.actions.progress import record_progress
from production.actions.targets import allocate, create_target, update_target
from production.models import DistrictProgress, ProductTarget
from production.reports import allocation_report, progress_matrix, targets_report
from trainings.models import Programme, Region, User

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


def june(day: int, hour: int = 10) -> Any:
    """A moment of June 2020 in the office."""
    return time_machine.travel(dt.datetime(2020, 6, day, hour - 8, tzinfo=dt.UTC), tick=False)


def on(day: int) -> dt.date:
    return dt.date(2020, 6, day)


@pytest.fixture
def story(programme: Programme, hazmat: Any, staff: User, tala: Region, banjar: Region) -> ProductTarget:
    """Set on the 2nd, divided on the 4th, changed late on the 6th (and with it the division), divided by hand on the 8th."""
    with june(2):
        target = create_target(ProductTarget, by=staff, programme=programme, product=hazmat, total=900, basis="SK 1")
    with june(4):
        target = allocate(target, by=staff, version=target.version)
    with june(6, hour=23):
        target = update_target(
            target, by=staff, version=target.version, total=950, is_approximate=False, standing="ditetapkan", basis="SK 2"
        )
    with june(8):
        typed = {tala.pk: 600, banjar.pk: 350}
        return allocate(target, by=staff, version=target.version, weights="manual", quantities=typed)


def said(report: Any) -> tuple[list[Any], list[Any]]:
    return [row["quantity"] for row in report.rows], [row["quantity"] for row in report.totals]


def test_a_target_and_its_division_are_what_was_recorded_by_the_end_of_the_day(story: ProductTarget) -> None:
    assert [said(allocation_report(story, on(day))) for day in (1, 2, 3, 4, 5, 6, 7, 8, 9)] == [
        ([], [None, None]),
        ([], [None, 900]),
        ([], [None, 900]),
        ([450, 450], [900, 900]),
        ([450, 450], [900, 900]),
        ([475, 475], [950, 950]),
        ([475, 475], [950, 950]),
        ([600, 350], [950, 950]),
        ([600, 350], [950, 950]),
    ]
    assert said(allocation_report(story)) == said(allocation_report(story, on(9)))
    notes = [" ".join(str(note) for note in allocation_report(story, on(day)).notes) for day in (4, 6, 8)]
    assert ["SK 1" in notes[0], "Proposed" in notes[0], "SK 2" in notes[1], "Decided" in notes[1], "typed by hand" in notes[2]] == [
        True
    ] * 5
    story.refresh_from_db()
    assert (story.total, story.weights) == (950, "manual")  # nothing was written back


def test_the_sheet_of_all_targets_and_the_reconciliation_say_the_same(story: ProductTarget, programme: Programme, staff: User) -> None:
    key = f"product_{story.product_id}"
    before = targets_report(programme, staff, on(1))
    assert (list(before.rows), list(before.totals)) == ([], [])  # not thirteen districts with nothing beside them
    for day, parts, total in ((2, [None, None], 900), (5, [450, 450], 900), (7, [475, 475], 950), (9, [600, 350], 950)):
        sheet = targets_report(programme, staff, on(day))
        assert ([row[key] for row in sheet.rows], sheet.totals[1][key]) == (parts, total)
        whole = reconcile(staff, as_of=on(30), known_on=on(day), programmes=[programme])
        assert ([row["target"] for row in whole.rows], whole.totals[story.product.code]["target"]) == (parts, total)
    today = reconcile(staff, as_of=on(30), programmes=[programme])
    assert [row["target"] for row in today.rows] == [600, 350]


def test_the_word_of_a_district_is_the_one_of_that_day(
    programme: Programme, hazmat: Any, staff: User, officer: User, tala: Region, banjar: Region
) -> None:
    common = {"programme": programme, "product": hazmat}
    with june(3):
        record_progress(DistrictProgress, by=officer, region=tala, status="berjalan", **common)
    with june(5):
        record_progress(DistrictProgress, by=officer, region=tala, status="selesai", **common)
        record_progress(DistrictProgress, by=staff, region=banjar, status="berjalan", **common)

    def words(day: int | None) -> list[str]:
        matrix = progress_matrix(programme, staff, timezone.localdate() if day is None else on(day))
        return [cells[0].progress.status for _region, cells in matrix.rows]

    assert [words(day) for day in (2, 3, 4, 5, None)] == [
        ["belum", "belum"],
        ["berjalan", "belum"],
        ["berjalan", "belum"],
        ["selesai", "berjalan"],
        ["selesai", "berjalan"],
    ]


def test_the_pages_ask_for_the_day_and_offer_no_button_on_an_earlier_one(
    story: ProductTarget, programme: Programme, officer: User, tala: Region, client_of: Any
) -> None:
    browser = client_of(officer)
    address = reverse("production:progress_report")
    edit = reverse("production:progress_update", args=[programme.pk, story.product_id, tala.pk])
    pages = [browser.get(address, query).content.decode() for query in ({}, {"diketahui": "2020-06-05"})]
    assert [edit in page for page in pages] == [True, False]
    changed = browser.get(reverse("production:target_report"), {"diketahui": "2020-06-09", "sejak": "2020-06-05", "format": "json"}).json()
    assert [(row["before"], row["after"]) for row in changed["rows"] if row["district"] == tala.name] == [(450, 600)]


def test_an_earlier_sheet_says_that_it_is_one_and_beside_today_both_days_stand_over_the_figures(
    story: ProductTarget, programme: Programme, staff: User, client_of: Any
) -> None:
    browser = client_of(staff)
    addresses = [reverse(f"production:{name}") for name in ("target_report", "progress_report")]
    addresses += [reverse("production:allocation_report", args=[story.pk]), reverse("trainings:freshness_report")]
    for address in addresses:
        pages = [browser.get(address, query).content.decode() for query in ({}, {"diketahui": "2020-06-05"})]
        assert ["As it was recorded by the end of" in page for page in pages] == [False, True], address
    beside = browser.get(addresses[0], {"sejak": "2020-06-05"}).context["report"]
    labels = [str(column.label) for column in beside.columns if column.key in ("before", "after")]
    assert labels == [tanggal_layar(on(5)), tanggal_layar(timezone.localdate())]
    assert "The earlier sheet counts what was known on its day." in beside.notes
