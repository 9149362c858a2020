"""Monthly and final reports against their hashes: what was prepared, signed and made final is what stands there."""

from __future__ import annotations

from collections.abc import Iterator

from distribution.freezing import hash_of
from distribution.models import FinalContent, FinalReport, FinalReportFile, MonthlyReport
from ikm_program.paper_content import sha256_hex


def frozen_reports() -> Iterator[str]:
    yield from _monthly()
    yield from _final()
    yield from _files()


def _monthly() -> Iterator[str]:
    for report in MonthlyReport.objects.select_related("region").order_by("pk").iterator(chunk_size=50):
        if hash_of(report.figures) != report.sha256:
            yield f"monthly report {report.pk} ({report}): the figures do not have their hash"


def _final() -> Iterator[str]:
    contents = {content.report_id: content for content in FinalContent.objects.order_by("pk")}
    for report in FinalReport.objects.filter(status=FinalReport.Status.FINAL).order_by("pk"):
        content = contents.get(report.pk)
        if content is None:
            yield f"final report {report.pk}: its content is gone"
        elif hash_of(content.content) != content.sha256 or content.sha256 != report.sha256:
            yield f"final report {report.pk}: the content does not have its hash"


def _files() -> Iterator[str]:
    for file in FinalReportFile.objects.order_by("pk").iterator(chunk_size=5):
        if sha256_hex(bytes(file.content)) != file.sha256:
            yield f"final report {file.report_id}: the stored PDF does not have its hash"
