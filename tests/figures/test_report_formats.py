"""Every report of the house says the same as page, JSON, CSV, Excel and PDF, and can say what changed since an earlier day."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import re
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from ikm_program.comparing import compare
from ikm_program.dashboard.reports import listed_reports
from ikm_program.reporting import Column, Report, Row, display, to_csv, to_json, unknown_of, value_of
from ikm_program.views import ReportScreen
from ikm_program.xlsx import CSV_DELIMITER
from production.models import MaterialBalance, ProductTarget, StockBalance
from tests.paper_text import text_of
from trainings.models import Programme

pytestmark = pytest.mark.django_db

EARLIER, LATER = "2020-06-22", "2020-08-31"
OWN_PAGE = {"production:progress_report", "reconciliation"}  # words with a button each; what is not reported is said once a row
OWN_JSON = {"reconciliation"}  # the agreed form that the command prints, too: tests/figures/test_reconciliation.py
OWN_PDF = {"distribution:photo_report"}  # pictures, six a page: tests/figures/test_reports.py


class Cells(HTMLParser):
    """The cells of the table of a page, row by row, as they are read."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self.is_in = False

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        if tag == "tr":
            self.rows.append([])
        elif tag == "td":
            self.rows[-1].append("")
            self.is_in = True

    def handle_endtag(self, tag: str) -> None:
        self.is_in = self.is_in and tag != "td"

    def handle_data(self, data: str) -> None:
        if self.is_in:
            self.rows[-1][-1] += data


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text).replace("\u00ad", "")


def body_of(response: Any) -> bytes:
    assert response.status_code == 200, response.status_code
    return b"".join(response.streaming_content) if response.streaming else response.content


def opened(browser: Any, url: str) -> tuple[Client, Report, bytes]:
    """The person who sees most on it, and the report as the page has it."""
    found = []
    for who in ("admin.kalsel", "staf.kalsel", "staf.ntt"):
        client = browser(who)
        client.cookies["django_language"] = "id"  # as paper is
        page = client.get(url)
        if page.status_code == 200:
            found.append((client, page.context["report"], page.content))
    return max(found, key=lambda one: len(one[1].rows))


def one_day(url: str, screen: type[ReportScreen], day: str) -> str:
    return f"{url}{'&' if '?' in url else '?'}{screen.as_of_field}={day}" if screen.as_of_field else url


def addresses() -> list[tuple[str, type[ReportScreen], str]]:
    """Every report that needs no record, and each of those that have an as-of date on two days."""
    return [
        (report.url_name, report.screen, day)
        for report in listed_reports()
        for day in ((EARLIER, LATER) if report.screen.as_of_field else (LATER,))
    ]


def of_a_record() -> dict[str, str]:
    """One address of each report that is about a record."""
    stock = StockBalance.objects.select_related("lot").order_by("pk")[0]
    material = MaterialBalance.objects.order_by("-pk")[0]
    return {
        "production:stock_card": reverse("production:stock_card", kwargs={"store": stock.store_id, "product": stock.lot.product_id}),
        "production:allocation_report": reverse(
            "production:allocation_report", kwargs={"pk": ProductTarget.objects.exclude(total=None).order_by("pk")[0].pk}
        ),
        "production:material_card": reverse(
            "production:material_card",
            kwargs={"programme": material.programme_id, "material": material.material_id, "holder": material.holder_id},
        ),
    }


def normal(value: Any) -> Any:
    """As a person reads it: a number whatever its type, a day without its hour, words without the places where lines break."""
    if value is None or value == "":
        return ""
    if isinstance(value, int | float | Decimal):
        return round(float(value), 6)
    if isinstance(value, dt.date):
        return value.isoformat()[:10]
    return _number(squeezed(str(value)))


def filed(row: Row, column: Column) -> Any:
    """A cell as files have it: what is not known says so, what a row does not have is empty."""
    value = value_of(row, column)
    if value is not None:
        return normal(value)
    return normal(unknown_of(row, column)) if column.share_of or column.key in row else ""


