"""What the database's constraints forbid, asked of every row again: one may have slipped past a constraint that was dropped meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import Count, ExpressionWrapper, Q

APPS = ("ikm_program", "trainings", "production", "distribution")


def constraints() -> Iterator[str]:
    for label in APPS:
        for model in apps.get_app_config(label).get_models():
            for constraint in model._meta.constraints:
                if isinstance(constraint, models.CheckConstraint):
                    yield from _checked(model, constraint)
                elif isinstance(constraint, models.UniqueConstraint) and constraint.fields:
                    yield from _counted(model, constraint)


def _checked(model: type[models.Model], constraint: models.CheckConstraint) -> Iterator[str]:
    """As the database reads a check: what is neither true nor false passes."""
    condition: Any = constraint.condition
    verdict = ExpressionWrapper(condition, output_field=models.BooleanField())
    for pk in model._base_manager.annotate(_passes=verdict).filter(_passes=False).order_by("pk").values_list("pk", flat=True):
        yield f"{model._meta.model_name} {pk}: breaks {constraint.name}"


def _counted(model: type[models.Model], constraint: models.UniqueConstraint) -> Iterator[str]:
    known = Q(*(Q(**{f"{name}__isnull": False}) for name in constraint.fields))  # nulls are never the same
    rows: Any = model._base_manager.filter(known, constraint.condition or Q()).order_by()
    for row in rows.values(*constraint.fields).annotate(_times=Count("pk")).filter(_times__gt=1):
        yield f"{model._meta.model_name}: {row['_times']} rows share what {constraint.name} allows once"
