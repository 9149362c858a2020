"""The loop on screens, by the people whose steps they are; what each may see and do."""

from __future__ import annotations

import io
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import load_workbook
from pypdf import PdfReader

from ikm_program.dashboard.work import work_of
from ikm_program.models import AuditEvent
from ikm_program.paper_content import canonical_json
from tests import factories
from tests.paper_text import pages_of, text_of
from tests.payments.conftest import ABSENT, JUNE_1, attend, mark_as, mark_of, teach
from trainings.actions.payment_steps import cancel_list
from trainings.models import PaymentList, User
from trainings.tasks import render_document

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


def sent(page, **more):
    """What the browser sends back of a form as it was opened."""
    form, values = page.context["form"], {}
    for bound in form:
        value = bound.field.prepare_value(bound.value())
        if value not in (None, "", []):
            values[bound.html_name] = value
    return values | more


def do(browser, url, **more):
    answer = browser.post(url, sent(browser.get(url), **more), follow=True)
    assert answer.status_code == 200, [str(error) for error in answer.context["form"].errors.values()]
    return answer


def fresh(person: User) -> User:
    return User.objects.select_related("region").get(pk=person.pk)


def test_the_loop_from_attendance_to_money_in_hand(kotabaru, staff, ppk, treasurer, office, signers, client_of) -> None:
    staff_browser, ppk_browser, pay_browser = (client_of(person) for person in (staff, ppk, treasurer))
    make = f"/pembayaran/angkatan/{kotabaru.pk}/uang_harian/"
    assert "Rp3.400.000,00" in staff_browser.get(make).content.decode()
    do(staff_browser, make, office=office.pk, ppk=signers["ppk"].pk, treasurer=signers["treasurer"].pk, dipa_number="SP DIPA-019 CONTOH")
    one = PaymentList.objects.get()
    page = f"/pembayaran/{one.pk}/"
    assert [work.count for work in work_of(fresh(staff)) if "lock" in str(work.text)] == [1]
    do(staff_browser, f"{page}kunci/")
    assert [str(work.text) for work in work_of(fresh(ppk))] == ["Payment lists to approve"]
    do(ppk_browser, f"{page}setujui/")
    assert [str(work.text) for work in work_of(fresh(treasurer))] == ["Payment lists to pay"]
    do(pay_browser, f"{page}bayar/")
    scan = SimpleUploadedFile("daftar.pdf", b"%PDF-1.4\nsigned\n%%EOF", "application/pdf")
    do(pay_browser, f"{page}daftar-bertanda-tangan/", scan=scan)
    assert pay_browser.get(f"{page}daftar-bertanda-tangan/berkas/").content.startswith(b"%PDF-1.4")
    shown = do(pay_browser, f"{page}terima/", how="tanda_tangan").content.decode()
    one.refresh_from_db()
    assert (one.status, "7 of 7" in shown, one.dipa_number) == ("selesai", True, "SP DIPA-019 CONTOH")
    assert work_of(fresh(treasurer)) == []


def test_what_is_refused_stays_on_the_page_in_words(kotabaru, brought_to, staff, ppk, client_of) -> None:
    one = brought_to("terkunci", kotabaru)
    mark_as(mark_of(kotabaru, 1, 1), ABSENT)
    browser = client_of(ppk)
    answer = browser.post(f"/pembayaran/{one.pk}/setujui/", sent(browser.get(f"/pembayaran/{one.pk}/setujui/")))
    assert (answer.status_code, "An absent day is not paid: Peserta 1 63.02 (1 June 2020)" in answer.content.decode()) == (422, True)
    page = client_of(staff).get(f"/pembayaran/{one.pk}/").content.decode()
    assert "can be neither approved nor paid" in page
    assert AuditEvent.objects.filter(verb="refused:trainings.approve_list").count() == 0  # inside the test's transaction


def test_each_step_is_offered_to_the_one_whose_it_is(kotabaru, brought_to, staff, ppk, treasurer, auditor, client_of) -> None:
    one = brought_to("terkunci", kotabaru)
    found = {}
    for person in (staff, ppk, treasurer, auditor):
        context = client_of(person).get(f"/pembayaran/{one.pk}/").context
        steps = [*context["usual_step"], *context["other_steps"]]
        found[person.username] = [step.href.rstrip("/").rpartition("/")[2] for step in steps]
    papers = ["daftar.pdf", "daftar.xlsx"]
    assert found == {
        "staf.kalsel": [*papers, "batalkan"],
        "ppk.kalsel": ["setujui", *papers, "batalkan"],
        "bendahara.kalsel": papers,
        "pengawas.kalsel": papers,
    }


