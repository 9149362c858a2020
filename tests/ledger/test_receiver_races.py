"""One link, two phones or two presses: one statement, one acknowledgement."""

from __future__ import annotations

import datetime as dt
from functools import partial
from uuid import uuid4

import pytest

from distribution.actions.handovers import issue_handover
from distribution.actions.receiver_links import give_receipt_link
from distribution.actions.statements import LinkIsOver, Said, send_statement
from distribution.models import Handover, Receipt, ReceiverLink, ReceiverStatement
from production.models import Account, StockBalance
from tests.ledger.test_races import at_once, stock_of_50
from tests.ledger.world import World

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def link(committed_world: World) -> ReceiverLink:
    stock_of_50(committed_world)
    draft = committed_world.draft(50)
    handover = issue_handover(draft, by=committed_world.official, version=draft.version)
    made: ReceiverLink = give_receipt_link(handover, by=committed_world.official, version=handover.version, days=1)
    return made


def said(link: ReceiverLink, name: str) -> Said:
    line = Handover.objects.get(pk=link.handover_id).lines.get()
    on: dt.date = link.handover.handed_over_on
    return Said(on=on, name=name, position="Sekretaris", quantities={line.pk: 50}, reasons={}, stands_for_signature=True)


@pytest.mark.parametrize("is_same_form", [True, False])
def test_of_two_sendings_at_once_one_is_recorded(link: ReceiverLink, is_same_form: bool) -> None:
    keys = [uuid4(), uuid4()]
    if is_same_form:
        keys[1] = keys[0]
    sendings = (partial(send_statement, ReceiverLink.objects.get(pk=link.pk), key=key, said=said(link, "A")) for key in keys)

    results = at_once(*sendings)

    arrived = [result for result in results if isinstance(result, ReceiverStatement)]
    assert [len(arrived), len([result for result in results if isinstance(result, LinkIsOver)])] == ([2, 0] if is_same_form else [1, 1])
    assert [ReceiverStatement.objects.count(), Receipt.objects.count()] == [1, 1]
    assert sum(StockBalance.objects.filter(account=Account.ACKNOWLEDGED).values_list("quantity", flat=True)) == 50
