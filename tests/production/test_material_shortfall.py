"""Less arrived than was sent: the taker has what came, the giver has the rest again, and the reason is on record."""

from __future__ import annotations

import pytest

from ikm_program.actions import Refusal
from ikm_program.integrity import materials as integrity
from ikm_program.models import AuditEvent
from production.actions.material_handovers import cancel_handover, issue_handover, receive_handover
from production.actions.materials import propose_write_off
from production.models import MaterialBalance, MaterialHandover, MaterialHolder
from tests.production.materials import BACK_ON, GIVEN_ON, Cloth
from tests.production.test_material_ledger import there

pytestmark = pytest.mark.usefixtures("in_english")


def faults() -> list[str]:
    return [*integrity.balances(), *integrity.days_below_zero(), *integrity.movements()]


@pytest.fixture
def sent(cloth: Cloth) -> MaterialHandover:
    """273 metres on their way from the district to its batch."""
    cloth.buy(500)
    cloth.to_district(300)
    handover = cloth.draft(cloth.store, 27_300, by=cloth.officer, batch=cloth.batch)
    issue_handover(handover, by=cloth.issuer, version=handover.version)
    return handover


def receive(cloth: Cloth, handover: MaterialHandover, metres: int, reason: str = "3 meter rusak di jalan", on=GIVEN_ON) -> MaterialHandover:
    facts = {"received_on": on, "received": {handover.lines.get().pk: metres * 100}, "shortfall_reason": reason}
    received: MaterialHandover = receive_handover(handover, by=cloth.issuer, version=handover.version, **facts)
    return received


def test_what_did_not_arrive_is_in_the_givers_hand_again(cloth: Cloth, sent) -> None:
    receive(cloth, sent, 270)
    line = sent.lines.get()
    assert (line.said, line.said_received, line.said_missing, sent.shortfall_reason) == (
        "273 meter", "270 meter", "3 meter", "3 meter rusak di jalan",
    )  # fmt: skip
    assert [there(cloth.batch), there(cloth.store), there(cloth.store, "perjalanan")] == [27_000, 3_000, 0]
    assert (cloth.account().given, sum(MaterialBalance.objects.values_list("quantity", flat=True)), faults()) == (27_000, 50_000, [])
    event = AuditEvent.objects.get(verb="lines_changed", reason="3 meter rusak di jalan")
    assert [words[-9:] for words in event.after["received"]] == ["270 meter"]
    holder = MaterialHolder.objects.of(cloth.store).get()
    facts = {"programme": cloth.programme, "material": cloth.material, "quantity": 300, "happened_on": GIVEN_ON, "reason": "rusak"}
    propose_write_off(holder, by=cloth.officer, **facts)


def test_it_takes_a_reason_and_never_more_than_was_sent(cloth: Cloth, sent) -> None:
    with pytest.raises(Refusal, match="Say why less arrived") as no:
        receive(cloth, sent, 270, reason=" ")
    assert no.value.field == "shortfall_reason"
    with pytest.raises(Refusal, match="No more was received than was sent"):
        receive(cloth, sent, 274)
    sent.refresh_from_db()
    assert (sent.status, sent.lines.get().received) == ("diterbitkan", None)


def test_left_overs_that_come_back_short_stay_to_be_explained(cloth: Cloth, sent) -> None:
    receive(cloth, sent, 273, reason="")
    back = cloth.draft(cloth.store, 2_100, by=cloth.officer, kind="pengembalian", on=BACK_ON, batch=cloth.batch)
    issue_handover(back, by=cloth.issuer, version=back.version)
    receive(cloth, back, 15, "6 meter tidak ada", on=BACK_ON)
    account = cloth.account()
    assert (account.returned, account.on_hand, account.in_transit, faults()) == (1_500, 27_300 - 1_500, 0, [])


def test_a_cancellation_puts_everything_back(cloth: Cloth, sent) -> None:
    receive(cloth, sent, 270)
    cancel_handover(sent, by=cloth.provincial, version=sent.version, reason="salah angkatan", cancelled_on=BACK_ON)
    assert ([there(cloth.batch), there(cloth.store)], faults()) == ([0, 30_000], [])


def test_the_form_opens_with_the_paper_and_takes_less(cloth: Cloth, sent, client_of) -> None:
    browser, line = client_of(cloth.issuer), sent.lines.get()
    url = f"/bahan/serah/{sent.pk}/terima/"
    form = browser.get(url).context["form"]
    field = f"received-{line.pk}"
    assert (form.fields[field].initial, str(form.fields[field].label)[-8:]) == ("273", "(meter)"[-8:]) or form.fields[
        field
    ].initial == "273"
    values = {"key": str(form.fields["key"].initial()), "version": sent.version, "received_on": GIVEN_ON.isoformat(), field: "270,5"}
    refused = browser.post(url, values)
    assert refused.context["form"].errors["shortfall_reason"] == ["Say why less arrived than was sent."]
    assert browser.post(url, values | {"shortfall_reason": "basah"}).status_code == 302
    assert sent.lines.get().received == 27_050
