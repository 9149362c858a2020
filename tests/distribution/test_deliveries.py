"""Goods on the road: a delivery note goes with an issued paper, its slip says what came, and neither moves stock or closes anything."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from distribution.actions import deliveries as actions
from distribution.models import Delivery, Handover
from ikm_program.actions import Refusal
from ikm_program.models import AuditEvent
from production.models import StockMovement
from tests.distribution.conftest import TODAY
from tests.paper_text import pages_of
from trainings.models import IssuedDocument
from trainings.tasks import render_document

pytestmark = pytest.mark.usefixtures("in_english")
Status = Delivery.Status


@pytest.fixture
def handed(world, issue) -> Handover:
    world.stock(100)
    return issue(63)


@pytest.fixture
def send(world):
    """`send(handover, 30)`: a note over so many, issued."""

    def made(parent: Any, quantity: int, *, is_draft: bool = False, **facts: Any) -> Delivery:
        values = {"sent_on": TODAY, "destination": "Posko Pelaihari", "driver": "Udin CONTOH", **facts}
        product = world.product.pk
        draft = actions.draft_delivery(parent, by=world.officer, quantities={product: quantity}, packages={product: 3}, **values)
        return draft if is_draft else actions.issue_delivery(draft, by=world.officer, version=draft.version)

    return made


def slip(world, delivery: Delivery, received: int, remark: str = "") -> Delivery:
    line = delivery.lines.get()
    return actions.record_slip(
        delivery,
        by=world.officer,
        version=delivery.version,
        arrived_on=TODAY,
        received_by_name="Penerima CONTOH",
        received={line.pk: received},
        remarks={line.pk: remark},
    )


def test_it_moves_no_stock_and_never_closes_a_handover(world, handed, send) -> None:
    moved = StockMovement.objects.count()
    delivery = slip(world, send(handed, 63), 63)
    handed.refresh_from_db()
    assert (delivery.status, handed.status) == (Status.ARRIVED, Handover.Status.ISSUED)
    assert not hasattr(handed, "receipt")
    assert StockMovement.objects.count() == moved
    assert list(handed.lines.values_list("acknowledged", flat=True)) == [None]


def test_goods_travel_on_nothing_but_an_issued_paper(world, send, cancel, handed) -> None:
    draft = world.draft(5)
    with pytest.raises(Refusal, match="issued and not cancelled"):
        send(draft, 5)
    waiting = send(handed, 5, is_draft=True)
    cancel(handed)
    with pytest.raises(Refusal, match="issued and not cancelled"):
        actions.issue_delivery(waiting, by=world.officer, version=waiting.version)


def test_several_loads_never_carry_more_than_the_paper(world, handed, send) -> None:
    first = send(handed, 40)
    with pytest.raises(Refusal, match="At most 23 can still be sent"):
        send(handed, 24)
    send(handed, 23)
    assert actions.left_to_send(handed) == {world.product.pk: 0}
    actions.cancel_delivery(first, by=world.officer, version=first.version, reason="mobil mogok")
    assert actions.left_to_send(handed) == {world.product.pk: 40}
    again = send(handed, 40)
    assert (first.number, again.number) == ("530/001/SJ-IKM/DISCONTOH/VI/2020", "530/003/SJ-IKM/DISCONTOH/VI/2020")


def test_two_drafts_over_the_same_goods_are_not_both_issued(world, handed, send) -> None:
    one, other = (send(handed, 40, is_draft=True) for _ in range(2))
    actions.issue_delivery(one, by=world.officer, version=one.version)
    with pytest.raises(Refusal, match="At most 23 can still be sent"):
        actions.issue_delivery(other, by=world.officer, version=other.version)


def test_a_difference_is_said_and_stays_on_the_note_alone(world, handed, send) -> None:
    delivery = send(handed, 63)
    with pytest.raises(Refusal, match="Say what became of the rest"):
        slip(world, delivery, 60)
    with pytest.raises(Refusal, match="No more was received than was sent"):
        slip(world, delivery, 64)
    slip(world, delivery, 60, "3 set basah, dibawa kembali")
    line = delivery.lines.get()
    assert (line.received, line.missing, line.remark) == (60, 3, "3 set basah, dibawa kembali")
    event = AuditEvent.objects.get(verb="delivery_short")
    assert (event.after["missing"], event.reason) == (3, "3 set basah, dibawa kembali")
    assert Handover.objects.get(pk=handed.pk).status == Handover.Status.ISSUED


@pytest.mark.parametrize("days", [-30, 1])
def test_the_dispatch_lies_between_the_paper_and_today(handed, send, days: int) -> None:
    with pytest.raises(Refusal, match="date of dispatch"):
        send(handed, 5, sent_on=TODAY + dt.timedelta(days=days))


def test_only_the_sending_office_writes_notes(world, handed, stranger) -> None:
    with pytest.raises(Refusal, match="sending office"):
        actions.draft_delivery(handed, by=stranger, quantities={world.product.pk: 1}, packages={}, sent_on=TODAY, destination="Banjar")


def test_a_transfer_travels_with_a_note_too(world, sent, send) -> None:
    world.stock(20)
    delivery = send(sent(20), 20)
    assert (delivery.receiver, delivery.document.second_party) == (world.province_store.name, world.province_store.name)
    assert delivery.document.snapshot["goes_with_title"] == "Berita Acara Penyerahan Barang untuk Evaluasi"


def test_the_paper_has_what_the_driver_needs_and_room_for_the_slip(world, handed, send) -> None:
    delivery = send(handed, 63, vehicle="Pikap DA 1234 CONTOH")
    render_document.call(delivery.document_id)
    document = IssuedDocument.objects.select_related("file").get(pk=delivery.document_id)
    pages = pages_of(bytes(document.file.content))
    text = " ".join(pages)
    wanted = (
        "SURAT JALAN", delivery.number, handed.number, "Posko Pelaihari", "Pikap DA 1234 CONTOH", "Udin CONTOH", "enam puluh tiga set",
        "Diisi penerima", "Tanda Terima", "bukan pengganti Berita Acara Serah Terima", "Petugas gudang", "Pengirim", "Pengemudi",
    )  # fmt: skip
    assert [words for words in wanted if words.lower() not in text.lower()] == []
    assert len(pages) == 1


def test_from_the_handovers_page_to_the_slip(world, handed, client_of) -> None:
    browser = client_of(world.officer)
    page = browser.get(handed.get_absolute_url()).content.decode()
    start = f"/serah-terima/{handed.pk}/surat-jalan/"
    assert start in page
    form = browser.get(start).context["form"]
    field = f"quantity-{world.product.pk}"
    assert form.fields[field].initial == 63
    sent = {"key": str(form.fields["key"].initial()), "sent_on": "2020-06-25", "destination": "Posko", field: "64"}
    refused = browser.post(start, sent)
    assert (refused.status_code, refused.context["form"].errors[field]) == (422, ["At most 63 can still be sent with this paper."])
    assert browser.post(start, sent | {field: "60"}).status_code == 302
    delivery = Delivery.objects.get()
    url = delivery.get_absolute_url()
    assert browser.get(f"{url}pratinjau.pdf").content.startswith(b"%PDF-")
    issued = browser.get(f"{url}terbitkan/").context["form"]
    browser.post(f"{url}terbitkan/", {"key": str(issued.fields["key"].initial()), "version": delivery.version})
    delivery.refresh_from_db()
    assert delivery.status == Status.UNDER_WAY
    assert delivery.number in browser.get(handed.get_absolute_url()).content.decode()
    line, form = delivery.lines.get(), browser.get(f"{url}tanda-terima/").context["form"]
    sent = {"key": str(form.fields["key"].initial()), "version": delivery.version, "arrived_on": "2020-06-25", "received_by_name": "Ani"}
    short = browser.post(f"{url}tanda-terima/", sent | {f"received-{line.pk}": "59"})
    assert short.context["form"].errors[f"remark-{line.pk}"] == ["Say what became of the rest."]
    assert browser.post(f"{url}tanda-terima/", sent | {f"received-{line.pk}": "60"}).status_code == 302
    delivery.refresh_from_db()
    assert (delivery.status, delivery.received_by_name) == (Status.ARRIVED, "Ani")


def test_the_public_check_says_what_it_goes_with_and_when_it_is_void(world, handed, send, client) -> None:
    delivery = send(handed, 5)
    address = delivery.document.verification_url
    page = client.get(address, headers={"accept-language": "en"}).content.decode()
    assert (handed.number in page, "Udin" in page) == (True, False)
    actions.cancel_delivery(delivery, by=world.officer, version=delivery.version, reason="batal jalan")
    assert (
        "Genuine, but no longer valid: cancelled on 25 June 2020."
        in client.get(address, headers={"accept-language": "en"}).content.decode()
    )


def test_a_draft_is_thrown_away_and_no_number_is_lost(world, handed, send) -> None:
    draft = send(handed, 5, is_draft=True)
    actions.discard_delivery(draft, by=world.officer, version=draft.version)
    assert send(handed, 5).number == "530/001/SJ-IKM/DISCONTOH/VI/2020"
