"""What every list can do beside showing: chosen columns, saved views, files, and acts on many rows."""

from __future__ import annotations

import csv
import datetime as dt
import io
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation
from openpyxl import load_workbook

from ikm_program import bulk, bulk_tasks, paging
from ikm_program.formatting import tanggal_layar
from ikm_program.integrity import counts
from ikm_program.lists import ListScreen
from ikm_program.models import AuditEvent, Job, SavedView
from tests import factories
from tests.ikm_program.test_paging import all_screens
from tests.matrix import ADDRESSES
from trainings.models import Enterprise, Region, User

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


@pytest.fixture
def businesses(tala: Region, banjar: Region) -> list[Enterprise]:
    names = ["Sasirangan Indah", "Kain Bordir", "=HYPERLINK(1)"]
    rows = [factories.EnterpriseFactory(region=tala, name=name, nib=f"{number:013}") for number, name in enumerate(names, 1)]
    return [*rows, factories.EnterpriseFactory(region=banjar, name="Sasirangan Banjar")]


def bytes_of(response) -> bytes:
    return b"".join(response.streaming_content)


def table_of(response) -> list[list]:
    """The sheet of a workbook from its header on."""
    rows = [list(row) for row in load_workbook(io.BytesIO(bytes_of(response))).active.iter_rows(values_only=True)]
    return rows[next(index for index, row in enumerate(rows) if row[1:] and row[1] is not None) :]


# --- columns and views


def test_columns_are_chosen_in_the_address(businesses, officer: User, client_of) -> None:
    columns = client_of(officer).get("/ikm/?kolom=nib&kolom=name&kolom=created_by__password").context["columns"]
    assert [column.path for column in columns] == ["name", "nib"]


def test_an_inactive_business_is_marked_beside_its_name(businesses, officer: User, client_of) -> None:
    Enterprise.objects.filter(name="Kain Bordir").update(is_active=False)
    page = client_of(officer).get("/ikm/").content.decode()
    cells = {name: page.partition(f">{name}</a>")[2].partition("</td>")[0] for name in ("Kain Bordir", "Sasirangan Indah")}
    assert ("badge-muted" in cells["Kain Bordir"], "inactive" in cells["Kain Bordir"], cells["Sasirangan Indah"]) == (True, True, "")


def test_a_file_says_in_a_column_which_business_is_inactive(businesses, officer: User, client_of) -> None:
    """Unless other columns were chosen: then it has those."""
    Enterprise.objects.filter(name="Kain Bordir").update(is_active=False)
    head, *rows = table_of(client_of(officer).get("/ikm/?format=xlsx"))
    assert (head[0], head[-1], {row[0]: row[-1] for row in rows}["Kain Bordir"]) == ("Business", "Active", "No")
    assert table_of(client_of(officer).get("/ikm/?kolom=name&kolom=nib&format=xlsx"))[0] == ["Business", "NIB"]


def test_every_order_is_offered_also_by_a_column_that_is_not_shown(businesses, staff: User, client_of) -> None:
    page = client_of(staff).get("/ikm/?urut=-pk&kolom=name&q=")
    words = {value: (f"{label}: {direction}", is_chosen) for value, label, direction, is_chosen in page.context["sort_choices"]}
    assert (words["-pk"], words["region_id"]) == (("Recorded at: newest first", True), ("Kabupaten/kota: ascending", False))
    assert (page.context["kept_parameters"], page.context["object_list"][0].name) == ([("q", "")], "Sasirangan Banjar")
    assert '<option value="-pk" selected>' in page.content.decode()


def test_businesses_are_sorted_by_district_and_then_by_name(businesses, staff: User, client_of) -> None:
    rows = client_of(staff).get("/ikm/?urut=region_id").context["object_list"]
    assert [row.pk for row in rows] == [row.pk for row in sorted(rows, key=lambda row: (row.region_id, row.sort_name))]
    assert [row.region.name for row in rows] == ["Kabupaten Tanah Laut"] * 3 + ["Kabupaten Banjar"]
    text = bytes_of(client_of(staff).get("/ikm/?urut=-region_id&kolom=name&format=csv")).decode("utf-8-sig")
    assert [line[0] for line in csv.reader(io.StringIO(text), delimiter=";")][1] == "Sasirangan Banjar"