def says_the_same(name: str, url: str, client: Client, report: Report, page: bytes) -> None:
    def file(kind: str) -> bytes:
        return body_of(client.get(f"{url}{'&' if '?' in url else '?'}format={kind}"))

    parts = [*report.rows, *report.totals]
    if name not in OWN_PAGE:
        parser = Cells()
        parser.feed(page.decode())
        on_page = [[squeezed(cell) for cell in row] for row in parser.rows]
        words = [[squeezed(display(row, column)) for column in report.columns] for row in parts]
        assert [row for row in words if row not in on_page] == [], f"{name}: page"

    if name not in OWN_JSON:
        said, wanted = json.loads(file("json")), json.loads(to_json(report))
        assert (said["rows"], said["totals"]) == (wanted["rows"], wanted["totals"]), f"{name}: JSON"

    cells = [[filed(row, column) for column in report.columns] for row in parts]
    width = len(report.columns)
    sheet = [[normal(value) for value in row] for row in load_workbook(io.BytesIO(file("xlsx")), read_only=True).worksheets[0].values]
    in_book = [(row + [""] * width)[:width] for row in sheet]
    assert [row for row in cells if row not in in_book] == [], f"{name}: Excel"

    lines = list(csv.reader(io.StringIO(file("csv").decode("utf-8-sig")), delimiter=CSV_DELIMITER))[1:]
    told = [at for at, column in enumerate(report.columns) if column.kind in ("text", "integer", "money")]
    in_csv = [[normal(line[at]) for at in told] for line in lines]
    assert in_csv == [[row[at] for at in told] for row in cells], f"{name}: CSV"

    if name not in OWN_PDF:
        paper = squeezed(text_of(file("pdf")))
        known = {display(row, column) for row in parts for column in report.columns if value_of(row, column) not in (None, "")}
        assert [word for word in sorted(known) if squeezed(word) not in paper] == [], f"{name}: PDF"


def _number(text: str) -> Any:
    text = text.removeprefix("'")  # what keeps a spreadsheet from computing it
    return float(text) if re.fullmatch(r"-?\d{1,15}", text) else text


@pytest.mark.parametrize(("name", "screen", "day"), addresses())
def test_a_report_says_the_same_in_every_format(browser: Any, name: str, screen: type[ReportScreen], day: str) -> None:
    url = f"{reverse(name)}{asked_of(name)}"
    says_the_same(name, url := one_day(url, screen, day), *opened(browser, url))


@pytest.mark.parametrize("name", ["production:stock_card", "production:allocation_report", "production:material_card"])
def test_a_report_of_a_record_too(browser: Any, name: str) -> None:
    url = of_a_record()[name]
    says_the_same(name, url, *opened(browser, url))


def asked_of(name: str) -> str:
    """What a report must be asked before it has rows."""
    if name == "production:count_sheet":
        return f"?gudang={StockBalance.objects.order_by('pk')[0].store_id}&buku=on"
    return {
        "distribution:changes_report": f"?dari={EARLIER}&per={LATER}",
        "trainings:visit_schedule": "?dari=2020-01-01&sampai=2020-12-31",
    }.get(name, "")


def test_every_report_offers_every_format(browser: Any) -> None:
    assert {report.url_name: report.screen.formats for report in listed_reports() if len(report.screen.formats) != 5} == {}


def test_no_screen_serves_a_report_by_another_way() -> None:
    """What answers with a Report is a ReportScreen: nothing else calls what makes its files."""
    makers = re.compile(r"reporting\.to_(json|csv|xlsx|pdf)|render_report\(")
    served = {
        str(path.relative_to(settings.BASE_DIR))
        for app in ("ikm_program", "trainings", "production", "distribution")
        for path in (Path(settings.BASE_DIR) / app).rglob("*.py")
        if makers.search(path.read_text())
    }
    makes_them = {"ikm_program/report_screens.py", "ikm_program/reporting.py", "ikm_program/pdf.py"}
    command, payment_lists = "ikm_program/management/commands/reconciliation.py", "trainings/views/payment_files.py"  # whole NIKs: by POST
    assert served == makes_them | {command, payment_lists}


# --- what changed since an earlier sheet ---


