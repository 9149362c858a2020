"""The laporan akhir: words from the office, figures equal to the reconciliation, frozen by somebody else, bound with its papers."""

from __future__ import annotations

import datetime as dt
import io

import pytest
from django.template.loader import render_to_string
from pypdf import PdfReader

from distribution import final_tasks
from distribution.actions.cancellations import approve_cancellation, request_cancellation
from distribution.actions.final import finalise_report, start_final_report, write_final_report
from distribution.final_book import content_of, starting_texts
from distribution.final_paper import sheets
from distribution.final_tasks import bind_report, frozen_content, make_file
from distribution.freezing import hash_of
from distribution.imprint import Imprint
from distribution.models import FinalReport, FinalReportFile, Handover
from distribution.reports.reconciliation import reconcile, rows_as_json
from ikm_program import jobs
from ikm_program.actions import Refusal
from ikm_program.formatting import tanggal
from ikm_program.integrity import reports
from ikm_program.scoping import Reach
from production.models import Account, StockMovement
from production.store_flows import store_flows
from tests.figures.conftest import JUNE_22
from tests.paper_text import pages_of
from trainings.models import Official, Programme, Region, Session

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


@pytest.fixture
def report() -> FinalReport:
    return FinalReport.objects.get()


@pytest.fixture
def final(report, person) -> FinalReport:
    return finalise_report(report, by=person("pejabat.kalsel"), version=report.version)


def test_its_figures_are_the_reconciliation(report):
    content = content_of(report)
    result = reconcile(Reach(report.region), as_of=JUNE_22, programmes=[report.programme])
    assert (content["rows"], content["totals"]) == (rows_as_json(result), result.totals)
    said = " ".join(item for block in blocks(content, "III") if block["kind"] == "listing" for item in block["items"])
    assert "363 set telah diverifikasi atau 38,21% (target 950 set), dari 5 di antara 13 kabupaten/kota" in said
    assert "belum ada laporan dari 5 kabupaten/kota" in said  # herbal: unknown is not 0
    summary = next(block for block in blocks(content, "III") if block.get("caption") == "Ringkasan hasil per produk")
    assert [cell["text"] for cell in summary["rows"][0]] == ["Pakaian hazmat", "set", "950", "363", "38,21%", "313", "50", "0"]


def test_what_came_into_the_stores_is_what_was_verified_and_transferred(report):
    """Barito Kuala's first BAST of 56 was cancelled and 65 were handed over: neither is counted twice."""
    content = content_of(report)
    stores = next(block for block in blocks(content, "III") if block.get("caption") == "Persediaan per gudang")
    assert [column["label"] for column in stores["columns"]][2:5] == ["Masuk", "Keluar", "Sisa"]
    rows = [[cell["text"] for cell in row] for row in stores["rows"]]
    batola = next(row for row in rows if row[0].endswith("Barito Kuala") and row[1] == "Pakaian hazmat")
    assert batola[2:5] == ["65", "65", "0"]
    assert "dibatalkan" in stores["notes"][0]
    flows = store_flows(Reach(report.region), report.programme, JUNE_22)
    arrived = StockMovement.objects.filter(lot__programme=report.programme, kind="kedatangan", account=Account.STOCK)
    assert sum(flow.arrived for flow in flows) == sum(arrived.values_list("quantity", flat=True))
    for code, figures in content["totals"].items():
        mine = [flow for flow in flows if flow.product.code == code]
        assert sum(flow.made for flow in mine) == (figures["verified"] or 0)
        assert sum(flow.left for flow in mine) == (figures["stock"] or 0)
    card = next(
        block
        for block in annex_blocks(content, "Kartu Stok")
        if block["caption"].startswith("Kartu stok Pakaian hazmat") and block["caption"].endswith("Barito Kuala")
    )
    assert card["notes"] == ["Yang dibatalkan tercatat dua kali pada kartu ini, saat keluar dan saat kembali: 56 set."]


