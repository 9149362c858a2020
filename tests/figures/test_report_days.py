"""Reports of the demo as of a day: what was paid, what was to be paid, what a maker had; and which programme they open on."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from tests.figures.test_report_formats import EARLIER
from trainings.models import Programme, Region

pytestmark = pytest.mark.django_db


def test_what_was_paid_stands_as_of_a_day(browser: Any) -> None:
    """Kotabaru's list is dated 15 June 2020 and was paid on the 16th; the quotas wait to this day."""
    client = browser("staf.kalsel")
    programme = Programme.objects.get(code="apd-pangan-2020")
    days = {"2020-06-14": None, "2020-06-15": (0, 3_750_000), "2020-06-16": (3_400_000, 350_000)}
    for day, wanted in days.items():
        rows = client.get(f"/laporan/realisasi-pembayaran/?program={programme.pk}&per={day}&format=json").json()["rows"]
        found = [(row["received"], row["on_the_way"]) for row in rows if row["district"] == "Kabupaten Kotabaru"]
        assert found == ([wanted] if wanted else [])


def test_the_account_of_a_maker_stands_as_of_a_day(browser: Any) -> None:
    """Banjar got 273 m on 15 May and gave 21 m back on 19 June; its 63 suits were verified in between."""
    client = browser("staf.kalsel")
    programme = Programme.objects.get(code="apd-pangan-2020")
    url = f"/bahan/rekening/?program={programme.pk}&format=json"
    said = {}
    for day in ("2020-06-01", "2020-06-18", "2020-06-22"):
        rows = client.get(f"{url}&tanggal={day}").json()["rows"]
        of_banjar = [row for row in rows if row["district"] == "Kab. Banjar" and "spunbond" in row["material"]]
        said[day] = [(row["given"], row["norm_use"], row["returned"]) for row in of_banjar]
    assert said == {"2020-06-01": [(273.0, 0.0, 0.0)], "2020-06-18": [(273.0, 252.0, 0.0)], "2020-06-22": [(273.0, 252.0, 21.0)]}


def test_what_is_to_be_paid_stands_as_of_a_day(browser: Any) -> None:
    """The same list, seen from what was earned: 34 person-days of five days; open, on the list, paid."""
    client = browser("staf.kalsel")
    programme = Programme.objects.get(code="apd-pangan-2020")
    url = f"/pembayaran/harus-dibayar/?program={programme.pk}&format=json"
    keys = ("present", "listed", "paid", "open", "money_listed", "money_paid", "money_open")
    said = {}
    for day in ("2020-06-14", "2020-06-15", "2020-06-16"):
        rows = client.get(f"{url}&per={day}").json()["rows"]
        said[day] = [tuple(row[key] for key in keys) for row in rows if row["district"] == "Kabupaten Kotabaru"]
    assert said == {
        "2020-06-14": [(34, 0, 0, 34, 0, 0, 3_750_000)],
        "2020-06-15": [(34, 34, 0, 0, 3_750_000, 0, 0)],
        "2020-06-16": [(34, 0, 34, 0, 350_000, 3_400_000, 0)],
    }


def test_figures_of_an_earlier_day_lead_to_the_records_of_that_day(browser: Any) -> None:
    programme = Programme.objects.get(code="apd-pangan-2020")
    for address in ("/pembayaran/harus-dibayar/", "/laporan/realisasi-pembayaran/"):
        earlier = browser("staf.kalsel").get(f"{address}?program={programme.pk}&per=2020-06-15").context["report"]
        links = [cell.link for row in earlier.table() for cell in row if "rincian" in cell.link]
        assert links != []
        assert [link for link in links if "per=2020-06-15" not in link] == []


def test_reports_open_on_the_programme_of_the_top_bar(browser: Any) -> None:
    client = browser("staf.kalsel")
    programme, exercise = Programme.objects.get(code="apd-pangan-2020"), Programme.objects.filter(is_example=True).first()
    assert exercise is not None
    named = ("recapitulation", "receivers_report", "final_recipients", "photo_report", "changes_report")
    addresses = ["/target/per-kabupaten/", "/target/kemajuan/", "/bahan/rekening/", *(reverse(f"distribution:{name}") for name in named)]
    for address in addresses:
        assert f'<option value="{programme.pk}" selected>' in client.get(address).content.decode(), address
        asked = client.get(f"{address}?program={exercise.pk}").content.decode()
        assert f'<option value="{exercise.pk}" selected>' in asked, address
    client.get(f"/?program={exercise.pk}")  # where the top bar leads
    for address in addresses:
        assert f'<option value="{exercise.pk}" selected>' in client.get(address).content.decode(), address


def test_the_page_of_all_reports_hands_over_programme_district_and_day(browser: Any) -> None:
    exercise = Programme.objects.filter(is_example=True).first()
    district = Region.objects.get(kemendagri_code="63.04")
    assert exercise is not None
    page = browser("staf.kalsel").get(f"/laporan/?program={exercise.pk}&wilayah={district.pk}&per={EARLIER}").content.decode()
    assert f"/bahan/rekening/?program={exercise.pk}&amp;wilayah={district.pk}&amp;tanggal={EARLIER}" in page
    assert f"/laporan/perubahan/?program={exercise.pk}&amp;wilayah={district.pk}&amp;per={EARLIER}" in page


def test_the_same_receiver_is_held_against_itself(browser: Any) -> None:
    """Rows are numbered anew on every sheet: between the 15th and the 16th one handover was added, and nothing of the others changed."""
    programme = Programme.objects.get(code="apd-pangan-2020")
    client = browser("staf.kalsel")
    url = f"/laporan/penerima-akhir/?program={programme.pk}"
    before, after = (client.get(f"{url}&per=2020-06-{day}&format=json").json()["rows"] for day in (15, 16))
    key = ("recipient", "product", "paper", "quantity")
    known = {tuple(row[name] for name in key) for row in before}
    added = sorted(tuple(row[name] for name in key) for row in after if tuple(row[name] for name in key) not in known)
    changed = client.get(f"{url}&per=2020-06-16&sejak=2020-06-15&format=json").json()["rows"]
    quantities = sorted((row["recipient"], row["product"], row["paper"], row["after"]) for row in changed if row["key"] == "quantity")
    assert added != []
    assert [(*one[:3], int(str(one[3]).replace(".", ""))) for one in quantities] == added
    assert all(row["before"] in (None, "", "tidak ada data") for row in changed if row["key"] == "quantity")
