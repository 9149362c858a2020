"""The monthly report on paper: its frozen content, and the signature that it was given."""

from __future__ import annotations

import datetime as dt
from typing import Any

from distribution.models import MonthlyReport
from ikm_program import pdf
from ikm_program.blocks import dressed
from ikm_program.formatting import tanggal
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
            "blocks": dressed(content["blocks"]),
            "signature": report.signature,
            "signatures": [_signature(report)],
            "signed_at": _signed_at(report),
            "prepared": tanggal(report.created_at),
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
    """What was signed; until then the head of the office, as a line that waits for the pen."""
    said: dict[str, Any] = report.signature
    if said:
        return Signature(position=said["position"], name=said["name"], number=said["number"])
    office = office_of(report)
    return Signature(position=signature(HEAD, [], office).position if office else "Kepala Dinas")


def _signed_at(report: MonthlyReport) -> str:
    said: dict[str, Any] = report.signature
    return f"{said['city']}, {tanggal(dt.date.fromisoformat(said['on']))}" if said else ""
