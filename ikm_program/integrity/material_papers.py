"""Papers of materials against the records they are about: what is frozen is what was handed over or came back."""

from __future__ import annotations

from typing import Any

from production.material_snapshots import kind_of
from production.models import MaterialHandover


def facts(handover: MaterialHandover, document: Any, noted: Any) -> dict[str, tuple[Any, Any]]:
    """What it is -> (as it stands in the record, as it is frozen)."""
    paper = document.snapshot
    ours, theirs = ("second_party", "first_party") if handover.is_incoming else ("first_party", "second_party")
    lines = sorted(handover.lines.all(), key=lambda line: line.pk)
    frozen = [[f"{line['amount']} {line['unit']}", line["scrap"], line["used"]] for line in paper["lines"]]
    partner = handover.partner_official
    return {
        "the kind": (kind_of(handover), document.kind),
        "who issued it": (handover.issued_by_id, document.issued_by_id),
        "the date": (handover.handed_over_on.isoformat(), paper["date"]),
        "the place": (handover.place, paper["place"]),
        "the day for left-overs": (handover.return_due_on.isoformat() if handover.return_due_on else "", paper["return_due"]),
        "who signs for the office": _named(handover.signer, paper[ours]["name"], noted),
        "who signs for the other side": (
            _named(partner, paper[theirs]["name"], noted)
            if partner
            else ([handover.partner_name, handover.partner_position], [paper[theirs][name] for name in ("name", "position")])
        ),
        "the amounts": ([[" ".join(line.material.on_paper(line.quantity)), line.said_scrap, line.said_used] for line in lines], frozen),
        "the materials": (
            [_named(line.material, said["material"], noted)[0] for line, said in zip(lines, paper["lines"], strict=False)],
            [said["material"] for said in paper["lines"]],
        ),
    }


def _named(record: Any, frozen: str, noted: Any) -> tuple[str, str]:
    """Now or before: a paper keeps the name of its day."""
    return (frozen if noted.is_called(record, frozen) else record.name), frozen