@pytest.mark.parametrize("name", [report.url_name for report in listed_reports() if report.screen.as_of_field])
def test_what_changed_is_the_difference_of_two_sheets(browser: Any, name: str) -> None:
    screen = next(report.screen for report in listed_reports() if report.url_name == name)
    url = one_day(reverse(name), screen, LATER)
    client, later, _page = opened(browser, url)
    earlier = client.get(one_day(reverse(name), screen, EARLIER)).context["report"]
    wanted = compare(earlier, later)
    page = client.get(f"{url}&sejak={EARLIER}")
    report = page.context["report"]
    if name != "reconciliation":  # its earlier sheet is the one of that day, with what was known then
        assert [list(map(str, row.values())) for row in report.rows] == [list(map(str, row.values())) for row in wanted.rows]
    if report.rows:
        says_the_same(f"{name} compared", f"{url}&sejak={EARLIER}", client, report, page.content)
    assert f'value="{EARLIER}"' in page.content.decode()
    same = client.get(f"{url}&sejak={LATER}").context["report"]
    assert same.rows == [] or name == "reconciliation"


def test_the_recapitulation_of_june_and_august_differ_by_what_was_recorded_between(browser: Any) -> None:
    programme = Programme.objects.get(code="apd-pangan-2020")
    url = f"/laporan/rekapitulasi/?program={programme.pk}&per={LATER}"
    client = browser("staf.kalsel")
    whole = {row["district"]: row for row in client.get(url).context["report"].rows}
    before = {row["district"]: row for row in client.get(url.replace(LATER, EARLIER)).context["report"].rows}
    assert (whole == {}, before == {}) == (False, False)
    for row in client.get(f"{url}&sejak={EARLIER}").context["report"].rows:
        if isinstance(row["before"], int) and isinstance(row["after"], int):
            assert row["difference"] == row["after"] - row["before"]


def test_a_day_that_does_not_exist_is_said_at_its_field(browser: Any) -> None:
    answer = browser("staf.kalsel").get("/laporan/rekapitulasi/?sejak=32-13-2020")
    assert (answer.status_code, "field-error" in answer.content.decode()) == (422, True)


@pytest.mark.parametrize("report", listed_reports(), ids=lambda report: report.url_name)
def test_a_day_that_has_not_come_is_refused_at_its_field(browser: Any, report: Any) -> None:
    """In every format, with what was typed; the picker offers no such day."""
    screen, url, client = report.screen, reverse(report.url_name), browser("admin.kalsel")
    if client.get(url).status_code == 403:
        client = browser("staf.kalsel")
    coming = (timezone.localdate() + dt.timedelta(days=1)).isoformat()
    for name in (screen.as_of_field, screen.known_field, *screen.told_until, "sejak" if screen.as_of_field else ""):
        if not name:
            continue
        page = client.get(f"{url}?{name}={coming}")
        assert (page.status_code, name) == (422, name)
        body = page.content.decode()
        field = body[body.index(f'name="{name}"') - 300 : body.index(f'name="{name}"') + 300]
        assert (f'value="{coming}"' in field, f'max="{timezone.localdate().isoformat()}"' in field, name) == (True, True, name)
        assert ("field-error" in body, "The date cannot lie in the future." in body) == (True, True)
        assert client.get(f"{url}?{name}={coming}&format=pdf").status_code == 422


def test_the_earlier_sheet_is_not_later_than_the_other(browser: Any) -> None:
    client, url = browser("staf.kalsel"), "/laporan/rekonsiliasi/"
    page = client.get(f"{url}?per={EARLIER}&sejak={LATER}")
    body = page.content.decode()
    assert (page.status_code, "cannot be later than the one of 22 June 2020" in body) == (422, True)
    assert (f'value="{LATER}"' in body, f'max="{EARLIER}"' in body) == (True, True)
    refused = client.get(f"{url}?per=2999-01-01&format=json")
    assert (refused.status_code, sorted(refused.json()["errors"])) == (422, ["per"])
    chosen = client.get(f"{url}?per=2999-01-01&produk={StockBalance.objects.all()[0].lot.product_id}").content.decode()
    assert f'value="{StockBalance.objects.all()[0].lot.product_id}" selected' in chosen


# --- all reports in one place ---


def test_the_page_of_all_reports_hands_its_choice_to_those_that_know_it(browser: Any) -> None:
    programme = Programme.objects.get(code="apd-pangan-2020")
    page = browser("staf.kalsel").get(f"/laporan/?program={programme.pk}&per={EARLIER}").content.decode()
    assert f"/laporan/rekapitulasi/?program={programme.pk}&amp;per={EARLIER}" in page
    assert f"/laporan/rekapitulasi/?program={programme.pk}&amp;per={EARLIER}&amp;format=xlsx" in page
    assert "/laporan/kemutakhiran" in page or "kemutakhiran" in page


