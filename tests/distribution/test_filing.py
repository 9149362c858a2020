"""Signed papers that are not filed yet: how old, and whose task."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.urls import reverse

from distribution.actions.filing import assign_filing
from distribution.models import Handover
from ikm_program.actions import Refusal
from tests.matrix_world import jpeg

pytestmark = pytest.mark.usefixtures("in_english")
LIST = "distribution:filing_list"


@pytest.fixture
def handover(world, issue) -> Handover:
    world.stock(30)
    return issue(10)


def listed(client, **query: str) -> list[Handover]:
    return list(client.get(reverse(LIST), query).context["object_list"])


def test_a_paper_stands_there_from_its_issue_until_its_signed_copy_is_uploaded(world, handover, acknowledge, client_of):
    client = client_of(world.official)
    assert [listed(client), listed(client, penerimaan="belum"), listed(client, penerimaan="sudah")] == [[handover], [handover], []]
    received = acknowledge(handover)
    assert listed(client, penerimaan="sudah") == [received]
    from distribution.actions.receipts import add_evidence

    add_evidence(received.receipt, by=world.official, version=1, evidence=jpeg())
    assert listed(client) == []
    with pytest.raises(Refusal, match="is filed, or none is expected"):
        assign_filing(received, by=world.official, version=received.version, owner=world.official)


def test_its_age_is_filtered_and_told_on_the_work_list(world, handover, acknowledge, client_of):
    acknowledge(handover)
    client = client_of(world.official)
    assert listed(client, umur="7") == []
    with time_machine.travel(dt.datetime(2020, 7, 11, 2, tzinfo=dt.UTC)):
        later = client_of(world.official)
        assert [listed(later, umur="14"), listed(later, umur="30")] == [[Handover.objects.get()], []]
        late = [item for item in later.get("/").context["work"] if str(item.text).startswith("Evidence not uploaded")]
    assert [(item.tone, "waiting for 16 days" in item.detail) for item in late] == [("danger", True)]


def test_it_waits_for_whom_it_is_asked_of(world, handover, other_official, acknowledge, client_of):
    received = acknowledge(handover)
    assign_filing(received, by=world.official, version=received.version, owner=other_official)

    def waits_for(person) -> bool:
        return any(str(item.text).startswith("Evidence not uploaded") for item in client_of(person).get("/").context["work"])

    assert [waits_for(other_official), waits_for(world.official)] == [True, False]
    assert [listed(client_of(person), pemilik="saya") for person in (other_official, world.official)] == [[received], []]
    again = Handover.objects.get()
    assign_filing(again, by=other_official, version=again.version, owner=None)
    assert waits_for(world.official)


def test_neither_the_drafter_nor_a_stranger_is_asked(world, handover, stranger):
    for person in (world.officer, stranger):
        with pytest.raises(Refusal, match="This person cannot file the paper"):
            assign_filing(handover, by=world.official, version=handover.version, owner=person)
