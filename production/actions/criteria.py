"""Writes about what a product is examined for."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from ikm_program import records
from ikm_program.actions import Refusal, action
from production.models import Criterion, Product
from trainings.actions.rules import require_within_reach

FIXED = ("name", "requirement", "valid_from")  # what a finding was found of


@action("production.add_criterion")
def create_criterion(product: Product, *, by: Any, name: str, requirement: str, **values: Any) -> Criterion:
    require_within_reach(product.region, by=by, field=None)
    return records.create(Criterion, by=by, product=product, name=name, requirement=requirement, **values)


@action("production.change_criterion")
def update_criterion(criterion: Criterion, *, by: Any, version: int | None, **values: Any) -> Criterion:
    """Once an inspection has used it, its words stay: it can only come to an end, and another one follow."""
    changed = [name for name in FIXED if name in values and values[name] != getattr(criterion, name)]
    if changed and criterion.findings.exists():
        raise Refusal(_("An inspection has used this criterion. Give it an end and add another one."), field=changed[0])
    return records.update(criterion, by=by, version=version, **values)
