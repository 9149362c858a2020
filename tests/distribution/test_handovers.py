"""From a draft to an issued handover: who may, what leaves the store, which number it gets."""

from __future__ import annotations

import datetime as dt

import pytest

from distribution.actions.cancellations import approve_cancellation, request_cancellation
from distribution.actions.drafts import GoodsLine, Witness
from distribution.actions.handovers import discard_handover, draft_handover, draft_replacement, edit_handover, issue_handover
from distribution.actions.onwards import record_onward
from distribution.actions.transfers import draft_transfer, edit_transfer
from distribution.models import Handover, HandoverDraw
from ikm_program.actions import Refusal, StaleVersion
from ikm_program.models import AuditEvent
from production import ledger
from production.models import Account, StockBalance
from tests import factories
from tests.distribution.conftest import TODAY
from trainings.models import IssuedDocument, Office

pytestmark = pytest.mark.usefixtures("in_english")
Status = Handover.Status
JUNE = [dt.date(2020, 6, day) for day in range(1, 11)]


def transfer_facts(world) -> dict:
    return {
        "programme": world.programme,
        "to_store": world.province_store,
        "sent_on": TODAY,
        "place": "Pelaihari",
        "giver_office": world.office,
        "giver": world.signer,
        "receiver_office": world.province_office,
        "receiver": world.province_signer,
    }


def held(world, account: Account) -> int:
    return sum(StockBalance.objects.filter(account=account, store=world.store).values_list("quantity", flat=True))


def test_whoever_drafted_it_does_not_issue_it(world):
    world.stock(50)
    draft = world.draft(10)
    world.officer.groups.add(*world.official.groups.all())
    officer = type(world.officer).objects.get(pk=world.officer.pk)
    with pytest.raises(Refusal, match="Nobody issues a document they drafted themselves"):
        issue_handover(draft, by=officer, version=draft.version)
    assert held(world, Account.STOCK) == 50


def test_whoever_rewrote_a_draft_does_not_issue_it_nor_confirm_its_receipt(world, acknowledge):
    """Otherwise one person with both roles would take somebody's draft of ten and issue fifty."""
    world.stock(50)
    draft = world.draft(10)
    world.official.groups.add(*world.officer.groups.all())
    both = type(world.official).objects.get(pk=world.official.pk)
    rewritten = edit_handover(draft, by=both, version=draft.version, lines=[GoodsLine(world.product, 50)])
    with pytest.raises(Refusal, match="Nobody issues a document they drafted themselves"):
        issue_handover(rewritten, by=both, version=rewritten.version)
    second = factories.user("pejabat_kabupaten", "63.01", username="pejabat2.tala")
    issued = issue_handover(rewritten, by=second, version=rewritten.version)
    with pytest.raises(Refusal, match="does not record its acknowledgement"):
        acknowledge(issued)


def test_issuing_takes_the_goods_and_the_next_number(world, issue):
    world.stock(50)
    first, second = issue(30), issue(20)
    assert [first.status, held(world, Account.STOCK), held(world, Account.AWAITING)] == [Status.ISSUED, 0, 50]
    assert [first.document.sequence, second.document.sequence] == [1, 2]
    assert second.document.previous_hash == first.document.sha256
    assert first.number == "530/001/BAST-IKM/DISCONTOH/VI/2020"


def test_one_more_than_there_is_is_refused_in_words(world, issue):
    world.stock(50)
    issue(50)
    with pytest.raises(Refusal, match=r"Available 0 set, requested 1 set"):
        issue(1)
    assert IssuedDocument.objects.count() == 1


def test_the_oldest_lot_goes_first(world, issue):
    newer, older = world.stock(10, made_on=JUNE[5]), world.stock(10, made_on=JUNE[2])
    handover = issue(15)
    draws = HandoverDraw.objects.filter(line__handover=handover).order_by("lot__made_on")
    assert [(draw.lot.line.entry, draw.quantity) for draw in draws] == [(older, 10), (newer, 5)]


def test_chosen_lots_are_taken_as_chosen(world):
    older, newer = world.stock(10, made_on=JUNE[2]), world.stock(10, made_on=JUNE[5])
    lot = newer.lines.get().lot
    draft = world.draft(4)
    facts = {"lines": [GoodsLine(world.product, 4, lots={lot.pk: 4})]}
    edited = edit_handover(draft, by=world.officer, version=draft.version, **facts)
    issued = issue_handover(edited, by=world.official, version=edited.version)
    assert [draw.lot for draw in HandoverDraw.objects.filter(line__handover=issued)] == [lot]
    assert StockBalance.objects.get(lot=older.lines.get().lot, account=Account.STOCK).quantity == 10


