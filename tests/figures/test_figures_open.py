"""On every report each figure opens its records, also for whoever only reads; the records add up to it, on whichever day."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from ikm_program.reporting import Cell, Report
from tests.figures.conftest import JUNE_22
from trainings.models import Programme, Region

pytestmark = pytest.mark.django_db

REPORTS = (
    "/laporan/rekapitulasi/",
    "/laporan/serah-terima-per-penerima/",
    "/laporan/penerima-akhir/",
    "/pembayaran/harus-dibayar/",
    "/laporan/realisasi-pembayaran/",
    "/laporan/ikm-terdampak/",
    "/bahan/rekening/",
    "/bahan/rekening/?per=angkatan",
    "/bahan/rekening/?per=wilayah",
    "/bahan/rekening/?per=program",
    "/laporan/perubahan/?dari=2020-05-15",
    "/laporan/perubahan/?dari=2020-06-15&per=2020-06-22&dicetak=2020-06-16",
)
NO_FIGURES = {"number", "batch"}  # of a row, of a batch


def figures_of(report: Report) -> Iterator[Cell]:
    """Every number that says something; a share is told by the two figures beside it."""
    for row in [*report.table(), *report.totals_table()]:
        yield from (cell for cell in row if cell.column.is_numeric and cell.column.kind != "percent" and cell.value)


def said_by(client: Client, link: str) -> Any:
    """The sum of the records, or how many the list says it has. A target has its own page, and a maker's account says its difference."""
    page = client.get(link)
    assert page.status_code == 200, link
    if link.startswith("/target/") or re.fullmatch(r"/bahan/rekening/\d+/\d+/\d+/", link):
        return None
    if report := page.context.get("report"):
        assert report.totals_table(), link
        return sum(row["quantity"] for row in report.rows)
    return int(re.findall(r"[0-9.]+", str(page.context["page"].words))[-1].replace(".", ""))


def followed(client: Client, address: str) -> tuple[int, list[Any]]:
    """How many figures were followed, and those that lead nowhere or to something else."""
    report = client.get(address).context["report"]
    count, wrong, known = 0, [], {}
    for cell in figures_of(report):
        if cell.column.key in NO_FIGURES:
            continue
        count += 1
        said = known[cell.link] = known.get(cell.link) or (said_by(client, cell.link) if cell.link else "no link")
        if said is not None and said != cell.value:
            wrong.append((cell.column.key, cell.value, said, cell.link))
    return count, wrong


@pytest.mark.parametrize("address", REPORTS)
def test_every_figure_opens_records_that_add_up_to_it(browser: Any, address: str) -> None:
    count, wrong = followed(browser("pengawas.kalsel"), address)
    assert wrong == []
    assert count > 3


@pytest.mark.parametrize("address", ["/laporan/rekapitulasi/", "/laporan/serah-terima-per-penerima/", "/laporan/penerima-akhir/"])
def test_of_an_earlier_day_and_of_one_district_too(browser: Any, address: str) -> None:
    tala = Region.objects.get(kemendagri_code="63.01")
    for asked in (f"?per={JUNE_22}&wilayah={tala.pk}", f"?per={JUNE_22}&dari=2020-06-18"):
        assert followed(browser("pengawas.kalsel"), address + asked)[1] == []
    assert followed(browser("petugas.tala"), address)[1] == []


def test_money_of_an_earlier_day_opens_the_records_of_that_day(browser: Any) -> None:
    """On the 15th the list of Kotabaru is locked, on the 16th it is paid and the quota still open."""
    programme = Programme.objects.get(code="apd-pangan-2020")
    for day in ("2020-06-14", "2020-06-15", "2020-06-16"):
        for address in ("/pembayaran/harus-dibayar/", "/laporan/realisasi-pembayaran/"):
            assert followed(browser("bendahara.kalsel"), f"{address}?program={programme.pk}&per={day}")[1] == []


def test_open_money_is_days_and_quotas_and_leads_to_the_list_that_pays_them(browser: Any) -> None:
    report = browser("staf.kalsel").get("/pembayaran/harus-dibayar/?per=2020-06-14").context["report"]
    link = next(cell.link for cell in figures_of(report) if cell.column.key == "money_open" and cell.value == 3_750_000)
    page = browser("staf.kalsel").get(link)
    assert sorted({row["quantity"] for row in page.context["report"].rows})[0] == 50_000  # the quota of each of seven
    ways = [link.href().split("/")[-2] for link in page.context["links"] if "/angkatan/" in link.href()]
    assert ways == ["uang_harian", "kuota"]
    assert [link for link in browser("pengawas.kalsel").get(link).context["links"] if "angkatan" in link.href()] == []


def test_records_of_another_district_are_not_opened(browser: Any) -> None:
    report = browser("staf.kalsel").get("/pembayaran/harus-dibayar/").context["report"]
    foreign = next(cell.link for row in report.table() if "Kotabaru" in str(row[2].text) for cell in row if cell.column.key == "present")
    seen = [browser(name).get(foreign).context["report"] for name in ("staf.kalsel", "petugas.tala")]
    assert [bool(report and report.rows) for report in seen] == [True, False]


def test_the_pages_of_records_say_what_to_do_when_nothing_is_asked(browser: Any) -> None:
    for address in (*(f"{one}rincian/" for one in REPORTS[1:7]), "/laporan/rekapitulasi/peserta/", "/laporan/rekonsiliasi/rincian/"):
        page = browser("pengawas.kalsel").get(address)
        assert (page.status_code, list(page.context["report"].rows)) == (200, []), address