def test_training_that_is_planned_is_not_told_as_held(report):
    """A day is held when its attendance is closed: four batches had such days, and Kotabaru's are five of them."""
    second = blocks(content_of(report), "II")
    told = " ".join(block["text"] for block in second if block["kind"] == "paragraph")
    assert "telah dilaksanakan 18 hari pelatihan dalam 4 angkatan; 22 angkatan lainnya direncanakan." in told
    assert "didampingi oleh 4 instruktur; 9 instruktur lainnya ditugaskan pada angkatan yang direncanakan." in told
    where = texts_of(second, "Waktu dan tempat pelaksanaan")
    hazmat = {row[1]: row[-1] for row in where if "Hazmat" in row[0]}
    assert (hazmat["Kotabaru"], hazmat["Tapin"]) == ("5 hari", "direncanakan")
    assert sum(row[-1] == "direncanakan" for row in where) == 22
    topics = texts_of(second, "Materi dan jam pelajaran")
    assert topics[0][1:] == ["Memotong bahan menurut ukuran (CONTOH)", "3", "18", "54"]
    assert (sum(int(row[3]) for row in topics), sum(int(row[4]) for row in topics)) == (102, 306)


def test_a_day_that_is_open_or_later_than_the_report_is_planned(report):
    held = Session.objects.held_by(report.as_of).filter(batch__region__kemendagri_code="63.02")
    FinalReport.objects.update(as_of=dt.date(2020, 6, 10))
    report.refresh_from_db()
    second = blocks(content_of(report), "II")
    kotabaru = next(row for row in texts_of(second, "Waktu dan tempat pelaksanaan") if row[1] == "Kotabaru")
    assert (held.count(), kotabaru[-1]) == (5, "3 dari 5 hari")
    assert texts_of(second, "Materi dan jam pelajaran")[0][2:] == ["3", "18", "54"]
    Session.objects.update(closed_at=None, closed_by=None)
    second = blocks(content_of(report), "II")
    assert {row[-1] for row in texts_of(second, "Waktu dan tempat pelaksanaan")} == {"direncanakan"}
    assert not any(block.get("caption", "").startswith("Kehadiran") for block in second)
    assert "belum ada hari pelatihan yang dilaksanakan; 26 angkatan direncanakan." in str(second)


def texts_of(found, caption):
    return [[cell["text"] for cell in row] for row in next(one for one in found if one.get("caption") == caption)["rows"]]


def annex_blocks(content, title):
    return next(annex["blocks"] for annex in content["annexes"] if annex["title"] == title)


def blocks(content, number):
    chapter = next(chapter for chapter in content["chapters"] if chapter["number"] == number)
    return [block for section in chapter["sections"] for block in section["blocks"]]


def test_no_full_nik_and_no_nip_of_a_receiver_stands_in_it(report):
    text = str(content_of(report))
    assert "630101" not in text.replace("63.01", "")


def test_a_chapter_without_data_says_so_and_claims_nothing(report):
    finance = next(chapter for chapter in content_of(report)["chapters"] if chapter["number"] == "IV")
    assert [section["title"] for section in finance["sections"]] == ["Realisasi Anggaran"]  # no tax was kept, no ceiling is recorded


def test_starting_texts_name_only_what_is_recorded(report):
    bare = Programme(name="Program Baru", year=2021, fund=Programme.Fund.APBN)
    texts = starting_texts(bare, report.region)
    assert texts["latar_belakang"] == "Program Baru Tahun Anggaran 2021 dibiayai dengan dana APBN."
    assert texts["waktu_tempat"] == "Program mencakup Provinsi Kalimantan Selatan."
    assert {"dasar_hukum", "permasalahan", "keluaran"} & set(texts) == set()


def test_one_draft_at_a_time_for_a_day_that_can_be(report, person):
    staff, facts = person("staf.kalsel"), {"programme": report.programme, "region": report.region}
    with pytest.raises(Refusal, match="draft of this report"):
        start_final_report(FinalReport, by=staff, as_of=JUNE_22, **facts)
    for day, words in ((dt.date.today() + dt.timedelta(days=1), "future"), (dt.date(2020, 1, 1), "not begun")):
        with pytest.raises(Refusal, match=words):
            start_final_report(FinalReport, by=staff, as_of=day, **facts)
    elsewhere = Region.objects.get(kemendagri_code="53")
    with pytest.raises(Refusal, match="does not reach"):
        start_final_report(FinalReport, by=staff, as_of=JUNE_22, programme=report.programme, region=elsewhere)


