"""One thing is damaged at a time, with the database's own guards lifted, and the right check names it."""

from __future__ import annotations

import io
import uuid

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import F

from distribution.models import HandoverLine, OnwardLine
from ikm_program import guards
from ikm_program.integrity import CHECKS, differences
from ikm_program.models import Counter
from production.models import Account, Lot, OutputEntry, OutputLine, ReportMovement, StockBalance, StockMovement
from trainings.models import ActivityDistrict, IssuedDocument, IssuedFile

pytestmark = pytest.mark.django_db


ACCOUNTED = "every movement is accounted for"


def found(name):
    return list(CHECKS[name]())


def test_nothing_differs_in_the_demo():
    assert list(differences()) == []


def test_the_command_says_so(capsys):
    call_command("verify_integrity")
    assert capsys.readouterr().out.splitlines()[-1] == "Nothing differs."


def test_the_command_prints_each_difference_and_fails():
    StockBalance.objects.filter(account=Account.ACKNOWLEDGED).update(quantity=F("quantity") + 1)
    err = io.StringIO()
    with pytest.raises(CommandError, match=r"difference\(s\) found"):
        call_command("verify_integrity", stderr=err, stdout=io.StringIO())
    assert "its movements add up to" in err.getvalue()


def test_the_command_reads_only():
    before = (StockMovement.objects.count(), StockBalance.objects.count(), IssuedFile.objects.count())
    call_command("verify_integrity", stdout=io.StringIO())
    assert (StockMovement.objects.count(), StockBalance.objects.count(), IssuedFile.objects.count()) == before


# --- ledgers


def test_a_balance_that_was_raised():
    balance = StockBalance.objects.filter(account=Account.STOCK).first()
    StockBalance.objects.filter(pk=balance.pk).update(quantity=balance.quantity + 7)
    [sentence] = found("balances are the sums of their movements")
    assert f"the balance says {balance.quantity + 7}, its movements add up to {balance.quantity}" in sentence


def test_a_movement_that_was_deleted(lifted):
    StockMovement.objects.filter(kind=StockMovement.Kind.HANDOVER, account=Account.STOCK).first().delete()
    assert len(found("balances are the sums of their movements")) == 1
    assert len(found("a posting moves pieces, it neither makes nor loses them")) == 1


def test_a_movement_dated_before_there_was_anything(lifted):
    StockMovement.objects.filter(kind=StockMovement.Kind.HANDOVER).update(effective_on="2020-01-01")
    assert "stood below zero on 2020-01-01" in found("no place ever stood below zero")[0]


def test_pieces_made_from_nothing(lifted):
    first = StockMovement.objects.filter(kind=StockMovement.Kind.HANDOVER, quantity__gt=0).first()
    StockMovement.objects.filter(pk=first.pk).update(quantity=first.quantity + 5)
    assert found("a posting moves pieces, it neither makes nor loses them") == [
        f"posting {first.posting}: its movements add up to 5, not to 0"
    ]


def test_a_lot_with_more_than_was_verified(lifted):
    lot = Lot.objects.first()
    StockMovement.objects.filter(lot=lot, kind=StockMovement.Kind.VERIFIED).update(quantity=F("quantity") + 1)
    assert found("a lot holds what was verified") == [
        f"lot {lot.pk}: {lot.line.verified_quantity + 1} came in, {lot.line.verified_quantity} were verified"
    ]


def test_a_correction_that_no_report_made(lifted):
    first = StockMovement.objects.filter(kind=StockMovement.Kind.VERIFIED).first()
    first.pk, first.posting, first.kind = None, uuid.uuid4(), StockMovement.Kind.CORRECTION
    first.save(force_insert=True)
    assert found("a lot holds what was verified") == [f"lot {first.lot_id}: corrected by {first.quantity}, the corrections say 0"]


def test_a_verified_line_without_its_lot(lifted):
    entry = OutputEntry.objects.filter(status="diverifikasi").first()
    OutputLine.objects.create(entry=entry, good=3, verified_quantity=3, participant=None)
    assert found("a lot holds what was verified") == [f"report {entry.pk}: a verified line of 3 has no lot"]


