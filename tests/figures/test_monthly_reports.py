"""A monthly report prepares itself, says what June said, waits for an official, and is never changed: a new edition replaces it."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.html import strip_tags

from distribution.actions.cancellations import approve_cancellation, request_cancellation
from distribution.actions.monthly import prepare_again, prepare_due, prepare_report, sign_report
from distribution.freezing import hash_of
from distribution.models import Handover, MonthlyReport
from distribution.reports.monthly import blocks_of, moved
from distribution.reports.reconciliation import reconcile, rows_as_json
from ikm_program.actions import Refusal
from ikm_program.dashboard.work import work_of
from ikm_program.integrity import reports
from ikm_program.models import AuditEvent
from ikm_program.scoping import Reach
from tests.paper_text import text_of
from trainings.models import Official, Programme, Region

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
JULY_1 = dt.date(2020, 7, 1)


@pytest.fixture
def programme() -> Programme:
    return Programme.objects.get(code="apd-pangan-2020")


@pytest.fixture
def june_of_kalsel(programme) -> MonthlyReport:
    return MonthlyReport.objects.get(region__kemendagri_code="63")


def official_of(code: str) -> Official:
    """In office today: the one whom the sources name left with the year 2020."""
    return Official.objects.filter(office__region__kemendagri_code=code, can_sign=True).valid_on(dt.date.today()).first()


def test_its_figures_are_the_reconciliation_of_both_ends_of_the_month(june_of_kalsel, programme):
    viewer = Reach(june_of_kalsel.region)
    for end, day in (("before", dt.date(2020, 5, 31)), ("after", dt.date(2020, 6, 30))):
        assert june_of_kalsel.figures["rows"][end] == rows_as_json(reconcile(viewer, as_of=day, programmes=[programme]))
    assert june_of_kalsel.figures["totals"]["hazmat"]["verified"] == 363


def test_on_the_first_of_a_month_those_that_miss_prepare_themselves_once(programme):
    assert prepare_due(JULY_1) == 12  # the province and Tanah Laut have theirs
    assert prepare_due(JULY_1) == 0
    made = MonthlyReport.objects.get(region__kemendagri_code="63.02")
    event = AuditEvent.objects.about(made).get()
    assert (made.created_by, event.by, event.after["sha256"]) == (None, None, made.sha256)
    assert {row["district"] for row in made.figures["rows"]["after"]} == {"63.02"}


def test_a_programme_that_has_not_begun_or_is_over_or_closed_prepares_none(programme):
    assert [prepare_due(day) for day in (dt.date(2020, 5, 1), dt.date(2021, 2, 1))] == [0, 0]
    Programme.objects.filter(pk=programme.pk).update(status=Programme.Status.CLOSED)
    assert prepare_due(JULY_1) == 0


def test_a_month_is_reported_when_it_is_over_and_once(programme, person):
    region = Region.objects.get(kemendagri_code="63")
    facts = {"by": person("staf.kalsel"), "programme": programme, "region": region}
    with pytest.raises(Refusal, match="not over"):
        prepare_report(MonthlyReport, month=dt.date.today(), **facts)
    with pytest.raises(Refusal, match="there already"):
        prepare_report(MonthlyReport, month=dt.date(2020, 6, 30), **facts)


def test_what_is_recorded_later_changes_nothing_until_it_is_prepared_again(june_of_kalsel, programme, person):
    handover = Handover.objects.get(store__region__kemendagri_code="63.08", programme=programme)
    asked = request_cancellation(handover, by=person("petugas.hsu"), version=handover.version, reason="Salah")
    approve_cancellation(asked, by=person("pejabat.hsu"), version=asked.version, cancelled_on=dt.date(2020, 6, 1))
    june_of_kalsel.refresh_from_db()
    assert june_of_kalsel.figures["totals"]["masker"]["handed_over"] == 500
    again = prepare_again(june_of_kalsel, by=person("staf2.kalsel"), version=june_of_kalsel.version, reason="BAST HSU dibatalkan")
    june_of_kalsel.refresh_from_db()
    assert (again.edition, again.figures["totals"]["masker"]["handed_over"]) == (2, 0)
    assert june_of_kalsel.status == MonthlyReport.Status.REPLACED
    with pytest.raises(Refusal):
        prepare_again(june_of_kalsel, by=person("staf.kalsel"), version=june_of_kalsel.version, reason="Sekali lagi")


def test_whoever_signs_is_told_that_the_records_have_moved_since_and_may_sign_all_the_same(june_of_kalsel, programme, person, browser):
    client, url = browser("pejabat.kalsel"), june_of_kalsel.get_absolute_url()
    pages = (url, f"{url}tanda-tangan/")
    assert ["have changed in the records" in client.get(page).content.decode() for page in pages] == [False, False]
    handover = Handover.objects.get(store__region__kemendagri_code="63.08", programme=programme)
    asked = request_cancellation(handover, by=person("petugas.hsu"), version=handover.version, reason="Salah")
    approve_cancellation(asked, by=person("pejabat.hsu"), version=asked.version, cancelled_on=dt.date(2020, 6, 1))
    for page in pages:
        text = " ".join(strip_tags(client.get(page).content.decode()).split())
        assert "2 figures of its month have changed in the records" in text
        assert "Masker · HSU · Awaiting acknowledgement: 500 in the report, 0 now (−500)" in text
        assert "Masker · HSU · Stock: 0 in the report, 500 now (+500)" in text
    answer = client.get(pages[1])
    live = client.get(f"{answer.context['live_url']}&format=json").json()
    assert (live["from"], live["to"]) == ("2020-05-31", "2020-06-30")
    facts = {"signatory": official_of("63").pk, "version": june_of_kalsel.version, "key": str(uuid.uuid4())}
    assert client.post(pages[1], facts).status_code == 302
    assert "What was signed stays as it is." in client.get(url).content.decode()


def test_asking_whether_the_records_have_moved_costs_as_little_for_a_province_as_for_a_district(june_of_kalsel):
    tala = MonthlyReport.objects.get(region__kemendagri_code="63.01")
    with CaptureQueriesContext(connection) as of_one:
        assert moved(tala) == []
    with CaptureQueriesContext(connection) as of_all:
        assert moved(june_of_kalsel) == []
    assert len(of_all) == len(of_one) <= 12


def test_a_difference_that_nobody_knows_is_blank_also_where_it_was_frozen_otherwise(june_of_kalsel):
    changed = next(block for block in june_of_kalsel.figures["blocks"] if block.get("caption") == "Angka yang berubah")
    assert {row[-1]["text"] for row in changed["rows"] if row[3]["is_unknown"]} == {""}
    note = "Selisih dikosongkan bila salah satu dari kedua angka belum diketahui, dan bila yang berubah adalah kata-kata."
    assert changed["notes"] == [note]
    for row in changed["rows"]:
        row[-1]["text"] = row[-1]["text"] or "belum ditetapkan"
    shown = blocks_of({"blocks": [changed | {"notes": []}]})[0]
    assert ("belum ditetapkan" in str(shown), shown["notes"]) == (False, [note])


def test_it_waits_for_an_official_of_its_region_who_signs_once(june_of_kalsel, person):
    official = person("pejabat.kalsel")
    assert any(str(work.text) == "Monthly reports to sign" and work.count == 1 for work in work_of(official))
    assert any("Monthly report to sign" in str(work.text) for work in work_of(person("pejabat.tala")))
    tala = MonthlyReport.objects.get(region__kemendagri_code="63.01")
    with pytest.raises(Refusal, match="own region"):
        sign_report(tala, by=official, version=tala.version, signatory=official_of("63.01"))
    with pytest.raises(Refusal, match="belongs to the office"):
        sign_report(june_of_kalsel, by=official, version=june_of_kalsel.version, signatory=official_of("63.02"))
    signed = sign_report(june_of_kalsel, by=official, version=june_of_kalsel.version, signatory=official_of("63"))
    assert (signed.status, signed.signature["name"], signed.signed_by) == ("ditandatangani", "Kepala Dinas Kalsel (CONTOH)", official)
    with pytest.raises(Refusal):
        sign_report(signed, by=official, version=signed.version, signatory=official_of("63"))
    assert not any("Monthly" in str(work.text) for work in work_of(official))


def test_no_report_is_signed_for_an_office_that_has_ended(june_of_kalsel, person):
    official = official_of("63")
    type(official.office).objects.filter(pk=official.office_id).update(valid_until=dt.date.today() - dt.timedelta(days=1))
    with pytest.raises(Refusal, match="was not valid on the date of the document"):
        sign_report(june_of_kalsel, by=person("pejabat.kalsel"), version=june_of_kalsel.version, signatory=official_of("63"))


def test_nobody_signs_what_they_prepared(june_of_kalsel, person):
    official = person("pejabat.kalsel")
    MonthlyReport.objects.filter(pk=june_of_kalsel.pk).update(created_by=official)
    june_of_kalsel.refresh_from_db()
    with pytest.raises(Refusal, match="themselves"):
        sign_report(june_of_kalsel, by=official, version=june_of_kalsel.version, signatory=official_of("63"))


def test_the_paper_says_what_was_frozen_and_who_signed(june_of_kalsel, person, browser):
    client = browser("pejabat.kalsel")
    url = june_of_kalsel.get_absolute_url()
    assert "belum ditandatangani" in text_of(client.get(f"{url}laporan.pdf").content)
    sign_report(june_of_kalsel, by=person("pejabat.kalsel"), version=june_of_kalsel.version, signatory=official_of("63"))
    text = text_of(client.get(f"{url}laporan.pdf").content)
    wanted = ("LAPORAN BULANAN JUNI 2020", "diverifikasi 363 set (38,21%)", "Tidak ada selisih", "Gugus Tugas Percepatan",
              "Kepala Dinas Kalsel (CONTOH)", june_of_kalsel.sha256[:20])  # fmt: skip
    assert [word for word in wanted if word not in text] == []
    assert "belum ditandatangani" not in text


def test_figures_that_were_touched_are_neither_shown_nor_printed_nor_signed(june_of_kalsel, person, browser):
    figures = june_of_kalsel.figures
    figures["totals"]["hazmat"]["verified"] = 950
    MonthlyReport.objects.filter(pk=june_of_kalsel.pk).update(figures=figures)
    client, url = browser("pejabat.kalsel"), june_of_kalsel.get_absolute_url()
    page = client.get(url)
    assert ("not those that were prepared" in page.content.decode(), page.context["blocks"]) == (True, [])
    assert client.get(f"{url}laporan.pdf").status_code == 500
    june_of_kalsel.refresh_from_db()
    with pytest.raises(Refusal, match="not those"):
        sign_report(june_of_kalsel, by=person("pejabat.kalsel"), version=june_of_kalsel.version, signatory=official_of("63"))
    assert len(list(reports.frozen_reports())) == 1
    assert hash_of(figures) != june_of_kalsel.sha256