def test_two_batches_on_one_date_stand_on_the_page_and_are_decided_there(training, programme, drafted, staff, client_of) -> None:
    here = teach(training, "63.01", people=1, days=1)
    masks = factories.ActivityFactory(programme=programme, name="Bimtek Masker")
    [there] = attend(factories.BatchFactory(activity=masks, region=here.region), here.enrolments.get().participant, JUNE_1)
    one, browser = drafted(here), client_of(staff)
    page = browser.get(f"/pembayaran/{one.pk}/").content.decode()
    assert "was present in two batches on 1 June 2020" in page
    own = here.enrolments.get().attendances.get()
    do(browser, f"/pembayaran/hari/{own.pk}/pilih/?daftar={one.pk}", reason="Hazmat lebih dulu")
    assert "two batches" not in browser.get(f"/pembayaran/{one.pk}/").content.decode()
    assert there.pk != own.pk


def test_a_recovery_begins_on_the_page_of_what_was_paid(kotabaru, brought_to, staff, client_of) -> None:
    one = brought_to("dibayar", kotabaru)
    mark_as(mark_of(kotabaru, 1, 1), ABSENT)
    browser, way = client_of(staff), f"/pembayaran/angkatan/{kotabaru.pk}/uang_harian/pengembalian/"
    assert way in browser.get(f"/pembayaran/{one.pk}/").content.decode()
    shown = do(browser, way).content.decode()
    assert ("To be paid back" in shown, "-Rp100.000,00" in shown) == (True, True)


def test_what_is_to_be_paid_leads_to_its_draft(kotabaru, brought_to, staff, auditor, client_of) -> None:
    brought_to("terkunci", kotabaru)
    rows = client_of(staff).get("/pembayaran/harus-dibayar/?format=json").json()["rows"]
    keys = ("present", "listed", "paid", "open", "open_quotas", "money_listed", "money_paid", "money_open")
    assert [tuple(row[key] for key in keys) for row in rows] == [(34, 34, 0, 0, 7, 3_400_000, 0, 350_000)]
    way, records = f"/pembayaran/angkatan/{kotabaru.pk}/kuota/", f"/pembayaran/harus-dibayar/rincian/?angka=money_open&batch={kotabaru.pk}"
    assert records.replace("&", "&amp;") in client_of(staff).get("/pembayaran/harus-dibayar/").content.decode()
    assert [way in client_of(person).get(records).content.decode() for person in (staff, auditor)] == [True, False]


def test_what_was_paid_by_activity_and_district(kotabaru, brought_to, staff, client_of) -> None:
    brought_to("dibayar", kotabaru)
    brought_to("disetujui", kotabaru, "kuota")
    row = client_of(staff).get("/laporan/realisasi-pembayaran/?format=json").json()["rows"][0]
    found = {key: row[key] for key in ("people", "uang_harian", "kuota", "received", "on_the_way")}
    assert found == {"people": 7, "uang_harian": 3_400_000, "kuota": 0, "received": 3_400_000, "on_the_way": 350_000}
    page = client_of(staff).get("/laporan/realisasi-pembayaran/").content.decode()
    assert "/laporan/realisasi-pembayaran/rincian/?angka=uang_harian" in page
    assert f"wilayah={kotabaru.region_id}&amp;kegiatan={kotabaru.activity_id}" in page


def test_payments_stand_on_the_page_of_the_person(kotabaru, brought_to, staff, client_of) -> None:
    person = kotabaru.enrolments.first().participant
    instructor = factories.user("instruktur", "63.02")
    brought_to("dibayar", kotabaru)
    seen = [client_of(one).get(f"/peserta/{person.pk}/").content.decode() for one in (staff, instructor)]
    assert ["Paid so far: Rp500.000,00." in page for page in seen] == [True, False]


def test_the_paper_and_the_sheet_say_the_same(kotabaru, brought_to, treasurer, client_of) -> None:
    one, browser = brought_to("dibayar", kotabaru), client_of(treasurer)
    render_document.call(one.document.pk)
    pages = pages_of(browser.get(f"/pembayaran/{one.pk}/daftar.pdf", follow=True).content)
    text = " ".join(pages)
    for words in ("DAFTAR PENERIMAAN UANG HARIAN", "3.400.000", "Tiga juta empat ratus ribu rupiah", one.document.number):
        assert words in text
    nik = kotabaru.enrolments.first().participant.nik
    assert (nik in text, f"{nik[:6]}******{nik[-4:]}" in text, len(pages)) == (False, True, 1)
    sheet = load_workbook(io.BytesIO(browser.get(f"/pembayaran/{one.pk}/daftar.xlsx").content)).active
    cells = [cell for row in sheet.iter_rows(values_only=True) for cell in row]
    assert (3_400_000 in cells, "Terbilang: Tiga juta empat ratus ribu rupiah" in cells, 34 in cells) == (True, True, True)


