"""From the beginning of a mentoring to its certificate: who may, in which order, how late, how full the year is."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile

from ikm_program.actions import Refusal, StaleVersion
from ikm_program.integrity import files, trail
from tests import factories
from trainings import actions
from trainings.mentoring import months_later
from trainings.models import Enterprise, Licence, MentoringStandard, Pipeline, PipelineStep, User
from trainings.reports.funnel import funnel
from trainings.standards import load_of, next_loads

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]

MARCH = dt.date(2020, 3, 1)
JANUARY = dt.date(2021, 1, 15)
PDF = b"%PDF-1.4\nhalal\n%%EOF"


def begin(by: User, **facts) -> Pipeline:
    given = {"kind": "halal", "started_on": MARCH} | facts
    if "enterprise" not in given:
        given["enterprise"] = factories.EnterpriseFactory(region=by.region if by.region.is_district else factories.region("63.01"))
    return actions.start_pipeline(Pipeline, by=by, **given)


def passed(pipeline: Pipeline, by: User, on: dt.date = dt.date(2020, 6, 1), **facts) -> Pipeline:
    return actions.pass_pipeline(pipeline, by=by, version=pipeline.version, passed_on=on, **facts)


# --- the year of 2020: forty businesses, and the forty-first


@pytest.fixture
def forty(officer: User) -> list[Pipeline]:
    """40 mentored from 1 March 2020; 25 of them have passed by the end of the year."""
    rows = [begin(officer) for _ in range(40)]
    for row in rows[:25]:
        passed(row, officer, dt.date(2020, 12, 20))
    return rows


def test_fifteen_still_open_are_overdue_by_fourteen_days(forty, officer: User, staff: User, client_of) -> None:
    assert {row.due_on for row in forty} == {dt.date(2021, 1, 1)}
    late = Pipeline.objects.for_user(staff).overdue_on(JANUARY)
    assert (late.count(), {row.days_late(JANUARY) for row in late}) == (15, {14})
    assert Pipeline.objects.overdue_on(dt.date(2021, 1, 1)).count() == 0
    with time_machine.travel(dt.datetime(2021, 1, 15, 3, tzinfo=dt.UTC), tick=False):
        browser = client_of(staff)
        page = browser.get("/pendampingan/?terlambat=akhir")
        assert (len(page.context["object_list"]), page.content.decode().count("14 days late")) == (15, 15)
        assert "Overdue by 14 days" in browser.get(late[0].get_absolute_url()).content.decode()


def test_the_report_says_so_as_of_any_day(forty, staff: User) -> None:
    figures = ("started", "passed", "running", "overdue", "stopped")
    by_day = {day: funnel(staff, as_of=day, kind="halal").rows[0] for day in (dt.date(2020, 12, 1), JANUARY)}
    assert [by_day[dt.date(2020, 12, 1)][key] for key in figures] == [40, 0, 40, 0, 0]
    assert [by_day[JANUARY][key] for key in figures] == [40, 25, 15, 15, 0]


def test_the_forty_first_of_the_year_warns_and_the_twenty_first_is_noticed(forty, officer: User, client_of) -> None:
    assert [load_of(forty[number - 1]).level for number in (1, 20, 21, 40)] == ["", "", "notice", "notice"]
    [load] = next_loads(officer.region, 2020)
    assert (load.number, load.level) == (41, "warning")
    browser = client_of(officer)
    with time_machine.travel(dt.datetime(2020, 12, 28, 3, tzinfo=dt.UTC), tick=False):
        assert "number 41 of 2020 in Provinsi Kalimantan Selatan" in browser.get("/pendampingan/baru/").content.decode()
    late = begin(officer, started_on=dt.date(2020, 12, 28))
    assert (load_of(late).number, load_of(late).level) == (41, "warning")
    assert "The yearly capacity of 40 businesses is exceeded" in browser.get(late.get_absolute_url()).content.decode()
    assert load_of(begin(officer, started_on=dt.date(2021, 1, 2))).level == ""  # another year


def test_a_neighbouring_province_fills_its_own_year(forty, kupang) -> None:
    there = factories.user("petugas_kabupaten", "53.01")
    assert load_of(begin(there)).number == 1


def test_a_province_says_how_long_it_takes_and_how_many_it_can_carry(staff: User, officer: User, province) -> None:
    facts = {"expected_months": 4, "notice_from": 2, "warn_from": 3}
    actions.create_standard(MentoringStandard, by=staff, region=province, kind="pirt", **facts)
    rows = [begin(officer, kind="pirt") for _ in range(3)]
    assert {row.due_on for row in rows} == {dt.date(2020, 7, 1)}
    assert [load_of(row).level for row in rows] == ["", "notice", "warning"]
    with pytest.raises(Refusal, match="on record already"):
        actions.create_standard(MentoringStandard, by=staff, region=province, kind="pirt")
    with pytest.raises(Refusal, match="belong to a province"):
        actions.create_standard(MentoringStandard, by=staff, region=officer.region, kind="gizi")


def test_whose_length_nobody_knows_is_never_late(officer: User) -> None:
    pipeline = begin(officer, kind="merek")
    assert (pipeline.expected_months, pipeline.due_on, pipeline.days_late(dt.date(2030, 1, 1))) == (None, None, 0)


@pytest.mark.parametrize(
    ("day", "months", "due"),
    [("2020-03-01", 10, "2021-01-01"), ("2020-04-30", 10, "2021-02-28"), ("2019-12-31", 2, "2020-02-29"), ("2020-01-15", 0, "2020-01-15")],
)
def test_months_are_counted_by_the_calendar(day: str, months: int, due: str) -> None:
    assert months_later(dt.date.fromisoformat(day), months) == dt.date.fromisoformat(due)


# --- steps


def record(pipeline: Pipeline, by: User, step: str = "seleksi", result: str = "lulus", **facts) -> PipelineStep:
    given = {"done_on": dt.date(2020, 4, 1), "version": pipeline.version} | facts
    return actions.record_step(pipeline, by=by, step=step, result=result, **given)


def test_a_step_moves_the_next_action_on(officer: User) -> None:
    pipeline = begin(officer)
    assert pipeline.upcoming_step.code == "seleksi"
    record(pipeline, officer, next_action="Kirim berkas", next_on=dt.date(2020, 5, 1))
    pipeline = Pipeline.objects.get()
    assert (pipeline.upcoming, pipeline.next_on, pipeline.upcoming_step.code) == ("Kirim berkas", dt.date(2020, 5, 1), "bahan")
    record(pipeline, officer, "bahan", "ulang")
    pipeline = Pipeline.objects.get()
    assert (str(pipeline.upcoming), pipeline.upcoming_step.code, pipeline.progress_words) == (
        "Coaching on process",
        "bahan",
        "1 of 6 steps",
    )


def test_what_a_step_may_not_be(officer: User, other_officer: User) -> None:
    pipeline = begin(officer)
    tries = [
        ({"step": "tak_ada"}, "step"),
        ({"done_on": dt.date(2020, 2, 29)}, "done_on"),
        ({"done_on": dt.date(2999, 1, 1)}, "done_on"),
        ({"result": "berhenti"}, "note"),
        ({"officer": other_officer}, "officer"),
        ({"document": SimpleUploadedFile("x.pdf", b"MZ")}, "document"),
    ]
    found = []
    for facts, _field in tries:
        with pytest.raises(Refusal) as refused:
            record(pipeline, officer, **facts)
        found.append(refused.value.field)
    assert found == [field for _facts, field in tries]
    record(pipeline, officer)
    pipeline.refresh_from_db()
    with pytest.raises(Refusal, match="passed already"):
        record(pipeline, officer)


def test_two_who_record_at_once_are_told(officer: User) -> None:
    pipeline = begin(officer)
    record(pipeline, officer)
    with pytest.raises(StaleVersion):
        record(pipeline, officer, "bahan", version=1)
    assert PipelineStep.objects.count() == 1


def test_a_step_that_stops_it_stops_the_whole_and_it_can_go_on(officer: User) -> None:
    pipeline = begin(officer, next_action="Kirim", next_on=dt.date(2020, 5, 1))
    record(pipeline, officer, result="berhenti", note="Pemilik sakit")
    assert (pipeline.status, pipeline.stopped_reason, pipeline.ended_on, pipeline.next_on) == (
        "berhenti", "Pemilik sakit", dt.date(2020, 4, 1), None,
    )  # fmt: skip
    with pytest.raises(Refusal, match="is over"):
        record(pipeline, officer, "bahan")
    actions.resume_pipeline(pipeline, by=officer, version=pipeline.version, reason="Sembuh")
    record(pipeline, officer, "bahan")
    assert (pipeline.status, [*trail.records()]) == ("berjalan", [])


def test_a_wrong_date_is_mended_and_a_document_is_added_once(officer: User, client_of, other_officer: User) -> None:
    step = record(begin(officer), officer)
    actions.update_step(step, by=officer, version=step.version, done_on=dt.date(2020, 4, 2), document=SimpleUploadedFile("a.pdf", PDF))
    step.refresh_from_db()
    assert (step.done_on, step.has_document, [*files.uploads()], [*trail.records()]) == (dt.date(2020, 4, 2), True, [], [])
    with pytest.raises(Refusal, match="not replaced"):
        actions.update_step(step, by=officer, version=step.version, document=SimpleUploadedFile("b.pdf", PDF))
    address = f"/pendampingan/langkah/{step.pk}/dokumen/"
    answer = client_of(officer).get(address)
    assert (answer.content, answer.headers["Content-Disposition"].startswith("attachment")) == (PDF, True)
    assert client_of(other_officer).get(address).status_code == 404
    step.document.storage.delete(step.document.name)
    with step.document.storage.open(step.document.name, "wb") as file:
        file.write(b"%PDF-1.4 other %%EOF")
    assert (client_of(officer).get(address).status_code, len([*files.uploads()])) == (500, 1)


# --- the certificate is the licence of the business


def test_a_passed_mentoring_makes_the_licence_of_the_business(officer: User) -> None:
    pipeline = begin(officer)
    passed(pipeline, officer, number="HL-1", issuer="LPPOM", issued_on=dt.date(2020, 5, 30), valid_until=dt.date(2024, 5, 30))
    licence = pipeline.enterprise.licences.get()
    assert (pipeline.licence, licence.kind, licence.number, licence.valid_until) == (licence, "halal", "HL-1", dt.date(2024, 5, 30))
    assert (pipeline.status, pipeline.ended_on, [*trail.records()]) == ("lulus", dt.date(2020, 6, 1), [])


def test_it_fills_the_licence_that_is_there(officer: User) -> None:
    enterprise = factories.EnterpriseFactory()
    there = factories.LicenceFactory(enterprise=enterprise, kind="halal", number="HL-1", issuer="MUI")
    pipeline = passed(begin(officer, enterprise=enterprise), officer, number="HL-1", valid_until=dt.date(2024, 5, 30))
    licence = Licence.objects.get()
    assert (licence.pk, licence.issuer, licence.valid_until, pipeline.licence_id) == (there.pk, "MUI", dt.date(2024, 5, 30), there.pk)


def test_the_form_of_the_business_neither_loses_nor_overwrites_it(officer: User) -> None:
    enterprise = factories.EnterpriseFactory()
    opened = Enterprise.objects.get()
    pipeline = passed(begin(officer, enterprise=enterprise), officer, number="HL-1")
    with pytest.raises(StaleVersion):  # opened before: it would know nothing of the licence
        actions.update_enterprise(opened, by=officer, version=opened.version, name="Lain", licences=[])
    opened = Enterprise.objects.get()
    with pytest.raises(Refusal, match="won by a mentoring"):
        actions.update_enterprise(opened, by=officer, version=opened.version, licences=[])
    actions.correct_certificate(
        pipeline, by=officer, version=pipeline.version, number="HL-2", issuer="BPJPH", issued_on=None, valid_until=None
    )
    assert (Licence.objects.get().number, [*trail.records()]) == ("HL-2", [])


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"on": dt.date(2020, 2, 1)}, "passed_on"),
        ({"on": dt.date(2020, 3, 15)}, "passed_on"),
        ({"licence_kind": "sni"}, "licence_kind"),
        ({"issued_on": dt.date(2021, 1, 1), "valid_until": dt.date(2020, 1, 1)}, None),
    ],
)
def test_what_is_refused_at_the_end(officer: User, facts, field) -> None:
    pipeline = begin(officer)
    record(pipeline, officer)
    with pytest.raises(Refusal) as refused:
        passed(pipeline, officer, **facts)
    pipeline.refresh_from_db()
    assert (refused.value.field, pipeline.status, Licence.objects.count()) == (field, "berjalan", 0)


def test_once_for_a_business_kind_and_product(officer: User) -> None:
    enterprise = factories.EnterpriseFactory()
    first = begin(officer, enterprise=enterprise, product="Abon")
    begin(officer, enterprise=enterprise, product="Dodol")
    with pytest.raises(Refusal, match="being mentored for this already"):
        begin(officer, enterprise=enterprise, product="Abon")
    passed(first, officer)
    begin(officer, enterprise=enterprise, product="Abon")  # the renewal


def test_a_licence_that_ends_within_90_days_reminds_until_it_is_renewed(officer: User, client_of) -> None:
    soon = dt.date.today() + dt.timedelta(days=60)
    enterprise = factories.EnterpriseFactory()
    pipeline = passed(begin(officer, enterprise=enterprise), officer, number="HL-1", valid_until=soon)
    browser = client_of(officer)

    def shown(address: str) -> list[int]:
        return [row.pk for row in browser.get(address).context["object_list"]]

    assert (shown("/pendampingan/?berlaku=segera"), shown("/perizinan/?berlaku=segera")) == ([pipeline.pk], [pipeline.licence_id])
    factories.LicenceFactory(enterprise=enterprise, kind="halal", number="HL-2", valid_until=soon + dt.timedelta(days=1000))
    assert (shown("/pendampingan/?berlaku=segera"), shown("/perizinan/?berlaku=segera")) == ([], [])


# --- who may


def test_officials_read_and_another_district_sees_nothing(officer: User, official: User, other_officer: User, client_of) -> None:
    pipeline = begin(officer)
    address = pipeline.get_absolute_url()
    assert [client_of(person).get(address).status_code for person in (official, other_officer)] == [200, 404]
    with pytest.raises(PermissionDenied):
        actions.stop_pipeline(pipeline, by=official, version=1, stopped_on=MARCH, reason="x")
    with pytest.raises(Refusal, match="outside your region"):
        actions.stop_pipeline(pipeline, by=other_officer, version=1, stopped_on=MARCH, reason="x")


def test_the_page_offers_the_next_step_in_one_tap(officer: User, official: User, client_of) -> None:
    pipeline = begin(officer)
    step = client_of(officer).get(pipeline.get_absolute_url()).context["usual_step"][0]
    assert (str(step.label), step.href) == ("Record: Selection (export quality)", f"/pendampingan/{pipeline.pk}/langkah/?step=seleksi")
    assert client_of(official).get(pipeline.get_absolute_url()).context["usual_step"] == []
    form = client_of(officer).get(step.href).context["form"]
    assert (form["step"].value(), form["officer"].value()) == ("seleksi", officer.pk)
