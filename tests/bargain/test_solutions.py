"""Bargaining solutions against definitions written out, and against published examples."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence

import pytest

from detente.bargain import solutions
from tests.depth import examples

Outcomes = list[tuple[float, ...]]


def test_reservation_values_may_lie_below_everything_on_offer() -> None:
    """War costs the first 5: products 1.8, 3.19 and 5.3, so the Nash point is the last, not the middle."""
    outcomes, war = [(1, 0.3), (0.8, 0.55), (0.3, 1)], (-5, 0)
    chosen = solutions.nash(outcomes, war)
    assert chosen is not None
    assert (chosen.index, chosen.value) == (2, pytest.approx(5.3))
    without = solutions.nash(outcomes, (0, 0))
    assert without is not None
    assert (without.index, without.value) == (1, pytest.approx(0.44))
    assert solutions.gains(outcomes, war).prod(axis=1).tolist() == pytest.approx([1.8, 3.19, 5.3])


def test_nobody_is_given_less_than_nothing_by_nash() -> None:
    assert solutions.nash([(-1, -1), (3, 0), (0, 0)], (0, 0)) is None
    assert solutions.nash([], (0, 0)) is None
    chosen = solutions.nash([(-2, -2), (1, 1)], (0, 0))
    assert chosen is not None
    assert chosen.index == 1


def test_nothing_is_chosen_from_nothing() -> None:
    assert solutions.kalai_smorodinsky([], (0, 0)) is None
    assert solutions.egalitarian([], (0, 0), (1, 1)) is None
    assert solutions.utilitarian([], (0, 0), (1, 1)) is None


def test_kalai_smorodinsky_counts_in_shares_of_what_each_could_get() -> None:
    """The corner of Kalai and Smorodinsky's figure: whoever could get more gets more, at the same share."""
    chosen = solutions.kalai_smorodinsky([(10, 0), (5, 1), (6, 0.6), (0, 1)], (0, 0))
    assert chosen is not None
    assert (chosen.index, chosen.value) == (2, pytest.approx(0.6))


def test_who_can_gain_nothing_does_not_decide_shares() -> None:
    chosen = solutions.kalai_smorodinsky([(1, -2), (3, -1)], (0, 0))
    assert chosen is not None
    assert (chosen.index, chosen.value) == (1, 1.0)


def test_equal_least_gains_are_told_apart_by_the_next() -> None:
    chosen = solutions.egalitarian([(2, 2, 5), (2, 3, 2), (9, 2, 3)], (0, 0, 0), (1, 1, 1))
    assert chosen is not None
    assert (chosen.index, chosen.value) == (2, 2.0)


def _drawn(rng: random.Random) -> tuple[Outcomes, tuple[float, ...], tuple[float, ...]]:
    m = rng.choice((2, 2, 3))
    outcomes = [tuple(float(rng.randint(-4, 9)) for _ in range(m)) for _ in range(rng.randint(1, 12))]
    return (
        outcomes,
        tuple(float(rng.randint(-8, 2)) for _ in range(m)),
        tuple(rng.choice((1.0, 2.0, 5.0)) for _ in range(m)),
    )


@pytest.mark.parametrize("seed", range(examples(200)))
def test_each_solution_maximises_what_it_says(seed: int) -> None:
    rng = random.Random(seed)
    outcomes, reservation, scale = _drawn(rng)
    g = [[u - r for u, r in zip(one, reservation, strict=True)] for one in outcomes]
    positive = [math.prod(x) if min(x) > 0 else -1.0 for x in g]
    chosen = solutions.nash(outcomes, reservation)
    if max(positive) <= 0:
        assert chosen is None
    else:
        assert chosen is not None
        assert chosen.index == positive.index(max(positive))
    in_units = [[x / k for x, k in zip(one, scale, strict=True)] for one in g]
    found = solutions.utilitarian(outcomes, reservation, scale)
    assert found is not None
    assert found.value == pytest.approx(max(map(sum, in_units)))
    equal = solutions.egalitarian(outcomes, reservation, scale)
    assert equal is not None
    assert sorted(in_units[equal.index]) == pytest.approx(max(sorted(x) for x in in_units))
    most = [max(x[i] for x in g) for i in range(len(scale))]
    shares = [sorted(x / top for x, top in zip(one, most, strict=True) if top > 0) for one in g]
    fair = solutions.kalai_smorodinsky(outcomes, reservation)
    assert fair is not None
    assert shares[fair.index] == pytest.approx(max(shares))


@pytest.mark.parametrize("seed", range(examples(30)))
def test_units_do_not_matter_where_they_should_not(seed: int) -> None:
    """Nash and Kalai-Smorodinsky choose the same outcome in any units and from any zero (their axiom of invariance)."""
    rng = random.Random(seed)
    outcomes, reservation, _ = _drawn(rng)
    factor = [rng.choice((0.25, 2.0, 8.0)) for _ in reservation]
    shift = [rng.randint(-9, 9) for _ in reservation]

    def moved(one: Sequence[float]) -> tuple[float, ...]:
        return tuple(f * x + s for f, x, s in zip(factor, one, shift, strict=True))

    for solve in (solutions.nash, solutions.kalai_smorodinsky):
        here, there = solve(outcomes, reservation), solve([moved(o) for o in outcomes], moved(reservation))
        assert (here and here.index) == (there and there.index), solve.__name__
