"""Every figure opens its records, and the records add up to the figure."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.cache import cache
from django.utils import timezone

from distribution.actions.cancellations import approve_cancellation, request_cancellation
from distribution.actions.handovers import issue_handover
from distribution.actions.receipts import Outcome, acknowledge_handover
from distribution.models import Handover
from distribution.reports.breakdown import EXPLAINED, Question, parts_of
from distribution.reports.reconciliation import reconcile
from ikm_program.dashboard.records import WORDS
from production.models import ProductTarget
from tests.figures.conftest import JUNE_22, row_of
from trainings.models import Programme

pytestmark = pytest.mark.django_db

ACCOUNTS = ("staf.kalsel", "petugas.tala", "petugas.hst")


def differences(user, day, known_on=None):
    """Cells and totals whose records add up to something else."""
    result = reconcile(user, as_of=day, known_on=known_on, programmes=Programme.objects.for_user(user))
    asked = [(row.programme, row.product, row.region, row.figures) for row in result.rows]
    if not user.region.is_district:
        products = {(row.programme, row.product) for row in result.rows}
        asked += [(programme, product, None, result.totals[product.code]) for programme, product in products]
    wrong = []
    for programme, product, region, figures in asked:
        for name in EXPLAINED:
            found = sum(part.quantity for part in parts_of(Question(name, programme, product, region, day, known_on), user))
            if found != (figures[name] or 0):
                wrong.append((product.code, region, name, figures[name], found))
    return wrong


@pytest.mark.parametrize("day", [JUNE_22, dt.date(2020, 6, 15), None])
@pytest.mark.parametrize("account", ACCOUNTS)
def test_the_records_behind_every_cell_add_up_to_it(person, account, day):
    assert differences(person(account), day or timezone.localdate()) == []


def test_known_on_a_day_has_its_records_too(person):
    assert differences(person("staf.kalsel"), JUNE_22, known_on=JUNE_22) == []


@pytest.fixture
def partly_lost(person):
    """Of the practice draft: 45 arrived, 3 came back, 2 were written off, and then the paper was cancelled."""
    officer, official = person("petugas.tala"), person("pejabat.tala")
    draft = Handover.objects.get(status="draf", store__region=officer.region)
    issued = issue_handover(draft, by=official, version=draft.version)
    line = issued.lines.get()
    outcome = Outcome(line.quantity - 5, returned=3, written_off=2)
    facts = {"receiver_name": "CONTOH", "received_on": draft.handed_over_on, "shortfall_reason": "CONTOH", "no_evidence_reason": "CONTOH"}
    acknowledge_handover(issued, by=official, version=issued.version, outcomes={line.pk: outcome}, **facts)
    return issued


def test_a_write_off_on_a_cancelled_document_stays_in_its_cell(person, partly_lost):
    officer, official, today = person("petugas.tala"), person("pejabat.tala"), timezone.localdate()
    assert differences(person("staf.kalsel"), today) == []
    request = request_cancellation(partly_lost, by=officer, version=partly_lost.version, reason="CONTOH")
    approve_cancellation(request, by=official, version=request.version)
    assert differences(person("staf.kalsel"), today) == []
    line = partly_lost.lines.get()
    question = Question("written_off", partly_lost.programme, line.product, officer.region, today)
    assert [(part.record, part.quantity) for part in parts_of(question, person("staf.kalsel"))] == [(partly_lost, 2)]


def test_a_cell_leads_to_its_own_records_of_that_day(browser):
    client = browser("staf.kalsel")
    report = client.get("/laporan/rekonsiliasi/?per=2020-06-22").context["report"]
    tala = next(row for row in report.table() if [cell.text for cell in row[:2]] == ["Hazmat", "Tala"])
    links = {cell.column.key: cell.link for cell in tala}
    assert len({links[name] for name in EXPLAINED}) == len(EXPLAINED)  # Diserahkan is not Diterima, Dihapuskan is not Kembali
    assert links["target"] == ProductTarget.objects.get(product__code="hazmat").get_absolute_url()
    page = client.get(links["handed_over"]).context["report"]
    assert [row["quantity"] for row in page.rows] == [50]
    assert page.as_of == JUNE_22
    assert page.rows[0]["url"].startswith("/serah-terima/")
    totals = next(report.totals_table())
    assert "wilayah" not in next(cell.link for cell in totals if cell.column.key == "handed_over")


def test_a_map_or_product_figure_opens_the_same_page(browser):
    page = browser("staf.kalsel").get("/?per=2020-06-22").content.decode()
    assert "/laporan/rekonsiliasi/rincian/?angka=diserahkan&amp;" in page
    assert "per=2020-06-22" in page


def test_a_district_reads_nothing_of_another(browser, june):
    cell = row_of(june, "hazmat", "63.02")
    asked = {"angka": WORDS["reported"], "program": cell.programme.pk, "produk": cell.product.pk, "per": "2020-06-22"}
    page = browser("petugas.tala").get("/laporan/rekonsiliasi/rincian/", asked)
    assert [row["quantity"] for row in page.context["report"].rows] == [100]
    assert browser("petugas.tala").get("/laporan/rekonsiliasi/rincian/", asked | {"wilayah": cell.region.pk}).status_code in (200, 422)
    assert (
        "Kotabaru"
        not in browser("petugas.tala").get("/laporan/rekonsiliasi/rincian/", asked | {"wilayah": cell.region.pk}).content.decode()
    )


def test_the_records_cost_the_same_for_one_and_for_many(browser, june, django_assert_num_queries):
    cell = row_of(june, "hazmat", "63.01")
    asked = {"program": cell.programme.pk, "produk": cell.product.pk, "per": "2020-06-22"}
    client = browser("staf.kalsel")
    for word, queries in (("dilaporkan", 14), ("diserahkan", 14), ("persediaan", 13)):
        for where in ({"wilayah": cell.region.pk}, {}):
            cache.clear()  # a page at its dearest
            with django_assert_num_queries(queries + len(where)):  # the district itself is one more
                client.get("/laporan/rekonsiliasi/rincian/", asked | {"angka": word} | where)
