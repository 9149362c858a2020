"""What arrives: whole, or with a shortfall that goes back or is written off; and what the receiver passes on."""

from __future__ import annotations

import datetime as dt
import hashlib

import pytest

from distribution.actions.cancellations import request_cancellation
from distribution.actions.onwards import cancel_onward, record_onward
from distribution.actions.receipts import Outcome, acknowledge_handover, add_evidence
from distribution.actions.transfers import receive_transfer
from distribution.models import Handover, HandoverLine, OnwardHandover, Recipient, Transfer
from ikm_program import audit_words
from ikm_program.actions import Refusal
from ikm_program.models import AuditEvent
from production.models import Account, StockBalance
from tests import factories
from tests.distribution.conftest import TODAY
from tests.matrix_world import jpeg

pytestmark = pytest.mark.usefixtures("in_english")


def held(account: Account) -> int:
    return sum(StockBalance.objects.filter(account=account).values_list("quantity", flat=True))


@pytest.fixture
def hospital(world) -> Recipient:
    return world.further()


@pytest.fixture
def puskesmas(world) -> Recipient:
    return world.further("Puskesmas CONTOH")


@pytest.fixture
def received(world, issue, acknowledge) -> Handover:
    """Thirty, all of them acknowledged."""
    world.stock(30)
    return acknowledge(issue(30))


def test_whoever_drafted_a_transfer_does_not_record_its_arrival(world, sent):
    world.stock(10)
    transfer = sent(5)
    world.officer.region = world.province_store.region
    world.officer.save()
    officer = type(world.officer).objects.get(pk=world.officer.pk)
    with pytest.raises(Refusal, match="Whoever sent the goods"):
        receive_transfer(transfer, by=officer, version=transfer.version, received_on=TODAY)


def test_whoever_drafted_it_does_not_record_its_receipt(world, issue):
    world.stock(5)
    handover = issue(5)
    with pytest.raises(Refusal, match="Whoever drafted the handover"):
        acknowledge_handover(handover, by=world.officer, version=handover.version, received_on=TODAY, receiver_name="A")


def test_a_receipt_brings_its_evidence_or_says_why_not(world, issue, acknowledge):
    world.stock(5)
    with pytest.raises(Refusal, match="Attach the evidence, or say why") as refused:
        acknowledge(issue(5), no_evidence_reason=" ")
    assert refused.value.field == "evidence"
    assert held(Account.AWAITING) == 5


def test_evidence_that_came_later_is_kept_once_and_not_by_the_drafter(world, received):
    with pytest.raises(Refusal, match="Whoever drafted the handover"):
        add_evidence(received.receipt, by=world.officer, version=1, evidence=jpeg())
    kept = add_evidence(received.receipt, by=world.official, version=1, evidence=jpeg())
    with kept.evidence.open("rb") as file:
        assert kept.evidence_sha256 == hashlib.sha256(file.read()).hexdigest()
    with pytest.raises(Refusal, match="is not replaced"):
        add_evidence(kept, by=world.official, version=kept.version, evidence=jpeg())


@pytest.mark.parametrize("days", [-1, 1])
def test_it_is_received_between_the_handover_and_today(world, issue, acknowledge, days):
    world.stock(5)
    with pytest.raises(Refusal, match="The date of receipt lies between the handover and today"):
        acknowledge(issue(5), received_on=TODAY + dt.timedelta(days=days))


def test_a_shortfall_goes_back_or_is_written_off(world, issue, acknowledge):
    world.stock(30)
    handover = issue(30)
    outcomes = {handover.lines.get().pk: Outcome(25, returned=3, written_off=2)}
    after = acknowledge(handover, outcomes=outcomes, shortfall_reason="2 robek, 3 kelebihan")
    assert after.status == Handover.Status.PARTIAL
    assert [held(account) for account in (Account.ACKNOWLEDGED, Account.STOCK, Account.WRITTEN_OFF, Account.AWAITING)] == [25, 3, 2, 0]


