"""The screens of an office elsewhere, before anything is recorded: nothing of Kalimantan Selatan, and names said once."""

from __future__ import annotations

import io
import re

import pytest
from openpyxl import load_workbook

from tests import factories
from trainings.models import Region, User

pytestmark = pytest.mark.django_db

OF_ELSEWHERE = re.compile(r"kalsel|kalimantan|sasirangan|banjar|tanah laut|tala-|63\.01", re.IGNORECASE)
FORMS = (
    "/instansi/baru/",
    "/pejabat/baru/",
    "/program/baru/",
    "/kegiatan/baru/",
    "/produk/baru/",
    "/ikm/baru/",
    "/sentra/baru/",
    "/peserta/baru/",
    "/instruktur/baru/",
    "/angkatan/baru/",
    "/penerima/baru/",
    "/bahan/baru/",
    "/wilayah/",
)


@pytest.fixture
def staff_of_ntt(ntt: Region) -> User:
    return factories.user("staf_provinsi", "53", username="staf.ntt")


@pytest.fixture
def letterhead_address(ntt: Region) -> str:
    office = factories.OfficeFactory(region=ntt, government_line="PEMERINTAH PROVINSI NUSA TENGGARA TIMUR", city="Kupang")
    return f"/instansi/{office.pk}/kop/baru/"


def test_no_form_speaks_of_another_province(staff_of_ntt, letterhead_address, client_of) -> None:
    client = client_of(staff_of_ntt, "id")
    for address in (*FORMS, letterhead_address):
        page = client.get(address)
        assert page.status_code == 200, address
        text = re.sub(r"<[^>]+>", " ", page.content.decode())
        assert not OF_ELSEWHERE.findall(text), address


@pytest.mark.parametrize("kind", ["ikm", "peserta", "kepesertaan", "hasil", "kehadiran"])
def test_no_template_speaks_of_another_province(kind, staff_of_ntt, client_of) -> None:
    book = load_workbook(io.BytesIO(client_of(staff_of_ntt, "id").get(f"/impor/templat/{kind}.xlsx").content))
    cells = [str(value) for page in book for row in page.iter_rows(values_only=True) for value in row if value is not None]
    assert not [cell for cell in cells if OF_ELSEWHERE.search(cell)]


def test_an_office_says_its_region_once(ntt: Region) -> None:
    short = factories.OfficeFactory(region=ntt, name="Dinas Perindustrian dan Perdagangan")
    whole = factories.OfficeFactory(region=ntt, name="Dinas Perindustrian PROVINSI Nusa Tenggara Timur")
    assert str(short) == "Dinas Perindustrian dan Perdagangan Provinsi Nusa Tenggara Timur"
    assert str(whole) == "Dinas Perindustrian PROVINSI Nusa Tenggara Timur"


def test_filters_of_yes_and_no_begin_with_all(staff_of_ntt, client_of) -> None:
    for address in ("/produk/", "/bahan/", "/produk-unggulan/"):
        page = client_of(staff_of_ntt, "id").get(address).content.decode()
        assert "Tidak diketahui</option>" not in page
        assert '<option value="" selected>Semua</option>' in page


def test_the_register_offers_each_standing_once(staff_of_ntt, client_of) -> None:
    page = client_of(staff_of_ntt, "id").get("/register/").content.decode()
    assert page.count('<option value="berlaku">') == 1


def test_a_decree_is_about_something_and_a_code_says_what_it_may_hold(staff_of_ntt, client_of) -> None:
    client = client_of(staff_of_ntt, "id")
    page = client.get("/sk/baru/").content.decode()
    assert "Sekitar" not in page
    assert "Tentang" in page
    refused = client.post("/produk/baru/", {"code": "teh kelor", "name": "Teh kelor"}).content.decode()
    assert "slug" not in re.sub(r"<[^>]+>", " ", refused)
    assert "Hanya huruf tanpa aksen, angka, garis bawah, dan tanda hubung, tanpa spasi." in refused
