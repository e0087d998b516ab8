"""What proofs leave open, against trying every place of a grid."""

from __future__ import annotations

import math
import random

import pytest

from detente.bargain.proofs import corners, excluded, most, within
from detente.results.frontier import Proved
from tests.depth import examples

GRID = [n / 2 for n in range(-2, 22)]


def _drawn(rng: random.Random) -> list[Proved]:
    """Both ends bounded, and some floors between."""
    found = [Proved("A", float(rng.randint(4, 9)), {}), Proved("B", float(rng.randint(4, 9)), {})]
    for _ in range(rng.randint(0, 6)):
        a, b = rng.choice((("A", "B"), ("B", "A")))
        bound = -math.inf if rng.random() < 0.1 else float(rng.randint(0, 8))
        found.append(Proved(a, bound, {b: float(rng.randint(0, 8))}))
    return found


@pytest.mark.parametrize("seed", range(examples(60)))
def test_everything_that_is_left_open_lies_below_a_corner(seed: int) -> None:
    proved = _drawn(random.Random(seed))
    outer = corners(proved, "A", "B")
    left_open = [(x, y) for x in GRID for y in GRID if not excluded(proved, {"A": x, "B": y})]
    for x, y in left_open:
        assert any(x <= a and y <= b for a, b in outer), (x, y)
    for a, b in outer:
        near = {"A": a - 0.25, "B": b - 0.25}
        assert not excluded(proved, near), "a corner that is excluded itself would bound nothing"
    assert [a for a, _ in outer] == sorted((a for a, _ in outer), reverse=True)


@pytest.mark.parametrize("seed", range(examples(60)))
def test_the_most_is_where_exclusion_begins(seed: int) -> None:
    rng = random.Random(seed)
    proved, level = _drawn(rng), float(rng.randint(0, 8))
    bound = most(proved, "A", {"A": 0.0, "B": level})
    left_open = [x for x in GRID if not excluded(proved, {"A": x, "B": level})]
    assert max(left_open, default=-math.inf) <= bound
    assert all(excluded(proved, {"A": x, "B": level}) for x in GRID if x > bound)


@pytest.mark.parametrize("seed", range(examples(60)))
def test_points_come_within_what_is_told_of_all_that_is_left_open(seed: int) -> None:
    rng = random.Random(seed)
    proved, scale = _drawn(rng), (2.0, 5.0)
    points = [(float(rng.randint(0, 8)), float(rng.randint(0, 8))) for _ in range(rng.randint(1, 3))]
    outer = corners(proved, "A", "B")
    told = within(outer, points, scale)
    assert told is not None

    def short(place: tuple[float, float], point: tuple[float, float]) -> float:
        return max((a - b) / k for a, b, k in zip(place, point, scale, strict=True))

    left_open = [(x, y) for x in GRID for y in GRID if not excluded(proved, {"A": x, "B": y})]
    for place in left_open:
        assert min(short(place, p) for p in points) <= told + 1e-12
    assert told == 0.0 or any(min(short(o, p) for p in points) == pytest.approx(told) for o in outer)


def test_nothing_is_told_where_nothing_is_bounded() -> None:
    assert within((), [(1.0, 1.0)], (1.0, 1.0)) is None
    assert within(((1.0, 1.0),), [], (1.0, 1.0)) is None


def test_without_proof_nothing_is_bounded() -> None:
    assert most([], "A", {"A": 0.0, "B": 0.0}) == math.inf
    assert corners([Proved("A", 3.0, {})], "A", "B") == ()
    assert corners([Proved("A", -math.inf, {}), Proved("B", 2.0, {})], "A", "B") == ()


def test_three_parties() -> None:
    """Nothing gives C more than 1 once A has 2; so whoever is to give C 2 gives A less than 2."""
    proved = [Proved("C", 1.0, {"A": 2.0})]
    assert most(proved, "C", {"A": 2.0, "B": 0.0, "C": 0.0}) == 1.0
    assert most(proved, "C", {"A": 1.0, "B": 0.0, "C": 0.0}) == math.inf
    assert most(proved, "A", {"A": 0.0, "B": 0.0, "C": 2.0}) == 2.0
    assert most(proved, "A", {"A": 0.0, "B": 0.0, "C": 1.0}) == math.inf
