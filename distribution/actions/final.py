"""Final reports: begun, written, and made final by somebody else, which freezes every word and figure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from distribution.actions.signatories import require_signatory
from distribution.final_book import content_of, starting_texts
from distribution.freezing import hash_of
from distribution.models import FinalContent, FinalReport
from ikm_program import audit, records
from ikm_program.actions import Refusal, action
from ikm_program.chapters import SECTIONS
from ikm_program.states import advance
from trainings.models import Official, Programme, Region

LONGEST_TEXT = 20_000


@action("distribution.add_finalreport")
def start_final_report(model: type[FinalReport], *, by: Any, programme: Programme, region: Region, as_of: dt.date) -> FinalReport:
    """A draft with the texts that claim nothing."""
    _refuse_wrong_day(programme, as_of)
    if not programme.region.covers(region):
        raise Refusal(_("The programme does not reach that region."), field="region")
    return records.create(
        model, by=by, programme=programme, region=region, as_of=as_of, narrative=starting_texts(programme, region), edited_by=by
    )


@action("distribution.change_finalreport")
def write_final_report(
    report: FinalReport,
    *,
    by: Any,
    version: int,
    as_of: dt.date,
    narrative: Mapping[str, str],
    signatory: Official | None = None,
    place: str = "",
) -> FinalReport:
    """Save what an official wrote in the sections; figures are computed and never typed."""
    _refuse_final(report)
    _refuse_wrong_day(report.programme, as_of)
    if signatory is not None and signatory.office.region_id != report.region_id:
        raise Refusal(_("The signing official belongs to an office of the report's region."), field="signatory")
    unknown = set(narrative) - set(SECTIONS)
    if unknown or any(len(text) > LONGEST_TEXT for text in narrative.values()):
        raise Refusal(_("A text is too long, or belongs to no section."))
    texts = {code: text.strip() for code, text in narrative.items() if text.strip()}
    return records.update(report, by=by, version=version, as_of=as_of, narrative=texts, signatory=signatory, place=place, edited_by=by)


@action("distribution.finalise_finalreport")
def finalise_report(report: FinalReport, *, by: Any, version: int) -> FinalReport:
    """Draf -> Final: the content is computed now and frozen. Never by somebody who wrote it."""
    records.lock(report, version=version)
    _refuse_final(report)
    if by.pk in (report.created_by_id, report.edited_by_id):
        raise Refusal(_("Nobody makes a report final that they wrote themselves."))
    if by.region_id != report.region_id:
        raise Refusal(_("A report is signed by an official of its own region."))
    if report.signatory is None:
        raise Refusal(_("Say first which official signs the report."), field="signatory")
    require_signatory(report.signatory, report.region)
    content = content_of(report)
    sha256 = hash_of(content)
    frozen = FinalContent.objects.create(report=report, content=content, sha256=sha256)
    audit.record("created", frozen, by=by, after={"sha256": sha256})
    return advance(report, FinalReport.Status.FINAL, by=by, sha256=sha256, final_at=timezone.now(), final_by=by)


def _refuse_final(report: FinalReport) -> None:
    if not report.is_draft:
        raise Refusal(_("A final report is not changed any more."))


def _refuse_wrong_day(programme: Programme, as_of: dt.date) -> None:
    if as_of > timezone.localdate():
        raise Refusal(_("The day of the figures cannot lie in the future."), field="as_of")
    if programme.starts_on and as_of < programme.starts_on:
        raise Refusal(_("The programme had not begun on that day."), field="as_of")
