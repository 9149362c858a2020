"""What a receiver sends by a link. Nobody is signed in: the token is the right, once; what it sets off runs through the usual acts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import ContentFile, File
from django.utils import timezone
from django.utils.translation import gettext as _

from distribution.actions.receipts import acknowledge_handover
from distribution.freezing import hash_of
from distribution.models import Handover, HandoverLine, ReceiverLink, ReceiverStatement, StatementLine
from distribution.signing import read_signature
from ikm_program import audit, records, tallies
from ikm_program.actions import Refusal
from ikm_program.formatting import jumlah
from ikm_program.images import clean_photo, sha256_of
from ikm_program.transactions import write_transaction

Purpose = ReceiverLink.Purpose


@dataclass(frozen=True)
class Said:
    """What the receiver typed, drew and photographed. Per line id: how many, and why not all."""

    on: dt.date
    name: str
    position: str
    quantities: Mapping[int, int]
    reasons: Mapping[int, str]
    signature: str = ""  # as the canvas gives it
    stands_for_signature: bool = False  # the typed name does, by a ticked statement
    photo: File[bytes] | None = None
    passed_to: str = ""


class LinkIsOver(Refusal):
    """It was used, taken back, its time is over, or there is nothing left to say."""


def send_statement(link: ReceiverLink, *, key: UUID, said: Said) -> ReceiverStatement:
    """Record what the receiver says, once. A whole receipt is acknowledged at once; a shortfall waits for the officer to settle it."""
    signature, photo = _signature(said), _photo(said)  # a picture takes a moment: before anything is locked

    def work() -> ReceiverStatement:
        with audit.collecting(), tallies.collecting():
            return _send(link, key, said, signature, photo)

    return write_transaction(work)


def _send(link: ReceiverLink, key: UUID, said: Said, signature: bytes, photo: bytes) -> ReceiverStatement:
    handover = Handover.objects.select_for_update().get(pk=link.handover_id)  # before the link, as whoever gives one out
    link = ReceiverLink.objects.select_for_update().get(pk=link.pk)
    earlier = ReceiverStatement.objects.filter(link=link).first()
    if earlier is not None and earlier.key == key:
        return earlier
    refuse_closed(link, handover)
    lines = list(handover.lines.select_related("product"))
    _refuse_wrong(link, handover, lines, said)
    statement = _written(link, key, lines, said, signature, photo)
    records.claim(link, used_at=statement.sent_at)
    if link.purpose == Purpose.RECEIPT and not statement.is_short:
        _acknowledge(handover, statement, by=link.created_by)
    return statement


def refuse_closed(link: ReceiverLink, handover: Handover) -> None:
    """In one sentence why the link opens nothing any more."""
    if link.used_at:
        raise LinkIsOver(_("This link has been used. Ask the office for a new one if something is to be put right."))
    if link.revoked_at:
        raise LinkIsOver(_("The office has taken this link back. Ask it for a new one."))
    if link.is_over:
        raise LinkIsOver(_("The time of this link is over. Ask the office for a new one."))
    open_states = (Handover.Status.ISSUED,) if link.purpose == Purpose.RECEIPT else (Handover.Status.RECEIVED, Handover.Status.PARTIAL)
    if handover.status not in open_states:
        raise LinkIsOver(_("There is nothing left to confirm here. Ask the office if that surprises you."))


def most_of(link: ReceiverLink, line: HandoverLine) -> int:
    """How many of a line the receiver can speak of."""
    return line.quantity if link.purpose == Purpose.RECEIPT else line.left


def _refuse_wrong(link: ReceiverLink, handover: Handover, lines: list[HandoverLine], said: Said) -> None:
    earliest = handover.handed_over_on if link.purpose == Purpose.RECEIPT else handover.receipt.received_on
    if not earliest <= said.on <= timezone.localdate():
        raise Refusal(_("The date lies between the handover and today."), field="on")
    for line in lines:
        quantity, most = said.quantities.get(line.pk, 0), most_of(link, line)
        if not 0 <= quantity <= most:
            raise Refusal(_("At most %(most)s were handed over.") % {"most": jumlah(most)}, field=f"line-{line.pk}")
        if link.purpose == Purpose.RECEIPT and quantity < most and not said.reasons.get(line.pk, "").strip():
            raise Refusal(_("Say why less was received."), field=f"reason-{line.pk}")
    if link.purpose == Purpose.ONWARD and not any(said.quantities.values()):
        raise Refusal(_("Fill in how many were distributed onward."), field=f"line-{lines[0].pk}")
    if link.purpose == Purpose.ONWARD and not said.passed_to.strip():
        raise Refusal(_("Say to whom they went."), field="passed_to")


def _written(link: ReceiverLink, key: UUID, lines: list[HandoverLine], said: Said, signature: bytes, photo: bytes) -> ReceiverStatement:
    parts = [(line, said.quantities.get(line.pk, 0), said.reasons.get(line.pk, "").strip()) for line in lines]
    words = {
        "happened_on": said.on.isoformat(),
        "name": said.name.strip(),
        "position": said.position.strip(),
        "passed_to": said.passed_to.strip(),
    }
    photo_sha256 = sha256_of(photo) if photo else ""
    statement = ReceiverStatement(
        link=link, handover_id=link.handover_id, key=key, signature=signature, **(words | {"happened_on": said.on}),
        photo=ContentFile(photo, name="photo.jpg") if photo else "", photo_sha256=photo_sha256,
        sha256=_hash_of(words, [(line.pk, quantity, reason) for line, quantity, reason in parts], signature, photo_sha256),
    )  # fmt: skip
    records.validate(statement)
    with records.refusing_in_words(ReceiverStatement):
        statement.save(force_insert=True)
    StatementLine.objects.bulk_create(
        StatementLine(statement=statement, line=line, quantity=quantity, reason=reason) for line, quantity, reason in parts
    )
    goods = [f"{line.product.name}: {jumlah(quantity)} {line.product.unit}" for line, quantity, _reason in parts]
    reasons = "; ".join(reason for _line, _quantity, reason in parts if reason)
    audit.record("sent_by_link", statement, by=None, after=words | {"lines": goods, "sha256": statement.sha256}, reason=reasons)
    return statement


def content_hash_of(statement: ReceiverStatement) -> str:
    """Anew, from what stands in the tables."""
    words = {name: getattr(statement, name) for name in ("name", "position", "passed_to")}
    lines = [(line.line_id, line.quantity, line.reason) for line in statement.lines.all()]
    on = statement.happened_on.isoformat()
    return _hash_of(words | {"happened_on": on}, lines, bytes(statement.signature), statement.photo_sha256)


def _hash_of(words: Mapping[str, Any], lines: list[tuple[int, int, str]], signature: bytes, photo_sha256: str) -> str:
    """Over everything that was sent."""
    signed = sha256_of(signature) if signature else ""
    return hash_of({**words, "lines": [list(line) for line in sorted(lines)], "signature": signed, "photo": photo_sha256})


def _acknowledge(handover: Handover, statement: ReceiverStatement, *, by: Any) -> None:
    """By the usual act, for the officer who gave the link out. Where that act refuses, the statement waits for somebody."""
    facts = {"received_on": statement.happened_on, "receiver_name": statement.name, "receiver_position": statement.position}
    try:
        acknowledge_handover(handover, by=by, version=handover.version, **facts)
    except (Refusal, PermissionDenied):
        audit.record("left_to_the_office", statement, by=None)


def _signature(said: Said) -> bytes:
    try:
        signature = read_signature(said.signature)
    except ValidationError as error:
        raise Refusal(error.messages[0], field="signature") from None
    if not signature and not said.stands_for_signature:
        raise Refusal(_("Draw your signature, or tick the statement below."), field="signature")
    return signature


def _photo(said: Said) -> bytes:
    if said.photo is None:
        return b""
    try:
        return clean_photo(said.photo).content
    except ValidationError as error:
        raise Refusal(error.messages[0], field="photo") from None
