"""Somebody with the database's own password lifts the triggers, changes the past and puts them back: verify_integrity says what."""

from __future__ import annotations

import datetime as dt
import io
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import F

from distribution.models import Cancellation, Handover, HandoverDraw, HandoverWitness, Receipt, Recipient, Transfer
from ikm_program import audit, guards
from ikm_program.integrity import CHECKS, differences
from ikm_program.models import AuditEvent, Counter
from ikm_program.paper_content import sha256_hex
from production.models import DistrictTarget, Lot, OutputEntry, OutputPhoto, ReportMovement, StockBalance, StockMovement
from trainings.models import ActivityDistrict, DocumentRegion, IssuedDocument, IssuedFile, Region, User

pytestmark = pytest.mark.django_db
JUNE_1 = dt.datetime(2020, 6, 1, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)
YEAR = dt.timedelta(days=365)
LIVE = ("diterima", "diterbitkan")
Tamper = Callable[[], Any]

ACCOUNTED = "every movement is accounted for"
ONE_ACT = "the movements of a posting belong to one act"
STOCK_TIMES = "stock movements were recorded with their act"
REPORT_TIMES = "report movements were recorded with their act"
REPORTS = "the report ledger says what the reports say"
LOTS = "a lot holds what was verified"
PAPERS = "issued papers say what their records say"
STANDING = "what was issued, received and cancelled stands so"
TRAIL = "records are what the audit trail last said"
DOCUMENTS = "issued documents are what was issued, and have their PDF"
SHARES = "shares add up to their target"
RULES = "no row breaks a constraint"


def change(model: Any, lookup: dict[str, Any], **values: Any) -> Tamper:
    """The first such row, changed behind everybody's back."""

    def tamper() -> None:
        row = model._base_manager.filter(**lookup).order_by("pk").first()
        assert row is not None
        model._base_manager.filter(pk=row.pk).update(**values)

    return tamper


def shift(model: Any, days: dt.timedelta, field: str, **lookup: Any) -> Tamper:
    """A date or time of every such row moved; in Python, because the engines count days differently."""

    def tamper() -> None:
        for row in model._base_manager.filter(**lookup):
            model._base_manager.filter(pk=row.pk).update(**{field: getattr(row, field) + days})

    return tamper


def forged(**values: Any) -> Tamper:
    """Two movements that look like a posting, copied from a real one."""

    def tamper() -> None:
        pair = list(StockMovement.objects.filter(posting=StockMovement.objects.filter(kind="serah_terima").first().posting))
        posting = uuid.uuid4()
        for movement in pair:
            movement.pk, movement.posting = None, posting
            for name, value in values.items():
                setattr(movement, name, value)
            movement.save(force_insert=True)

    return tamper


def to_another_lot() -> None:
    """Handed over from the lot of a district that handed over nothing of it."""
    movement = StockMovement.objects.filter(kind="serah_terima", account="persediaan").first()
    other = Lot.objects.exclude(pk=movement.lot_id).filter(product=movement.lot.product).first()
    StockMovement.objects.filter(posting=movement.posting, lot=movement.lot_id).update(lot=other)


def last_paper_and_its_number() -> None:
    """The berita acara pembatalan, with its counter set back."""
    paper = IssuedDocument.objects.filter(kind="ba-batal").get()
    Cancellation.objects.filter(document=paper).update(document=None)
    for part in (IssuedFile, DocumentRegion):
        part.objects.filter(document=paper).delete()
    IssuedDocument.objects.filter(pk=paper.pk).delete()
    Counter.objects.filter(name=f"register:{paper.office_id}:{paper.kind}:{paper.year}").update(value=F("value") - 1)


def pdf_with_its_hash() -> None:
    content = b"%PDF-1.7 another"
    IssuedFile.objects.filter(pk=IssuedFile.objects.first().pk).update(content=content, sha256=sha256_hex(content))


def paper_of_another_handover() -> None:
    """Two papers change places: each then hangs on the other's handover."""
    one, two = Handover.objects.exclude(document=None).order_by("pk")[:2]
    Handover.objects.filter(pk=one.pk).update(document=None)
    Handover.objects.filter(pk=two.pk).update(document=one.document)
    Handover.objects.filter(pk=one.pk).update(document=two.document)


def paper_shown_to_another_district() -> None:
    """A region that had nothing to do with it may now read it."""
    paper = IssuedDocument.objects.filter(kind="bast").first()
    DocumentRegion.objects.create(document=paper, region=Region.objects.get(kemendagri_code="63.72"))


