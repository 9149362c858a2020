"""Going with a business to a certificate or permit: begun, step by step, passed or stopped."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.core.files.base import File
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ikm_program import audit, records
from ikm_program.actions import Refusal, action
from ikm_program.states import advance
from trainings.actions.licences import change_licence, put_licence
from trainings.actions.rules import require_within_reach
from trainings.actions.uploads import accepted
from trainings.mentoring import months_later
from trainings.models import Enterprise, MentoringStandard, Pipeline, PipelineStep, Region, SuperiorProduct, User
from trainings.standards import standard_of

Status, Result = Pipeline.Status, PipelineStep.Result


@action("trainings.add_pipeline")
def start_pipeline(
    model: type[Pipeline],
    *,
    by: Any,
    enterprise: Enterprise,
    kind: str,
    started_on: dt.date,
    officer: User | None = None,
    superior: SuperiorProduct | None = None,
    expected_months: int | None = None,
    **values: Any,
) -> Pipeline:
    """Without `expected_months` it takes as long as its kind takes in the province; where nobody knows, it has no expected end.

    A full year is no reason to refuse: `standards.load_of` says so to whoever asks.
    """
    require_within_reach(enterprise.region, by=by, field="enterprise")
    _require_day(started_on, "started_on")
    _require_officer(officer, enterprise)
    _require_selected(superior, enterprise)
    months = expected_months if expected_months is not None else standard_of(enterprise.region, kind).expected_months
    return records.create(
        model,
        by=by,
        enterprise=enterprise,
        kind=kind,
        started_on=started_on,
        officer=officer,
        superior=superior,
        expected_months=months,
        due_on=months_later(started_on, months) if months is not None else None,
        **values,
    )


@action("trainings.change_pipeline")
def update_pipeline(pipeline: Pipeline, *, by: Any, version: int | None = None, **values: Any) -> Pipeline:
    """Who goes with it, what comes next, when it began, how long it is expected to take."""
    require_within_reach(pipeline.enterprise.region, by=by, field=None)
    _require_running(pipeline)
    _require_officer(values.get("officer"), pipeline.enterprise)
    _require_selected(values.get("superior"), pipeline.enterprise)
    started_on, months = values.get("started_on", pipeline.started_on), values.get("expected_months", pipeline.expected_months)
    _require_day(started_on, "started_on")
    first = pipeline.steps.order_by("done_on").first()
    if first is not None and started_on > first.done_on:
        raise Refusal(_("The first step was done before that day."), "started_on")
    values["due_on"] = months_later(started_on, months) if months is not None else None
    return records.update(pipeline, by=by, version=version, **values)


@action("trainings.change_pipeline")
def record_step(
    pipeline: Pipeline,
    *,
    by: Any,
    version: int,
    step: str,
    result: str,
    done_on: dt.date,
    officer: User | None = None,
    note: str = "",
    document: File[bytes] | None = None,
    next_action: str = "",
    next_on: dt.date | None = None,
) -> PipelineStep:
    """What was done, how it came out, and what comes next. A step that stops it stops the whole, with the note as reason."""
    require_within_reach(pipeline.enterprise.region, by=by, field=None)
    _require_running(pipeline)
    if pipeline.declared.step(step) is None:
        raise Refusal(_("This kind of mentoring knows no such step."), "step")
    _require_day(done_on, "done_on", since=pipeline.started_on)
    _require_officer(officer, pipeline.enterprise)
    if result == Result.STOPPED and not note.strip():
        raise Refusal(_("Say why it stops."), "note")
    kept = _kept(document)
    made = records.create(
        PipelineStep, by=by, pipeline=pipeline, step=step, result=result, done_on=done_on, officer=officer or by, note=note.strip(), **kept
    )
    if result == Result.STOPPED:
        records.lock(pipeline, version=version)
        _end(pipeline, Status.STOPPED, by=by, on=done_on, stopped_reason=note.strip()[:250])
        return made
    if (pipeline.next_action, pipeline.next_on) == (next_action, next_on):
        records.claim(pipeline, version=version)
    else:
        records.update(pipeline, by=by, version=version, next_action=next_action, next_on=next_on)
    return made


@action("trainings.change_pipeline")
def update_step(step: PipelineStep, *, by: Any, version: int, document: File[bytes] | None = None, **values: Any) -> PipelineStep:
    """What was written down wrongly. A stop is an act of its own; a document that is there is never replaced."""
    pipeline = step.pipeline
    require_within_reach(pipeline.enterprise.region, by=by, field=None)
    _require_running(pipeline)
    if Result.STOPPED in (step.result, values.get("result", step.result)):
        raise Refusal(_("A mentoring is stopped and taken up again by an act of its own."), "result")
    _require_day(values.get("done_on", step.done_on), "done_on", since=pipeline.started_on)
    _require_officer(values.get("officer"), pipeline.enterprise)
    if document is not None:
        if step.document:
            raise Refusal(_("The document is there already and is not replaced."), "document")
        records.lock(step, version=version)
        kept = _kept(document)
        step.document, step.document_sha256 = kept["document"], kept["document_sha256"]
        step.save(update_fields=["document", "document_sha256"])
        audit.record("evidence_added", step, by=by, after={"document_sha256": step.document_sha256})
    return records.update(step, by=by, version=version, **values)


@action("trainings.change_pipeline")
def pass_pipeline(
    pipeline: Pipeline,
    *,
    by: Any,
    version: int,
    passed_on: dt.date,
    licence_kind: str = "",
    number: str = "",
    issuer: str = "",
    issued_on: dt.date | None = None,
    valid_until: dt.date | None = None,
) -> Pipeline:
    """It ends in a licence of the business: one that is on record already under this number is filled in, else it is made."""
    require_within_reach(pipeline.enterprise.region, by=by, field=None)
    _require_running(pipeline)
    kinds = pipeline.declared.licence_kinds
    kind = licence_kind or kinds[0]
    if kind not in kinds:
        raise Refusal(_("This kind of mentoring does not lead to that licence."), "licence_kind")
    _require_day(passed_on, "passed_on", since=pipeline.started_on)
    last = pipeline.steps.order_by("-done_on").first()
    if last is not None and passed_on < last.done_on:
        raise Refusal(_("The last step was done after that day."), "passed_on")
    records.lock(pipeline, version=version)
    facts = {"issuer": issuer, "issued_on": issued_on, "valid_until": valid_until}
    licence = put_licence(pipeline.enterprise, by=by, kind=kind, number=number.strip(), **facts)
    return _end(pipeline, Status.PASSED, by=by, on=passed_on, licence=licence)


@action("trainings.change_pipeline")
def correct_certificate(pipeline: Pipeline, *, by: Any, version: int, **values: Any) -> Pipeline:
    """Number, issuer and dates of the licence it ended in."""
    require_within_reach(pipeline.enterprise.region, by=by, field=None)
    if pipeline.licence is None:
        raise Refusal(_("There is no certificate yet."))
    records.claim(pipeline, version=version)
    change_licence(pipeline.licence, by=by, **values)
    return pipeline


@action("trainings.change_pipeline")
def stop_pipeline(pipeline: Pipeline, *, by: Any, version: int, stopped_on: dt.date, reason: str) -> Pipeline:
    require_within_reach(pipeline.enterprise.region, by=by, field=None)
    _require_running(pipeline)
    if not reason.strip():
        raise Refusal(_("Say why it stops."), "reason")
    _require_day(stopped_on, "stopped_on", since=pipeline.started_on)
    records.lock(pipeline, version=version)
    return _end(pipeline, Status.STOPPED, by=by, on=stopped_on, stopped_reason=reason.strip())


@action("trainings.change_pipeline")
def resume_pipeline(pipeline: Pipeline, *, by: Any, version: int, reason: str = "") -> Pipeline:
    """It goes on where it was; the expected end stays where it was, too."""
    require_within_reach(pipeline.enterprise.region, by=by, field=None)
    records.lock(pipeline, version=version)
    with records.refusing_in_words(Pipeline):
        return advance(pipeline, Status.RUNNING, by=by, reason=reason, ended_on=None, stopped_reason="")


@action("trainings.add_mentoringstandard")
def create_standard(model: type[MentoringStandard], *, by: Any, region: Region, kind: str, **values: Any) -> MentoringStandard:
    require_within_reach(region, by=by)
    if not region.is_province:
        raise Refusal(_("Length and capacity belong to a province."), "region")
    return records.create(model, by=by, region=region, kind=kind, **values)


@action("trainings.change_mentoringstandard")
def update_standard(standard: MentoringStandard, *, by: Any, version: int | None = None, **values: Any) -> MentoringStandard:
    """For what begins from now on: a mentoring keeps the length it was begun with."""
    require_within_reach(standard.region, by=by)
    return records.update(standard, by=by, version=version, **values)


def _end(pipeline: Pipeline, to: Pipeline.Status, *, by: Any, on: dt.date, **changes: Any) -> Pipeline:
    reason = changes.get("stopped_reason", "")
    return advance(pipeline, to, by=by, reason=reason, ended_on=on, next_action="", next_on=None, **changes)


def _require_running(pipeline: Pipeline) -> None:
    if not pipeline.is_running:
        raise Refusal(_("This mentoring is over."))


def _require_day(day: dt.date, field: str, *, since: dt.date | None = None) -> None:
    if day > timezone.localdate():
        raise Refusal(_("This day lies in the future."), field)
    if since is not None and day < since:
        raise Refusal(_("The mentoring began after that day."), field)


def _require_officer(officer: User | None, enterprise: Enterprise) -> None:
    """Somebody who can see the business."""
    if officer is not None and (officer.region is None or not officer.region.covers(enterprise.region)):
        raise Refusal(_("This officer works in another region."), "officer")


def _require_selected(superior: SuperiorProduct | None, enterprise: Enterprise) -> None:
    if superior is None:
        return
    if superior.enterprise_id != enterprise.pk:
        raise Refusal(_("The superior product is of another business."), "superior")
    if not superior.is_selected:
        raise Refusal(_("The province has not selected this product."), "superior")


def _kept(document: File[bytes] | None) -> Mapping[str, Any]:
    if document is None:
        return {}
    content, sha256 = accepted(document, field="document")
    return {"document": content, "document_sha256": sha256}
