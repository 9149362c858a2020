"""An officer here records, submits, takes back and corrects; the province verifies or returns; the ledgers follow."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import Sum

from ikm_program import tallies
from ikm_program.actions import Refusal, ReplayConflict, StaleVersion
from production import ledger
from production.actions.output import (
    MakerPart,
    discard_output,
    edit_and_submit_output,
    edit_output,
    record_and_submit_output,
    record_correction,
    record_output,
    submit_output,
    withdraw_output,
)
from production.actions.photos import add_photo
from production.actions.verification import return_many, return_output, verify_many, verify_output
from production.models import Account, Lot, OutputEntry, OutputPhoto, ReportMovement, StockBalance, StockMovement, Store
from tests import factories
from tests.production.conftest import DAY, jpeg
from trainings.models import Batch

pytestmark = pytest.mark.usefixtures("in_english")
Status = OutputEntry.Status


def sums() -> tuple[int, int, int, int]:
    """reported, pending, verified, rejected over the whole report ledger"""
    names = ("reported", "pending", "verified", "rejected")
    total = ReportMovement.objects.aggregate(**{name: Sum(name, default=0) for name in names})
    return tuple(total[name] for name in names)  # type: ignore[return-value]


def stock() -> list[tuple[str, int]]:
    rows = StockBalance.objects.filter(quantity__gt=0).select_related("lot__line__participant").order_by("lot", "pk")
    return [(row.lot.line.maker_name, row.quantity) for row in rows]


# --- recording ------------------------------------------------------------------------------------------------------------


def test_a_draft_counts_nowhere(report: Any):
    entry = report(10, is_draft=True)

    assert entry.status == Status.DRAFT
    assert sums() == (0, 0, 0, 0)


def test_what_is_submitted_is_reported_and_pending_from_its_own_day(report: Any):
    entry = report(10, rejected=2)

    assert entry.status == Status.SUBMITTED
    assert sums() == (12, 12, 0, 0)
    assert ReportMovement.objects.get().effective_on == DAY


def test_what_the_makers_leave_open_is_not_broken_down(report: Any, makers: Any):
    entry = report(10, parts=[MakerPart(makers[0], 3), MakerPart(makers[1], 4)])

    assert [(line.maker_name, line.good) for line in entry.lines.all()] == [("Penjahit 1", 3), ("Penjahit 2", 4), ("not broken down", 3)]


def test_makers_cannot_make_more_than_the_whole(report: Any, makers: Any):
    with pytest.raises(Refusal) as refused:
        report(10, parts=[MakerPart(makers[0], 11)])

    assert (str(refused.value), refused.value.field) == (
        "The makers' parts add up to 11, more than the 10 good pieces. Difference 1.",
        "good",
    )


def test_only_enrolled_makers_are_named(report: Any, tala: Any):
    stranger = factories.ParticipantFactory(region=tala)

    with pytest.raises(Refusal, match="Only makers who take part in this batch can be named"):
        report(10, parts=[MakerPart(stranger, 1)])


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"made_on": dt.date(2999, 1, 1)}, "The production date cannot lie in the future."),
        ({"good": 0}, "Fill in how many were made."),
        ({"good": -1}, "A quantity cannot be negative. To lower a verified figure, record a correction."),
    ],
)
def test_what_cannot_be_is_refused(report: Any, facts: dict[str, Any], sentence: str):
    with pytest.raises(Refusal) as refused:
        report(**facts)

    assert str(refused.value) == sentence


def test_the_batch_of_another_district_is_refused(report: Any, banjar_batch: Any):
    with pytest.raises(Refusal, match="not one of yours"):
        report(batch=banjar_batch)


def test_an_instructor_records_the_own_batches_only(report: Any, instructor_user: Any, tala_batch: Any):
    with pytest.raises(Refusal, match="not one of yours"):
        report(by=instructor_user)

    instructor = factories.InstructorFactory(region=tala_batch.region, user=instructor_user)
    factories.InstructorAssignmentFactory(batch=tala_batch, instructor=instructor)
    assert report(by=instructor_user).status == Status.SUBMITTED


def test_a_supervisor_records_nothing(report: Any, auditor: Any):
    with pytest.raises(PermissionDenied):
        report(by=auditor)


def test_in_a_batch_of_the_province_the_output_is_the_officers_districts(report: Any, tala_batch: Any, province: Any, tala: Any):
    batch = factories.BatchFactory(activity=tala_batch.activity, region=province)

    assert report(batch=batch).region == tala


def test_a_closed_programme_takes_no_report(report: Any, programme: Any):
    type(programme).objects.update(status="ditutup")

    with pytest.raises(Refusal, match="The programme is closed"):
        report(batch=Batch.objects.get())


# --- retries --------------------------------------------------------------------------------------------------------------


def test_a_retry_of_the_same_form_records_once(officer: Any, tala_batch: Any, hazmat: Any):
    form = {"by": officer, "key": uuid4(), "product": hazmat, "made_on": DAY, "good": 10}

    first, second = record_and_submit_output(tala_batch, **form), record_and_submit_output(tala_batch, **form)

    assert first == second
    assert OutputEntry.objects.count() == 1
    assert sums() == (10, 10, 0, 0)


def test_the_same_key_with_another_body_is_a_conflict(officer: Any, tala_batch: Any, hazmat: Any):
    form = {"by": officer, "key": uuid4(), "product": hazmat, "made_on": DAY}
    record_output(tala_batch, good=10, **form)

    with pytest.raises(ReplayConflict):
        record_output(tala_batch, good=11, **form)

    assert OutputEntry.objects.get().good == 10


def test_photos_sent_ahead_join_their_report_and_a_photo_sent_twice_is_one(officer: Any, tala_batch: Any, hazmat: Any):
    form_key, upload_key = uuid4(), uuid4()
    for _try in range(2):
        add_photo(officer.region, by=officer, image=jpeg(), upload_key=upload_key, form_key=form_key)

    entry = record_output(tala_batch, by=officer, key=form_key, product=hazmat, made_on=DAY, good=1, form_key=form_key)

    assert entry.photos.count() == OutputPhoto.objects.count() == 1


def test_a_photo_that_arrives_after_its_form_joins_the_report(officer: Any, tala_batch: Any, hazmat: Any):
    key = uuid4()
    entry = record_output(tala_batch, by=officer, key=key, product=hazmat, made_on=DAY, good=1, form_key=key)

    add_photo(officer.region, by=officer, image=jpeg(), upload_key=uuid4(), form_key=key)

    assert entry.photos.count() == 1


# --- the author's own acts ------------------------------------------------------------------------------------------------


def test_a_withdrawn_report_is_a_draft_and_not_reported(report: Any, officer: Any):
    entry = report(10)

    withdraw_output(entry, by=officer, version=entry.version)

    assert entry.status == Status.DRAFT
    assert sums() == (0, 0, 0, 0)


def test_a_returned_report_is_edited_and_submitted_again(report: Any, officer: Any, staff: Any):
    entry = report(10)
    return_output(entry, by=staff, version=entry.version, reason="Foto kurang jelas")
    assert (entry.status, entry.returned_reason, sums()) == (Status.RETURNED, "Foto kurang jelas", (0, 0, 0, 0))

    edit_and_submit_output(entry, by=officer, version=entry.version, made_on=DAY, good=8)

    assert (entry.status, entry.returned_reason, sums()) == (Status.SUBMITTED, "", (8, 8, 0, 0))


def test_a_submitted_report_is_not_edited(report: Any, officer: Any):
    entry = report(10)

    with pytest.raises(Refusal, match="Withdraw it first"):
        edit_output(entry, by=officer, version=entry.version, made_on=DAY, good=8)


def test_a_stale_edit_is_refused(report: Any, officer: Any):
    entry = report(10, is_draft=True)
    edit_output(OutputEntry.objects.get(), by=officer, version=1, made_on=DAY, good=9)

    with pytest.raises(StaleVersion):
        edit_output(entry, by=officer, version=1, made_on=DAY, good=8)

    assert OutputEntry.objects.get().good == 9


def test_a_draft_can_be_thrown_away_and_a_report_that_was_submitted_cannot(report: Any, officer: Any):
    draft, withdrawn = report(1, is_draft=True), report(2)
    withdraw_output(withdrawn, by=officer, version=withdrawn.version)

    discard_output(draft, by=officer, version=draft.version)
    with pytest.raises(Refusal, match="Only a draft that was never submitted"):
        discard_output(withdrawn, by=officer, version=withdrawn.version)

    assert [entry.good for entry in OutputEntry.objects.all()] == [2]


# --- verification ---------------------------------------------------------------------------------------------------------


def test_every_accepted_line_is_a_lot_in_the_districts_store(report: Any, makers: Any, staff: Any, tala: Any):
    entry = report(10, rejected=1, parts=[MakerPart(makers[0], 4)])

    verify_output(entry, by=staff, version=entry.version)

    assert (entry.status, entry.verified_quantity) == (Status.VERIFIED, 10)
    assert sums() == (11, 0, 10, 1)
    assert stock() == [("Penjahit 1", 4), ("not broken down", 6)]
    assert [(lot.region, lot.made_on) for lot in Lot.objects.all()] == [(tala, DAY)] * 2
    assert Store.objects.get().region == tala


def test_fewer_need_a_reason_and_are_said_per_maker(report: Any, makers: Any, staff: Any):
    entry = report(10, parts=[MakerPart(makers[0], 4), MakerPart(makers[1], 6)])
    parts = {entry.lines.get(participant=makers[0]).pk: 3}

    with pytest.raises(Refusal) as refused:
        verify_output(entry, by=staff, version=entry.version, parts=parts)
    assert refused.value.field == "reason"
    entry.refresh_from_db()
    verify_output(entry, by=staff, version=entry.version, parts=parts, reason="Satu robek")

    assert (entry.verified_quantity, sums(), stock()) == (9, (10, 0, 9, 1), [("Penjahit 1", 3), ("Penjahit 2", 6)])


def test_more_than_was_reported_is_never_accepted(report: Any, staff: Any):
    entry = report(10)

    with pytest.raises(Refusal, match=r"cannot exceed the reported one \(10\)"):
        verify_output(entry, by=staff, version=entry.version, quantity=11, reason="Salah hitung")


def test_a_return_needs_its_reason(report: Any, staff: Any):
    entry = report(10)

    with pytest.raises(Refusal, match="A reason for returning is required"):
        return_output(entry, by=staff, version=entry.version, reason="  ")

    assert OutputEntry.objects.get().status == Status.SUBMITTED


def test_nobody_verifies_what_they_entered(report: Any, staff: Any, tala: Any):
    entry = report(10, by=staff)

    with pytest.raises(Refusal, match="Nobody verifies what they entered themselves"):
        verify_output(entry, by=staff, version=entry.version)


def test_nobody_verifies_what_they_submitted_for_another(report: Any, officer: Any, staff: Any):
    entry = report(10, is_draft=True)
    submit_output(entry, by=staff, version=entry.version)

    with pytest.raises(Refusal, match="Nobody verifies what they entered themselves"):
        verify_output(entry, by=staff, version=entry.version)


def test_the_database_holds_the_four_eyes_too(report: Any, officer: Any):
    entry = report(10)

    with pytest.raises(IntegrityError), transaction.atomic():
        OutputEntry.objects.filter(pk=entry.pk).update(
            status="diverifikasi", verified_by=officer, verified_at="2020-06-11T00:00:00Z", verified_quantity=10
        )


def test_a_district_officer_verifies_nothing(report: Any, other_officer: Any):
    entry = report(10)

    with pytest.raises(PermissionDenied):
        verify_output(entry, by=other_officer, version=entry.version)


def test_many_at_once_does_the_good_ones_and_lists_the_rest(report: Any, staff: Any):
    good, own = report(10), report(7, by=staff)

    result = verify_many([good, own], by=staff)

    assert result.done == [good]
    assert result.refused == [(own, "Nobody verifies what they entered themselves.")]
    assert sums() == (17, 7, 10, 0)


def test_many_are_returned_with_one_reason(report: Any, staff: Any):
    entries = [report(1), report(2)]

    result = return_many(entries, by=staff, reason="Tanpa foto")

    assert [entry.returned_reason for entry in result.done] == ["Tanpa foto", "Tanpa foto"]


def test_goods_that_must_be_inspected_are_not_available_yet(report: Any, staff: Any, programme: Any):
    type(programme).objects.update(requires_inspection=True)
    entry = OutputEntry.objects.get(pk=report(10).pk)

    verify_output(entry, by=staff, version=entry.version)

    assert list(StockBalance.objects.values_list("account", "quantity")) == [("pemeriksaan", 10)]


# --- corrections ----------------------------------------------------------------------------------------------------------


def test_a_correction_is_verified_and_changes_the_lot_it_names(verified: Any, officer: Any, staff: Any):
    line = verified(10).lines.get()
    correction = record_correction(line, by=officer, difference=-3, reason="Salah hitung")
    assert stock() == [("not broken down", 10)]

    verify_output(correction, by=staff, version=correction.version)

    assert (sums(), stock()) == ((7, 0, 7, 0), [("not broken down", 7)])


def test_a_correction_below_zero_is_refused_with_what_is_there(verified: Any, officer: Any, staff: Any):
    line = verified(10).lines.get()
    lost = [ledger.Move(line.lot.pk, Store.objects.get().pk, account, n) for account, n in ((Account.STOCK, -4), (Account.WRITTEN_OFF, 4))]
    ledger.post(lost, kind=StockMovement.Kind.WRITE_OFF, effective_on=DAY, source=line.entry)
    correction = record_correction(line, by=officer, difference=-7, reason="Salah hitung")

    with pytest.raises(Refusal, match="Available 6 set, requested 7 set"):
        verify_output(correction, by=staff, version=correction.version)

    assert stock() == [("not broken down", 6), ("not broken down", 4)]


def test_in_a_closed_programme_nothing_is_corrected(verified: Any, officer: Any, programme: Any):
    line = verified(10).lines.get()
    programme.status = "ditutup"
    programme.save()

    with pytest.raises(Refusal, match="The programme is closed"):
        record_correction(type(line).objects.get(pk=line.pk), by=officer, difference=-1, reason="salah hitung")


def test_a_correction_needs_a_difference_and_a_reason(verified: Any, officer: Any):
    line = verified(10).lines.get()

    for facts, field in (({"difference": 0, "reason": "x"}, "difference"), ({"difference": 1, "reason": " "}, "reason")):
        with pytest.raises(Refusal) as refused:
            record_correction(line, by=officer, **facts)
        assert refused.value.field == field


def test_what_is_not_verified_is_edited_not_corrected(report: Any, officer: Any):
    with pytest.raises(Refusal, match="can simply be edited"):
        record_correction(report(10).lines.get(), by=officer, difference=1, reason="x")


def test_every_row_of_the_report_ledger_balances_or_is_refused(report: Any):
    row = ReportMovement.objects.get(entry=report(10))
    row.pk, row.verified = None, 5

    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()


def test_the_stock_stands_in_one_account(verified: Any):
    verified(10)

    assert list(StockBalance.objects.values_list("account", "quantity")) == [(Account.STOCK, 10)]


def test_reports_are_counted_and_a_discarded_draft_no_longer(report, tala):
    report()
    draft = report(is_draft=True)
    before = tallies.total(OutputEntry, tala.path)
    discard_output(draft, by=draft.created_by, version=draft.version)
    assert (before, tallies.total(OutputEntry, tala.path)) == (2, 1)
