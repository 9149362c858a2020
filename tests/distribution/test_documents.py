"""A paper says exactly what was frozen: read back as an official reads it, and as a court would compare it."""

from __future__ import annotations

import io
import json
import re

import pypdfium2
import pytest
import zxingcpp
from PIL import Image
from pypdf import PdfReader

from distribution import documents
from ikm_program import paper_content
from ikm_program.pdf import DocumentNotRendered
from tests.distribution import papers
from tests.paper_text import pages_of

WITNESS = {
    "name": "CONTOH Saksi",
    "id_kind": "NIP",
    "id_number": "198003032005011003",
    "rank": "Penata (III/c)",
    "position": "Kepala Bidang Perindustrian",
}


def words_of(snapshot: documents.Snapshot) -> str:
    return " ".join(pages_of(documents.pdf_bytes(snapshot)))


def picture() -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (60, 72), "#0b5d5b").save(buffer, "PNG")
    return buffer.getvalue()


def test_an_official_reads_who_gave_what_to_whom():
    text = words_of(papers.bast())

    assert "Nomor: 530/003/BAST-IKM/Disnakerind/VI/2020" in text
    assert "Senin, tanggal lima belas bulan Juni tahun dua ribu dua puluh (15-06-2020)" in text
    assert "bertempat di Ruang VIP Sekretariat Daerah Kabupaten Tanah Laut, Pelaihari" in text
    assert "NIP : 197001011995031001" in text
    assert "Gugus Tugas Percepatan Penanganan COVID-19 Kabupaten Tanah Laut" in text
    assert "1 Pakaian hazmat spunbond 75 g/m2, ukuran L 50 set Baik" in text
    assert "Jumlah (lima puluh set) 50 set" in text
    assert "dalam rangkap 2 (dua)" in text


def test_the_letterhead_is_the_givers():
    first_page = pages_of(documents.pdf_bytes(papers.bast()))[0]

    assert first_page.startswith("PEMERINTAH KABUPATEN TANAH LAUT DINAS TENAGA KERJA DAN PERINDUSTRIAN")


def test_a_fact_that_nobody_recorded_leaves_its_clause_out():
    bare = papers.bast(place="", activities=[], purpose="", is_free_of_charge=False, makers=[], copies_to=[])

    text = words_of(bare)

    claims = "telah diperiksa|bertempat|bahwa|Saksi|Mengetahui|Pasal 3|salinan|simbolis|Nilai|memperhatikan"
    assert re.findall(claims, text) == []


def test_witnesses_and_the_one_who_acknowledges_sign_when_they_are_recorded():
    text = words_of(papers.bast(witnesses=[WITNESS], acknowledged_by={**WITNESS, "name": "CONTOH Bupati", "position": "Bupati Contoh"}))

    assert "Saksi-saksi: 1. CONTOH Saksi, Kepala Bidang Perindustrian" in text
    assert "Mengetahui, Bupati Contoh, CONTOH Bupati" in text


def test_values_have_a_column_only_when_a_line_has_one():
    priced = words_of(papers.bast(lines=[papers.line(value=3_750_000), papers.line(product="Celemek", quantity=5)]))

    assert "Nilai (Rp)" in priced
    assert "3.750.000" in priced
    assert priced.count("3.750.000") == 1  # no total of values while one of them is unknown


def test_sets_and_bottles_are_not_added_up_but_each_is_written_in_words():
    text = words_of(papers.bast(lines=[papers.line(), papers.line(product="Minuman herbal", quantity=3597, unit="botol")]))

    assert "3.597 botol" in text
    assert "Pakaian hazmat (lima puluh set)" in text
    assert "Minuman herbal (tiga ribu lima ratus sembilan puluh tujuh botol)" in text
    assert "Jumlah (" not in text


def test_an_unknown_maker_is_said_to_be_unknown():
    assert "Tidak dirinci" in words_of(papers.bast(makers=[papers.maker(), papers.maker(maker=None)]))


def test_an_annex_that_would_tell_nothing_is_left_out():
    text = words_of(papers.bast(makers=[papers.maker(maker=None)], attachments=[]))
    assert [words for words in ("Rincian Produsen", "Rincian produsen", "Tidak dirinci", "Pasal 3") if words in text] == []
    from_two = [papers.maker(maker=None), papers.maker(maker=None, district="Kabupaten Banjar")]
    assert "Rincian Produsen" in words_of(papers.bast(makers=from_two))


def test_a_draft_says_so_on_every_page_and_has_no_number():
    pages = pages_of(documents.pdf_bytes(papers.bast(issue=None)))

    assert [page.count("DRAF") >= 2 for page in pages] == [True] * len(pages)  # watermark and footer
    assert "530/003" not in "".join(pages)
    assert "Kode:" not in "".join(pages)


