"""The ZIP of many papers, made by the worker: each as it was stored, checked against its hash, and an index sheet that names them all."""

from __future__ import annotations

import hashlib
import logging
import tempfile
import zipfile
from collections.abc import Callable
from typing import IO, Any

from django.core.files import File
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django_tasks import task

from ikm_program import audit, jobs, xlsx
from ikm_program.formatting import jumlah
from ikm_program.list_files import made_on
from ikm_program.paper_content import sha256_hex
from ikm_program.transactions import write_transaction
from trainings import tasks
from trainings.models import Bundle, IssuedDocument
from trainings.reports.register import remark_on

log = logging.getLogger(__name__)

CHUNK = 50  # papers, with their bytes, in memory
INDEX = "00-indeks.xlsx"
EARLIEST = (1980, 1, 1)  # a ZIP knows no earlier day
Row = dict[str, Any]


@task()
def make_bundle(job_id: int, bundle_id: int) -> None:
    with jobs.doing(job_id) as job:
        bundle = Bundle.objects.select_related("by__region").get(pk=bundle_id)
        included = build(bundle, count=lambda done: jobs.count(job, done))
        left_out = bundle.asked - included
        job.message = ngettext("%(count)s paper in the ZIP.", "%(count)s papers in the ZIP.", included) % {"count": jumlah(included)}
        if left_out:
            job.message += " " + _("%(count)s left out; the index says why.") % {"count": jumlah(left_out)}
        job.url = reverse("trainings:bundle_list")


def build(bundle: Bundle, *, count: Callable[[int], None] = lambda done: None) -> int:
    """Make the ZIP and keep it; returns how many papers are in it. Asked again, it is made again."""
    with tempfile.TemporaryFile() as file:
        rows: list[Row] = []
        with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:  # a PDF is compressed already
            for start in range(0, bundle.asked, CHUNK):
                rows += _add(archive, bundle, bundle.documents[start : start + CHUNK])
                count(len(rows))
            archive.writestr(INDEX, _index(bundle, rows))
        return _keep(bundle, file, sum(bool(row["file"]) for row in rows))


def _add(archive: zipfile.ZipFile, bundle: Bundle, keys: list[int]) -> list[Row]:
    """Papers that this person may see now, and only those; each is a download of the audit trail."""
    tasks.render_each(IssuedDocument.objects.filter(pk__in=keys, file__isnull=True).values_list("pk", flat=True))
    seen = IssuedDocument.objects.for_user(bundle.by).with_standing().defer(None).in_bulk(keys)
    put = [(seen[key], _put(archive, seen[key])) for key in keys if key in seen]
    write_transaction(lambda: _tell(bundle, put))
    gone = [{"file": "", "remark": _("Not within your reach any more.")} for key in keys if key not in seen]
    return [*(row for _document, row in put), *gone]


def _tell(bundle: Bundle, put: list[tuple[IssuedDocument, Row]]) -> None:
    with audit.collecting():
        for document, row in put:
            if row["file"]:
                facts = {"file": row["file"], "sha256": row["sha256"], "bundle": bundle.pk}
                audit.record("download", document, by=bundle.by, after=facts)
            elif row["sha256"]:
                log.error("the stored PDF of document %s does not have its hash", document.pk)
                audit.record("file_damaged", document, by=bundle.by, after={"expected": row["sha256"]})


def _put(archive: zipfile.ZipFile, document: IssuedDocument) -> Row:
    stored = getattr(document, "file", None)
    if stored is None:
        remark = _("LEFT OUT: its PDF could not be made. Tell the administrator.")
        return _described(document) | {"sha256": "", "file": "", "remark": remark}
    content, row = bytes(stored.content), _described(document) | {"sha256": stored.sha256}
    if sha256_hex(content) != stored.sha256:
        return row | {"file": "", "remark": _("LEFT OUT: the stored file is damaged. Tell the administrator.")}
    name = f"{document.kind}/{document.year}/{document.paper.filename(document.snapshot)}"
    if name in archive.NameToInfo:
        name = f"{name.removesuffix('.pdf')}-{document.pk}.pdf"
    day = max((document.document_on.year, document.document_on.month, document.document_on.day), EARLIEST)
    archive.writestr(zipfile.ZipInfo(name, (*day, 0, 0, 0)), content)
    return row | {"file": name}


def _described(document: IssuedDocument) -> Row:
    standing = document.standing
    return {
        "number": document.number,
        "on": document.document_on,
        "kind": str(document.get_kind_display()),
        "office": str(document.office),
        "giver": document.first_party,
        "receiver": document.second_party,
        "matter": document.matter,
        "status": str(standing.word),
        "remark": remark_on(standing),
    }


def _index(bundle: Bundle, rows: list[Row]) -> bytes:
    labels = (
        ("number", _("Number")),
        ("on", _("Date")),
        ("kind", _("Kind")),
        ("office", _("Office")),
        ("giver", _("First party")),
        ("receiver", _("Second party")),
        ("matter", _("Matter")),
        ("status", _("Status")),
        ("remark", _("Remarks")),
        ("file", _("File in this ZIP")),
        ("sha256", "SHA-256"),
    )
    columns = [xlsx.SheetColumn(key=key, label=str(label), kind="date" if key == "on" else "text") for key, label in labels]
    heading = [bundle.title, made_on(timezone.localdate(bundle.created_at), bundle.by)]
    notes = [_("Each file is the issued paper, byte for byte. Its SHA-256 is the one that the page behind its QR code shows.")]
    return xlsx.workbook_bytes(_("Index of papers"), columns, rows, sheet=_("Index"), heading=heading, notes=notes)


def _keep(bundle: Bundle, file: IO[bytes], included: int) -> int:
    file.seek(0)
    bundle.sha256 = hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]  # the stubs want more of a file than is asked
    bundle.size, bundle.included = file.tell(), included
    file.seek(0)
    bundle.file.save(bundle.file_name, File(file), save=False)

    def save() -> None:
        with audit.collecting():
            bundle.save(update_fields=["sha256", "size", "included", "file"])
            audit.record("file_stored", bundle, by=bundle.by, after={"file_sha256": bundle.sha256})

    write_transaction(save)
    return included
