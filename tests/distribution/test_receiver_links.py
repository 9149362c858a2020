"""The receiver confirms without an account: by a link that works once, and through the same act as everybody's."""

from __future__ import annotations

import datetime as dt
import json
import logging
import re

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from distribution.actions.receipts import Outcome, acknowledge_handover
from distribution.actions.receiver_links import give_receipt_link, take_back_link
from distribution.models import Handover, Receipt, ReceiverLink, ReceiverStatement
from distribution.views import receiver
from ikm_program.actions import Refusal
from ikm_program.dashboard.work import kinds_for
from ikm_program.models import Attempt, AuditEvent
from production.models import Account, StockBalance
from tests.distribution.conftest import ADDRESS, NIP, PHONE, TODAY
from tests.distribution.receivers import filled, link_for, page_of, signature
from tests.matrix_world import jpeg

pytestmark = pytest.mark.usefixtures("in_english")


@pytest.fixture
def client() -> Client:
    return Client(headers={"accept-language": "en"})


def held(account: Account) -> int:
    return sum(StockBalance.objects.filter(account=account).values_list("quantity", flat=True))


@pytest.fixture
def handover(world, issue) -> Handover:
    """Thirty, on their way to the task force."""
    world.stock(30)
    return issue(30)


@pytest.fixture
def link(world, handover) -> ReceiverLink:
    return link_for(handover, world.official)


def status_of(handover: Handover) -> str:
    return Handover.objects.get(pk=handover.pk).status


def test_a_whole_receipt_is_acknowledged_at_once_by_the_usual_act(client, world, handover, link):
    page = client.get(page_of(link))
    assert [handover.number in page.text, "30 set" in page.text, world.recipient.name in page.text] == [True] * 3
    answer = client.post(page_of(link), filled(handover, photo=jpeg()), follow=True)
    assert [words for words in ("It is recorded", "30 of 30 set", "Sekretaris CONTOH") if words not in answer.text] == []
    receipt = Receipt.objects.get()
    assert [status_of(handover), receipt.receiver_name, receipt.created_by, receipt.statement.is_drawn, receipt.received_on] == [
        Handover.Status.RECEIVED, "Sekretaris CONTOH", world.official, True, TODAY,
    ]  # fmt: skip
    assert [held(Account.ACKNOWLEDGED), held(Account.AWAITING)] == [30, 0]
    assert "melalui tautan" in receipt.no_evidence_reason  # Indonesian in the record, whoever sent it
    assert receipt in Receipt.objects.without_evidence()  # the signed paper is still to be filed


def test_a_shortfall_waits_for_the_officer_and_is_settled_once(client, client_of, world, handover, link):
    line = handover.lines.get()
    client.post(page_of(link), filled(handover, 28, **{f"reason-{line.pk}": "2 basah di jalan"}))
    assert [status_of(handover), held(Account.AWAITING)] == [Handover.Status.ISSUED, 30]
    form = client_of(world.official).get(reverse("distribution:handover_acknowledge", args=[handover.pk])).context["form"]
    assert [form[f"line-{line.pk}"].value(), form["shortfall_reason"].value()] == ["28", f"{line.product.short_name}: 2 basah di jalan"]
    sent = {"key": form["key"].value(), "version": handover.version, f"line-{line.pk}": "30", "receiver_name": "Orang Lain"}
    sent |= {f"returned-{line.pk}": "0", f"written_off-{line.pk}": "2", "shortfall_reason": "2 basah"}
    answer = client_of(world.official).post(reverse("distribution:handover_acknowledge", args=[handover.pk]), sent)
    assert answer.status_code == 302
    receipt = Receipt.objects.get()
    assert [status_of(handover), receipt.receiver_name, receipt.statement] == [
        Handover.Status.PARTIAL, "Sekretaris CONTOH", ReceiverStatement.objects.get(),
    ]  # fmt: skip
    assert [held(account) for account in (Account.ACKNOWLEDGED, Account.WRITTEN_OFF, Account.AWAITING)] == [28, 2, 0]


def test_what_a_receiver_said_waits_under_one_heading(client, client_of, world, handover, link):
    """Not as short and as unconfirmed at once; each heading opens the list that it counts."""

    def headings() -> list[str]:
        kinds = kinds_for(world.official)
        return [name for name in ("settle", "acknowledge") if handover in kinds[name].rows(world.official)]

    def listed(said: str) -> bool:
        rows = client_of(world.official).get("/serah-terima/", {"status": "diterbitkan", "laporan": said}).context["object_list"]
        return handover in rows

    assert (headings(), listed("belum"), listed("selisih")) == (["acknowledge"], True, False)
    line = handover.lines.get()
    client.post(page_of(link), filled(handover, 28, **{f"reason-{line.pk}": "2 basah"}))
    assert (headings(), listed("belum"), listed("selisih")) == (["settle"], False, True)