def test_chosen_lots_must_add_up_to_the_line(world):
    lot = world.stock(10).lines.get().lot
    draft = world.draft(4)
    with pytest.raises(Refusal, match="add up to 3, the line says 4"):
        edit_handover(draft, by=world.officer, version=draft.version, lines=[GoodsLine(world.product, 4, lots={lot.pk: 3})])


def test_a_lot_of_another_store_or_product_is_not_chosen(world):
    masks = factories.ProductFactory(region=world.province, name="Masker")
    lot = world.stock(10).lines.get().lot
    draft = world.draft(4)
    with pytest.raises(Refusal, match="A chosen lot is not in this store"):
        edit_handover(draft, by=world.officer, version=draft.version, lines=[GoodsLine(masks, 4, lots={lot.pk: 4})])
    StockBalance.objects.filter(lot=lot).update(store=world.province_store)
    with pytest.raises(Refusal, match="A chosen lot is not in this store"):
        edit_handover(draft, by=world.officer, version=draft.version, lines=[GoodsLine(world.product, 4, lots={lot.pk: 4})])


def test_after_a_lost_race_for_chosen_lots_it_is_said_what_is_left(world, monkeypatch):
    lot = world.stock(10).lines.get().lot
    draft = world.draft(6)
    edited = edit_handover(draft, by=world.officer, version=draft.version, lines=[GoodsLine(world.product, 6, lots={lot.pk: 6})])

    def taken_meanwhile(*args, **kwargs):
        StockBalance.objects.filter(lot=lot, account=Account.STOCK).update(quantity=4)
        raise ledger.NotEnough

    monkeypatch.setattr(ledger, "take", taken_meanwhile)
    with pytest.raises(Refusal, match="Available 4 set, requested 6 set"):
        issue_handover(edited, by=world.official, version=edited.version)


def test_the_trail_keeps_the_lines_lots_and_witnesses_before_and_after(world):
    lot = world.stock(10).lines.get().lot
    draft = world.draft(4)
    lines = [GoodsLine(world.product, 4, specification="ukuran L", lots={lot.pk: 4})]
    edit_handover(draft, by=world.officer, version=draft.version, lines=lines, witnesses=[Witness("Saksi CONTOH", "Camat")])
    first, event = AuditEvent.objects.filter(verb="lines_changed").order_by("sequence")
    assert [first.before, first.after] == [{}, {"lines": ["Pakaian hazmat: 4 set (Good)"]}]
    assert event.before == {"lines": ["Pakaian hazmat: 4 set (Good)"], "lots": [], "witnesses": []}
    assert event.after == {
        "lines": ["Pakaian hazmat: 4 set (Good, ukuran L)"],
        "lots": [f"{lot}: 4"],
        "witnesses": ["Saksi CONTOH, Camat"],
    }


def test_the_trail_keeps_the_lines_of_a_transfer_too(world):
    world.stock(10)
    draft = draft_transfer(world.store, by=world.officer, lines=[GoodsLine(world.product, 4)], **transfer_facts(world))
    edit_transfer(draft, by=world.officer, version=draft.version, lines=[GoodsLine(world.product, 7)])
    drafted, event = AuditEvent.objects.filter(verb="lines_changed", model="distribution.transfer").order_by("sequence")
    four, seven = ({"lines": [f"Pakaian hazmat: {count} set (Good)"]} for count in (4, 7))
    assert [drafted.after, event.before, event.after] == [four, four, seven]


def test_the_trail_keeps_what_a_discarded_draft_carried(world):
    draft = world.draft(4, witnesses=[Witness("Saksi CONTOH")])
    discard_handover(draft, by=world.officer, version=draft.version)
    lines, witnesses = ["Pakaian hazmat: 4 set (Good)"], ["Saksi CONTOH"]
    assert AuditEvent.objects.get(verb="discarded").before == {
        "recipient": "Gugus Tugas CONTOH", "lines": lines, "lots": [], "witnesses": witnesses,
    }  # fmt: skip


def test_the_receiving_official_of_a_transfer_is_in_office_on_the_date(world):
    world.province_signer.valid_until = dt.date(2020, 6, 20)
    world.province_signer.save()
    with pytest.raises(Refusal, match="was not in office on the date") as refused:
        draft_transfer(world.store, by=world.officer, lines=[GoodsLine(world.product, 4)], **transfer_facts(world))
    assert refused.value.field == "receiver"


def test_an_earlier_date_needs_a_reason(world):
    with pytest.raises(Refusal, match="reason for a date before today"):
        world.draft(1, handed_over_on=JUNE[0])


def test_an_earlier_handover_cannot_spend_what_came_later(world, issue):
    world.stock(10, made_on=JUNE[8])
    with pytest.raises(Refusal, match=r"Available 0 set, requested 5 set"):
        issue(5, handed_over_on=JUNE[3], backdating_reason="dicatat kemudian")