def test_sixty_lines_repeat_their_heading_and_lose_none():
    lines = [papers.line(product=f"Barang {number}", quantity=number) for number in range(1, 61)]

    pages = pages_of(documents.pdf_bytes(papers.bast(lines=lines, makers=[])))

    table_pages = [page for page in pages if "Barang 1 " in page or "Barang 60 " in page]
    assert ["No. Nama Barang Spesifikasi" in page for page in table_pages] == [True, True]
    assert re.findall(r"Barang (\d+) spunbond", " ".join(pages)) == [str(number) for number in range(1, 61)]
    assert "1.830 set" in " ".join(pages)


def test_nobody_signs_a_page_without_text():
    for paper, count in [("A4", number) for number in range(20)] + [("F4", number) for number in range(2, 24, 2)]:
        lines = [papers.line(product=f"Barang {number}", specification="") for number in range(count + 1)]
        pages = pages_of(documents.pdf_bytes(papers.bast(lines=lines, makers=[], paper=paper)))
        signed = next(page for page in pages if "PIHAK KEDUA, CONTOH Pejabat Kedua NIP 196802021993031002" in page)
        assert "Demikian berita acara ini" in signed
        assert "PIHAK KESATU" in signed.partition("Demikian")[0]  # with the end of what is signed, on both papers
        assert "PIHAK KESATU, CONTOH Pejabat Pertama, S.T., M.M. Pembina Utama Muda (IV/c) NIP 197001011995031001" in signed
        assert "Kode: 7K3M-Q9TX" in signed


@pytest.mark.parametrize(("paper", "millimetres"), [("A4", (210, 297)), ("F4", (215, 330))])
def test_both_papers_of_the_office(paper, millimetres):
    page = PdfReader(io.BytesIO(documents.pdf_bytes(papers.bast(paper=paper)))).pages[0]

    assert tuple(round(float(side) * 25.4 / 72) for side in (page.mediabox.width, page.mediabox.height)) == millimetres


def test_every_page_names_the_document_and_its_place():
    pages = pages_of(documents.pdf_bytes(papers.bast()))

    ends = [page[-len("530/003/BAST-IKM/Disnakerind/VI/2020 · Hal. 1 dari 3") :] for page in pages]
    assert sorted(ends) == [f"530/003/BAST-IKM/Disnakerind/VI/2020 · Hal. {number} dari 3" for number in (1, 2, 3)]


def test_the_qr_code_leads_to_the_verification_page():
    snapshot = papers.bast()
    document = pypdfium2.PdfDocument(documents.pdf_bytes(snapshot))

    found = [code.text for page in document for code in zxingcpp.read_barcodes(page.render(scale=2).to_pil())]

    assert found == [snapshot["issue"]["verification_url"]]


def test_the_paper_does_not_claim_to_be_a_certified_signature():
    text = words_of(papers.bast())

    assert "Kode QR ini untuk pemeriksaan keaslian data pada sistem, bukan tanda tangan elektronik tersertifikasi." in text
    assert "SAH saat diterbitkan; status kini: pindai QR" in text
    assert "Kode: 7K3M-Q9TX" in text


def test_the_same_snapshot_gives_the_same_bytes():
    assert documents.pdf_bytes(papers.bast()) == documents.pdf_bytes(papers.bast())


def test_the_fingerprint_on_the_paper_is_that_of_what_was_stored():
    snapshot = papers.bast()
    stored = json.loads(paper_content.canonical_json(snapshot))  # as it comes back from the database, in any order
    shuffled = dict(sorted(stored.items(), reverse=True))

    fingerprint = paper_content.sha256_hex(paper_content.canonical_json(snapshot))

    assert paper_content.sha256_hex(paper_content.canonical_json(shuffled)) == fingerprint
    assert f"Sidik data: {fingerprint}" in words_of(shuffled)


def test_one_changed_letter_changes_the_fingerprint():
    changed = papers.bast(place="Ruang VIP Sekretariat Daerah Kabupaten Tanah Laut, Pelaihar1")

    assert paper_content.canonical_json(changed) != paper_content.canonical_json(papers.bast())


def test_a_transfer_for_evaluation_is_no_handover():
    text = words_of(papers.bast(kind="ba-mutasi"))

    assert text.count("BERITA ACARA PENYERAHAN BARANG UNTUK EVALUASI") == 1
    assert "tetap tercatat sebagai hasil produksi Kabupaten Tanah Laut" in text
    assert "tidak dihitung sebagai penyerahan kepada penerima akhir" in text
    assert "tanggung jawab PIHAK KEDUA" not in text


def test_a_move_to_another_store_says_nothing_of_an_evaluation():
    move = {"purpose": "mutasi", "from_store": "Gudang Tanah Laut", "to_store": "Gudang Provinsi"}

    text = words_of(papers.bast(kind="ba-mutasi", move=move))

    assert text.count("BERITA ACARA MUTASI BARANG") == 1
    assert "evaluasi" not in text.lower()
    assert "dari Gudang Tanah Laut ke Gudang Provinsi" in text
    assert "tidak dihitung sebagai penyerahan kepada penerima akhir" in text


