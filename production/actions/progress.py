"""Writes about how far a district is with a product."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext_lazy as _

from ikm_program.actions import Refusal, StaleVersion, action
from ikm_program.states import advance
from production.models import DistrictProgress, Product
from trainings.models import ActivityDistrict, Programme, Region


@action("production.change_districtprogress")
def record_progress(
    model: type[DistrictProgress],
    *,
    by: Any,
    programme: Programme,
    product: Product,
    region: Region,
    status: str,
    version: int | None = None,
) -> DistrictProgress:
    """Say how far a district is. The first word makes the row; `version` is what the person saw, None when there was no row."""
    if not Region.objects.owned_by(by).filter(pk=region.pk).exists():
        raise PermissionDenied
    if not programme.is_open:
        raise Refusal(_("The programme is closed."))
    if not ActivityDistrict.objects.filter(activity__programme=programme, activity__products__product=product, region=region).exists():
        raise Refusal(_("This district takes part in no activity that makes the product."))
    progress, is_new = model.objects.get_or_create(programme=programme, product=product, region=region, defaults={"created_by": by})
    if not is_new and version is not None and progress.version != version:
        raise StaleVersion
    if progress.status == status:
        return progress
    return advance(progress, DistrictProgress.Status(status), by=by)
