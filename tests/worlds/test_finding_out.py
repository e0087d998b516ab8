"""What it is worth to know a number, against closed forms."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.worlds.columns import Column
from detente.worlds.finding_out import finding_out
from tests.depth import examples

Floats = npt.NDArray[np.float64]
NAMED = [Column("x0"), Column("x1"), Column("x2"), Column("kind", levels=("a", "b"))]


def drawn(seed: int, n: int) -> Floats:
    """Three numbers uniform in (-1, 1) and a type."""
    rng = np.random.default_rng(seed)
    return np.column_stack([2 * rng.random((n, 3)) - 1, rng.integers(0, 2, n)])


def worth(mean: float, reach: float) -> float:
    """``E[max(0, X)] - max(0, mean)`` of X uniform in ``mean`` ± ``reach``, which goes across 0."""
    return (mean + reach) ** 2 / (4 * reach) - max(0.0, mean)


@pytest.mark.parametrize("mean", [0.3, 0.0, -0.3])
def test_one_road_map_and_independent_numbers(mean: float) -> None:
    x = drawn(6, 20_000)
    found = finding_out(x, (x[:, 0] + 0.5 * x[:, 1] + mean)[:, np.newaxis], NAMED, "A", ["map"])
    known = {k.path: k.worth for k in found.items}
    for path, true in (("x0", worth(mean, 1)), ("x1", worth(mean, 0.5)), ("x2", 0.0), ("kind", 0.0)):
        assert known[path].value == pytest.approx(true, abs=0.008)
        assert known[path].low - 0.001 <= true <= known[path].high + 0.001
    assert found.items[0].path == "x0"
    assert found.gains == pytest.approx((mean,), abs=0.02)
    if mean:
        assert found.chosen == ("map" if mean > 0 else None)
        assert found.items[0].otherwise == pytest.approx((1 - abs(mean)) / 2, abs=0.05)


def test_all_is_worth_what_it_says_and_one_number_that_is_all_is_worth_as_much() -> None:
    x = drawn(2, 20_000)
    found = finding_out(x, x[:, :1] + 0.2, NAMED, "A", ["map"])
    assert found.everything.value == pytest.approx(worth(0.2, 1), abs=0.01)
    assert found.items[0].worth.value == pytest.approx(found.everything.value, abs=0.005)


def test_a_type_tells_which_of_two_road_maps_is_better() -> None:
    x = drawn(3, 4000)
    gains = np.column_stack([np.where(x[:, 3] == 0, 1.0, -1.0), np.where(x[:, 3] == 0, -0.5, 0.8)]) + 0.1 * x[:, :2]
    found = finding_out(x, gains, NAMED, "A", ["first", "second"])
    mean = gains.mean(axis=0)
    assert found.chosen == "second"
    assert found.items[0].path == "kind"
    assert found.items[0].worth.value == pytest.approx(0.9 - mean[1], abs=0.03)
    assert found.items[0].otherwise == pytest.approx((x[:, 3] == 0).mean())


def test_of_equal_ones_nothing_is_signed() -> None:
    x = drawn(4, 50)
    found = finding_out(x, np.zeros((50, 2)), NAMED, "A", ["first", "second"])
    assert found.chosen is None
    assert found.everything.value == found.everything.high == 0
    assert all(k.worth.value == 0 and k.otherwise == 0 for k in found.items)


@settings(max_examples=examples(25), deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(10, 300), st.integers(1, 3), st.floats(-1, 1))
def test_one_number_is_worth_between_nothing_and_all_and_rows_may_come_in_any_order(
    seed: int, n: int, many: int, mean: float
) -> None:
    x = drawn(seed, n)
    rng = np.random.default_rng(seed)
    gains = rng.normal(mean, 1, (n, many)) + x[:, :1] * rng.normal(0, 1, many)
    names = [f"map {d}" for d in range(many)]
    found = finding_out(x, gains, NAMED, "A", names)
    for k in found.items:
        assert 0 <= k.worth.low <= k.worth.value <= k.worth.high <= found.everything.value
        assert 0 <= k.otherwise <= 1
    rows = rng.permutation(n)
    other = finding_out(x[rows], gains[rows], NAMED, "A", names)
    assert [k.path for k in other.items] == [k.path for k in found.items]
    assert [k.worth.value for k in other.items] == pytest.approx([k.worth.value for k in found.items], abs=1e-9)


def test_gains_of_the_wrong_shape_are_refused() -> None:
    with pytest.raises(ValueError, match="each world"):
        finding_out(drawn(1, 20), np.zeros((19, 1)), NAMED, "A", ["map"])