def test_a_transfer_frozen_before_its_purpose_was_is_for_evaluation():
    first_schema = {name: part for name, part in papers.bast(kind="ba-mutasi", schema=1).items() if name != "move"}

    assert "BERITA ACARA PENYERAHAN BARANG UNTUK EVALUASI" in words_of(first_schema)


def test_a_cancellation_names_what_it_cancels_and_why():
    cancelled = {"kind": "bast", "number": "530/002/BAST/2020", "date": "2020-06-15", "sha256": "ab" * 32}

    text = words_of(papers.bast(kind="ba-batal", makers=[], cancels=cancelled, reason="Tertulis 56 set, diserahkan 65 set."))

    assert "menyatakan batal Berita Acara Serah Terima Nomor 530/002/BAST/2020 tanggal 15 Juni 2020" in text
    assert "Alasan pembatalan: Tertulis 56 set, diserahkan 65 set." in text
    assert "ab" * 32 in text
    assert "DIBATALKAN dan tidak digunakan kembali" in text


CANCELLED = {"kind": "bast", "number": "530/002/BAST/2020", "date": "2020-06-15", "sha256": "ab" * 32}
SETTLED = {"condition": "Baik", "unit": "set", "handed_over": 25, "back": 18, "returned": 5, "written_off": 2}


def test_a_cancellation_accounts_for_all_that_the_paper_handed_over():
    receipt = {"received_on": "2020-06-16", "lines": [{"product": "Pakaian hazmat", **SETTLED}]}
    said = {"makers": [], "cancels": CANCELLED, "reason": "Salah tulis.", "receipt": receipt}

    text = words_of(papers.bast(kind="ba-batal", lines=[papers.line(quantity=18)], **said))
    nothing_back = words_of(papers.bast(kind="ba-batal", lines=[], **said))

    assert "Pada saat penerimaan tanggal 16 Juni 2020, sebagian barang telah dikembalikan ke persediaan atau dihapuskan." in text
    assert "Jumlah yang Diserahkan Dicatat Kembali Telah Dikembalikan Telah Dihapuskan" in text
    assert "1 Pakaian hazmat (Baik) set 25 18 5 2" in text
    assert "Tidak ada barang yang dicatat kembali dalam persediaan" in nothing_back


def test_a_cancellation_frozen_before_the_receipt_was_reads_as_it_did():
    said = {"kind": "ba-batal", "makers": [], "cancels": CANCELLED, "reason": "Salah tulis."}
    second_schema = {name: part for name, part in papers.bast(schema=2, **said).items() if name != "receipt"}

    text = words_of(second_schema)

    assert "Barang berikut dicatat kembali dalam persediaan" in text
    assert "dipertanggungjawabkan" not in text


def test_a_giver_alone_can_sign_a_cancellation():
    cancelled = {"kind": "bast", "number": "1", "date": "2020-06-15", "sha256": "ab" * 32}

    text = words_of(papers.bast(kind="ba-batal", second_party=None, makers=[], cancels=cancelled, reason="Salah tulis."))

    assert "saya yang bertanda tangan" in text
    assert "PIHAK" not in text
    assert "Kepala Dinas Tenaga Kerja dan Perindustrian Kabupaten Tanah Laut, CONTOH Pejabat Pertama" in text


def test_an_office_may_say_pihak_pertama():
    text = words_of(papers.bast(wording={"first_party": "PIHAK PERTAMA", "second_party": "PIHAK KEDUA"}))

    assert "PIHAK PERTAMA" in text
    assert "PIHAK KESATU" not in text


def test_the_arms_are_those_that_were_frozen():
    frozen = papers.bast(letterhead={**papers.LETTERHEAD, "arms_sha256": paper_content.sha256_hex(picture())})

    page = PdfReader(io.BytesIO(documents.pdf_bytes(frozen, arms=picture()))).pages[0]
    assert len(page.images) == 2  # the arms and the QR code
    for other in (None, picture() + b"\0"):
        with pytest.raises(DocumentNotRendered):
            documents.pdf_bytes(frozen, arms=other)


def test_arms_that_came_later_are_not_put_on_an_older_paper():
    assert documents.pdf_bytes(papers.bast(), arms=picture()) == documents.pdf_bytes(papers.bast())


def test_what_people_type_is_text_and_opens_nothing():
    typed = '<img src="file:///etc/passwd"><link rel=attachment href="file:///etc/passwd">'

    text = words_of(papers.bast(place=typed))

    assert typed in text
    assert "root:" not in text


def test_the_file_name_is_that_of_the_number():
    assert paper_content.file_name(papers.bast()) == "bast-530-003-bast-ikm-disnakerind-vi-2020.pdf"
    assert paper_content.file_name(papers.bast(issue=None)) == "bast-draf.pdf"
