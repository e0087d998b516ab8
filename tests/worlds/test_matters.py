"""Indices against closed forms; what does not matter is not said to."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.results.drivers import Driver
from detente.worlds.columns import Column, cells, edges
from detente.worlds.matters import Design, design, drivers, influences, strongest
from tests.depth import examples

Floats = npt.NDArray[np.float64]
Function = Callable[[Any], Any]


def columns(many: int, *levels: tuple[str, ...]) -> list[Column]:
    return [*(Column(f"x{c}") for c in range(many)), *(Column(f"kind{k}", levels=own) for k, own in enumerate(levels))]


def ishigami(u: Floats) -> Floats:
    x = np.pi * (2 * u - 1)
    return np.sin(x[..., 0]) + 7 * np.sin(x[..., 1]) ** 2 + 0.1 * x[..., 2] ** 4 * np.sin(x[..., 0])


def linear(u: Floats) -> Floats:
    return 3 * u[..., 0] + 2 * u[..., 1] + u[..., 2]


def product(u: Floats) -> Floats:
    return u[..., 0] * u[..., 1] * (1 + u[..., 2])


def half_space(u: Floats) -> Floats:
    return np.asarray(u[..., 0] + u[..., 1] > 1, dtype=np.float64)


def _of_ishigami() -> tuple[list[float], list[float]]:
    b4, b8 = 0.1 * np.pi**4, 0.01 * np.pi**8
    own, other, both = 0.5 * (1 + b4 / 5) ** 2, 49 / 8, b8 * (1 / 18 - 1 / 50)
    whole = own + other + both
    return [own / whole, other / whole, 0.0, 0.0], [(own + both) / whole, other / whole, both / whole, 0.0]


def _of_product() -> tuple[list[float], list[float]]:
    """Means 1/2, 1/2, 3/2; mean squares 1/3, 1/3, 7/3."""
    mean, square = np.array([0.5, 0.5, 1.5]), np.array([1 / 3, 1 / 3, 7 / 3])
    variance = square - mean**2
    whole = square.prod() - (mean**2).prod()
    first = [float(variance[j] * np.delete(mean**2, j).prod() / whole) for j in range(3)]
    total = [float(variance[j] * np.delete(square, j).prod() / whole) for j in range(3)]
    return [*first, 0.0], [*total, 0.0]


CLOSED: list[tuple[Function, tuple[list[float], list[float]]]] = [
    (ishigami, _of_ishigami()),
    (linear, ([9 / 14, 4 / 14, 1 / 14, 0.0],) * 2),
    (product, _of_product()),
    (half_space, ([1 / 3, 1 / 3, 0.0, 0.0], [2 / 3, 2 / 3, 0.0, 0.0])),
]


def evaluated(asked: Design, function: Function) -> Floats:
    return np.array([function(asked.rows(r)) for r in range(asked.replicates)])


@pytest.mark.parametrize(("function", "known"), CLOSED)
def test_a_design_gives_the_known_indices(function: Function, known: tuple[list[float], list[float]]) -> None:
    asked = design(columns(4), n=1024, seed=3)
    found = {i.paths: i for i in influences(asked, evaluated(asked, function))}
    for c in range(4):
        one = found[(f"x{c}",)]
        for estimate, true in ((one.first, known[0][c]), (one.total, known[1][c])):
            assert estimate.value == pytest.approx(true, abs=0.02)
            assert estimate.low - 0.005 <= true <= estimate.high + 0.005
            assert estimate.high - estimate.low < 0.08


@pytest.mark.parametrize(("function", "known"), CLOSED)
def test_a_sample_gives_the_known_first_order_indices(
    function: Function, known: tuple[list[float], list[float]]
) -> None:
    u = np.random.default_rng(5).random((8192, 4))
    found = {d.path: d for d in drivers(u, function(u), columns(4))}
    for c in range(4):
        first = found[f"x{c}"].first
        assert first is not None
        assert first.value == pytest.approx(known[0][c], abs=0.03)
        assert found[f"x{c}"].clear == (known[0][c] > 0)


def test_the_interval_of_a_sample_holds_the_true_index_about_as_often_as_it_says() -> None:
    rng = np.random.default_rng(8)
    held = np.zeros(3)
    many = examples(60)
    for _ in range(many):
        u = rng.random((1000, 3))
        for d in drivers(u, linear(u), columns(3)):
            true = [9 / 14, 4 / 14, 1 / 14][int(d.path[1])]
            assert d.first is not None
            held[int(d.path[1])] += d.first.low - 0.002 <= true <= d.first.high + 0.002
    assert (held / many > 0.85).all()


def test_numbers_that_do_not_matter_are_hardly_ever_called_clear() -> None:
    rng = np.random.default_rng(9)
    u = rng.random((512, 171))
    found = drivers(u, (rng.random(512) < 0.3).astype(float), columns(171))
    assert len(found) == 171
    assert sum(d.clear for d in found) <= 1


def test_a_type_is_told_by_its_kinds() -> None:
    rng = np.random.default_rng(2)
    kind = rng.choice(3, 3000, p=[0.5, 0.35, 0.15])
    y = (rng.random(3000) < np.array([0.2, 0.6, 0.9])[kind]).astype(float)
    (found,) = drivers(kind[:, np.newaxis].astype(float), y, columns(0, ("sincere", "buys time", "hides")))
    mean = np.array([y[kind == k].mean() for k in range(3)])
    assert found.levels == {"sincere": mean[0], "buys time": mean[1], "hides": mean[2]}
    assert (found.low_half, found.high_half) == (mean[0], mean[2])
    chance = np.array([0.5, 0.35, 0.15])
    share = chance @ np.array([0.2, 0.6, 0.9])
    between = chance @ (np.array([0.2, 0.6, 0.9]) - share) ** 2
    assert found.first is not None
    assert found.first.low <= between / (share * (1 - share)) <= found.first.high


def test_halves_are_those_of_the_median() -> None:
    u = np.random.default_rng(4).random((400, 2))
    y = half_space(u)
    found = {d.path: d for d in drivers(u, y, columns(2))}
    low = u[:, 1] <= np.median(u[:, 1])
    assert (found["x1"].low_half, found["x1"].high_half) == (y[low].mean(), y[~low].mean())


def test_what_is_the_same_everywhere_hangs_on_nothing() -> None:
    u = np.random.default_rng(4).random((200, 3))
    assert drivers(u, np.ones(200), columns(3)) == ()
    asked = design(columns(3), n=8, replicates=2)
    assert influences(asked, np.ones((2, 5, 8))) == ()
    u[:, 1] = 0.5
    assert {d.path for d in drivers(u, linear(u), columns(3))} == {"x0", "x2"}


@settings(max_examples=examples(20), deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(64, 300), st.booleans())
def test_the_order_of_rows_and_columns_does_not_matter(seed: int, n: int, ties: bool) -> None:
    rng = np.random.default_rng(seed)
    u = np.column_stack([rng.random((n, 3)), rng.integers(0, 3, n)])
    u = np.round(u, 1) if ties else u
    y = (rng.random(n) < u[:, 0]).astype(float)
    named = columns(3, ("a", "b", "c"))
    rows, across = rng.permutation(n), rng.permutation(4)
    found = drivers(u, y, named)
    assert drivers(u[rows], y[rows], named) == found
    other = drivers(u[:, across], y, [named[c] for c in across])
    assert {d.path: round(d.first.value, 9) for d in other if d.first} == {
        d.path: round(d.first.value, 9) for d in found if d.first
    }


@settings(max_examples=examples(30), deadline=None)
@given(st.lists(st.integers(-3, 3), min_size=1, max_size=40), st.integers(2, 12))
def test_cells_part_numbers_in_order_and_keep_equal_ones_together(values: list[int], many: int) -> None:
    x = np.array(values, dtype=np.float64)
    cell = cells(x, Column("x"), many)
    assert cell.min() == 0
    assert set(cell.tolist()) == set(range(len(edges(x, many)) + 1))
    for a, b in ((a, b) for a in range(len(x)) for b in range(len(x))):
        assert x[a] != x[b] or cell[a] == cell[b]
        assert not x[a] < x[b] or cell[a] <= cell[b]


def test_linked_columns_are_one_input_and_the_rest_is_one_too() -> None:
    u = np.random.default_rng(6).random((4000, 6))

    def outcome(u: Floats) -> Floats:
        return 4 * u[..., 0] + 2 * u[..., 2] + u[..., 3] * u[..., 4]

    named = columns(6)
    found = drivers(u, outcome(u), named)
    single = strongest(found, named, most=2, linked=[(0, 5)])
    assert single == ((0, 5), (2,))
    asked = design(named, single, n=256, seed=1)
    assert asked.inputs == ((0, 5), (2,), (1, 3, 4))
    assert asked.worlds == 16 * 5 * 256
    first, second, rest = influences(asked, evaluated(asked, outcome))
    assert (first.paths, second.paths, rest.paths) == (("x0", "x5"), ("x2",), ("x1", "x3", "x4"))
    assert [i.rest for i in (first, second, rest)] == [False, False, True]
    whole = 16 / 12 + 4 / 12 + (1 / 9 - 1 / 16)
    assert first.total.value == pytest.approx(16 / 12 / whole, abs=0.02)
    assert rest.total.value == pytest.approx((1 / 9 - 1 / 16) / whole, abs=0.01)


def test_a_correlated_number_counts_what_it_tells_of_the_other() -> None:
    z = np.random.default_rng(7).multivariate_normal([0, 0], [[1, 0.8], [0.8, 1]], 8192)
    found = {d.path: d for d in drivers(z, z[:, 0], columns(2))}
    assert found["x1"].first is not None
    assert found["x1"].first.value == pytest.approx(0.64, abs=0.04)


def test_a_design_draws_afresh_for_each_replicate_and_the_same_for_a_seed() -> None:
    asked = design(columns(3), [[1]], n=64, seed=5)
    a = asked.rows(0)
    assert a.shape == (4, 64, 3)
    assert (a == design(columns(3), [[1]], n=64, seed=5).rows(0)).all()
    assert (a != asked.rows(1)).any()
    assert ((a > 0) & (a < 1)).all()
    assert (a[2][:, 1] == a[1][:, 1]).all()
    assert (a[2][:, [0, 2]] == a[0][:, [0, 2]]).all()
    assert (a[3][:, 1] == a[0][:, 1]).all()


@pytest.mark.parametrize("wrong", [{"n": 100}, {"replicates": 1}, {"single": [[0], [0]]}, {"single": [[]]}])
def test_a_design_that_cannot_be_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="must"):
        design(columns(3), **wrong)


def test_a_driver_without_an_index_is_clear_as_before() -> None:
    assert Driver("x", 0.2, 0.5).clear
    assert not Driver("x", 0.2, 0.3).clear
    assert Driver("x", 0.2, 0.5).to_dict()["first"] is None