def test_rows_that_stand_on_one_sheet_only_say_so() -> None:
    columns = [Column(key="name", label="Nama"), Column(key="n", label="Jumlah", kind="integer", unit="set")]
    before = Report(title="T", columns=columns, rows=[{"name": "a", "n": 1}, {"name": "b", "n": 2}], as_of=dt.date(2020, 6, 1))
    after = Report(title="T", columns=columns, rows=[{"name": "b", "n": 5}, {"name": "c", "n": None}], as_of=dt.date(2020, 6, 2))
    found = [[row[key] for key in ("name", "before", "after", "difference")] for row in compare(before, after).rows]
    assert found == [["b", 2, 5, 3], ["c", None, None, None], ["a", 1, None, None]]
    assert compare(before, before).rows == []


def test_a_difference_has_its_direction_and_the_total_its_blank_cells() -> None:
    columns = [
        *(Column(key=key, label=key) for key in ("name", "place", "goods")),
        *(Column(key=key, label=key, kind=kind) for key, kind in (("n", "integer"), ("money", "money"))),
    ]
    first, second = ({"name": "a", "place": None, "goods": "set", "n": n, "money": money} for n, money in ((500, None), (100, 10)))
    sums = [{"name": "Total", "goods": "set", "n": n, "money": None} for n in (1000, 1500)]
    before = Report(title="T", columns=columns, rows=[first], totals=sums[:1], as_of=dt.date(2020, 6, 12))
    after = Report(title="T", subtitle="S", columns=columns, rows=[second], totals=sums[1:], as_of=dt.date(2020, 6, 16))
    found = compare(before, after)
    shown = [[cell.text for cell in cells] for cells in (*found.table(), *found.totals_table())]
    assert [cells[1] for cells in shown] == ["not determined", "not determined", ""]
    assert [cells[-1] for cells in shown] == ["−400", "", "+500"]
    assert found.subtitle == "S · compared with the sheet as of 12 June 2020"
    assert "+500" not in "".join(to_csv(found))  # a file has the number


def test_files_of_a_comparison_name_both_days(browser: Any) -> None:
    client = browser("staf.kalsel")
    url = "/laporan/rekonsiliasi/?per=2020-06-16&sejak=2020-06-12"
    for kind in ("pdf", "xlsx", "csv", "json"):
        named = client.get(f"{url}&format={kind}").headers["Content-Disposition"]
        assert f'filename="rekonsiliasi-2020-06-12-ke-2020-06-16.{kind}"' in named
    paper = text_of(body_of(client.get(f"{url}&format=pdf")))
    assert "dibandingkan dengan lembar per 12 Juni 2020" in paper  # Indonesian, whatever the screen has
    sheet = load_workbook(io.BytesIO(body_of(client.get(f"{url}&format=xlsx"))), read_only=True).worksheets[0]
    assert "compared with the sheet as of 12 June 2020" in str(next(row for row in list(sheet.values)[1:2]))


def test_no_word_of_a_heading_breaks_on_paper() -> None:
    """Where all of them fit: "27 November 2026" is not broken behind "Novemb"."""
    labels = [("Kabupaten/kota", 6), ("Angka", 6), ("27 November 2026", 1), ("Angkatan", 1)]
    report = Report(title="T", columns=[Column(key=label, label=label, width=width) for label, width in labels], rows=[])
    shares = [float(share.rstrip("%")) for share in report.column_shares]
    assert (round(sum(shares)), min(shares) > 6) == (100, True)
    crowded = Report(title="T", columns=[Column(key=str(n), label="Pertanggungjawaban") for n in range(20)], rows=[])
    assert set(crowded.column_shares) == {"5.00%"}


def test_that_nothing_became_known_is_told_where_there_is_no_more_to_tell() -> None:
    columns = [Column(key="name", label="Nama"), *(Column(key=key, label=key, kind="integer") for key in ("n", "m"))]
    before = Report(title="T", columns=columns, rows=[{"name": "a", "n": None, "m": None}, {"name": "b", "n": None, "m": 4}])
    after = Report(title="T", columns=columns, rows=[{"name": "a", "n": 0, "m": 7}, {"name": "b", "n": 0, "m": 4}])
    assert [(row["name"], row["figure"], row["after"]) for row in compare(before, after).rows] == [("a", "m", 7), ("b", "n", 0)]