def test_the_trail_says_what_became_of_the_goods(world, issue, acknowledge):
    world.stock(30)
    handover = issue(30)
    outcomes = {handover.lines.get().pk: Outcome(25, returned=3, written_off=2)}
    acknowledge(handover, outcomes=outcomes, shortfall_reason="2 robek, 3 kelebihan")
    told = audit_words.changes(AuditEvent.objects.get(verb="goods_received", object_id=str(handover.pk)))
    assert told == [
        ("Received", "", "25 set Pakaian hazmat"),
        ("Items", "30 set Pakaian hazmat", ""),
        ("Returned to stock", "", "3 set Pakaian hazmat"),
        ("Written off", "", "2 set Pakaian hazmat"),
    ]


def test_a_shortfall_needs_a_reason(world, issue, acknowledge):
    world.stock(5)
    handover = issue(5)
    with pytest.raises(Refusal, match="Say why less was received"):
        acknowledge(handover, outcomes={handover.lines.get().pk: Outcome(4, returned=1)})


def test_nothing_is_lost_between_the_parts(world, issue, acknowledge):
    world.stock(5)
    handover = issue(5)
    with pytest.raises(Refusal, match="add up to 4, handed over were 5"):
        acknowledge(handover, outcomes={handover.lines.get().pk: Outcome(4)}, shortfall_reason="kurang")


def test_onward_never_exceeds_what_was_acknowledged(world, received, hospital):
    line = received.lines.get()
    record_onward(received, by=world.officer, recipient=hospital, handed_over_on=TODAY, quantities={line.pk: 20})
    with pytest.raises(Refusal, match="only 10 set are left to distribute, 11 were asked for"):
        record_onward(received, by=world.officer, recipient=hospital, handed_over_on=TODAY, quantities={line.pk: 11})
    assert [HandoverLine.objects.get(pk=line.pk).onward, held(Account.ACKNOWLEDGED)] == [20, 30]


def test_a_second_step_never_exceeds_the_first(world, received, hospital, puskesmas):
    first = record_onward(received, by=world.officer, recipient=hospital, handed_over_on=TODAY, quantities={received.lines.get().pk: 20})
    further = {"recipient": puskesmas, "handed_over_on": TODAY, "parent": first}
    record_onward(received, by=world.officer, quantities={first.lines.get().pk: 15}, **further)
    with pytest.raises(Refusal, match="only 5 set are left"):
        record_onward(received, by=world.officer, quantities={first.lines.get().pk: 6}, **further)


def test_a_step_is_cancelled_from_its_end(world, received, hospital, puskesmas):
    quantities = {received.lines.get().pk: 20}
    first = record_onward(received, by=world.officer, recipient=hospital, handed_over_on=TODAY, quantities=quantities)
    second = record_onward(
        received, by=world.officer, recipient=puskesmas, handed_over_on=TODAY, quantities={first.lines.get().pk: 5}, parent=first
    )
    with pytest.raises(Refusal, match="Cancel that first"):
        cancel_onward(first, by=world.officer, version=first.version, reason="salah")
    cancel_onward(second, by=world.officer, version=second.version, reason="salah")
    cancel_onward(first, by=world.officer, version=first.version, reason="salah")
    assert received.lines.get().onward == 0


def test_nobody_passes_goods_on_to_itself(world, received, hospital):
    """Neither the receiver of the handover nor that of a step; a second record of the same name in the same region is the same one."""
    task_force = received.recipient
    namesake = Recipient.objects.create(region=world.tala, kind=Recipient.Kind.GOVERNMENT, name=task_force.name.upper())
    first = record_onward(received, by=world.officer, recipient=hospital, handed_over_on=TODAY, quantities={received.lines.get().pk: 20})
    for recipient, parent, line in ((task_force, None, received.lines), (namesake, None, received.lines), (hospital, first, first.lines)):
        with pytest.raises(Refusal, match=f"The goods are with {(parent or received).recipient} already") as no:
            record_onward(
                received, by=world.officer, recipient=recipient, handed_over_on=TODAY, quantities={line.get().pk: 5}, parent=parent
            )
        assert no.value.field == "recipient"
    elsewhere = Recipient.objects.create(region=world.province, kind=Recipient.Kind.PROVINCE_TASK_FORCE, name=task_force.name)
    record_onward(received, by=world.officer, recipient=elsewhere, handed_over_on=TODAY, quantities={received.lines.get().pk: 5})


