"""What participants of an activity are given: rules with rates and validity. A list keeps the rate that it was computed with."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils.translation import gettext_lazy as _

from ikm_program import records
from ikm_program.actions import Refusal, action
from trainings.actions.rules import require_open, require_within_reach
from trainings.models import Activity, AllowanceScheme
from trainings.models.allowance import MODES


@action("trainings.add_allowancescheme")
def create_scheme(activity: Activity, *, by: Any, kind: str, rate: int, **values: Any) -> AllowanceScheme:
    """A quota that says nothing of modes is for online training."""
    require_within_reach(activity.programme.region, by=by, field=None)
    require_open(activity.programme)
    if kind == AllowanceScheme.Kind.QUOTA and not any(values.get(name) for name in MODES.values()):
        values["for_online"] = True
    _refuse_overlap(activity, kind, values, among=AllowanceScheme.objects.filter(activity=activity, kind=kind))
    return records.create(AllowanceScheme, by=by, activity=activity, kind=kind, rate=rate, **values)


@action("trainings.change_allowancescheme")
def update_scheme(scheme: AllowanceScheme, *, by: Any, version: int | None = None, **values: Any) -> AllowanceScheme:
    """Its kind and activity stay. What was locked before keeps its rate; drafts are computed again."""
    require_within_reach(scheme.activity.programme.region, by=by, field=None)
    require_open(scheme.activity.programme)
    names = ("valid_from", "valid_until", *MODES.values())
    after = {name: values.get(name, getattr(scheme, name)) for name in names}
    others = AllowanceScheme.objects.filter(activity=scheme.activity_id, kind=scheme.kind).exclude(pk=scheme.pk)
    _refuse_overlap(scheme.activity, scheme.kind, after, among=others)
    return records.update(scheme, by=by, version=version, **values)


def _refuse_overlap(activity: Activity, kind: str, values: dict[str, Any], *, among: Any) -> None:
    """One rate for a kind, a mode and a day: otherwise nobody could say what a day is worth."""
    start, end = values.get("valid_from") or dt.date.min, values.get("valid_until") or dt.date.max
    for other in among:
        shares_mode = any(values.get(name) and getattr(other, name) for name in MODES.values())
        is_at_once = start <= (other.valid_until or dt.date.max) and (other.valid_from or dt.date.min) <= end
        if shares_mode and is_at_once:
            raise Refusal(
                _("There is a rule of this kind for the same mode and time already. End it the day before this one begins."), "valid_from"
            )
