"""Scans of signed papers, several at once: each page's code says which paper it is, and it is filed as the receipt's evidence."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import ContentFile, File
from django.utils.translation import gettext as _

from distribution import scan_tasks
from distribution.actions.receipts import add_evidence
from distribution.models import Handover, SignedScan
from ikm_program import jobs, records
from ikm_program.actions import Refusal, action
from ikm_program.images import sha256_of
from ikm_program.models import Job
from ikm_program.scanning import Unreadable, codes_on_pages, pages_of
from ikm_program.states import advance
from ikm_program.uploads import Evidence, read_evidence
from trainings.models import IssuedDocument, IssuedFile

PERMISSION = "distribution.acknowledge_handover"
MOST = 20  # files at once
TOKEN = re.compile(r"/([0-9a-f]{40})/?\Z")
Status = SignedScan.Status


@action(PERMISSION)
def upload_scans(model: type[SignedScan], *, by: Any, scans: Sequence[File[bytes]]) -> Job:
    """Keep the files and have the worker read them; the job shows how far it is."""
    if len(scans) > MOST:
        raise Refusal(_("At most %(most)s files at once.") % {"most": MOST}, field="scans")
    kept = [_keep(model, file.name or "", _accepted(file), by=by) for file in scans]
    keys, url = [scan.pk for scan in kept], kept[0].get_absolute_url()
    return jobs.ask_for(_("Signed papers"), by=by, work=scan_tasks.read_scans, total=len(keys), url=url, scan_ids=keys)


@action(PERMISSION)
def file_by_hand(scan: SignedScan, *, by: Any, version: int, handover: Handover) -> SignedScan:
    """A person says which paper it is."""
    records.lock(scan, version=version)
    if not scan.is_open:
        raise Refusal(_("This scan is filed already, or is not to be filed."))
    receipt = getattr(handover, "receipt", None)
    if receipt is None:
        raise Refusal(_("The receipt of this handover is not recorded yet. Record it first."), field="handover")
    _file(scan, receipt, by=by)
    return advance(scan, Status.FILED, by=by, handover=handover, note="")


def read_scan(scan: SignedScan) -> int:
    """By the worker, for the person who sent it; returns how many papers were filed. Read again, what is settled stays."""
    if scan.status != Status.WAITING:
        return 0
    with scan.file.open("rb") as file:
        content = file.read()
    try:
        groups = _groups([_token(codes) for codes in codes_on_pages(content)])
    except Unreadable:
        words = _("It cannot be opened, has more than 100 pages, or mixes pages of several papers. Send each paper as a file of its own.")
        return _settled(scan, Status.UNREADABLE, note=words)
    return _divide(scan, content, groups) if len(groups) > 1 else _match(scan, groups[0][0])


def set_aside(scan: SignedScan) -> int:
    """Reading it broke: a person says which paper it is. What is settled stays."""
    if scan.status != Status.WAITING:
        return 0
    return _settled(scan, Status.UNREADABLE, note=_("Reading it failed. Choose the handover by hand."))


def _match(scan: SignedScan, token: str) -> int:
    """Which paper that is, and whether this person files it."""
    by = scan.created_by
    document = IssuedDocument.objects.filter(token=token).first() if token else None
    if document is None:
        return _settled(scan, Status.UNREADABLE, note=_("No code of this system was found. Choose the handover by hand."))
    handover = Handover.objects.filter(document=document).select_related("receipt", "store__region", "document").first()
    if not IssuedDocument.objects.for_user(by).filter(pk=document.pk).exists():
        return _settled(scan, Status.OTHER_OFFICE)
    if handover is None:
        return _settled(scan, Status.REFUSED, note=_("This is no handover record; it is filed on its own page."))
    if not Handover.objects.owned_by(by).filter(pk=handover.pk).exists():
        return _settled(scan, Status.OTHER_OFFICE)
    if not handover.is_live:
        return _settled(scan, Status.REFUSED, handover=handover, note=_("This handover was cancelled."))
    receipt = getattr(handover, "receipt", None)
    if receipt is None:
        return _settled(scan, Status.NOT_RECEIVED, handover=handover, note=_("Record the receipt, then file the scan by hand."))
    if receipt.evidence:
        return _settled(scan, Status.ALREADY, handover=handover)
    try:
        _file(scan, receipt, by=by)
    except Refusal as refusal:
        return _settled(scan, Status.REFUSED, handover=handover, note=str(refusal))
    except PermissionDenied:
        return _settled(scan, Status.REFUSED, handover=handover, note=_("You may not file papers any more."))
    _settled(scan, Status.FILED, handover=handover)
    return 1


def _file(scan: SignedScan, receipt: Any, *, by: Any) -> None:
    with scan.file.open("rb") as file:
        evidence = ContentFile(file.read(), name=scan.file.name)
    add_evidence(receipt, by=by, version=receipt.version, evidence=evidence)


def _divide(scan: SignedScan, content: bytes, groups: list[tuple[str, list[int]]]) -> int:
    """Several papers in one file: each becomes a part of its own."""
    filed = 0
    for token, pages in groups:
        part = pages_of(content, pages)
        name = _("%(file)s, page %(pages)s") % {"file": scan.name, "pages": _range(pages)}
        accepted = Evidence(part, sha256_of(part), "application/pdf", "pdf")
        filed += _match(_keep(SignedScan, name, accepted, by=scan.created_by, part_of=scan), token)
    _settled(scan, Status.DIVIDED)
    return filed


def _settled(scan: SignedScan, status: SignedScan.Status, **changes: Any) -> int:
    advance(scan, status, by=scan.created_by, **changes)
    return 0


def _token(codes: list[str]) -> str:
    """Of the paper a page belongs to; "" where no code of ours is on it."""
    return next((found[1] for code in codes if (found := TOKEN.search(code.strip()))), "")


def _groups(tokens: list[str]) -> list[tuple[str, list[int]]]:
    """Pages of one paper together. A paper bears its code on one page: how many there are, and which has it, its own file knows.

    Raises `Unreadable` where the pages are not those of the papers.
    """
    first_seen = {token: tokens.index(token) for token in tokens if token}
    if len(first_seen) < 2:
        return [(next(iter(first_seen), ""), list(range(len(tokens))))]
    spans = []
    for token, page in sorted(first_seen.items(), key=lambda found: found[1]):
        before, pages = _shape_of(token)
        spans.append((token, page - before, page - before + pages))
    ends = [start for _token, start, _end in spans[1:]] + [len(tokens)]
    if spans[0][1] < 0 or any(span[2] > end for span, end in zip(spans, ends, strict=True)):
        raise Unreadable
    return [(token, list(range(start, end))) for (token, start, _end), end in zip(spans, ends, strict=True)]


def _shape_of(token: str) -> tuple[int, int]:
    """How many pages a paper has before the one with its code, and in all."""
    file = IssuedFile.objects.filter(document__token=token).first()
    codes = codes_on_pages(bytes(file.content)) if file else []
    place = next((page for page, found in enumerate(codes) if _token(found) == token), None)
    if place is None:
        raise Unreadable
    return place, len(codes)


def _range(pages: list[int]) -> str:
    return str(pages[0] + 1) if len(pages) == 1 else f"{pages[0] + 1}–{pages[-1] + 1}"


def _keep(model: type[SignedScan], name: str, accepted: Evidence, *, by: Any, **facts: Any) -> SignedScan:
    file = ContentFile(accepted.content, name=f"scan.{accepted.extension}")
    return records.create(model, by=by, name=name[-200:], file=file, sha256=accepted.sha256, **facts)


def _accepted(file: File[bytes]) -> Evidence:
    try:
        return read_evidence(file)
    except ValidationError as error:
        raise Refusal(f"{file.name}: {error.messages[0]}", field="scans") from None
