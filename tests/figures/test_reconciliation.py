from __future__ import annotations

import csv
import datetime as dt
import io
import json
import re

import pytest
from django.core.management import CommandError, call_command
from openpyxl import load_workbook
from pypdf import PdfReader

from distribution.reports.reconciliation import reconcile
from ikm_program.actions import Refusal
from ikm_program.formatting import persen
from production.models import Account, OutputEntry, PublishedFigure, ReportMovement, StockMovement
from production.plausibility import Code, flags_of
from tests.figures.conftest import JUNE_22, row_of
from tests.paper_text import text_of
from trainings import registers
from trainings.actions.programmes import update_programme
from trainings.models import IssuedDocument, Programme, Region
from trainings.reports.register import register_row

pytestmark = pytest.mark.django_db

URL = "/laporan/rekonsiliasi"
ON_THE_DAY = "?per=2020-06-22"


def body_of(response):
    return b"".join(response.streaming_content) if response.streaming else response.content


def picked(row, *names):
    return {name: row[name] for name in names}


# --- what the sources say


def test_tala_made_a_hundred_gave_fifty_and_sent_fifty_for_evaluation(june):
    tala = row_of(june, "hazmat", "63.01")
    assert picked(tala, "target", "verified", "handed_over", "in_evaluation", "stock") == {
        "target": 74, "verified": 100, "handed_over": 50, "in_evaluation": 50, "stock": 0,
    }  # fmt: skip
    assert persen(tala["verified"], tala["target"]) == "135,14%"


def test_on_22_june_363_of_950_suits_from_five_districts(june):
    assert picked(june.totals["hazmat"], "target", "verified", "handed_over", "in_evaluation", "stock") == {
        "target": 950, "verified": 363, "handed_over": 313, "in_evaluation": 50, "stock": 0,
    }  # fmt: skip
    assert persen(363, 950) == "38,21%"
    reported = [row.region.short_name for row in june.rows if row.product.code == "hazmat" and row.has_reported]
    assert reported == ["Tala", "Kotabaru", "Kab. Banjar", "Batola", "Tapin"]


def test_eight_districts_have_not_reported_and_that_is_not_zero(june):
    silent = [row for row in june.rows if row.product.code == "hazmat" and not row.has_reported]
    assert len(silent) == 8
    assert {(row["target"], row["reported"], row["stock"]) for row in silent} == {(73, None, None)}


def test_hulu_sungai_utara_handed_over_500_masks_that_nobody_has_acknowledged(june):
    masks = row_of(june, "masker", "63.08")
    assert picked(masks, "verified", "handed_over", "acknowledged", "awaiting") == {
        "verified": 500, "handed_over": 500, "acknowledged": 0, "awaiting": 500,
    }  # fmt: skip


def test_published_figures_are_never_counted(june):
    assert PublishedFigure.objects.filter(product__code="herbal", quantity=3597).exists()
    assert picked(june.totals["herbal"], "target", "reported", "verified") == {"target": 3600, "reported": None, "verified": None}


def test_a_target_that_nobody_set_is_unknown(june):
    assert june.totals["face_shield"]["target"] is None


def test_a_report_older_than_its_programme_is_on_the_sheet_all_the_same(june):
    """The action refuses such a start; a row changed by hand takes nothing off the sheet."""
    Programme.objects.filter(code="apd-pangan-2020").update(starts_on="2020-07-01")
    later = reconcile(as_of=JUNE_22)
    assert later.totals["hazmat"]["verified"] == june.totals["hazmat"]["verified"] == 363
    assert row_of(later, "hazmat", "63.01")["handed_over"] == 50


def test_a_movement_of_a_district_that_does_not_take_part_adds_a_row(lifted):
    entry = ReportMovement.objects.filter(product__code="masker", verified__gt=0).get().entry
    province = Region.objects.get(kemendagri_code="63")
    ReportMovement.objects.filter(entry=entry).update(region=province)
    sheet = reconcile(as_of=JUNE_22)
    assert row_of(sheet, "masker", "63")["verified"] == 500
    assert not sheet.is_balanced


def test_a_programme_does_not_begin_after_its_first_report_nor_end_before_its_last(person):
    programme, admin = Programme.objects.get(code="apd-pangan-2020"), person("admin.kalsel")
    for name, day in (("starts_on", dt.date(2020, 5, 21)), ("ends_on", dt.date(2020, 6, 14))):
        with pytest.raises(Refusal) as refused:
            update_programme(programme, by=admin, version=programme.version, **{name: day})
        assert refused.value.field == name
    update_programme(programme, by=admin, version=programme.version, starts_on=dt.date(2020, 5, 20), ends_on=dt.date(2020, 6, 15))


