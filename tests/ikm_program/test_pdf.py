"""The engine behind every paper: nothing from outside gets in, and what comes out can be read, heard and archived."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.template import engines
from django.utils import translation
from pypdf import PdfReader

from ikm_program import charts, pdf, pdf_engine, reporting
from tests.distribution import papers
from tests.distribution.test_every_paper import elements
from tests.paper_text import pages_of, text_of


def read(content: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(content))


def written(html: str, **images: bytes) -> bytes:
    return pdf_engine.write(html, paper="A4", orientation="portrait", images=images)


def report(**changes: Any) -> reporting.Report:
    columns = [
        reporting.Column(key="district", label="Kabupaten/Kota", width=3),
        reporting.Column(key="verified", label="Diverifikasi", kind="integer", unit="set", unknown="belum melapor"),
        reporting.Column(key="target", label="Target", kind="integer"),
        reporting.Column(key="share", label="Capaian", kind="percent", share_of=("verified", "target")),
    ]
    rows = [
        {"district": "Tanah Laut", "verified": 100, "target": 74, "code": "63.01"},
        {"district": "Tabalong", "verified": None, "target": 1073, "code": "63.09"},
    ]
    usual: dict[str, Any] = {
        "title": "Rekapitulasi Realisasi",
        "subtitle": "Hazmat",
        "as_of": date(2020, 6, 22),
        "columns": columns,
        "rows": rows,
        "totals": [{"district": "Jumlah", "verified": 100, "target": 1147}],
        "notes": ["Target masih usulan."],
    }
    return reporting.Report(**(usual | changes))


@pytest.mark.parametrize(
    "address",
    ["file:///etc/passwd", "http://127.0.0.1:1/x.png", "data:image/svg+xml;base64,PHN2Zy8+", "asset:../settings.py", "asset:", "x.png"],
)
@pytest.mark.parametrize("element", ['<img src="{}">', '<link rel="attachment" href="{}">', '<p style="background: url({})">x</p>'])
def test_no_address_outside_the_document_is_opened(address, element):
    with pytest.raises(pdf.DocumentNotRendered):
        written(f"<p>{element.format(address)}</p>")


def test_an_image_is_known_to_its_own_document_only():
    square = b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>'
    page = '<img src="asset:arms" alt="Lambang">'

    assert written(page, arms=square).startswith(b"%PDF-")
    with pytest.raises(pdf.DocumentNotRendered):
        written(page)


def test_a_template_value_stays_text():
    template = engines["django"].from_string("<p>{{ value }}</p>")

    content = written(template.render({"value": '<img src="file:///etc/passwd">'}))

    assert text_of(content).startswith('<img src="file:///etc/passwd"> ')


def test_a_paper_says_its_title_and_language_and_can_be_heard():
    reader = read(reporting.to_pdf(report()))

    assert reader.metadata is not None
    assert reader.metadata.title == "Rekapitulasi Realisasi"
    assert reader.root_object["/Lang"] == "id"
    assert reader.root_object["/MarkInfo"]["/Marked"]
    assert b"<pdfaid:part>3" in reader.xmp_metadata.stream.get_data() or b'pdfaid:part="3"' in reader.xmp_metadata.stream.get_data()


def test_only_the_shipped_fonts_are_used_and_they_are_embedded():
    fonts = {
        font.get_object()["/BaseFont"].split("+")[1]
        for page in read(reporting.to_pdf(report())).pages
        for font in page["/Resources"]["/Font"].values()
    }

    assert fonts <= {"Liberation-Sans", "Liberation-Sans-Bold", "Liberation-Sans-Italic", "Liberation-Sans-Bold-Italic"}


def test_a_machine_without_a_single_font_prints_the_same(tmp_path: Path):
    (tmp_path / "fonts.conf").write_text(
        f'<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd"><fontconfig><cachedir>{tmp_path}</cachedir></fontconfig>'
    )
    program = (
        "import django; django.setup(); from distribution import documents; from ikm_program import paper_content;"
        "from tests.distribution import papers;"
        "print(paper_content.sha256_hex(documents.pdf_bytes(papers.bast())))"
    )

    def fingerprint(**environment: str) -> str:
        environment |= {"DJANGO_SETTINGS_MODULE": "ikm_program.settings", "DATA_DIR": str(tmp_path), "PYTHONPATH": str(settings.BASE_DIR)}
        made = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True)
        return made.stdout

    assert fingerprint(FONTCONFIG_FILE=str(tmp_path / "fonts.conf")) == fingerprint()


def test_a_report_is_printed_as_it_is_shown():
    content = reporting.to_pdf(report())
    [page], text = read(content).pages, text_of(content)

    assert "Tanah Laut 100 74 135,14%" in text
    assert "Tabalong belum melapor 1.073 belum dapat dihitung" in text
    assert "Jumlah 100 1.147 8,72%" in text
    assert "22 Juni 2020" in text
    assert page.mediabox.width > page.mediabox.height


def test_a_long_report_repeats_its_heading():
    rows = [{"district": f"Kabupaten {number}", "verified": number, "target": 100} for number in range(100)]

    pages = pages_of(reporting.to_pdf(report(rows=rows)))

    assert len(pages) > 2
    assert ["Diverifikasi" in page for page in pages] == [True] * len(pages)


def test_an_office_may_head_its_report():
    text = text_of(reporting.to_pdf(report(letterhead=papers.LETTERHEAD)))

    assert text.startswith("PEMERINTAH KABUPATEN TANAH LAUT")


def test_json_gives_every_key_and_null_where_nothing_is_known():
    document = json.loads(reporting.to_json(report(facts={"balanced": True})))

    assert document["rows"][1] == {"district": "Tabalong", "verified": None, "target": 1073, "code": "63.09"}
    assert (document["as_of"], document["balanced"]) == ("2020-06-22", True)


def test_figures_carry_the_address_of_their_records():
    linked = report(link=lambda row, column: f"/produksi/?wilayah={row['code']}" if column.is_numeric and "code" in row else "")

    [first, *_] = linked.table()

    assert [cell.link for cell in first] == ["", *["/produksi/?wilayah=63.01"] * 3]


def test_the_check_names_the_packages_that_are_missing(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(pdf, "_LIBRARIES", {"libpango-1.0.so.0": "libpango-1.0-0", "libnothing.so.7": "libnothing7"})

    [problem] = pdf.check_pdf_libraries(None)

    assert problem.hint == "apt-get install --no-install-recommends libnothing7"


def test_the_check_is_silent_where_papers_can_be_made():
    assert pdf.check_pdf_libraries(None) == []


def test_making_papers_does_not_make_half_photos_acceptable() -> None:
    from PIL import ImageFile

    import ikm_program.pdf_engine  # noqa: F401  (WeasyPrint changes a switch of Pillow for the whole process)

    assert not ImageFile.LOAD_TRUNCATED_IMAGES


def test_a_report_carries_what_it_shows_and_nothing_more():
    [data] = read(reporting.to_pdf(report())).attachments["data.json"]
    document = json.loads(data)

    assert document["rows"][1] == {"district": "Tabalong", "verified": None, "target": 1073, "share": None}
    assert (document["title"], document["as_of"]) == ("Rekapitulasi Realisasi", "2020-06-22")


def test_a_chart_is_heard_by_its_figures_and_a_table_by_its_headings():
    with translation.override("id"):
        drawn = charts.bars("Capaian per kabupaten", [charts.Bar("Tala", 100, 74)], unit="set", unknown="belum melapor")
    tags = list(elements(read(reporting.to_pdf(report(charts=[drawn])))))

    assert [str(tag["/Alt"]) for tag in tags if tag["/S"] == "/Figure" and "/Alt" in tag] == [
        "Capaian per kabupaten. Tala: Target 74, Tercapai 100, Porsi 135,14%"
    ]
    assert len([tag for tag in tags if tag["/S"] == "/TH"]) >= 4
