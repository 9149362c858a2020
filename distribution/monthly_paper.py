"""The monthly report on paper: its frozen content, and the signature that it was given."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from distribution.imprint import Imprint, signature_of
from distribution.models import MonthlyReport
from distribution.reports.monthly import blocks_of
from ikm_program import pdf
from ikm_program.blocks import dressed
from ikm_program.paper_content import canonical_json
from ikm_program.reporting import Signature
from trainings.reports.paper import HEAD, office_of, signature
from trainings.snapshots import arms_of


def filename(report: MonthlyReport) -> str:
    return f"laporan-bulanan-{report.region.kemendagri_code}-{report.month:%Y-%m}-edisi-{report.edition}.pdf"


def pdf_bytes(report: MonthlyReport) -> bytes:
    content = report.figures
    arms = _arms(report)
    letterhead = content["letterhead"]
    if letterhead and letterhead["arms_sha256"] and not arms:  # other arms than those of that day: rather none than wrong ones
        letterhead = {**letterhead, "arms_sha256": None}
    return pdf.render(
        "distribution/pdf/monthly.html",
        {
            "report": report,
            "content": content,
            "letterhead": letterhead,
            "blocks": dressed(blocks_of(content)),
            "signature": report.signature,
            **_imprint(report).context(_signature(report), report.signature.get("city", "")),
        },
        title=f"{content['title']} · {content['region']}",
        paper=content["paper"],
        images={"arms": arms} if arms else None,
        data=pdf.Data(canonical_json(content), report.month),
    )


def _arms(report: MonthlyReport) -> bytes | None:
    letterhead = report.figures["letterhead"]
    return next((arms for office in report.region.offices.all() if (arms := arms_of(office, letterhead))), None)


def _signature(report: MonthlyReport) -> Signature:
    office = office_of(report)
    return signature_of(report.signature, awaited=str(signature(HEAD, [], office).position) if office else "Kepala Dinas")


def _imprint(report: MonthlyReport) -> Imprint:
    signed_on = dt.date.fromisoformat(report.signature["on"]) if report.signature else None
    return Imprint(prepared_on=timezone.localdate(report.created_at), sha256=report.sha256, signed_on=signed_on)
