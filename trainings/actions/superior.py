"""Superior products: the district proposes, the province selects, and they are never one person."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ikm_program import records
from ikm_program.actions import Refusal, action
from ikm_program.states import advance
from trainings.actions.rules import require_within_reach
from trainings.models import Enterprise, SuperiorProduct

Status = SuperiorProduct.Status


@action("trainings.add_superiorproduct")
def propose_product(model: type[SuperiorProduct], *, by: Any, enterprise: Enterprise, name: str, **values: Any) -> SuperiorProduct:
    require_within_reach(enterprise.region, by=by, field="enterprise")
    return records.create(model, by=by, enterprise=enterprise, name=name, **values)


@action("trainings.change_superiorproduct")
def update_proposal(product: SuperiorProduct, *, by: Any, version: int | None = None, **values: Any) -> SuperiorProduct:
    """While nobody has decided. Whoever changes it does not decide on it either."""
    require_within_reach(product.enterprise.region, by=by, field=None)
    _require_undecided(product)
    return records.update(product, by=by, version=version, edited_by=by, **values)


@action("trainings.select_superiorproduct")
def select_product(product: SuperiorProduct, *, by: Any, version: int, export_basis: str) -> SuperiorProduct:
    """The governor's policy takes products of export quality: on what grounds it is one is part of the decision."""
    _require_other_person(product, by=by)
    if not export_basis.strip():
        raise Refusal(_("Only products of export quality are selected: say on what grounds it is one."), "export_basis")
    records.lock(product, version=version)
    decided = {"decided_by": by, "decided_at": timezone.now()}
    quality: dict[str, Any] = {"is_export_quality": True, "export_basis": export_basis.strip()}
    return advance(product, Status.SELECTED, by=by, **decided, **quality)


@action("trainings.select_superiorproduct")
def refuse_product(product: SuperiorProduct, *, by: Any, version: int, reason: str) -> SuperiorProduct:
    _require_other_person(product, by=by)
    if not reason.strip():
        raise Refusal(_("Say why it is not selected."), "reason")
    records.lock(product, version=version)
    decided = {"decided_by": by, "decided_at": timezone.now(), "refused_reason": reason.strip()}
    return advance(product, Status.NOT_SELECTED, by=by, reason=reason.strip(), **decided)


@action("trainings.change_superiorproduct")
def propose_again(product: SuperiorProduct, *, by: Any, version: int, reason: str = "") -> SuperiorProduct:
    """What was missing has been made good; the history keeps the first decision."""
    require_within_reach(product.enterprise.region, by=by, field=None)
    records.lock(product, version=version)
    again = {"decided_by": None, "decided_at": None, "refused_reason": "", "edited_by": by}
    return advance(product, Status.PROPOSED, by=by, reason=reason, **again)


def _require_undecided(product: SuperiorProduct) -> None:
    if not product.is_proposed:
        raise Refusal(_("The province has decided on this product."))


def _require_other_person(product: SuperiorProduct, *, by: Any) -> None:
    require_within_reach(product.enterprise.region, by=by, field=None)
    _require_undecided(product)
    if by.region.is_district:
        raise Refusal(_("The province selects, not the district."))
    if by.pk in (product.created_by_id, product.edited_by_id):
        raise Refusal(_("Whoever proposed a product, or changed the proposal, does not decide on it."))
