"""Sharing a whole target among districts (or a district's share among its makers) so that nothing is lost to rounding.

Largest remainder: everybody gets the whole part of the exact quota, and what is left goes one by one to the largest fractions. With equal
weights all fractions tie, so the rule that breaks ties is declared, printed beside the result, and never left to the order of a list.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from django.core.exceptions import ValidationError
from django.db.models import TextChoices
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from ikm_program.formatting import jumlah

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


class Basis(TextChoices):
    EQUAL = "equal", _("Equal shares")
    POPULATION = "population", _("By population")
    TYPED = "typed", _("By the weights entered")


class Ties(TextChoices):
    CODE = "code", _("Lower code first")
    POPULATION = "population", _("Larger population first")


@dataclass(frozen=True)
class Weight:
    """Who takes part, and what a basis may count. `code` is the Kemendagri code, or any unique code inside a district."""

    code: str
    population: int | None = None
    typed: int | Decimal | None = None


@dataclass(frozen=True)
class Share:
    code: str
    quantity: int


def allocate(total: int, weights: Sequence[Weight], *, basis: Basis = Basis.EQUAL, ties: Ties = Ties.CODE) -> list[Share]:
    """The shares in the order of `weights`; they add up to `total`, each within one of its exact quota."""
    if total < 0:
        raise ValidationError(_("A target cannot be negative."), code="negative_total")
    if not weights:
        raise ValidationError(_("Choose at least one district to share the target among."), code="nobody")
    if len({weight.code for weight in weights}) < len(weights):
        raise ValidationError(_("A district stands in the list twice."), code="twice")
    if ties == Ties.POPULATION:
        _require_populations(weights)
    counted = _counted(weights, basis)
    whole = sum(counted.values())
    if whole == 0:
        raise ValidationError(_("At least one weight must be more than zero."), code="no_weight")

    quotas = {code: total * value / whole for code, value in counted.items()}
    shares = {code: int(quota) for code, quota in quotas.items()}
    left = total - sum(shares.values())
    order = sorted(weights, key=lambda weight: (shares[weight.code] - quotas[weight.code], *_TIE_KEYS[ties](weight)))
    for weight in order[:left]:
        shares[weight.code] += 1
    return [Share(weight.code, shares[weight.code]) for weight in weights]


def can_use_population(weights: Iterable[Weight]) -> bool:
    """Population is offered only where every district has one."""
    return all(weight.population is not None for weight in weights)


def sum_refusal(total: int, quantities: Iterable[int]) -> _StrPromise | None:
    """The sentence that refuses shares which do not add up to the locked total; nothing when they do."""
    allocated = sum(quantities)
    if allocated == total:
        return None
    return format_lazy(
        _("The allocation ({allocated}) does not equal the target ({target}). Difference {difference}."),
        allocated=jumlah(allocated),
        target=jumlah(total),
        difference=jumlah(abs(allocated - total)),
    )


def _counted(weights: Sequence[Weight], basis: Basis) -> dict[str, Fraction]:
    if basis == Basis.EQUAL:
        return {weight.code: Fraction(1) for weight in weights}
    if basis == Basis.POPULATION:
        _require_populations(weights)
        return {weight.code: Fraction(weight.population or 0) for weight in weights}
    if any(weight.typed is None or weight.typed < 0 for weight in weights):
        raise ValidationError(_("Enter a weight of zero or more for every district."), code="typed_weight")
    return {weight.code: Fraction(weight.typed or 0) for weight in weights}


def _require_populations(weights: Iterable[Weight]) -> None:
    if not can_use_population(weights):
        raise ValidationError(_("Population can be used only when it is known for every district."), code="population_unknown")


_TIE_KEYS: Final[dict[Ties, Callable[[Weight], tuple[int, str]]]] = {
    Ties.CODE: lambda weight: (0, weight.code),
    Ties.POPULATION: lambda weight: (-(weight.population or 0), weight.code),
}
