"""What was made and where it went in May and June 2020, recorded by the people whose work it is."""

from __future__ import annotations

import datetime as dt
from typing import Any

from distribution.actions.cancellations import approve_cancellation, request_cancellation
from distribution.actions.drafts import GoodsLine
from distribution.actions.handovers import draft_handover, draft_replacement, edit_handover, issue_handover
from distribution.actions.onwards import record_onward
from distribution.actions.receipts import acknowledge_handover
from distribution.actions.transfers import draft_transfer, issue_transfer, receive_transfer
from distribution.models import Handover, Recipient, Transfer
from ikm_program import records
from ikm_program.demo import facts
from ikm_program.demo.facts import HandedOver
from ikm_program.demo.people import short
from production.actions.output import record_and_submit_output
from production.actions.verification import default_store, verify_output
from production.models import Product
from trainings.models import Batch, Office, Official, Programme, Region, User


class Story:
    """The cast and the stage; each method is one chapter."""

    def __init__(
        self,
        programme: Programme,
        products: dict[str, Product],
        regions: dict[str, Region],
        offices: dict[str, Office],
        officials: dict[str, Official],
        people: dict[str, User],
    ) -> None:
        self.programme, self.products, self.regions = programme, products, regions
        self.offices, self.officials, self.people = offices, officials, people
        self.recipients: dict[str, Recipient] = {}
        self.handovers: dict[str, Handover] = {}

    def officer(self, code: str) -> User:
        return self.people[f"petugas.{short(self.regions[code])}"]

    def official(self, code: str) -> User:
        return self.people[f"pejabat.{short(self.regions[code])}"]

    def record_outputs(self, batches: dict[tuple[str, str], Batch]) -> None:
        for output in facts.OUTPUTS:
            entry = record_and_submit_output(
                batches[output.product, output.code],
                by=self.officer(output.code),
                product=self.products[output.product],
                made_on=output.made_on,
                good=output.quantity,
                note=output.note,
            )
            verify_output(entry, by=self.people["staf.kalsel"], version=entry.version, verified_on=output.verified_on)

    def record_recipients(self) -> None:
        for key, (code, kind, name) in facts.RECIPIENTS.items():
            by = self.people["staf.kalsel"] if code == facts.PROVINCE else self.officer(code)
            ends = facts.TASK_FORCE_ENDED if kind.startswith("gtpp") else None
            self.recipients[key] = records.create(
                Recipient, by=by, region=self.regions[code], kind=kind, name=name, valid_until=ends,
                note="Dibubarkan oleh Perpres 82/2020" if ends else "",
            )  # fmt: skip

    def hand_over(self) -> None:
        for handed in facts.HANDOVERS:
            self._issue_and_receive(self._draft(handed, handed.quantity), handed)

    def slip_and_reissue(self) -> None:
        """Barito Kuala: 56 written for 65, made void by two people, issued again under the next number."""
        handed, code = facts.BATOLA, facts.BATOLA.code
        wrong = issue_handover(self._draft(handed, facts.BATOLA_SLIP), by=self.official(code), version=1)
        request = request_cancellation(
            wrong, by=self.officer(code), version=wrong.version, reason="Salah tulis jumlah: tertulis 56 set, seharusnya 65 set (CONTOH)."
        )
        approve_cancellation(request, by=self.official(code), version=request.version, cancelled_on=handed.on)
        wrong.refresh_from_db()
        again = draft_replacement(wrong, by=self.officer(code))
        again = edit_handover(
            again, by=self.officer(code), version=again.version, lines=[GoodsLine(self.products["hazmat"], handed.quantity)]
        )
        self._issue_and_receive(again, handed)

    def pass_on(self) -> None:
        for code, recipient, quantity, on in facts.ONWARD:
            handover = self.handovers[code]
            line = handover.lines.get()
            record_onward(
                handover, by=self.officer(code), recipient=self.recipients[recipient], handed_over_on=on, quantities={line.pk: quantity}
            )

    def send_for_evaluation(self) -> None:
        """Tanah Laut's other 50: moved to the province for evaluation, still the district's output."""
        day, tala = dt.date(2020, 6, 15), "63.01"
        transfer = draft_transfer(
            default_store(self.regions[tala]),
            by=self.officer(tala),
            lines=[GoodsLine(self.products["hazmat"], 50)],
            programme=self.programme,
            to_store=default_store(self.regions[facts.PROVINCE]),
            purpose=Transfer.Purpose.EVALUATION,
            sent_on=day,
            place="Ruang VIP Sekretariat Daerah Kabupaten Tanah Laut, Pelaihari",
            backdating_reason=facts.LATE_ENTRY,
            giver_office=self.offices[tala],
            giver=self.officials[tala],
            receiver_office=self.offices[facts.PROVINCE],
            receiver=self.officials[facts.PROVINCE],
        )
        transfer = issue_transfer(transfer, by=self.official(tala), version=transfer.version)
        receive_transfer(transfer, by=self.people["staf.kalsel"], version=transfer.version, received_on=day)

    def _draft(self, handed: HandedOver, quantity: int) -> Handover:
        note = "" if handed.date_is_known else "Tanggal serah terima adalah CONTOH; pemberitaan tidak menyebut harinya."
        values: dict[str, Any] = {
            "programme": self.programme,
            "recipient": self.recipients[handed.recipient],
            "handed_over_on": handed.on,
            "place": handed.place,
            "purpose": "penanganan COVID-19",
            "is_symbolic": handed.is_symbolic,
            "backdating_reason": facts.LATE_ENTRY,
            "giver_office": self.offices[handed.code],
            "giver": self.officials[handed.code],
            "receiver_name": handed.receiver_name,
            "receiver_position": handed.receiver_position,
            "note": note,
        }
        store = default_store(self.regions[handed.code])
        draft: Handover = draft_handover(
            store, by=self.officer(handed.code), lines=[GoodsLine(self.products[handed.product], quantity)], **values
        )
        return draft

    def _issue_and_receive(self, draft: Handover, handed: HandedOver) -> None:
        official = self.official(handed.code)
        handover = issue_handover(draft, by=official, version=draft.version)
        if handed.is_acknowledged:
            acknowledge_handover(
                handover,
                by=official,
                version=handover.version,
                received_on=handed.on,
                receiver_name=handed.receiver_name,
                receiver_position=handed.receiver_position,
                no_evidence_reason=facts.NO_EVIDENCE,
            )
        self.handovers[handed.code] = handover
