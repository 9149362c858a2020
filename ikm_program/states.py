"""Statuses move along their model's `NEXT` table, and only here."""

from __future__ import annotations

from typing import Any, TypeVar

from django.db import models
from django.db.models import F
from django.utils.translation import gettext as _

from ikm_program import audit
from ikm_program.actions import Refusal, StaleVersion

M = TypeVar("M", bound=models.Model)


def can_advance(obj: Any, to: Any) -> bool:
    """Whether the model's table knows a way from here to there."""
    return to in obj.NEXT.get(obj.status, ())


def advance(obj: M, to: Any, *, by: Any, reason: str = "", **changes: Any) -> M:
    """Move `obj` to the status `to`, together with `changes`, if nobody moved it meanwhile; leave one audit event.

    Raises Refusal when the table has no such step, StaleVersion when another transaction was first.
    """
    status, version = obj.status, obj.version  # type: ignore[attr-defined]
    if not can_advance(obj, to):
        raise Refusal(
            _("“%(thing)s” is %(status)s and cannot become %(next)s.")
            % {"thing": obj, "status": type(obj).Status(status).label, "next": type(obj).Status(to).label}  # type: ignore[attr-defined]
        )
    rows = type(obj)._base_manager.filter(pk=obj.pk, status=status, version=version)
    if not rows.update(status=to, version=F("version") + 1, **changes):
        raise StaleVersion
    before = {"status": str(status), **{name: getattr(obj, name) for name in changes}}
    for name, value in changes.items():
        setattr(obj, name, value)
    obj.status = to  # type: ignore[attr-defined]
    obj.version = version + 1  # type: ignore[attr-defined]
    audit.record(f"status:{to}", obj, by=by, before=before, after={"status": str(to), **changes}, reason=reason)
    return obj
