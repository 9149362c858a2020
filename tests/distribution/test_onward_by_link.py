"""What a receiver reports of the way further: by a link, counted when the office has recorded it, never twice and never too much."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from distribution.actions.onwards import cancel_onward, record_onward, record_said_onward, set_aside_statement
from distribution.actions.receiver_links import give_onward_link
from distribution.models import Handover, HandoverLine, OnwardHandover, ReceiverStatement, Recipient
from ikm_program.actions import Refusal
from tests.distribution.conftest import TODAY
from tests.distribution.receivers import filled, onward_by_link, page_of

pytestmark = pytest.mark.usefixtures("in_english")


@pytest.fixture
def client() -> Client:
    return Client(headers={"accept-language": "en"})


@pytest.fixture
def received(world, issue, acknowledge) -> Handover:
    """Thirty, all of them acknowledged."""
    world.stock(30)
    return acknowledge(issue(30))


@pytest.fixture
def hospital(world) -> Recipient:
    return Recipient.objects.create(region=world.tala, kind=Recipient.Kind.HOSPITAL, name="RSUD CONTOH")


def passed_on() -> int:
    return HandoverLine.objects.get().onward


def test_a_report_counts_when_the_office_has_recorded_it(client, client_of, world, received, hospital):
    link = give_onward_link(received, by=world.officer, version=received.version, days=3)
    assert "30 set" in client.get(page_of(link)).text
    sent = filled(received, 20, passed_to="RSUD Hadji CONTOH")
    assert "The office checks it and records it" in client.post(page_of(link), sent, follow=True).text
    assert [passed_on(), OnwardHandover.objects.count()] == [0, 0]
    statement = ReceiverStatement.objects.get()
    form = client_of(world.officer).get(reverse("distribution:said_onward_record", args=[statement.pk]))
    assert [words for words in ("20 set", "RSUD Hadji CONTOH", "Sekretaris CONTOH") if words not in form.text] == []
    onward = record_said_onward(statement, by=world.officer, recipient=hospital)
    assert [passed_on(), onward.statement, onward.handed_over_on, onward.lines.get().quantity] == [20, statement, TODAY, 20]
    with pytest.raises(Refusal, match="recorded or set aside already"):
        record_said_onward(statement, by=world.officer, recipient=hospital)
    assert passed_on() == 20


def test_what_is_taken_back_can_be_recorded_again(world, received, hospital):
    statement = onward_by_link(received, "CONTOH", 5)
    onward = record_said_onward(statement, by=world.officer, recipient=hospital)
    cancel_onward(onward, by=world.officer, version=onward.version, reason="penerima keliru")
    record_said_onward(statement, by=world.officer, recipient=hospital)
    assert [passed_on(), OnwardHandover.objects.filter(status="tercatat").count()] == [5, 1]


def test_never_more_than_was_received(client, world, received, hospital):
    link = give_onward_link(received, by=world.officer, version=received.version, days=3)
    record_onward(received, by=world.officer, recipient=hospital, handed_over_on=TODAY, quantities={received.lines.get().pk: 25})
    answer = client.post(page_of(link), filled(received, 6, passed_to="Puskesmas"))
    assert [answer.status_code, "The largest allowed number is 5" in answer.text] == [422, True]


def test_a_report_that_was_overtaken_is_refused_when_it_is_recorded(world, received, hospital):
    statement = onward_by_link(received, "CONTOH", 20)
    record_onward(received, by=world.officer, recipient=hospital, handed_over_on=TODAY, quantities={received.lines.get().pk: 25})
    with pytest.raises(Refusal, match="only 5 set are left"):
        record_said_onward(statement, by=world.officer, recipient=hospital)


def test_a_report_names_who_got_them(client, world, received):
    link = give_onward_link(received, by=world.officer, version=received.version, days=3)
    for changes in ({"passed_to": ""}, {"passed_to": "Puskesmas", f"line-{received.lines.get().pk}": "0"}):
        assert client.post(page_of(link), filled(received, 5) | changes).status_code == 422
    assert ReceiverStatement.objects.count() == 0


def test_a_report_is_set_aside_with_a_reason_and_counts_nowhere(world, received, hospital):
    statement = onward_by_link(received, "CONTOH", 20)
    with pytest.raises(Refusal, match="Say why"):
        set_aside_statement(statement, by=world.officer, reason=" ")
    set_aside_statement(statement, by=world.officer, reason="sudah dicatat dari surat")
    with pytest.raises(Refusal, match="recorded or set aside already"):
        record_said_onward(statement, by=world.officer, recipient=hospital)
    assert passed_on() == 0


def test_a_receipt_is_no_report_of_onward_distribution(client, world, issue, hospital):
    from tests.distribution.receivers import confirmed_by_link

    world.stock(5)
    statement = confirmed_by_link(issue(5), world.official, "CONTOH")
    with pytest.raises(Refusal, match="recorded or set aside already"):
        record_said_onward(statement, by=world.officer, recipient=hospital)


def test_with_nothing_left_there_is_no_link(world, received, hospital):
    record_onward(received, by=world.officer, recipient=hospital, handed_over_on=TODAY, quantities={received.lines.get().pk: 30})
    with pytest.raises(Refusal, match="Nothing of this handover is left"):
        give_onward_link(received, by=world.officer, version=received.version, days=3)