def test_every_flag_of_plausibility_can_be_practised():
    waiting = OutputEntry.objects.waiting().filter(batch__activity__programme__code="latihan").with_names()
    shown = {flag.code for flags in flags_of(list(waiting)).values() for flag in flags}
    assert shown == set(Code)


def test_the_slip_of_batola_is_counted_once(june):
    assert picked(row_of(june, "hazmat", "63.04"), "verified", "handed_over", "stock") == {"verified": 65, "handed_over": 65, "stock": 0}


def test_the_register_shows_the_cancelled_paper_and_the_next_number(demo):
    bast = IssuedDocument.objects.filter(office__region__kemendagri_code="63.04", kind="bast").order_by("sequence")
    assert [(paper.sequence, paper.handover.status) for paper in bast] == [(1, "dibatalkan"), (2, "diterima")]
    wrong, right = (register_row(paper) for paper in bast)
    assert "56 set" in wrong["matter"]
    assert "65 set" in right["matter"]
    assert right["number"] in wrong["remark"]
    assert registers.next_number(bast[0].office, "bast", JUNE_22).split("/")[1] == "003"


# --- two times


@pytest.mark.parametrize(
    ("day", "figures"),
    [
        (dt.date(2020, 6, 11), (None, None, None, None)),
        (dt.date(2020, 6, 12), (100, 100, 0, 0)),
        (dt.date(2020, 6, 14), (100, 0, 100, 100)),
        (dt.date(2020, 6, 15), (100, 0, 100, 0)),
    ],
)
def test_as_of_a_day_means_what_had_happened_by_then(day, figures):
    tala = row_of(reconcile(as_of=day), "hazmat", "63.01")
    assert tuple(tala[name] for name in ("reported", "pending", "verified", "stock")) == figures


def test_in_june_nobody_knew_what_was_recorded_later():
    known = reconcile(as_of=JUNE_22, known_on=JUNE_22)
    assert [row for row in known.rows if row.has_reported] == []


def test_what_is_known_today_is_everything(june):
    today = dt.datetime.now(tz=dt.UTC).date() + dt.timedelta(days=1)
    assert reconcile(as_of=JUNE_22, known_on=today).totals == june.totals


def test_it_balances_on_every_day_of_the_programme():
    days = [dt.date(2020, 5, 15) + dt.timedelta(days=number) for number in range(0, 45, 2)]
    assert [problem for day in days for problem in reconcile(as_of=day).problems] == []
    assert reconcile().is_balanced


def test_a_lost_piece_is_named(lifted, in_english):
    stolen = StockMovement.objects.filter(lot__region__kemendagri_code="63.02", account=Account.ACKNOWLEDGED).first()
    StockMovement.objects.filter(pk=stolen.pk).update(quantity=stolen.quantity - 3)
    assert reconcile(as_of=JUNE_22).problems == ["Pakaian hazmat Kabupaten Kotabaru: Verified differs from its parts by 3."]


# --- one function, many forms


def test_the_address_and_the_command_print_the_same(browser, capsys):
    call_command("reconciliation", "--as-of", "2020-06-22", "--format", "json")
    printed = json.loads(capsys.readouterr().out)
    assert json.loads(browser("pengawas.kalsel").get(f"{URL}.json{ON_THE_DAY}").content) == printed
    assert sorted(printed) == ["as_of", "balanced", "rows", "totals"]
    assert printed["totals"]["hazmat"]["verified"] == 363


def test_the_command_fails_when_the_books_do_not_balance(lifted, capsys):
    StockMovement.objects.filter(account=Account.EVALUATION).delete()
    with pytest.raises(CommandError, match="hazmat"):
        call_command("reconciliation", "--as-of", "2020-06-22")


def test_csv_xlsx_and_pdf_carry_the_same_figures(browser):
    client = browser("pengawas.kalsel")
    rows = list(csv.reader(io.StringIO(body_of(client.get(f"{URL}.csv{ON_THE_DAY}")).decode("utf-8-sig")), delimiter=";"))
    tala = next(row for row in rows if row[:2] == ["Hazmat", "Tala"])
    assert tala[2:7] == ["74", "100", "0", "0", "100"]
    sheet = load_workbook(io.BytesIO(body_of(client.get(f"{URL}.xlsx{ON_THE_DAY}")))).active
    values = next(row for row in sheet.iter_rows(values_only=True) if row[:2] == ("Hazmat", "Tala"))
    assert values[2:7] == (74, 100, 0, 0, 100)
    pdf = body_of(client.get(f"{URL}.pdf{ON_THE_DAY}"))
    assert "135,14%" in text_of(pdf)
    width, height = PdfReader(io.BytesIO(pdf)).pages[0].mediabox[2:]
    assert width > height