def test_an_official_writes_sections_and_no_other(report, person):
    staff = person("staf2.kalsel")
    narrative = {"permasalahan": "  Listrik padam.  ", "mutu": ""}
    facts = {"by": staff, "version": report.version, "as_of": JUNE_22}
    stranger = Official.objects.filter(office__region__kemendagri_code="63.02").first()
    with pytest.raises(Refusal, match="belongs to no section"):
        write_final_report(report, narrative={"bab_x": "y"}, **facts)
    with pytest.raises(Refusal, match="belongs to an office"):
        write_final_report(report, narrative=narrative, signatory=stranger, **facts)
    written = write_final_report(report, narrative=narrative, **facts)
    assert (written.narrative, written.edited_by) == ({"permasalahan": "Listrik padam."}, staff)


def test_whoever_wrote_it_does_not_make_it_final(report, person):
    official = person("pejabat.kalsel")
    FinalReport.objects.filter(pk=report.pk).update(edited_by=official)
    report.refresh_from_db()
    with pytest.raises(Refusal, match="themselves"):
        finalise_report(report, by=official, version=report.version)


def test_without_a_signing_official_it_does_not_become_final(report, person):
    FinalReport.objects.filter(pk=report.pk).update(signatory=None)
    report.refresh_from_db()
    with pytest.raises(Refusal, match="which official"):
        finalise_report(report, by=person("pejabat.kalsel"), version=report.version)


def test_made_final_it_is_frozen_whatever_happens_later(final, person):
    frozen = frozen_content(final)
    assert (hash_of(frozen), frozen["totals"]["masker"]["handed_over"]) == (final.sha256, 500)
    handover = Handover.objects.get(store__region__kemendagri_code="63.08", programme=final.programme)
    asked = request_cancellation(handover, by=person("petugas.hsu"), version=handover.version, reason="Salah")
    approve_cancellation(asked, by=person("pejabat.hsu"), version=asked.version, cancelled_on=dt.date(2020, 6, 1))
    assert content_of(final)["totals"]["masker"]["handed_over"] == 0
    assert frozen_content(FinalReport.objects.get()) == frozen
    for act, facts in ((write_final_report, {"as_of": JUNE_22, "narrative": {}}), (finalise_report, {})):
        with pytest.raises(Refusal):
            act(final, by=person("staf.kalsel" if facts else "pejabat.kalsel"), version=final.version, **facts)
    assert list(reports.frozen_reports()) == []


def test_the_worker_binds_it_with_bookmarks_lists_and_copies(final, person, browser):
    """One long look at the whole: some forty pages, every chapter, figures, annexes, copies of seven papers."""
    job = jobs.ask_for("Laporan akhir", by=person("staf.kalsel"), work=bind_report, total=8, report_id=final.pk)
    bind_report.call(job_id=job.pk, report_id=final.pk)
    job.refresh_from_db()
    file = FinalReportFile.objects.get()
    assert (job.status, job.done, file.is_final, job.url) == ("selesai", 8, True, final.get_absolute_url())
    answer = browser("pengawas.kalsel").get(f"{final.get_absolute_url()}laporan.pdf")
    reader = PdfReader(io.BytesIO(answer.content))
    texts = pages_of(answer.content)
    assert 35 <= len(texts) == file.pages <= 60
    assert reader.metadata.title.startswith("Laporan Akhir Program IKM APD dan Pangan 2020")
    top = [entry.title for entry in reader.outline if not isinstance(entry, list)]
    assert [title for title in top if title.startswith("Bab")] == [
        "Bab I Pendahuluan",
        "Bab II Pelaksanaan",
        "Bab III Hasil",
        "Bab IV Keuangan",
        "Bab V Permasalahan dan Tindak Lanjut",
        "Bab VI Penutup",
    ]
    assert [entry.title for entry in reader.outline[-1]][:1] == ["530/001/BAST-IKM/Disperindagkop-UKM/V/2020"]
    assert sum("SALINAN" in text and "Hal. 1 dari" in text for text in texts) == 7
    whole = " ".join(texts)
    wanted = ("LAPORAN AKHIR KEGIATAN", "KATA PENGANTAR", "DAFTAR ISI", "DAFTAR TABEL", "363", "38,21%", "REKAPITULASI REALISASI",
              "DAFTAR PENERIMA AKHIR", "Dinas Kesehatan Kabupaten Kotabaru", "530/002/BAST-IKM/Diskoperindag-BTL/VI/2020")  # fmt: skip
    assert [word for word in wanted if word not in whole] == []
    assert "DRAF" not in texts[0]
    said = f"Disiapkan {tanggal(final.final_at)}. Sidik data: {final.sha256}".replace(" ", "")
    assert whole.count(f"Banjarbaru, {tanggal(final.final_at)}") == 2  # under the foreword and at the end
    assert ("Banjarbaru, 22 Juni 2020" in whole, "Angka per 22 Juni 2020" in whole, said in whole.replace(" ", "")) == (False, True, True)
    assert make_file(final, by=person("staf.kalsel")).pk == file.pk  # made once
    FinalReportFile.objects.update(content=b"%PDF-x")
    assert browser("pengawas.kalsel").get(f"{final.get_absolute_url()}laporan.pdf").status_code == 500
    assert len(list(reports.frozen_reports())) == 1