def test_sorted_by_district_a_page_begins_where_the_person_sees_something(businesses, officer: User, client_of) -> None:
    """The district of others that comes before, or after it, is not walked through first."""
    with CaptureQueriesContext(connection) as queries:
        page = client_of(officer).get("/ikm/?urut=-region_id")
    (asked,) = (query["sql"] for query in queries if "ORDER BY" in query["sql"] and 'FROM "trainings_enterprise"' in query["sql"])
    own = officer.region_id
    assert (f'"region_id" >= {own}' in asked, f'"region_id" <= {own}' in asked) == (True, True)
    assert [row.name for row in page.context["object_list"]] == ["Sasirangan Indah", "Kain Bordir", "=HYPERLINK(1)"]
    Enterprise.objects.all().delete()
    assert list(client_of(officer).get("/ikm/?urut=region_id").context["object_list"]) == []


def test_a_view_is_kept_shown_renamed_and_removed_by_its_own_person(businesses, officer: User, staff: User, client_of) -> None:
    browser, place = client_of(officer), "trainings:enterprise_list"
    sent = {"key": str(uuid.uuid4()), "screen": place, "query": "q=kain&hal=3&kolom=nib&kolom=name", "name": "Kain"}
    assert browser.post("/tampilan-tersimpan/", sent).headers["Location"] == "/ikm/?q=kain&kolom=nib&kolom=name"
    view = SavedView.objects.get()
    shown = browser.get(f"/ikm/?{view.query}").context["saved_views"]
    assert [(one.name, one.url, one.is_here) for one in shown] == [("Kain", "/ikm/?q=kain&kolom=nib&kolom=name", True)]
    assert client_of(staff).get("/ikm/").context["saved_views"] == []
    assert [client_of(staff).get(f"/tampilan-tersimpan/{view.pk}/{end}").status_code for end in ("", "hapus/")] == [404, 404]
    browser.post(f"/tampilan-tersimpan/{view.pk}/", {"key": str(uuid.uuid4()), "version": "1", "name": "Tekstil"})
    assert SavedView.objects.get().name == "Tekstil"
    assert browser.post(f"/tampilan-tersimpan/{view.pk}/hapus/", {"key": str(uuid.uuid4())}).headers["Location"] == "/ikm/"
    assert not SavedView.objects.exists()


def test_a_view_of_no_list_and_a_name_twice_are_refused(officer: User, client_of) -> None:
    browser, sent = client_of(officer), {"screen": "trainings:enterprise_list", "query": "", "name": "Kain"}
    answers = [
        browser.post("/tampilan-tersimpan/", {"key": str(uuid.uuid4()), **sent, **more}).status_code
        for more in ({}, {}, {"screen": "evil", "name": "B"})
    ]
    assert answers == [302, 422, 422]


# --- files


def test_a_file_holds_exactly_what_is_filtered(businesses, officer: User, client_of) -> None:
    answer = client_of(officer).get("/ikm/?q=sasirangan&kolom=name&kolom=nib&kolom=region&format=xlsx")
    assert table_of(answer) == [["Business", "Kabupaten/kota", "NIB"], ["Sasirangan Indah", "Kabupaten Tanah Laut", "0000000000001"]]
    event = AuditEvent.objects.filter(verb="download").get()
    assert (event.by, event.after["report"], event.after["format"], event.after["query"]["q"]) == (
        officer,
        "Small businesses",
        "xlsx",
        "sasirangan",
    )


def test_a_file_of_an_indonesian_has_no_english_heading(businesses, officer: User, client_of) -> None:
    answer = client_of(officer, "id").get("/ikm/?q=sasirangan&kolom=name&kolom=nib&kolom=region&format=xlsx")
    rows = [[cell for cell in row if cell] for row in load_workbook(io.BytesIO(bytes_of(answer))).active.iter_rows(values_only=True)]
    with translation.override("id"):
        today = tanggal_layar(timezone.localdate())
    assert [row for row in rows if row][:4] == [
        ["Usaha IKM"],
        [f"Dibuat pada {today} · {officer}"],
        ["Cari usaha: sasirangan"],
        ["Usaha", "Kabupaten/Kota", "NIB"],
    ]


