"""What a business makes since when, and how it came through the pandemic: facts with a day and a source."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ikm_program import records
from ikm_program.actions import Refusal, action
from trainings.actions.rules import require_within_reach
from trainings.models import Enterprise, ProductLine, WorkforceReport


@action("trainings.change_enterprise")
def add_product_line(enterprise: Enterprise, *, by: Any, name: str, beginning: str, **values: Any) -> ProductLine:
    require_within_reach(enterprise.region, by=by, field=None)
    _require_past(values.get("since"), "since")
    return records.create(ProductLine, by=by, enterprise=enterprise, name=name, beginning=beginning, **values)


@action("trainings.change_enterprise")
def update_product_line(line: ProductLine, *, by: Any, version: int | None = None, **values: Any) -> ProductLine:
    """What is made no longer gets an end; it stays on record."""
    require_within_reach(line.enterprise.region, by=by, field=None)
    _require_past(values.get("since", line.since), "since")
    return records.update(line, by=by, version=version, **values)


@action("trainings.change_enterprise")
def add_workforce_report(enterprise: Enterprise, *, by: Any, as_of: dt.date, source: str, **values: Any) -> WorkforceReport:
    """A later report does not replace an earlier one: both say what was known on their day."""
    require_within_reach(enterprise.region, by=by, field=None)
    _require_past(as_of, "as_of")
    return records.create(WorkforceReport, by=by, enterprise=enterprise, as_of=as_of, source=source, **values)


@action("trainings.change_enterprise")
def update_workforce_report(report: WorkforceReport, *, by: Any, version: int | None = None, **values: Any) -> WorkforceReport:
    """What was written down wrongly."""
    require_within_reach(report.enterprise.region, by=by, field=None)
    _require_past(values.get("as_of", report.as_of), "as_of")
    return records.update(report, by=by, version=version, **values)


def _require_past(day: dt.date | None, field: str) -> None:
    if day is not None and day > timezone.localdate():
        raise Refusal(_("This day lies in the future."), field)
