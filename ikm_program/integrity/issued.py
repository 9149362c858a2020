"""Issued papers against the audit trail, and those of handovers, transfers and cancellations against what they are about."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import astuple, dataclass, field
from typing import Any

from django.db.models import F, Q

from distribution.models import Cancellation, Handover, HandoverDraw, Receipt, Transfer, TransferDraw
from ikm_program.audit import tells
from ikm_program.integrity import material_papers
from ikm_program.integrity.times import TOLERANCE
from ikm_program.models import AuditEvent
from production.models import MaterialHandover
from trainings.models import DocumentRegion, IssuedDocument

Facts = dict[str, tuple[Any, Any]]  # what it is -> (as it stands in the record, as it is frozen)
RENAMED = ("distribution.recipient", "production.material", "production.store", "trainings.official")
DEFERRED = ("arms", "file__content", "office__arms")


@dataclass
class Noted:
    """What the trail says of papers, and by what names things were called before."""

    issued: dict[str, AuditEvent] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    names: dict[tuple[str, str], set[str]] = field(default_factory=lambda: defaultdict(set))

    def is_called(self, record: Any, name: str) -> bool:
        """Now or before: a paper keeps the name of its day."""
        return name == record.name or name in self.names[record._meta.label_lower, str(record.pk)]


def papers() -> Iterator[str]:
    noted, reach = _noted(), _reach()
    documents = IssuedDocument.objects.select_related(
        "office", "file", "handover__recipient", "handover__giver", "transfer__giver", "transfer__receiver", "transfer__from_store",
        "transfer__to_store", "cancellation__signer", "cancellation__handover__document", "material_handover__signer",
        "material_handover__partner_official",
    ).prefetch_related(
        "handover__lines", "cancellation__handover__lines", "handover__witnesses", "transfer__lines",
        "material_handover__lines__material",
    )  # fmt: skip
    draws = _draws()
    for document in documents.defer(*DEFERRED).order_by("pk").iterator(chunk_size=200):
        yield from _against_the_trail(document, noted, reach[document.pk])
        facts = _facts(document, noted, draws)
        for what, (recorded, frozen) in facts.items():
            if recorded != frozen:
                yield f"{document.number}: {what} is {_plain(recorded)!r}, the paper says {_plain(frozen)!r}"


def standing() -> Iterator[str]:
    """Every issued thing has its paper, every received one its receipt, every cancelled one its approval; copies agree."""
    handovers: Any = Handover.objects.order_by("pk")
    transfers: Any = Transfer.objects.order_by("pk")
    cancellations: Any = Cancellation.objects.order_by("pk")
    materials: Any = MaterialHandover.objects.order_by("pk")
    status, approved = Handover.Status, Cancellation.Status.APPROVED
    is_received = {"status__in": (status.RECEIVED, status.PARTIAL)}
    voided = Cancellation.objects.filter(status=approved).values("handover")
    wrong: tuple[tuple[Any, str], ...] = (
        (handovers.exclude(status=status.DRAFT).filter(document=None), "issued, without a paper"),
        (handovers.filter(**is_received, receipt=None), "received, without a receipt"),
        (handovers.filter(status=status.CANCELLED).exclude(pk__in=voided), "cancelled, and nobody approved it"),
        (transfers.exclude(status=Transfer.Status.DRAFT).filter(document=None), "issued, without a paper"),
        (cancellations.filter(status=approved).exclude(handover__status=status.CANCELLED), "approved, and its handover stands"),
        (cancellations.filter(status=approved, document=None), "approved, without a paper"),
        (cancellations.exclude(status=approved).exclude(document=None), "has a paper, and is not approved"),
        (materials.exclude(status=MaterialHandover.Status.DRAFT).filter(document=None), "issued, without a paper"),
    )
    for rows, sentence in wrong:
        for pk in rows.values_list("pk", flat=True):
            yield f"{rows.model._meta.model_name} {pk}: {sentence}"
    copied = Q(drafted_by_id_copy=F("handover__created_by"), edited_by_id_copy=F("handover__edited_by"))
    for pk in Receipt.objects.exclude(copied).order_by("pk").values_list("pk", flat=True):
        yield f"receipt {pk}: its note of who drafted and changed the handover is not what the handover says"


def _noted() -> Noted:
    noted = Noted()
    label = IssuedDocument._meta.label_lower
    for event in AuditEvent.objects.filter(model=label, verb__in=("document_issued", "file_stored")).order_by("sequence"):
        if event.verb == "document_issued":
            noted.issued[event.object_id] = event
        else:
            noted.files[event.object_id] = event.after["file_sha256"]
    renamings = AuditEvent.objects.filter(model__in=RENAMED, verb__in=("changed", "admin_changed"), before__has_key="name")
    for model, pk, name in renamings.values_list("model", "object_id", "before__name"):
        noted.names[model, pk].add(name)
    return noted


def _draws() -> dict[tuple[str, int], list[list[Any]]]:
    """What was taken for each paper: quantity and production date of every lot, in a fixed order."""
    found: dict[tuple[str, int], list[list[Any]]] = defaultdict(list)
    for noun, model in (("handover", HandoverDraw), ("transfer", TransferDraw)):
        rows = model._default_manager.values_list(f"line__{noun}", "quantity", "lot__made_on").order_by("pk")
        for pk, quantity, made_on in rows:
            found[noun, pk].append([quantity, made_on.isoformat()])
    return found


def _reach() -> dict[int, list[str]]:
    """The codes of the regions that each paper carries goods or people of."""
    found: dict[int, list[str]] = defaultdict(list)
    rows = DocumentRegion.objects.order_by("document", "region__kemendagri_code")
    for document, code in rows.values_list("document", "region__kemendagri_code"):
        found[document].append(code)
    return found


def _against_the_trail(document: IssuedDocument, noted: Noted, reach: list[str]) -> Iterator[str]:
    event = noted.issued.get(str(document.pk))
    if event is None:
        yield f"{document.number}: no event says that it was issued"
        return
    if event.by_id != document.issued_by_id:
        yield f"{document.number}: issued by account {document.issued_by_id}, the audit trail says {event.by_id}"
    if abs(event.at - document.issued_at) > TOLERANCE:
        yield f"{document.number}: issued at {_plain(document.issued_at)}, the audit trail says {_plain(event.at)}"
    subject = document.subject
    is_about = f"{subject._meta.label_lower} {subject.pk}" if subject else "nothing"
    if document.paper.subject and event.after["subject"] != is_about:
        yield f"{document.number}: is about {is_about}, the audit trail says {event.after['subject']}"
    if event.after["regions"] != reach:
        yield f"{document.number}: carries goods or people of {reach}, the audit trail says {event.after['regions']}"
    if document.has_file and not tells(noted.files.get(str(document.pk)), document.file.sha256):
        yield f"{document.number}: the PDF is not the one whose hash the audit trail keeps"


def _facts(document: IssuedDocument, noted: Noted, draws: dict[tuple[str, int], list[list[Any]]]) -> Facts:
    snapshot = document.snapshot
    issue = snapshot.get("issue") or {}
    facts: Facts = {
        "the date in the register": (document.document_on.isoformat(), snapshot["date"]),
        "the address of its check": (document.token, issue.get("verification_url", "").rstrip("/").rpartition("/")[2]),
        "the entry in the register": (
            [document.first_party, document.second_party, document.matter],
            list(astuple(document.paper.entry(snapshot))),
        ),
    }
    subject = document.subject
    if isinstance(subject, Handover):
        facts |= _of_handover(subject, document, noted)
        facts["what was taken"] = _sorted(draws["handover", subject.pk]), _sorted(_makers(snapshot))
    elif isinstance(subject, Transfer):
        facts |= _of_transfer(subject, document, noted)
        facts["what was taken"] = _sorted(draws["transfer", subject.pk]), _sorted(_makers(snapshot))
    elif isinstance(subject, Cancellation):
        facts |= _of_cancellation(subject, snapshot, noted)
    elif isinstance(subject, MaterialHandover):
        facts |= material_papers.facts(subject, document, noted)
    return facts


def _of_handover(handover: Handover, document: IssuedDocument, noted: Noted) -> Facts:
    paper = document.snapshot
    receiver, witness = paper["second_party"], paper["acknowledged_by"]
    return {
        "who issued it": (handover.issued_by_id, document.issued_by_id),
        "the date": (handover.handed_over_on.isoformat(), paper["date"]),
        "the place": (handover.place, paper["place"]),
        "the purpose": (handover.purpose, paper["purpose"]),
        "the symbolic handover": (handover.is_symbolic, paper["is_symbolic"]),
        "the legal basis": ([line.strip() for line in handover.legal_basis.splitlines() if line.strip()], paper["legal_bases"]),
        "the giver": _name(handover.giver, paper["first_party"]["name"], noted),
        "the recipient": _name(handover.recipient, receiver["organisation"], noted),
        "the receiver": (
            [handover.receiver_name, handover.receiver_position, handover.receiver_rank],
            [receiver[name] for name in ("name", "position", "rank")],
        ),
        "who acknowledges": (
            [handover.acknowledged_by_name, handover.acknowledged_by_position] if handover.acknowledged_by_name else None,
            witness and [witness["name"], witness["position"]],
        ),
        "the second number": (handover.other_number, paper["issue"]["second_number"]),
        "the witnesses": (
            [[one.name, one.position] for one in handover.witnesses.all()],
            [[one["name"], one["position"]] for one in paper["witnesses"]],
        ),
        "the goods": (_goods(handover), _frozen_goods(paper)),
    }


def _of_transfer(transfer: Transfer, document: IssuedDocument, noted: Noted) -> Facts:
    paper = document.snapshot
    facts: Facts = {
        "who issued it": (transfer.issued_by_id, document.issued_by_id),
        "the date": (transfer.sent_on.isoformat(), paper["date"]),
        "the place": (transfer.place, paper["place"]),
        "the giver": _name(transfer.giver, paper["first_party"]["name"], noted),
        "the receiver": _name(transfer.receiver, paper["second_party"]["name"], noted),
        "the goods": (_goods(transfer), _frozen_goods(paper)),
    }
    if move := paper.get("move"):
        facts["the purpose"] = transfer.purpose, move["purpose"]
        facts["from store"] = _name(transfer.from_store, move["from_store"], noted)
        facts["to store"] = _name(transfer.to_store, move["to_store"], noted)
    return facts


def _of_cancellation(cancellation: Cancellation, paper: Any, noted: Noted) -> Facts:
    cancelled, on = cancellation.handover.document, cancellation.cancelled_on
    facts: Facts = {
        "the date": (on.isoformat() if on else None, paper["date"]),
        "the reason": (cancellation.reason, paper["reason"]),
        "what it cancels": (
            [cancelled.number, cancelled.sha256] if cancelled else None,
            [paper["cancels"]["number"], paper["cancels"]["sha256"]],
        ),
    }
    if receipt := paper.get("receipt"):  # papers of earlier schemas do not tell of it
        settled = [[line.quantity, line.still_out, line.returned, line.written_off] for line in cancellation.handover.lines.all()]
        frozen = [[line[part] for part in ("handed_over", "back", "returned", "written_off")] for line in receipt["lines"]]
        facts["what the receipt settled"] = settled, frozen
    if cancellation.signer:  # papers of the first schema were signed by the giver, and named a place of their own
        facts["the signer"] = _name(cancellation.signer, paper["first_party"]["name"], noted)
        facts["the place"] = cancellation.place, paper["place"]
    return facts


def _name(record: Any, frozen: str, noted: Noted) -> tuple[str, str]:
    return (frozen if noted.is_called(record, frozen) else record.name), frozen


def _goods(thing: Handover | Transfer) -> list[list[Any]]:
    lines: Any = sorted(thing.lines.all(), key=lambda line: line.pk)
    return [[line.quantity, line.condition, _value(line)] for line in lines]


def _value(line: Any) -> int | None:
    unit_value = getattr(line, "unit_value", None)
    return None if unit_value is None else unit_value * line.quantity


def _frozen_goods(paper: Any) -> list[list[Any]]:
    return [[line["quantity"], line["condition"].lower(), line["value"]] for line in paper["lines"]]


def _makers(paper: Any) -> list[list[Any]]:
    return [[line["quantity"], line["made_on"]] for line in paper["makers"]]


def _sorted(rows: list[list[Any]]) -> list[list[Any]]:
    return sorted(rows, key=str)


def _plain(value: Any) -> Any:
    return value.isoformat(timespec="seconds") if isinstance(value, dt.datetime) else value