def test_nothing_goes_further_from_a_step_cancelled_meanwhile(world, received, hospital):
    quantities = {received.lines.get().pk: 20}
    seen = record_onward(received, by=world.officer, recipient=hospital, handed_over_on=TODAY, quantities=quantities)
    cancel_onward(OnwardHandover.objects.get(), by=world.officer, version=seen.version, reason="salah")
    further = {"recipient": hospital, "handed_over_on": TODAY, "parent": seen}  # the page was open before it was cancelled
    with pytest.raises(Refusal, match="The earlier step does not belong to this handover"):
        record_onward(received, by=world.officer, quantities={seen.lines.get().pk: 5}, **further)
    assert [OnwardHandover.objects.count(), received.lines.get().onward] == [1, 0]


def test_a_handover_with_live_onwards_is_not_cancelled(world, received, hospital):
    record_onward(received, by=world.officer, recipient=hospital, handed_over_on=TODAY, quantities={received.lines.get().pk: 1})
    with pytest.raises(Refusal, match="Cancel them first"):
        request_cancellation(received, by=world.officer, version=received.version, reason="salah")


def test_what_nobody_acknowledged_is_not_passed_on(world, issue, hospital):
    world.stock(5)
    handover = issue(5)
    with pytest.raises(Refusal, match="Only what the receiver has acknowledged"):
        record_onward(handover, by=world.officer, recipient=hospital, handed_over_on=TODAY, quantities={handover.lines.get().pk: 1})


def test_a_transfer_is_not_handed_over(world, sent):
    world.stock(100)
    transfer = sent(50)
    assert [held(account) for account in (Account.STOCK, Account.TRANSIT, Account.AWAITING)] == [50, 50, 0]
    arrived = receive_transfer(transfer, by=world.staff, version=transfer.version, received_on=TODAY)
    assert arrived.status == Transfer.Status.RECEIVED
    assert [held(account) for account in (Account.EVALUATION, Account.TRANSIT, Account.ACKNOWLEDGED)] == [50, 0, 0]


def test_the_sending_district_does_not_record_the_arrival(world, sent):
    world.stock(5)
    transfer = sent(5)
    with pytest.raises(Refusal, match="recorded by the receiving side"):
        receive_transfer(transfer, by=world.officer, version=transfer.version, received_on=TODAY)


def test_arrival_is_not_before_dispatch(world, sent):
    world.stock(5)
    transfer = sent(5)
    with pytest.raises(Refusal, match="between the dispatch and today"):
        receive_transfer(transfer, by=world.staff, version=transfer.version, received_on=TODAY - dt.timedelta(days=1))


def test_a_cancellation_says_what_returns_and_what_was_settled_before(world, issue, acknowledge, client_of, other_official):
    world.stock(50)
    handover = issue(50)
    handover = acknowledge(handover, outcomes={handover.lines.get().pk: Outcome(45, returned=3, written_off=2)}, shortfall_reason="2 robek")
    asked = request_cancellation(handover, by=world.officer, version=handover.version, reason="salah alamat")
    words = str(client_of(other_official).get(f"/pembatalan/{asked.pk}/setujui/").context["confirmation"])
    assert [figure for figure in ("45 set", "3 set", "2 set") if figure in words] == ["45 set", "3 set", "2 set"]
    assert "50 set" not in words


def test_the_public_page_says_that_less_arrived(world, issue, acknowledge, client):
    world.stock(50)
    handover = issue(50)
    acknowledge(handover, outcomes={handover.lines.get().pk: Outcome(45, returned=5)}, shortfall_reason="salah hitung")
    assert "Diterima Sebagian" in client.get(handover.document.verification_url).content.decode()


def test_a_receiver_is_never_taken_from_another_programme(world, issue, client_of):
    world.stock(5)
    last = issue(5)
    other = factories.ProgrammeFactory(region=world.programme.region)
    terms = {"gudang": world.store.pk, "penerima": last.recipient_id, "tanggal": TODAY.isoformat()}
    client = client_of(world.officer)
    same = client.get("/serah-terima/baru/", terms | {"program": world.programme.pk}).context["form"]
    another = client.get("/serah-terima/baru/", terms | {"program": other.pk}).context["form"]
    assert (same.initial.get("receiver_name"), another.initial.get("receiver_name")) == (last.receiver_name, None)