def test_a_csv_has_the_order_of_the_screen_and_nothing_that_runs(businesses, staff: User, client_of) -> None:
    text = bytes_of(client_of(staff).get("/ikm/?urut=-sort_name&kolom=name&format=csv")).decode("utf-8-sig")
    names = [row[0] for row in csv.reader(io.StringIO(text), delimiter=";")]
    assert names == ["Business", "Sasirangan Indah", "Sasirangan Banjar", "Kain Bordir", "'=HYPERLINK(1)"]


def test_a_long_list_is_read_in_chunks_and_whole(tala: Region, officer: User, client_of, monkeypatch) -> None:
    monkeypatch.setattr(paging.in_chunks, "__kwdefaults__", {"size": 7})
    for number in range(30):
        factories.EnterpriseFactory(region=tala, name=f"Usaha {number % 4}")
    rows = table_of(client_of(officer).get("/ikm/?format=xlsx"))[1:]
    assert (len(rows), [row[0] for row in rows]) == (30, sorted(row[0] for row in rows))


def test_whole_niks_are_a_permission_a_post_and_an_event(tala: Region, officer: User, staff: User, client_of) -> None:
    number = factories.nik("63.01")
    factories.ParticipantFactory(region=tala, name="Siti CONTOH", nik=number)
    masked = table_of(client_of(staff).get("/peserta/?format=xlsx"))[1]
    whole = table_of(client_of(staff).post("/peserta/?sex=", {"langkah": "unduh", "format": "xlsx"}))[1]
    refused = client_of(officer).post("/peserta/", {"langkah": "unduh", "format": "xlsx"}).status_code
    assert (masked[1], whole[1], refused) == (f"{number[:6]}******{number[-4:]}", number, 405)
    event = AuditEvent.objects.get(verb="exported_in_full")
    assert (event.by, number in str(event.after)) == (staff, False)


def test_without_the_column_there_is_nothing_to_show_in_full(tala: Region, staff: User, client_of) -> None:
    factories.ParticipantFactory(region=tala, nik=factories.nik("63.01"))
    assert client_of(staff).post("/peserta/?kolom=name", {"langkah": "unduh"}).status_code == 403


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_every_list_is_a_file_of_plain_words(kind: str, admin: User, staff: User, client_of) -> None:
    from tests.trainings.test_screens import one_more

    one_more()
    keeper, enterer, wrong, read = client_of(admin), client_of(staff), {}, 0
    lists = {screen for screen in all_screens(ListScreen) if screen.is_exportable and screen.__module__ != "tests.ikm_program.screens_urls"}
    for url in (*LISTS, *ENTERED):
        answer = (enterer if url in ENTERED else keeper).get(f"{url}?format={kind}")
        assert answer.status_code == 200, url
        content = bytes_of(answer)
        text = content.decode("utf-8-sig") if kind == "csv" else str(list(load_workbook(io.BytesIO(content)).active.values))
        if any(mark in text for mark in (" object at 0x", "<bound", "{'", "None;", "functools")):
            wrong[url] = text
        read += 1
    assert (wrong, read) == ({}, len(lists))


LISTS = [
    *("/program/", "/kegiatan/", "/angkatan/", "/peserta/", "/ikm/", "/instruktur/", "/wilayah/", "/instansi/", "/pejabat/", "/pengguna/"),
    *("/produk/", "/target/", "/angka-terbitan/", "/produksi/", "/stok/", "/sentra/", "/sk/"),
    *("/bahan/", "/bahan/pembelian/", "/bahan/serah/", "/bahan/persediaan/", "/bahan/penghapusan/"),
    *("/pemeriksaan/", "/stok-opname/", "/pembelian/", "/pembelian/harga/", "/pembelian/perjanjian/"),
    *("/pendampingan/", "/perizinan/", "/standar-pendampingan/", "/produk-unggulan/", "/acara/"),
    *(
        "/penerima/",
        "/serah-terima/",
        "/berkas-bertanda-tangan/",
        "/mutasi/",
        "/surat-jalan/",
        "/adendum/",
        "/pembayaran/",
        "/jejak-audit/",
        "/laporan/bulanan/",
        "/laporan/akhir/",
    ),
]
ENTERED = ("/duplikat/", "/impor/")  # of those who enter


