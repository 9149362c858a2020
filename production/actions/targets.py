"""Writes about targets: the programme's total for a product, and its division over the districts that make it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from ikm_program import audit, records
from ikm_program.actions import Refusal, action
from production import allocation
from production.models import DistrictTarget, Product, ProductTarget
from trainings.models import Programme, Region

Weights = ProductTarget.Weights
Ties = ProductTarget.Ties
Standing = ProductTarget.Standing

BASES = {
    Weights.EQUAL: allocation.Basis.EQUAL,
    Weights.POPULATION: allocation.Basis.POPULATION,
    Weights.TYPED: allocation.Basis.TYPED,
}
TIES = {Ties.CODE: allocation.Ties.CODE, Ties.POPULATION: allocation.Ties.POPULATION}


@action("production.add_producttarget")
def create_target(
    model: type[ProductTarget],
    *,
    by: Any,
    programme: Programme,
    product: Product,
    total: int | None = None,
    is_approximate: bool = False,
    standing: str = Standing.PROPOSED,
    basis: str = "",
) -> ProductTarget:
    """Record the programme's total for a product; None means that nobody has set one."""
    _require_open(programme)
    if not product.region.covers(programme.region):
        raise Refusal(_("This product belongs to another region."), field="product")
    return records.create(
        model,
        by=by,
        programme=programme,
        product=product,
        total=total,
        is_approximate=is_approximate,
        standing=standing,
        basis=basis,
    )


@action("production.change_producttarget")
def update_target(
    target: ProductTarget, *, by: Any, version: int | None, total: int | None, is_approximate: bool, standing: str, basis: str
) -> ProductTarget:
    """Change the total. A division by rule follows it; one that was typed no longer adds up and becomes "not set" again."""
    _require_open(target.programme)
    old_total = target.total
    target = records.update(target, by=by, version=version, total=total, is_approximate=is_approximate, standing=standing, basis=basis)
    if total != old_total and target.districts.exists():
        districts = list(target.participating_districts())
        has_rule = total is not None and target.weights != Weights.TYPED and districts
        shares = divide(total or 0, districts, target.weights, target.ties) if has_rule else {}
        _write_shares(target, {district.pk: shares.get(district.pk) for district in districts}, by=by)
    return target


@action("production.allocate_producttarget")
def allocate(
    target: ProductTarget,
    *,
    by: Any,
    version: int | None,
    weights: str = Weights.EQUAL,
    ties: str = Ties.CODE,
    quantities: Mapping[int, int | None] | None = None,
) -> ProductTarget:
    """Divide the total over the districts that make the product.

    `quantities` (region id -> quantity) counts only with typed weights: then every district has one and they add up to the total.
    """
    _require_open(target.programme)
    if target.total is None:
        raise Refusal(_("The total has not been set yet, so there is nothing to divide."))
    districts = list(target.participating_districts())
    if weights == Weights.TYPED:
        shares = _typed(target.total, districts, quantities or {})
    else:
        shares = divide(target.total, districts, weights, ties)
    rule = {"weights": str(weights), "ties": str(ties)}
    old_rule = {"weights": target.weights, "ties": target.ties}
    records.claim(target, version=version, **rule)
    target.weights, target.ties = rule["weights"], rule["ties"]
    _write_shares(target, shares, by=by, old_rule=old_rule)
    return target


def divide(
    total: int, districts: Sequence[Region], weights: str, ties: str, typed: Mapping[int, int | None] | None = None
) -> dict[int, int]:
    """The shares by rule, region id -> quantity. With typed weights the total is divided in proportion to `typed`."""
    counted = [allocation.Weight(region.kemendagri_code, region.population, (typed or {}).get(region.pk)) for region in districts]
    try:
        shares = allocation.allocate(total, counted, basis=BASES[Weights(weights)], ties=TIES[Ties(ties)])
    except ValidationError as error:
        field = "ties" if ties == Ties.POPULATION and weights != Weights.POPULATION else "weights"
        raise Refusal(error.messages[0], field=field) from error
    return {region.pk: share.quantity for region, share in zip(districts, shares, strict=True)}


def _typed(total: int, districts: Sequence[Region], quantities: Mapping[int, int | None]) -> dict[int, int]:
    if not districts:
        raise Refusal(_("No district takes part in an activity that makes this product."))
    if set(quantities) - {region.pk for region in districts}:
        raise Refusal(_("A district that does not make this product cannot have a target for it."))
    shares: dict[int, int] = {}
    for region in districts:
        quantity = quantities.get(region.pk)
        if quantity is None:
            raise Refusal(_("Fill in a quantity for every district: an empty one is unknown, not zero."))
        if quantity < 0:
            raise Refusal(_("A target cannot be negative."))
        shares[region.pk] = quantity
    if sentence := allocation.sum_refusal(total, shares.values()):
        raise Refusal(sentence)
    return shares


def _write_shares(target: ProductTarget, shares: Mapping[int, int | None], *, by: Any, old_rule: Mapping[str, str] | None = None) -> None:
    """Make the district rows exactly these; a district that no longer takes part keeps no row."""
    old = {row.region_id: row for row in target.districts.select_related("region")}
    rule = {"weights": target.weights, "ties": target.ties}
    before = {row.region.kemendagri_code: row.quantity for row in old.values()} | dict(old_rule or rule)
    target.districts.exclude(region__in=list(shares)).delete()
    changed = [row for pk, row in old.items() if pk in shares and row.quantity != shares[pk]]
    for row in changed:
        row.quantity = shares[row.region_id]
        row.version += 1
    DistrictTarget.objects.bulk_update(changed, ["quantity", "version"])
    DistrictTarget.objects.bulk_create(
        [DistrictTarget(target=target, region_id=pk, quantity=quantity, created_by=by) for pk, quantity in shares.items() if pk not in old]
    )
    after = dict(target.districts.values_list("region__kemendagri_code", "quantity")) | rule
    if after != before:
        audit.record("allocated", target, by=by, before=before, after=after)


def _require_open(programme: Programme) -> None:
    if not programme.is_open:
        raise Refusal(_("The programme is closed."))