def test_the_list_gets_its_number_at_the_approval_and_keeps_it_when_cancelled(kotabaru, brought_to, staff, client_of) -> None:
    one = brought_to("terkunci", kotabaru)
    locked = text_of(client_of(staff).get(f"/pembayaran/{one.pk}/daftar.pdf").content)
    assert (one.document, "belum disetujui" in locked, one.content_sha256 in locked) == (None, True, True)
    cancel_list(one, by=staff, version=one.version, reason="Salah akun")
    two = brought_to("disetujui", kotabaru)
    assert (two.document.sequence, two.document.snapshot["net"], two.document.standing.word) == (1, 3_400_000, "Approved")
    cancel_list(two, by=staff, version=two.version, reason="Salah lagi")
    three = brought_to("disetujui", kotabaru)
    again = type(two).objects.get(pk=two.pk)
    assert (three.document.sequence, again.document.standing.is_void) == (2, True)
    public = client_of(staff).get(again.document.verification_url).content.decode()
    person = kotabaru.enrolments.first().participant
    assert ("Rp3.400.000,00" in public, person.name in public, person.masked_nik in public) == (True, False, False)


def test_one_receipt_names_its_days(kotabaru, brought_to, treasurer, client_of) -> None:
    one = brought_to("dibayar", kotabaru)
    line = one.lines.get(number=7)
    text = text_of(client_of(treasurer).get(f"/pembayaran/baris/{line.pk}/tanda-terima.pdf").content)
    assert [
        words in text for words in ("Rp400.000,00", "Empat ratus ribu rupiah", "1, 2, 3, 4 Juni 2020", "uang harian 4 (empat) hari")
    ] == [True] * 4


@pytest.mark.parametrize(("fund", "budget"), [("dekonsentrasi", "DIPA"), ("apbd_provinsi", "DPA"), ("btt", "DPA"), ("hibah", "DIPA/DPA")])
def test_the_paper_names_the_budget_document_of_its_fund(kotabaru, drafted, staff, client_of, fund: str, budget: str) -> None:
    one = drafted(kotabaru)
    type(one.programme).objects.filter(pk=one.programme_id).update(fund=fund)
    text = " ".join(text_of(client_of(staff).get(f"/pembayaran/{one.pk}/daftar.pdf").content).split())
    assert [word for word in ("DIPA/DPA", "DIPA", "DPA") if f" {word} nomor/tanggal" in f" {text}"] == [budget]


def test_a_draft_says_so_on_its_paper(kotabaru, drafted, staff, client_of) -> None:
    one = drafted(kotabaru)
    assert "DRAF" in text_of(client_of(staff).get(f"/pembayaran/{one.pk}/daftar.pdf").content)


def test_another_districts_officer_sees_nothing_of_it(kotabaru, brought_to, officer, client_of) -> None:
    one = brought_to("dibayar", kotabaru)
    browser = client_of(officer)
    assert browser.get(f"/pembayaran/{one.pk}/").status_code == 404
    assert list(browser.get("/pembayaran/").context["object_list"]) == []
    assert browser.get("/pembayaran/harus-dibayar/?format=json").json()["rows"] == []


def test_a_kind_that_attendance_does_not_earn_has_no_page(kotabaru, staff, client_of) -> None:
    assert client_of(staff).get(f"/pembayaran/angkatan/{kotabaru.pk}/pembelian/").status_code == 404


def test_a_draft_sent_twice_is_one_draft(kotabaru, staff, office, signers, client_of) -> None:
    browser, way = client_of(staff), f"/pembayaran/angkatan/{kotabaru.pk}/uang_harian/"
    body = {"key": str(uuid.uuid4()), "office": office.pk, "ppk": signers["ppk"].pk, "treasurer": signers["treasurer"].pk}
    answers = [browser.post(way, body).status_code for _time in range(2)]
    assert (answers, PaymentList.objects.count()) == ([302, 302], 1)


def test_whole_niks_are_printed_by_post_on_record_and_nowhere_else(kotabaru, brought_to, treasurer, ppk, client_of) -> None:
    one, nik = brought_to("dibayar", kotabaru), factories.nik("63.02", 1)
    browser = client_of(treasurer)
    paper = browser.post(f"/pembayaran/{one.pk}/daftar-nik.pdf")
    text = text_of(paper.content)
    assert (nik in text, "NIK lengkap" in text) == (True, True)
    assert not PdfReader(io.BytesIO(paper.content)).attachments  # a file travels on: what is on the paper is not inside it
    event = AuditEvent.objects.get(verb="nik_printed")
    assert (event.by, event.after["people"], nik in str(event.after)) == (treasurer, 7, False)
    assert browser.get(f"/pembayaran/{one.pk}/daftar-nik.pdf").status_code == 405
    assert client_of(ppk).post(f"/pembayaran/{one.pk}/daftar-nik.pdf").status_code == 403
    assert nik not in canonical_json(one.document.snapshot).decode()


def test_a_receipt_of_one_line_carries_nothing_of_the_others(kotabaru, brought_to, treasurer, client_of) -> None:
    one = brought_to("dibayar", kotabaru)
    receipt = client_of(treasurer).get(f"/pembayaran/baris/{one.lines.first().pk}/tanda-terima.pdf")
    assert receipt.status_code == 200
    assert not PdfReader(io.BytesIO(receipt.content)).attachments