# --- a NIK is searched for by POST


def test_a_nik_is_found_without_standing_in_an_address(tala: Region, staff: User, client_of) -> None:
    number = factories.nik("63.01")
    factories.ParticipantFactory(region=tala, name="Siti CONTOH", nik=number)
    browser = client_of(staff)
    by_address = browser.get(f"/peserta/?q={number}")
    by_post = browser.post("/peserta/", {"langkah": "nik", "nomor": number})
    assert [[row.name for row in answer.context["object_list"]] for answer in (by_address, by_post)] == [[], ["Siti CONTOH"]]
    assert ("Find a NIK" in by_address.content.decode(), number in by_post.content.decode()) == (True, False)


def test_who_may_not_see_a_nik_finds_none(tala: Region, officer: User, client_of) -> None:
    number = factories.nik("63.01")
    factories.EnterpriseFactory(region=tala, owner_nik=number)
    browser = client_of(officer)
    answers = [browser.post(url, {"langkah": "nik", "nomor": number}).status_code for url in ("/ikm/", "/peserta/")]
    assert (answers, browser.get(f"/ikm/?q={number}").context["object_list"]) == ([403, 405], [])


# --- many at once


def test_an_act_on_the_ticked_rows_asks_first_and_names_how_many(businesses, officer: User, client_of) -> None:
    browser, mine = client_of(officer), [row.pk for row in businesses]  # the last one is another district's
    sent = {"langkah": "nonaktifkan", "pilih": mine}
    asked = browser.post("/ikm/", sent)
    assert (asked.context["count"], "3 rows" in asked.content.decode()) == (3, True)
    assert Enterprise.objects.filter(is_active=False).count() == 0
    done = browser.post("/ikm/?urut=sort_name", sent | {"pasti": "1"})
    assert (done.headers["Location"], sorted(Enterprise.objects.filter(is_active=False).values_list("pk", flat=True))) == (
        "/ikm/?urut=sort_name",
        mine[:3],
    )
    assert AuditEvent.objects.filter(verb="changed", model="trainings.enterprise").count() == 3


def test_an_act_on_everything_that_matches(businesses, staff: User, client_of) -> None:
    sent = {"langkah": "konfirmasi", "semua": "1", "pasti": "1", "confirmed_on": "2020-06-15", "how": "telepon"}
    client_of(staff).post("/ikm/?q=sasirangan", sent)
    confirmed = Enterprise.objects.filter(confirmed_how="telepon", confirmed_by=staff)
    assert sorted(confirmed.values_list("name", flat=True)) == ["Sasirangan Banjar", "Sasirangan Indah"]


def test_what_is_refused_is_listed_and_the_rest_is_done(businesses, staff: User, client_of) -> None:
    Enterprise.objects.filter(pk=businesses[0].pk).update(confirmed_on="2026-01-01", confirmed_how="kunjungan")
    sent = {"langkah": "konfirmasi", "semua": "1", "pasti": "1", "confirmed_on": "2020-06-15", "how": "telepon"}
    page = client_of(staff).post("/ikm/", sent, follow=True).content.decode()
    assert ("3 rows done." in page, "Sasirangan Indah: The data has been confirmed on a later day already." in page) == (True, True)
    assert list(counts.tallies()) == []


def test_what_is_not_filled_in_is_asked_again(businesses, staff: User, client_of) -> None:
    answer = client_of(staff).post("/ikm/", {"langkah": "konfirmasi", "semua": "1", "pasti": "1", "confirmed_on": ""})
    assert (answer.status_code, sorted(answer.context["form"].errors)) == (422, ["confirmed_on", "how"])