def test_a_signatory_must_be_in_office_on_the_date(world):
    world.signer.valid_until = dt.date(2020, 6, 20)
    world.signer.save()
    with pytest.raises(Refusal, match="was not in office on the date"):
        world.draft(1)


def test_nobody_signs_for_an_office_that_had_ended_or_had_not_begun(world):
    for validity in ({"valid_until": JUNE[0]}, {"valid_from": TODAY + dt.timedelta(days=1)}):
        Office.objects.filter(pk=world.office.pk).update(**{"valid_from": None, "valid_until": None} | validity)
        office = Office.objects.get(pk=world.office.pk)
        with pytest.raises(Refusal, match="was not valid on the date of the document") as refused:
            world.draft(1, giver_office=office, giver=office.officials.get(pk=world.signer.pk))
        assert refused.value.field == "giver"


def test_an_official_of_another_office_does_not_sign(world):
    with pytest.raises(Refusal, match="does not belong to the office"):
        world.draft(1, giver=factories.OfficialFactory())


def test_giver_and_receiver_are_two_people(world):
    with pytest.raises(Refusal, match="cannot be signed for by the same person"):
        world.draft(1, receiver_name=world.signer.name.upper())


@pytest.mark.parametrize(("who", "sentence"), [("signer", "The giver cannot also be"), ("receiver", "The receiver cannot also be")])
def test_who_acknowledges_is_neither_of_the_parties(world, who, sentence):
    name = world.signer.name if who == "signer" else "Penerima CONTOH"
    with pytest.raises(Refusal, match=sentence) as refused:
        world.draft(1, acknowledged_by_name=name.lower())
    assert refused.value.field == "acknowledged_by_name"


def test_titles_do_not_make_two_people_of_one(world):
    world.signer.name = "Masturi"
    world.signer.save()
    for name in ("Masturi, S.E.", "H. MASTURI", "Dr.Ir. H. Masturi, S.E., M.M."):
        with pytest.raises(Refusal, match="cannot be signed for by the same person"):
            world.draft(1, receiver_name=name)
    assert world.draft(1, receiver_name="Muhammad Masturi").receiver_name == "Muhammad Masturi"


def test_two_records_of_one_official_do_not_sign_both_sides_of_a_transfer(world, sent):
    world.stock(5)
    namesake = factories.OfficialFactory(office=world.province_office, name=f"Ir. {world.signer.name}")
    with pytest.raises(Refusal, match="cannot be signed for by the same person") as refused:
        sent(5, receiver=namesake)
    assert refused.value.field == "receiver"


@pytest.mark.parametrize(
    ("names", "sentence", "field"),
    [
        (["{giver}, S.E."], "signs for the first party and cannot be a witness", "witnesses-0-name"),
        (["Saksi CONTOH", "H. Penerima Contoh"], "signs for the second party and cannot be a witness", "witnesses-1-name"),
        (["Bupati CONTOH"], "acknowledges the document and cannot be a witness", "witnesses-0-name"),
        (["Saksi CONTOH", "Ir. Saksi CONTOH"], "is named as a witness twice", "witnesses-1-name"),
    ],
)
def test_a_witness_signs_nothing_else_of_the_paper(world, names, sentence, field):
    witnesses = [Witness(name.format(giver=world.signer.name)) for name in names]
    with pytest.raises(Refusal, match=sentence) as refused:
        world.draft(1, acknowledged_by_name="Bupati CONTOH", witnesses=witnesses)
    assert refused.value.field == field
    assert not Handover.objects.exists()


def test_a_draft_that_has_its_giver_as_a_witness_is_not_issued(world):
    world.stock(5)
    draft = world.draft(5)
    draft.witnesses.create(name=world.signer.name)
    with pytest.raises(Refusal, match="signs for the first party and cannot be a witness"):
        issue_handover(draft, by=world.official, version=draft.version)


def test_an_issued_handover_is_never_edited(world, issue):
    world.stock(5)
    handover = issue(5)
    with pytest.raises(Refusal, match="cannot be changed"):
        edit_handover(handover, by=world.officer, version=handover.version, lines=[GoodsLine(world.product, 4)])


def test_a_draft_that_somebody_changed_meanwhile_is_not_thrown_away(world):
    seen = world.draft(4)
    edit_handover(
        Handover.objects.get(),
        by=world.officer,
        version=seen.version,
        lines=[GoodsLine(world.product, 5)],
        witnesses=[Witness("Saksi CONTOH")],
    )
    with pytest.raises(StaleVersion):
        discard_handover(seen, by=world.officer, version=seen.version)  # its page was opened before
    assert Handover.objects.get().lines.get().quantity == 5


def test_a_recipient_that_had_ended_warns_and_does_not_block(world, issue):
    world.stock(5)
    world.recipient.valid_until = dt.date(2020, 6, 20)
    world.recipient.save()
    handover = issue(5)
    assert [handover.recipient_had_ended, handover.status] == [True, Status.ISSUED]