def test_a_draft_says_that_it_is_one_and_bears_no_day_of_signing(report):
    content = content_of(report)
    today = dt.date.today()
    sheet = sheets(content, Imprint(prepared_on=today, sha256="abc"), arms=None)[0]
    html = " ".join(render_to_string(sheet.template_name, {**sheet.context, "title": sheet.title}).split())
    assert "rancangan, belum ditetapkan" in html
    assert ">DRAF<" in html
    assert (f"Disiapkan {tanggal(today)}. Sidik data: abc" in html, "Banjarbaru, " in html) == (True, False)


def test_whoever_signs_it_is_in_office_on_the_day_that_it_bears(report, person):
    Official.objects.filter(pk=report.signatory_id).update(valid_until=dt.date(2020, 12, 31))
    report.refresh_from_db()
    with pytest.raises(Refusal, match="was not in office"):
        finalise_report(report, by=person("pejabat.kalsel"), version=report.version)


def test_the_page_shows_what_is_written_and_what_is_missing(report, browser):
    body = browser("staf.kalsel").get(report.get_absolute_url()).content.decode()
    assert "Pandemi COVID-19" in body
    assert "No text yet" in body
    form = browser("staf2.kalsel").get(f"{report.get_absolute_url()}tulis/")
    assert form.context["form"].fields["teks-mutu"].initial.startswith("Lima puluh set")


def test_whoever_makes_it_final_reads_the_draft_and_is_told_when_it_is_no_longer_that(report, person, browser, monkeypatch):
    monkeypatch.setattr(final_tasks, "pdf_bytes", lambda *_asked, **_named: (b"%PDF-", 1))

    def page() -> str:
        return browser("pejabat.kalsel").get(f"{report.get_absolute_url()}tetapkan/").content.decode()

    def told() -> list[bool]:
        body = page()
        return [words in body for words in ("Neither texts nor figures have changed since", "Texts or figures have changed since")]

    assert "Nobody has made a PDF of this draft yet" in page()
    make_file(report, by=person("pejabat.kalsel"))
    assert (f"{report.get_absolute_url()}laporan.pdf" in page(), told()) == (True, [True, False])
    written = write_final_report(
        report, by=person("staf.kalsel"), version=report.version, as_of=report.as_of, signatory=report.signatory, place=report.place,
        narrative=report.narrative | {"permasalahan": "Listrik padam."},
    )  # fmt: skip
    assert told() == [False, True]
    make_file(written, by=person("staf.kalsel"))
    assert told() == [True, False]
    handover = Handover.objects.get(store__region__kemendagri_code="63.08", programme=report.programme)
    asked = request_cancellation(handover, by=person("petugas.hsu"), version=handover.version, reason="Salah")
    approve_cancellation(asked, by=person("pejabat.hsu"), version=asked.version, cancelled_on=dt.date(2020, 6, 1))
    assert told() == [False, True]
    FinalReportFile.objects.update(content_sha256="")  # made before that was kept: nothing is claimed
    assert told() == [False, False]
