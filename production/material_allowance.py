"""Whether a report says more than the material that was given allows: for the flags of the verification queue.

All reports of a page are looked at together, with the same number of queries for one and for many.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q, Sum
from django.utils import timezone

from production.material_account import OWNER_COLUMNS, Key, norm_on, norms_of, owner_named, verified_output, who_got_it
from production.models import Material, MaterialAccount, MaterialMovement, MaterialNorm, OutputEntry, OutputLine

Norms = dict[tuple[int, int], list[MaterialNorm]]


@dataclass(frozen=True)
class Excess:
    """What the makers got of a material, and what they would have needed with this report."""

    material: Material
    got: int
    needed: int


def excesses_of(entries: Sequence[OutputEntry]) -> dict[int, Excess]:
    """The worst excess of each report that has one, by its primary key. Without a norm or without material given there is none."""
    norms = norms_for({entry.product_id for entry in entries})
    programmes = {entry.batch.activity.programme_id for entry in entries}
    got = _got(programmes, {material for material, _product in norms}) if norms else {}
    if not got:
        return {}
    needed = _needed(got, norms, programmes)
    lines: dict[int, list[OutputLine]] = defaultdict(list)
    for line in OutputLine.objects.filter(entry__in=[entry.pk for entry in entries]).select_related("participant"):
        lines[line.entry_id].append(line)
    found = {}
    for entry in entries:
        excesses = _excesses(entry, lines[entry.pk], norms, got, needed)
        if excesses:
            found[entry.pk] = max(excesses, key=lambda excess: excess.needed - excess.got)
    return found


def norms_for(products: set[int]) -> Norms:
    """(material, product) -> norms, of every material that goes into one of the products."""
    found: Norms = defaultdict(list)
    for norm in MaterialNorm.objects.filter(product__in=products, quantity__isnull=False).select_related("material"):
        found[norm.material_id, norm.product_id].append(norm)
    return found


def _got(programmes: set[int], materials: set[int]) -> dict[Key, int]:
    """What makers got and have not given back, lost, or thrown away as scrap."""
    left = Q(account__in=(MaterialAccount.ON_HAND, MaterialAccount.USED))
    rows = MaterialMovement.objects.filter(programme__in=programmes, material__in=materials, holder__store=None)
    found: dict[Key, int] = defaultdict(int)
    sums = rows.order_by().values_list("programme", "material", *OWNER_COLUMNS).annotate(got=Sum("quantity", filter=left, default=0))
    for programme, material, batch, enterprise, participant, business, got in sums:
        found[programme, material, owner_named(batch, enterprise, participant, business)] += got
    return found


def _needed(got: dict[Key, int], norms: Norms, programmes: set[int]) -> dict[Key, int]:
    """What is verified already takes by its norm. The material may go into other products, too."""
    all_norms = norms_of({material for material, _product in norms})
    needed: dict[Key, int] = defaultdict(int)
    for row in verified_output(programmes, {product for _material, product in all_norms}, timezone.localdate()):
        for (material, product), known in all_norms.items():
            key = who_got_it(set(got), row, material) if product == row["product"] else None
            norm = norm_on(known, row["programme"], row["made_on"]) if key else None
            if key and norm and norm.quantity:
                needed[key] += row["quantity"] * norm.quantity
    return needed


def _excesses(entry: OutputEntry, lines: Sequence[OutputLine], norms: Norms, got: dict[Key, int], needed: dict[Key, int]) -> list[Excess]:
    programme = entry.batch.activity.programme_id
    more: dict[Key, int] = defaultdict(int)
    materials: dict[int, Material] = {}
    for line in lines:
        row = {
            "programme": programme,
            "batch": entry.batch_id,
            "participant": line.participant_id,
            "enterprise": line.participant.enterprise_id if line.participant else None,
        }
        for (material, product), known in norms.items():
            norm = norm_on(known, programme, entry.made_on) if product == entry.product_id else None
            key = who_got_it(set(got), row, material) if norm else None
            if key and norm and norm.quantity:
                more[key] += line.good * norm.quantity
                materials[material] = norm.material
    return [
        Excess(materials[key[1]], got[key], needed[key] + quantity)
        for key, quantity in more.items()
        if quantity > 0 and needed[key] + quantity > got[key]
    ]