def test_two_people_cancel_and_everything_returns_to_stock(world, issue, cancel):
    world.stock(65)
    handover = cancel(issue(56))
    assert [handover.status, held(world, Account.STOCK), held(world, Account.AWAITING)] == [Status.CANCELLED, 65, 0]
    kinds = IssuedDocument.objects.order_by("pk").values_list("kind", "sequence")
    assert list(kinds) == [("bast", 1), ("ba-batal", 1)]


@pytest.mark.parametrize("days", [1, -1], ids=["tomorrow", "before the handover"])
def test_a_cancellation_is_dated_between_the_last_act_and_today(world, issue, other_official, days):
    world.stock(5)
    handover = issue(5)
    asked = request_cancellation(handover, by=world.officer, version=handover.version, reason="salah")
    with pytest.raises(Refusal, match="between the last act on the document and today") as refused:
        approve_cancellation(asked, by=other_official, version=asked.version, cancelled_on=TODAY + dt.timedelta(days=days))
    assert (refused.value.field, IssuedDocument.objects.count(), held(world, Account.AWAITING)) == ("cancelled_on", 1, 5)


def test_a_cancellation_is_signed_by_who_is_in_office_on_its_date(world, issue, other_official):
    """Its signer has left; the berita acara of the cancellation speaks for the office, and for nobody else."""
    world.stock(5)
    handover = issue(5)
    successor = factories.OfficialFactory(office=world.office, name="Kepala Baru CONTOH", valid_from=TODAY)
    world.signer.valid_until = TODAY - dt.timedelta(days=1)
    world.signer.save()
    asked = request_cancellation(handover, by=world.officer, version=handover.version, reason="salah")
    with pytest.raises(Refusal, match="was not in office on the date") as refused:
        approve_cancellation(asked, by=other_official, version=asked.version, signer=world.signer)
    assert refused.value.field == "signer"
    paper = approve_cancellation(asked, by=other_official, version=asked.version).document.snapshot
    assert [paper["first_party"]["name"], paper["second_party"], paper["place"]] == [successor.name, None, ""]


def test_without_anybody_in_office_nothing_is_cancelled(world, issue, other_official):
    world.stock(5)
    handover = issue(5)
    world.office.officials.update(valid_until=TODAY - dt.timedelta(days=1))
    asked = request_cancellation(handover, by=world.officer, version=handover.version, reason="salah")
    with pytest.raises(Refusal, match="Nobody of this office is recorded as in office"):
        approve_cancellation(asked, by=other_official, version=asked.version)
    assert held(world, Account.AWAITING) == 5


def test_onward_distributions_recorded_after_the_request_are_seen_at_the_approval(world, issue, acknowledge, other_official):
    world.stock(5)
    handover = acknowledge(issue(5))
    asked = request_cancellation(handover, by=world.officer, version=handover.version, reason="salah")
    quantities = {handover.lines.get().pk: 2}
    record_onward(handover, by=world.officer, recipient=world.further(), handed_over_on=TODAY, quantities=quantities)
    with pytest.raises(Refusal, match="Cancel them first"):
        approve_cancellation(asked, by=other_official, version=asked.version)
    assert Handover.objects.get().status == Status.RECEIVED


def test_whoever_asked_does_not_approve_the_cancellation(world, issue):
    world.stock(5)
    handover = issue(5)
    asked = request_cancellation(handover, by=world.official, version=handover.version, reason="salah")
    with pytest.raises(Refusal, match="Nobody approves a cancellation they asked for"):
        approve_cancellation(asked, by=world.official, version=asked.version)


def test_the_replacement_takes_the_next_number(world, issue, cancel):
    world.stock(65)
    wrong = cancel(issue(56))
    draft = draft_replacement(wrong, by=world.officer)
    edited = edit_handover(draft, by=world.officer, version=draft.version, lines=[GoodsLine(world.product, 65)])
    right = issue_handover(edited, by=world.official, version=edited.version)
    assert [right.document.sequence, right.replaces, held(world, Account.AWAITING)] == [2, wrong, 65]
    assert wrong.document.standing.replaced_by == right.document


def test_a_draft_from_a_strangers_store_belongs_to_nobody_else(world, stranger):
    """The action itself checks the office against the store; reach is asked by the screens."""
    office = factories.OfficeFactory(region=factories.region("63.03"))
    with pytest.raises(Refusal, match="different regions"):
        draft_handover(
            world.store,
            by=stranger,
            lines=[GoodsLine(world.product, 1)],
            programme=world.programme,
            recipient=world.recipient,
            handed_over_on=TODAY,
            place="Martapura",
            giver_office=office,
            giver=factories.OfficialFactory(office=office),
            receiver_name="Penerima CONTOH",
            receiver_position="Sekretaris",
        )