def test_files_say_of_a_share_what_page_and_paper_say(browser):
    """A district with a target that has not reported is not one without a target."""
    client = browser("pengawas.kalsel")
    report = client.get(f"{URL}/{ON_THE_DAY}").context["report"]
    silent = [cells for cells in (*report.table(), *report.totals_table()) if cells[3].is_unknown]
    assert {cells[2].is_unknown for cells in silent} == {True, False}  # with and without a target
    assert {cell.text for cells in silent for cell in cells[3:]} == {"not reported"}
    lines = list(csv.reader(io.StringIO(body_of(client.get(f"{URL}.csv{ON_THE_DAY}")).decode("utf-8-sig")), delimiter=";"))
    assert {line[-1] for line in lines if line[3] == "not reported"} == {"not reported"}
    assert "no target" in {line[-1] for line in lines} or all(line[2] != "not set" for line in lines if line[3] != "not reported")
    sheet = load_workbook(io.BytesIO(body_of(client.get(f"{URL}.xlsx{ON_THE_DAY}")))).active
    assert {row[15] for row in sheet.iter_rows(values_only=True) if row[3] == "not reported"} == {"not reported"}


def test_every_cell_opens_a_page(browser):
    client = browser("staf.kalsel")
    page = client.get(f"{URL}/{ON_THE_DAY}")
    report = page.context["report"]
    links = {cell.link for row in [*report.table(), *report.totals_table()] for cell in row if cell.link}
    assert len(links) > 50
    kinds = {re.sub(r"[0-9]+", "1", link): link for link in sorted(links)}
    assert {link.split("?")[0] for link in kinds} == {"/laporan/rekonsiliasi/rincian/", "/target/1/"}
    assert {client.get(link).status_code for link in kinds.values()} == {200}


def test_a_verified_figure_opens_the_reports_it_was_summed_from(browser):
    client = browser("staf.kalsel")
    report = client.get(f"{URL}/{ON_THE_DAY}").context["report"]
    tala = next(row for row in report.table() if [cell.text for cell in row[:2]] == ["Hazmat", "Tala"])
    link = next(cell.link for cell in tala if cell.column.key == "verified")
    assert [row["quantity"] for row in client.get(link).context["report"].rows] == [100]


def test_the_sheet_can_be_narrowed_to_a_product_or_a_district(browser):
    client = browser("staf.kalsel")
    whole = client.get(f"{URL}/{ON_THE_DAY}").context["result"]
    tala, hazmat = row_of(whole, "hazmat", "63.01").region, row_of(whole, "hazmat", "63.01").product
    of_product = client.get(f"{URL}/{ON_THE_DAY}&produk={hazmat.pk}").context["result"]
    assert {row.product for row in of_product.rows} == {hazmat}
    of_district = client.get(f"{URL}/{ON_THE_DAY}&wilayah={tala.pk}").context["result"]
    assert {row.region for row in of_district.rows} == {tala}
    assert of_district.totals["hazmat"]["target"] == 74


def test_it_says_that_it_balances(browser):
    assert "Balanced." in browser("pengawas.kalsel").get(f"{URL}/{ON_THE_DAY}").content.decode()


def test_it_says_what_does_not_balance(browser, lifted):
    StockMovement.objects.filter(account=Account.EVALUATION).delete()
    page = browser("pengawas.kalsel").get(f"{URL}/{ON_THE_DAY}").content.decode()
    assert "Tanah Laut: Verified differs from its parts by 50." in page


# --- where


@pytest.mark.parametrize("ending", ["/", ".json", ".csv", ".xlsx"])
def test_a_district_sees_its_own_rows_only(browser, ending):
    body = body_of(browser("petugas.tala").get(f"{URL}{ending}{ON_THE_DAY}"))
    if ending == ".xlsx":
        body = repr(list(load_workbook(io.BytesIO(body)).active.iter_rows(values_only=True))).encode()
    assert b"Tala" in body or b"63.01" in body
    assert [other for other in (b"Kotabaru", b"63.02", b"Batola", b"63.04") if other in body] == []


def test_the_total_of_a_district_stands_beside_its_own_target(browser):
    result = browser("petugas.tala").get(f"{URL}/{ON_THE_DAY}").context["result"]
    assert picked(result.totals["hazmat"], "target", "verified") == {"target": 74, "verified": 100}


def test_another_districts_key_narrows_to_nothing(browser, june):
    kotabaru = row_of(june, "hazmat", "63.02").region
    assert browser("petugas.tala").get(f"{URL}/{ON_THE_DAY}&wilayah={kotabaru.pk}").context["result"].rows == []


def test_an_instructor_does_not_see_it(browser):
    assert browser("instruktur.tala").get(f"{URL}/").status_code == 403


def test_the_page_costs_the_same_for_one_district_and_for_thirteen(browser, django_assert_num_queries):
    for account, queries in (("petugas.tala", 15), ("pengawas.kalsel", 15)):
        client = browser(account)
        with django_assert_num_queries(queries):
            client.get(f"{URL}/{ON_THE_DAY}")
