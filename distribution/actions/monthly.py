"""Monthly reports: prepared by themselves or by a person, signed by an official, prepared again with a reason."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from distribution.freezing import frozen, hash_of
from distribution.models import MonthlyReport
from distribution.reports.monthly import end_of, month_before, monthly_content
from ikm_program import audit, records
from ikm_program.actions import Refusal, action
from ikm_program.states import advance
from ikm_program.transactions import write_transaction
from trainings.actions.rules import refuse_wrong_signatory
from trainings.models import Official, Programme, Region

Status = MonthlyReport.Status


@action("distribution.add_monthlyreport")
def prepare_report(model: type[MonthlyReport], *, by: Any, programme: Programme, region: Region, month: dt.date) -> MonthlyReport:
    """The first edition of a month, by hand: for a month before the system prepared them, or a programme recorded late."""
    if MonthlyReport.objects.live().filter(programme=programme, region=region, month=month.replace(day=1)).exists():
        raise Refusal(_("The report of this month is there already. It can be prepared again, with a reason."), field="month")
    return _insert(programme, region, month.replace(day=1), by=by)


@action("distribution.add_monthlyreport")
def prepare_again(report: MonthlyReport, *, by: Any, version: int, reason: str) -> MonthlyReport:
    """A new edition with what is known today. The earlier one stays, marked as replaced."""
    if not reason.strip():
        raise Refusal(_("Say why the report is prepared again."), field="reason")
    records.lock(report, version=version)
    advance(report, Status.REPLACED, by=by, reason=reason)
    return _insert(report.programme, report.region, report.month, by=by, edition=report.edition + 1, reason=reason)


@action("distribution.sign_monthlyreport")
def sign_report(report: MonthlyReport, *, by: Any, version: int, signatory: Official) -> MonthlyReport:
    """An official signs what was prepared; what was signed is kept with the name and position of that day."""
    records.lock(report, version=version)
    if by.pk == report.created_by_id:
        raise Refusal(_("Nobody signs a report that they prepared themselves."))
    if by.region_id != report.region_id:
        raise Refusal(_("A report is signed by an official of its own region."))
    today = timezone.localdate()
    if signatory.office.region_id != report.region_id:
        raise Refusal(_("The signing official belongs to the office of the report's region."), field="signatory")
    refuse_wrong_signatory(signatory, signatory.office, today, "signatory")
    if hash_of(report.figures) != report.sha256:
        raise Refusal(_("The figures of this report are not those that were prepared. It cannot be signed."))
    number = f"{signatory.get_identity_kind_display()} {signatory.shown_number}" if signatory.identity_number else ""
    signature = {
        "name": signatory.name, "position": signatory.position, "number": number, "city": signatory.office.city, "on": today.isoformat(),
    }  # fmt: skip
    return advance(report, Status.SIGNED, by=by, signatory=signatory, signature=signature, signed_at=timezone.now(), signed_by=by)


def prepare_due(today: dt.date) -> int:
    """The reports of the month that was over last, for every region of a running programme that has none; how many were prepared."""
    month = month_before(today)
    due = [(programme, region) for programme in _running(month) for region in _regions_of(programme)]
    known = set(MonthlyReport.objects.filter(month=month).values_list("programme", "region"))
    missing = [(programme, region) for programme, region in due if (programme.pk, region.pk) not in known]
    for programme, region in missing:
        write_transaction(lambda programme=programme, region=region: _by_itself(programme, region, month))  # type: ignore[misc]
    return len(missing)


def _by_itself(programme: Programme, region: Region, month: dt.date) -> None:
    with audit.collecting():
        _insert(programme, region, month, by=None)


def _running(month: dt.date) -> list[Programme]:
    """Open programmes that had begun by the end of the month and had not ended before it; exercises make no reports."""
    begun = Q(starts_on__isnull=True, year__lte=month.year) | Q(starts_on__lte=end_of(month))
    lasting = Q(ends_on__isnull=True, year__gte=month.year) | Q(ends_on__gte=month)
    return list(Programme.objects.open().filter(begun, lasting, is_example=False).select_related("region").order_by("pk"))


def _regions_of(programme: Programme) -> list[Region]:
    """Whose programme it is, and every district that takes part."""
    districts: Any = Region.objects.districts().filter(pk__in=programme.activities.values("districts__region"))
    return [programme.region, *districts.exclude(pk=programme.region_id).order_by("kemendagri_code")]


def _insert(programme: Programme, region: Region, month: dt.date, *, by: Any, edition: int = 1, reason: str = "") -> MonthlyReport:
    """The figures have their hash in the audit trail; they would fill it themselves."""
    if end_of(month) >= timezone.localdate():
        raise Refusal(_("The month is not over yet."), field="month")
    figures = frozen(monthly_content(region, programme, month))
    report = MonthlyReport(
        programme=programme,
        region=region,
        month=month,
        edition=edition,
        reason=reason,
        figures=figures,
        sha256=hash_of(figures),
        created_by=by,
    )
    records.validate(report)
    with records.refusing_in_words(MonthlyReport):
        report.save(force_insert=True)
    said = {name: getattr(report, name) for name in ("programme", "region", "month", "edition", "reason", "sha256")}
    audit.record("created", report, by=by, after=said, reason=reason)
    return report
