"""What an official prints says what the reconciliation says, of the demo of 2020."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import io

import pytest
from django.core.files.base import ContentFile
from openpyxl import load_workbook
from PIL import Image

from distribution.models import Recipient
from distribution.reports.changes import changes
from distribution.reports.recapitulation import RECEIVERS, recapitulate
from distribution.reports.receivers import by_receiver, final_recipients, final_report
from distribution.reports.reconciliation import reconcile
from ikm_program.scoping import Reach
from production.models import Lot, OutputEntry, OutputPhoto
from tests.figures.conftest import JUNE_22, row_of
from tests.paper_text import text_of
from trainings.models import Programme, Region

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


@pytest.fixture
def programme() -> Programme:
    return Programme.objects.get(code="apd-pangan-2020")


@pytest.fixture
def kalsel() -> Reach:
    return Reach(Region.objects.get(kemendagri_code="63"))


@pytest.fixture
def tala() -> Reach:
    return Reach(Region.objects.get(kemendagri_code="63.01"))


# --- recapitulation


def test_the_recapitulation_is_the_reconciliation_with_people_and_receivers(programme, kalsel, june):
    found = recapitulate(kalsel, programme, JUNE_22)
    for row in found.rows():
        figures = row_of(june, row["product_code"], row["district_code"]).figures
        assert {name: row[name] for name in ("target", "verified", "handed_over", "stock", "in_evaluation")} == {
            name: figures[name] for name in ("target", "verified", "handed_over", "stock", "in_evaluation")
        }
        if row["handed_over"] is not None:
            assert sum(row[name] for name in RECEIVERS) == row["handed_over"]
    hazmat, masks, _herbal, shields = found.totals()
    wanted = {"quota": 91, "enrolled": 91, "target": 950, "verified": 363, "to_district_force": 115, "to_government": 198, "papers": 5}
    assert {name: hazmat[name] for name in wanted} == wanted
    assert (masks["quota"], masks["enrolled"], masks["verified"], masks["papers"]) == (65, 65, 500, 1)
    assert [shields[name] for name in ("quota", "enrolled", "target", "verified", "papers")] == [None] * 5  # not known is not 0


def test_a_district_gets_its_own_part(programme, tala, person):
    own = recapitulate(person("petugas.tala"), programme, JUNE_22).rows()
    assert {row["district_code"] for row in own} == {"63.01"}
    assert own == recapitulate(tala, programme, JUNE_22).rows()


def test_the_printed_recapitulation_has_letterhead_figures_and_signatures(browser):
    answer = browser("pejabat.kalsel").get("/laporan/rekapitulasi/?per=2020-06-22&format=pdf")
    text = text_of(answer.content)
    wanted = ("DINAS PERINDUSTRIAN", "REKAPITULASI REALISASI", "Per 22 Juni 2020", "38,21%", "Mengetahui,", "Kepala Bidang", "Kepala Seksi",
              "Banjarbaru, 22 Juni 2020", "Kepala Dinas Kalsel (CONTOH)")  # fmt: skip
    assert [word for word in wanted if word not in text] == []


def test_a_province_prints_one_district(browser, tala):
    answer = browser("pejabat.kalsel").get(f"/laporan/rekapitulasi/?per=2020-06-22&wilayah={tala.region.pk}")
    report = answer.context["report"]
    assert {row["district_code"] for row in report.rows} == {"63.01"}
    assert str(report.subtitle).startswith("Kabupaten Tanah Laut")


def test_a_figure_opens_its_records_as_of_the_same_day(browser):
    client = browser("pejabat.kalsel")
    body = client.get("/laporan/rekapitulasi/?per=2020-06-22").content.decode()
    assert "angka=diverifikasi" in body
    assert "per=2020-06-22" in body
    url = next(part.split('"')[0] for part in body.split('href="') if part.startswith("/laporan/rekonsiliasi/rincian/?angka=diserahkan"))
    assert client.get(url.replace("&amp;", "&")).status_code == 200


# --- receivers


def test_receivers_and_final_recipients_hold_what_was_handed_over(programme, kalsel, june):
    handed = {code: total["handed_over"] for code, total in june.totals.items() if total["handed_over"]}
    for lines in (by_receiver(kalsel, programme, JUNE_22), final_recipients(kalsel, programme, JUNE_22)):
        sums: dict[str, int] = {}
        for line in lines:
            sums[line.product.code] = sums.get(line.product.code, 0) + line.quantity
        assert sums == handed == {"hazmat": 313, "masker": 500}


def test_what_was_passed_on_stands_with_the_last_recipient(programme, kalsel):
    finals = {final.recipient.name: final.quantity for final in final_recipients(kalsel, programme, JUNE_22) if final.is_onward}
    assert finals == {f"Dinas Kesehatan Kabupaten {name}": count for name, count in
                      (("Kotabaru", 70), ("Banjar", 63), ("Tapin", 65), ("Barito Kuala", 65))}  # fmt: skip
    before = final_recipients(kalsel, programme, dt.date(2020, 6, 17))  # Kotabaru hands over on the 18th
    assert (
        sum(final.quantity for final in before)
        == reconcile(kalsel, as_of=dt.date(2020, 6, 17), programmes=[programme]).totals["hazmat"]["handed_over"] + 500
    )


def test_what_a_receiver_has_not_acknowledged_is_said_where_it_stands(programme, kalsel):
    awaited = {line.recipient.name for line in by_receiver(kalsel, programme, JUNE_22) if line.acknowledged < line.quantity}
    rows = final_report(final_recipients(kalsel, programme, JUNE_22), programme, JUNE_22).rows
    assert awaited
    assert {row["recipient"] for row in rows if row["standing"].endswith("receipt not yet acknowledged")} == awaited
    assert {row["standing"] for row in rows if row["recipient"] not in awaited} == {"with the receiver of the BAST", "passed on"}


def test_a_period_counts_what_moved_in_it(programme, kalsel):
    later = by_receiver(kalsel, programme, JUNE_22, since=dt.date(2020, 6, 18))
    assert sorted((line.recipient.kind, line.quantity) for line in later) == [
        (Recipient.Kind.GOVERNMENT, 63),
        (Recipient.Kind.GOVERNMENT, 70),
    ]


def test_a_file_tells_data_from_sums(browser, programme):
    """A pivot over the data alone counts every piece once."""
    url = f"/laporan/serah-terima-per-penerima/?program={programme.pk}&per=2020-06-22"
    client = browser("staf.kalsel")
    report = client.get(url).context["report"]
    assert {row["recipient"] for row in report.totals if row.get("is_subtotal")} == {"Subtotal"}
    content = b"".join(client.get(f"{url}&format=csv").streaming_content).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(content), delimiter=";"))
    sums = {kind: sum(int(row["Handed over"]) for row in rows if row["Kind of row"] == kind) for kind in ("Data", "Subtotal", "Total")}
    assert set(sums.values()) == {sum(row["quantity"] for row in report.rows)}


# --- what changed


def test_only_what_differs_is_listed(programme, kalsel):
    report = changes(kalsel, programme, dt.date(2020, 6, 14), JUNE_22)
    rows = {(row["district_code"], row["name"]): (row["before"], row["after"], row["difference"]) for row in report.rows}
    assert rows["63.01", "stock"] == (100, 0, -100)
    assert rows["63.02", "verified"] == (None, 70, None)
    shown = {cells[-1].text for cells in report.table() if cells[-1].value is not None}
    assert {text[0] for text in shown} == {"+", "−"}
    assert any("stays blank" in str(note) for note in report.notes)
    assert {row["product_code"] for row in report.rows} == {"hazmat"}
    assert changes(kalsel, programme, JUNE_22, JUNE_22).rows == []


def test_a_sheet_printed_before_anything_was_known_changed_everywhere(programme, kalsel):
    report = changes(kalsel, programme, JUNE_22, JUNE_22, printed_on=dt.date(2020, 6, 22))
    assert {row["before"] for row in report.rows} == {None}  # the demo was recorded long after 2020
    assert sum(row["after"] for row in report.rows if (row["product_code"], row["name"]) == ("hazmat", "verified")) == 363


def test_the_change_is_a_page_and_a_workbook(browser):
    query = "?dari=2020-06-14&per=2020-06-22"
    client = browser("petugas.tala")
    assert client.get(f"/laporan/perubahan/{query}").status_code == 200
    book = load_workbook(io.BytesIO(client.get(f"/laporan/perubahan/{query}&format=xlsx").content)).active
    assert any(cell == -100 for row in book.values for cell in row)
    assert browser("petugas.tala").get("/laporan/perubahan/?dari=2020-06-30&per=2020-06-22").status_code == 422


# --- stock card and photos


def test_the_printed_stock_card_has_initials_and_its_keeper(browser):
    lot = Lot.objects.filter(region__kemendagri_code="63.01", product__code="hazmat").first()
    store = lot.movements.filter(store__region__kemendagri_code="63.01").first().store
    text = text_of(browser("petugas.tala").get(f"/stok/{store.pk}/{lot.product_id}/kartu/?format=pdf").content)
    wanted = ("DINAS TENAGA KERJA DAN PERINDUSTRIAN", "KARTU STOK", "Paraf", "Pengurus Barang", "Mengetahui,")
    assert [word for word in wanted if word not in text] == []


def test_the_sheet_shows_photos_within_reach_and_says_which_file_is_damaged(browser, person, programme):
    entry = OutputEntry.objects.get(region__kemendagri_code="63.01", product__code="hazmat")
    picture = io.BytesIO()
    Image.new("RGB", (40, 30), "red").save(picture, "JPEG")
    for index, sha256 in enumerate((hashlib.sha256(picture.getvalue()).hexdigest(), "0" * 64)):
        row = OutputPhoto(
            entry=entry, uploaded_by=person("petugas.tala"), region=entry.region, sha256=sha256,
            upload_key=f"00000000-0000-4000-8000-00000000000{index}", form_key="00000000-0000-4000-8000-000000000009",
        )  # fmt: skip
        row.image.save("a.jpg", ContentFile(picture.getvalue()))
    url = "/laporan/dokumentasi-foto/?per=2020-06-22"
    text = text_of(browser("pejabat.kalsel").get(f"{url}&format=pdf").content)
    assert "1. Pakaian hazmat, 100 set" in text
    assert text.count("Berkas foto rusak") == 1
    seen = {name: len(browser(name).get(url).context["report"].rows) for name in ("petugas.tala", "petugas.banjar")}
    assert seen == {"petugas.tala": 2, "petugas.banjar": 0}
