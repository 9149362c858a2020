"""Binding a final report takes a while: the worker does it, and the person who asked watches."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django_tasks import task

from distribution.final_book import content_of
from distribution.final_paper import arms_of, pdf_bytes
from distribution.freezing import hash_of
from distribution.imprint import Imprint
from distribution.models import FinalReport, FinalReportFile
from ikm_program import audit, jobs
from ikm_program.actions import Refusal
from ikm_program.formatting import jumlah
from ikm_program.paper_content import sha256_hex
from ikm_program.transactions import write_transaction


@task()
def bind_report(job_id: int, report_id: int) -> None:
    with jobs.doing(job_id) as job:
        report = FinalReport.objects.with_names().get(pk=report_id)
        file = make_file(report, by=job.by, laid_out=lambda count: jobs.count(job, count))
        job.message = _("%(pages)s pages.") % {"pages": jumlah(file.pages)}
        job.url = report.get_absolute_url()


def make_file(report: FinalReport, *, by: Any, laid_out: Any = lambda _count: None) -> FinalReportFile:
    """The PDF of a draft as it is now, or of a final report from its frozen content; that one is made once."""
    made = FinalReportFile.objects.filter(report=report, is_final=True).first()
    if made is not None:
        return made
    content = frozen_content(report) if not report.is_draft else content_of(report)
    imprint = _imprint(report, hash_of(content))
    body, pages = pdf_bytes(content, imprint, arms=arms_of(content), laid_out=laid_out)
    values = {
        "content": body,
        "sha256": sha256_hex(body),
        "pages": pages,
        "content_sha256": imprint.sha256,
        "is_final": not report.is_draft,
    }
    return write_transaction(lambda: _keep(report, values, by=by))


def _imprint(report: FinalReport, sha256: str) -> Imprint:
    """A final report was prepared and signed when it was made final; a draft is prepared today and signed by nobody."""
    final_on = timezone.localdate(report.final_at) if report.final_at else None
    return Imprint(prepared_on=final_on or timezone.localdate(), sha256=sha256, signed_on=final_on)


def is_outdated(report: FinalReport) -> bool:
    """Whether a draft says something else now than its PDF does: its texts were changed, or what the figures are computed from."""
    kept = report.file.content_sha256 if report.is_draft and report.has_file else ""
    return bool(kept) and kept != hash_of(content_of(report))


def frozen_content(report: FinalReport) -> Any:
    """What was made final; refused when it is not."""
    frozen = report.frozen
    if hash_of(frozen.content) != frozen.sha256 or frozen.sha256 != report.sha256:
        raise Refusal(_("The content of this report is not what was made final."))
    return frozen.content


def _keep(report: FinalReport, values: Mapping[str, Any], *, by: Any) -> FinalReportFile:
    with audit.collecting():
        file, _made = FinalReportFile.objects.update_or_create(report=report, defaults=values)
        audit.record("file_stored", report, by=by, after={"file_sha256": file.sha256})
    return file