def evidence_gone(*, is_changed: bool) -> Tamper:
    def tamper() -> None:
        receipt = Receipt.objects.first()
        receipt.evidence.save("evidence.jpg", ContentFile(b"scan"), save=False)
        wrong = "0" * 64 if is_changed else "1" * 64
        Receipt.objects.filter(pk=receipt.pk).update(evidence=receipt.evidence.name, evidence_sha256=wrong)
        if not is_changed:
            receipt.evidence.storage.delete(receipt.evidence.name)

    return tamper


def photo_gone() -> None:
    entry = OutputEntry.objects.first()
    sent = {"upload_key": uuid.uuid4(), "form_key": uuid.uuid4(), "uploaded_by": entry.created_by}
    OutputPhoto.objects.create(entry=entry, region=entry.region, image="photos/none.jpg", sha256="0" * 64, **sent)


def cancellation_refused() -> None:
    Cancellation.objects.filter(status="disetujui").update(status="ditolak")


def verified_by_the_author() -> None:
    OutputEntry.objects.filter(pk=OutputEntry.objects.filter(status="diverifikasi").first().pk).update(verified_by=F("created_by"))


def two_shares() -> None:
    """One more here and one less there: the sum stays."""
    one, two = DistrictTarget.objects.filter(quantity__gt=0).order_by("pk")[:2]
    DistrictTarget.objects.filter(pk=one.pk).update(quantity=one.quantity + 1)
    DistrictTarget.objects.filter(pk=two.pk).update(quantity=two.quantity - 1)


def below_zero() -> None:
    StockBalance.objects.filter(pk=StockBalance.objects.first().pk).update(quantity=-1)


def quota_below() -> None:
    part = ActivityDistrict.objects.filter(quota__gt=0, enrolled__gt=0).first()
    ActivityDistrict.objects.filter(pk=part.pk).update(quota=part.enrolled - 1)


def another_drafter() -> None:
    Receipt.objects.filter(pk=Receipt.objects.first().pk).update(drafted_by_id_copy=User.objects.get(username="pengawas.kalsel").pk)


def another_recipient() -> None:
    handover = Handover.objects.filter(status="diterima").first()
    Handover.objects.filter(pk=handover.pk).update(recipient=Recipient.objects.exclude(pk=handover.recipient_id).first())


def another_issuer() -> None:
    paper = IssuedDocument.objects.filter(kind="bast").first()
    IssuedDocument.objects.filter(pk=paper.pk).update(issued_by=User.objects.get(username="staf.kalsel"))


