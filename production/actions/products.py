"""Writes about products: what is made, how it is counted, and which activity makes it."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from ikm_program import audit, records
from ikm_program.actions import Refusal, action
from production.models import ActivityProduct, OutputEntry, Product, ProductTarget
from trainings.models import Activity, Region


@action("production.add_product")
def create_product(
    model: type[Product], *, by: Any, region: Region, code: str, name: str, short_name: str, unit: str, **values: Any
) -> Product:
    """Declare a product of a region; `values` are the further fields of the model."""
    return records.create(model, by=by, region=region, code=code, name=name, short_name=short_name, unit=unit, **values)


@action("production.change_product")
def update_product(product: Product, *, by: Any, version: int | None, **values: Any) -> Product:
    """Change a product. Its unit stands on papers and in the ledger, so it stays once something was counted in it."""
    if values.get("unit", product.unit) != product.unit and _is_counted(product):
        raise Refusal(_("The unit can no longer change: output or targets are already counted in it."), field="unit")
    return records.update(product, by=by, version=version, **values)


@action("trainings.change_activity")
def link_product(activity: Activity, *, by: Any, product: Product) -> ActivityProduct:
    """Say that an activity makes a product; saying it twice changes nothing."""
    if not product.region.covers(activity.programme.region):
        raise Refusal(_("This product belongs to another region."), field="product")
    if not activity.programme.is_open:
        raise Refusal(_("The programme is closed."))
    link, is_new = ActivityProduct.objects.get_or_create(activity=activity, product=product)
    if is_new:
        audit.record("product_linked", activity, by=by, after={"product": str(product)})
    return link


@action("trainings.change_activity")
def unlink_product(activity: Activity, *, by: Any, product: Product) -> Activity:
    """Take a product off an activity, as long as nobody has reported making it there."""
    if OutputEntry.objects.filter(batch__activity=activity, product=product).exists():
        raise Refusal(_("Output of this product is already recorded for the activity, so it stays linked."), field="product")
    deleted, _rows = ActivityProduct.objects.filter(activity=activity, product=product).delete()
    if deleted:
        audit.record("product_unlinked", activity, by=by, before={"product": str(product)})
    return activity


def _is_counted(product: Product) -> bool:
    return (
        OutputEntry.objects.filter(product=product).exists() or ProductTarget.objects.filter(product=product, total__isnull=False).exists()
    )
