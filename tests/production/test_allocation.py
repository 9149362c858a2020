"""A target is shared to the last piece, the same way whoever is listed first."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from production.allocation import Basis, Share, Ties, Weight, allocate, can_use_population, sum_refusal

POPULATION = {
    "63.01": 369_818,
    "63.02": 332_787,
    "63.03": 590_393,
    "63.04": 329_799,
    "63.05": 202_061,
    "63.06": 239_471,
    "63.07": 271_505,
    "63.08": 238_250,
    "63.09": 267_787,
    "63.10": 357_221,
    "63.11": 138_950,
    "63.71": 681_693,
    "63.72": 285_546,
}
DISTRICTS = [Weight(code, population) for code, population in POPULATION.items()]


def quantities(shares: list[Share]) -> list[int]:
    return [share.quantity for share in shares]


def more_than(shares: list[Share], quantity: int) -> list[str]:
    return [share.code for share in shares if share.quantity > quantity]


def code_of(call, *args, **kwargs) -> str:
    with pytest.raises(ValidationError) as refused:
        call(*args, **kwargs)
    return refused.value.code


def test_950_suits_are_73_each_and_tala_one_more() -> None:
    shares = allocate(950, DISTRICTS)
    assert quantities(shares) == [74] + [73] * 12
    assert shares[0] == Share("63.01", 74)


def test_6034_masks_are_464_each_and_two_districts_one_more() -> None:
    assert quantities(allocate(6_034, DISTRICTS)) == [465] * 2 + [464] * 11


def test_a_tie_may_go_to_the_larger_population() -> None:
    assert more_than(allocate(950, DISTRICTS, ties=Ties.POPULATION), 73) == ["63.71"]
    assert more_than(allocate(6_034, DISTRICTS, ties=Ties.POPULATION), 464) == ["63.03", "63.71"]


@pytest.mark.parametrize(
    ("total", "expected"),
    [
        (950, [82, 73, 130, 73, 45, 53, 60, 52, 59, 79, 31, 150, 63]),
        (6_034, [518, 466, 828, 462, 283, 336, 381, 334, 375, 501, 195, 955, 400]),
    ],
)
def test_a_target_can_follow_the_population(total: int, expected: list[int]) -> None:
    assert quantities(allocate(total, DISTRICTS, basis=Basis.POPULATION)) == expected


@pytest.mark.parametrize(
    ("total", "makers", "expected"),
    [
        (74, 7, [11] * 4 + [10] * 3),
        (73, 7, [11] * 3 + [10] * 4),
        (464, 5, [93] * 4 + [92]),
        (465, 5, [93] * 5),
        (60, 7, [9] * 4 + [8] * 3),
        (3, 5, [1, 1, 1, 0, 0]),
        (0, 3, [0, 0, 0]),
    ],
)
def test_a_districts_share_is_shared_among_its_makers(total: int, makers: int, expected: list[int]) -> None:
    assert quantities(allocate(total, [Weight(f"{number:02d}") for number in range(makers)])) == expected


def test_typed_weights_may_be_decimals_and_a_weight_of_zero_gets_nothing() -> None:
    weights = [Weight("a", typed=Decimal("1.5")), Weight("b", typed=1), Weight("c", typed=0)]
    assert quantities(allocate(100, weights, basis=Basis.TYPED)) == [60, 40, 0]


def test_herbal_divides_exactly() -> None:
    assert quantities(allocate(3_600, DISTRICTS[:5])) == [720] * 5


def test_population_is_offered_only_where_everybody_has_one() -> None:
    unknown = [*DISTRICTS, Weight("53.01")]
    assert (can_use_population(DISTRICTS), can_use_population(unknown)) == (True, False)
    assert code_of(allocate, 10, unknown, basis=Basis.POPULATION) == "population_unknown"
    assert code_of(allocate, 10, unknown, ties=Ties.POPULATION) == "population_unknown"
    assert sum(quantities(allocate(10, unknown))) == 10


@pytest.mark.parametrize(
    ("total", "weights", "basis", "code"),
    [
        (-1, DISTRICTS, Basis.EQUAL, "negative_total"),
        (10, [], Basis.EQUAL, "nobody"),
        (10, [Weight("63.01"), Weight("63.01")], Basis.EQUAL, "twice"),
        (10, [Weight("63.01")], Basis.TYPED, "typed_weight"),
        (10, [Weight("63.01", typed=-1)], Basis.TYPED, "typed_weight"),
        (10, [Weight("63.01", typed=0)], Basis.TYPED, "no_weight"),
    ],
)
def test_what_cannot_be_shared_is_refused(total: int, weights: list[Weight], basis: Basis, code: str) -> None:
    assert code_of(allocate, total, weights, basis=basis) == code


def test_a_sum_that_differs_is_refused_with_the_difference() -> None:
    with translation.override("en"):
        assert str(sum_refusal(6_034, [6_000, 40])) == "The allocation (6.040) does not equal the target (6.034). Difference 6."
        assert str(sum_refusal(950, [73] * 13)) == "The allocation (949) does not equal the target (950). Difference 1."


def test_a_sum_that_fits_is_not_refused() -> None:
    assert sum_refusal(950, [74] + [73] * 12) is None
    assert sum_refusal(950, quantities(allocate(950, DISTRICTS))) is None


weight_lists = st.lists(
    st.builds(
        Weight,
        code=st.text("0123456789.", min_size=1, max_size=5),
        population=st.integers(1, 5_000_000),
        typed=st.integers(1, 1_000) | st.decimals("0.01", 1_000, places=2),
    ),
    min_size=1,
    max_size=40,
    unique_by=lambda weight: weight.code,
)


@given(st.integers(0, 10**9), weight_lists, st.sampled_from(Basis), st.sampled_from(Ties), st.randoms())
def test_every_sharing_is_exact_fair_and_the_same_in_any_order(total, weights, basis, ties, random) -> None:
    shares = {share.code: share.quantity for share in allocate(total, weights, basis=basis, ties=ties)}
    size = {
        weight.code: Fraction({Basis.EQUAL: 1, Basis.POPULATION: weight.population, Basis.TYPED: weight.typed}[basis]) for weight in weights
    }
    assert sum(shares.values()) == total
    assert all(abs(shares[code] - total * size[code] / sum(size.values())) < 1 for code in shares)
    shuffled = random.sample(weights, len(weights))
    assert {share.code: share.quantity for share in allocate(total, shuffled, basis=basis, ties=ties)} == shares


def test_a_basis_and_a_tie_rule_may_come_from_a_form() -> None:
    by_form = allocate(950, DISTRICTS, basis="population", ties="population")  # type: ignore[arg-type]
    assert by_form == allocate(950, DISTRICTS, basis=Basis.POPULATION, ties=Ties.POPULATION)
    assert more_than(allocate(950, DISTRICTS, basis="equal", ties="population"), 73) == ["63.71"]  # type: ignore[arg-type]