ACK = {"kind": "konfirmasi"}
TAMPERINGS: dict[str, tuple[Tamper, str, str]] = {
    # --- the stock ledger
    "a posting of a document that is not there": (forged(source_id=10**6), ACCOUNTED, "handover 1000000, serah_terima"),
    "a posting of a kind of document that is not there": (forged(source_model="distribution.gift"), ACCOUNTED, "gift"),
    "a posting of a kind that does not fit": (forged(kind="pembatalan"), ACCOUNTED, "pembatalan on"),
    "a forged pair of a real handover": (forged(), ACCOUNTED, "nothing accounts for this movement"),
    "a handover's movements re-dated": (shift(StockMovement, DAY, "effective_on", kind="serah_terima"), ACCOUNTED, "not in the ledger"),
    "a receipt's movements re-dated": (shift(StockMovement, DAY, "effective_on", **ACK), ACCOUNTED, "not in the ledger"),
    "a dispatch re-dated": (shift(StockMovement, -DAY, "effective_on", kind="pengiriman"), ACCOUNTED, "pengiriman on 2020-06-14"),
    "an arrival re-dated": (shift(StockMovement, DAY, "effective_on", kind="kedatangan"), ACCOUNTED, "kedatangan on 2020-06-16"),
    "a verification re-dated": (shift(StockMovement, -DAY, "effective_on", kind="verifikasi"), ACCOUNTED, "verifikasi on"),
    "a cancellation re-dated": (shift(StockMovement, DAY, "effective_on", kind="pembatalan"), ACCOUNTED, "pembatalan on 2020-06-17"),
    "taken from another lot than the paper names": (to_another_lot, ACCOUNTED, "nothing accounts for this movement"),
    "one movement of a posting re-dated": (change(StockMovement, ACK, effective_on="2020-06-30"), ONE_ACT, "belong to different acts"),
    "learnt earlier than it was": (shift(StockMovement, -YEAR, "recorded_at", kind="serah_terima"), STOCK_TIMES, "has the act"),
    "learnt later than it was": (shift(StockMovement, DAY, "recorded_at", **ACK), STOCK_TIMES, "konfirmasi: recorded at"),
    "learnt before it happened": (change(StockMovement, ACK, recorded_at=JUNE_1), STOCK_TIMES, "when it happened"),
    # --- reports and lots
    "a report's movement re-dated": (shift(ReportMovement, DAY, "effective_on", reported__gt=0), REPORTS, "the report means"),
    "a report's movement learnt earlier": (shift(ReportMovement, -YEAR, "recorded_at"), REPORT_TIMES, "a movement recorded at"),
    "a production date moved": (change(OutputEntry, {"status": "diverifikasi"}, made_on="2020-05-02"), TRAIL, "made_on is '2020-05-02'"),
    "a verification date moved": (change(OutputEntry, {"status": "diverifikasi"}, verified_on="2020-07-01"), TRAIL, "verified_on is"),
    "a lot's date moved": (change(Lot, {}, made_on="2020-05-02"), LOTS, "its date, product, origin or programme"),
    # --- targets and people
    "a share changed": (change(DistrictTarget, {"quantity__gt": 0}, quantity=1), SHARES, "the total is"),
    "two shares changed alike": (two_shares, "shares are those of the last division", "not those of its last division"),
    "a quota below the enrolled": (quota_below, "enrolled counters count the enrolments", "the quota is"),
    # --- handovers, receipts, transfers, cancellations
    "an issued handover's date": (change(Handover, {"status": "diterima"}, handed_over_on="2020-06-14"), PAPERS, "the date is"),
    "an issued handover's receiver": (change(Handover, {"status": "diterima"}, receiver_name="Orang Lain"), PAPERS, "the receiver is"),
    "an issued handover's recipient": (another_recipient, PAPERS, "the recipient is"),
    "a witness added": (
        lambda: HandoverWitness.objects.create(handover=Handover.objects.filter(status="diterima").first(), name="Saksi Palsu"),
        PAPERS,
        "the witnesses is",
    ),
    "a drawn lot changed": (change(HandoverDraw, {"line__handover__status": "diterima"}, quantity=1), PAPERS, "what was taken is"),
    "a receipt's date": (change(Receipt, {}, received_on="2020-06-30"), TRAIL, "received_on is '2020-06-30'"),
    "a receipt's name": (change(Receipt, {}, receiver_name="Orang Lain"), TRAIL, "receiver_name is 'Orang Lain'"),
    "a receipt's note of the drafter": (another_drafter, STANDING, "its note of who drafted"),
    "a transfer's date": (change(Transfer, {}, sent_on="2020-06-14"), PAPERS, "the date is '2020-06-14'"),
    "a transfer's purpose": (change(Transfer, {}, purpose="mutasi"), PAPERS, "the purpose is 'mutasi'"),
    "an arrival's date": (change(Transfer, {}, received_on="2020-06-16"), TRAIL, "received_on is '2020-06-16'"),
    "an approved cancellation set to refused": (cancellation_refused, STANDING, "cancelled, and nobody approved it"),
    "a cancellation's reason": (change(Cancellation, {"status": "disetujui"}, reason="lain"), PAPERS, "the reason is 'lain'"),
    # --- issued documents
    "a paper's date in the register": (change(IssuedDocument, {"kind": "bast"}, document_on="2020-06-01"), PAPERS, "in the register is"),
    "a paper's address": (change(IssuedDocument, {"kind": "bast"}, token="a" * 40), PAPERS, "the address of its check"),
    "a paper's entry in the register": (change(IssuedDocument, {"kind": "bast"}, matter="1 set"), PAPERS, "the entry in the register is"),
    "a paper shown to another district": (paper_shown_to_another_district, PAPERS, "carries goods or people of"),
    "papers that changed places": (paper_of_another_handover, PAPERS, "is about distribution.handover"),
    "a paper's issuer": (another_issuer, PAPERS, "the audit trail says"),
    "a paper's time": (shift(IssuedDocument, -YEAR, "issued_at", kind="bast"), PAPERS, "issued at"),
    "the last paper gone with its number": (last_paper_and_its_number, TRAIL, "gone, and no event says who took it away"),
    "a PDF replaced together with its hash": (pdf_with_its_hash, PAPERS, "not the one whose hash the audit trail keeps"),
    # --- files
    "evidence that is gone": (evidence_gone(is_changed=False), "uploaded files are those that were sent", "cannot be read"),
    "evidence of another content": (evidence_gone(is_changed=True), "uploaded files are those that were sent", "not the one that was sent"),
    "a photo that is gone": (photo_gone, "uploaded files are those that were sent", "the picture cannot be read"),
    # --- constraints that were dropped meanwhile
    "verified by its own author": (verified_by_the_author, RULES, "breaks production_outputentry_four_eyes"),
    "a balance below zero": (below_zero, RULES, "breaks production_stockbalance_not_negative"),
}  # fmt: skip