def test_what_every_row_refuses_is_said_at_its_field_and_nothing_typed_is_lost(businesses, staff: User, client_of) -> None:
    tomorrow = timezone.localdate() + dt.timedelta(days=1)
    sent = {"langkah": "konfirmasi", "pilih": [str(row.pk) for row in Enterprise.objects.all()[:2]], "pasti": "1", "how": "telepon"}
    answer = client_of(staff).post("/ikm/", sent | {"confirmed_on": tomorrow.isoformat()})
    assert (answer.status_code, answer.context["form"].errors) == (422, {"confirmed_on": ["A confirmation cannot lie in the future."]})
    page = answer.content.decode()
    assert [f'value="{value}"' in page for value in (tomorrow.isoformat(), *sent["pilih"])] == [True] * 3


def test_who_may_not_change_may_not_change_many(businesses, official: User, client_of) -> None:
    answer = client_of(official).post("/ikm/", {"langkah": "nonaktifkan", "semua": "1", "pasti": "1"})
    assert (answer.status_code, Enterprise.objects.filter(is_active=False).count()) == (405, 0)


def test_very_many_are_done_by_the_worker(businesses, officer: User, client_of, monkeypatch, django_capture_on_commit_callbacks) -> None:
    monkeypatch.setattr(bulk, "AT_ONCE", 2)
    monkeypatch.setattr(bulk, "CHUNK", 2)
    queued = []
    monkeypatch.setattr(type(bulk_tasks.act_on_many), "enqueue", lambda task, **arguments: queued.append(arguments))
    with django_capture_on_commit_callbacks(execute=True):
        answer = client_of(officer).post("/ikm/?is_active=1", {"langkah": "nonaktifkan", "semua": "1", "pasti": "1"})
    job = Job.objects.get()
    assert (answer.headers["Location"], job.total, Enterprise.objects.filter(is_active=False).count()) == (job.get_absolute_url(), 3, 0)
    bulk_tasks.act_on_many.call(**queued[0])
    job.refresh_from_db()
    assert (job.status, job.done, job.message, job.url) == ("selesai", 3, "3 baris selesai.", "/ikm/?is_active=1")
    assert Enterprise.objects.filter(is_active=False).count() == 3


def test_the_lists_of_this_file_are_all_lists() -> None:
    assert len(LISTS) == len(set(LISTS)) <= len(ADDRESSES)


@pytest.mark.parametrize(
    ("workers", "investment", "scale"),
    [(19, 999_999_999, "kecil"), (19, 1_000_000_000, "menengah"), (20, 1, "menengah"), (20, 15_000_000_000, "menengah"),
     (20, 15_000_000_001, "besar"), (5, 20_000_000_000, "menengah"), (None, 1, ""), (1, None, "")],
)  # fmt: skip
def test_the_filter_by_scale_has_the_limits_of_the_regulation(workers, investment, scale: str, tala: Region) -> None:
    made = factories.EnterpriseFactory(
        region=tala, workers_male=workers, workers_female=None if workers is None else 0, investment=investment
    )
    from trainings.identity import IndustryScale

    found = [str(value or "") for value in (*IndustryScale, None) if Enterprise.objects.of_scale(value).exists()]
    assert (found, str(made.scale or "")) == ([scale], scale)


def test_the_filter_by_scale_finds_exactly_what_the_screen_calls_unknown(tala: Region, officer: User, client_of) -> None:
    """A nought is known; a sum that is more than a column holds is a number all the same."""
    most = 2_147_483_647
    for name, men, women, investment in [
        ("A", None, 0, 1), ("B", 0, None, 1), ("C", 0, 0, None), ("D", None, None, None), ("E", 0, 0, 0), ("F", most, most, 1),
    ]:  # fmt: skip
        factories.EnterpriseFactory(region=tala, name=name, workers_male=men, workers_female=women, investment=investment)
    browser = client_of(officer)
    found = {
        asked: [row.name for row in browser.get(f"/ikm/?skala={asked}").context["object_list"]] for asked in ("belum", "kecil", "menengah")
    }
    assert found == {"belum": list("ABCD"), "kecil": ["E"], "menengah": ["F"]}
    assert [row.name for row in browser.get("/ikm/").context["object_list"] if not row.scale_label] == list("ABCD")
    assert browser.get("/ikm/?skala=belum").context["filterset"].in_words() == [("Scale", "not known yet")]
