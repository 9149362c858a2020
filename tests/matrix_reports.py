"""The frozen reports of a place of `matrix_world`: one that waits, one that was signed, a final one with its file."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from distribution.actions.final import start_final_report, write_final_report
from distribution.actions.monthly import prepare_report, sign_report
from distribution.freezing import frozen, hash_of
from distribution.models import FinalReport, FinalReportFile, MonthlyReport
from distribution.reports.monthly import month_before, monthly_content
from ikm_program.chapters import paragraph
from ikm_program.paper_content import sha256_hex
from trainings.models import Official, Programme, Region, User


def add(region: Region, mark: str, programme: Programme, official: Official, people: dict[str, User]) -> dict[str, dict[str, Any]]:
    """Url arguments by noun."""
    officer, today = people["petugas_kabupaten"], timezone.localdate()
    facts = {"by": officer, "programme": programme, "region": region}
    month = month_before(today)
    signed = prepare_report(MonthlyReport, month=month_before(month), **facts)
    sign_report(signed, by=people["second"], version=signed.version, signatory=official)
    figures = frozen(monthly_content(region, programme, month))
    figures["blocks"].append(paragraph(f"Catatan {mark}"))
    waiting = MonthlyReport.objects.create(
        programme=programme, region=region, month=month, created_by=officer, figures=figures, sha256=hash_of(figures)
    )
    final = start_final_report(FinalReport, as_of=today, **facts)
    narrative = {"latar_belakang": f"Latar {mark}"}
    final = write_final_report(final, by=officer, version=final.version, as_of=today, narrative=narrative, signatory=official)
    content = f"%PDF-1.7 {mark}".encode()
    FinalReportFile.objects.create(report=final, content=content, sha256=sha256_hex(content), pages=1)
    return {"monthly": {"pk": waiting.pk}, "signed_report": {"pk": signed.pk}, "final": {"pk": final.pk}}
