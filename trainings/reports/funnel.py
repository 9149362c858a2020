"""How far the mentoring is: kind by kind and district by district, or one kind step by step, as of a day."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from typing import Any

from django.db.models import Q
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from ikm_program.reporting import Column, Report, Row
from trainings.mentoring import DECLARED, MentoringKind
from trainings.models import Pipeline, PipelineStep, Region

COUNTED = ("started", "running", "overdue", "passed", "stopped")
DISTRICT = Column(key="district", label=_("Kabupaten/kota"), width=4)
KIND = Column(key="kind", label=_("Kind"), width=4)
STARTED = Column(key="started", label=_("Begun"), kind="integer", width=2)
ENDS = (
    Column(key="passed", label=_("Passed"), kind="integer", width=2),
    Column(key="share", label=_("Passed, share"), kind="percent", share_of=("passed", "started"), width=2),
    Column(key="running", label=_("In progress"), kind="integer", width=2),
    Column(key="overdue", label=_("of these overdue"), kind="integer", width=2),
    Column(key="stopped", label=_("Stopped"), kind="integer", width=2),
)
Key = tuple[str, int]  # kind, district


def funnel(user: Any, *, as_of: dt.date, kind: str = "", year: int | None = None) -> Report:
    """Of one kind all districts with its steps; of all kinds the districts in which there is something to tell."""
    counts = _counts(user, as_of, kind, year)
    districts = {district.pk: district for district in Region.objects.districts().owned_by(user).order_by("kemendagri_code")}
    if kind:
        steps = _steps(user, as_of, kind, year)
        rows: list[Row] = [{**_row(district, kind, counts[kind, pk]), **steps[pk]} for pk, district in districts.items()]
        columns = (
            DISTRICT,
            STARTED,
            *(Column(key=f"step_{one.code}", label=one.label, kind="integer", width=2) for one in DECLARED[kind].steps),
            *(column for column in ENDS if column.key != "share"),
        )
        subtitle: Any = MentoringKind(kind).label
    else:
        rows = [
            _row(districts[pk], code, counts[code, pk]) for code in MentoringKind.values for pk in districts if counts[code, pk]["started"]
        ]
        columns, subtitle = (DISTRICT, KIND, STARTED, *ENDS), _("All kinds")
    return Report(
        title=_("Mentoring, from beginning to certificate"),
        subtitle=subtitle if year is None else format_lazy(_("{kind}, begun in {year}"), kind=subtitle, year=year),
        columns=columns,
        rows=rows,
        totals=[_total(rows, columns)] if len(rows) > 1 else [],
        as_of=as_of,
        notes=[
            _("Overdue: still in progress on that day although the expected length is over. Whose length nobody knows is never overdue."),
            *(
                [_("A step counts the businesses on record as having passed it; where steps were not recorded none is counted.")]
                if kind
                else []
            ),
        ],
    )


def _begun(user: Any, as_of: dt.date, kind: str, year: int | None) -> Any:
    rows = Pipeline.objects.for_user(user).begun_by(as_of)
    rows = rows.filter(kind=kind) if kind else rows
    return rows.filter(started_on__year=year) if year else rows


def _counts(user: Any, as_of: dt.date, kind: str, year: int | None) -> dict[Key, Counter[str]]:
    """As it stood on the day: what ended later was still in progress."""
    found: dict[Key, Counter[str]] = defaultdict(Counter)
    rows = _begun(user, as_of, kind, year).order_by()
    for code, district, status, ended_on, due_on in rows.values_list("kind", "enterprise__region", "status", "ended_on", "due_on"):
        count = found[code, district]
        count["started"] += 1
        if ended_on is not None and ended_on <= as_of:
            count["passed" if status == Pipeline.Status.PASSED else "stopped"] += 1
            continue
        count["running"] += 1
        if due_on is not None and due_on < as_of:
            count["overdue"] += 1
    return found


def _steps(user: Any, as_of: dt.date, kind: str, year: int | None) -> dict[int, dict[str, int]]:
    """How many businesses of a district have passed each step by the day."""
    zero = {f"step_{step.code}": 0 for step in DECLARED[kind].steps}
    found: dict[int, dict[str, int]] = defaultdict(lambda: dict(zero))
    passed = PipelineStep.objects.filter(
        Q(result=PipelineStep.Result.PASSED, done_on__lte=as_of), pipeline__in=_begun(user, as_of, kind, year)
    )
    for district, step in passed.order_by().values_list("pipeline__enterprise__region", "step"):
        if f"step_{step}" in zero:
            found[district][f"step_{step}"] += 1
    return found


def _row(district: Region, kind: str, counted: Counter[str]) -> Row:
    facts = {"region": district.pk, "code": district.kemendagri_code, "district": district.name}
    return facts | {"kind_code": kind, "kind": str(MentoringKind(kind).label)} | {key: counted[key] for key in COUNTED}


def _total(rows: list[Row], columns: tuple[Column, ...]) -> Row:
    keys = [column.key for column in columns if column.kind == "integer"]
    return {"district": str(_("Total"))} | {key: sum(row[key] for row in rows) for key in keys}