def test_a_report_that_lost_its_movement(lifted):
    movement = ReportMovement.objects.filter(verified__gt=0).first()
    movement.delete()
    [sentence] = found("the report ledger says what the reports say")
    assert sentence.startswith(f"report {movement.entry_id} (diverifikasi): the ledger has 2020-06-12: reported 100")


def test_a_quantity_changed_behind_the_ledger(lifted):
    entry = OutputEntry.objects.filter(status="diajukan").first()
    OutputEntry.objects.filter(pk=entry.pk).update(good=entry.good + 1)
    sentences = found("the report ledger says what the reports say")
    assert len(sentences) == 2
    assert all(sentence.startswith(f"report {entry.pk}") for sentence in sentences)


def test_a_movement_booked_to_another_district(lifted):
    movement = ReportMovement.objects.filter(region__kemendagri_code="63.01").first()
    other = ReportMovement.objects.filter(region__kemendagri_code="63.02").first()
    ReportMovement.objects.filter(pk=movement.pk).update(region=other.region)
    assert any("another programme, product or district" in sentence for sentence in found("the report ledger says what the reports say"))


# --- papers


def test_a_handover_line_that_was_changed():
    line = HandoverLine.objects.filter(handover__status="diterbitkan").first()
    HandoverLine.objects.filter(pk=line.pk).update(quantity=line.quantity + 1)
    assert found("papers name the lots they take") == [
        f"handover {line.handover_id}: a line of {line.quantity + 1} names lots for {line.quantity}"
    ]


def test_a_cancelled_handover_whose_goods_did_not_come_back(lifted):
    StockMovement.objects.filter(kind=StockMovement.Kind.CANCELLATION).delete()
    assert [sentence.endswith("this movement is not in the ledger") for sentence in found(ACCOUNTED)] == [True, True]


def test_a_transfer_that_never_arrived(lifted):
    StockMovement.objects.filter(kind=StockMovement.Kind.ARRIVAL).delete()
    assert [sentence.endswith("this movement is not in the ledger") for sentence in found(ACCOUNTED)] == [True, True]


def test_more_noted_as_passed_on_than_was():
    step = OnwardLine.objects.first()
    HandoverLine.objects.filter(pk=step.source_id).update(onward=step.quantity - 1)
    assert found("onward distributions add up") == [
        f"handover {step.source.handover_id}: {step.quantity - 1} noted as passed on, the onward distributions add up to {step.quantity}"
    ]


def test_a_number_that_nobody_has():
    counter = Counter.objects.filter(name__startswith="register:").first()
    Counter.objects.filter(pk=counter.pk).update(value=counter.value + 1)
    assert found("registers end where their counters stand") == [
        f"{counter.name}: the counter stands at {counter.value + 1}, the last document is number {counter.value}"
    ]


def test_a_missing_pdf(lifted, in_english):
    paper = IssuedDocument.objects.first()
    paper.file.delete()
    assert found("issued documents are what was issued, and have their PDF") == [f"{paper.number}: the PDF is missing"]


def test_a_paper_rewritten_after_it_was_issued(lifted):
    paper = IssuedDocument.objects.filter(kind="bast").first()
    IssuedDocument.objects.filter(pk=paper.pk).update(snapshot={**paper.snapshot, "place": "Tempat lain"})
    assert len(found("issued documents are what was issued, and have their PDF")) == 1


# --- people and guards


def test_an_enrolled_counter_that_drifted():
    part = ActivityDistrict.objects.filter(enrolled__gt=0, quota__gt=0).first()
    ActivityDistrict.objects.filter(pk=part.pk).update(enrolled=part.enrolled - 1)
    assert found("enrolled counters count the enrolments") == [
        f"{part.activity}, {part.region}: the counter says {part.enrolled - 1} enrolled, there are {part.enrolled}"
    ]


def test_a_trigger_that_is_gone(lifted):
    assert len(found("the database refuses changes of what is append-only")) == len(guards.missing(connection)) > 0