@pytest.fixture
def unconstrained(lifted: None) -> None:
    """Neither triggers nor checks; the test's savepoint brings both back."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA ignore_check_constraints = ON")
            return
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # otherwise a table with something still to be checked cannot be altered
        cursor.execute(
            "SELECT conrelid::regclass, conname FROM pg_constraint WHERE contype = 'c' AND connamespace = 'public'::regnamespace"
            " AND (conname LIKE 'production%' OR conname LIKE 'distribution%' OR conname LIKE 'trainings%')"
        )
        for table, name in cursor.fetchall():
            cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')


@pytest.fixture(autouse=True)
def checks_are_asked_again():
    yield
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA ignore_check_constraints = OFF")


def found(check: str) -> list[str]:
    return list(CHECKS[check]())


@pytest.mark.parametrize("what", TAMPERINGS)
def test_it_is_found(what: str, unconstrained: None) -> None:
    tamper, check, sentence = TAMPERINGS[what]
    tamper()
    guards.install(connection)  # as if nothing had been
    sentences = found(check)
    assert any(sentence in one for one in sentences), sentences


def test_the_command_tells_and_fails(unconstrained: None) -> None:
    pdf_with_its_hash()
    guards.install(connection)
    said = io.StringIO()
    with pytest.raises(CommandError, match=r"1 difference\(s\) found"):
        call_command("verify_integrity", stderr=said, stdout=io.StringIO())
    assert "not the one whose hash the audit trail keeps" in said.getvalue()


LOOKS_LIKE_A_NIK = f"ab6301010101010007{'c' * 46}"


def test_a_hash_that_looks_like_a_nik_stays_whole(lifted: None) -> None:
    """One hash in a hundred has sixteen digits in a row: whoever holds the file compares all of it."""
    file = IssuedFile.objects.select_related("document").first()
    IssuedFile.objects.filter(pk=file.pk).update(sha256=LOOKS_LIKE_A_NIK)
    audit.record("file_stored", file.document, by=None, after={"file_sha256": LOOKS_LIKE_A_NIK}, reason="NIK 6301010101010007")
    event = AuditEvent.objects.latest("sequence")
    assert (event.after["file_sha256"], event.reason) == (LOOKS_LIKE_A_NIK, "NIK 630101******0007")
    assert found(PAPERS) == []


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("6301010101010007 6301010101010008", "630101******0007 630101******0008"),
        ("6301010101010007 2 orang", "630101******0007 2 orang"),
        ("6301 0101 0101 0007", "630101******0007"),
        (f"6301010101010007{'c' * 48}", f"630101******0007{'c' * 48}"),  # a hash is what is called one
        (f"lihat {LOOKS_LIKE_A_NIK}", f"lihat ab630101******0007{'c' * 46}"),
        ("198001012005011001", "198001012005011001"),  # an NIP has eighteen digits
        ("19800101 200501 1 001", "19800101 200501 1 001"),
        ("01.234.567.8-901.000", "01.234.567.8-901.000"),
        ("2020-06-15T10:30:12.123456+08:00", "2020-06-15T10:30:12.123456+08:00"),
    ],
)
def test_what_an_event_keeps_of_numbers(text: str, kept: str) -> None:
    assert audit.masked({"reason": [text]}) == {"reason": [kept]}
    assert audit.tells(kept, text)


def test_a_hash_that_an_early_event_masked_is_no_difference(lifted: None) -> None:
    file = IssuedFile.objects.select_related("document").first()
    IssuedFile.objects.filter(pk=file.pk).update(sha256=LOOKS_LIKE_A_NIK)
    masked = LOOKS_LIKE_A_NIK.replace("6301010101010007", "630101******0007")
    audit.record("file_stored", file.document, by=None, after={"file_sha256": masked})
    assert found(PAPERS) == []
    audit.record("file_stored", file.document, by=None, after={"file_sha256": f"{masked[:-1]}d"})
    assert "not the one whose hash the audit trail keeps" in "".join(found(PAPERS))


def test_a_name_that_was_changed_later_is_no_difference() -> None:
    """Papers keep the name of their day; the trail knows what it was."""
    from distribution.actions.recipients import update_recipient

    recipient = Handover.objects.filter(status="diterima").first().recipient
    by = recipient.created_by
    update_recipient(recipient, by=by, version=recipient.version, name="Nama Baru (CONTOH)")
    assert AuditEvent.objects.filter(verb="changed", model="distribution.recipient").exists()
    assert list(differences()) == []