def test_the_office_does_not_record_other_numbers_than_the_receiver_signed_for(client, world, handover, link):
    line = handover.lines.get()
    client.post(page_of(link), filled(handover, 28, **{f"reason-{line.pk}": "basah"}))
    facts = {"received_on": TODAY, "receiver_name": "Sekretaris CONTOH", "shortfall_reason": "kurang", "version": handover.version}
    with pytest.raises(Refusal, match="The receiver has confirmed something else"):
        acknowledge_handover(handover, by=world.official, outcomes={line.pk: Outcome(29, returned=1)}, **facts)


def test_of_a_new_link_the_newer_statement_counts(client, world, handover, link):
    line = handover.lines.get()
    client.post(page_of(link), filled(handover, 3, **{f"reason-{line.pk}": "salah ketik"}))
    client.post(page_of(link_for(handover, world.official)), filled(handover))
    assert [status_of(handover), Receipt.objects.get().statement] == [Handover.Status.RECEIVED, ReceiverStatement.objects.first()]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"name": ""}, "This field is required"),
        ({"on": "2020-06-24"}, "The date lies between the handover and today"),
        ({"signature": ""}, "Draw your signature, or tick the statement below"),
        ({"signature": "data:image/png;base64,AAAA"}, "did not arrive whole"),
        ({"signature": "data:image/svg+xml;base64,AAAA"}, "did not arrive whole"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_typed_is_lost(client, handover, link, changes, words):
    body = filled(handover, **changes)
    answer = client.post(page_of(link), body)
    assert [answer.status_code, words in answer.text, body["position"] in answer.text] == [422, True, True]
    assert [ReceiverStatement.objects.count(), status_of(handover)] == [0, Handover.Status.ISSUED]


@pytest.mark.parametrize(("quantity", "words"), [(29, "Say why less was received"), (31, "The largest allowed number is 30")])
def test_less_needs_a_reason_and_more_cannot_be(client, handover, link, quantity, words):
    answer = client.post(page_of(link), filled(handover, quantity))
    assert [answer.status_code, words in answer.text, ReceiverStatement.objects.count()] == [422, True, 0]


def test_without_a_drawing_the_typed_name_stands_and_is_marked_as_such(client, client_of, world, handover, link):
    answer = client.post(page_of(link), filled(handover, signature="", stands_for_signature="on"), follow=True)
    assert "typed name with a statement, not drawn" in answer.text
    assert "typed name with a statement, not drawn" in client_of(world.official).get(handover.get_absolute_url()).text


def test_sent_twice_it_is_recorded_once_and_thanks_again(client, handover, link):
    body = filled(handover)
    client.post(page_of(link), body)
    again = client.post(page_of(link), body | {"name": "Lain"}, headers={"accept": "application/json"})
    assert [again.status_code, again.json()["key"], ReceiverStatement.objects.count()] == [201, body["key"], 1]
    assert "Sekretaris CONTOH" in client.get(again.json()["url"]).text


def test_a_used_link_says_so_in_one_sentence_and_nothing_else(client, handover, link):
    client.post(page_of(link), filled(handover))
    for answer, status in ((client.get(page_of(link)), 410), (client.post(page_of(link), filled(handover)), 409)):
        assert [answer.status_code, "This link has been used" in answer.text] == [status, True]
        assert not any(secret in answer.text for secret in ("Sekretaris CONTOH", handover.number, handover.recipient.name))
    assert ReceiverStatement.objects.count() == 1


def test_after_its_time_a_link_says_so(client, handover, link):
    with time_machine.travel(dt.datetime(2020, 6, 28, 3, tzinfo=dt.UTC)):
        answers = [client.get(page_of(link)), client.post(page_of(link), filled(handover))]
    assert [(answer.status_code, "time of this link is over" in answer.text) for answer in answers] == [(410, True), (409, True)]
    assert ReceiverStatement.objects.count() == 0


def test_a_link_taken_back_opens_nothing(client, world, handover, link):
    take_back_link(link, by=world.official, version=link.version)
    assert "taken this link back" in client.post(page_of(link), filled(handover)).text
    assert ReceiverStatement.objects.count() == 0
    with pytest.raises(Refusal, match="used or taken back already"):
        take_back_link(link, by=world.official, version=link.version)


def test_a_new_link_takes_the_earlier_one_back(client, world, handover, link):
    newer = link_for(handover, world.official)
    assert [client.get(page_of(link)).status_code, client.get(page_of(newer)).status_code] == [410, 200]


def test_a_cancelled_handover_is_not_confirmed(client, handover, link, cancel):
    cancel(handover)
    assert "nothing left to confirm" in client.post(page_of(link), filled(handover)).text
    assert ReceiverStatement.objects.count() == 0


def test_whoever_drafted_the_handover_gives_out_no_link(world, handover):
    with pytest.raises(Refusal, match="Whoever drafted the handover"):
        give_receipt_link(handover, by=world.officer, version=handover.version, days=3)


def test_a_confirmed_handover_gets_no_link(world, handover, acknowledge):
    confirmed = acknowledge(handover)
    with pytest.raises(Refusal, match="not confirmed yet"):
        give_receipt_link(confirmed, by=world.official, version=confirmed.version, days=3)


def test_an_officer_who_lost_the_right_leaves_the_receipt_to_the_office(client, world, handover, link):
    world.official.groups.clear()
    client.post(page_of(link), filled(handover))
    assert [ReceiverStatement.objects.count(), Receipt.objects.count(), status_of(handover)] == [1, 0, Handover.Status.ISSUED]


def test_the_token_is_kept_nowhere(client, client_of, world, handover, caplog):
    """Not in the database, the trail, a log; and the page is not referred, indexed or kept."""
    page = client_of(world.official).post(
        reverse("distribution:receiver_link_create", args=[handover.pk]),
        {"key": str(filled(handover)["key"]), "days": "3", "version": handover.version},
    )
    token = re.search(r"/konfirmasi/([\w-]+)/", page.text)[1]
    assert len(token) == 32
    address = reverse("distribution:receiver_page", args=[token])
    with caplog.at_level(logging.DEBUG):
        answers = [client.get(address), client.post(address, {}), client.post(address, filled(handover)), client.get(address)]
    assert [answer.status_code for answer in answers] == [200, 422, 302, 410]
    for answer in answers:
        assert [answer.headers["Referrer-Policy"], answer.headers["Cache-Control"], not answer.cookies] == ["no-referrer", "no-store", True]
    kept = json.dumps(
        [list(AuditEvent.objects.values("before", "after", "label", "reason")), list(ReceiverLink.objects.values())], default=str
    )
    assert [token in kept, token in json.dumps(list(Attempt.objects.values("key")))] == [False, False]
    assert page.text.count(token) == 1  # only as the address to send


def test_a_log_line_keeps_no_token():
    from ikm_program.logs import WithoutTokens

    record = logging.LogRecord(
        "django.request", logging.WARNING, "", 0, "%s: %s", ("Gone", "/konfirmasi/abcdefghijklmnopqrstuvwxyz012345/"), None
    )
    WithoutTokens().filter(record)
    assert record.getMessage() == "Gone: /konfirmasi/…/"


def test_the_page_shows_no_more_of_people_than_it_needs(client, world, handover, link):
    text = client.get(page_of(link)).text
    secrets = (NIP, ADDRESS, PHONE, handover.receiver_name, world.signer.name, world.official.full_name)
    assert [secret for secret in secrets if secret in text] == []


def test_another_token_opens_nothing_and_tries_are_limited(client, handover, link, monkeypatch):
    assert client.get("/konfirmasi/" + "a" * 32 + "/").status_code == 404
    monkeypatch.setattr(receiver, "SENDINGS", 2)
    answers = [client.post("/konfirmasi/" + "b" * 32 + "/", {}).status_code for _try in range(3)]
    assert answers == [404, 404, 429]
    assert client.post(page_of(link), filled(handover)).status_code == 429
    assert ReceiverStatement.objects.count() == 0


def test_a_signature_is_written_anew_and_shown_to_the_office_only(client, client_of, world, stranger, handover, link):
    client.post(page_of(link), filled(handover))
    statement = ReceiverStatement.objects.get()
    address = reverse("distribution:statement_picture", args=[statement.pk, "tanda-tangan"])
    picture = client_of(world.official).get(address)
    assert [picture.status_code, picture.content[:8], picture["Content-Type"]] == [200, b"\x89PNG\r\n\x1a\n", "image/png"]
    assert signature().encode()[30:80] not in picture.content
    assert [client_of(stranger).get(address).status_code, client.get(address).status_code] == [404, 302]


def test_the_paper_of_the_handover_keeps_its_bytes(client, handover, link, printed):
    before = printed(handover)
    frozen, content = before.sha256, bytes(before.file.content)
    client.post(page_of(link), filled(handover))
    after = type(before).objects.select_related("file").get(pk=before.pk)
    assert (after.sha256, bytes(after.file.content)) == (frozen, content)
